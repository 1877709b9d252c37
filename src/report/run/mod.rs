//! The pages of `interleak run`: one screen, or everything.

mod brief;
mod full;

use super::Entry;
use super::page::{Page, Paper, Tone};
use crate::verdict::{Judged, Kind, WitnessRun};
use num_traits::One;

/// How much a page tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells<'a> {
    /// What fits a screen.
    Brief {
        /// What repairs it, if something goes wrong.
        repairs: &'a Repairs,
    },
    /// Everything.
    Full,
}

/// What a quick look says of the shipped repairs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    /// Those with which the same check finds nothing in any order: those of the lesson first.
    pub clean: Vec<&'static str>,
    /// So many have too many states for a quick look.
    pub undecided: usize,
}

/// The pages of all entries, one behind the other.
pub fn render(entries: &[Entry], tells: Tells, paper: Paper) -> String {
    let mut page = Page::new(paper);
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            page.rule();
        }
        match tells {
            Tells::Brief { repairs } => entry.brief(&mut page, repairs),
            Tells::Full => entry.full(&mut page),
        }
    }
    page.finish()
}

impl Entry<'_> {
    /// What is wrong, in one sentence.
    fn said(&self, judged: &Judged, witness: &WitnessRun) -> String {
        (judged.anomaly.say)(&self.verdict.program, &witness.record, &witness.finding)
    }

    /// What is said of a run in which nothing goes wrong.
    fn clean(&self) -> String {
        let orders = match self.verdict.orders.is_one() {
            true => "the only order was looked at".into(),
            false => {
                let orders = super::numbers::plural(&self.verdict.orders, "order", "orders");
                format!("all {orders} were looked at")
            }
        };
        let what = match self.verdict.anomalies.as_slice() {
            [only] => format!("no {}", only.anomaly.id),
            _ => "nothing goes wrong".into(),
        };
        let contrast = self.contrast.map_or_else(String::new, |contrast| {
            format!("; the same check does {} with {}", contrast.verb, contrast.strategy)
        });
        format!("{what}: {orders}, no search limit hit{contrast}.")
    }

    /// What is not as the scenario's author expects.
    fn surprises(&self, page: &mut Page) {
        if self.expected.is_none() && !self.surprises.is_empty() {
            let but = format!(
                "nothing is expected of {}, so any fault counts (exit 1).",
                self.strategy_name
            );
            page.labelled(("But", Tone::Bad), &but);
            return;
        }
        for surprise in &self.surprises {
            let (expected, found) = (surprise.expected.name(), surprise.found.name());
            let but = format!(
                "{} expects {} {expected}, and it shows {found}.",
                self.scenario_name, surprise.anomaly
            );
            page.labelled(("But", Tone::Bad), &but);
        }
    }
}

/// What a kind means for the one who repairs it.
pub fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Sharing => {
            "sharing: needs no preemption (no switch inside a turn). It happens even when \
             requests never overlap, and no lock can repair it."
        }
        Kind::Race => {
            "race: needs a switch inside a turn (a preemption, if that lane could go on). It \
             happens only when requests overlap."
        }
    }
}

/// Why an order goes wrong, and from when on it could not be saved.
fn why(entry: &Entry, judged: &Judged, witness: &WitnessRun) -> String {
    let program = &entry.verdict.program;
    let mut why = (judged.anomaly.why)(program, &witness.record, &witness.finding);
    why.extend(no_return(judged, witness));
    why.join(" ")
}

/// When the witness could no longer be saved.
fn no_return(judged: &Judged, witness: &WitnessRun) -> Option<String> {
    let steps = witness.moves.len();
    Some(match judged.lost_from? {
        0 => "No order avoids it.".into(),
        lost if lost == steps => "Up to its last step it could still be avoided.".into(),
        lost => format!("After step {lost} no order can avoid it any more."),
    })
}

fn with_witness(judged: &Judged) -> Option<(&Judged, &WitnessRun)> {
    Some((judged, judged.witness.as_ref()?))
}
