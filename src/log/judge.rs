//! Judges the lines of a log, one after the other, in memory that does not grow with the log.
//!
//! **context-leak**: a reply whose basis holds a message of another user. A message belongs to the
//! session whose request brought it in: as its question, as its answer, by appending it, or as what
//! stands at the end of a write and nobody has named before. The basis of a reply is what the line
//! says, or else everything that the request has read.
//!
//! **lost-update**: see [`super::cell`].

use super::cell::{Cell, Harm, Wrote};
use super::diagnosis::{Diagnosis, Finding, Kind, Place, Remembered, Who, excerpt, short};
use super::entry::{Entry, Id, Piece};
use super::line::{Event, Line, Name};
use super::recent::Recent;
use super::session::{
    Doubts, FEW, Few, Origin, Origins, Owner, Request, Session, Spot, Suspect, Words,
};
use std::ops::Range;

/// How much is remembered.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Messages of one session.
    pub messages: usize,
    /// Sessions; who said nothing for longest is forgotten first.
    pub sessions: usize,
    /// Cells, likewise.
    pub cells: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { messages: 32, sessions: 1 << 17, cells: 1 << 17 }
    }
}

/// The name of a session that was forgotten between a read and the reply.
const FORGOTTEN: &str = "somebody";

/// Reads of other users' messages that are kept with what the line says. They are wanted for the
/// first few findings, and from a file they can be read again.
const WORDS_MAX: usize = 4096;

/// What is known so far.
pub struct Judge {
    limits: Limits,
    sessions: Recent<(Id, Session)>,
    cells: Recent<Cell>,
    origins: Origins,
    /// How many reads of other users' messages may still be kept with their words.
    words_left: usize,
    found: Diagnosis,
}

/// A line and what is needed to read it again.
struct Here<'a> {
    entry: &'a Entry,
    ids: &'a [Id],
    bytes: &'a [u8],
    spot: Spot,
}

impl Judge {
    /// Nothing known yet.
    pub fn new(limits: Limits) -> Judge {
        Judge {
            limits,
            sessions: Recent::new(limits.sessions),
            cells: Recent::new(limits.cells),
            origins: Origins::default(),
            words_left: WORDS_MAX,
            found: Diagnosis::default(),
        }
    }

    /// Judges the next piece of a block that begins at an offset of the log.
    pub fn piece(&mut self, piece: &Piece, block: &[u8], offset: u64) {
        let before = self.found.lines;
        for (all, (count, first)) in self.found.skipped.iter_mut().zip(piece.skipped) {
            if all.0 == 0 && count > 0 {
                all.1 = before + u64::from(first) + 1;
            }
            all.0 += count;
        }
        if let (None, Some((line, at, odd))) = (&self.found.first_odd, &piece.first_odd) {
            let text = excerpt(&block[range(at)]);
            self.found.first_odd = Some((before + u64::from(*line) + 1, text, *odd));
        }
        self.found.blank += piece.blank;
        self.found.other += piece.other;
        for entry in &piece.entries {
            let line = before + u64::from(entry.line) + 1;
            let spot = Spot { line, offset: offset + u64::from(entry.bytes.start) };
            let bytes = &block[range(&entry.bytes)];
            self.judge(&Here { entry, ids: &piece.ids, bytes, spot });
        }
        self.found.lines += u64::from(piece.lines);
    }

    /// What was found, at the end.
    pub fn finish(mut self, bytes: u64) -> Diagnosis {
        let remembered = self.remembered();
        let open = &mut self.found.open;
        open.used_twice = self.origins.used_twice;
        open.sessions = self.sessions.forgotten;
        open.cells = self.cells.forgotten;
        Diagnosis { bytes, remembered, ..self.found }
    }

    /// How much is remembered now.
    pub fn remembered(&self) -> Remembered {
        let of_session = |(_, session): &(Id, Session)| session.remembered().1;
        Remembered {
            sessions: self.sessions.len(),
            messages: self.origins.len(),
            requests: self.sessions.values().map(of_session).sum(),
            cells: self.cells.len(),
            writes: self.cells.values().map(Cell::remembered).sum(),
        }
    }

    fn judge(&mut self, here: &Here) {
        self.found.events[here.entry.event as usize] += 1;
        self.found.clock.see(here.entry.when, here.spot.line);
        self.meet(here);
        match here.entry.event {
            Event::Request => self.claim(here, here.entry.message),
            Event::Read => self.read(here),
            Event::Write => self.write(here),
            Event::Append => self.append(here),
            Event::Reply => self.reply(here),
        }
    }

    /// Sees to it that the session and the request of a line are remembered.
    fn meet(&mut self, here: &Here) {
        let Entry { session: id, request, user, .. } = *here.entry;
        for (forgotten, session) in self.sessions.make_room(id) {
            self.origins.forget_all(forgotten, &session);
        }
        let met = &mut self.found.sessions;
        let (_, session) = self.sessions.use_or_make(id, || {
            *met += 1;
            (id, Session::new(id, here.name(|line| line.session)))
        });
        if let Some(user) = user {
            session.belongs_to(user, || here.name(|line| line.user));
        }
        if session.begin(request) {
            self.found.open.requests.meet(here.spot.line, 0);
        }
    }

    /// The session and the request of a line; both are there, since [`Judge::meet`] came before.
    fn request(&mut self, entry: &Entry) -> Option<&mut Request> {
        let (_, session) = self.sessions.get_mut(entry.session)?;
        session.request(entry.request)
    }

    /// The request of a line brings a message in.
    fn claim(&mut self, here: &Here, message: Id) {
        let entry = here.entry;
        let messages_max = self.limits.messages;
        if let Some((id, session)) = self.sessions.get_mut(entry.session) {
            self.origins.claim(message, (*id, session), here.spot, messages_max);
            if let Some(request) = session.request(entry.request) {
                request.begun |= entry.event == Event::Request;
                request.brings(message);
            }
        }
    }

    fn read(&mut self, here: &Here) {
        self.cell(here);
        let cell = here.entry.cell;
        let read = here.messages().map(|messages| self.owners(here, messages));
        let Some(request) = self.request(here.entry) else { return };
        request.look(cell, here.spot.line, here.messages().unwrap_or_default());
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
        Suspect { id, session: origin.session, came, read: here.spot, words }
    }

    fn append(&mut self, here: &Here) {
        self.cell(here);
        let messages = here.messages().unwrap_or_default();
        messages.iter().for_each(|&message| {
            if !self.origins.knows(message) {
                self.claim(here, message);
            }
        });
        self.wrote(here);
    }

    fn write(&mut self, here: &Here) {
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
            other: self.who(wrote.session),
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
        let wrote = Wrote { spot: here.spot, session, request, added, told, covered: false };
        self.cell(here).push(wrote);
    }

    fn reply(&mut self, here: &Here) {
        let basis = here.basis().map(|basis| self.owners(here, basis));
        let Some(request) = self.request(here.entry) else { return };
        request.replied = true;
        let named = here.basis().is_some();
        let read = |id: &Id| here.basis().is_none_or(|basis| basis.contains(id));
        let suspect = request.suspects.iter().find(|suspect| read(&suspect.id)).cloned();
        // Without a basis, what was read is one, if all of it is known.
        let is_known = named || (request.begun && request.reads > 0 && request.blind_reads == 0);
        let read_doubts = request.doubts;
        let (doubts, others) = basis.unwrap_or((read_doubts, Vec::new()));
        let suspect = suspect.or_else(|| {
            let &(id, origin) = others.first()?;
            let words = Some(here.words(id));
            let (session, came, read) = (origin.session, origin.spot, here.spot);
            Some(Suspect { id, session, came, read, words })
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
        let Suspect { id, session, came, read, words } = suspect;
        let Words { message, cell, excerpt } = words.map(|words| *words).unwrap_or_default();
        let finding = Finding {
            kind: Kind::Leak,
            who: self.who(here.entry.session),
            request: short(&here.name(|line| line.request)),
            other: self.who(session),
            other_request: None,
            cell,
            message,
            id,
            line: here.spot.line,
            pair: [Place::far(came), Place { spot: read, excerpt }],
        };
        self.found.findings.push(finding);
    }

    /// The cell of a line.
    fn cell(&mut self, here: &Here) -> &mut Cell {
        let id = here.entry.cell;
        self.cells.make_room(id);
        self.cells.use_or_make(id, || Cell::new(here.spot.line))
    }

    fn who(&self, session: Id) -> Who {
        let Some((_, session)) = self.sessions.get(session) else {
            return Who { session: FORGOTTEN.into(), user: None };
        };
        Who { session: short(&session.name), user: session.user_name.as_deref().map(short) }
    }
}

impl Here<'_> {
    fn messages(&self) -> Option<&[Id]> {
        self.entry.messages.as_ref().map(|at| &self.ids[range(at)])
    }

    fn basis(&self) -> Option<&[Id]> {
        self.entry.basis.as_ref().map(|at| &self.ids[range(at)])
    }

    fn line(&self) -> Option<Line<'_>> {
        Line::parse(std::str::from_utf8(self.bytes).ok()?).ok()
    }

    /// A name in the line, read once more.
    fn name(&self, of: impl for<'l> FnOnce(Line<'l>) -> Option<Name<'l>>) -> Box<str> {
        let name = self.line().and_then(of);
        name.map_or_else(Box::default, |name| short(name.as_str()).into())
    }

    /// What the line says of a message that it lists, read once more.
    fn words(&self, id: Id) -> Box<Words> {
        let line = self.line().unwrap_or_default();
        let mut names = line.messages.iter().chain(&line.basis).flatten();
        let name = names.find(|name| Id::of(name.as_str()) == id);
        Box::new(Words {
            message: name.map(|name| short(name.as_str())),
            cell: line.cell.as_ref().map(|cell| short(cell.as_str())),
            excerpt: Some(excerpt(self.bytes)),
        })
    }
}

fn range(at: &Range<u32>) -> Range<usize> {
    at.start as usize..at.end as usize
}
