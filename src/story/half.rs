//! Half a turn: a question that is stored and never answered, because its client cancelled.
//!
//! That is told, and not judged: some apps want it so, and no other request goes wrong by it alone.

use crate::anomalies::facts::Message;
use crate::explore::packed::live::targets;
use crate::model::TurnId;
use crate::model::op::{Op, Part};
use crate::model::program::Program;
use crate::phrase;
use crate::replay::record::{Event, Record, Value};
use crate::words::Phrase;
use std::collections::BTreeSet;

/// The name of the stored context, if a request that is cancelled can leave its question in it.
pub(super) fn can_be_left(program: &Program) -> Option<&str> {
    let stored = program.code.stored?;
    let lines = &program.code.respond.lines;
    let mut before: Vec<Option<Put>> = vec![None; lines.len() + 1];
    before[0] = Some(Put::default());
    let mut changed = program.code.is_async && !program.cast.cancels.is_empty();
    let mut left = false;
    while changed {
        changed = false;
        for (line, here) in lines.iter().enumerate() {
            let Some(put) = before[line] else { continue };
            left |= here.cancelled.is_some() && put.stored;
            let after = here.ops.iter().fold(put, |put, op| put.after(*op, stored));
            for to in targets(&here.ops, line) {
                let merged = before[to].map_or(after, |there| there.or(after));
                changed |= before[to] != Some(merged);
                before[to] = Some(merged);
            }
        }
    }
    left.then_some(&program.code.places[stored].name)
}

/// Where the question of a turn can be by now.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Put {
    /// In the lane's own history.
    noted: bool,
    /// In the stored context, and its answer is not.
    stored: bool,
    /// The answer is in the lane's own history.
    answered: bool,
}

impl Put {
    fn or(self, other: Put) -> Put {
        Put {
            noted: self.noted || other.noted,
            stored: self.stored || other.stored,
            answered: self.answered && other.answered,
        }
    }

    fn after(self, op: Op, stored: usize) -> Put {
        match op {
            Op::Note(Part::Question) => Put { noted: true, ..self },
            Op::Append(place, Part::Question) if place == stored => Put { stored: true, ..self },
            Op::Append(place, Part::Answer) if place == stored => Put { stored: false, ..self },
            Op::Store(place) | Op::Swap { place, .. } if place == stored => {
                Put { stored: self.noted && !self.answered, ..self }
            }
            Op::Note(Part::Answer) => Put { answered: true, ..self },
            Op::Load(_) | Op::Then => Put { noted: false, answered: false, ..self },
            _ => self,
        }
    }
}

/// What of an order is only half a turn: each question that lies in the stored context at the end,
/// without an answer, because its client cancelled.
pub(super) fn left(program: &Program, record: &Record) -> Vec<Phrase> {
    let cancelled: BTreeSet<TurnId> = record
        .events()
        .filter_map(|(_, _, event)| match event {
            Event::Cancelled(turn) => Some(*turn),
            _ => None,
        })
        .collect();
    cancelled.into_iter().filter_map(|turn| left_by(program, record, turn)).collect()
}

fn left_by(program: &Program, record: &Record, turn: TurnId) -> Option<Phrase> {
    let stored = program.code.stored?;
    let cells = program.stored_cells(program.cast.session_of(turn));
    let parts = |cell: usize| match &record.cells[cell] {
        Value::Messages(list) => {
            list.iter().filter(|it| it.turn == turn).map(|it| it.part).collect()
        }
        Value::Answer(_) | Value::Small(_) => Vec::new(),
    };
    let is_half = |cell: &usize| {
        let parts = parts(*cell);
        parts.contains(&Part::Question) && !parts.contains(&Part::Answer)
    };
    let cell = cells.into_iter().find(is_half)?;
    let about = Message::of(program, turn);
    let place = program.instance_name(stored, cell);
    Some(phrase!("half-turn", lane = &about.lane, text = &about.text, place = place))
}
