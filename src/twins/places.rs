//! Places that lanes share, and that write down each access themselves.
//!
//! They do it inside their own critical section, so what is written down happened in that order.
//! Nobody places a probe by hand, so none can be forgotten where it matters most: beside a lock.

use super::stage::{Request, Stage};
use crate::model::{LaneId, SessionId};
use crate::platform::{Arc, Lock, Platform, Receiver, Sender};
use crate::replay::record::{Message, Said};
use std::collections::BTreeMap;
use std::ops::Deref;

/// One access to a shared place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Who made it.
    pub lane: LaneId,
    /// What was done.
    pub touch: Touch,
}

/// What was done to which place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touch {
    /// A cell was copied.
    Load(Name),
    /// A cell was replaced.
    Store(Name),
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
}

/// A declared place, and for one that each session has its own of, whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name in the listing.
    pub place: &'static str,
    /// The session, if it is keyed by session.
    pub session: Option<SessionId>,
}

impl Name {
    /// A place that everybody shares.
    pub fn shared(place: &'static str) -> Name {
        Name { place, session: None }
    }

    /// A session's own place.
    pub fn of(place: &'static str, session: SessionId) -> Name {
        Name { place, session: Some(session) }
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
        self.stage.note(request.lane, Touch::Load(self.name));
        messages.clone()
    }

    /// Replaces what is in it.
    pub fn store(&self, request: &Request, history: Vec<Message>) {
        let mut messages = self.messages.lock();
        self.stage.note(request.lane, Touch::Store(self.name));
        *messages = history;
    }

    /// Adds a message in place.
    pub fn append(&self, request: &Request, message: Message) {
        let mut messages = self.messages.lock();
        self.stage.note(request.lane, Touch::Append(self.name, message.clone()));
        messages.push(message);
    }
}

/// A map with one history for each session, made when it is first asked for.
pub struct Cells<P: Platform> {
    stage: Stage<P>,
    place: &'static str,
    cells: P::Lock<BTreeMap<SessionId, Arc<Cell<P>>>>,
}

impl<P: Platform> Cells<P> {
    /// An empty map.
    pub fn new(stage: &Stage<P>, place: &'static str) -> Cells<P> {
        Cells { stage: stage.clone(), place, cells: P::Lock::new(BTreeMap::new()) }
    }

    /// The history of a session. The map's own lock is held just for the look-up.
    pub fn of(&self, session: SessionId) -> Arc<Cell<P>> {
        let mut cells = self.cells.lock();
        let fresh = || Arc::new(Cell::new(&self.stage, Name::of(self.place, session)));
        Arc::clone(cells.entry(session).or_insert_with(fresh))
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
        self.stage.note(request.lane, Touch::Acquire(self.name));
        Inside { gate: self, lane: request.lane, _guard: guard }
    }
}

impl<P: Platform> Drop for Inside<'_, P> {
    /// Written down while the lock is still held; the guard is dropped right after.
    fn drop(&mut self) {
        self.gate.stage.note(self.lane, Touch::Release(self.gate.name));
    }
}

/// What a worker finds in its mailbox.
pub enum Letter<P: Platform> {
    /// A question, and where the answer goes.
    Question(Request, ReplyBox<P>),
    /// No more questions will come.
    Stop,
}

/// A mailbox: letters go in from any lane, and come out at one worker.
pub struct Mailbox<P: Platform> {
    stage: Stage<P>,
    name: Name,
    /// Behind a lock, so that writing down and sending are one access.
    letters: P::Lock<P::Sender<Letter<P>>>,
}

/// The worker's end of a mailbox.
pub struct Inbox<P: Platform> {
    stage: Stage<P>,
    name: Name,
    lane: LaneId,
    letters: P::Receiver<Letter<P>>,
}

/// Where the answer to one question goes.
pub struct ReplyBox<P: Platform>(P::Sender<Said>);

impl<P: Platform> Mailbox<P> {
    /// A mailbox and its worker's end; `lane` is the worker's.
    pub fn new(stage: &Stage<P>, name: Name, lane: LaneId) -> (Mailbox<P>, Inbox<P>) {
        let (sender, letters) = P::channel();
        let mailbox = Mailbox { stage: stage.clone(), name, letters: P::Lock::new(sender) };
        (mailbox, Inbox { stage: stage.clone(), name, lane, letters })
    }

    /// Sends a question and waits for its answer.
    pub fn ask(&self, request: &Request) -> Option<Said> {
        let (reply, answer) = P::channel();
        {
            let letters = self.letters.lock();
            self.stage.note(request.lane, Touch::Send(self.name));
            letters.send(Letter::Question(*request, ReplyBox(reply)));
        }
        let said = answer.receive();
        self.stage.note(request.lane, Touch::Await);
        said
    }

    /// Tells the worker to stop.
    pub fn stop(&self) {
        self.letters.lock().deref().send(Letter::Stop);
    }
}

impl<P: Platform> Inbox<P> {
    /// Waits for the next question; `None` when there will be no more.
    pub fn next(&self) -> Option<(Request, ReplyBox<P>)> {
        match self.letters.receive()? {
            Letter::Stop => None,
            Letter::Question(request, reply) => {
                self.stage.note(self.lane, Touch::Receive(self.name));
                Some((request.served_by(self.lane), reply))
            }
        }
    }

    /// Hands an answer back.
    pub fn answer(&self, reply: &ReplyBox<P>, said: Said) {
        self.stage.note(self.lane, Touch::Answer);
        reply.0.send(said);
    }
}
