//! From lines to functions: which block each annotated line is in, and where blocks end.

mod rules;

use super::annotation::{self, Meaning};
use super::function::{Function, FunctionLine, Functions};
use super::source::{Source, SourceLine};
use super::{DAEMONS_MAX, Declared, LINES_MAX, Placed, Reader};
use crate::model::PlaceId;
use crate::model::op::Op;
use crate::problem::Problem;
use std::ops::Range;

/// A block that is open while lines are read.
struct Block {
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
    /// A lock is held.
    Hold(PlaceId),
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
        Walker { reader, declared, blocks: Vec::new(), dead: false, tried: 0..0, functions };
    for line in &source.lines {
        walker.line(line)?;
    }
    walker.close(0)?;
    Ok(walker.functions)
}

struct Walker<'a, 't> {
    reader: &'a Reader<'t>,
    declared: &'a [Declared],
    blocks: Vec<Block>,
    /// Whether a reply makes the next line unreachable.
    dead: bool,
    /// The lines of the `try` block that was closed last.
    tried: Range<usize>,
    functions: Functions,
}

impl Walker<'_, '_> {
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
            let meanings: Vec<(Meaning, Range<usize>)> = items
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
            self.blocks.push(Block { indent: line.indent, kind, at, filled: false });
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

    fn problem(&self, what: impl Into<String>, at: &Range<usize>) -> Problem {
        self.reader.problem(what, at.clone())
    }

    /// Takes in what an annotated line means; `opens` is the block that the line opens.
    fn annotated(
        &mut self,
        line: &SourceLine,
        meanings: Vec<(Meaning, Range<usize>)>,
        opens: &mut Option<BlockKind>,
    ) -> Result<(), Problem> {
        let mut ops: Vec<Placed> = Vec::new();
        for (meaning, at) in meanings {
            match meaning {
                Meaning::Move(placed) => ops.push(placed),
                Meaning::Hold(placed) => {
                    self.refuse_held(opens, &placed)?;
                    if !opens.as_ref().is_some_and(|kind| kind.is_plain(&["with"])) {
                        return Err(self
                            .problem("`hold` belongs on a `with` line", &at)
                            .label("no `with` block begins here")
                            .help("on any other line write `acquire` and, later, `release`"));
                    }
                    *opens = placed.op.place().map(BlockKind::Hold);
                    ops.push(placed);
                }
                Meaning::Unless(op) => {
                    if !opens.as_ref().is_some_and(|kind| kind.is_plain(&["if"])) {
                        return Err(self
                            .problem("`unless` belongs on an `if` line", &at)
                            .label("no `if` block begins here"));
                    }
                    *opens = Some(BlockKind::Unless { decides: self.next_line() });
                    ops.push(Placed { op, at });
                }
                Meaning::Each => self.open_each(opens, &at)?,
                Meaning::Cancelled => self.open_cancelled(opens, &at)?,
                Meaning::Route(routing) => {
                    self.function_line(opens, &at, "route")?.routing = Some(routing)
                }
                Meaning::Repeat => self.open_repeat(opens, &at)?,
                Meaning::Swap { place, at } => {
                    let retry = self.swap(&at)?;
                    ops.push(Placed { op: Op::Swap { place, retry }, at });
                }
                Meaning::Lane { name, per_session } => {
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
                .problem("`unless` or `then` is the last move of its line", &ops[last].at)
                .label("would this still run?"));
        }
        let replies = ops.iter().position(|placed| placed.op == Op::Reply);
        if replies.is_some_and(|position| position < last) {
            return Err(
                self.problem("`reply` is the last move of its line", &ops[ops.len() - 1].at)
            );
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
                    .problem("this cannot be done after a cancellation", &placed.at)
                    .label("only `drop` and `put` can"))
            });
        }
        let text = self.reader.text[line.code.clone()].to_owned();
        self.emit(FunctionLine { number: line.number, text, ops, unwinds: Vec::new() })?;
        self.dead = replies.is_some();
        Ok(())
    }

    fn open_repeat(&self, opens: &mut Option<BlockKind>, at: &Range<usize>) -> Result<(), Problem> {
        if !opens.as_ref().is_some_and(|kind| kind.is_plain(&["while", "for"])) {
            return Err(self
                .problem("`repeat` belongs on a `while` or `for` line", at)
                .label("no loop begins here"));
        }
        if self.blocks.iter().any(|block| matches!(block.kind, BlockKind::Repeat { .. })) {
            return Err(self.problem("a `repeat` inside a `repeat`", at).label("one is enough"));
        }
        *opens = Some(BlockKind::Repeat { first: self.next_line(), swapped: false });
        Ok(())
    }

    fn open_each(&self, opens: &mut Option<BlockKind>, at: &Range<usize>) -> Result<(), Problem> {
        if !opens.as_ref().is_some_and(|kind| kind.is_plain(&["for"])) {
            return Err(self
                .problem("`each` belongs on a `for` line", at)
                .label("no loop over a batch begins here"));
        }
        *opens = Some(BlockKind::Each { first: self.next_line() });
        Ok(())
    }

    fn open_cancelled(
        &self,
        opens: &mut Option<BlockKind>,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        if !opens.as_ref().is_some_and(|kind| kind.is_plain(&["except"])) {
            return Err(self
                .problem("`cancelled` belongs on an `except` line", at)
                .label("no `except` block begins here")
                .help("for example: `except CancelledError:  #@ cancelled`"));
        }
        *opens = Some(BlockKind::Cancelled { ops: Vec::new(), tried: self.tried.clone() });
        Ok(())
    }

    /// The line that a failed swap goes back to.
    fn swap(&mut self, at: &Range<usize>) -> Result<usize, Problem> {
        let loops = self.blocks.iter_mut().rev().find_map(|block| match &mut block.kind {
            BlockKind::Repeat { first, swapped } => Some((*first, swapped)),
            _ => None,
        });
        match loops {
            Some((_, swapped)) if *swapped => {
                Err(self.problem("a second `swap` in one loop", at).label("one is enough"))
            }
            Some((first, swapped)) => {
                *swapped = true;
                Ok(first)
            }
            None => Err(self
                .problem("`swap` outside of a `repeat` loop", at)
                .label("where would a failed swap go back to?")
                .help("mark the loop around it: `while True:  #@ repeat`")),
        }
    }

    fn lane(
        &mut self,
        opens: &mut Option<BlockKind>,
        name: String,
        per_session: bool,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let others = self.functions.daemons.iter().filter_map(|daemon| daemon.lane.as_ref());
        if others.into_iter().any(|(other, _)| *other == name) {
            return Err(self
                .problem(format!("two daemon lanes are called {name}"), at)
                .label("the second one")
                .help("schedules are written with lane names; give each its own"));
        }
        let respond_too = self
            .problem("`respond` is what clients run; it cannot be a daemon lane too", at)
            .label("mark another function");
        let function = self.function_line(opens, at, "lane")?;
        if function.name == "respond" {
            return Err(respond_too);
        }
        function.lane = Some((name, per_session));
        Ok(())
    }

    /// The function that a `def` line defines.
    fn function_line<'o>(
        &'o mut self,
        opens: &'o mut Option<BlockKind>,
        at: &Range<usize>,
        word: &str,
    ) -> Result<&'o mut Function, Problem> {
        let problem = self
            .problem(format!("`{word}` belongs on a `def` line"), at)
            .label("no function begins here");
        // A `def` line may go on over several physical lines.
        let open = self.blocks.last_mut().filter(|block| !block.filled);
        let open = open.map(|block| &mut block.kind);
        match opens.as_mut().or(open) {
            Some(BlockKind::Def(function)) => Ok(function),
            _ => Err(problem),
        }
    }

    /// A `return` leaves its `with` blocks before anybody sees the reply, but after it has done
    /// its own work.
    fn release_before_reply(&mut self, line: &SourceLine, ops: &[Placed]) -> Result<(), Problem> {
        let held: Vec<(PlaceId, Range<usize>)> = self
            .blocks
            .iter()
            .rev()
            .take_while(|block| !matches!(block.kind, BlockKind::Def(_)))
            .filter_map(|block| match block.kind {
                BlockKind::Hold(place) => Some((place, block.at.clone())),
                _ => None,
            })
            .collect();
        if !held.is_empty() && ops.len() > 1 {
            return Err(self
                .problem(
                    "inside a `with` block that holds a lock, `reply` stands alone",
                    &ops[0].at,
                )
                .label("the lock is given back after this, but before the reply")
                .help("do the work on a line of its own, and return its result"));
        }
        for (place, at) in held {
            self.emit_release(place, at, line.number)?;
        }
        Ok(())
    }

    fn emit_release(
        &mut self,
        place: PlaceId,
        at: Range<usize>,
        number: usize,
    ) -> Result<(), Problem> {
        let name = &self.declared[place].place.name;
        let text = format!("# `with {name}` ends");
        let ops = vec![Placed { op: Op::Release(place), at }];
        self.emit(FunctionLine { number, text, ops, unwinds: Vec::new() })
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
            BlockKind::Hold(place) => Some(Op::Release(place)),
            _ => None,
        });
        // A `with` line waits before it holds; every other line inside is left through its end.
        line.unwinds = if line.waits() { holds.collect() } else { Vec::new() };
        let Some(def) =
            self.blocks.iter().rposition(|block| matches!(block.kind, BlockKind::Def(_)))
        else {
            return Err(self
                .problem("this move is outside of every function", &at)
                .label("not in `respond`")
                .help("moves belong into `respond`, or into a function marked `#@ lane NAME`"));
        };
        self.check_blocks(def, &at)?;
        self.check_nesting(def, &line.ops, &at)?;
        for block in &mut self.blocks[def..] {
            let BlockKind::Repeat { swapped: true, .. } = block.kind else { continue };
            if !matches!(line.ops.last(), Some(Placed { op: Op::Swap { .. }, .. })) {
                return Err(self
                    .problem("`swap` is the last move of its loop", &at)
                    .label("would run only after a failed swap")
                    .help("move this line behind the loop"));
            }
        }
        let BlockKind::Def(function) = &mut self.blocks[def].kind else { return Ok(()) };
        if function.name != "respond" && function.lane.is_none() {
            let what = format!("this move is in `{}`, which no lane runs", function.name);
            return Err(self
                .problem(what, &at)
                .label("not in `respond`")
                .help("move it into `respond`, or mark the function with `#@ lane NAME`"));
        }
        if function.lines.len() == LINES_MAX {
            let what = format!("more than {LINES_MAX} marked lines in one function");
            return Err(self.problem(what, &at));
        }
        function.lines.push(line);
        Ok(())
    }

    /// Closes every block that a line at this indentation is not part of.
    fn close(&mut self, indent: usize) -> Result<(), Problem> {
        while let Some(block) = self.blocks.pop_if(|block| block.indent >= indent) {
            self.close_block(block)?;
        }
        Ok(())
    }

    fn close_block(&mut self, block: Block) -> Result<(), Problem> {
        let marked = !matches!(
            block.kind,
            BlockKind::Def(_) | BlockKind::Plain(..) | BlockKind::Finally { .. }
        );
        if marked && !block.filled {
            return Err(self
                .problem("this block has no lines of its own", &block.at)
                .label("nothing is indented under it")
                .help("write its body on lines below it"));
        }
        match block.kind {
            BlockKind::Def(function) => self.close_function(function),
            BlockKind::Hold(place) => match self.dead {
                true => Ok(()),
                false => {
                    let line = self.function().and_then(|function| function.lines.last());
                    let number = line.map_or(0, |line| line.number);
                    self.emit_release(place, block.at, number)
                }
            },
            BlockKind::Unless { decides } => {
                let end = self.next_line();
                self.dead = false;
                // It is the last move of its line.
                let line = self.lines_mut().get_mut(decides);
                if let Some(placed) = line.and_then(|line| line.ops.last_mut())
                    && let Op::UnlessFound { skip } | Op::UnlessKnown { skip } = &mut placed.op
                {
                    *skip = end;
                }
                Ok(())
            }
            BlockKind::Each { first } => {
                let at = block.at.clone();
                match self.lines_mut().get_mut(first..).and_then(<[FunctionLine]>::last_mut) {
                    Some(last) => {
                        last.ops.push(Placed { op: Op::Next { first }, at });
                        Ok(())
                    }
                    None => Err(self
                        .problem("nothing is marked in this loop", &block.at)
                        .label("a loop without moves")),
                }
            }
            BlockKind::Cancelled { ops, tried } => {
                self.unwind(&tried, &ops);
                Ok(())
            }
            BlockKind::Finally { first, tried } => {
                let ops: Vec<Op> = self.lines_mut()[first..]
                    .iter()
                    .flat_map(|line| line.ops.iter().map(|placed| placed.op))
                    .collect();
                self.unwind(&tried, &ops);
                Ok(())
            }
            BlockKind::Repeat { swapped: false, .. } => Err(self
                .problem("this `repeat` loop has no `swap`", &block.at)
                .label("a loop without end")
                .help("`repeat` marks the loop that a failed `#@ swap CELL` goes back to")),
            BlockKind::Plain("try", first) => {
                self.tried = first..self.next_line();
                Ok(())
            }
            BlockKind::Repeat { .. } | BlockKind::Plain(..) => Ok(()),
        }
    }

    /// What is done besides if the client cancels at one of these lines.
    fn unwind(&mut self, tried: &Range<usize>, ops: &[Op]) {
        let lines = self.lines_mut().get_mut(tried.clone()).unwrap_or_default();
        for line in lines.iter_mut().filter(|line| line.waits()) {
            line.unwinds.extend(ops);
        }
    }

    /// The lines of the innermost function so far.
    fn lines_mut(&mut self) -> &mut [FunctionLine] {
        let function = self.blocks.iter_mut().rev().find_map(|block| match &mut block.kind {
            BlockKind::Def(function) => Some(function),
            _ => None,
        });
        function.map_or(&mut [], |function| &mut function.lines)
    }

    fn close_function(&mut self, function: Function) -> Result<(), Problem> {
        self.dead = false;
        if function.lane.is_some() {
            if self.functions.daemons.len() == DAEMONS_MAX {
                let what = format!("more than {DAEMONS_MAX} daemon lanes");
                return Err(self.problem(what, &function.at));
            }
            self.functions.daemons.push(function);
        } else if function.name == "respond" {
            if self.functions.respond.is_some() {
                return Err(self
                    .problem("a second `respond`", &function.at)
                    .label("defined before")
                    .help("one file is one strategy"));
            }
            self.functions.respond = Some(function);
        }
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
