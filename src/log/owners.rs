//! Whose a message is and whose a request, as far as it is known now.
//!
//! A log may name the user in any line. So whose a request is may be said after it has read, and whose
//! a message is after somebody was answered with it: then a reply waits for the name, see
//! [`super::replies`].

use super::diagnosis::How;
use super::entry::{Entry, Id};
use super::judge::{Here, Judge};
use super::origins::Origin;
use super::request::{Doubts, Others, Suspect};
use super::session::{Session, Spot};

/// Whose a message is, as far as a session can tell.
enum Owner {
    /// The same user's.
    Own,
    /// It stood in a place that is shared on purpose.
    Everybodys,
    /// Another user's, or of a request of which nobody has said yet whose it is.
    Other(Origin),
    /// Never brought in.
    Unknown,
    /// Brought in, and not remembered.
    Forgotten,
    /// Another session brought this id in; but ids are used twice in this log, and this session
    /// has had messages that are no longer remembered, or may have brought it in, too.
    Unsure,
}

/// The messages of a line, told apart by whose they are.
#[derive(Default)]
pub(super) struct Owners {
    pub(super) doubts: Doubts,
    pub(super) others: Others,
    /// The first that is the reader's own.
    pub(super) own: Option<Id>,
}

/// Who reads.
struct Reader<'a> {
    id: Id,
    session: &'a Session,
    user: Id,
}

impl Judge {
    /// Whose some messages are.
    pub(super) fn owners(&mut self, here: &Here, messages: &[Id], how: How) -> Owners {
        let mut owners = Owners::default();
        let (id, user) = (here.entry.session, self.user(here.entry));
        let Some((_, session)) = self.sessions.get(id) else { return owners };
        let reader = Reader { id, session, user };
        let mut heard = Vec::new();
        for &message in messages {
            match self.owner(message, &reader) {
                Owner::Own => drop(owners.own.get_or_insert(message)),
                Owner::Everybodys => {}
                Owner::Forgotten => owners.doubts.forgotten += 1,
                Owner::Unsure => {
                    owners.doubts.unsure += 1;
                    heard.push(message);
                }
                Owner::Unknown => {
                    owners.doubts.unknown += 1;
                    self.origins.meet(message);
                }
                Owner::Other(origin) => {
                    if !origin.spoken {
                        heard.push(message);
                    }
                    let whose = self.user_was(origin.session, origin.user);
                    if owners.others.admit(message, whose) {
                        owners.others.of.push(suspect(message, origin, whose, here.spot, how));
                    }
                }
            }
        }
        heard.into_iter().for_each(|message| self.hear(id, user, message));
        owners
    }

    fn owner(&self, message: Id, reader: &Reader) -> Owner {
        let Reader { id, session, user } = *reader;
        let brought = session.has_brought(message);
        if brought && session.is_one_users() {
            return Owner::Own;
        }
        if self.origins.is_public(message) {
            return Owner::Everybodys;
        }
        let Some(&origin) = self.origins.get(message) else {
            return match self.origins.was_brought(message) {
                _ if brought => Owner::Own,
                true => Owner::Forgotten,
                false => Owner::Unknown,
            };
        };
        let same = self.user_was(origin.session, origin.user) == user;
        if (brought && origin.session != id) || (same && !self.is_unnamed(&origin, id)) {
            return Owner::Own;
        }
        let used_twice = match origin.spoken {
            true => self.origins.spoken_twice,
            false => self.origins.used_twice,
        };
        let doubtful = origin.shared || (used_twice > 0 && session.has_forgotten);
        match (doubtful, same) {
            (true, true) => Owner::Own,
            (true, false) => Owner::Unsure,
            (false, _) => Owner::Other(origin),
        }
    }

    /// Whether a message of another session is of a request that is still open, so that its user may
    /// turn out to be another than that of its session.
    fn is_unnamed(&self, origin: &Origin, reader: Id) -> bool {
        origin.session != reader && self.waits_for_request(origin.session, origin.request)
    }

    fn waits_for_request(&self, session: Id, request: Id) -> bool {
        let session = self.sessions.get(session);
        let request = session.and_then(|(_, session)| session.request(request));
        request.is_some_and(|request| !request.is_named && !request.replied)
    }

    /// What has to be known before it is certain whose a message is: whose its request is, or else whose
    /// its session is.
    pub(super) fn waits_for(&self, suspect: &Suspect) -> Option<Id> {
        let Suspect { session, request, .. } = *suspect;
        if self.waits_for_request(session, request) {
            return Some(request);
        }
        self.waits_for_name(session, self.whose(suspect))
    }

    /// The same of a request of a session, which is answered.
    pub(super) fn waits_for_name(&self, session: Id, user: Id) -> Option<Id> {
        let nameless = self.sessions.get(session).is_some_and(|(_, it)| it.is_nameless());
        (nameless && user == session).then_some(session)
    }

    /// Whose a message is now.
    pub(super) fn whose(&self, suspect: &Suspect) -> Id {
        let origin = self.origins.get(suspect.id).filter(|it| it.session == suspect.session);
        self.user_was(suspect.session, origin.map_or(suspect.user, |origin| origin.user))
    }

    /// Whose a session was at some time, as far as it is known now.
    pub(super) fn user_was(&self, session: Id, user: Id) -> Id {
        if session != user {
            return user;
        }
        self.sessions.get(session).map_or(user, |(id, session)| session.user_was(*id, user))
    }

    /// Whose the request of a line is now.
    pub(super) fn user(&self, entry: &Entry) -> Id {
        let Some((id, session)) = self.sessions.get(entry.session) else { return entry.session };
        let request = session.request(entry.request);
        session.user_was(*id, request.map_or(session.user, |request| request.user))
    }

    /// A line says whose its request is.
    pub(super) fn name_user(&mut self, here: &Here, user: Id) {
        let Entry { session: id, request: request_id, .. } = *here.entry;
        let Some((_, session)) = self.sessions.get_mut(id) else { return };
        let is_first = session.belongs_to(user, || here.name(|line| line.user));
        let Some(request) = session.request_mut(request_id) else { return };
        let was = std::mem::replace(&mut request.user, user);
        let was_named = std::mem::replace(&mut request.is_named, true);
        let asked = Some((request.question, here.spot, How::Asked)).filter(|_| was_named);
        let read = request.own_read.map(|(message, spot)| (message, spot, How::Read));
        if was != user {
            if !was_named {
                self.origins.belong(request_id, user, session);
            }
            // It has read and asked as somebody else.
            for (message, spot, how) in [read, asked].into_iter().flatten() {
                self.was_anothers(here.entry, message, spot, how);
            }
        }
        self.users_are_named = true;
        if is_first {
            self.release(id);
        }
        if !was_named {
            self.release(request_id);
        }
    }

    /// What a request took for its own user's is another's, now that its user is known.
    fn was_anothers(&mut self, entry: &Entry, message: Id, spot: Spot, how: How) {
        let user = self.user(entry);
        let Some(&origin) = self.origins.get(message) else { return };
        let whose = self.user_was(origin.session, origin.user);
        if whose == user || origin.public {
            return;
        }
        let Some(request) = self.request(entry) else { return };
        if request.others.admit(message, whose) {
            request.others.of.push(suspect(message, origin, whose, spot, how));
        }
    }
}

fn suspect(id: Id, origin: Origin, whose: Id, read: Spot, how: How) -> Suspect {
    let Origin { session, request, spot: came, .. } = origin;
    Suspect { id, session, request, user: whose, came, read, how, words: None }
}
