//! `mutable-default`, as real Rust: a history that a caller may leave out.
//!
//! Rust has no default arguments. What Python does is written out here:
//! one object is made beside the function, once, and each call without a
//! history is given that one.

use super::places::{Cell, Name};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::Platform;
use crate::replay::record::Said;

/// The function, and the one object that stands for what is left out.
pub struct MutableDefault<P: Platform> {
    stage: Stage<P>,
    default: Cell<P>,
}

impl<P: Platform> MutableDefault<P> {
    /// What runs when Python comes to the `def` line.
    pub fn open(stage: Stage<P>) -> Self {
        let default = Cell::new(&stage, Name::shared("history"));
        MutableDefault { stage, default }
    }

    fn call(&self, request: &Request, history: Option<&Cell<P>>) -> Said {
        let history = history.unwrap_or(&self.default);
        turns::in_place(&self.stage, request, history)
    }
}

impl<P: Platform> Twin<P> for MutableDefault<P> {
    fn respond(&self, request: &Request) -> Said {
        self.call(request, None)
    }
}
