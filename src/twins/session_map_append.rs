//! `session-map-append`, as real Rust: a map with one list for each
//! session, appended to in place.
//!
//! The same turn as with `global-append`. Only the list is another one.

use super::places::Cells;
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One list for each session.
pub struct SessionMapAppend<P: Platform> {
    stage: Stage<P>,
    histories: Cells<P>,
}

impl<P: Platform> SessionMapAppend<P> {
    /// An app that knows no session yet.
    pub fn open(stage: Stage<P>) -> Self {
        let histories = Cells::new(&stage, "HISTORIES");
        SessionMapAppend { stage, histories }
    }
}

impl<P: Platform> Twin<P> for SessionMapAppend<P> {
    fn respond(&self, request: &Request) -> Said {
        let cell = self.histories.of(request.session);
        turns::in_place(&self.stage, request, &cell)
    }
}
