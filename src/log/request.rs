//! What is remembered of a request: what it brought in, what it has read and of whom.

use super::diagnosis::How;
use super::entry::Id;
use super::session::Spot;

/// Cells that one request may read before the first is forgotten.
pub const LOOKS_MAX: usize = 16;
/// Ids that one request may bring in before the first is forgotten.
pub const FEW: usize = 4;
/// Users of whom a request may read something before it is not remembered.
const OTHERS_MAX: usize = 8;

/// A request.
#[derive(Debug, Default)]
pub struct Request {
    /// Its id, which no request of another session has.
    pub id: Id,
    /// The first line that names it.
    pub since: u64,
    /// Whose it is.
    pub user: Id,
    /// Whether a line of it says whose it is.
    pub is_named: bool,
    /// Whether its beginning was seen and is still remembered.
    pub begun: bool,
    /// Whether it was answered.
    pub replied: bool,
    /// The messages that it brought in, the last few.
    pub own: Few<Id>,
    /// Its question.
    pub question: Id,
    /// When it last read which cell, the last few.
    looks: Vec<(Id, u64)>,
    /// Whether it has read cells that are not remembered.
    pub has_forgotten_looks: bool,
    /// How often it read something that the log names.
    pub reads: u64,
    /// How often it read something that the log does not name.
    pub blind_reads: u64,
    /// What it read whose owner is unknown or unsure.
    pub doubts: Doubts,
    /// What it read of other users.
    pub others: Others,
    /// Something that it read and that is its own user's, if it is whose it seems to be.
    pub own_read: Option<(Id, Spot)>,
}

/// What a request read of other users: the first few messages, and of some more users one each.
#[derive(Clone, Debug, Default)]
pub struct Others {
    /// The messages.
    pub of: Vec<Suspect>,
    /// Whether it read something of still more users.
    pub has_more: bool,
}

/// Something of another user that a request read.
#[derive(Clone, Debug)]
pub struct Suspect {
    /// The message.
    pub id: Id,
    /// Whose it is.
    pub session: Id,
    /// The request that brought it in.
    pub request: Id,
    /// Whose request it was, as far as that was said then.
    pub user: Id,
    /// Where it came into the cell, or into the log.
    pub came: Spot,
    /// Where it was read.
    pub read: Spot,
    /// How it came into the reply.
    pub how: How,
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
    /// Never brought in.
    pub unknown: u64,
    /// Brought in, and not remembered.
    pub forgotten: u64,
    /// Used twice.
    pub unsure: u64,
}

impl Others {
    /// Whether there is room for a message, or need of it.
    pub fn admit(&mut self, message: Id, user: Id) -> bool {
        if self.of.iter().any(|known| known.id == message) {
            return false;
        }
        if self.of.len() < FEW {
            return true;
        }
        let is_new = self.of.iter().all(|known| known.user != user);
        self.has_more |= is_new && self.of.len() == OTHERS_MAX;
        is_new && self.of.len() < OTHERS_MAX
    }
}

impl Request {
    /// A request that begins. Until a line of it says whose it is, it is whose its session was then.
    pub fn new(id: Id, since: u64, user: Id) -> Request {
        Request { id, since, user, ..Request::default() }
    }

    /// Takes note of a read. `true`: that of another cell had to be forgotten for it.
    pub fn look(&mut self, cell: Id, line: u64) -> bool {
        if let Some((_, known)) = self.looks.iter_mut().find(|(known, _)| *known == cell) {
            *known = line;
            return false;
        }
        let is_full = self.looks.len() == LOOKS_MAX;
        if is_full {
            self.looks.remove(0);
            self.has_forgotten_looks = true;
        }
        self.looks.push((cell, line));
        is_full
    }

    /// The line of its last read of a cell.
    pub fn last_look(&self, cell: Id) -> Option<u64> {
        self.looks.iter().find(|(known, _)| *known == cell).map(|(_, line)| *line)
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
