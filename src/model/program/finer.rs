//! Lines made finer: what stands behind a wait is a line of its own.
//!
//! `return assistant(history)  #@ infer, reply` is one line, but its reply comes when the thinking
//! is over. Where others can tell that a lane stands in the middle of it, it becomes two: on one
//! event loop they go on meanwhile, and a client can cancel.

use super::{Grain, Setting};
use crate::model::cast::Cast;
use crate::model::code::{Code, Line, LineKind, Routine};
use crate::model::op::Op;

/// What is made finer, besides the moves behind a wait.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Finer {
    /// Nothing.
    Halves,
    /// A wait ends in a line of its own, even if nothing stands behind it: there a request stands
    /// while it waits.
    Waits,
    /// An empty line stands before each function of the app: a request takes its place in a handler
    /// when there is one, also if it then waits for a lock.
    Enters,
}

impl Finer {
    /// What stands behind a wait: the rest of a line, or a line like any other.
    fn rest(self) -> LineKind {
        match self {
            Finer::Waits => LineKind::Resumes,
            Finer::Halves | Finer::Enters => LineKind::Code,
        }
    }
}

/// The code as it is run in this setting.
pub(super) fn at_waits(mut code: Code, cast: &Cast, setting: Setting) -> Code {
    let is_done = code.respond.lines.iter().any(|line| line.kind == LineKind::Resumes);
    let cancelled = code.is_async && !cast.cancels.is_empty();
    if !is_done && (cancelled || setting.grain == Grain::Await) {
        finer(&mut code.respond, Finer::Waits);
        code.daemons.iter_mut().for_each(|daemon| finer(&mut daemon.routine, Finer::Waits));
    }
    if setting.grain == Grain::Await {
        code.daemons.iter_mut().for_each(|daemon| daemon.is_async = true);
    }
    code
}

/// The same moves in finer lines.
pub fn finer(routine: &mut Routine, how: Finer) {
    let mut places = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    for mut line in std::mem::take(&mut routine.lines) {
        if line.kind == LineKind::Resumes {
            line.kind = how.rest();
        }
        let begins = lines.last().is_none_or(|last| last.function != line.function);
        if how == Finer::Enters && begins {
            lines.push(Line { ops: Vec::new(), cancelled: None, ..line.clone() });
        }
        places.push(lines.len());
        parts(line, how, &mut lines);
    }
    places.push(lines.len());
    for op in lines.iter_mut().flat_map(|line| &mut line.ops) {
        match op {
            Op::UnlessFound { skip: to }
            | Op::UnlessKnown { skip: to }
            | Op::Swap { retry: to, .. }
            | Op::Next { first: to } => *to = places.get(*to).copied().unwrap_or(*to),
            _ => {}
        }
    }
    routine.lines = lines;
}

/// What stands up to each wait, and what stands behind it.
fn parts(line: Line, how: Finer, lines: &mut Vec<Line>) {
    let wait = line.ops.iter().position(Op::lets_go).map(|at| at + 1);
    let behind = |&at: &usize| at < line.ops.len() || how == Finer::Waits;
    let Some(at) = wait.filter(behind) else { return lines.push(line) };
    let (first, rest) = line.ops.split_at(at);
    let text = format!("… {}", line.text);
    let rest = Line { kind: how.rest(), ops: rest.to_vec(), text, ..line.clone() };
    let mut first = Line { ops: first.to_vec(), ..line.clone() };
    if line.kind != LineKind::Resumes && !first.asks_others() {
        first.cancelled = None;
    }
    lines.push(first);
    parts(rest, how, lines);
}
