//! Where messages came from, of those that sessions remember.

use super::entry::Id;
use super::met::Met;
use super::recent::Recent;
use super::session::{Session, Spot};
use rustc_hash::FxHashMap;
use std::collections::hash_map;

/// Messages of places that are shared on purpose that are remembered, though nobody brought them in.
const PUBLIC_MAX: usize = 1 << 17;

/// Where a message came from.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The session whose request brought it in.
    pub session: Id,
    /// That request.
    pub request: Id,
    /// Whose request it is, as far as that was said then.
    pub user: Id,
    /// The line that brought it in.
    pub spot: Spot,
    /// Whether it is the question or the answer of a request, and not only stored by one.
    pub spoken: bool,
    /// Whether another session brings in the same id.
    pub shared: bool,
    /// Whether it stood in a place that is shared on purpose.
    pub public: bool,
}

/// Where the messages came from that sessions remember.
#[derive(Debug)]
pub struct Origins {
    of: FxHashMap<Id, Origin>,
    /// Everything that was ever brought in, or met without that.
    brought: Met,
    met: Met,
    /// What stood in a place that is shared on purpose, and was not brought in before.
    public: Recent<()>,
    /// How many ids were claimed by a second session.
    pub used_twice: u64,
    /// How many of them are questions or answers of it.
    pub spoken_twice: u64,
    /// How many were forgotten because their session brought in too many.
    pub forgotten: u64,
}

impl Default for Origins {
    fn default() -> Self {
        let (of, brought, met) = (FxHashMap::default(), Met::default(), Met::default());
        let public = Recent::new(PUBLIC_MAX);
        Origins { of, brought, met, public, used_twice: 0, spoken_twice: 0, forgotten: 0 }
    }
}

impl Origins {
    /// How many are known.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Where one came from, if it is remembered.
    pub fn get(&self, message: Id) -> Option<&Origin> {
        self.of.get(&message)
    }

    /// Takes note of a message that nobody is known to have brought in.
    pub fn meet(&mut self, message: Id) {
        self.met.meet(message);
    }

    /// Whether the log has not named a message before.
    pub fn is_new(&self, message: Id) -> bool {
        !self.was_brought(message) && !self.met.has(message)
    }

    /// Whether the log has brought in a message, which may be forgotten since.
    pub fn was_brought(&self, message: Id) -> bool {
        self.brought.has(message)
    }

    /// Whether a message is everybody's.
    pub fn is_public(&self, message: Id) -> bool {
        self.of
            .get(&message)
            .map_or_else(|| self.public.get(message).is_some(), |origin| origin.public)
    }

    /// Messages stand in a place that is shared on purpose: they are for everybody from now on.
    pub fn publish(&mut self, messages: &[Id]) {
        for &message in messages {
            match self.of.get_mut(&message) {
                Some(origin) => origin.public = true,
                None => {
                    self.public.make_room(message);
                    self.public.use_or_make(message, || ());
                }
            }
        }
    }

    /// A second session may have brought in a message, too.
    pub fn doubt(&mut self, message: Id) {
        if let Some(origin) = self.of.get_mut(&message) {
            self.used_twice += u64::from(!origin.shared);
            origin.shared = true;
        }
    }

    /// A session says that a message is its own.
    pub fn claim(
        &mut self,
        message: Id,
        mut by: Origin,
        session: &mut Session,
        messages_max: usize,
    ) {
        by.public = self.is_public(message);
        self.brought.meet(message);
        let id = by.session;
        match self.of.entry(message) {
            hash_map::Entry::Vacant(place) => {
                place.insert(by);
            }
            hash_map::Entry::Occupied(mut origin) if origin.get().session == id => {
                origin.get_mut().spoken |= by.spoken;
                return;
            }
            hash_map::Entry::Occupied(mut origin) => {
                if session.has_brought(message) {
                    return;
                }
                origin.get_mut().shared = true;
                self.used_twice += 1;
                self.spoken_twice += u64::from(by.spoken);
            }
        }
        if let Some(forgotten) = session.brings(message, messages_max) {
            self.forgotten += 1;
            self.forget(forgotten, id);
        }
    }

    /// It was said later whose request brought these messages in.
    pub fn belong(&mut self, request: Id, user: Id, session: &Session) {
        for message in session.messages() {
            if let Some(origin) = self.of.get_mut(&message)
                && origin.request == request
            {
                origin.user = user;
            }
        }
    }

    /// Forgets everything that a session brought in.
    pub fn forget_all(&mut self, id: Id, session: &Session) {
        session.messages().for_each(|message| self.forget(message, id));
    }

    fn forget(&mut self, message: Id, session: Id) {
        if let hash_map::Entry::Occupied(origin) = self.of.entry(message)
            && origin.get().session == session
        {
            origin.remove();
        }
    }
}
