//! Words that several anomalies share.

use super::Mark;
use crate::model::op::Op;
use crate::model::program::Program;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, Record};
use crate::screen::{cut, escape};

/// Columns of a quoted message.
const QUOTE_COLUMNS: usize = 44;

/// `1st`, `2nd`, `3rd`, `4th`, `11th` …
pub fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// A text in quotes, on one line, cut if it is long.
pub fn quote(text: &str) -> String {
    format!("\"{}\"", cut(&escape(text), QUOTE_COLUMNS))
}

/// `alice's message "My name is Alice."`
pub fn message(program: &Program, turn: TurnId) -> String {
    let said = quote(&program.cast.turns[turn].text);
    format!("{}'s message {said}", program.cast.lane_name_of(turn))
}

/// `alice's 2nd reply`
pub fn reply(program: &Program, turn: TurnId) -> String {
    let number = ordinal(program.cast.turns[turn].number);
    format!("{}'s {number} reply", program.cast.lane_name_of(turn))
}

/// Several messages, the first in words: `alice's message "…" and 2 more`.
pub fn messages(program: &Program, turns: &[TurnId]) -> String {
    match turns {
        [] => "nothing".into(),
        [only] => message(program, *only),
        [first, rest @ ..] => format!("{} and {} more", message(program, *first), rest.len()),
    }
}

/// `HISTORY` or `HISTORIES[alice]`: what a session's next request would read.
pub fn stored_name(program: &Program, turn: TurnId) -> String {
    let cells = program.stored_cells(program.cast.session_of(turn));
    match (program.code.stored, cells.as_slice()) {
        (Some(place), [cell]) => program.instance_name(place, *cell),
        (Some(place), _) => program.code.places[place].name.clone(),
        (None, _) => "the history".into(),
    }
}

/// The moment when a question went out of a cell again: somebody stored a copy that was made
/// before the question was in it.
pub struct Overwrite {
    /// The step of the write, from 0.
    pub step: usize,
    /// Who wrote.
    pub writer: LaneId,
    /// The cell.
    pub cell: String,
    /// The step in which the writer made its copy, if it made one.
    pub copied: Option<usize>,
    /// The step that had stored the question.
    pub stored: Option<usize>,
}

/// Finds the last write, before a step, that took a question out of a cell of its session.
pub fn overwrite(
    program: &Program,
    record: &Record,
    turn: TurnId,
    before_step: usize,
) -> Option<Overwrite> {
    let cells = program.stored_cells(program.cast.session_of(turn));
    let mut found: Option<Overwrite> = None;
    let mut stored = None;
    let mut copies: Vec<Option<usize>> = vec![None; program.lanes.len()];
    for (step, lane, event) in record.events().take_while(|(step, _, _)| *step <= before_step) {
        match event {
            Event::Read { cell, .. } if cells.contains(cell) => copies[lane] = Some(step),
            Event::Wrote { cell, name, before, value } if cells.contains(cell) => {
                let (had, has) = (before.questions(), value.questions());
                match (had.contains(&turn), has.contains(&turn)) {
                    (false, true) => stored = Some(step),
                    (true, false) => {
                        found = Some(Overwrite {
                            step,
                            writer: lane,
                            cell: name.clone(),
                            copied: copies[lane],
                            stored,
                        });
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    found
}

impl Overwrite {
    /// The write, to be marked.
    pub fn mark(&self, program: &Program, lost: TurnId) -> Mark {
        let writer = &program.lanes[self.writer].name;
        let said = program.cast.lane_name_of(lost);
        let says = format!("{writer} stores a copy without {said}'s message");
        Mark { step: self.step, lane: self.writer, writes: true, says }
    }

    /// How the question was lost, in sentences. `which` names the question.
    pub fn sentences(&self, program: &Program, which: &str) -> Vec<String> {
        let cell = &self.cell;
        let writer = &program.lanes[self.writer].name;
        let mut sentences = Vec::new();
        match (self.copied, self.stored) {
            (Some(copied), Some(stored)) => {
                sentences.push(format!("{writer} copied {cell} in step {}.", copied + 1));
                sentences.push(format!("{which} was stored after that, in step {}.", stored + 1));
                sentences.push(format!(
                    "In step {} {writer} stored its own older copy over it.",
                    self.step + 1
                ));
            }
            _ => sentences.push(format!(
                "{writer} overwrote {cell} in step {} without {which}.",
                self.step + 1
            )),
        }
        sentences
    }
}

/// Whether the listing holds a lock anywhere.
pub fn has_lock(program: &Program) -> bool {
    program.code.ops().any(|op| matches!(op, Op::Acquire(_)))
}
