//! `session-map`, as real Rust: a map with one history for each session.
//!
//! The map's own lock is held just for the look-up, so sessions do not wait
//! for each other. Two requests of one session still copy the same history,
//! and the later store wins.

use super::Twin;
use super::places::Cells;
use super::stage::{Request, Stage};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history for each session.
pub struct SessionMap<P: Platform> {
    stage: Stage<P>,
    histories: Cells<P>,
}

impl<P: Platform> SessionMap<P> {
    /// An app that knows no session yet.
    pub fn open(stage: Stage<P>) -> Self {
        let histories = Cells::new(&stage, "HISTORIES");
        SessionMap { stage, histories }
    }
}

impl<P: Platform> Twin<P> for SessionMap<P> {
    fn respond(&self, request: &Request) -> Said {
        let cell = self.histories.of(request.session);
        let mut history = cell.load(request);
        history.push(request.question());
        let answer = self.stage.assistant(request, &history);
        history.push(answer.message());
        cell.store(request, history);
        answer
    }
}
