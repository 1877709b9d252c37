//! Judges the lines of a log, one after the other, in memory that does not grow with the log.
//!
//! Here is what is known and how it is kept; `rules` tells what is made of each event.

use super::cell::Cell;
use super::diagnosis::{Diagnosis, Remembered, Who, excerpt, short};
use super::entry::{Entry, Id, Piece};
use super::line::{Line, Name};
use super::met::Met;
use super::origins::Origins;
use super::recent::Recent;
use super::replies::Waiting;
use super::request::{Request, Words};
use super::session::{Session, Spot};
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
    /// Replies that may wait until it is said whose a message is.
    pub waiting: usize,
}

/// Messages of one session that are remembered unless somebody asks for another number: those of 64
/// turns.
pub const MESSAGES: usize = 128;

impl Default for Limits {
    fn default() -> Self {
        Limits { messages: MESSAGES, sessions: 1 << 17, cells: 1 << 17, waiting: 1 << 16 }
    }
}

/// Reads of other users' messages that are kept with what the line says. They are wanted for the
/// first few findings, and from a file they can be read again.
const WORDS_MAX: usize = 4096;

/// What is known so far.
pub struct Judge {
    pub(super) limits: Limits,
    pub(super) sessions: Recent<(Id, Session)>,
    pub(super) cells: Recent<Cell>,
    pub(super) origins: Origins,
    /// Which session and which user has read a message that it has not brought in.
    pub(super) heard: Met,
    /// Which cell has held a message that is no question and no answer.
    pub(super) held: Met,
    pub(super) waiting: Waiting,
    /// Whether any line names a user.
    pub(super) users_are_named: bool,
    /// The session that last began a request with this id.
    requests: Recent<Id>,
    /// How many reads of other users' messages may still be kept with their words.
    pub(super) words_left: usize,
    pub(super) found: Diagnosis,
}

/// A line and what is needed to read it again.
pub(super) struct Here<'a> {
    pub(super) entry: &'a Entry,
    pub(super) ids: &'a [Id],
    pub(super) bytes: &'a [u8],
    pub(super) spot: Spot,
}

impl Judge {
    /// Nothing known yet.
    pub fn new(limits: Limits) -> Judge {
        Judge {
            limits,
            sessions: Recent::new(limits.sessions),
            cells: Recent::new(limits.cells),
            origins: Origins::default(),
            heard: Met::default(),
            held: Met::default(),
            waiting: Waiting::default(),
            users_are_named: false,
            requests: Recent::new(limits.sessions),
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
        self.found.open.skipped += piece.may_tell;
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

    /// What was found, at the end. `interrupted`: the log goes on, but nobody wanted to wait.
    pub fn finish(mut self, bytes: u64, interrupted: bool) -> Diagnosis {
        self.settle_all(interrupted);
        let remembered = self.remembered();
        let open = &mut self.found.open;
        open.used_twice = self.origins.used_twice;
        open.messages = self.origins.forgotten;
        open.sessions = self.sessions.forgotten;
        open.cells = self.cells.forgotten;
        let remember = self.limits.messages;
        Diagnosis { bytes, interrupted, remembered, remember, ..self.found }
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

    /// Sees to it that the session and the request of a line are remembered.
    pub(super) fn meet(&mut self, here: &Here) {
        let Entry { session: id, request, user, .. } = *here.entry;
        for (forgotten, session) in self.sessions.make_room(id) {
            self.origins.forget_all(forgotten, &session);
        }
        let met = &mut self.found.sessions;
        let (_, session) = self.sessions.use_or_make(id, || {
            *met += 1;
            (id, Session::new(id, here.name(|line| line.session)))
        });
        if session.begin(request, here.spot.line) {
            self.found.open.requests.meet(here.spot.line, 0);
        }
        if let Some(user) = user {
            self.name_user(here, user);
        }
    }

    /// Takes note of a request's id, which another session may have used too. They are different
    /// requests, but whoever reads the log may take them for one.
    pub(super) fn note_request(&mut self, here: &Here) {
        let Entry { session, request_name, .. } = *here.entry;
        self.requests.make_room(request_name);
        let known = self.requests.use_or_make(request_name, || session);
        if std::mem::replace(known, session) != session {
            self.found.requests_alike.meet(here.spot.line, 0);
        }
    }

    /// The session and the request of a line; both are there, since [`Judge::meet`] came before.
    pub(super) fn request(&mut self, entry: &Entry) -> Option<&mut Request> {
        let (_, session) = self.sessions.get_mut(entry.session)?;
        session.request_mut(entry.request)
    }

    /// The cell of a line.
    pub(super) fn cell(&mut self, here: &Here) -> &mut Cell {
        let id = here.entry.cell;
        self.cells.make_room(id);
        self.cells.use_or_make(id, || Cell::new(here.spot.line))
    }

    /// A session, and the user that it had at some time.
    pub(super) fn who(&self, session: Id, user: Id) -> Who {
        let Some((_, session)) = self.sessions.get(session) else {
            return Who::default();
        };
        Who { session: Some(short(&session.name)), user: session.name_of(user).map(short) }
    }
}

impl Here<'_> {
    pub(super) fn messages(&self) -> Option<&[Id]> {
        self.entry.messages.as_ref().map(|at| &self.ids[range(at)])
    }

    pub(super) fn basis(&self) -> Option<&[Id]> {
        self.entry.basis.as_ref().map(|at| &self.ids[range(at)])
    }

    fn line(&self) -> Option<Line<'_>> {
        Line::parse(std::str::from_utf8(self.bytes).ok()?).ok()
    }

    /// A name in the line, read once more.
    pub(super) fn name(&self, of: impl for<'l> FnOnce(Line<'l>) -> Option<Name<'l>>) -> Box<str> {
        let name = self.line().and_then(of);
        name.map_or_else(Box::default, |name| short(name.as_str()).into())
    }

    /// What the line says of a message that it lists, read once more.
    pub(super) fn words(&self, id: Id) -> Box<Words> {
        let line = self.line().unwrap_or_default();
        Box::new(Words {
            message: line.named(id).map(|name| short(name.as_str())),
            cell: line.cell.as_ref().map(|cell| short(cell.as_str())),
            excerpt: Some(excerpt(self.bytes)),
        })
    }
}

fn range(at: &Range<u32>) -> Range<usize> {
    at.start as usize..at.end as usize
}
