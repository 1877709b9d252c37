//! `cache-by-session`, as real Rust: as `cache-by-question`, with the
//! session in the key of the cache.
//!
//! One word is different, and no answer goes to another session. That an
//! answer may be old is not repaired by any key.

use super::places::{Cache, Cells};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::Platform;
use crate::replay::record::Said;

/// One history for each session, one answer for each of its questions.
pub struct CacheBySession<P: Platform> {
    stage: Stage<P>,
    histories: Cells<P>,
    cache: Cache<P>,
}

impl<P: Platform> CacheBySession<P> {
    /// An app that knows no session and no answer yet.
    pub fn open(stage: Stage<P>) -> Self {
        let histories = Cells::new(&stage, "HISTORIES");
        let cache = Cache::new(&stage, "CACHE");
        CacheBySession { stage, histories, cache }
    }
}

impl<P: Platform> Twin<P> for CacheBySession<P> {
    fn respond(&self, request: &Request) -> Said {
        let cell = self.histories.of(request.session);
        let entry = self.cache.by_session(request);
        turns::cached(&self.stage, request, &cell, &entry)
    }
}
