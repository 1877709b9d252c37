//! `queue-global`, as real Rust: one worker that owns the one history.
//!
//! Nothing is shared between threads here: the history lives in the worker.
//! It is shared between users.

use super::places::{Cell, Name, Worker};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One worker with one history.
pub struct QueueGlobal<P: Platform> {
    worker: Worker<P>,
}

impl<P: Platform> QueueGlobal<P> {
    /// An app with its worker running.
    pub fn open(stage: Stage<P>) -> Self {
        let name = Name::shared("MAILBOX");
        let lane = stage.cast.lanes.len();
        let history = Cell::new(&stage, Name::shared("HISTORY"));
        let app = stage.clone();
        let worker = Worker::start(&stage, name, lane, move |request| {
            turns::copied(&app, request, &history)
        });
        QueueGlobal { worker }
    }
}

impl<P: Platform> Twin<P> for QueueGlobal<P> {
    fn respond(&self, request: &Request) -> Said {
        self.worker.ask(request)
    }

    fn stop(&self) {
        self.worker.stop();
    }
}
