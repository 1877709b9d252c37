//! Words that several anomalies share.

use super::facts::{Mark, MarkFact, Message};
use super::reason::Reason;
use crate::model::op::Op;
use crate::model::program::Program;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, Record};
use crate::screen::{cut, escape};

/// Columns of a quoted message.
const QUOTE_COLUMNS: usize = 44;

/// A text in quotes, on one line, cut if it is long.
pub fn quote(text: &str) -> String {
    format!("\"{}\"", cut(&escape(text), QUOTE_COLUMNS))
}

/// `HISTORY` or `HISTORIES[alice]`: what a session's next request would read.
pub fn stored_name(program: &Program, turn: TurnId) -> String {
    let cells = program.stored_cells(program.cast.session_of(turn));
    match (program.code.stored, cells.as_slice()) {
        (Some(place), [cell]) => program.instance_name(place, *cell),
        (Some(place), _) => program.code.places[place].name.clone(),
        (None, _) => String::new(),
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
        let lane = program.lanes[self.writer].name.clone();
        let says = MarkFact::StoresWithout { lane, said: program.cast.lane_name_of(lost).into() };
        Mark { step: self.step, lane: self.writer, writes: true, place: self.cell.clone(), says }
    }

    /// How the question was lost.
    pub fn reason(&self, program: &Program, lost: TurnId) -> Reason {
        let about = Message::of(program, lost);
        let (place, writer) = (self.cell.clone(), program.lanes[self.writer].name.clone());
        let step = self.step + 1;
        match (self.copied, self.stored) {
            (Some(copied), Some(stored)) => Reason::Overtaken {
                about,
                place,
                writer,
                copied: copied + 1,
                stored: stored + 1,
                step,
            },
            _ => Reason::Overwrote { about, place, writer, step },
        }
    }
}

/// Whether the listing holds a lock anywhere.
pub fn has_lock(program: &Program) -> bool {
    program.code.ops().any(|op| matches!(op, Op::Acquire(_)))
}
