//! One moment of a run: a plain value, equal to another exactly if nothing can tell them apart.

use super::code::Holds;
use super::context::{Answer, Context};
use super::program::Program;
use super::{LaneId, SessionId, TurnId};
use std::collections::VecDeque;

/// A small value: what `put` writes, `take` reads and `[id]` selects by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Id {
    /// Nothing was put yet.
    #[default]
    Unset,
    /// A session.
    Session(u8),
    /// A number from a counter.
    Number(u8),
}

/// One moment of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State<C> {
    /// Where each lane stands.
    pub lanes: Vec<LaneState<C>>,
    /// What each cell holds.
    pub cells: Vec<Cell<C>>,
    /// Who holds each lock.
    pub locks: Vec<Option<LaneId>>,
    /// The questions waiting in each mailbox, oldest first.
    pub mailboxes: Vec<VecDeque<TurnId>>,
    /// One bit for each turn that got its reply.
    pub answered: u64,
    /// What each turn's reply was computed from; empty unless the context keeps replies.
    pub replies: Vec<Option<C>>,
}

/// Where one lane stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LaneState<C> {
    /// Turns that are over; a daemon counts none.
    pub turns_done: usize,
    /// The next line of the routine.
    pub line: usize,
    /// The turn that it is inside of: a client's own, or the one that a daemon works for.
    pub turn: Option<TurnId>,
    /// The session's questions that were answered when this turn began.
    pub earlier: u64,
    /// The lane's own copy of a history.
    pub history: C,
    /// The latest answer that it has.
    pub answer: Option<Answer<C>>,
    /// An answer that was handed to it and that it has not picked up.
    pub inbox: Option<Answer<C>>,
    /// What `[id]` means to it.
    pub id: Id,
    /// Whether its last lookup found an answer.
    pub found: bool,
    /// The cell that it loaded and nobody wrote since, if the listing swaps that cell.
    pub unchanged: Option<usize>,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cell<C> {
    /// A list of messages.
    Messages(C),
    /// A cached answer.
    Answer(Option<Answer<C>>),
    /// A small value.
    Id(Id),
}

impl<C: Context> State<C> {
    /// The moment before the first step.
    pub fn first(program: &Program) -> State<C> {
        let lanes = (0..program.lanes.len()).map(|_| LaneState {
            turns_done: 0,
            line: 0,
            turn: None,
            earlier: 0,
            history: C::default(),
            answer: None,
            inbox: None,
            id: Id::Unset,
            found: false,
            unchanged: None,
        });
        let cells = program.cells().into_iter().map(|(place, holds)| match holds {
            Holds::Messages => Cell::Messages(C::default()),
            Holds::Answer => Cell::Answer(None),
            Holds::Id if program.code.counts(place) => Cell::Id(Id::Number(0)),
            Holds::Id => Cell::Id(Id::Unset),
        });
        let turns = program.cast.turns.len();
        State {
            lanes: lanes.collect(),
            cells: cells.collect(),
            locks: vec![None; program.locks().len()],
            mailboxes: vec![VecDeque::new(); program.mailboxes().len()],
            answered: 0,
            replies: vec![None; if C::KEEPS_REPLIES { turns } else { 0 }],
        }
    }

    /// Whether every client lane is through; daemons do not count.
    pub fn is_complete(&self, program: &Program) -> bool {
        (0..program.clients()).all(|lane| self.is_finished(program, lane))
    }

    /// Whether a client lane has no turn left.
    pub fn is_finished(&self, program: &Program, lane: LaneId) -> bool {
        !program.is_daemon(lane)
            && self.lanes[lane].turns_done == program.cast.lanes[lane].turns.len()
    }

    /// The turn that a lane is in or, between turns, will begin next.
    pub fn turn_of(&self, program: &Program, lane: LaneId) -> Option<TurnId> {
        let own = &self.lanes[lane];
        own.turn.or_else(|| {
            let turns = program.cast.lanes.get(lane)?.turns.clone();
            turns.into_iter().nth(own.turns_done)
        })
    }

    /// Requests that are inside a handler.
    pub fn inside(&self, program: &Program) -> usize {
        self.lanes[..program.clients()].iter().filter(|lane| lane.turn.is_some()).count()
    }

    /// The session that a lane works for at this moment.
    pub fn session_of(&self, program: &Program, lane: LaneId) -> Option<SessionId> {
        let of_turn = self.turn_of(program, lane).map(|turn| program.cast.session_of(turn));
        of_turn.or_else(|| program.session_of_daemon(lane))
    }
}
