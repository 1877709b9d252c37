//! `actor`, as real Rust: one worker thread and one channel for each
//! session.
//!
//! Only the worker touches its session's history: it lives in the worker's
//! thread. An explicit stop message ends each worker.

use super::Twin;
use super::places::{Cell, Inbox, Mailbox, Name};
use super::stage::{Request, Stage};
use crate::platform::{Lock, Platform};
use crate::replay::record::Said;

/// One worker for each session.
pub struct Actor<P: Platform> {
    mailboxes: Vec<Mailbox<P>>,
    workers: P::Lock<Vec<P::Thread>>,
}

impl<P: Platform> Actor<P> {
    /// An app with a running worker for each session.
    pub fn open(stage: Stage<P>) -> Self {
        let clients = stage.cast.lanes.len();
        let mut mailboxes = Vec::new();
        let mut workers = Vec::new();
        for session in 0..stage.cast.sessions.len() {
            let name = Name::of("MAILBOXES", session);
            let lane = clients + session;
            let (mailbox, inbox) = Mailbox::new(&stage, name, lane);
            mailboxes.push(mailbox);
            let stage = stage.clone();
            workers.push(P::spawn(move || work(&stage, &inbox, session)));
        }
        Actor { mailboxes, workers: P::Lock::new(workers) }
    }
}

fn work<P: Platform>(stage: &Stage<P>, inbox: &Inbox<P>, session: usize) {
    let histories = Cell::new(stage, Name::of("HISTORIES", session));
    while let Some((request, reply)) = inbox.next() {
        let mut history = histories.load(&request);
        history.push(request.question());
        let answer = stage.assistant(&request, &history);
        history.push(answer.message());
        histories.store(&request, history);
        inbox.answer(&reply, answer);
    }
}

impl<P: Platform> Twin<P> for Actor<P> {
    fn respond(&self, request: &Request) -> Said {
        let answer = self.mailboxes[request.session].ask(request);
        // A worker that is gone answers nothing, which nobody mistakes.
        answer.unwrap_or_else(|| Said::nothing(request.turn))
    }

    fn stop(&self) {
        for mailbox in &self.mailboxes {
            mailbox.stop();
        }
        for worker in std::mem::take(&mut *self.workers.lock()) {
            P::join(worker);
        }
    }
}
