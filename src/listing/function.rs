//! The annotated functions of a listing, and the code that they make.

use super::{Declared, Placed, Reader, flow, needs_respond};
use crate::model::PlaceId;
use crate::model::code::{Code, Daemon, Line, LineKind, Routine};
use crate::model::op::Op;
use crate::model::server::Routing;
use crate::phrase;
use crate::problem::Problem;
use std::ops::Range;

/// The annotated functions of a file.
pub(super) struct Functions {
    pub(super) respond: Option<Function>,
    pub(super) daemons: Vec<Function>,
}

/// One annotated function.
pub(super) struct Function {
    pub(super) name: String,
    /// Where it is defined.
    pub(super) at: Range<usize>,
    /// The lane of a daemon, and whether each session has its own.
    pub(super) lane: Option<(String, bool)>,
    /// How `respond` is routed, if the listing says so.
    pub(super) routing: Option<Routing>,
    /// Whether it is an `async def`.
    pub(super) is_async: bool,
    pub(super) lines: Vec<FunctionLine>,
}

/// One annotated line, still knowing where each move stands.
pub(super) struct FunctionLine {
    pub(super) number: usize,
    pub(super) kind: LineKind,
    pub(super) mark: String,
    pub(super) text: String,
    pub(super) ops: Vec<Placed>,
    /// What happens besides if the client cancels while the lane waits here.
    pub(super) unwinds: Vec<Op>,
}

impl FunctionLine {
    /// Whether the lane waits here, so that its client can cancel.
    pub(super) fn waits(&self, declared: &[Declared]) -> bool {
        self.ops.iter().any(|placed| match placed.op {
            Op::Acquire(lock) => declared[lock].place.is_async,
            op => op.waits(),
        })
    }
}

impl Functions {
    /// All annotated lines of the file.
    pub(super) fn lines(&self) -> impl Iterator<Item = &FunctionLine> {
        self.respond.iter().chain(&self.daemons).flat_map(|function| &function.lines)
    }

    /// Checks the functions as a whole and drops what only errors needed.
    pub(super) fn into_code(
        mut self,
        reader: &Reader,
        declared: Vec<Declared>,
    ) -> Result<Code, Problem> {
        let Some(mut respond) = self.respond else {
            let what = phrase!("listing-no-respond", file = reader.file);
            return Err(Problem::new(what).help(needs_respond()));
        };
        flow::check(reader, &respond, &self.daemons, &declared)?;
        let daemons = self.daemons.iter_mut().flat_map(|daemon| &mut daemon.lines);
        number_mints(respond.lines.iter_mut().chain(daemons));
        let daemons: Vec<Daemon> = self
            .daemons
            .into_iter()
            .filter_map(|function| {
                let (lane, per_session) = function.lane.clone()?;
                let is_async = function.is_async;
                let routine = function.into_routine(&declared);
                Some(Daemon { lane, per_session, is_async, routine })
            })
            .collect();
        let mut code = Code {
            routing: respond.routing,
            is_async: respond.is_async,
            respond: respond.into_routine(&declared),
            places: declared.into_iter().map(|declared| declared.place).collect(),
            daemons,
            stored: None,
        };
        code.stored = stored(&code);
        Ok(code)
    }
}

impl Function {
    fn into_routine(self, declared: &[Declared]) -> Routine {
        let mut function = 0;
        let lines = self.lines.into_iter().map(|line| {
            let own = function;
            function += usize::from(line.ops.iter().any(|placed| placed.op == Op::Then));
            Line {
                number: line.number,
                kind: line.kind,
                cancelled: line.waits(declared).then_some(line.unwinds),
                mark: line.mark,
                text: line.text,
                ops: line.ops.into_iter().map(|placed| placed.op).collect(),
                function: own,
            }
        });
        Routine { name: self.name, lines: lines.collect() }
    }
}

/// Every line that draws an id draws one of its own.
fn number_mints<'a>(lines: impl Iterator<Item = &'a mut FunctionLine>) {
    let ops = lines.flat_map(|line| &mut line.ops).map(|placed| &mut placed.op);
    let mints = ops.filter_map(|op| match op {
        Op::Mint(number) => Some(number),
        _ => None,
    });
    mints.enumerate().for_each(|(mint, number)| *number = mint);
}

/// The cell that a request reads first. What is only ever written is a log, not a context.
fn stored(code: &Code) -> Option<PlaceId> {
    code.ops().find_map(|op| match op {
        Op::Load(place) => Some(place),
        _ => None,
    })
}
