//! `cache-by-question`, as real Rust: a history for each session, and one
//! cache of answers for all of them.
//!
//! The map and the cache are both safe to share. What is wrong is the key:
//! an answer depends on more than its question.

use super::places::{Cache, Cells};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history for each session, one answer for each question.
pub struct CacheByQuestion<P: Platform> {
    stage: Stage<P>,
    histories: Cells<P>,
    cache: Cache<P>,
}

impl<P: Platform> CacheByQuestion<P> {
    /// An app that knows no session and no answer yet.
    pub fn open(stage: Stage<P>) -> Self {
        let histories = Cells::new(&stage, "HISTORIES");
        let cache = Cache::new(&stage, "CACHE");
        CacheByQuestion { stage, histories, cache }
    }
}

impl<P: Platform> Twin<P> for CacheByQuestion<P> {
    fn respond(&self, request: &Request) -> Said {
        let cell = self.histories.of(request.session);
        let entry = self.cache.by_question(request);
        turns::cached(&self.stage, request, &cell, &entry)
    }
}
