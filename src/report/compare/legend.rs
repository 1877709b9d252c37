//! What the words and signs of a matrix mean, and what is left out of it.

use super::{Comparison, LeftOut, NO_REPLY, PARTIAL, Row};
use crate::report::numbers::{milliseconds, plural};
use crate::scenario::Frequency;
use crate::story::limit::why_stopped;
use crate::story::server::Server;
use crate::strategy::Group;
use crate::verdict::Kind;

impl Comparison<'_> {
    /// Who talks, and how the server is set up.
    pub fn setting(&self) -> String {
        let Some(Row { entry, .. }) = self.rows.first() else { return String::new() };
        let program = &entry.verdict.program;
        format!(
            "{} · {} · grain {}{} · the assistant thinks {}",
            plural(&program.cast.users.len().into(), "user", "users"),
            plural(&program.clients().into(), "lane", "lanes"),
            entry.setting.grain.name(),
            Server::of(program).phrase().english(),
            milliseconds(program.cast.infer_ms.into()),
        )
    }

    /// What the strategies of a group have in common, as far as it shows here.
    pub fn group_title(&self, group: Option<Group>) -> String {
        let Some(group) = group else { return "Of your own".into() };
        let rows = self.rows.iter().filter(|row| row.group() == Some(group));
        match rows.into_iter().all(|row| row.is_as(group)) {
            true => group.title().into(),
            false => {
                let name = group.title().split([':', ',']).next().unwrap_or_default();
                format!("{name}, as a rule; not all of it shows here")
            }
        }
    }

    /// Each sign with what it means.
    pub fn legend(&self) -> Vec<(String, String)> {
        let mut legend: Vec<(String, String)> = Vec::new();
        let mut add = |label: &str, text: String| legend.push((label.to_owned(), text));
        let never = self.never_shown();
        if !never.is_empty() {
            add("never", format!("in every row: {}", never.join(", ")));
        }
        let cells = self.how_often();
        let rounded = cells.iter().find(|cell| cell.ends_with('%'));
        if let Some((some, all)) = cells.iter().find_map(|cell| cell.split_once('/')) {
            let rounded = if rounded.is_some() { "; shares (%) are rounded" } else { "" };
            let label = format!("{some}/{all}");
            add(&label, format!("in {some} of all {all} orders of steps{rounded}"));
        } else if let Some(share) = rounded {
            add(share, "of all orders of steps, rounded".into());
        }
        if cells.iter().any(|cell| cell == "seen") {
            add("seen", "in some order; in how many is not known".into());
        }
        if cells.iter().any(|cell| cell == "unknown") {
            add("unknown", "not seen so far, and not everything was looked at".into());
        }
        for kind in [Kind::Sharing, Kind::Race].into_iter().filter(|kind| self.has(*kind)) {
            add(kind.name(), self.kind_words(kind).into());
        }
        add("reply", self.reply_words());
        if self.rows.iter().any(|row| row.timed.never() > 0) {
            add(NO_REPLY, "in this run some requests wait for ever".into());
        }
        for (why, strategies) in reasons(&self.left_out) {
            add("left out", format!("{}: {why}", strategies.join(", ")));
        }
        let partial = self.rows.iter().filter_map(|row| {
            let why = why_stopped(row.entry.verdict.stopped?).english();
            Some(LeftOut { strategy: row.entry.strategy_name.into(), why })
        });
        for (why, strategies) in reasons(&partial.collect::<Vec<_>>()) {
            add(PARTIAL, format!("{}: {why}", strategies.join(", ")));
        }
        legend
    }

    fn how_often(&self) -> Vec<String> {
        let shown = self.shown();
        let cells = self.rows.iter().flat_map(|row| shown.iter().map(|&it| row.how_often(it)));
        cells.collect()
    }

    fn cancels(&self) -> bool {
        self.rows.first().is_some_and(|row| !row.entry.scenario.cast.cancels.is_empty())
    }

    fn kind_words(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Sharing => "also when whole requests run one after the other: no lock repairs it",
            Kind::Race if self.cancels() => "only when requests overlap, or when one is cancelled",
            Kind::Race => "only when requests overlap",
        }
    }

    fn reply_words(&self) -> String {
        let mut words = String::from(
            "from sending to reply, in virtual time: only thinking and waiting take time",
        );
        if self.cancels() {
            words += ", and nobody cancels";
        }
        let cast = self.rows.first().map(|row| &row.entry.scenario.cast);
        if cast.is_some_and(|cast| cast.turns.iter().any(|turn| turn.at_ms > 0)) {
            words += ". Requests are sent at their at_ms there; every order is tried all the same";
        }
        words
    }
}

impl Row<'_> {
    /// Whether it shows what its group promises.
    fn is_as(&self, group: Group) -> bool {
        let shows = |id: &str| {
            let mut judged = self.entry.verdict.anomalies.iter();
            judged
                .any(|judged| judged.anomaly.id == id && judged.frequency != Some(Frequency::Never))
        };
        let any = self.entry.verdict.found().next().is_some();
        let complete = self.entry.verdict.stopped.is_none();
        match group {
            _ if !complete => true,
            Group::Sharing | Group::FalseRepair | Group::RaceOnly => any,
            Group::Isolated => any && !shows("context-leak"),
            Group::Right => !["context-leak", "wrong-recipient", "amnesia", "lost-update"]
                .into_iter()
                .any(shows),
        }
    }
}

/// The strategies of which the same is said, by what that is.
pub fn reasons(left_out: &[LeftOut]) -> Vec<(&str, Vec<&str>)> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for LeftOut { strategy, why } in left_out {
        match reasons.iter_mut().find(|(known, _)| known == why) {
            Some((_, strategies)) => strategies.push(strategy),
            None => reasons.push((why, vec![strategy])),
        }
    }
    reasons
}
