//! Lines made finer, so that time passes between them only.
//!
//! `return assistant(history)  #@ infer, reply` is one line, but its reply comes when the thinking
//! is over: it becomes two, with a line end behind each `infer`. And before the first line of each
//! function stands an empty one: a request takes its place in a handler when there is one, also if
//! it then waits for a lock.

use crate::model::code::{Line, Routine};
use crate::model::op::Op;

/// The same moves, with no move behind an `infer` in its line.
pub(super) fn split(routine: &mut Routine) {
    finer(routine, false);
}

/// The same, with an empty line before each function of the app.
pub(super) fn split_and_enter(routine: &mut Routine) {
    finer(routine, true);
}

fn finer(routine: &mut Routine, enters: bool) {
    let mut places = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    for line in std::mem::take(&mut routine.lines) {
        let begins = lines.last().is_none_or(|last| last.function != line.function);
        if enters && begins {
            lines.push(Line { ops: Vec::new(), cancelled: None, ..line.clone() });
        }
        places.push(lines.len());
        lines.extend(halves(line));
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

/// What stands up to the `infer`, and what stands behind it.
fn halves(line: Line) -> Vec<Line> {
    let infer = line.ops.iter().position(|op| *op == Op::Infer);
    match infer.map(|at| at + 1).filter(|&after| after < line.ops.len()) {
        None => vec![line],
        Some(after) => {
            let (first, second) = line.ops.split_at(after);
            let second = Line { ops: second.to_vec(), cancelled: None, ..line.clone() };
            vec![Line { ops: first.to_vec(), ..line.clone() }, second]
        }
    }
}
