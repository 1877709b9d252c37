//! Strategy files: annotated, runnable Python becomes [`Code`].
//!
//! ```text
//! text ──► lines (strings and comments known) ──► annotations ──► functions and blocks ──► Code
//! ```
//!
//! The format is described in `docs/LISTINGS.md`. Every mistake is told with its place.

mod annotation;
mod bare;
mod blocks;
mod doubt;
mod flow;
mod function;
mod source;

use crate::model::code::{Code, Holds, Key, Place, PlaceKind};
use crate::model::op::Op;
use crate::phrase;
use crate::problem::Problem;
use crate::words::Phrase;
use annotation::{Declaration, MarkWord};
use source::Source;
use std::ops::Range;

/// The most shared places that a listing may declare.
pub const PLACES_MAX: usize = 32;
/// The most annotated lines that a function may have, ends of `with` blocks included.
pub const LINES_MAX: usize = 200;
/// The most daemon functions that a listing may have.
pub const DAEMONS_MAX: usize = 3;

/// A strategy file.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The docstring: what one believes, what is actual, what to do instead.
    pub lesson: String,
    /// The whole text, as it is shown.
    pub text: String,
    /// What moves.
    pub code: Code,
    /// What it may do that its marks do not say, in sentences.
    pub doubts: Vec<Phrase>,
}

impl Listing {
    /// Reads a listing. `file` is how errors call it.
    pub fn parse(file: &str, text: &str) -> Result<Listing, Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let reader = Reader { file, text };
        let source = Source::new(text);
        if text.trim().is_empty() {
            return Err(Problem::new(phrase!("listing-empty", file = file)).help(needs_respond()));
        }
        if let Some(at) = text.find('\0') {
            return Err(reader.problem(phrase!("listing-nul"), at..at + 1));
        }
        if source.unfinished {
            return Err(Problem::new(phrase!("listing-unfinished", file = file))
                .help(phrase!("listing-unfinished-help")));
        }
        let mut declared = declared(&reader, &source)?;
        let functions = blocks::functions(&reader, &source, &declared)?;
        let uses = functions.lines().flat_map(|line| {
            let at = &line.ops[0].at;
            let unwinds = line.unwinds.iter().map(move |op| (*op, at));
            line.ops.iter().map(|placed| (placed.op, &placed.at)).chain(unwinds)
        });
        settle_cells(&reader, &mut declared, uses)?;
        let code = functions.into_code(&reader, declared)?;
        let doubts = doubt::doubts(&code, &source, text);
        Ok(Listing { lesson: source.docstring, text: text.to_owned(), code, doubts })
    }

    /// What stands behind each `#@`, with the number of its line.
    pub fn marks(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = Source::new(&self.text).lines.into_iter();
        lines.filter_map(|line| Some((line.number, line.mark(&self.text)?)))
    }

    /// The first paragraph of the lesson, on one line.
    pub fn summary(&self) -> String {
        let paragraph = self.lesson.trim().split("\n\n").next().unwrap_or_default();
        paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn needs_respond() -> Phrase {
    phrase!("listing-needs-respond")
}

/// A text and its name, for errors.
struct Reader<'t> {
    file: &'t str,
    text: &'t str,
}

impl Reader<'_> {
    fn problem(&self, what: Phrase, at: Range<usize>) -> Problem {
        Problem::new(what).at(self.file, self.text, at)
    }
}

/// A declared place.
struct Declared {
    place: Place,
}

/// An annotated move, and where its place is named.
struct Placed {
    op: Op,
    at: Range<usize>,
}

fn declared(reader: &Reader, source: &Source) -> Result<Vec<Declared>, Problem> {
    let mut declared: Vec<Declared> = Vec::new();
    for line in &source.lines {
        let Some(annotation) = &line.annotation else { continue };
        for item in annotation::items(reader.text, annotation.clone()) {
            let Some(declaration) = annotation::declaration(reader, &item)? else { continue };
            let Declaration { name, kind, keys, is_external, is_async } = declaration;
            let MarkWord { text, at } = name;
            if declared.iter().any(|earlier| earlier.place.name == text) {
                return Err(reader
                    .problem(phrase!("listing-declared-twice", name = text), at)
                    .label(phrase!("listing-declared-twice-label"))
                    .help(phrase!("listing-declared-twice-help")));
            }
            if declared.len() == PLACES_MAX {
                let what = phrase!("listing-too-many-places", most = PLACES_MAX);
                return Err(reader.problem(what, at));
            }
            let name = text.to_owned();
            let place = Place { name, kind, keys, is_external, is_async };
            declared.push(Declared { place });
        }
    }
    Ok(declared)
}

/// Finds from its uses what each cell holds; a cell that is used in two ways is refused.
fn settle_cells<'a>(
    reader: &Reader,
    declared: &mut [Declared],
    uses: impl Iterator<Item = (Op, &'a Range<usize>)>,
) -> Result<(), Problem> {
    let mut settled: Vec<Option<(Holds, &str)>> = vec![None; declared.len()];
    for (op, at) in uses {
        let (Some(place), Some((holds, word))) = (op.place(), holds(&op)) else { continue };
        match settled[place] {
            Some((earlier, before)) if earlier != holds => {
                let name = &declared[place].place.name;
                let what = phrase!("listing-two-ways", verb = word, before = before, name = name);
                return Err(reader
                    .problem(what, at.clone())
                    .label(holds_said(name, earlier))
                    .help(phrase!("listing-two-ways-help")));
            }
            _ => settled[place] = Some((holds, word)),
        }
    }
    for (declared, settled) in declared.iter_mut().zip(settled) {
        if let (PlaceKind::Cell(_), Some((holds, _))) = (declared.place.kind, settled) {
            declared.place.kind = PlaceKind::Cell(holds);
        }
    }
    Ok(())
}

fn holds(op: &Op) -> Option<(Holds, &'static str)> {
    match op {
        Op::Load(_) => Some((Holds::Messages, "load")),
        Op::Store(_) => Some((Holds::Messages, "store")),
        Op::Append(..) => Some((Holds::Messages, "append")),
        Op::Swap { .. } => Some((Holds::Messages, "swap")),
        Op::Lookup(_) => Some((Holds::Answer, "lookup")),
        Op::Save(_) => Some((Holds::Answer, "save")),
        Op::Put(..) => Some((Holds::Id, "put")),
        Op::Take(_) => Some((Holds::Id, "take")),
        Op::Settle(_) => Some((Holds::Id, "settle")),
        _ => None,
    }
}

fn holds_said(name: &str, holds: Holds) -> Phrase {
    match holds {
        Holds::Messages => phrase!("listing-holds-messages", name = name),
        Holds::Answer => phrase!("listing-holds-answers", name = name),
        Holds::Id => phrase!("listing-holds-value", name = name),
    }
}

fn key_named(word: &str) -> Option<Key> {
    Key::ALL.into_iter().find(|key| key.name() == word)
}
