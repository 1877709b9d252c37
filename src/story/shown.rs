//! An order that was asked for.

use super::command::Command;
use super::entry::Entry;
use super::numbers::digits;
use crate::explore::engine::WantedOrders;
use crate::model::LaneId;
use crate::model::program::Program;
use crate::model::schedule;
use crate::replay::machine::Machine;
use crate::replay::record::Record;
use crate::verdict::Example;
use num_bigint::BigUint;
use schemars::JsonSchema;
use serde::Serialize;

/// An order that was asked for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ShownDocument")]
pub struct Shown {
    /// Its number among all orders, from 1, in decimal digits.
    #[serde(serialize_with = "digits")]
    #[schemars(with = "String")]
    pub number: BigUint,
    /// The schedule, as `interleak replay --schedule` takes it.
    pub schedule: String,
    /// The judged anomalies that it shows.
    pub shows: Vec<&'static str>,
    /// Its replies, in the order in which they are shown; null with --all.
    pub replies: Option<Vec<Answered>>,
    /// The lanes that move, by their place in the program.
    #[serde(skip)]
    pub moves: Vec<LaneId>,
    /// What replays it.
    #[serde(skip)]
    pub again: Command,
}

/// A question and its reply.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Answered {
    /// The lane that asked.
    pub lane: String,
    /// What it asked.
    pub question: String,
    /// What it was answered.
    pub reply: String,
}

impl Shown {
    /// What an order is, and how its requests are answered.
    pub(super) fn of(entry: &Entry, example: &Example) -> Shown {
        let program = &entry.verdict.program;
        let listed = matches!(entry.orders, WantedOrders::All { .. });
        // It was replayed before, so it can be again.
        let record = (!listed).then(|| Machine::run(program, &example.moves).ok()).flatten();
        Shown {
            number: example.number.clone(),
            schedule: schedule::print(program, &example.moves),
            shows: example.shows.iter().map(|anomaly| anomaly.id).collect(),
            replies: record.map(|record| replies(program, &record)),
            moves: example.moves.clone(),
            again: entry.replay(&example.moves, None),
        }
    }
}

fn replies(program: &Program, record: &Record) -> Vec<Answered> {
    let replies = record.replies.iter().map(|reply| Answered {
        lane: program.cast.lane_name_of(reply.turn).to_owned(),
        question: program.cast.turns[reply.turn].text.clone(),
        reply: reply.said.text.to_string(),
    });
    replies.collect()
}
