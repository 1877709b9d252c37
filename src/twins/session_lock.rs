//! `session-lock`, as real Rust: a history and a lock for each session.
//!
//! The gate is the session's, as the history is: whoever can touch this
//! history must come through this gate, and nobody else has to wait.

use super::places::{Cells, Gates};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history and one lock for each session.
pub struct SessionLock<P: Platform> {
    stage: Stage<P>,
    gates: Gates<P>,
    histories: Cells<P>,
}

impl<P: Platform> SessionLock<P> {
    /// An app that knows no session yet.
    pub fn open(stage: Stage<P>) -> Self {
        let gates = Gates::new(&stage, "LOCKS");
        let histories = Cells::new(&stage, "HISTORIES");
        SessionLock { stage, gates, histories }
    }
}

impl<P: Platform> Twin<P> for SessionLock<P> {
    fn respond(&self, request: &Request) -> Said {
        let gate = self.gates.of(request.session);
        let _inside = gate.enter(request);
        let cell = self.histories.of(request.session);
        turns::copied(&self.stage, request, &cell)
    }
}
