//! A plain machine for listings: lists of messages, texts, version numbers, no sets and no bits.

mod grain;
mod moves;
#[cfg(test)]
mod tests;
mod turns;

use super::record::{Ending, LineRun, Message, Messages, Record, Said, Shown, StepRun, Value};
use crate::model::code::{Holds, Line, LineKind};
use crate::model::op::Op;
use crate::model::program::{Asker, Program};
use crate::model::server::Idle;
use crate::model::state::Id;
use crate::model::step::Blocked;
use crate::model::{LaneId, PlaceId, SessionId, TurnId};
use std::collections::BTreeMap;

/// The threads that wait before the first request: the last one of a stack is thread 1.
fn idle_at_first(program: &Program) -> Vec<u8> {
    let mut idle: Vec<u8> = program.idle_at_first().collect();
    if program.idle() == Idle::Latest {
        idle.reverse();
    }
    idle
}

/// A run in the making.
#[derive(Clone)]
pub struct Machine<'p> {
    program: &'p Program,
    lanes: Vec<LaneState>,
    cells: Vec<Value>,
    /// How often each cell was written.
    versions: Vec<u64>,
    locks: Vec<Option<LaneId>>,
    mailboxes: Vec<Vec<TurnId>>,
    pipes: Vec<Vec<Said>>,
    /// Threads that wait for a request, in the order in which they came to wait.
    idle: Vec<u8>,
    /// How many requests have begun until now.
    begun: usize,
    frozen_by: Option<LaneId>,
    steps: Vec<StepRun>,
    replies: Vec<Shown>,
}

#[derive(Clone, Default)]
struct LaneState {
    turns_done: usize,
    position: usize,
    turn: Option<TurnId>,
    earlier: Vec<TurnId>,
    history: Messages,
    answer: Option<Said>,
    inbox: Option<Said>,
    id: Id,
    worker: u8,
    replica: u8,
    batch: Vec<TurnId>,
    found: bool,
    known: bool,
    /// The cells that it loaded, each with its version at that moment.
    loaded: BTreeMap<usize, u64>,
}

impl<'p> Machine<'p> {
    /// The moment before the first step.
    pub fn new(program: &'p Program) -> Machine<'p> {
        let cells = program.cells().into_iter().map(|(place, holds)| match holds {
            Holds::Messages => Value::Messages(Messages::default()),
            Holds::Answer => Value::Answer(None),
            Holds::Id if program.code.counts(place) => Value::Small(Id::Number(0)),
            Holds::Id => Value::Small(Id::Unset),
        });
        let cells: Vec<Value> = cells.collect();
        Machine {
            program,
            lanes: vec![LaneState::default(); program.lanes.len()],
            versions: vec![0; cells.len()],
            cells,
            locks: vec![None; program.locks().len()],
            mailboxes: vec![Vec::new(); program.mailboxes().len()],
            pipes: vec![Vec::new(); program.pipes().len()],
            idle: idle_at_first(program),
            begun: 0,
            frozen_by: None,
            steps: Vec::new(),
            replies: Vec::new(),
        }
    }

    /// Runs moves from the start. The last record says how far they led.
    pub fn run(program: &'p Program, moves: &[LaneId]) -> Result<Record, (usize, Blocked)> {
        let mut machine = Machine::new(program);
        machine.follow(moves.iter().copied())?;
        Ok(machine.record())
    }

    /// Makes these moves, up to the first one that cannot be made: its number, from 0, and why.
    pub fn follow(
        &mut self,
        moves: impl IntoIterator<Item = LaneId>,
    ) -> Result<(), (usize, Blocked)> {
        let mut moves = moves.into_iter().enumerate();
        moves.try_for_each(|(index, lane)| self.step(lane).map_err(|reason| (index, reason)))
    }

    /// Moves a lane by one step, or says why it cannot move; then nothing has changed.
    pub fn step(&mut self, lane: LaneId) -> Result<(), Blocked> {
        self.can_step(lane)?;
        let preempts = self.preempts(lane);
        self.steps.push(StepRun { lane, preempts, lines: Vec::new() });
        self.run_step(lane)
    }

    /// Tries a step on a copy, which need not know how it came to where it is.
    fn can_step(&self, lane: LaneId) -> Result<(), Blocked> {
        let steps = vec![StepRun { lane, preempts: false, lines: Vec::new() }];
        let mut copy = Machine { steps, ..self.here() };
        copy.run_step(lane)
    }

    /// This moment, without what happened before.
    fn here(&self) -> Machine<'p> {
        Machine {
            program: self.program,
            lanes: self.lanes.clone(),
            cells: self.cells.clone(),
            versions: self.versions.clone(),
            locks: self.locks.clone(),
            mailboxes: self.mailboxes.clone(),
            pipes: self.pipes.clone(),
            idle: self.idle.clone(),
            begun: self.begun,
            frozen_by: self.frozen_by,
            steps: Vec::new(),
            replies: self.replies.clone(),
        }
    }

    /// Whether moving this lane takes the turn away from one that could go on with it.
    fn preempts(&self, lane: LaneId) -> bool {
        let last = self.steps.last().map(|step| step.lane);
        last.is_some_and(|last| last != lane && self.is_inside(last) && self.can_step(last).is_ok())
    }

    /// The lanes that can move now.
    pub fn movable(&self) -> Vec<LaneId> {
        match self.is_complete() {
            true => Vec::new(),
            false => (0..self.lanes.len()).filter(|&lane| self.can_step(lane).is_ok()).collect(),
        }
    }

    /// What is run.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// What the cells hold, by number.
    pub fn cells(&self) -> &[Value] {
        &self.cells
    }

    /// Who holds each lock.
    pub fn locks(&self) -> &[Option<LaneId>] {
        &self.locks
    }

    /// The questions in each mailbox, the oldest first.
    pub fn mailboxes(&self) -> &[Vec<TurnId>] {
        &self.mailboxes
    }

    /// Which line of its routine a lane runs next.
    pub fn position(&self, lane: LaneId) -> usize {
        self.lanes[lane].position
    }

    /// The answers in each pipe, the oldest first.
    pub fn pipes(&self) -> &[Vec<Said>] {
        &self.pipes
    }

    /// The turn that a lane is in.
    pub fn turn(&self, lane: LaneId) -> Option<TurnId> {
        self.lanes[lane].turn
    }

    /// Which of the server's threads and which of its replicas run the next line of a lane.
    pub fn runs_on(&self, lane: LaneId) -> (usize, usize) {
        let mut next = self.here();
        next.enter(lane, &mut Vec::new());
        let own = &next.lanes[lane];
        let worker = self.program.thread_of_daemon(lane).unwrap_or(own.worker);
        (usize::from(worker), usize::from(own.replica))
    }

    /// Whether a lane is inside a function of the app.
    pub fn is_inside(&self, lane: LaneId) -> bool {
        let own = &self.lanes[lane];
        own.turn.is_some() && !self.program.routine(lane).begins(own.position)
    }

    /// A lane's own copy of a history.
    pub fn history(&self, lane: LaneId) -> &[Message] {
        &self.lanes[lane].history
    }

    /// The latest answer that a lane has.
    pub fn answer(&self, lane: LaneId) -> Option<&Said> {
        self.lanes[lane].answer.as_ref()
    }

    /// The replies so far, in the order in which they were shown.
    pub fn replies(&self) -> &[Shown] {
        &self.replies
    }

    /// Whether every client lane is through.
    pub fn is_complete(&self) -> bool {
        (0..self.program.clients()).all(|lane| self.is_finished(lane))
    }

    /// Everything that has happened so far.
    pub fn record(&self) -> Record {
        let ending = match () {
            () if self.is_complete() => Ending::Complete,
            () if !self.movable().is_empty() => Ending::Open,
            () => Ending::Stuck(self.unfinished()),
        };
        Record {
            steps: self.steps.clone(),
            replies: self.replies.clone(),
            cells: self.cells.clone(),
            ending,
        }
    }

    /// The line that a lane will make its next access with, local lines before it skipped.
    pub fn next_access(&self, lane: LaneId) -> Option<&'p Line> {
        if self.is_finished(lane) {
            return None;
        }
        let program: &'p Program = self.program;
        let lines = program.routine(lane).lines[self.lanes[lane].position..].iter();
        lines.into_iter().find(|line| line.is_access())
    }

    /// The session that a lane works for: between two questions, a daemon's own.
    pub fn session_of(&self, lane: LaneId) -> Option<SessionId> {
        let turn = self.next_turn(lane);
        let session = turn.map(|turn| self.program.cast.session_of(turn));
        session.or_else(|| self.program.session_of_daemon(lane))
    }

    /// Which instance of a place a lane means with its next line. Before it begins a request, that
    /// is in the replica that would serve it.
    pub fn instance(&self, lane: LaneId, place: PlaceId) -> usize {
        let has_begun = self.is_inside(lane) || self.frozen_by == Some(lane);
        let begins = !has_begun && !self.program.is_daemon(lane);
        let ahead = begins.then(|| self.replica(self.session_of(lane).unwrap_or(0)));
        self.instance_in(lane, place, ahead.unwrap_or(self.lanes[lane].replica))
    }

    /// Which instance of a place a lane means that a replica serves.
    fn instance_in(&self, lane: LaneId, place: PlaceId, replica: u8) -> usize {
        let own = &self.lanes[lane];
        let asker = Asker {
            session: self.session_of(lane).unwrap_or(0),
            turn: self.next_turn(lane).unwrap_or(0),
            id: own.id,
            worker: self.program.thread_of_daemon(lane).unwrap_or(own.worker),
            replica,
        };
        self.program.instance(place, &asker)
    }

    /// The client lanes that are not through, and the daemons that have work and wait to be let in,
    /// with why.
    fn unfinished(&self) -> Vec<(LaneId, Blocked)> {
        let blocked =
            (0..self.lanes.len()).filter(|&lane| !self.is_finished(lane)).filter_map(|lane| {
                match self.frozen_by == Some(lane) {
                    true => Some((lane, self.why_blocked(lane)?)),
                    false => Some((lane, self.can_step(lane).err()?)),
                }
            });
        blocked
            .filter(|(lane, reason)| {
                let waits = matches!(reason, Blocked::Lock { .. } | Blocked::Full { .. });
                !self.program.is_daemon(*lane) || waits
            })
            .collect()
    }

    fn is_finished(&self, lane: LaneId) -> bool {
        !self.program.is_daemon(lane)
            && self.lanes[lane].turns_done == self.program.cast.lanes[lane].turns.len()
    }

    fn next_line(&self, lane: LaneId) -> Option<&'p Line> {
        let program: &'p Program = self.program;
        program.routine(lane).lines.get(self.lanes[lane].position)
    }

    /// The turn that a lane is in or, between turns, a client will begin next.
    pub fn next_turn(&self, lane: LaneId) -> Option<TurnId> {
        let own = &self.lanes[lane];
        match (own.turn, self.program.is_daemon(lane)) {
            (None, false) => {
                let turn = self.program.cast.lanes[lane].turns.start + own.turns_done;
                (!self.is_finished(lane)).then_some(turn)
            }
            (turn, _) => turn,
        }
    }

    /// Why the next line of a lane cannot run now.
    pub fn why_blocked(&self, lane: LaneId) -> Option<Blocked> {
        if self.is_finished(lane) {
            return Some(Blocked::Finished);
        }
        if !self.program.is_daemon(lane)
            && !self.is_inside(lane)
            && let Some(limit) = self.full(lane)
        {
            return Some(Blocked::Full { limit });
        }
        for op in &self.next_line(lane)?.ops {
            match *op {
                Op::Acquire(place) => {
                    let lock = self.instance(lane, place);
                    if let Some(holder) = self.locks[lock] {
                        return Some(Blocked::Lock { lock, place, holder });
                    }
                }
                Op::Read(place) => {
                    let pipe = self.instance(lane, place);
                    if self.pipes[pipe].is_empty() {
                        return Some(Blocked::NothingToRead { pipe, place });
                    }
                }
                Op::Receive(place) | Op::Gather(place) => {
                    let mailbox = self.instance(lane, place);
                    if self.mailboxes[mailbox].is_empty() {
                        return Some(Blocked::Empty { mailbox, place });
                    }
                    if let (Op::Gather(_), Some(limit)) = (op, self.full(lane)) {
                        return Some(Blocked::Full { limit });
                    }
                }
                Op::Await => {
                    if self.lanes[lane].inbox.is_none() {
                        return Some(Blocked::NoAnswer);
                    }
                }
                Op::Load(_)
                | Op::Store(_)
                | Op::Append(..)
                | Op::Release(_)
                | Op::Send(_)
                | Op::Next { .. }
                | Op::Answer
                | Op::Lookup(_)
                | Op::Save(_)
                | Op::Swap { .. }
                | Op::Put(..)
                | Op::Take(_)
                | Op::Write(_)
                | Op::Drop(_)
                | Op::Mint(_)
                | Op::Pause
                | Op::Then
                | Op::Settle(_)
                | Op::Note(_)
                | Op::Infer
                | Op::UnlessFound { .. }
                | Op::UnlessKnown { .. }
                | Op::Reply => {}
            }
        }
        None
    }

    fn run_line(&mut self, lane: LaneId) -> Result<(), Blocked> {
        if let Some(reason) = self.why_blocked(lane) {
            return Err(reason);
        }
        let Some(line) = self.next_line(lane) else { return Err(Blocked::Finished) };
        let mut events = Vec::new();
        self.enter(lane, &mut events);
        let position = self.lanes[lane].position;
        let held = !self.program.is_daemon(lane) && !self.program.code.is_batched(position);
        let end = self.program.routine(lane).lines.len();
        let mut next = self.lanes[lane].position + 1;
        for op in &line.ops {
            match *op {
                Op::UnlessFound { skip } => {
                    if self.lanes[lane].found {
                        next = skip;
                    }
                }
                Op::UnlessKnown { skip } => {
                    if self.lanes[lane].known {
                        next = skip;
                    }
                }
                Op::Swap { place, retry } => {
                    if !self.swap(lane, place, &mut events) {
                        next = retry;
                    }
                }
                Op::Next { first } => {
                    if !self.lanes[lane].batch.is_empty() {
                        let turn = self.lanes[lane].batch.remove(0);
                        self.serve(lane, turn);
                        next = first;
                    }
                }
                Op::Reply => {
                    self.reply(lane, &mut events);
                    next = end;
                }
                _ => self.run_op(lane, *op, &mut events),
            }
        }
        let holds = self.held_by(lane);
        let (number, text) = (line.number, line.text.clone());
        let turn = self.lanes[lane].turn;
        // A lane that goes on behind a wait may do nothing there, before it does something else.
        if line.kind != LineKind::Resumes || !line.ops.is_empty() || next == end {
            self.note_line(LineRun { lane, turn, number, text, events, holds });
        }
        let worker = self.lanes[lane].worker;
        match next < end {
            true => self.lanes[lane].position = next,
            false => self.end_turn(lane),
        }
        let is_client = !self.program.is_daemon(lane);
        match (held, is_client && self.is_worked_on(lane)) {
            (true, false) => self.leave(worker),
            (false, true) => self.take_thread(lane),
            _ => {}
        }
        Ok(())
    }

    fn note_line(&mut self, line: LineRun) {
        if let Some(step) = self.steps.last_mut() {
            step.lines.push(line);
        }
    }

    pub(super) fn held_by(&self, lane: LaneId) -> Vec<String> {
        let locks = self.locks.iter().zip(self.program.locks()).enumerate();
        locks
            .filter(|(_, (holder, _))| **holder == Some(lane))
            .map(|(lock, (_, place))| self.program.instance_name(place, lock))
            .collect()
    }
}
