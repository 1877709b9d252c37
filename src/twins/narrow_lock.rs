//! `narrow-lock`, as real Rust: the global history, with a lock around the
//! load and around the store.
//!
//! Each guard lives for one line. Between the two lines anybody may do the
//! same.

use super::Twin;
use super::places::{Cell, Gate, Name};
use super::stage::{Request, Stage};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history for everybody, one access at a time.
pub struct NarrowLock<P: Platform> {
    stage: Stage<P>,
    gate: Gate<P>,
    history: Cell<P>,
}

impl<P: Platform> NarrowLock<P> {
    /// An app with an empty history and a free lock.
    pub fn open(stage: Stage<P>) -> Self {
        let gate = Gate::new(&stage, Name::shared("LOCK"));
        let history = Cell::new(&stage, Name::shared("HISTORY"));
        NarrowLock { stage, gate, history }
    }
}

impl<P: Platform> Twin<P> for NarrowLock<P> {
    fn respond(&self, request: &Request) -> Said {
        let mut history = {
            let _inside = self.gate.enter(request);
            self.history.load(request)
        };
        history.push(request.question());
        let answer = self.stage.assistant(request, &history);
        history.push(answer.message());
        let _inside = self.gate.enter(request);
        self.history.store(request, history);
        answer
    }
}
