//! `wrong-lock`, as real Rust: the global history, with a lock for each
//! session around the whole turn.
//!
//! Two users never meet at a gate, so the gates protect the history from
//! nobody but the user's own second click.

use super::places::{Cell, Gates, Name};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history for everybody, one lock for each session.
pub struct WrongLock<P: Platform> {
    stage: Stage<P>,
    gates: Gates<P>,
    history: Cell<P>,
}

impl<P: Platform> WrongLock<P> {
    /// An app with an empty history, and no lock yet.
    pub fn open(stage: Stage<P>) -> Self {
        let gates = Gates::new(&stage, "LOCKS");
        let history = Cell::new(&stage, Name::shared("HISTORY"));
        WrongLock { stage, gates, history }
    }
}

impl<P: Platform> Twin<P> for WrongLock<P> {
    fn respond(&self, request: &Request) -> Said {
        let gate = self.gates.of(request.session);
        let _inside = gate.enter(request);
        turns::copied(&self.stage, request, &self.history)
    }
}
