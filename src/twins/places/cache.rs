//! Answers that were given before.

use super::{AccessKind, Name};
use crate::platform::{Arc, Lock, Platform};
use crate::replay::record::Said;
use crate::twins::stage::{Request, Stage};
use std::collections::BTreeMap;

/// A cache of answers. Its key is the question, and for a cache that each session has its own
/// entries in, the session.
pub struct Cache<P: Platform> {
    stage: Stage<P>,
    place: &'static str,
    entries: CacheEntries<P>,
}

type CacheEntries<P> = Arc<<P as Platform>::Lock<BTreeMap<CacheKey, Said>>>;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct CacheKey {
    session: Option<usize>,
    question: String,
}

impl<P: Platform> Cache<P> {
    /// An empty cache.
    pub fn new(stage: &Stage<P>, place: &'static str) -> Cache<P> {
        let entries = Arc::new(P::Lock::new(BTreeMap::new()));
        Cache { stage: stage.clone(), place, entries }
    }

    /// The entry for a question, whoever asks.
    pub fn by_question(&self, request: &Request) -> CacheEntry<P> {
        self.entry(request, None, Name::shared(self.place))
    }

    /// The entry for a question of a session.
    pub fn by_session(&self, request: &Request) -> CacheEntry<P> {
        self.entry(request, Some(request.session), Name::of(self.place, request.session))
    }

    fn entry(&self, request: &Request, session: Option<usize>, name: Name) -> CacheEntry<P> {
        let question = self.stage.cast.turns[request.turn].text.clone();
        CacheEntry {
            stage: self.stage.clone(),
            name: name.asking(request.turn),
            key: CacheKey { session, question },
            entries: Arc::clone(&self.entries),
        }
    }
}

/// One place of a cache: there is an answer, or there is none yet.
pub struct CacheEntry<P: Platform> {
    stage: Stage<P>,
    name: Name,
    key: CacheKey,
    entries: CacheEntries<P>,
}

impl<P: Platform> CacheEntry<P> {
    /// The answer, if there is one.
    pub fn lookup(&self, request: &Request) -> Option<Said> {
        let entries = self.entries.lock();
        self.stage.note(request.lane, AccessKind::Lookup(self.name));
        entries.get(&self.key).cloned()
    }

    /// Puts an answer in.
    pub fn save(&self, request: &Request, answer: &Said) {
        let mut entries = self.entries.lock();
        self.stage.note(request.lane, AccessKind::Save(self.name, answer.clone()));
        entries.insert(self.key.clone(), answer.clone());
    }
}
