//! `actor-shared-slot`, as real Rust: one worker for all sessions, and a
//! variable beside its mailbox that says who asks.
//!
//! The compiler is content: the variable is behind a lock. But writing it
//! and sending the letter are two moves, and somebody fits in between.

use super::places::{Cells, Name, Slot, Worker};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::{Arc, Platform};
use crate::replay::record::Said;

/// One worker, and who asks.
pub struct ActorSharedSlot<P: Platform> {
    current: Arc<Slot<P>>,
    worker: Worker<P>,
}

impl<P: Platform> ActorSharedSlot<P> {
    /// An app with its worker running.
    pub fn open(stage: Stage<P>) -> Self {
        let current = Arc::new(Slot::new(&stage, Name::shared("CURRENT")));
        let name = Name::shared("MAILBOX");
        let lane = stage.cast.lanes.len();
        let histories = Cells::new(&stage, "HISTORIES");
        let (app, asks) = (stage.clone(), Arc::clone(&current));
        let worker = Worker::start(&stage, name, lane, move |request| {
            let cell = histories.of(asks.take(request));
            turns::copied(&app, request, &cell)
        });
        ActorSharedSlot { current, worker }
    }
}

impl<P: Platform> Twin<P> for ActorSharedSlot<P> {
    fn respond(&self, request: &Request) -> Said {
        self.current.put(request);
        self.worker.ask(request)
    }

    fn stop(&self) {
        self.worker.stop();
    }
}
