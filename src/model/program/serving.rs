//! How the server runs requests: what of it can make a difference to a program.

use super::{Asker, Grain, Program, Role, build};
use crate::model::code::{Key, PlaceKind};
use crate::model::server::{Idle, Routing};
use crate::model::state::Id;
use crate::model::{LaneId, SessionId, TurnId};

/// The most threads that run requests.
const THREADS_MAX: usize = 64;

impl Program {
    /// Whether a limit can make a lane wait: it is below the number of lanes that it counts.
    pub fn limit_can_block(&self) -> bool {
        let batches = (self.clients()..self.lanes.len()).filter(|&lane| self.batches(lane));
        let counted = self.clients() + batches.count();
        let threads = self.setting.workers.filter(|_| !self.on_loop);
        self.setting.limit.into_iter().chain(threads).any(|limit| limit < counted)
    }

    /// Whether a lane is a worker that the server runs for a batch of requests.
    pub fn batches(&self, lane: LaneId) -> bool {
        self.daemon_of(lane).is_some_and(|daemon| self.code.daemons[daemon].batches())
    }

    /// Which function of the app a line belongs to: one of a request, or a worker's.
    pub fn function_at(&self, lane: LaneId, line: usize) -> (Option<usize>, usize) {
        let line = self.routine(lane).lines.get(line);
        (self.daemon_of(lane), line.map_or(0, |line| line.function))
    }

    /// The daemon of the code that a lane runs, if it runs one.
    fn daemon_of(&self, lane: LaneId) -> Option<usize> {
        match self.lanes[lane].role {
            Role::Daemon { daemon, .. } => Some(daemon),
            Role::Client | Role::Fault { .. } => None,
        }
    }

    /// How many processes serve requests.
    pub fn replicas(&self) -> usize {
        build::replicas(&self.code, self.setting)
    }

    /// Which of them serves a request.
    pub fn routing(&self) -> Routing {
        self.code.routing.unwrap_or(self.setting.routing)
    }

    /// Whether the order in which requests begin decides which replica serves them.
    pub fn takes_turns(&self) -> bool {
        self.routing() == Routing::RoundRobin
            && self.replicas() > 1
            && self.code.is_keyed_by(Key::Replica)
    }

    /// Whether it matters which thread runs a request.
    pub fn tracks_workers(&self) -> bool {
        let mut places = self.code.respond.lines.iter().flat_map(|line| &line.ops);
        let by_thread = |place: usize| self.code.places[place].keys.contains(&Key::Worker);
        self.workers() > 1 && places.any(|op| op.place().is_some_and(by_thread))
    }

    /// Which of several idle threads takes a request.
    pub fn idle(&self) -> Idle {
        self.setting.idle.unwrap_or_default()
    }

    /// The threads that wait for a request before the first one, if it matters which is taken.
    pub fn idle_at_first(&self) -> impl Iterator<Item = u8> + use<> {
        let threads = if self.tracks_workers() { self.workers() } else { 0 };
        (0..threads).map(|thread| thread as u8)
    }

    /// How many threads run requests: as many as there can be at once, unless a number is given. More
    /// than there are requests make no difference.
    pub fn workers(&self) -> usize {
        let functions = 1 + self.code.respond.lines.last().map_or(0, |line| line.function);
        let requests = (self.cast.turns.len() * functions).min(THREADS_MAX);
        match (self.on_loop, self.setting.workers) {
            (true, _) => 1,
            (false, workers) => workers.unwrap_or(self.clients()).clamp(1, requests.max(1)),
        }
    }

    /// The thread that a daemon has of its own, or that coroutines share; none where that is the one
    /// of the requests.
    pub fn thread_of_daemon(&self, lane: LaneId) -> Option<u8> {
        let is_async = |lane: &LaneId| self.is_on_loop(*lane);
        let of_lane = match is_async(&lane) {
            true if self.on_loop => None,
            true => (self.clients()..self.lanes.len()).find(is_async),
            false => self.daemon_of(lane).map(|_| lane),
        };
        of_lane.map(|lane| (self.workers() + lane - self.clients()) as u8)
    }

    /// Whether a lane is a daemon that runs on an event loop.
    pub fn is_on_loop(&self, lane: LaneId) -> bool {
        self.daemon_of(lane).is_some_and(|daemon| self.code.daemons[daemon].is_async)
    }

    /// The daemon that a thread belongs to, if it is not one that runs requests.
    pub fn daemon_of_thread(&self, thread: usize) -> Option<LaneId> {
        thread.checked_sub(self.workers()).map(|daemon| self.clients() + daemon)
    }

    /// How many threads there can be, those of daemons included.
    pub fn threads(&self) -> usize {
        self.workers() + self.lanes.len() - self.clients()
    }

    /// Whether others can notice how far a request is through its local lines: one that begins
    /// takes a slot, a thread or its place in a row, and one that waits can be cancelled.
    pub fn shows_local_lines(&self) -> bool {
        self.setting.limit.is_some()
            || self.setting.workers.is_some()
            || self.tracks_workers()
            || self.takes_turns()
            || (0..self.clients()).any(|lane| self.can_be_cancelled(lane))
    }

    /// Whether a lane can stop the event loop: by waiting for a lock that is held.
    pub fn can_freeze(&self) -> bool {
        let mut places = self.code.places.iter();
        self.setting.grain == Grain::Await
            && places.any(|place| place.kind == PlaceKind::Lock && !place.is_async)
    }

    /// Which replica serves a session, where that is always the same one; nought where no place
    /// is keyed by that.
    pub fn replica_of(&self, session: SessionId) -> u8 {
        match self.code.is_keyed_by(Key::Replica) {
            true => (session % self.replicas()) as u8,
            false => 0,
        }
    }

    /// What a request means by the keys of a place, as long as nothing of it changes.
    pub fn asker_of(&self, turn: TurnId) -> Asker {
        let session = self.cast.session_of(turn);
        let id = Id::Session(session as u8);
        Asker { session, turn, id, worker: 0, replica: self.replica_of(session) }
    }

    /// The same in a lane that works for it.
    pub fn asker_in(&self, lane: LaneId, turn: TurnId) -> Asker {
        let worker = self.thread_of_daemon(lane).unwrap_or(0);
        Asker { worker, ..self.asker_of(turn) }
    }

    /// Whether a lane can work for a session.
    pub fn works_for(&self, lane: LaneId, session: SessionId) -> bool {
        match self.cast.lanes.get(lane) {
            Some(client) => client.session == session,
            None => self.session_of_daemon(lane).is_none_or(|own| own == session),
        }
    }
}
