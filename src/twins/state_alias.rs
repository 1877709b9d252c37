//! `state-alias`, as real Rust: a state for each session, and the first
//! value of each is a reference to the same list.
//!
//! `Arc::clone` is the whole fault: it copies the reference. A copy of the
//! list would have been a new cell for each.

use super::places::{Cell, Name};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::{Arc, Platform};
use crate::replay::record::Said;

/// What the framework keeps, by session.
pub struct StateAlias<P: Platform> {
    stage: Stage<P>,
    states: Vec<Arc<Cell<P>>>,
}

impl<P: Platform> StateAlias<P> {
    /// An app in which every session has begun with the default.
    pub fn open(stage: Stage<P>) -> Self {
        let default = Arc::new(Cell::new(&stage, Name::shared("DEFAULT")));
        let sessions = stage.cast.sessions.iter();
        let states = sessions.map(|_| Arc::clone(&default)).collect();
        StateAlias { stage, states }
    }
}

impl<P: Platform> Twin<P> for StateAlias<P> {
    fn respond(&self, request: &Request) -> Said {
        let state = &self.states[request.session];
        turns::in_place(&self.stage, request, state)
    }
}
