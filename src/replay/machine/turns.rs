//! How a request begins and ends in the plain machine: its slot, its thread, its replica, its reply.

use super::{LaneState, Machine};
use crate::model::code::Key;
use crate::model::server::{Idle, Routing, Slots};
use crate::model::state::Id;
use crate::model::step::Blocked;
use crate::model::{LaneId, SessionId, TurnId};
use crate::replay::record::{Event, LineRun, Shown};

impl Machine<'_> {
    /// How many requests the server works on at most, if it works on so many now.
    pub(super) fn full(&self, lane: LaneId) -> Option<usize> {
        let setting = self.program.setting;
        let function = |lane: LaneId| self.program.function_at(lane, self.lanes[lane].position);
        let inside: Vec<LaneId> =
            (0..self.lanes.len()).filter(|&lane| self.is_worked_on(lane)).collect();
        let same = match setting.slots {
            Slots::Shared => inside.len(),
            Slots::PerFunction => {
                inside.iter().filter(|&&other| function(other) == function(lane)).count()
            }
        };
        let threads = setting.workers.filter(|_| !self.program.on_loop);
        let limited = setting.limit.filter(|&limit| same >= limit);
        limited.or(threads.filter(|&workers| inside.len() >= workers))
    }

    /// Whether the server works on what a lane does. It waits itself with requests until it has a
    /// batch of them; then the batch is one piece of work.
    pub(super) fn is_worked_on(&self, lane: LaneId) -> bool {
        let position = self.lanes[lane].position;
        if self.program.is_daemon(lane) {
            return self.program.batches(lane) && position != 0;
        }
        self.is_inside(lane) && !self.program.code.is_batched(position)
    }

    pub(super) fn end_turn(&mut self, lane: LaneId) {
        let turns_done = self.lanes[lane].turns_done + 1;
        self.lanes[lane] = LaneState { turns_done, ..LaneState::default() };
    }

    /// Lets a client that stands before a function of the app enter it: a turn, or its next part.
    pub(super) fn enter(&mut self, lane: LaneId, events: &mut Vec<Event>) {
        if self.program.is_daemon(lane) || self.is_inside(lane) {
            return;
        }
        self.take_thread(lane);
        self.lanes[lane].replica = self.replica(self.program.cast.lanes[lane].session);
        self.begun += 1;
        if self.lanes[lane].turn.is_none() {
            self.begin(lane, events);
        }
    }

    /// Takes a thread that runs a request.
    pub(super) fn take_thread(&mut self, lane: LaneId) {
        self.lanes[lane].worker = match (self.program.idle(), self.idle.is_empty()) {
            (_, true) => 0,
            (Idle::Longest, false) => self.idle.remove(0),
            (Idle::Latest, false) => self.idle.pop().unwrap_or(0),
        };
    }

    /// Gives back the thread that ran a request.
    pub(super) fn leave(&mut self, worker: u8) {
        if self.program.tracks_workers() {
            self.idle.push(worker);
        }
    }

    /// Ends a turn where it waits, as its client wants it.
    pub(super) fn cancel(&mut self, fault: LaneId, turn: TurnId) -> Result<(), Blocked> {
        let lane = self.program.cast.turns[turn].lane;
        let waits = self.lanes[lane].turn == Some(turn) && self.is_inside(lane);
        let line = self.next_line(lane).filter(|_| waits);
        let (Some(line), Some(ops)) = (line, line.and_then(|line| line.cancelled.as_ref())) else {
            return Err(Blocked::NothingToCancel);
        };
        let held = matches!(self.why_blocked(lane), Some(Blocked::Lock { .. }));
        if line.waits_for_lock() && !held {
            return Err(Blocked::NothingToCancel);
        }
        let mut events = vec![Event::Cancelled(turn)];
        for op in ops {
            self.run_op(lane, *op, &mut events);
        }
        let (worker, held) = (self.lanes[lane].worker, self.is_worked_on(lane));
        self.end_turn(lane);
        if held {
            self.leave(worker);
        }
        self.lanes[fault].turns_done = 1;
        let (number, text) = (line.number, "# the client cancels".to_owned());
        // A lock that no `with` block gave back is held on.
        let (turn, holds) = (Some(turn), self.held_by(lane));
        self.note_line(LineRun { lane, turn, number, text, events, holds });
        Ok(())
    }

    /// Makes a lane wait for a lock on the one event loop, for ever.
    pub(super) fn freeze(&mut self, lane: LaneId) {
        let mut events = Vec::new();
        self.enter(lane, &mut events);
        self.frozen_by = Some(lane);
        events.push(Event::Froze);
        let holds = self.held_by(lane);
        if let Some(line) = self.next_line(lane) {
            let (number, text) = (line.number, line.text.clone());
            let turn = self.lanes[lane].turn;
            self.note_line(LineRun { lane, turn, number, text, events, holds });
        }
    }

    pub(super) fn begin(&mut self, lane: LaneId, events: &mut Vec<Event>) {
        let turn = self.next_turn(lane);
        let session = self.program.cast.lanes[lane].session;
        let answered = self.replies.iter().map(|reply| reply.turn);
        let earlier = answered.filter(|&turn| self.program.cast.session_of(turn) == session);
        let earlier = earlier.collect();
        let own = &mut self.lanes[lane];
        own.turn = turn;
        own.earlier = earlier;
        own.id = Id::Session(session as u8);
        events.extend(turn.map(Event::Began));
    }

    /// The replica that serves the request that begins now.
    pub(super) fn replica(&self, session: SessionId) -> u8 {
        match self.program.routing() {
            _ if !self.program.code.is_keyed_by(Key::Replica) => 0,
            Routing::Sticky => self.program.replica_of(session),
            Routing::RoundRobin => (self.begun % self.program.replicas()) as u8,
        }
    }

    pub(super) fn reply(&mut self, lane: LaneId, events: &mut Vec<Event>) {
        let own = &self.lanes[lane];
        let (Some(turn), Some(said)) = (own.turn, own.answer.clone()) else { return };
        let (step, earlier) = (self.steps.len() - 1, own.earlier.clone());
        self.replies.push(Shown { turn, step, said: said.clone(), earlier });
        events.push(Event::Replied { turn, said });
    }
}
