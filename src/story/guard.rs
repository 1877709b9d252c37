//! Whether a lock keeps the turns that use a cell apart: each takes it before its first access and
//! gives it back behind its last one. Two short holds of one lock let others in between.

use super::touched::Touched;
use crate::explore::packed::live::targets;
use crate::model::PlaceId;
use crate::model::code::{PlaceKind, Routine};
use crate::model::op::Op;
use crate::model::program::Program;

/// Whether some lock lets one turn after the other at a cell.
pub(super) fn is_guarded(program: &Program, cell: &Touched) -> bool {
    let places = program.code.places.iter().enumerate();
    let mut locks = places.filter(|(_, place)| place.kind == PlaceKind::Lock);
    locks.any(|(lock, _)| {
        is_one(program, cell, lock)
            && cell.lanes().iter().all(|&lane| {
                let routine = program.routine(lane);
                is_held_throughout(routine, lock, cell.place)
            })
    })
}

/// Whether everybody who touches a cell means the same instance of a lock.
fn is_one(program: &Program, cell: &Touched, lock: PlaceId) -> bool {
    let any_of = |turn| program.any_instance(lock, &program.asker_of(turn));
    let mut locks: Vec<usize> = cell.by.iter().flat_map(|(_, turn)| any_of(*turn)).collect();
    locks.dedup();
    locks.len() == 1
}

/// What is known of a turn before a line.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Hold {
    /// It holds the lock, on every way to here.
    held: bool,
    /// It has used the cell in this hold, on some way.
    used: bool,
    /// It has used the cell in a hold before, on some way.
    over: bool,
}

impl Hold {
    /// What is known behind a move; `None` if it uses the cell without the lock, or once more.
    fn after(self, op: Op, lock: PlaceId, cell: PlaceId) -> Option<Hold> {
        match op {
            Op::Acquire(place) if place == lock => Some(Hold { held: true, ..self }),
            Op::Release(place) if place == lock => {
                Some(Hold { held: false, used: false, over: self.over || self.used })
            }
            _ if op.place() == Some(cell) => {
                (self.held && !self.over).then_some(Hold { used: true, ..self })
            }
            _ => Some(self),
        }
    }

    fn or(self, other: Hold) -> Hold {
        Hold {
            held: self.held && other.held,
            used: self.used || other.used,
            over: self.over || other.over,
        }
    }
}

/// Whether all accesses to a cell happen within one hold of a lock, on every way.
fn is_held_throughout(routine: &Routine, lock: PlaceId, cell: PlaceId) -> bool {
    let mut cancelled = routine.lines.iter().filter_map(|line| line.cancelled.as_ref()).flatten();
    // What a handler does is done when the `with` blocks were left.
    if cancelled.any(|op| op.place() == Some(cell)) {
        return false;
    }
    let mut known: Vec<Option<Hold>> = vec![None; routine.lines.len() + 1];
    known[0] = Some(Hold { held: false, used: false, over: false });
    loop {
        let before = known.clone();
        for (line, own) in routine.lines.iter().enumerate() {
            let Some(hold) = known[line] else { continue };
            let behind = own.ops.iter().try_fold(hold, |hold, op| hold.after(*op, lock, cell));
            let Some(behind) = behind else { return false };
            for to in targets(&own.ops, line) {
                known[to] = Some(known[to].map_or(behind, |there| there.or(behind)));
            }
        }
        if known == before {
            return true;
        }
    }
}
