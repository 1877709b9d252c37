//! What each event of a log means, and what is wrong about it.
//!
//! **context-leak**: a reply whose basis holds a message of another user. A message belongs to the
//! session whose request brought it in: as its question, as its answer, by appending it, or as what
//! stands at the end of a write and nobody has named before. The basis of a reply is what the line
//! says, or else everything that the request has read.
//!
//! What stood in a place that is shared on purpose is everybody's, and leaks nowhere.
//!
//! **lost-update**: see [`super::cell`].

use super::cell::{Harm, Wrote};
use super::diagnosis::{Finding, Kind, Place, short};
use super::entry::{Entry, Id};
use super::judge::{Here, Judge};
use super::line::Event;
use super::session::{Doubts, FEW, Few, Origin, Owner, Suspect, Words};

impl Judge {
    pub(super) fn read(&mut self, here: &Here) {
        self.cell(here).look(here.entry.request);
        self.publish(here);
        let cell = here.entry.cell;
        let read = here.messages().map(|messages| match here.entry.shared {
            // It is for everybody, also what nobody remembers.
            true => (Doubts::default(), Vec::new()),
            false => self.owners(here, messages),
        });
        let Some(request) = self.request(here.entry) else { return };
        let forgets = request.look(cell, here.spot.line, here.messages().unwrap_or_default());
        if forgets {
            self.found.open.looks.meet(here.spot.line, 0);
        }
        let Some(request) = self.request(here.entry) else { return };
        let Some((doubts, others)) = read else {
            request.blind_reads += 1;
            return;
        };
        request.reads += 1;
        request.doubts.unknown += doubts.unknown;
        request.doubts.unsure += doubts.unsure;
        let mut new = others;
        new.retain(|(id, _)| request.suspects.iter().all(|suspect| suspect.id != *id));
        new.truncate(FEW - request.suspects.len());
        let suspects: Vec<Suspect> =
            new.into_iter().map(|(id, origin)| self.suspect(here, id, origin)).collect();
        if let Some(request) = self.request(here.entry) {
            request.suspects.extend(suspects);
        }
    }

    /// Whose some messages are: how many are doubtful, and the first few that are another user's.
    fn owners(&self, here: &Here, messages: &[Id]) -> (Doubts, Vec<(Id, Origin)>) {
        let (mut doubts, mut others) = (Doubts::default(), Vec::new());
        let Some((id, session)) = self.sessions.get(here.entry.session) else {
            return (doubts, others);
        };
        for &message in messages {
            match self.origins.owner(message, (*id, session)) {
                Owner::Own => {}
                Owner::Other(origin)
                    if self.user_was(origin.session, origin.user) == session.user => {}
                Owner::Unknown => doubts.unknown += 1,
                Owner::Unsure => doubts.unsure += 1,
                Owner::Other(origin) if others.len() < 2 * FEW => others.push((message, origin)),
                Owner::Other(_) => {}
            }
        }
        (doubts, others)
    }

    fn suspect(&mut self, here: &Here, id: Id, origin: Origin) -> Suspect {
        let into_cell = self.cells.get(here.entry.cell).and_then(|cell| cell.added(id));
        let came = into_cell.map_or(origin.spot, |wrote| wrote.spot);
        let words = (self.words_left > 0).then(|| here.words(id));
        self.words_left = self.words_left.saturating_sub(1);
        let Origin { session, user, .. } = origin;
        Suspect { id, session, user, came, read: here.spot, words }
    }

    pub(super) fn append(&mut self, here: &Here) {
        self.cell(here);
        let messages = here.messages().unwrap_or_default();
        messages.iter().for_each(|&message| {
            if !self.origins.knows(message) {
                self.claim(here, message);
            }
        });
        self.publish(here);
        self.wrote(here);
    }

    /// What stands in a place that is shared on purpose is for everybody.
    fn publish(&mut self, here: &Here) {
        if here.entry.shared {
            self.origins.publish(here.messages().unwrap_or_default());
        }
    }

    pub(super) fn write(&mut self, here: &Here) {
        self.cell(here);
        let (cell, messages) = (here.entry.cell, here.messages());
        let Some(request) = self.request(here.entry) else { return };
        let look = request.last_look(cell).copied();
        // What stands at the end, was not there before and has no owner, is new.
        let last = look.map(|look| look.last).unwrap_or_default();
        let ends = messages.unwrap_or_default().iter().rev().take(FEW);
        let new: Vec<Id> = ends
            .take_while(|id| !self.origins.knows(**id) && !last.iter().any(|seen| seen == *id))
            .copied()
            .collect();
        new.into_iter().rev().for_each(|message| self.claim(here, message));
        self.publish(here);
        if let Some(look) = look {
            self.found.compared += 1;
            self.harm(here, look.line);
        }
        self.cell(here).replace(messages);
        self.wrote(here);
    }

    fn harm(&mut self, here: &Here, look: u64) {
        let harm = self.cell(here).harm(here.entry.request, look, here.messages());
        let mut stale = None;
        for harm in harm {
            match harm {
                Harm::Lost(wrote, id) => {
                    self.found.lost += 1;
                    self.keep_harm(here, Kind::Lost, wrote, id);
                }
                Harm::Perhaps(wrote) => stale = Some(wrote),
                Harm::TooLongAgo => self.found.open.too_long_ago.meet(here.spot.line, 0),
            }
        }
        if let Some(wrote) = stale {
            self.found.stale += 1;
            self.keep_harm(here, Kind::Stale, wrote, Id::default());
        }
    }

    fn keep_harm(&mut self, here: &Here, kind: Kind, wrote: Wrote, id: Id) {
        if self.found.has_enough(kind) {
            return;
        }
        let finding = Finding {
            kind,
            who: self.who(here.entry.session),
            request: short(&here.name(|line| line.request)),
            other: self.who_was(wrote.session, wrote.user),
            other_request: None,
            cell: Some(short(&here.name(|line| line.cell))),
            message: None,
            id,
            line: here.spot.line,
            pair: [Place::far(wrote.spot), Place::shown(here.spot, here.bytes)],
        };
        self.found.findings.push(finding);
    }

    /// Takes note of a write or an append.
    fn wrote(&mut self, here: &Here) {
        let messages = here.messages();
        let mut added = self.request(here.entry).map_or_else(Few::default, |request| request.own);
        added.retain(|id| messages.unwrap_or_default().contains(id));
        let Entry { session, request, .. } = *here.entry;
        let told = messages.is_some();
        let (spot, user) = (here.spot, self.user(session));
        let (covered, seen) = (false, false);
        let wrote = Wrote { spot, session, user, request, added, told, covered, seen };
        self.cell(here).push(wrote, here.entry.event == Event::Write);
    }

    pub(super) fn reply(&mut self, here: &Here) {
        let basis = here.basis().map(|basis| self.owners(here, basis));
        let Some(request) = self.request(here.entry) else { return };
        request.replied = true;
        let named = here.basis().is_some();
        let read = |id: &Id| here.basis().is_none_or(|basis| basis.contains(id));
        let suspects = request.suspects.iter().filter(|suspect| read(&suspect.id));
        let suspects: Vec<Suspect> = suspects.cloned().collect();
        // Without a basis, what was read is one, if all of it is known.
        let is_known = named || (request.begun && request.reads > 0 && request.blind_reads == 0);
        let read_doubts = request.doubts;
        let (doubts, others) = basis.unwrap_or((read_doubts, Vec::new()));
        // Whose session it is may have been said since it read.
        let user = self.user(here.entry.session);
        let mut suspects = suspects.into_iter();
        let suspect = suspects.find(|suspect| self.user_was(suspect.session, suspect.user) != user);
        let suspect = suspect.or_else(|| {
            let &(id, origin) = others.first()?;
            let words = Some(here.words(id));
            let Origin { session, user, spot: came, .. } = origin;
            Some(Suspect { id, session, user, came, read: here.spot, words })
        });
        let line = here.spot.line;
        match (is_known, &suspect) {
            (false, None) => self.found.unjudged += 1,
            _ => self.found.judged += 1,
        }
        if is_known && doubts.unknown > 0 {
            self.found.open.unknown.meet(line, doubts.unknown);
        }
        if is_known && doubts.unsure > 0 {
            self.found.open.unsure.meet(line, doubts.unsure);
        }
        if let Some(suspect) = suspect {
            self.leak(here, suspect);
        }
        self.claim(here, here.entry.message);
    }

    fn leak(&mut self, here: &Here, suspect: Suspect) {
        self.found.leaks += 1;
        if self.found.has_enough(Kind::Leak) {
            return;
        }
        let Suspect { id, session, user, came, read, words } = suspect;
        let Words { message, cell, excerpt } = words.map(|words| *words).unwrap_or_default();
        let finding = Finding {
            kind: Kind::Leak,
            who: self.who(here.entry.session),
            request: short(&here.name(|line| line.request)),
            other: self.who_was(session, user),
            other_request: None,
            cell,
            message,
            id,
            line: here.spot.line,
            pair: [Place::far(came), Place { spot: read, excerpt }],
        };
        self.found.findings.push(finding);
    }
}
