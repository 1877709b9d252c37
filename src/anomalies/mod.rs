//! The kinds of wrong: one file for each, with what it is, how it is judged and what it says.
//!
//! Each anomaly is judged twice. The engine judges it on the step that makes it, or on the last
//! state, from sets of questions; where sets do not tell, from what stands behind what. The words come from the record of one replayed order, where it
//! is found again, in full. The tests hold the two against each other.

mod amnesia;
mod context_leak;
mod deadlock;
pub mod facts;
mod follow;
mod lost_update;
mod missing;
pub mod reason;
mod stale_reply;
mod tear;
mod torn_history;
mod unanswered;
mod way;
pub mod words;
mod wrong_recipient;

use crate::explore::space::Users;
use crate::explore::{Findings, Judge};
use crate::model::TurnId;
use crate::model::context::Mask;
use crate::model::pairs::Pairs;
use crate::model::program::{Detail, Program};
use crate::model::state::State;
use crate::model::step::Reply;
use crate::replay::record::Record;
use crate::words::Phrase;
use facts::{Mark, Said};
use reason::Reason;

/// Every anomaly, the ones that hurt a user most first.
pub const ANOMALIES: &[&Anomaly] = &[
    &context_leak::ANOMALY,
    &wrong_recipient::ANOMALY,
    &stale_reply::ANOMALY,
    &amnesia::ANOMALY,
    &lost_update::ANOMALY,
    &torn_history::ANOMALY,
    &unanswered::ANOMALY,
    &deadlock::ANOMALY,
];

/// A kind of wrong.
pub struct Anomaly {
    /// Its name in files and on the command line.
    pub id: &'static str,
    /// The word that a verdict begins with.
    pub mark: &'static str,
    /// How finely contexts must be kept to judge it.
    pub detail: Detail,
    /// Whether it is about data that is shared; only such an anomaly has a kind: sharing, chain or race.
    pub about_data: bool,
    /// How the engine judges it.
    pub judge: Judgement,
    /// Finds every case of it in a record, in the order in which they happened.
    pub find: fn(&Program, &Record) -> Vec<Finding>,
    /// What a case of it is.
    pub say: fn(&Program, &Record, &Finding) -> Said,
    /// How it came about, the first link of the chain first.
    pub why: fn(&Program, &Record, &Finding) -> Vec<Reason>,
    /// The access that matters most, to be marked in a diagram, besides the reply itself.
    pub mark_at: fn(&Program, &Record, &Finding) -> Option<Mark>,
}

impl Anomaly {
    /// What it is, in one sentence.
    pub fn what(&self) -> Phrase {
        Phrase::new(format!("anomaly-what-{}", self.id))
    }

    /// How it is judged, in one or two sentences.
    pub fn judged(&self) -> Phrase {
        Phrase::new(format!("anomaly-judged-{}", self.id))
    }

    /// What an order does that shows it: "12 of 70 orders leak".
    pub fn verb(&self) -> Phrase {
        Phrase::new(format!("anomaly-verb-{}", self.id))
    }
}

/// When and how the engine judges an anomaly.
#[derive(Clone, Copy)]
pub enum Judgement {
    /// On a reply, at the moment when it is shown.
    Reply(fn(&Program, &Reply<Mask>) -> bool),
    /// At the end of a run. The flag says whether somebody is unfinished.
    End(fn(&Program, &State<Mask>, bool) -> bool),
    /// At the end of a run, however it ends, by which questions and answers stand together.
    Pairs(fn(&Program, &State<Pairs>) -> bool),
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

impl Finding {
    /// The turn that it happens to.
    fn turn(&self) -> TurnId {
        self.turn.unwrap_or_default()
    }

    /// The first message that it is about, and how many more there are.
    fn about(&self) -> (TurnId, usize) {
        let first = self.about.first().copied();
        (first.unwrap_or_default(), self.about.len().saturating_sub(1))
    }
}

impl Judges {
    /// The coarsest contexts that decide all of them.
    pub fn detail(&self) -> Detail {
        let details = self.anomalies.iter().map(|anomaly| anomaly.detail);
        details.max().unwrap_or(Detail::Nothing)
    }

    /// The bits of those anomalies for which something holds.
    pub fn findings(&self, holds: impl Fn(&Anomaly) -> bool) -> Findings {
        let anomalies = self.anomalies.iter().enumerate();
        anomalies.fold(0, |found, (bit, anomaly)| found | Findings::from(holds(anomaly)) << bit)
    }
}

impl Judge<Mask> for Judges {
    fn reply(&self, program: &Program, reply: &Reply<Mask>) -> Findings {
        self.findings(|anomaly| match anomaly.judge {
            Judgement::Reply(holds) => holds(program, reply),
            Judgement::End(_) | Judgement::Pairs(_) => false,
        })
    }

    fn end(&self, program: &Program, state: &State<Mask>, stuck: bool) -> Findings {
        self.findings(|anomaly| match anomaly.judge {
            Judgement::Reply(_) | Judgement::Pairs(_) => false,
            Judgement::End(holds) => holds(program, state, stuck),
        })
    }

    fn heard(&self, program: &Program, reply: &Reply<Mask>) -> Users {
        let own = program.cast.user_of(reply.turn);
        let others = (0..program.cast.users.len()).filter(|&user| user != own);
        others.fold(0, |heard, user| {
            let asked = program.bits(|turn| program.cast.user_of(turn) == user);
            heard | Users::from(reply.answer.basis.0 & asked != 0) << user
        })
    }

    fn reads_cells_at_end(&self) -> bool {
        let at_end = |anomaly: &Anomaly| matches!(anomaly.judge, Judgement::End(_));
        self.anomalies.iter().any(|anomaly| at_end(anomaly) && anomaly.detail != Detail::Nothing)
    }
}

impl Judge<Pairs> for Judges {
    fn reply(&self, _: &Program, _: &Reply<Pairs>) -> Findings {
        0
    }

    fn end(&self, program: &Program, state: &State<Pairs>, _: bool) -> Findings {
        self.findings(|anomaly| match anomaly.judge {
            Judgement::Reply(_) | Judgement::End(_) => false,
            Judgement::Pairs(holds) => holds(program, state),
        })
    }

    fn is_idle(&self, program: &Program) -> bool {
        let by_pairs = |anomaly: &&Anomaly| matches!(anomaly.judge, Judgement::Pairs(_));
        !self.anomalies.iter().any(by_pairs) || !torn_history::could_tear(&program.code)
    }
}

/// For an anomaly that no single access makes.
fn no_mark(_: &Program, _: &Record, _: &Finding) -> Option<Mark> {
    None
}
