//! What the words and signs of a matrix mean, and what is left out of it.

use super::{Cell, Comparison, LeftOut, Row, kind_phrase, no_reply};
use crate::phrase;
use crate::report::numbers::milliseconds;
use crate::scenario::Frequency;
use crate::strategy::Group;
use crate::verdict::Kind;
use crate::words::Phrase;

/// A sign of the matrix, or a word, and what it means.
pub struct Sign {
    /// The sign.
    pub label: Phrase,
    /// What it means.
    pub text: Phrase,
    /// Whether it says that something is missing.
    pub partial: bool,
}

impl Comparison {
    /// Who talks, and how the server is set up.
    pub fn setting(&self) -> Phrase {
        let users = phrase!("compare-users", n = self.talk.users);
        let lanes = phrase!("compare-lanes", n = self.talk.lanes);
        let thinks = phrase!("thinks", time = milliseconds(self.infer_ms.into()));
        phrase!(
            "compare-setting",
            users = users,
            lanes = lanes,
            grain = self.server.grain,
            server = self.server.phrase(),
            thinks = thinks
        )
    }

    /// What the strategies of a group have in common, as far as it shows here.
    pub fn group_title(&self, group: Option<Group>) -> Phrase {
        let Some(group) = group else { return phrase!("compare-own") };
        let mut rows = self.rows.iter().filter(|row| row.group == Some(group));
        match rows.all(|row| row.is_as(group)) {
            true => group.title(),
            false => group.title_where_not_all_shows(),
        }
    }

    /// Each sign with what it means.
    pub fn legend(&self) -> Vec<Sign> {
        let mut legend: Vec<Sign> = Vec::new();
        let mut add = |label, text| legend.push(Sign { label, text, partial: false });
        let often = |often: &str| phrase!("often", often = often);
        let never = self.never_shown();
        if !never.is_empty() {
            let names = Phrase::list(never);
            add(often(Frequency::Never.name()), phrase!("compare-never", names = names));
        }
        if let Some((label, text)) = self.shares() {
            add(label.into(), text);
        }
        if self.rows.iter().any(|row| row.cells.iter().any(|cell| row.is_only_seen(cell))) {
            add(phrase!("compare-seen"), phrase!("compare-what-seen"));
        }
        if !self.anomalies(|cell| cell.frequency.is_none()).is_empty() {
            add(often(super::frequency_name(None)), phrase!("compare-what-unknown"));
        }
        for kind in Kind::ALL.into_iter().filter(|kind| self.has(*kind)) {
            add(kind_phrase(kind), self.kind_words(kind));
        }
        let [cancels, later] = [self.talk.cancels, self.talk.later].map(|it| it.to_string());
        add(
            phrase!("compare-reply"),
            phrase!("compare-what-reply", cancels = cancels, later = later),
        );
        if self.rows.iter().any(|row| row.price.never_answered > 0) {
            add(no_reply(), phrase!("compare-what-no-reply"));
        }
        for (why, strategies) in reasons(&self.left_out) {
            add(phrase!("left-out"), named(&strategies, why));
        }
        let doubted = self
            .rows
            .iter()
            .flat_map(|row| row.doubts.iter().map(|doubt| (vec![row.strategy.as_str()], doubt)));
        for row in &self.rows {
            let Some(idle) = row.idle else { continue };
            let idle = phrase!("assume-idle-threads-short", idle = idle);
            add(phrase!("label-given"), named(&[row.strategy.as_str()], &idle));
        }
        for (strategies, doubt) in doubted {
            add(phrase!("label-doubt"), named(&strategies, doubt));
        }
        let partial = self.rows.iter().filter_map(|row| {
            Some(LeftOut { strategy: row.strategy.clone(), why: row.stopped.clone()? })
        });
        for (why, strategies) in reasons(&partial.collect::<Vec<_>>()) {
            let (label, text) = (phrase!("compare-partial"), named(&strategies, why));
            legend.push(Sign { label, text, partial: true });
        }
        legend
    }

    /// A cell that tells how many orders show something, as an example, and what it means.
    fn shares(&self) -> Option<(String, Phrase)> {
        let shown = self.shown();
        let cells = self
            .rows
            .iter()
            .flat_map(|row| shown.iter().filter_map(|&anomaly| row.share(&row.cells[anomaly])));
        let cells: Vec<String> = cells.collect();
        let rounded = cells.iter().find(|cell| cell.ends_with('%'));
        let exact = cells.iter().find_map(|cell| cell.split_once('/'));
        if let Some((some, all)) = exact {
            let rounded = rounded.is_some().to_string();
            let text = phrase!("compare-what-share", some = some, all = all, rounded = rounded);
            return Some((format!("{some}/{all}"), text));
        }
        Some((rounded?.clone(), phrase!("compare-what-rounded")))
    }

    fn kind_words(&self, kind: Kind) -> Phrase {
        let open = |cell: &Cell| cell.kind == Some(kind) && cell.needs_overlap != Some(true);
        match kind {
            Kind::Sharing => phrase!("compare-what-sharing"),
            Kind::Chain => phrase!("compare-what-chain"),
            Kind::Race if !self.anomalies(open).is_empty() => phrase!("compare-what-race-whole"),
            Kind::Race if self.talk.cancels => phrase!("compare-what-race-or-cancel"),
            Kind::Race => phrase!("compare-what-race"),
        }
    }
}

impl Row {
    /// Whether it shows what its group promises.
    fn is_as(&self, group: Group) -> bool {
        let shows = |cell: &Cell| cell.frequency != Some(Frequency::Never);
        let any_of =
            |ids: &[&str]| self.cells.iter().any(|cell| ids.contains(&cell.anomaly) && shows(cell));
        let any = self.cells.iter().any(|cell| cell.command.is_some());
        match group {
            _ if !self.complete => true,
            Group::Sharing | Group::FalseRepair | Group::RaceOnly => any,
            Group::Isolated => any && !any_of(&["context-leak"]),
            Group::Right => !any_of(&["context-leak", "wrong-recipient", "amnesia", "lost-update"]),
        }
    }
}

/// The strategies of which the same is said, by what that is.
pub fn reasons(left_out: &[LeftOut]) -> Vec<(&Phrase, Vec<&str>)> {
    let mut reasons: Vec<(&Phrase, Vec<&str>)> = Vec::new();
    for LeftOut { strategy, why } in left_out {
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, strategies)) => strategies.push(strategy),
            None => reasons.push((why, vec![strategy])),
        }
    }
    reasons
}

/// Strategies, and why they are told of.
pub fn named(strategies: &[&str], why: &Phrase) -> Phrase {
    phrase!("named", name = Phrase::list(strategies.iter().copied()), what = why)
}
