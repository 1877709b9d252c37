//! `locked-global`, as real Rust: the global history, with a lock around
//! the whole turn.
//!
//! The guard lets one turn after the other in. The second one reads what
//! the first one stored.

use super::Twin;
use super::places::{Cell, Gate, Name};
use super::stage::{Request, Stage};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history for everybody, one turn at a time.
pub struct LockedGlobal<P: Platform> {
    stage: Stage<P>,
    gate: Gate<P>,
    history: Cell<P>,
}

impl<P: Platform> LockedGlobal<P> {
    /// An app with an empty history and a free lock.
    pub fn open(stage: Stage<P>) -> Self {
        let gate = Gate::new(&stage, Name::shared("LOCK"));
        let history = Cell::new(&stage, Name::shared("HISTORY"));
        LockedGlobal { stage, gate, history }
    }
}

impl<P: Platform> Twin<P> for LockedGlobal<P> {
    fn respond(&self, request: &Request) -> Said {
        let _inside = self.gate.enter(request);
        let mut history = self.history.load(request);
        history.push(request.question());
        let answer = self.stage.assistant(request, &history);
        history.push(answer.message());
        self.history.store(request, history);
        answer
    }
}
