//! A read whose variable has something else afterwards: is it who reads, or who wrote?

use super::answer::{Moved, Play};
use super::blame::{Blame, turn};
use super::orders::{Labels, Look, Order, Step};

/// The first step of the turn that reads a small value or a cached answer, or draws an id, but puts
/// something else into its variable; or the step that should have written what is read there.
pub(super) fn misread(order: &Order, steps: &[Step], play: &Play) -> Option<Blame> {
    let other = |&step: &usize| Some((step, other(order, step, &play.moves[step])?));
    let (step, holds) = turn(steps).iter().find_map(other)?;
    let written = steps[step].reads.and_then(|cell| Some((cell, writer(order, step, cell)?)));
    let Some((cell, writer)) = written.filter(|_| holds.is_none()) else {
        return Some(Blame::Unread { step, holds, written: None });
    };
    let untouched = play.moves[writer].untouched.contains(&cell);
    let seen = |moves| is_seen(play, moves, cell);
    Some(match (seen(writer), seen(writer + 1)) {
        (_, true) => Blame::Unread { step, holds, written: None },
        (true, false) => Blame::Unwritten { step: writer, cell, untouched },
        (false, false) if untouched => Blame::Unwritten { step: writer, cell, untouched },
        (false, false) => Blame::Unread { step, holds, written: Some(writer) },
    })
}

/// Whether the variable of a read has something else: nothing that it should have, or, where it
/// should have nothing, something that lies in some cell.
fn other(order: &Order, step: usize, moved: &Moved) -> Option<Option<Labels>> {
    let read = order.steps[step].read.as_ref()?;
    let assigned = &moved.assigned;
    match read.is_empty() || read == &["None"] {
        true => {
            let held = |labels: &&Labels| before(order, step).0[0].contains(*labels);
            let found = assigned.iter().filter(|labels| !labels.is_empty() && *labels != read);
            found.into_iter().find(held).cloned().map(Some)
        }
        false => (!assigned.is_empty() && !assigned.contains(read)).then_some(None),
    }
}

/// What the shared places should hold before a step.
fn before(order: &Order, step: usize) -> &Look {
    step.checked_sub(1).map_or(&order.start, |last| &order.steps[last].after)
}

/// The step that should have written what a cell holds at a step.
fn writer(order: &Order, step: usize, cell: usize) -> Option<usize> {
    let holds = |look: &Look| look.0[0][cell].clone();
    (0..step).rev().find(|&wrote| holds(before(order, wrote)) != holds(&order.steps[wrote].after))
}

/// Whether a cell can be looked at after so many moves.
fn is_seen(play: &Play, moves: usize, cell: usize) -> bool {
    let moved = play.moves[..moves].iter().flat_map(|moved| &moved.changed);
    let mut changes = play.start.iter().chain(moved);
    let last = changes.rfind(|change| (change.kind, change.number) == (0, cell));
    last.is_some_and(|change| change.holds.is_some())
}
