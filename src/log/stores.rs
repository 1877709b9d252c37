//! Who brings a message in: by asking, by answering, or by storing what is new.
//!
//! New is what the log has not named before. A request that has not read the place before it writes
//! there may write back what stood there before the log began; then only the end of its list is new.
//!
//! A message that another session has stored, and that this one has never read, is brought in by both:
//! a system prompt, the same for everybody, is nobody's secret.

use super::entry::{Entry, Id};
use super::judge::{Here, Judge};
use super::line::Event;
use super::origins::Origin;
use super::request::FEW;

/// What storing a message says of it.
enum News {
    /// Nothing.
    Nothing,
    /// It is new.
    New,
    /// Another session has brought it in, and so does this one.
    Too,
    /// The same, unless this session has read it where the log does not say what was read.
    Perhaps,
}

impl Judge {
    /// The request of a line brings a message in.
    pub(super) fn claim(&mut self, here: &Here, message: Id) {
        let Entry { event, session: id, request: request_id, .. } = *here.entry;
        let messages_max = self.limits.messages;
        let Some((_, session)) = self.sessions.get_mut(id) else { return };
        let Some(request) = session.request_mut(request_id) else { return };
        request.begun |= event == Event::Request;
        if event == Event::Request {
            request.question = message;
        }
        request.brings(message);
        let by = Origin {
            session: id,
            request: request_id,
            user: request.user,
            spot: here.spot,
            spoken: matches!(event, Event::Request | Event::Reply),
            shared: false,
            public: false,
        };
        self.origins.claim(message, by, session, messages_max);
    }

    /// The request of a line stores messages.
    pub(super) fn store(&mut self, here: &Here) {
        let messages = here.messages().unwrap_or_default();
        let first_new = self.first_new(here, messages);
        for (at, &message) in messages.iter().enumerate() {
            match self.news(here, message) {
                News::Nothing => {}
                News::New if at < first_new => self.origins.meet(message),
                News::New | News::Too => self.claim(here, message),
                News::Perhaps => self.origins.doubt(message),
            }
        }
        let of_others = messages.iter().filter(|message| !self.is_spoken(**message));
        let held: Vec<Id> = of_others.map(|message| here.entry.cell.within(*message)).collect();
        held.into_iter().for_each(|held| self.held.meet(held));
    }

    /// From where on messages of a list may be new.
    fn first_new(&mut self, here: &Here, messages: &[Id]) -> usize {
        let is_whole = here.entry.event == Event::Write;
        if !is_whole || self.cell(here).is_told {
            return 0;
        }
        let last = messages.iter().rev().take(FEW);
        messages.len() - last.take_while(|message| self.origins.is_new(**message)).count()
    }

    fn news(&self, here: &Here, message: Id) -> News {
        let Entry { session: id, cell, .. } = *here.entry;
        let Some((_, session)) = self.sessions.get(id) else { return News::Nothing };
        let user = self.user(here.entry);
        let Some(origin) = self.origins.get(message) else {
            return if self.origins.is_new(message) { News::New } else { News::Nothing };
        };
        let whose = self.user_was(origin.session, origin.user);
        if origin.session == id || whose == user || origin.spoken || origin.public {
            return News::Nothing;
        }
        let has_read = self.heard.has(id.within(message)) || self.heard.has(user.within(message));
        // Whoever has read the place knows whether it stood there.
        let stood = self.held.has(cell.within(message))
            && session.request(here.entry.request).is_none_or(|it| it.last_look(cell).is_none());
        match has_read || stood || session.has_brought(message) {
            true => News::Nothing,
            false if session.has_read_blindly => News::Perhaps,
            false => News::Too,
        }
    }

    fn is_spoken(&self, message: Id) -> bool {
        self.origins.get(message).is_some_and(|origin| origin.spoken)
    }

    /// Takes note that a session has read a message which it has not brought in.
    pub(super) fn hear(&mut self, session: Id, user: Id, message: Id) {
        self.heard.meet(session.within(message));
        self.heard.meet(user.within(message));
    }

    /// What stands in a place that is shared on purpose is for everybody.
    pub(super) fn publish(&mut self, here: &Here) {
        if here.entry.shared {
            self.origins.publish(here.messages().unwrap_or_default());
        }
    }
}
