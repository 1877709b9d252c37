//! From lines to functions: which block each annotated line is in, and where blocks end.

mod close;
mod open;
mod rules;

use super::annotation::{self, MarkMeaning};
use super::function::{Function, FunctionLine, Functions};
use super::source::{Source, SourceLine};
use super::{Declared, LINES_MAX, Placed, Reader};
use crate::model::PlaceId;
use crate::model::code::LineKind;
use crate::model::op::Op;
use crate::phrase;
use crate::problem::Problem;
use crate::words::Phrase;
use std::ops::Range;

/// A block that is open while lines are read.
struct OpenBlock {
    /// The indentation of the line that opens it.
    indent: usize,
    kind: BlockKind,
    /// The line that opens it.
    at: Range<usize>,
    /// Whether it has a line of its own.
    filled: bool,
}

enum BlockKind {
    /// A function; annotated lines go to the innermost one.
    Def(Function),
    /// A lock is held, from this line of the file on.
    Hold { place: PlaceId, opened: usize },
    /// Skipped when something was found; the position of the line that decides.
    Unless { decides: usize },
    /// A loop over a batch of questions.
    Each { first: usize },
    /// Runs only if the client cancels: what it does then, and the lines at which that can be.
    Cancelled { ops: Vec<Op>, tried: Range<usize> },
    /// Runs at the end of the lines of a `try`, also if the client cancels there.
    Finally { first: usize, tried: Range<usize> },
    /// A loop that a failed swap goes back to.
    Repeat { first: usize, swapped: bool },
    /// Any other Python block, by its keyword, and its first line.
    Plain(&'static str, usize),
}

impl BlockKind {
    fn is_plain(&self, keywords: &[&str]) -> bool {
        matches!(self, BlockKind::Plain(keyword, _) if keywords.contains(keyword))
    }
}

const KEYWORDS: [&str; 14] = [
    "def", "with", "if", "elif", "else", "for", "while", "try", "except", "finally", "class",
    "match", "case", "async",
];

/// Reads the annotated functions of a file.
pub(super) fn functions(
    reader: &Reader,
    source: &Source,
    declared: &[Declared],
) -> Result<Functions, Problem> {
    let functions = Functions { respond: None, daemons: Vec::new() };
    let mut walker =
        BlockWalker { reader, declared, blocks: Vec::new(), dead: false, tried: 0..0, functions };
    for line in &source.lines {
        walker.line(line)?;
    }
    walker.close(0)?;
    Ok(walker.functions)
}

struct BlockWalker<'a, 't> {
    reader: &'a Reader<'t>,
    declared: &'a [Declared],
    blocks: Vec<OpenBlock>,
    /// Whether a reply makes the next line unreachable.
    dead: bool,
    /// The lines of the `try` block that was closed last.
    tried: Range<usize>,
    functions: Functions,
}

impl BlockWalker<'_, '_> {
    fn line(&mut self, line: &SourceLine) -> Result<(), Problem> {
        let starts = line.has_code() && !line.continues;
        let code = &self.reader.text[line.code.clone()];
        let keyword = starts.then(|| keyword(code)).flatten();
        if starts {
            if let Some("elif" | "else") = keyword {
                self.refuse_else(line)?;
            }
            self.close(line.indent)?;
            if let Some(block) = self.blocks.last_mut() {
                block.filled = true;
            }
        }
        let mut kind = keyword.map(|keyword| self.kind(keyword, code, line));
        if let Some(annotation) = &line.annotation {
            let items = annotation::items(self.reader.text, annotation.clone());
            let meanings: Vec<(MarkMeaning, Range<usize>)> = items
                .iter()
                .filter_map(|item| match annotation::declaration(self.reader, item) {
                    Ok(Some(_)) => None,
                    Ok(None) => Some(
                        annotation::meaning(self.reader, item, self.declared)
                            .map(|meaning| (meaning, item.at.clone())),
                    ),
                    Err(problem) => Some(Err(problem)),
                })
                .collect::<Result<_, _>>()?;
            self.annotated(line, meanings, &mut kind)?;
        }
        if let Some(kind) = kind {
            let at = line.code.clone();
            self.blocks.push(OpenBlock { indent: line.indent, kind, at, filled: false });
        }
        Ok(())
    }

    fn kind(&self, keyword: &'static str, code: &str, line: &SourceLine) -> BlockKind {
        if keyword == "finally" {
            return BlockKind::Finally { first: self.next_line(), tried: self.tried.clone() };
        }
        if keyword != "def" {
            return BlockKind::Plain(keyword, self.next_line());
        }
        let after = code.split_once("def ").map_or("", |(_, after)| after.trim_start());
        let name = after.split(|c: char| !c.is_alphanumeric() && c != '_').next();
        BlockKind::Def(Function {
            name: name.unwrap_or_default().to_owned(),
            at: line.code.clone(),
            lane: None,
            routing: None,
            is_async: code.starts_with("async"),
            lines: Vec::new(),
        })
    }

    fn problem(&self, what: Phrase, at: &Range<usize>) -> Problem {
        self.reader.problem(what, at.clone())
    }

    /// Takes in what an annotated line means; `opens` is the block that the line opens.
    fn annotated(
        &mut self,
        line: &SourceLine,
        meanings: Vec<(MarkMeaning, Range<usize>)>,
        opens: &mut Option<BlockKind>,
    ) -> Result<(), Problem> {
        let mut ops: Vec<Placed> = Vec::new();
        for (meaning, at) in meanings {
            match meaning {
                MarkMeaning::Move(placed) => ops.push(placed),
                MarkMeaning::Hold(placed) => {
                    self.refuse_held(opens, &placed)?;
                    if !opens.as_ref().is_some_and(|kind| kind.is_plain(&["with"])) {
                        return Err(self
                            .problem(phrase!("listing-hold-elsewhere"), &at)
                            .label(phrase!("listing-hold-elsewhere-label"))
                            .help(phrase!("listing-hold-elsewhere-help")));
                    }
                    let opened = line.number;
                    let hold = |place| BlockKind::Hold { place, opened };
                    *opens = placed.op.place().map(hold);
                    ops.push(placed);
                }
                MarkMeaning::Unless(op) => {
                    if !opens.as_ref().is_some_and(|kind| kind.is_plain(&["if"])) {
                        return Err(self
                            .problem(phrase!("listing-unless-elsewhere"), &at)
                            .label(phrase!("listing-unless-elsewhere-label")));
                    }
                    *opens = Some(BlockKind::Unless { decides: self.next_line() });
                    ops.push(Placed { op, at });
                }
                MarkMeaning::Each => self.open_each(opens, &at)?,
                MarkMeaning::Cancelled => self.open_cancelled(opens, &at)?,
                MarkMeaning::Route(routing) => {
                    self.function_line(opens, &at, "route")?.routing = Some(routing)
                }
                MarkMeaning::Repeat => self.open_repeat(opens, &at)?,
                MarkMeaning::Swap { place, at } => {
                    let retry = self.swap(&at)?;
                    ops.push(Placed { op: Op::Swap { place, retry }, at });
                }
                MarkMeaning::Lane { name, per_session } => {
                    self.lane(opens, name, per_session, &at)?;
                }
            }
        }
        if ops.is_empty() {
            return Ok(());
        }
        let mut accesses = ops.iter().filter(|placed| placed.op.is_access());
        if let (Some(_), Some(second)) = (accesses.next(), accesses.next()) {
            return Err(self.second_place(&second.at));
        }
        let last = ops.len() - 1;
        let unless = |placed: &Placed| {
            matches!(placed.op, Op::UnlessFound { .. } | Op::UnlessKnown { .. } | Op::Then)
        };
        if ops[..last].iter().any(unless) {
            return Err(self
                .problem(phrase!("listing-after-unless"), &ops[last].at)
                .label(phrase!("listing-after-unless-label")));
        }
        let replies = ops.iter().position(|placed| placed.op == Op::Reply);
        if replies.is_some_and(|position| position < last) {
            return Err(self.problem(phrase!("listing-after-reply"), &ops[last].at));
        }
        self.check_reachable(&ops[0].at)?;
        if replies.is_some() {
            self.release_before_reply(line, &ops)?;
        }
        if let Some(BlockKind::Cancelled { ops: handler, .. }) =
            self.blocks.last_mut().map(|block| &mut block.kind)
        {
            handler.extend(ops.iter().map(|placed| placed.op));
            let refused = ops.iter().find(|placed| !matches!(placed.op, Op::Drop(_) | Op::Put(..)));
            return refused.map_or(Ok(()), |placed| {
                Err(self
                    .problem(phrase!("listing-done-when-cancelled"), &placed.at)
                    .label(phrase!("listing-done-when-cancelled-label")))
            });
        }
        let text = self.reader.text[line.code.clone()].to_owned();
        let mark = line.mark(self.reader.text).unwrap_or_default().to_owned();
        let (number, kind) = (line.number, LineKind::Code);
        self.emit(FunctionLine { number, kind, mark, text, ops, unwinds: Vec::new() })?;
        self.dead = replies.is_some();
        Ok(())
    }

    fn function(&self) -> Option<&Function> {
        self.blocks.iter().rev().find_map(|block| match &block.kind {
            BlockKind::Def(function) => Some(function),
            _ => None,
        })
    }

    /// Position of the next annotated line in its function.
    fn next_line(&self) -> usize {
        self.function().map_or(0, |function| function.lines.len())
    }

    /// Adds a line to the innermost function, if it may have annotated lines here.
    fn emit(&mut self, mut line: FunctionLine) -> Result<(), Problem> {
        let at = line.ops[0].at.clone();
        let holds = self.blocks.iter().rev().filter_map(|block| match block.kind {
            BlockKind::Hold { place, .. } => Some(Op::Release(place)),
            _ => None,
        });
        // A `with` line waits before it holds; every other line inside is left through its end.
        line.unwinds = if line.waits(self.declared) { holds.collect() } else { Vec::new() };
        let Some(def) =
            self.blocks.iter().rposition(|block| matches!(block.kind, BlockKind::Def(_)))
        else {
            return Err(self
                .problem(phrase!("listing-outside"), &at)
                .label(phrase!("listing-not-in-respond"))
                .help(phrase!("listing-outside-help")));
        };
        self.check_blocks(def, &at)?;
        self.check_nesting(def, &line.ops, &at)?;
        for block in &mut self.blocks[def..] {
            let BlockKind::Repeat { swapped: true, .. } = block.kind else { continue };
            if !matches!(line.ops.last(), Some(Placed { op: Op::Swap { .. }, .. })) {
                return Err(self
                    .problem(phrase!("listing-after-swap"), &at)
                    .label(phrase!("listing-after-swap-label"))
                    .help(phrase!("listing-after-swap-help")));
            }
        }
        let BlockKind::Def(function) = &mut self.blocks[def].kind else { return Ok(()) };
        if function.name != "respond" && function.lane.is_none() {
            let what = phrase!("listing-nobody-runs", function = &function.name);
            return Err(self
                .problem(what, &at)
                .label(phrase!("listing-not-in-respond"))
                .help(phrase!("listing-nobody-runs-help")));
        }
        if function.lines.len() == LINES_MAX {
            let what = phrase!("listing-too-many-lines", most = LINES_MAX);
            return Err(self.problem(what, &at));
        }
        function.lines.push(line);
        Ok(())
    }
}

/// The keyword that opens a block, if the line begins with one.
fn keyword(code: &str) -> Option<&'static str> {
    let word = |code: &str| {
        let end = code.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len());
        KEYWORDS.into_iter().find(|&keyword| keyword == &code[..end])
    };
    match word(code)? {
        "async" => word(code["async".len()..].trim_start()),
        soft @ ("match" | "case") => code.ends_with(':').then_some(soft),
        keyword => Some(keyword),
    }
}
