//! One moment of a run: a plain value, equal to another exactly if nothing can tell them apart.

use super::code::Holds;
use super::context::{Answer, Context};
use super::program::{Asker, Program};
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
    /// One that was drawn and that nobody else has, by its number among all that can be drawn.
    Fresh(u8),
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
    /// The answers in each pipe, oldest first.
    pub pipes: Vec<VecDeque<Answer<C>>>,
    /// The threads that wait for a request, in the order in which they take one; none where no
    /// place is keyed by the thread.
    pub idle: VecDeque<u8>,
    /// The replica that serves the next request; nought where that does not go round.
    pub next_replica: u8,
    /// The lane that waits for a lock and lets nobody else go on.
    pub frozen_by: Option<LaneId>,
    /// One bit for each turn that got its reply.
    pub answered: u64,
    /// What each turn's reply was computed from; empty unless the context keeps replies.
    pub replies: Vec<Option<C>>,
}

/// Where one lane stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LaneState<C> {
    /// Turns that are over; a daemon counts none. A fault counts whether it happened.
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
    /// The thread that runs it; nought where no place is keyed by that.
    pub worker: u8,
    /// The replica that serves it; nought where no place is keyed by that.
    pub replica: u8,
    /// The questions of a batch that it has not worked on yet, oldest first.
    pub batch: VecDeque<TurnId>,
    /// Whether its last lookup found an answer.
    pub found: bool,
    /// Whether its last take found a value.
    pub known: bool,
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
            worker: 0,
            replica: 0,
            batch: VecDeque::new(),
            found: false,
            known: false,
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
            pipes: vec![VecDeque::new(); program.pipes().len()],
            idle: program.idle_at_first().collect(),
            next_replica: 0,
            frozen_by: None,
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

    /// Whether a lane is inside a function of the app: in a turn, and not between two functions.
    pub fn is_inside(&self, program: &Program, lane: LaneId) -> bool {
        let own = &self.lanes[lane];
        own.turn.is_some() && !program.routine(lane).begins(own.line)
    }

    /// The client lanes that are inside a function of the app.
    pub fn inside<'a>(&'a self, program: &'a Program) -> impl Iterator<Item = LaneId> + 'a {
        (0..program.clients()).filter(|&lane| self.is_inside(program, lane))
    }

    /// Which function of the app a lane is in or comes to next.
    pub fn function_of(&self, program: &Program, lane: LaneId) -> usize {
        program.routine(lane).lines.get(self.lanes[lane].line).map_or(0, |line| line.function)
    }

    /// One bit for each turn that its client cancelled.
    pub fn cancelled(&self, program: &Program) -> u64 {
        let faults = (program.clients()..program.lanes.len()).filter_map(|lane| {
            let turn = program.cancels(lane)?;
            (self.lanes[lane].turns_done > 0).then_some(1 << turn)
        });
        faults.fold(0, |all, bit: u64| all | bit)
    }

    /// What selects the instance of a keyed place that a lane means at this moment.
    pub fn asker(&self, program: &Program, lane: LaneId) -> Asker {
        let own = &self.lanes[lane];
        Asker {
            // Between two questions a daemon touches only its mailbox, which no question selects.
            session: self.session_of(program, lane).unwrap_or(0),
            turn: self.turn_of(program, lane).unwrap_or(0),
            id: own.id,
            worker: program.thread_of_daemon(lane).unwrap_or(own.worker),
            replica: own.replica,
        }
    }

    /// The session that a lane works for at this moment.
    pub fn session_of(&self, program: &Program, lane: LaneId) -> Option<SessionId> {
        let of_turn = self.turn_of(program, lane).map(|turn| program.cast.session_of(turn));
        of_turn.or_else(|| program.session_of_daemon(lane))
    }
}
