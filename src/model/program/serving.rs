//! How the server runs requests: what of it can make a difference to a program.

use super::{Asker, Grain, Program, build};
use crate::model::code::{Key, PlaceKind};
use crate::model::server::Routing;
use crate::model::state::Id;
use crate::model::{LaneId, SessionId, TurnId};

impl Program {
    /// Whether a limit can make a lane wait: it is below the number of client lanes.
    pub fn limit_can_block(&self) -> bool {
        self.setting.limit.is_some_and(|limit| limit < self.clients())
            || self.setting.grain != Grain::Await && self.workers() < self.clients()
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

    /// The threads that wait for a request before the first one, if it matters which is taken.
    pub fn idle_at_first(&self) -> impl Iterator<Item = u8> + use<> {
        let threads = if self.tracks_workers() { self.workers() } else { 0 };
        (0..threads).map(|thread| thread as u8)
    }

    /// How many threads can run requests at once.
    pub fn workers(&self) -> usize {
        self.clients().min(self.setting.workers.unwrap_or(usize::MAX)).max(1)
    }

    /// The thread that a daemon has of its own; none where one event loop runs everything.
    pub fn thread_of_daemon(&self, lane: LaneId) -> Option<u8> {
        let own = self.is_daemon(lane) && self.setting.grain != Grain::Await;
        own.then(|| (self.workers() + lane - self.clients()) as u8)
    }

    /// The daemon that a thread belongs to, if it is not one that runs requests.
    pub fn daemon_of_thread(&self, thread: usize) -> Option<LaneId> {
        thread.checked_sub(self.workers()).map(|daemon| self.clients() + daemon)
    }

    /// How many threads there can be, those of daemons included.
    pub fn threads(&self) -> usize {
        match self.setting.grain {
            Grain::Await => 1,
            _ => self.workers() + self.lanes.len() - self.clients(),
        }
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
