//! Places that lanes share, and that write down each access themselves.
//!
//! They do it inside their own critical section, so what is written down happened in that order.
//! Nobody places a probe by hand, so none can be forgotten where it matters most: beside a lock.

mod cache;
mod mailbox;
mod slot;
mod versioned;

pub use cache::{Cache, CacheEntry};
pub use mailbox::{Inbox, Letter, Mailbox, ReplyBox, Worker};
pub use slot::Slot;
pub use versioned::Versioned;

use super::stage::{Request, Stage};
use crate::model::{LaneId, SessionId, TurnId};
use crate::platform::{Arc, Lock, Platform};
use crate::replay::record::{Message, Said};
use std::collections::BTreeMap;

/// One access to a shared place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Who made it.
    pub lane: LaneId,
    /// What was done.
    pub touch: AccessKind,
}

/// What was done to which place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessKind {
    /// A cell was copied.
    Load(Name),
    /// A cell was replaced by this.
    Store(Name, Vec<Message>),
    /// A message was added to a cell.
    Append(Name, Message),
    /// A lock was taken.
    Acquire(Name),
    /// A lock was given back.
    Release(Name),
    /// A question was put into a mailbox.
    Send(Name),
    /// A question was taken out of a mailbox.
    Receive(Name),
    /// An answer was handed back.
    Answer,
    /// An answer was picked up.
    Await,
    /// A cached answer was looked for.
    Lookup(Name),
    /// An answer was put into a cache.
    Save(Name, Said),
    /// A cell was to be replaced if nobody had written it since: by this, or it was not.
    Swap(Name, Option<Vec<Message>>),
    /// A small value was written.
    Put(Name),
    /// A small value was read.
    Take(Name),
}

/// A declared place, and what it is keyed by: whose it is, and for which question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name in the listing.
    pub place: &'static str,
    /// The session, if it is keyed by session.
    pub session: Option<SessionId>,
    /// The turn with the question, if it is keyed by question.
    pub question: Option<TurnId>,
}

impl Name {
    /// A place that everybody shares.
    pub fn shared(place: &'static str) -> Name {
        Name { place, session: None, question: None }
    }

    /// A session's own place.
    pub fn of(place: &'static str, session: SessionId) -> Name {
        Name { session: Some(session), ..Name::shared(place) }
    }

    /// The same place, for one question.
    pub fn asking(self, question: TurnId) -> Name {
        Name { question: Some(question), ..self }
    }
}

/// A history that is copied and stored back: each access is one short critical section.
pub struct Cell<P: Platform> {
    stage: Stage<P>,
    name: Name,
    messages: P::Lock<Vec<Message>>,
}

impl<P: Platform> Cell<P> {
    /// An empty history.
    pub fn new(stage: &Stage<P>, name: Name) -> Cell<P> {
        Cell { stage: stage.clone(), name, messages: P::Lock::new(Vec::new()) }
    }

    /// A copy of what is in it now.
    pub fn load(&self, request: &Request) -> Vec<Message> {
        let messages = self.messages.lock();
        self.stage.note(request.lane, AccessKind::Load(self.name));
        messages.clone()
    }

    /// Replaces what is in it.
    pub fn store(&self, request: &Request, history: Vec<Message>) {
        let mut messages = self.messages.lock();
        self.stage.note(request.lane, AccessKind::Store(self.name, history.clone()));
        *messages = history;
    }

    /// Adds a message in place.
    pub fn append(&self, request: &Request, message: Message) {
        let mut messages = self.messages.lock();
        self.stage.note(request.lane, AccessKind::Append(self.name, message.clone()));
        messages.push(message);
    }
}

/// A map with one place for each session, made when it is first asked for.
pub struct PerSession<P: Platform, T: Keyed<P>> {
    stage: Stage<P>,
    place: &'static str,
    made: P::Lock<BTreeMap<SessionId, Arc<T>>>,
}

/// A place that each session can have its own of.
pub trait Keyed<P: Platform>: Send + Sync + Sized + 'static {
    /// A new one.
    fn named(stage: &Stage<P>, name: Name) -> Self;
}

/// A map with one history for each session.
pub type Cells<P> = PerSession<P, Cell<P>>;

/// A map with one lock for each session.
pub type Gates<P> = PerSession<P, Gate<P>>;

impl<P: Platform, T: Keyed<P>> PerSession<P, T> {
    /// An empty map.
    pub fn new(stage: &Stage<P>, place: &'static str) -> Self {
        PerSession { stage: stage.clone(), place, made: P::Lock::new(BTreeMap::new()) }
    }

    /// What a session has. The map's own lock is held just for the look-up.
    pub fn of(&self, session: SessionId) -> Arc<T> {
        let mut made = self.made.lock();
        let fresh = || Arc::new(T::named(&self.stage, Name::of(self.place, session)));
        Arc::clone(made.entry(session).or_insert_with(fresh))
    }
}

impl<P: Platform> Keyed<P> for Cell<P> {
    fn named(stage: &Stage<P>, name: Name) -> Self {
        Cell::new(stage, name)
    }
}

impl<P: Platform> Keyed<P> for Gate<P> {
    fn named(stage: &Stage<P>, name: Name) -> Self {
        Gate::new(stage, name)
    }
}

/// A lock around a turn.
pub struct Gate<P: Platform> {
    stage: Stage<P>,
    name: Name,
    lock: P::Lock<()>,
}

/// A turn that is inside; outside again when this is dropped.
pub struct Inside<'a, P: Platform> {
    gate: &'a Gate<P>,
    lane: LaneId,
    _guard: <P::Lock<()> as Lock<()>>::Guard<'a>,
}

impl<P: Platform> Gate<P> {
    /// A free lock.
    pub fn new(stage: &Stage<P>, name: Name) -> Gate<P> {
        Gate { stage: stage.clone(), name, lock: P::Lock::new(()) }
    }

    /// Waits until the lock is free and takes it.
    pub fn enter(&self, request: &Request) -> Inside<'_, P> {
        let guard = self.lock.lock();
        self.stage.note(request.lane, AccessKind::Acquire(self.name));
        Inside { gate: self, lane: request.lane, _guard: guard }
    }
}

impl<P: Platform> Drop for Inside<'_, P> {
    /// Written down while the lock is still held; the guard is dropped right after.
    fn drop(&mut self) {
        self.gate.stage.note(self.lane, AccessKind::Release(self.gate.name));
    }
}
