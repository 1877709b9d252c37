//! `locked`, as real Rust: one history for each session, and one lock
//! around the whole turn.
//!
//! The guard is dropped before the answer goes out, as the end of Python's
//! `with` block does it.

use super::Twin;
use super::places::{Cells, Gate, Name};
use super::stage::{Request, Stage};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history for each session, one turn at a time.
pub struct Locked<P: Platform> {
    stage: Stage<P>,
    gate: Gate<P>,
    histories: Cells<P>,
}

impl<P: Platform> Locked<P> {
    /// An app that knows no session yet, with a free lock.
    pub fn open(stage: Stage<P>) -> Self {
        let gate = Gate::new(&stage, Name::shared("LOCK"));
        let histories = Cells::new(&stage, "HISTORIES");
        Locked { stage, gate, histories }
    }
}

impl<P: Platform> Twin<P> for Locked<P> {
    fn respond(&self, request: &Request) -> Said {
        let _inside = self.gate.enter(request);
        let cell = self.histories.of(request.session);
        let mut history = cell.load(request);
        history.push(request.question());
        let answer = self.stage.assistant(request, &history);
        history.push(answer.message());
        cell.store(request, history);
        answer
    }
}
