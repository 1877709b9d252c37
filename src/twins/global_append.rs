//! `global-append`, as real Rust: one list for every visitor, appended to
//! in place.
//!
//! No message can be lost, because nobody ever stores an old copy.
//! Everybody still reads it all.

use super::Twin;
use super::places::{Cell, Name};
use super::stage::{Request, Stage};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One list for everybody.
pub struct GlobalAppend<P: Platform> {
    stage: Stage<P>,
    history: Cell<P>,
}

impl<P: Platform> GlobalAppend<P> {
    /// An app with an empty list.
    pub fn open(stage: Stage<P>) -> Self {
        let history = Cell::new(&stage, Name::shared("HISTORY"));
        GlobalAppend { stage, history }
    }
}

impl<P: Platform> Twin<P> for GlobalAppend<P> {
    fn respond(&self, request: &Request) -> Said {
        self.history.append(request, request.question());
        let history = self.history.load(request);
        let answer = self.stage.assistant(request, &history);
        self.history.append(request, answer.message());
        answer
    }
}
