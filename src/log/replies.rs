//! What a reply is built from, and the replies that wait until it is said whose a message is.
//!
//! ```text
//! tab1        asks r1
//! tab2@alice  reads r1, replies    ◄─ a leak, unless tab1 is alice's, too: the reply waits
//! tab1@alice  replies              ◄─ it is: no leak
//! ```
//!
//! What nobody has named at the end of the log is its session's own.

use super::diagnosis::{Finding, How, Kind, Place, short};
use super::entry::Id;
use super::judge::{Here, Judge};
use super::request::{Others, Request, Suspect, Words};
use super::session::Spot;
use rustc_hash::FxHashMap;

/// A reply that is built from something of another user, or of somebody who is not named yet.
pub(super) struct Reply {
    session: Id,
    /// Whose request it answers, as far as it is said.
    user: Id,
    request: Box<str>,
    spot: Spot,
    /// Whether the log says what it is built from.
    is_known: bool,
    others: Others,
}

/// The replies that wait, by what they wait for: the name of a request's user, or of a session's.
#[derive(Default)]
pub(super) struct Waiting {
    replies: FxHashMap<Id, Vec<Reply>>,
    count: usize,
}

/// What comes of a reply.
enum Outcome {
    /// Everything is the user's own.
    Fine,
    /// This one is another user's.
    Leak(Suspect),
    /// It is not known yet.
    Waits(Id),
}

impl Waiting {
    fn add(&mut self, what: Id, reply: Reply) {
        self.replies.entry(what).or_default().push(reply);
        self.count += 1;
    }

    fn take(&mut self, what: Id) -> Vec<Reply> {
        let replies = self.replies.remove(&what).unwrap_or_default();
        self.count -= replies.len();
        replies
    }

    /// All of them, in the order of the lines.
    fn take_all(&mut self) -> Vec<Reply> {
        self.count = 0;
        let mut replies: Vec<Reply> =
            self.replies.drain().flat_map(|(_, waiting)| waiting).collect();
        replies.sort_unstable_by_key(|reply| reply.spot.line);
        replies
    }
}

impl Judge {
    pub(super) fn reply(&mut self, here: &Here) {
        let named = here.basis().map(|basis| self.owners(here, basis, How::Named));
        let (session, user) = (here.entry.session, self.user(here.entry));
        let Some(request) = self.request(here.entry) else { return };
        request.replied = true;
        let is_known = here.basis().is_some() || is_all_told(request);
        let (mut others, mut doubts) = (request.others.clone(), request.doubts);
        if let (Some(basis), Some(named)) = (here.basis(), named) {
            others.of.retain(|read| basis.contains(&read.id));
            let is_read = |id: Id| others.of.iter().any(|read| read.id == id);
            let unread: Vec<Suspect> =
                named.others.of.into_iter().filter(|it| !is_read(it.id)).collect();
            let unread = unread.into_iter().map(|suspect| self.worded(here, suspect));
            others.of.extend(unread);
            others.has_more = named.others.has_more;
            doubts = named.doubts;
        }
        self.found.judged += u64::from(is_known);
        if is_known {
            self.doubt(here, doubts);
        }
        let (request, spot) = (Box::default(), here.spot);
        let mut reply = Reply { session, user, request, spot, is_known, others };
        if !reply.others.of.is_empty() {
            reply.request = here.name(|line| line.request);
        }
        self.settle(reply, false);
        self.release(here.entry.request);
        self.claim(here, here.entry.message);
    }

    fn doubt(&mut self, here: &Here, doubts: super::request::Doubts) {
        let line = here.spot.line;
        let open = &mut self.found.open;
        let unknown = doubts.unknown + doubts.forgotten;
        if unknown > 0 {
            open.unknown.meet(line, unknown);
            open.forgotten += doubts.forgotten;
        }
        if doubts.unsure > 0 {
            open.unsure.meet(line, doubts.unsure);
        }
    }

    /// It is known now whose a request or a session is.
    pub(super) fn release(&mut self, what: Id) {
        self.waiting.take(what).into_iter().for_each(|reply| self.settle(reply, false));
    }

    /// The log is at its end: nobody will be named any more. `interrupted`: but perhaps in what was not
    /// read.
    pub(super) fn settle_all(&mut self, interrupted: bool) {
        for reply in self.waiting.take_all() {
            match interrupted && self.users_are_named {
                true => self.found.open.unnamed.meet(reply.spot.line, 0),
                false => self.settle(reply, true),
            }
        }
        // Where no user is named at all, each session is its own, and so were those that waited.
        if !self.users_are_named {
            self.found.leaks += std::mem::take(&mut self.found.open.unnamed).count;
        }
    }

    fn settle(&mut self, reply: Reply, at_end: bool) {
        let outcome = self.outcome(&reply, at_end);
        match outcome {
            Outcome::Waits(what) if self.waiting.count < self.limits.waiting => {
                return self.waiting.add(what, reply);
            }
            Outcome::Waits(_) => self.found.open.unnamed.meet(reply.spot.line, 0),
            Outcome::Fine if reply.others.has_more => {
                self.found.open.unnamed.meet(reply.spot.line, 0);
            }
            Outcome::Fine => {}
            Outcome::Leak(ref suspect) => self.leak(&reply, suspect),
        }
        if !reply.is_known {
            let is_judged = matches!(outcome, Outcome::Leak(_));
            *(if is_judged { &mut self.found.judged } else { &mut self.found.unjudged }) += 1;
        }
    }

    fn outcome(&self, reply: &Reply, at_end: bool) -> Outcome {
        let user = self.user_was(reply.session, reply.user);
        let mut waits = None;
        for suspect in &reply.others.of {
            let waits_for_message = self.waits_for(suspect).filter(|_| !at_end);
            let is_own = self.whose(suspect) == user;
            let waits_for = waits_for_message.or_else(|| {
                self.waits_for_name(reply.session, user).filter(|_| !is_own && !at_end)
            });
            match waits_for {
                Some(what) => drop(waits.get_or_insert(what)),
                None if is_own => {}
                None => return Outcome::Leak(suspect.clone()),
            }
        }
        waits.map_or(Outcome::Fine, Outcome::Waits)
    }

    fn leak(&mut self, reply: &Reply, suspect: &Suspect) {
        self.found.leaks += 1;
        let line = reply.spot.line;
        if self.found.has_enough(Kind::Leak, line) {
            return;
        }
        let Suspect { id, session, came, read, how, ref words, .. } = *suspect;
        let Words { message, cell, excerpt } = words.as_deref().cloned().unwrap_or_default();
        self.found.keep(Finding {
            kind: Kind::Leak,
            who: self.who(reply.session, self.user_was(reply.session, reply.user)),
            request: short(&reply.request),
            how,
            other: self.who(session, self.whose(suspect)),
            other_request: None,
            cell,
            message,
            id,
            line,
            pair: [Place::far(came), Place { spot: read, excerpt }],
        });
    }

    /// A suspect with what the line says, while such words are still kept.
    pub(super) fn worded(&mut self, here: &Here, suspect: Suspect) -> Suspect {
        let words = (self.words_left > 0).then(|| here.words(suspect.id));
        self.words_left = self.words_left.saturating_sub(1);
        Suspect { words, ..suspect }
    }
}

/// Whether the log tells everything that a request has read.
fn is_all_told(request: &Request) -> bool {
    request.begun && request.reads > 0 && request.blind_reads == 0
}
