//! The kinds of wrong: one file for each, with what it is, how it is judged and what it says.
//!
//! Each anomaly is judged twice. The engine judges it on the step that makes it, or on the last
//! state, from sets of questions. The words come from the record of one replayed order, where it
//! is found again, in full. The tests hold the two against each other.

mod amnesia;
mod context_leak;
pub mod deadlock;
mod lost_update;
mod unanswered;
pub mod words;
mod wrong_recipient;

use crate::explore::{Findings, Judge};
use crate::model::TurnId;
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::state::State;
use crate::model::step::Reply;
use crate::replay::record::Record;

/// Every anomaly, the ones that hurt a user most first.
pub const ANOMALIES: &[&Anomaly] = &[
    &context_leak::ANOMALY,
    &wrong_recipient::ANOMALY,
    &amnesia::ANOMALY,
    &lost_update::ANOMALY,
    &unanswered::ANOMALY,
    &deadlock::ANOMALY,
];

/// A kind of wrong.
pub struct Anomaly {
    /// Its name in files and on the command line.
    pub id: &'static str,
    /// The word that a verdict begins with.
    pub mark: &'static str,
    /// What an order does that shows it: "12 of 70 orders leak".
    pub verb: &'static str,
    /// What it is, in one sentence.
    pub what: &'static str,
    /// How it is judged, in one or two sentences.
    pub judged: &'static str,
    /// How finely contexts must be kept to judge it.
    pub detail: Detail,
    /// Whether it is about data that is shared; only such an anomaly is sharing or a race.
    pub about_data: bool,
    /// Judges a reply at the moment when it is shown.
    pub reply: fn(&Program, &Reply<Mask>) -> bool,
    /// Judges the end of a run. The flag says whether somebody is unfinished.
    pub end: fn(&Program, &State<Mask>, bool) -> bool,
    /// Finds every case of it in a record, in the order in which they happened.
    pub find: fn(&Program, &Record) -> Vec<Finding>,
    /// Says a case of it in one sentence, without a full stop.
    pub say: fn(&Program, &Record, &Finding) -> String,
    /// Says how it came about, in a few sentences.
    pub why: fn(&Program, &Record, &Finding) -> Vec<String>,
}

/// One case of an anomaly in one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The step that shows it, from 0; the last one if only the end shows it.
    pub step: usize,
    /// The turn that it happens to; a deadlock happens to nobody in particular.
    pub turn: Option<TurnId>,
    /// The questions that it is about: leaked, forgotten or lost.
    pub about: Vec<TurnId>,
}

/// The anomaly with this name.
pub fn named(id: &str) -> Option<&'static Anomaly> {
    ANOMALIES.iter().copied().find(|anomaly| anomaly.id == id)
}

/// The names of all anomalies.
pub fn names() -> Vec<&'static str> {
    ANOMALIES.iter().map(|anomaly| anomaly.id).collect()
}

/// Judges some anomalies for the engine: bit *n* is the *n*-th of them.
pub struct Judges {
    /// The anomalies that are judged.
    pub anomalies: Vec<&'static Anomaly>,
}

impl Judges {
    /// The coarsest contexts that decide all of them.
    pub fn detail(&self) -> Detail {
        let details = self.anomalies.iter().map(|anomaly| anomaly.detail);
        details.max().unwrap_or(Detail::Nothing)
    }

    fn findings(&self, holds: impl Fn(&Anomaly) -> bool) -> Findings {
        let anomalies = self.anomalies.iter().enumerate();
        anomalies.fold(0, |found, (bit, anomaly)| found | Findings::from(holds(anomaly)) << bit)
    }
}

impl Judge<Mask> for Judges {
    fn reply(&self, program: &Program, reply: &Reply<Mask>) -> Findings {
        self.findings(|anomaly| (anomaly.reply)(program, reply))
    }

    fn end(&self, program: &Program, state: &State<Mask>, stuck: bool) -> Findings {
        self.findings(|anomaly| (anomaly.end)(program, state, stuck))
    }
}

/// For an anomaly that no reply shows.
fn no_reply(_: &Program, _: &Reply<Mask>) -> bool {
    false
}

/// For an anomaly that the end of a run does not show.
fn no_end(_: &Program, _: &State<Mask>, _: bool) -> bool {
    false
}
