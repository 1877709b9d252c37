//! A mailbox, and the worker that answers what comes into it.

use super::{AccessKind, Name};
use crate::model::LaneId;
use crate::platform::{Lock, Platform, Receiver, Sender};
use crate::replay::record::Said;
use crate::twins::stage::{Request, Stage};
use std::ops::Deref;

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
            self.stage.note(request.lane, AccessKind::Send(self.name));
            letters.send(Letter::Question(*request, ReplyBox(reply)));
        }
        let said = answer.receive();
        self.stage.note(request.lane, AccessKind::Await);
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
                self.stage.note(self.lane, AccessKind::Receive(self.name));
                Some((request.served_by(self.lane), reply))
            }
        }
    }

    /// Hands an answer back.
    pub fn answer(&self, reply: &ReplyBox<P>, said: Said) {
        self.stage.note(self.lane, AccessKind::Answer);
        reply.0.send(said);
    }
}

/// A mailbox with a worker behind it: a thread that answers one question after the other.
pub struct Worker<P: Platform> {
    mailbox: Mailbox<P>,
    thread: P::Lock<Option<P::Thread>>,
}

impl<P: Platform> Worker<P> {
    /// Starts a worker; `lane` is its own, and `answers` is all that it does for a question.
    pub fn start(
        stage: &Stage<P>,
        name: Name,
        lane: LaneId,
        answers: impl Fn(&Request) -> Said + Send + 'static,
    ) -> Worker<P> {
        let (mailbox, inbox) = Mailbox::new(stage, name, lane);
        let thread = P::spawn(move || {
            while let Some((request, reply)) = inbox.next() {
                inbox.answer(&reply, answers(&request));
            }
        });
        Worker { mailbox, thread: P::Lock::new(Some(thread)) }
    }

    /// Sends a question and waits for its answer.
    pub fn ask(&self, request: &Request) -> Said {
        // A worker that is gone answers nothing, which nobody mistakes.
        self.mailbox.ask(request).unwrap_or_else(|| Said::nothing(request.turn))
    }

    /// Ends the worker, by an explicit message.
    pub fn stop(&self) {
        self.mailbox.stop();
        if let Some(thread) = self.thread.lock().take() {
            P::join(thread);
        }
    }
}
