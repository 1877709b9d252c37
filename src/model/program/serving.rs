//! How the server runs requests: what of it can make a difference to a program.

use super::{Asker, Grain, Program, Role, build};
use crate::model::code::{Key, PlaceKind};
use crate::model::server::Routing;
use crate::model::state::Id;
use crate::model::{LaneId, SessionId, TurnId};

impl Program {
    /// Whether a limit can make a lane wait: it is below the number of lanes that it counts.
    pub fn limit_can_block(&self) -> bool {
        let batches = (self.clients()..self.lanes.len()).filter(|&lane| self.batches(lane));
        let counted = self.clients() + batches.count();
        let threads = self.setting.workers.filter(|_| self.setting.grain != Grain::Await);
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

    /// Whether it matters which thread runs a request: at grain `await` there is only one.
    pub fn tracks_workers(&self) -> bool {
        self.setting.grain != Grain::Await
            && self.workers() > 1
            && self.code.is_keyed_by(Key::Worker)
    }

    /// How many threads can run requests at once.
    pub fn workers(&self) -> usize {
        self.clients().min(self.setting.workers.unwrap_or(usize::MAX)).max(1)
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
}
