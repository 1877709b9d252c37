//! What a line says, as short as it can be remembered; or why it says nothing.
//!
//! Ids and names become numbers here, [`Id`]s, so that what comes after compares numbers and keeps
//! no text. Where a text is wanted for the page, the line is read once more.

use super::blocks::{Block, LINE_BYTES_MAX};
use super::line::{Event, Line, Name, answer_of};
use super::time::When;
use crate::words::Phrase;
use memchr::{memchr, memmem};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::ops::Range;

/// What a line of the format takes, about.
const LINE_BYTES_USUAL: usize = 128;

/// What stands for a name: its hash, of 64 bits (SipHash). Ids are compared with the few hundred
/// thousand that are remembered: of a million logs of five million lines, one meets two names that
/// look alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u64);

impl Id {
    /// The id of a text.
    pub fn of(text: &str) -> Id {
        let mut hasher = DefaultHasher::new();
        hasher.write(text.as_bytes());
        Id(hasher.finish())
    }

    /// The id of something that is named within something else.
    pub fn within(self, other: Id) -> Id {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(self.0);
        hasher.write_u64(other.0);
        Id(hasher.finish())
    }
}

impl Line<'_> {
    /// What a line calls a message that it names. A question may be called as its request is.
    pub fn named(&self, id: Id) -> Option<&Name<'_>> {
        let lists = self.messages.iter().chain(&self.basis).flatten();
        let mut names = lists.chain(&self.message).chain(&self.request);
        names.find(|name| Id::of(name.as_str()) == id)
    }
}

/// A line of the format.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What happened.
    pub event: Event,
    /// The session.
    pub session: Id,
    /// The user, if it is said.
    pub user: Option<Id>,
    /// The request, which is named within its session.
    pub request: Id,
    /// What the request is called, whatever its session is.
    pub request_name: Id,
    /// The cell, for events that touch one.
    pub cell: Id,
    /// Whether that cell is shared on purpose.
    pub shared: bool,
    /// Where in its piece's ids the messages are.
    pub messages: Option<Range<u32>>,
    /// The question of a request, the answer of a reply.
    pub message: Id,
    /// Where in its piece's ids the basis is.
    pub basis: Option<Range<u32>>,
    /// When.
    pub when: When,
    /// Its line in its piece, from 0.
    pub line: u32,
    /// Where in the block it is.
    pub bytes: Range<u32>,
}

/// Why a line was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Skip {
    /// Longer than [`LINE_BYTES_MAX`].
    TooLong,
    /// Not UTF-8.
    NotText,
    /// It ends in the middle.
    CutOff,
    /// Something else that is no JSON.
    NotJson,
    /// JSON, but no object.
    NotObject,
    /// A field is not of its kind, or there twice.
    WrongField,
    /// No `event`.
    NoEvent,
    /// No `session`.
    NoSession,
    /// No `request`.
    NoRequest,
    /// No `cell`, where one was touched.
    NoCell,
}

impl Skip {
    /// All of them, in the order in which they are looked for.
    pub const ALL: [Skip; 10] = [
        Skip::TooLong,
        Skip::NotText,
        Skip::CutOff,
        Skip::NotJson,
        Skip::NotObject,
        Skip::WrongField,
        Skip::NoEvent,
        Skip::NoSession,
        Skip::NoRequest,
        Skip::NoCell,
    ];

    /// What is wrong with such a line, in a few words.
    pub fn phrase(self) -> Phrase {
        Phrase::of("log-skip", &self)
    }
}

/// What a line is, if it is no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// Nothing but white space.
    Blank,
    /// Somebody else's event.
    Other,
    /// Nothing that can be read.
    Skipped(Skip),
}

/// A part of a block, read.
#[derive(Debug, Default)]
pub struct Piece {
    /// Its lines of the format.
    pub entries: Vec<Entry>,
    /// The ids that they name.
    pub ids: Vec<Id>,
    /// How many lines it has.
    pub lines: u32,
    /// How many of them are blank.
    pub blank: u64,
    /// How many are somebody else's.
    pub other: u64,
    /// How many were skipped and the first of them, in the order of [`Skip::ALL`].
    pub skipped: [(u64, u32); Skip::ALL.len()],
    /// How many of those that were skipped may say something.
    pub may_tell: u64,
    /// The first line that is not blank and not of the format, and where in the block it is.
    pub first_odd: Option<(u32, Range<u32>, Odd)>,
}

/// Reads a block, its pieces side by side.
pub fn read(block: &Block) -> Vec<Piece> {
    let pieces = block.pieces().into_par_iter();
    pieces
        .map(|(start, bytes)| {
            // Room for lines as they usually are, so that it seldom has to grow.
            let entries = Vec::with_capacity(bytes.len() / LINE_BYTES_USUAL);
            let mut piece = Piece { entries, ..Piece::default() };
            // Looked through at once, which is quicker than line by line.
            let text = std::str::from_utf8(bytes).ok();
            let mut rest = bytes;
            // A block that only ends a line that was too long may be empty.
            let mut inside = block.begins_inside && start == 0;
            while !rest.is_empty() || inside {
                let length = memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
                let at = start + bytes.len() - rest.len();
                let (line, after) = rest.split_at(length);
                match inside {
                    true => piece.odd(Odd::Skipped(Skip::TooLong), line, at),
                    false => {
                        let text = text.and_then(|text| text.get(at - start..at - start + length));
                        piece.add(text.ok_or(line), at);
                    }
                }
                inside = false;
                rest = after;
                piece.lines += 1;
            }
            piece
        })
        .collect()
}

impl Piece {
    /// Adds a line, which is text or perhaps not.
    fn add(&mut self, line: Result<&str, &[u8]>, at: usize) {
        let text = line.or_else(|bytes| std::str::from_utf8(bytes).map_err(|_| bytes));
        let entry = match text {
            Ok(text) => self.entry(text, at),
            Err(bytes) => Err(Odd::Skipped(no_text(bytes))),
        };
        if let Err(odd) = entry {
            self.odd(odd, line.map_or_else(|bytes| bytes, str::as_bytes), at);
        }
    }

    fn odd(&mut self, odd: Odd, line: &[u8], at: usize) {
        match odd {
            Odd::Blank => {
                self.blank += 1;
                return;
            }
            Odd::Other => self.other += 1,
            Odd::Skipped(skip) => {
                let (count, first) = &mut self.skipped[skip as usize];
                if *count == 0 {
                    *first = self.lines;
                }
                *count += 1;
                self.may_tell += u64::from(may_tell(skip, line));
            }
        }
        let bytes = at as u32..(at + line.len()) as u32;
        self.first_odd.get_or_insert((self.lines, bytes, odd));
    }

    fn entry(&mut self, text: &str, at: usize) -> Result<(), Odd> {
        if text.len() > LINE_BYTES_MAX {
            return Err(Odd::Skipped(Skip::TooLong));
        }
        let end = at + text.len();
        // Without the line end, so that a text that ends in the middle is known by it.
        let text = text.trim_ascii();
        match text.as_bytes().first() {
            None => return Err(Odd::Blank),
            Some(b'{') => {}
            // A list would be taken for the fields in their order.
            Some(_) => return Err(Odd::Skipped(no_object(text))),
        }
        let line = Line::parse(text).map_err(|error| why_not(text, &error))?;
        let event = line.event.as_ref().ok_or(Odd::Skipped(Skip::NoEvent))?;
        let event = Event::of(event.as_str()).ok_or(Odd::Other)?;
        // An empty name says nothing: apps write it where nobody is logged in.
        let said = |name: &&Name| !name.as_str().is_empty();
        let session = line.session.as_ref().filter(said).ok_or(Odd::Skipped(Skip::NoSession))?;
        let request = line.request.as_ref().filter(said).ok_or(Odd::Skipped(Skip::NoRequest))?;
        let cell = match (&line.cell, event.has_cell()) {
            (Some(cell), true) => Id::of(cell.as_str()),
            (None, true) => return Err(Odd::Skipped(Skip::NoCell)),
            (_, false) => Id::default(),
        };
        let message = match (&line.message, event) {
            (Some(message), _) => Id::of(message.as_str()),
            (None, Event::Request) => Id::of(request.as_str()),
            (None, Event::Reply) => Id::of(&answer_of(request.as_str())),
            (None, _) => Id::default(),
        };
        let session = Id::of(session.as_str());
        let entry = Entry {
            event,
            session,
            user: line.user.as_ref().filter(said).map(|user| Id::of(user.as_str())),
            request: session.within(Id::of(request.as_str())),
            request_name: Id::of(request.as_str()),
            cell,
            shared: event.has_cell() && line.shared.is_some_and(|shared| shared.0),
            messages: line.messages.as_deref().map(|names| self.keep(names)),
            message,
            basis: line.basis.as_deref().map(|names| self.keep(names)),
            when: When::of(line.time.as_ref()),
            line: self.lines,
            bytes: at as u32..end as u32,
        };
        self.entries.push(entry);
        Ok(())
    }

    fn keep(&mut self, names: &[Name]) -> Range<u32> {
        let start = self.ids.len() as u32;
        self.ids.extend(names.iter().map(|name| Id::of(name.as_str())));
        start..self.ids.len() as u32
    }
}

/// Whether a line that was skipped may have been one of the format. What other loggers write into
/// the same file is none.
fn may_tell(skip: Skip, line: &[u8]) -> bool {
    let is_object = line.trim_ascii_start().starts_with(b"{");
    match skip {
        Skip::TooLong => true,
        // Only the last line of a log has no end: the app is still writing it.
        Skip::CutOff => is_object && line.ends_with(b"\n"),
        Skip::NotText | Skip::NotJson => is_object,
        Skip::NotObject => false,
        Skip::WrongField | Skip::NoSession | Skip::NoRequest | Skip::NoCell => true,
        // Without any field of the format it is an object of somebody else.
        Skip::NoEvent => {
            let has = |field: &[u8]| memmem::find(line, field).is_some();
            has(b"\"session\"") || has(b"\"request\"")
        }
    }
}

/// Why a line is no text: perhaps only because it ends within a letter.
fn no_text(bytes: &[u8]) -> Skip {
    let is_cut = |error: std::str::Utf8Error| error.error_len().is_none();
    match std::str::from_utf8(bytes.trim_ascii_end()) {
        _ if bytes.len() > LINE_BYTES_MAX => Skip::TooLong,
        Err(error) if is_cut(error) => Skip::CutOff,
        _ => Skip::NotText,
    }
}

/// Why a line that does not begin as an object is none.
fn no_object(text: &str) -> Skip {
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Skip::NotObject,
        Err(_) => Skip::NotJson,
    }
}

/// Why a line that begins as an object cannot be read.
fn why_not(text: &str, error: &serde_json::Error) -> Odd {
    /// Whose event it is, whatever its other fields are.
    #[derive(Deserialize)]
    struct Whose<'a> {
        #[serde(borrow)]
        event: Option<Name<'a>>,
    }
    if error.is_eof() {
        return Odd::Skipped(Skip::CutOff);
    }
    if !error.is_data() {
        return Odd::Skipped(Skip::NotJson);
    }
    match serde_json::from_str::<Whose>(text).map(|whose| whose.event) {
        Ok(Some(event)) if Event::of(event.as_str()).is_none() => Odd::Other,
        Ok(None) => Odd::Skipped(Skip::NoEvent),
        _ => Odd::Skipped(Skip::WrongField),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odd(bytes: &[u8]) -> Option<Odd> {
        let mut piece = Piece::default();
        piece.add(Err(bytes), 0);
        piece.first_odd.map(|(_, _, odd)| odd).or((piece.blank == 1).then_some(Odd::Blank))
    }

    #[track_caller]
    fn skipped(bytes: &[u8], expected: Skip) {
        assert_eq!(odd(bytes), Some(Odd::Skipped(expected)), "{}", bytes.escape_ascii());
    }

    #[test]
    fn every_reason_to_skip_a_line_is_told_from_the_others() {
        skipped(&[b'x'; LINE_BYTES_MAX + 1], Skip::TooLong);
        skipped(b"\x00\xff\xfe\x80", Skip::NotText);
        skipped(b"{\"event\":\"r\xff\"}", Skip::NotText);
        skipped(b"{\"event\":\"read\",\"mess", Skip::CutOff);
        skipped("{\"event\":\"小明".as_bytes().split_last().unwrap().1, Skip::CutOff);
        skipped(b"\0\0\0\0", Skip::NotJson);
        skipped(b"INFO: Started server process", Skip::NotJson);
        skipped(b"{\"event\":\"read\"}{\"event\":\"read\"}", Skip::NotJson);
        skipped(b"{\"event\":\"re\0ad\"}", Skip::NotJson);
        skipped(b"[\"request\",\"s\",\"r\"]", Skip::NotObject);
        skipped(b"7", Skip::NotObject);
        skipped(b"{\"event\":\"read\",\"session\":1.5}", Skip::WrongField);
        skipped(b"{\"event\":\"read\",\"messages\":\"m1\"}", Skip::WrongField);
        skipped(b"{\"event\":\"read\",\"event\":\"read\"}", Skip::WrongField);
        skipped(b"{}", Skip::NoEvent);
        skipped(b"{\"event\":null,\"session\":{}}", Skip::NoEvent);
        skipped(b"{\"event\":\"read\",\"request\":1}", Skip::NoSession);
        skipped(b"{\"event\":\"read\",\"session\":1}", Skip::NoRequest);
        skipped(b"{\"event\":\"read\",\"session\":\"\",\"request\":1}", Skip::NoSession);
        skipped(b"{\"event\":\"reply\",\"session\":1,\"request\":\"\"}", Skip::NoRequest);
        skipped(b"{\"event\":\"read\",\"session\":1,\"request\":1}", Skip::NoCell);
    }

    #[test]
    fn nesting_of_any_depth_is_survived() {
        let deep = |count: usize| "[".repeat(count) + &"]".repeat(count);
        let own = |value: &str, field: &str| {
            format!("{{\"{field}\":{value},\"event\":\"reply\",\"session\":1,\"request\":1}}")
        };
        assert_eq!(odd(own(&deep(300_000), "mine").as_bytes()), None, "a field that is ignored");
        assert_eq!(odd(own(&deep(300_000), "time").as_bytes()), None, "a time that is none");
        skipped(own(&deep(300_000), "session").as_bytes(), Skip::WrongField);
        skipped(&[b'['; 300_000], Skip::NotJson);
    }

    #[test]
    fn an_event_of_somebody_else_may_use_our_words_as_it_likes() {
        assert_eq!(odd(b"{\"event\":\"startup\"}"), Some(Odd::Other));
        assert_eq!(odd(b"{\"event\":\"http\",\"session\":{},\"messages\":5}"), Some(Odd::Other));
        assert_eq!(odd(b"{\"event\":200}"), Some(Odd::Other));
    }

    #[test]
    fn blank_lines_and_the_line_ends_of_windows_are_fine() {
        assert_eq!(odd(b" \t\r\n"), Some(Odd::Blank));
        assert_eq!(odd(b"{\"event\":\"reply\",\"session\":1,\"request\":1}\r\n"), None);
    }

    #[test]
    fn an_integer_is_the_same_as_its_digits() {
        let mut piece = Piece::default();
        piece.add(Ok(r#"{"event":"request","session":7,"request":1}"#), 0);
        piece.add(Ok(r#"{"event":"request","session":"7","request":"1"}"#), 0);
        let [first, second] = piece.entries.as_slice() else { panic!("{piece:?}") };
        assert_eq!((first.session, first.request), (second.session, second.request));
        assert_eq!(first.message, Id::of("1"));
    }
}
