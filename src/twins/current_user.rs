//! `current-user`, as real Rust: one variable for the whole app says whose
//! request this is.
//!
//! Each access to it is safe by itself. What lies between the two is not.

use super::places::{Cell, Name, Slot};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history for each session, and who asks.
pub struct CurrentUser<P: Platform> {
    stage: Stage<P>,
    current: Slot<P>,
    histories: Vec<Cell<P>>,
}

impl<P: Platform> CurrentUser<P> {
    /// An app with an empty history for each session.
    pub fn open(stage: Stage<P>) -> Self {
        let current = Slot::new(&stage, Name::shared("CURRENT"));
        let sessions = 0..stage.cast.sessions.len();
        let history = |it| Cell::new(&stage, Name::of("HISTORIES", it));
        let histories = sessions.map(history).collect();
        CurrentUser { stage, current, histories }
    }
}

impl<P: Platform> Twin<P> for CurrentUser<P> {
    fn respond(&self, request: &Request) -> Said {
        self.current.put(request);
        let user = self.current.take(request);
        turns::in_place(&self.stage, request, &self.histories[user])
    }
}
