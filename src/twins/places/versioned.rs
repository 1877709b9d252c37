//! A history that is stored only if nobody else stored it in between.

use super::{AccessKind, Keyed, Name};
use crate::platform::{Lock, Platform};
use crate::replay::record::Message;
use crate::twins::stage::{Request, Stage};

/// A history with the number of times that it was written.
pub struct Versioned<P: Platform> {
    stage: Stage<P>,
    name: Name,
    content: P::Lock<(u64, Vec<Message>)>,
}

impl<P: Platform> Versioned<P> {
    /// Its version, and a copy of what is in it now.
    pub fn load(&self, request: &Request) -> (u64, Vec<Message>) {
        let content = self.content.lock();
        self.stage.note(request.lane, AccessKind::Load(self.name));
        content.clone()
    }

    /// Replaces what is in it, if it still has this version. Says whether it did.
    pub fn swap(&self, request: &Request, version: u64, history: Vec<Message>) -> bool {
        let mut content = self.content.lock();
        let same = content.0 == version;
        let stored = same.then(|| history.clone());
        self.stage.note(request.lane, AccessKind::Swap(self.name, stored));
        if same {
            *content = (version + 1, history);
        }
        same
    }
}

impl<P: Platform> Keyed<P> for Versioned<P> {
    fn named(stage: &Stage<P>, name: Name) -> Self {
        Versioned { stage: stage.clone(), name, content: P::Lock::new((0, Vec::new())) }
    }
}
