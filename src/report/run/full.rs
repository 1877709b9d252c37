//! Everything that is known about a scenario × strategy: the verdict in words, all numbers, the
//! order that shows it line by line, why.

use super::{kind_words, why, with_witness};
use crate::explore::graph::Stopped;
use crate::model::program::Grain;
use crate::report::assumptions::assumptions;
use crate::report::lanes::{Diagram, Lines, draw};
use crate::report::numbers::{count, grouped, plural, probability};
use crate::report::page::{Page, Tone};
use crate::report::{
    Entry, clean, heard, incomplete, numbers, orders, server_words, stopped_words,
};
use crate::verdict::{Judged, Kind, TRACE_STATES_MAX, WitnessRun};
use num_traits::One;

impl Entry<'_> {
    /// Tells everything.
    pub(super) fn full(&self, page: &mut Page) {
        self.verdict_lines(page);
        page.blank();
        self.numbers(page);
        page.blank();
        let mut found = self.verdict.found();
        match found.next().and_then(with_witness) {
            Some((judged, witness)) => self.witness(page, judged, witness),
            None if self.verdict.stopped.is_none() => self.why_clean(page),
            None => {}
        }
        self.also(page, found.filter_map(with_witness));
        heard::lines(page, self);
        orders::examples(page, self);
        self.advice(page);
    }

    fn why_clean(&self, page: &mut Page) {
        let why = clean::why(&self.verdict.program);
        if !why.is_empty() {
            page.labelled(("Why", Tone::Strong), &why);
        }
    }

    fn verdict_lines(&self, page: &mut Page) {
        let mut any = false;
        for (judged, witness) in self.verdict.found().filter_map(with_witness) {
            any = true;
            page.labelled((judged.anomaly.mark, Tone::Bad), &self.said(judged, witness));
        }
        if let Some(stopped) = self.verdict.stopped {
            let label = if any { ("", Tone::Plain) } else { ("UNKNOWN", Tone::Strong) };
            page.labelled(label, &self.incomplete(stopped, any));
        } else if !any {
            page.labelled(("CLEAN", Tone::Good), &self.clean());
        }
    }

    /// What an exploration that was cut short says.
    pub(super) fn incomplete(&self, stopped: Stopped, any: bool) -> String {
        let limit = stopped_words(stopped).english();
        let steps = numbers::plural(&self.verdict.steps.into(), "step", "steps");
        let so_far = match any {
            true => "The numbers below are lower bounds.",
            false => "Nothing wrong was found so far, which proves nothing.",
        };
        let looked_at = match self.verdict.steps {
            1 => "The first step of every order was looked at.".into(),
            _ => format!("The first {steps} of every order were looked at."),
        };
        format!("Not complete: {limit}. {looked_at} {so_far}")
    }

    fn numbers(&self, page: &mut Page) {
        let verdict = &self.verdict;
        let at_least = if verdict.stopped.is_some() { "at least " } else { "" };
        let limit = server_words(&verdict.program);
        page.labelled(
            ("", Tone::Plain),
            &format!(
                "{} × {} · grain {}{limit} · {at_least}{}",
                self.scenario_name,
                self.strategy_name,
                self.setting.grain.name(),
                self.sizes(),
            ),
        );
        if verdict.stopped.is_some() {
            incomplete::numbers(page, self);
        }
        for judged in verdict.found().filter(|_| verdict.stopped.is_none()) {
            page.labelled(("", Tone::Plain), &self.number_line(judged));
        }
        for assumption in assumptions(&verdict.program) {
            page.paragraph(("", Tone::Plain), assumption, Tone::Dim);
        }
        let kinds: Vec<Kind> = verdict.found().filter_map(Judged::kind).collect();
        for kind in [Kind::Sharing, Kind::Race] {
            if kinds.contains(&kind) {
                let words = match (kind, self.scenario.cast.cancels.is_empty()) {
                    (Kind::Race, false) => RACE_OR_CANCEL,
                    _ => kind_words(kind),
                };
                page.paragraph(("", Tone::Plain), words, Tone::Dim);
            }
        }
        if verdict.found().next().is_some() {
            page.paragraph(("", Tone::Plain), CHANCE, Tone::Dim);
        }
    }

    /// The three views of size: `184,756 orders, 34 essentially different, 19 outcomes`.
    fn sizes(&self) -> String {
        let verdict = &self.verdict;
        let mut sizes = vec![plural(&verdict.orders, "order", "orders")];
        if verdict.stopped.is_some() {
            return sizes.remove(0);
        }
        match verdict.traces {
            Some(traces) => {
                sizes.push(format!("{} essentially different", grouped(&traces.into())))
            }
            None if verdict.states <= TRACE_STATES_MAX => {
                sizes.push("essentially different ones not defined (a worker lags behind)".into());
            }
            None => sizes.push("essentially different ones not counted (--deep)".into()),
        }
        match verdict.outcomes {
            Some(1) => sizes.push("1 outcome".into()),
            Some(outcomes) => sizes.push(format!("{} outcomes", count(outcomes))),
            None => sizes.push("outcomes not counted (--deep)".into()),
        }
        sizes.join(", ")
    }

    fn number_line(&self, judged: &Judged) -> String {
        let kind = match (judged.kind(), judged.preemptions) {
            (Some(Kind::Sharing), _) => " · sharing",
            // The gloss of a race speaks of one preemption; more of them are rare, and said.
            (Some(Kind::Race), Some(0 | 1)) => " · race",
            (Some(Kind::Race), Some(many)) => &format!(" · race, {many} preemptions"),
            _ => "",
        };
        let orders = match judged.orders == self.verdict.orders {
            true if judged.orders.is_one() => "the only order".into(),
            true => format!("all {} orders", grouped(&judged.orders)),
            false => format!(
                "{} of {}",
                grouped(&judged.orders),
                plural(&self.verdict.orders, "order", "orders")
            ),
        };
        let chance = probability(&judged.chance);
        format!("{}: {orders}{kind} · chance {chance}", judged.anomaly.id)
    }

    fn witness(&self, page: &mut Page, judged: &Judged, witness: &WitnessRun) {
        let program = &self.verdict.program;
        let findings = &[(judged.anomaly, &witness.finding)];
        draw(page, &Diagram { program, record: &witness.record, findings, lines: Lines::All });
        page.blank();
        page.labelled(("Why", Tone::Strong), &why(self, judged, witness));
        page.command("Again", &self.replay_command(&witness.moves, ""));
    }

    /// The orders that show the other findings, each behind its mark.
    fn also<'e>(&self, page: &mut Page, rest: impl Iterator<Item = (&'e Judged, &'e WitnessRun)>) {
        for (judged, witness) in rest {
            let only = format!(" --only {}", judged.anomaly.id);
            page.command(judged.anomaly.mark, &self.replay_command(&witness.moves, &only));
        }
    }

    fn advice(&self, page: &mut Page) {
        if let Some(stopped) = self.verdict.stopped {
            let more = match stopped {
                Stopped::States { .. } => "a higher --max-states",
                Stopped::Memory { .. } => "a higher --max-memory",
                Stopped::Time | Stopped::Interrupted => "again",
            };
            let coarser = match self.setting.grain {
                Grain::Line => ", --grain access",
                _ => "",
            };
            let less = if self.verdict.anomalies.len() > 1 { ", --only context-leak" } else { "" };
            page.labelled(
                ("Try", Tone::Strong),
                &format!("{more}{coarser}{less}, or fewer lanes."),
            );
        } else if let Some(next) = self.next {
            page.command("Try", &self.command("run", next));
        }
        if let Some(remark) = &self.remark {
            page.labelled(("Remark", Tone::Strong), remark);
        }
        self.surprises(page);
    }
}

const CHANCE: &str = "chance: how likely such an order is if each next step is drawn at \
                         random. Neither number is a rate in production.";

const RACE_OR_CANCEL: &str = "race: needs a switch inside a turn (a preemption, if that lane could \
                              go on). It happens only when requests overlap, or when one is \
                              cancelled while it waits.";
