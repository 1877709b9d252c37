//! What is remembered of a session: its last messages and its last requests, and no more.

use super::entry::Id;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::VecDeque;
use std::collections::hash_map;

/// Requests of one session that may be open at once; more than a person can send.
pub const REQUESTS_MAX: usize = 16;
/// Answered requests of one session that are remembered: an app may store the answer after it has
/// shown it.
const ANSWERED_MAX: usize = 2;
/// Cells that one request may read before the first is forgotten.
pub const LOOKS_MAX: usize = 16;
/// Ids that one request may bring in before the first is forgotten.
pub const FEW: usize = 4;

/// Where a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spot {
    /// Its number, from 1.
    pub line: u64,
    /// Where it begins in the log, in bytes.
    pub offset: u64,
}

/// Where a message came from.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The session whose request brought it in.
    pub session: Id,
    /// Whose session it was then.
    pub user: Id,
    /// The line that brought it in.
    pub spot: Spot,
    /// Whether another session claims the same id.
    pub shared: bool,
    /// Whether it stood in a place that is shared on purpose.
    pub public: bool,
}

/// Whose a message is, as far as a session can tell.
#[derive(Clone, Copy, Debug)]
pub enum Owner {
    /// The same user's, or everybody's.
    Own,
    /// Another user's.
    Other(Origin),
    /// Not remembered, or never brought in.
    Unknown,
    /// Another session brought this id in; but ids are used twice in this log, and this session
    /// has had messages that are no longer remembered.
    Unsure,
}

/// A session.
#[derive(Debug)]
pub struct Session {
    /// Its name.
    pub name: Box<str>,
    /// The name of its user, if that was said.
    pub user_name: Option<Box<str>>,
    /// Its user.
    pub user: Id,
    /// The first user that was named: whose it was before, too.
    first_user: Option<Id>,
    /// The user before this one, if it had one and has another now.
    former: Option<(Id, Box<str>)>,
    /// The first message and the last ones that it brought in. The first is kept so that ids which
    /// begin anew in each session are noticed.
    messages: VecDeque<Id>,
    /// Whether messages of it are no longer remembered.
    has_forgotten: bool,
    /// Its last requests.
    requests: VecDeque<Request>,
}

impl Session {
    /// A session that was not seen before.
    pub fn new(id: Id, name: Box<str>) -> Session {
        Session {
            name,
            user_name: None,
            user: id,
            first_user: None,
            former: None,
            messages: VecDeque::new(),
            has_forgotten: false,
            requests: VecDeque::new(),
        }
    }

    /// Takes note of the user, who may become known only later.
    pub fn belongs_to(&mut self, user: Id, name: impl FnOnce() -> Box<str>) {
        if self.user != user || self.user_name.is_none() {
            if let Some(former) = self.user_name.replace(name()) {
                self.former = Some((self.user, former));
            }
            self.user = user;
            self.first_user.get_or_insert(user);
        }
    }

    /// Who its user was, in the light of what was said since: before it was said who it is, it was
    /// the same user.
    pub fn user_was(&self, id: Id, user: Id) -> Id {
        if user == id { self.first_user.unwrap_or(user) } else { user }
    }

    /// The name of the user that it had when a message came in, if that is known.
    pub fn name_of(&self, user: Id) -> Option<&str> {
        // Before it was said who it is, it was the same user.
        if let (Some((former, name)), true) = (&self.former, self.user != user) {
            return (*former == user).then_some(name);
        }
        self.user_name.as_deref()
    }

    /// A request that is remembered.
    pub fn request(&mut self, id: Id) -> Option<&mut Request> {
        self.requests.iter_mut().rev().find(|request| request.id == id)
    }

    /// A request, remembered from now on. `true`: an open one had to be forgotten for it.
    pub fn begin(&mut self, id: Id) -> bool {
        if self.request(id).is_some() {
            return false;
        }
        let answered = self.requests.iter().filter(|request| request.replied).count();
        if answered >= ANSWERED_MAX {
            let oldest = self.requests.iter().position(|request| request.replied);
            oldest.and_then(|oldest| self.requests.remove(oldest));
        }
        let is_full = self.requests.len() == REQUESTS_MAX;
        let lost = if is_full { self.requests.pop_front() } else { None };
        self.requests.push_back(Request { id, ..Request::default() });
        lost.is_some_and(|request| !request.replied)
    }

    /// How many messages and requests are remembered.
    pub fn remembered(&self) -> (usize, usize) {
        (self.messages.len(), self.requests.len())
    }
}

/// A request.
#[derive(Debug, Default)]
pub struct Request {
    id: Id,
    /// Whether its beginning was seen and is still remembered.
    pub begun: bool,
    /// Whether it was answered.
    pub replied: bool,
    /// The messages that it brought in, the last few.
    pub own: Few<Id>,
    /// When it last read which cell, the last few.
    looks: Vec<Look>,
    /// How often it read something that the log names.
    pub reads: u64,
    /// How often it read something that the log does not name.
    pub blind_reads: u64,
    /// How many ids it read whose owner is unknown or unsure.
    pub doubts: Doubts,
    /// What it read of other users, the first few.
    pub suspects: Vec<Suspect>,
}

/// Something of another user that a request read.
#[derive(Clone, Debug)]
pub struct Suspect {
    /// The message.
    pub id: Id,
    /// Whose it is.
    pub session: Id,
    /// Whose session it was then.
    pub user: Id,
    /// Where it came into the cell, or into the log.
    pub came: Spot,
    /// Where it was read.
    pub read: Spot,
    /// What these lines say, while few such things were kept.
    pub words: Option<Box<Words>>,
}

/// What a line says that cannot be read again.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The id of the message.
    pub message: Option<String>,
    /// The cell, if there is one.
    pub cell: Option<String>,
    /// How the line begins.
    pub excerpt: Option<String>,
}

/// Ids that nobody could be blamed or trusted for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doubts {
    /// Not remembered, or never brought in.
    pub unknown: u64,
    /// Used twice.
    pub unsure: u64,
}

/// The last time that a request read a cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    cell: Id,
    /// The line.
    pub line: u64,
    /// The last messages that were in the cell.
    pub last: Few<Id>,
}

impl Request {
    /// Takes note of a read. `true`: that of another cell had to be forgotten for it.
    pub fn look(&mut self, cell: Id, line: u64, messages: &[Id]) -> bool {
        let mut last = Few::default();
        let start = messages.len().saturating_sub(FEW);
        messages[start..].iter().for_each(|&id| last.push(id));
        let look = Look { cell, line, last };
        if let Some(known) = self.looks.iter_mut().find(|look| look.cell == cell) {
            *known = look;
            return false;
        }
        let is_full = self.looks.len() == LOOKS_MAX;
        if is_full {
            self.looks.remove(0);
        }
        self.looks.push(look);
        is_full
    }

    /// Its last read of a cell.
    pub fn last_look(&self, cell: Id) -> Option<&Look> {
        self.looks.iter().find(|look| look.cell == cell)
    }

    /// Takes note of a message that it brought in.
    pub fn brings(&mut self, id: Id) {
        if !self.own.iter().any(|&own| own == id) {
            self.own.push(id);
        }
    }
}

/// The last few of something, without a place of their own in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Few<T> {
    items: [T; FEW],
    len: u8,
}

impl<T: Copy> Few<T> {
    /// Adds one; the first goes if there is no room.
    pub fn push(&mut self, item: T) {
        if usize::from(self.len) == FEW {
            self.items.copy_within(1.., 0);
            self.len -= 1;
        }
        self.items[usize::from(self.len)] = item;
        self.len += 1;
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items[..usize::from(self.len)].iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Leaves only some.
    pub fn retain(&mut self, keeps: impl Fn(&T) -> bool)
    where
        T: Default,
    {
        let mut kept = Few::default();
        self.iter().filter(|item| keeps(item)).for_each(|&item| kept.push(item));
        *self = kept;
    }
}

/// Where the messages came from that sessions remember.
#[derive(Debug, Default)]
pub struct Origins {
    of: FxHashMap<Id, Origin>,
    /// How many ids were claimed by a second session.
    pub used_twice: u64,
    /// How many were forgotten because their session brought in too many.
    pub forgotten: u64,
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

    /// Whether one is known.
    pub fn knows(&self, message: Id) -> bool {
        self.of.contains_key(&message)
    }

    /// Messages stand in a place that is shared on purpose: they are for everybody from now on.
    pub fn publish(&mut self, messages: &[Id]) {
        for message in messages {
            if let Some(origin) = self.of.get_mut(message) {
                origin.public = true;
            }
        }
    }

    /// A session says that a message is its own.
    pub fn claim(
        &mut self,
        message: Id,
        (id, session): (Id, &mut Session),
        spot: Spot,
        messages_max: usize,
    ) {
        match self.of.entry(message) {
            hash_map::Entry::Vacant(place) => {
                place.insert(Origin {
                    session: id,
                    user: session.user,
                    spot,
                    shared: false,
                    public: false,
                });
            }
            hash_map::Entry::Occupied(origin) if origin.get().session == id => return,
            hash_map::Entry::Occupied(mut origin) => {
                if session.messages.contains(&message) {
                    return;
                }
                origin.get_mut().shared = true;
                self.used_twice += 1;
            }
        }
        session.messages.push_back(message);
        if session.messages.len() > messages_max.max(2) {
            session.has_forgotten = true;
            self.forgotten += 1;
            // The first one stays.
            if let Some(forgotten) = session.messages.remove(1) {
                self.forget(forgotten, id);
            }
        }
    }

    /// Forgets everything that a session brought in.
    pub fn forget_all(&mut self, id: Id, session: &Session) {
        session.messages.iter().for_each(|&message| self.forget(message, id));
    }

    fn forget(&mut self, message: Id, session: Id) {
        if let hash_map::Entry::Occupied(origin) = self.of.entry(message)
            && origin.get().session == session
        {
            origin.remove();
        }
    }

    /// Whose a message is, asked by a session.
    pub fn owner(&self, message: Id, (id, session): (Id, &Session)) -> Owner {
        // Most of what is read is one's own, and lies close together.
        let own = session.messages.iter().rev().any(|&own| own == message);
        if own && session.former.is_none() {
            return Owner::Own;
        }
        let Some(origin) = self.of.get(&message) else {
            return if own { Owner::Own } else { Owner::Unknown };
        };
        if origin.public {
            return Owner::Own;
        }
        // A session is its own user until it is said who that is.
        let nameless = origin.session == id && origin.user == id;
        if origin.user == session.user || nameless || (own && origin.session != id) {
            return Owner::Own;
        }
        let doubtful = origin.shared || (self.used_twice > 0 && session.has_forgotten);
        if doubtful { Owner::Unsure } else { Owner::Other(*origin) }
    }
}
