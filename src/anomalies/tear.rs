//! How a question and its answer came to stand apart in a list, from what was written into it.

use super::torn_history::stored_cells;
use crate::model::op::Part;
use crate::model::program::Program;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, Message, Record, Value};

/// A write of a list.
#[derive(Clone, Copy)]
pub(super) struct Write<'r> {
    pub(super) step: usize,
    pub(super) lane: LaneId,
    pub(super) place: &'r str,
    before: &'r [Message],
    now: &'r [Message],
}

/// How a turn was torn apart in a cell.
pub(super) struct Tear<'r> {
    /// The write since which it is torn.
    pub(super) since: Write<'r>,
    /// What came before it.
    pub(super) how: How<'r>,
}

pub(super) enum How<'r> {
    /// The answer came when another message stood behind its question, and behind that.
    TooLate {
        /// The write that brought the question.
        asked: Write<'r>,
        /// The write that brought the other message, and that message.
        between: (Write<'r>, &'r Message),
    },
    /// The question came after the answer.
    AnsweredFirst {
        /// The write that brought the answer.
        answered: Write<'r>,
    },
    /// They were written apart.
    Apart {
        /// The write that brought the question, if it stood there alone before.
        asked: Option<Write<'r>>,
    },
}

/// How a question came into one list of its session's stored context, and its answer into another.
pub(super) struct Split<'r> {
    /// The write that brought the question.
    pub(super) asked: Write<'r>,
    /// The write that brought the answer.
    pub(super) answered: Write<'r>,
}

impl<'r> Split<'r> {
    /// Follows the writes to the first list with the question, and to the first with the answer.
    pub(super) fn of(program: &Program, record: &'r Record, turn: TurnId) -> Option<Split<'r>> {
        let brought = |part| {
            let has = |list: &[Message]| list.iter().any(|it| is(it, turn, part));
            let mut cells = program.stored_cells(program.cast.session_of(turn)).into_iter();
            let cell = cells.find(|&cell| has(list(&record.cells[cell])))?;
            let writes = writes(record, cell);
            writes.into_iter().rfind(|write| !has(write.before) && has(write.now))
        };
        let asked = brought(Part::Question).filter(|_| split(program, record, turn));
        Some(Split { asked: asked?, answered: brought(Part::Answer)? })
    }
}

/// Whether the question of a turn and its answer are in its session's stored context, and nowhere
/// stand together.
pub(super) fn split(program: &Program, record: &Record, turn: TurnId) -> bool {
    let cells = program.stored_cells(program.cast.session_of(turn));
    let lists = || cells.iter().map(|&cell| list(&record.cells[cell]));
    let has = |part| lists().any(|list| list.iter().any(|message| is(message, turn, part)));
    has(Part::Question) && has(Part::Answer) && !lists().any(|list| stand_together(list, turn))
}

impl<'r> Write<'r> {
    /// The place, the writer, and the step from 1.
    pub(super) fn told(&self, program: &Program) -> (String, String, usize) {
        (self.place.to_owned(), program.lanes[self.lane].name.clone(), self.step + 1)
    }
}

impl<'r> Tear<'r> {
    /// Follows the writes to the first cell that is torn at the end.
    pub(super) fn of(program: &Program, record: &'r Record, turn: TurnId) -> Option<Tear<'r>> {
        let is_torn = |list: &[Message]| torn(list).contains(&turn);
        let cells = stored_cells(program).into_iter();
        let cell = cells.into_iter().find(|&cell| is_torn(list(&record.cells[cell])))?;
        let writes = writes(record, cell);
        // The last write that made something true which then stayed true up to a moment.
        let made = |upto: usize, holds: &dyn Fn(&[Message]) -> bool| {
            let last = writes[..upto].iter().rposition(|it| !holds(it.before) && holds(it.now));
            last.map(|at| writes[at])
        };
        let at = writes.iter().rposition(|it| !is_torn(it.before) && is_torn(it.now))?;
        let since = writes[at];
        let is = |message: &Message, part| is(message, turn, part);
        let has = |list: &[Message], part| list.iter().any(|message| is(message, part));
        let asked = || made(at, &|list| has(list, Part::Question));
        let how = match (has(since.before, Part::Question), has(since.before, Part::Answer)) {
            (true, false) => {
                let question = since.before.iter().rposition(|it| is(it, Part::Question))?;
                let next = since.before.get(question + 1).and_then(|next| {
                    let first = &since.before[question];
                    let between = |list: &[Message]| follows(list, first, next);
                    // What stands before the question did not come too late.
                    let is_behind = between(since.now) && comes_last(since.now, turn);
                    let behind = made(at, &between);
                    Some((behind.filter(|_| is_behind)?, next))
                });
                match (asked(), next) {
                    (Some(asked), Some(between)) => How::TooLate { asked, between },
                    (asked, _) => How::Apart { asked },
                }
            }
            (false, true) => match made(at, &|list| has(list, Part::Answer)) {
                Some(answered) => How::AnsweredFirst { answered },
                None => How::Apart { asked: None },
            },
            (true, true) | (false, false) => How::Apart { asked: None },
        };
        Some(Tear { since, how })
    }
}

/// The writes of a list, in the order in which they happened.
fn writes(record: &Record, cell: usize) -> Vec<Write<'_>> {
    let writes = record.events().filter_map(|(step, lane, event)| match event {
        Event::Wrote { cell: to, name, before, value } if *to == cell => {
            Some(Write { step, lane, place: name, before: list(before), now: list(value) })
        }
        _ => None,
    });
    writes.collect()
}

/// Whether a message is this part of a turn.
fn is(message: &Message, turn: TurnId, part: Part) -> bool {
    (message.turn, message.part) == (turn, part)
}

/// Whether the answer of a turn stands directly behind its question somewhere in a list.
fn stand_together(messages: &[Message], turn: TurnId) -> bool {
    let mut pairs = messages.windows(2);
    pairs.any(|two| is(&two[0], turn, Part::Question) && is(&two[1], turn, Part::Answer))
}

/// Whether one message stands directly behind another.
fn follows(list: &[Message], first: &Message, next: &Message) -> bool {
    let same = |left: &Message, right: &Message| (left.turn, left.part) == (right.turn, right.part);
    list.windows(2).any(|two| same(&two[0], first) && same(&two[1], next))
}

/// Whether every answer to a turn stands behind every question of it.
fn comes_last(list: &[Message], turn: TurnId) -> bool {
    let is = |part| move |message: &Message| (message.turn, message.part) == (turn, part);
    let asked = list.iter().rposition(is(Part::Question));
    let answered = list.iter().position(is(Part::Answer));
    asked < answered
}

/// The messages of a cell; none if it holds something else.
pub(super) fn list(value: &Value) -> &[Message] {
    match value {
        Value::Messages(messages) => messages,
        Value::Answer(_) | Value::Small(_) => &[],
    }
}

/// The turns whose question and answer are both there, and nowhere stand together.
pub(super) fn torn(messages: &[Message]) -> Vec<TurnId> {
    let asked = messages.iter().filter(|message| message.part == Part::Question);
    let mut turns: Vec<TurnId> = asked.map(|question| question.turn).collect();
    turns.retain(|&turn| {
        !stand_together(messages, turn)
            && messages.iter().any(|message| is(message, turn, Part::Answer))
    });
    turns
}
