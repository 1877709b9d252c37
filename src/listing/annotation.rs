//! The words after `#@`: declarations and moves.

use super::{Declared, Placed, Reader, key_named};
use crate::model::PlaceId;
use crate::model::code::{Holds, Key, PlaceKind};
use crate::model::op::{Op, Part, Small};
use crate::model::server::Routing;
use crate::phrase;
use crate::problem::Problem;
use crate::words::Phrase;
use std::ops::Range;

/// A word and where it stands in the file.
#[derive(Clone)]
pub(super) struct MarkWord<'t> {
    pub(super) text: &'t str,
    pub(super) at: Range<usize>,
}

/// The words between two commas. Never empty of bytes, possibly of words.
pub(super) struct MarkItem<'t> {
    pub(super) words: Vec<MarkWord<'t>>,
    pub(super) at: Range<usize>,
}

/// `shared NAME[key, …]`, `lock NAME[session]` or `mailbox NAME[session]`.
pub(super) struct Declaration<'t> {
    pub(super) name: MarkWord<'t>,
    pub(super) kind: PlaceKind,
    pub(super) keys: Vec<Key>,
    /// Kept outside of the server's processes.
    pub(super) is_external: bool,
    /// A lock that lets the event loop go on.
    pub(super) is_async: bool,
}

/// What an annotated item makes a line do.
pub(super) enum MarkMeaning {
    /// A move.
    Move(Placed),
    /// Acquire here, release where the block ends.
    Hold(Placed),
    /// A block that is skipped by this move, which does not know yet where to.
    Unless(Op),
    /// A loop over a batch of questions.
    Each,
    /// A block that runs only if the client cancels.
    Cancelled,
    /// `respond` is routed like this.
    Route(Routing),
    /// A loop that a failed swap goes back to.
    Repeat,
    /// `swap C`; the line to go back to is known to the enclosing block.
    Swap { place: PlaceId, at: Range<usize> },
    /// The function is a daemon lane.
    Lane { name: String, per_session: bool },
}

/// Words that declare a place.
const DECLARATIONS: [&str; 4] = ["shared", "lock", "mailbox", "pipe"];
pub(super) const WORDS: &[&str] = &[
    "load",
    "store",
    "append",
    "acquire",
    "release",
    "hold",
    "send",
    "receive",
    "answer",
    "await",
    "lookup",
    "save",
    "unless",
    "swap",
    "repeat",
    "put",
    "take",
    "note",
    "infer",
    "reply",
    "lane",
    "shared",
    "lock",
    "mailbox",
    "pipe",
    "write",
    "read",
    "drop",
    "mint",
    "pause",
    "settle",
    "then",
    "each",
    "cancelled",
    "route",
];

/// The comma-separated items of an annotation; commas inside brackets separate keys, not items.
pub(super) fn items(text: &str, annotation: Range<usize>) -> Vec<MarkItem<'_>> {
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let mut start = annotation.start;
    for (offset, byte) in text.as_bytes()[annotation.clone()].iter().enumerate() {
        let at = annotation.start + offset;
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                items.push(item(text, start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(item(text, start..annotation.end));
    items
}

fn item(text: &str, at: Range<usize>) -> MarkItem<'_> {
    let mut words: Vec<MarkWord> = Vec::new();
    let mut depth = 0_usize;
    let mut open = false;
    for (offset, character) in text[at.clone()].char_indices() {
        let (from, to) = (at.start + offset, at.start + offset + character.len_utf8());
        if character.is_whitespace() && depth == 0 {
            open = false;
            continue;
        }
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match words.last_mut() {
            Some(word) if open => word.at.end = to,
            _ => words.push(MarkWord { text: "", at: from..to }),
        }
        open = true;
    }
    for word in &mut words {
        word.text = &text[word.at.clone()];
    }
    let end = words.last().map_or(at.end, |word| word.at.end);
    let start = words.first().map_or(at.start, |word| word.at.start);
    MarkItem { words, at: start..end }
}

/// The declaration that an item is, if it is one.
pub(super) fn declaration<'t>(
    reader: &Reader<'t>,
    item: &MarkItem<'t>,
) -> Result<Option<Declaration<'t>>, Problem> {
    let Some(first) = item.words.first().filter(|word| DECLARATIONS.contains(&word.text)) else {
        return Ok(None);
    };
    let (declared, suffix) = match item.words.as_slice() {
        [_, declared] => (declared, ""),
        [_, declared, suffix] if suffix.text == "external" => (declared, suffix.text),
        [_, declared, suffix] if (first.text, suffix.text) == ("lock", "async") => {
            (declared, suffix.text)
        }
        _ => {
            return Err(reader
                .problem(phrase!("listing-one-name", word = first.text), item.at.clone())
                .label(phrase!("listing-one-name-label", word = first.text))
                .help(phrase!("listing-one-name-help")));
        }
    };
    let (name, keys) = name_and_keys(reader, declared)?;
    let kind = match first.text {
        "lock" => PlaceKind::Lock,
        "mailbox" => PlaceKind::Mailbox,
        "pipe" => PlaceKind::Pipe,
        _ => PlaceKind::Cell(Holds::Messages),
    };
    let steady = |key: &Key| matches!(key, Key::Session | Key::Address | Key::Replica);
    if !keys.iter().all(steady) && !matches!(kind, PlaceKind::Cell(_)) {
        let what = phrase!("listing-other-keys", kind = Of::kind(kind).said());
        return Err(reader
            .problem(what, declared.at.clone())
            .label(phrase!("listing-other-keys-label")));
    }
    let (is_external, is_async) = (suffix == "external", suffix == "async");
    Ok(Some(Declaration { name, kind, keys, is_external, is_async }))
}

fn name_and_keys<'t>(
    reader: &Reader<'t>,
    word: &MarkWord<'t>,
) -> Result<(MarkWord<'t>, Vec<Key>), Problem> {
    let (name, keys) = match word.text.split_once('[') {
        Some((name, keys)) => (name, Some(keys)),
        None => (word.text, None),
    };
    let at = word.at.start..word.at.start + name.len();
    if !is_name(name) {
        return Err(reader
            .problem(phrase!("listing-no-name", name = name), at)
            .label(phrase!("listing-no-name-of-place-label")));
    }
    let mut found = Vec::new();
    if let Some(keys) = keys {
        let inside = keys.strip_suffix(']').ok_or_else(|| {
            reader
                .problem(phrase!("listing-open-bracket"), word.at.clone())
                .label(phrase!("listing-open-bracket-label"))
        })?;
        for name in inside.split(',').map(str::trim) {
            let key = key_named(name).ok_or_else(|| {
                reader
                    .problem(phrase!("listing-unknown-key", key = name), word.at.clone())
                    .label(phrase!("listing-unknown-key-label"))
                    .known(name, Key::ALL.map(Key::name))
            })?;
            if found.contains(&key) {
                return Err(reader
                    .problem(phrase!("listing-key-twice", key = name), word.at.clone())
                    .label(phrase!("listing-key-twice-label")));
            }
            found.push(key);
        }
    }
    Ok((MarkWord { text: name, at }, found))
}

/// Bytes of a name; a longer one fits no diagram.
const NAME_BYTES_MAX: usize = 60;

fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    let starts = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    name.len() <= NAME_BYTES_MAX
        && starts
        && characters.all(|next| next.is_alphanumeric() || next == '_' || next == '.')
}

/// What an item that is no declaration means.
pub(super) fn meaning(
    reader: &Reader,
    item: &MarkItem,
    declared: &[Declared],
) -> Result<MarkMeaning, Problem> {
    let Some((verb, rest)) = item.words.split_first() else {
        return Err(reader
            .problem(phrase!("listing-empty-mark"), item.at.clone())
            .label(phrase!("listing-empty-mark-label"))
            .help(phrase!("listing-empty-mark-help")));
    };
    let line = Clause { reader, item, verb, rest, declared };
    let place = |of: Of| line.place(of);
    let at = item.at.clone();
    let plain = |op| Ok(MarkMeaning::Move(Placed { op, at: at.clone() }));
    match verb.text {
        "load" => plain(Op::Load(place(Of::Cell)?)),
        "store" => plain(Op::Store(place(Of::Cell)?)),
        "append" => plain(Op::Append(line.first_place(Of::Cell)?, line.part(1)?)),
        "acquire" => plain(Op::Acquire(place(Of::Lock)?)),
        "release" => plain(Op::Release(place(Of::Lock)?)),
        "hold" => Ok(MarkMeaning::Hold(Placed { op: Op::Acquire(place(Of::Lock)?), at })),
        "send" => plain(Op::Send(place(Of::Mailbox)?)),
        "receive" => match rest {
            [_, batch] if batch.text == "batch" => {
                plain(Op::Gather(line.first_place(Of::Mailbox)?))
            }
            _ => plain(Op::Receive(place(Of::Mailbox)?)),
        },
        "write" => plain(Op::Write(place(Of::Pipe)?)),
        "read" => plain(Op::Read(place(Of::Pipe)?)),
        "drop" => plain(Op::Drop(place(Of::Pipe)?)),
        "settle" => plain(Op::Settle(place(Of::Cell)?)),
        "mint" => line.alone().and_then(|()| plain(Op::Mint(0))),
        "pause" => line.alone().and_then(|()| plain(Op::Pause)),
        "then" => line.alone().and_then(|()| plain(Op::Then)),
        "each" => line.alone().map(|()| MarkMeaning::Each),
        "cancelled" => line.alone().map(|()| MarkMeaning::Cancelled),
        "route" => {
            let named =
                |word: &MarkWord| Routing::ALL.into_iter().find(|it| it.name() == word.text);
            match rest {
                [word] => named(word).map(MarkMeaning::Route).ok_or_else(|| {
                    line.usage(phrase!("listing-write-route"))
                        .known(word.text, Routing::ALL.map(Routing::name))
                }),
                _ => Err(line.usage(phrase!("listing-write-route"))),
            }
        }
        "answer" => line.alone().and_then(|()| plain(Op::Answer)),
        "await" => line.alone().and_then(|()| plain(Op::Await)),
        "lookup" => plain(Op::Lookup(place(Of::Cell)?)),
        "save" => plain(Op::Save(place(Of::Cell)?)),
        "swap" => Ok(MarkMeaning::Swap { place: place(Of::Cell)?, at }),
        "put" => plain(Op::Put(line.first_place(Of::Cell)?, line.small()?)),
        "take" => plain(Op::Take(place(Of::Cell)?)),
        "note" => plain(Op::Note(line.part(0)?)),
        "infer" => line.alone().and_then(|()| plain(Op::Infer)),
        "reply" => line.alone().and_then(|()| plain(Op::Reply)),
        "repeat" => line.alone().map(|()| MarkMeaning::Repeat),
        "unless" => match rest {
            [what] if what.text == "found" => Ok(MarkMeaning::Unless(Op::UnlessFound { skip: 0 })),
            [what] if what.text == "known" => Ok(MarkMeaning::Unless(Op::UnlessKnown { skip: 0 })),
            _ => Err(line.usage(phrase!("listing-write-unless"))),
        },
        "lane" => match rest {
            [name] => Ok(line.lane(name, false)?),
            [name, per, session] if (per.text, session.text) == ("per", "session") => {
                Ok(line.lane(name, true)?)
            }
            _ => Err(line.usage(phrase!("listing-write-lane"))),
        },
        unknown => Err(reader
            .problem(phrase!("listing-unknown-move", move = unknown), verb.at.clone())
            .label(phrase!("listing-unknown-move-label"))
            .known(unknown, WORDS.iter().copied())),
    }
}

/// What kind of place a move needs.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Cell,
    Lock,
    Mailbox,
    Pipe,
}

impl Of {
    /// The word that declares one.
    fn word(self) -> &'static str {
        match self {
            Of::Cell => "shared",
            Of::Lock => "lock",
            Of::Mailbox => "mailbox",
            Of::Pipe => "pipe",
        }
    }

    /// What it is called in a sentence.
    fn said(self) -> Phrase {
        phrase!("listing-kind-of-place", word = self.word())
    }

    fn kind(kind: PlaceKind) -> Of {
        match kind {
            PlaceKind::Cell(_) => Of::Cell,
            PlaceKind::Lock => Of::Lock,
            PlaceKind::Mailbox => Of::Mailbox,
            PlaceKind::Pipe => Of::Pipe,
        }
    }
}

/// A verb and its words.
struct Clause<'a, 't> {
    reader: &'a Reader<'t>,
    item: &'a MarkItem<'t>,
    verb: &'a MarkWord<'t>,
    rest: &'a [MarkWord<'t>],
    declared: &'a [Declared],
}

impl Clause<'_, '_> {
    /// The clause is not what it should be; `write` says what that is.
    fn usage(&self, write: Phrase) -> Problem {
        let what = phrase!("listing-not-complete", verb = self.verb.text);
        self.reader.problem(what, self.item.at.clone()).label(write)
    }

    fn alone(&self) -> Result<(), Problem> {
        match self.rest {
            [] => Ok(()),
            _ => Err(self.usage(phrase!("listing-write-alone", verb = self.verb.text))),
        }
    }

    /// The one place that the verb names.
    fn place(&self, of: Of) -> Result<PlaceId, Problem> {
        match self.rest {
            [_] => self.first_place(of),
            _ => Err(self.usage_of_place(of)),
        }
    }

    fn usage_of_place(&self, of: Of) -> Problem {
        self.usage(phrase!("listing-write-place", verb = self.verb.text, word = of.word()))
    }

    /// The first word as a declared place of this kind. Keys may be repeated; they are declared.
    fn first_place(&self, of: Of) -> Result<PlaceId, Problem> {
        let Some(word) = self.rest.first() else { return Err(self.usage_of_place(of)) };
        let name = word.text.split('[').next().unwrap_or_default();
        let known = |declared: &&Declared| Of::kind(declared.place.kind) == of;
        let names = || self.declared.iter().filter(known).map(|place| place.place.name.as_str());
        let found = self.declared.iter().position(|place| place.place.name == name);
        let at = word.at.clone();
        match found {
            Some(place) if Of::kind(self.declared[place].place.kind) == of => {
                self.same_keys(word, name, place)?;
                Ok(place)
            }
            Some(place) => {
                let kind = Of::kind(self.declared[place].place.kind).said();
                let (verb, needed) = (self.verb.text, of.said());
                let label = phrase!("listing-other-kind-label", kind = &kind);
                let what = phrase!(
                    "listing-other-kind",
                    verb = verb,
                    needed = needed,
                    name = name,
                    kind = kind
                );
                Err(self.reader.problem(what, at).label(label).known(name, names()))
            }
            None => Err(self
                .reader
                .problem(phrase!("listing-unknown-place", kind = of.said(), name = name), at)
                .label(phrase!("listing-unknown-place-label"))
                .help(phrase!("listing-unknown-place-help", word = of.word(), name = name))
                .known(name, names())),
        }
    }

    /// Keys are declared once; where a move repeats them, they must be the same.
    fn same_keys(&self, word: &MarkWord, name: &str, place: PlaceId) -> Result<(), Problem> {
        let declared = &self.declared[place].place;
        if word.text == name {
            return Ok(());
        }
        let (_, keys) = name_and_keys(self.reader, word)?;
        match keys == declared.keys {
            true => Ok(()),
            false => Err(self
                .reader
                .problem(phrase!("listing-keys-differ", name = name), word.at.clone())
                .label(phrase!("listing-keys-differ-label", name = name))),
        }
    }

    fn part(&self, index: usize) -> Result<Part, Problem> {
        let verb = self.verb.text;
        let write = || match index {
            0 => phrase!("listing-write-part", verb = verb),
            _ => phrase!("listing-write-cell-part", verb = verb),
        };
        match self.rest.get(index).map(|word| word.text) {
            Some("question") if self.rest.len() == index + 1 => Ok(Part::Question),
            Some("answer") if self.rest.len() == index + 1 => Ok(Part::Answer),
            _ => Err(self.usage(write())),
        }
    }

    fn small(&self) -> Result<Small, Problem> {
        match self.rest {
            [_] => Ok(Small::Session),
            [_, what] if what.text == "session" => Ok(Small::Session),
            [_, what] if what.text == "id" => Ok(Small::Id),
            [_, what] if what.text == "next" => Ok(Small::Next),
            _ => Err(self.usage(phrase!("listing-write-put"))),
        }
    }

    fn lane(&self, name: &MarkWord, per_session: bool) -> Result<MarkMeaning, Problem> {
        match is_name(name.text) {
            true => Ok(MarkMeaning::Lane { name: name.text.to_owned(), per_session }),
            false => Err(self
                .reader
                .problem(phrase!("listing-no-name", name = name.text), name.at.clone())
                .label(phrase!("listing-no-name-of-lane-label"))),
        }
    }
}
