//! Lines that go on after the assistant has answered, made two.
//!
//! `return assistant(history)  #@ infer, reply` is one line, but its reply comes when the thinking
//! is over. With a line end behind each `infer`, time passes between lines only.

use crate::model::code::{Line, Routine};
use crate::model::op::Op;

/// The same moves, with no move behind an `infer` in its line.
pub(super) fn split(routine: &mut Routine) {
    let mut places = Vec::new();
    let mut lines = Vec::new();
    for line in std::mem::take(&mut routine.lines) {
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
