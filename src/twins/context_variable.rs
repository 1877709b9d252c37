//! `context-variable`, as real Rust: what the request carries is handed
//! down with it.
//!
//! Rust has no hidden context. A value that belongs to one request is an
//! argument, and the compiler sees to it that nobody else has it.

use super::places::{Cell, Cells};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::{Arc, Platform};
use crate::replay::record::Said;

/// What one request carries.
struct Context {
    current: usize,
}

/// One history for each session.
pub struct ContextVariable<P: Platform> {
    stage: Stage<P>,
    histories: Cells<P>,
}

impl<P: Platform> ContextVariable<P> {
    /// An app that knows no session yet.
    pub fn open(stage: Stage<P>) -> Self {
        let histories = Cells::new(&stage, "HISTORIES");
        ContextVariable { stage, histories }
    }

    /// Far inside of the app: whose history is it?
    fn history(&self, context: &Context) -> Arc<Cell<P>> {
        self.histories.of(context.current)
    }
}

impl<P: Platform> Twin<P> for ContextVariable<P> {
    fn respond(&self, request: &Request) -> Said {
        let context = Context { current: request.session };
        let cell = self.history(&context);
        turns::in_place(&self.stage, request, &cell)
    }
}
