//! What a write does to what others have written.
//!
//! Whoever has read the place since loses nothing, see [`super::cell`]. Whoever has not read it for this
//! request knows at most what its session has seen there before the request began. What others wrote
//! after that is wiped out unseen. It is lost if the two requests overlapped. If one was over before the
//! other began, the app may mean it so, as where only the last message is kept: that cannot be told.
//! A user who empties a place, or leaves nothing there but prompts, begins anew and loses nothing.

use super::cell::{Harm, Wrote};
use super::diagnosis::{Finding, How, Kind, Place, short};
use super::entry::{Entry, Id};
use super::judge::{Here, Judge};
use super::line::Event;
use super::request::Few;

impl Judge {
    pub(super) fn append(&mut self, here: &Here) {
        self.cell(here);
        self.store(here);
        self.publish(here);
        self.wrote(here);
    }

    pub(super) fn write(&mut self, here: &Here) {
        self.cell(here);
        self.store(here);
        self.publish(here);
        let cell = here.entry.cell;
        let Some(request) = self.request(here.entry) else { return };
        match request.last_look(cell) {
            Some(look) => {
                self.found.compared += 1;
                self.write_after(here, look);
            }
            // It may have read this one.
            None if request.has_forgotten_looks => {}
            None => self.write_unread(here),
        }
        self.cell(here).replace(here.messages());
        self.wrote(here);
    }

    /// A write of a request that has read the cell in a line.
    fn write_after(&mut self, here: &Here, look: u64) {
        let mut stale = None;
        for harm in self.cell(here).harm(here.entry.request, look, here.messages()) {
            match harm {
                Harm::Lost(wrote, id) => self.lost(here, wrote, id, How::OldCopy),
                Harm::Perhaps(wrote) => stale = Some((wrote, Id::default())),
                Harm::TooLongAgo => self.found.open.too_long_ago.meet(here.spot.line, 0),
            }
        }
        self.stale(here, stale, How::OldCopy);
    }

    /// A write of a request that has not read the cell.
    fn write_unread(&mut self, here: &Here) {
        let Entry { session: id, request, cell, .. } = *here.entry;
        let Some(began) = self.request(here.entry).map(|request| request.since) else { return };
        let looked = self.sessions.get(id).and_then(|(_, it)| it.last_look(cell, began));
        let wrote = self.cell(here).last_write(id, began);
        let knows = looked.max(wrote).unwrap_or_default();
        let mut stale = None;
        for harm in self.cell(here).harm(request, knows, here.messages()) {
            match harm {
                Harm::Lost(wrote, _) | Harm::Perhaps(wrote) if self.begins_anew(here, &wrote) => {}
                Harm::Lost(wrote, id) if wrote.spot.line > began || self.is_open(&wrote) => {
                    self.lost(here, wrote, id, How::NotRead);
                }
                Harm::Lost(wrote, id) => stale = Some((wrote, id)),
                Harm::Perhaps(wrote) => stale = Some((wrote, Id::default())),
                Harm::TooLongAgo if self.cell(here).forgot_another(id) => {
                    self.found.open.too_long_ago.meet(here.spot.line, 0);
                }
                Harm::TooLongAgo => {}
            }
        }
        self.stale(here, stale, How::NotRead);
    }

    /// Whether a user leaves nothing in a place but what several sessions begin with.
    fn begins_anew(&self, here: &Here, wrote: &Wrote) -> bool {
        let is_prompt = |message: &Id| {
            self.origins.get(*message).is_some_and(|origin| origin.shared && !origin.spoken)
        };
        let is_one_users = self.user(here.entry) == self.user_was(wrote.session, wrote.user);
        is_one_users && here.messages().is_some_and(|messages| messages.iter().all(is_prompt))
    }

    /// Whether the request of a write is not answered yet.
    fn is_open(&self, wrote: &Wrote) -> bool {
        let session = self.sessions.get(wrote.session);
        let request = session.and_then(|(_, session)| session.request(wrote.request));
        request.is_some_and(|request| request.begun && !request.replied)
    }

    fn lost(&mut self, here: &Here, wrote: Wrote, id: Id, how: How) {
        self.found.lost += 1;
        self.keep_harm(here, Kind::Lost, how, (wrote, id));
    }

    fn stale(&mut self, here: &Here, harm: Option<(Wrote, Id)>, how: How) {
        if let Some(harm) = harm {
            self.found.stale += 1;
            self.keep_harm(here, Kind::Stale, how, harm);
        }
    }

    fn keep_harm(&mut self, here: &Here, kind: Kind, how: How, (wrote, id): (Wrote, Id)) {
        if self.found.has_enough(kind, here.spot.line) {
            return;
        }
        let finding = Finding {
            kind,
            who: self.who(here.entry.session, self.user(here.entry)),
            request: short(&here.name(|line| line.request)),
            how,
            other: self.who(wrote.session, wrote.user),
            other_request: None,
            cell: Some(short(&here.name(|line| line.cell))),
            message: None,
            id,
            line: here.spot.line,
            pair: [Place::far(wrote.spot), Place::shown(here.spot, here.bytes)],
        };
        self.found.keep(finding);
    }

    /// Takes note of a write or an append.
    fn wrote(&mut self, here: &Here) {
        let messages = here.messages();
        let mut added = self.request(here.entry).map_or_else(Few::default, |request| request.own);
        added.retain(|id| messages.unwrap_or_default().contains(id));
        let Entry { session, request, .. } = *here.entry;
        let told = messages.is_some();
        let (spot, user) = (here.spot, self.user(here.entry));
        let (covered, seen) = (false, false);
        let wrote = Wrote { spot, session, user, request, added, told, covered, seen };
        self.cell(here).push(wrote, here.entry.event == Event::Write);
    }
}
