//! The line that a difference comes from, which may be earlier than where it shows.

use super::answer::{Moved, Play, Variable, Wrong};
use super::compare::{Difference, What, place_of};
use super::misread::misread;
use super::orders::{Labels, Step};
use crate::listing::Listing;
use crate::model::op::Op;
use crate::model::program::Program;

/// Where a difference comes from.
pub(super) enum Blame {
    /// The line of the step that shows it.
    Here,
    /// A line without a mark changed the place.
    Unmarked {
        /// The line.
        line: usize,
        /// The kind of place, as in [`super::Look`].
        kind: usize,
        /// Its number.
        number: usize,
    },
    /// A line without a mark ended the turn.
    Ends {
        /// The line.
        line: usize,
    },
    /// A load made no copy.
    Alias {
        /// The step of the load.
        step: usize,
        /// The variable that is the cell.
        variable: String,
        /// The kind of place, as in [`super::Look`].
        kind: usize,
        /// Its number.
        number: usize,
    },
    /// An answer that a lane waits for was not handed back in this step.
    Kept {
        /// The step.
        step: usize,
    },
    /// From this step on the lane's own history is another one.
    History {
        /// The step.
        step: usize,
        /// A variable, and what it holds.
        variable: String,
        /// See `variable`.
        holds: Labels,
    },
    /// A small value or a cached answer should be read, or an id drawn, but the variable has
    /// something else.
    Unread {
        /// The step.
        step: usize,
        /// What it holds, where that can be said.
        holds: Option<Labels>,
        /// The step that wrote what should be read, where nobody saw what it did.
        written: Option<usize>,
    },
    /// What should be read was not written to its cell, which cannot be looked at any more.
    Unwritten {
        /// The step.
        step: usize,
        /// The cell.
        cell: usize,
        /// Whether the line left everything as it was.
        untouched: bool,
    },
}

/// Finds where a difference comes from, if the order was run again with a closer look.
pub(super) fn blame(
    listing: &Listing,
    program: &Program,
    difference: &Difference,
    play: Option<&Play>,
) -> Blame {
    if let Some(step) = kept(program, difference) {
        return Blame::Kept { step };
    }
    let (Some(at), Some(play)) = (difference.step, play) else { return Blame::Here };
    if play.moves.len() <= at {
        return Blame::Here;
    }
    let steps = &difference.order.steps[..=at];
    let found = match difference.what {
        What::Place { kind, number, .. } => unmarked(listing, &play.moves[at], kind, number)
            .or_else(|| alias(program, steps, play, kind, number))
            .or_else(|| earliest(program, difference, steps, play)),
        What::Reply { expected: None, .. } => play.moves[at]
            .last
            .filter(|&line| !has_mark(listing, line))
            .map(|line| Blame::Ends { line }),
        What::Asked { .. } | What::Reply { .. } => earliest(program, difference, steps, play),
        _ => None,
    };
    found.or_else(|| misread(&difference.order, steps, play)).unwrap_or(Blame::Here)
}

/// The history that is another one, or the read before it that brought that about.
fn earliest(
    program: &Program,
    difference: &Difference,
    steps: &[Step],
    play: &Play,
) -> Option<Blame> {
    let history = history(program, steps, play);
    let until = match history {
        Some(Blame::History { step, .. }) => step,
        _ => return None,
    };
    misread(&difference.order, &steps[..=until], play).or(history)
}

/// The step in which a worker should have answered a lane that still waits.
fn kept(program: &Program, difference: &Difference) -> Option<usize> {
    let What::Wrong(Wrong::Blocks { .. }) = difference.what else { return None };
    let steps = &difference.order.steps[..=difference.step?];
    let waiting = steps.last().filter(|step| ops(program, step).contains(&Op::Await))?;
    steps
        .iter()
        .rposition(|step| step.turn == waiting.turn && ops(program, step).contains(&Op::Answer))
}

fn unmarked(listing: &Listing, moved: &Moved, kind: usize, number: usize) -> Option<Blame> {
    let changed = moved.lines.iter().find(|(line, change)| {
        (change.kind, change.number) == (kind, number) && !has_mark(listing, *line)
    });
    changed.map(|&(line, _)| Blame::Unmarked { line, kind, number })
}

/// Whether a line of the file has a mark.
pub(super) fn has_mark(listing: &Listing, line: usize) -> bool {
    listing.marks().any(|(marked, _)| marked == line)
}

/// A load of this cell, earlier in the turn, after which a variable is the cell itself.
fn alias(
    program: &Program,
    steps: &[Step],
    play: &Play,
    kind: usize,
    number: usize,
) -> Option<Blame> {
    let cell = place_of(program, kind, number).filter(|_| kind == 0)?;
    let writes = |op: &Op| op.place() == Some(cell) && !matches!(op, Op::Load(_) | Op::Infer);
    if ops(program, steps.last()?).iter().any(writes) {
        return None;
    }
    turn(steps).into_iter().find_map(|step| {
        let loads = ops(program, &steps[step]).contains(&Op::Load(cell));
        let mut variables = play.moves[step].near.iter();
        let same = variables.find(|variable| loads && variable.same.contains(&number))?;
        Some(Blame::Alias { step, variable: same.name.clone(), kind, number })
    })
}

/// The first step of the turn after which no variable holds the lane's history, although one did
/// until then.
fn history(program: &Program, steps: &[Step], play: &Play) -> Option<Blame> {
    for step in turn(steps) {
        let makes = |op: &Op| matches!(op, Op::Load(_) | Op::Note(_));
        if !ops(program, &steps[step]).iter().any(makes) {
            continue;
        }
        let near = &play.moves[step].near;
        // A message was added, so what holds the same as before is something else, such as a batch.
        let adds = ops(program, &steps[step]).iter().any(|op| matches!(op, Op::Note(_)));
        let before = steps[..step].iter().rposition(|before| before.runs == steps[step].runs);
        let before = before.filter(|_| adds).map_or(&[][..], |before| &play.moves[before].near);
        let holds = |variable: &&Variable| {
            let same = |old: &Variable| old.name == variable.name && old.holds == variable.holds;
            variable.holds == steps[step].history && !before.iter().any(same)
        };
        if near.iter().any(|variable| holds(&variable)) {
            continue;
        }
        let named = near.iter().find(|variable| variable.name == "history").or(near.first())?;
        let (variable, holds) = (named.name.clone(), named.holds.clone());
        return Some(Blame::History { step, variable, holds });
    }
    None
}

/// The steps of the turn that the last step is in, in order.
pub(super) fn turn(steps: &[Step]) -> Vec<usize> {
    let Some(last) = steps.last() else { return Vec::new() };
    let same = |step: &Step| step.runs == last.runs && step.turn == last.turn;
    (0..steps.len()).filter(|&step| same(&steps[step])).collect()
}

fn ops<'p>(program: &'p Program, step: &Step) -> &'p [Op] {
    match step.cancels() {
        true => &[],
        false => &program.routine(step.lane).lines[step.position].ops,
    }
}
