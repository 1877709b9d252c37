//! `global`, as real Rust: one history for every visitor, copied, worked
//! on, stored back.
//!
//! Each access is safe by itself: Rust would not compile it otherwise. The
//! leak is not in the access, it is in whose history it is.

use super::Twin;
use super::places::{Cell, Name};
use super::stage::{Request, Stage};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history for everybody.
pub struct Global<P: Platform> {
    stage: Stage<P>,
    history: Cell<P>,
}

impl<P: Platform> Global<P> {
    /// An app with an empty history.
    pub fn open(stage: Stage<P>) -> Self {
        let history = Cell::new(&stage, Name::shared("HISTORY"));
        Global { stage, history }
    }
}

impl<P: Platform> Twin<P> for Global<P> {
    fn respond(&self, request: &Request) -> Said {
        let mut history = self.history.load(request);
        history.push(request.question());
        let answer = self.stage.assistant(request, &history);
        history.push(answer.message());
        self.history.store(request, history);
        answer
    }
}
