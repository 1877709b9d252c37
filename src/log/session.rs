//! What is remembered of a session: its last messages and its last requests, and no more.

use super::entry::Id;
use super::request::Request;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::VecDeque;

/// Requests of one session that may be open at once; more than a person can send.
pub const REQUESTS_MAX: usize = 16;
/// Answered requests of one session that are remembered: an app may store the answer after it has
/// shown it.
const ANSWERED_MAX: usize = 2;

/// Where a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spot {
    /// Its number, from 1.
    pub line: u64,
    /// Where it begins in the log, in bytes.
    pub offset: u64,
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
    /// Whether it has read something that the log does not name.
    pub has_read_blindly: bool,
    /// The first user that was named: whose it was before, too.
    first_user: Option<Id>,
    /// The user before this one, if it had one and has another now.
    former: Option<(Id, Box<str>)>,
    /// The first message and the last ones that it brought in. The first is kept so that ids which
    /// begin anew in each session are noticed.
    messages: VecDeque<Id>,
    /// Whether messages of it are no longer remembered.
    pub has_forgotten: bool,
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
            has_read_blindly: false,
            first_user: None,
            former: None,
            messages: VecDeque::new(),
            has_forgotten: false,
            requests: VecDeque::new(),
        }
    }

    /// Takes note of the user, who may become known only later. `true`: it is the first who is named.
    pub fn belongs_to(&mut self, user: Id, name: impl FnOnce() -> Box<str>) -> bool {
        if self.user != user || self.user_name.is_none() {
            if let Some(former) = self.user_name.replace(name()) {
                self.former = Some((self.user, former));
            }
            self.user = user;
        }
        self.first_user.replace(self.first_user.unwrap_or(user)).is_none()
    }

    /// Whether nobody has said yet who its user is.
    pub fn is_nameless(&self) -> bool {
        self.first_user.is_none()
    }

    /// Whether it never had another user than the one that it has.
    pub fn is_one_users(&self) -> bool {
        self.former.is_none()
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
    pub fn request(&self, id: Id) -> Option<&Request> {
        self.requests.iter().rev().find(|request| request.id == id)
    }

    /// The same, to be changed.
    pub fn request_mut(&mut self, id: Id) -> Option<&mut Request> {
        self.requests.iter_mut().rev().find(|request| request.id == id)
    }

    /// A request, remembered from now on. `true`: an open one had to be forgotten for it.
    pub fn begin(&mut self, id: Id, line: u64) -> bool {
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
        self.requests.push_back(Request::new(id, line, self.user));
        lost.is_some_and(|request| !request.replied)
    }

    /// The last line before this one in which it has read a cell.
    pub fn last_look(&self, cell: Id, before: u64) -> Option<u64> {
        let looks = self.requests.iter().filter_map(|request| request.last_look(cell));
        looks.filter(|line| *line < before).max()
    }

    /// The messages that it brought in, the last one first.
    pub fn messages(&self) -> impl Iterator<Item = Id> {
        self.messages.iter().rev().copied()
    }

    /// Whether it brought in a message.
    pub fn has_brought(&self, message: Id) -> bool {
        // Most of what is asked for lies close to the end.
        self.messages().any(|brought| brought == message)
    }

    /// Takes note of a message that it brings in: what is forgotten for it.
    pub fn brings(&mut self, message: Id, messages_max: usize) -> Option<Id> {
        self.messages.push_back(message);
        if self.messages.len() <= messages_max.max(2) {
            return None;
        }
        self.has_forgotten = true;
        // The first one stays.
        self.messages.remove(1)
    }

    /// How many messages and requests are remembered.
    pub fn remembered(&self) -> (usize, usize) {
        (self.messages.len(), self.requests.len())
    }
}
