//! Lines of a listing that are to happen in one step, though they touch two places.
//!
//! No listing may say so: a switch can fall between any two accesses of real code. But
//! `facts/counts.md` counts a program whose steps copy one shared place into another, and a count
//! can only be compared with a count of the same steps.

use interleak::model::code::Code;
use interleak::model::op::Op;

/// The lines of `current-context` before which nobody comes in: those that store what the line
/// before them loaded.
const CURRENT_CONTEXT: [usize; 2] = [1, 5];

/// The code of a fixture, with the steps that the numbers are about.
pub(crate) fn as_counted(name: &str, code: Code) -> Code {
    match name {
        "current-context" => joined(code, &CURRENT_CONTEXT),
        _ => code,
    }
}

/// The same code with these lines of a request, told by their positions, joined to the line
/// before each.
fn joined(mut code: Code, positions: &[usize]) -> Code {
    let jumps = |op: &Op| matches!(op, Op::UnlessFound { .. } | Op::Swap { .. });
    assert!(!code.respond.lines.iter().any(|line| line.ops.iter().any(jumps)), "jumps would miss");
    let lines = std::mem::take(&mut code.respond.lines);
    for (position, line) in lines.into_iter().enumerate() {
        match code.respond.lines.last_mut() {
            Some(before) if positions.contains(&position) => before.ops.extend(line.ops),
            _ => code.respond.lines.push(line),
        }
    }
    code
}
