//! The annotated functions of a listing, and the code that they make.

use super::{Declared, NO_RESPOND, Placed, Reader, flow};
use crate::model::PlaceId;
use crate::model::code::{Code, Daemon, Line, Routine};
use crate::model::op::Op;
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
    pub(super) lines: Vec<FunctionLine>,
}

/// One annotated line, still knowing where each move stands.
pub(super) struct FunctionLine {
    pub(super) number: usize,
    pub(super) text: String,
    pub(super) ops: Vec<Placed>,
}

impl Functions {
    /// All annotated lines of the file.
    pub(super) fn lines(&self) -> impl Iterator<Item = &FunctionLine> {
        self.respond.iter().chain(&self.daemons).flat_map(|function| &function.lines)
    }

    /// Checks the functions as a whole and drops what only errors needed.
    pub(super) fn into_code(
        self,
        reader: &Reader,
        declared: Vec<Declared>,
    ) -> Result<Code, Problem> {
        let Some(respond) = self.respond else {
            return Err(
                Problem::new(format!("{} has no function `respond`", reader.file)).help(NO_RESPOND)
            );
        };
        flow::check(reader, &respond, &self.daemons, &declared)?;
        let daemons: Vec<Daemon> = self
            .daemons
            .into_iter()
            .filter_map(|function| {
                let (lane, per_session) = function.lane.clone()?;
                Some(Daemon { lane, per_session, routine: function.into_routine() })
            })
            .collect();
        let mut code = Code {
            places: declared.into_iter().map(|declared| declared.place).collect(),
            respond: respond.into_routine(),
            daemons,
            stored: None,
        };
        code.stored = stored(&code);
        Ok(code)
    }
}

impl Function {
    fn into_routine(self) -> Routine {
        let lines = self.lines.into_iter().map(|line| Line {
            number: line.number,
            text: line.text,
            ops: line.ops.into_iter().map(|placed| placed.op).collect(),
        });
        Routine { name: self.name, lines: lines.collect() }
    }
}

/// The cell that a request reads first. What is only ever written is a log, not a context.
fn stored(code: &Code) -> Option<PlaceId> {
    code.ops().find_map(|op| match op {
        Op::Load(place) => Some(place),
        _ => None,
    })
}
