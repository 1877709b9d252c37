//! `store-swap`, as real Rust: a history is stored only if nobody stored
//! another one in between.
//!
//! Every failed attempt means that somebody else's succeeded, so the loop
//! ends.

use super::Twin;
use super::places::{PerSession, Versioned};
use super::stage::{Request, Stage};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history with a version for each session.
pub struct StoreSwap<P: Platform> {
    stage: Stage<P>,
    histories: PerSession<P, Versioned<P>>,
}

impl<P: Platform> StoreSwap<P> {
    /// An app that knows no session yet.
    pub fn open(stage: Stage<P>) -> Self {
        let histories = PerSession::new(&stage, "HISTORIES");
        StoreSwap { stage, histories }
    }
}

impl<P: Platform> Twin<P> for StoreSwap<P> {
    fn respond(&self, request: &Request) -> Said {
        let cell = self.histories.of(request.session);
        loop {
            let (version, mut history) = cell.load(request);
            history.push(request.question());
            let answer = self.stage.assistant(request, &history);
            history.push(answer.message());
            if cell.swap(request, version, history) {
                return answer;
            }
        }
    }
}
