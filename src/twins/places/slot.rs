//! A small value that everybody shares: who is asking.

use super::{AccessKind, Name};
use crate::model::SessionId;
use crate::platform::{Lock, Platform};
use crate::twins::stage::{Request, Stage};

/// A variable that holds a session.
pub struct Slot<P: Platform> {
    stage: Stage<P>,
    name: Name,
    value: P::Lock<Option<SessionId>>,
}

impl<P: Platform> Slot<P> {
    /// A variable that nobody has set yet.
    pub fn new(stage: &Stage<P>, name: Name) -> Slot<P> {
        Slot { stage: stage.clone(), name, value: P::Lock::new(None) }
    }

    /// Writes whose request this is.
    pub fn put(&self, request: &Request) {
        let mut value = self.value.lock();
        self.stage.note(request.lane, AccessKind::Put(self.name));
        *value = Some(request.session);
    }

    /// Reads whose request it says that this is; before anybody wrote it, the request's own.
    pub fn take(&self, request: &Request) -> SessionId {
        let value = self.value.lock();
        self.stage.note(request.lane, AccessKind::Take(self.name));
        value.unwrap_or(request.session)
    }
}
