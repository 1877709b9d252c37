//! Why a clean run is clean, read off the program: who can touch what.

use crate::anomalies::words::has_lock;
use crate::model::code::{Key, PlaceKind};
use crate::model::op::Op;
use crate::model::program::{Grain, Program};
use crate::model::{LaneId, TurnId, UserId};
use crate::phrase;
use crate::words::Phrase;
use std::collections::{BTreeMap, BTreeSet};

/// Cells that are named; more of them are only counted.
const NAMED_MAX: usize = 3;

/// Who can touch one cell.
#[derive(Default)]
struct Touched {
    name: String,
    lanes: BTreeSet<LaneId>,
    users: BTreeSet<UserId>,
}

/// Why nothing can go wrong, in a few sentences; none if that is not read off so easily.
pub fn why(program: &Program) -> Vec<Phrase> {
    if let Some(&pipe) = program.pipes().first() {
        let pipe = &program.code.places[pipe].name;
        return vec![phrase!("clean-pipe", pipe = pipe)];
    }
    let cells: Vec<Touched> = touched(program).into_values().collect();
    if cells.is_empty() || cells.iter().any(|cell| cell.users.len() > 1) {
        return Vec::new();
    }
    let name = |lane: &LaneId| Phrase::from(program.lanes[*lane].name.as_str());
    let named = cells.iter().take(NAMED_MAX).map(|cell| {
        let lanes = Phrase::joined("list-and", cell.lanes.iter().map(name));
        phrase!("clean-used-by", place = &cell.name, lanes = lanes)
    });
    let more = cells.len().checked_sub(NAMED_MAX).filter(|&more| more > 0);
    let cells_told =
        Phrase::list(named.chain(more.map(|more| phrase!("clean-and-more", more = more))));
    let several_users = program.cast.users.len() > 1;
    let opening = match several_users {
        true => phrase!("clean-no-two-users", cells = cells_told),
        false => phrase!("clean-cells", cells = cells_told),
    };
    let order = match cells.iter().any(|cell| cell.lanes.len() > 1) {
        true => kept_in_order(program),
        false => (has_lock(program) && several_users).then(|| phrase!("clean-lock-idle")),
    };
    [Some(opening), order].into_iter().flatten().collect()
}

/// Why lanes that use one cell lose nothing of each other, if that is read off.
fn kept_in_order(program: &Program) -> Option<Phrase> {
    let mut ops = program.code.ops();
    if program.setting.limit == Some(1) || program.setting.grain == Grain::Turn {
        return Some(phrase!("clean-one-by-one"));
    }
    if always_locked(program) {
        return Some(phrase!("clean-locked"));
    }
    if ops.any(|op| matches!(op, Op::Swap { .. })) {
        return Some(phrase!("clean-swap"));
    }
    let stores = program.code.ops().any(|op| matches!(op, Op::Store(_)));
    let appends = program.code.ops().any(|op| matches!(op, Op::Append(..)));
    (appends && !stores).then(|| phrase!("clean-append"))
}

/// Whether no cell is there for more than one lane, as far as that can be read off.
pub fn shares_nothing(program: &Program) -> bool {
    let by_key = program.code.places.iter().any(|place| place.keys.contains(&Key::Id));
    let cells = touched(program);
    !by_key && program.pipes().is_empty() && cells.values().all(|cell| cell.lanes.len() < 2)
}

/// Whether every access to a cell happens while the lane holds a lock.
fn always_locked(program: &Program) -> bool {
    program.code.routines().all(|routine| {
        let mut held = 0_usize;
        routine.lines.iter().flat_map(|line| &line.ops).all(|op| match op {
            Op::Acquire(_) => {
                held += 1;
                true
            }
            Op::Release(_) => {
                held = held.saturating_sub(1);
                true
            }
            _ => match op.place().map(|place| program.code.places[place].kind) {
                Some(PlaceKind::Cell(_)) => held > 0,
                _ => true,
            },
        })
    })
}

/// Every cell that some lane can touch. Nothing if that depends on what happens in a run.
fn touched(program: &Program) -> BTreeMap<usize, Touched> {
    let mut cells: BTreeMap<usize, Touched> = BTreeMap::new();
    for (lane, turn) in (0..program.lanes.len()).flat_map(|lane| works_for(program, lane)) {
        let lines = &program.routine(lane).lines;
        for place in lines.iter().flat_map(|line| &line.ops).filter_map(Op::place) {
            let declared = &program.code.places[place];
            if !matches!(declared.kind, PlaceKind::Cell(_)) {
                continue;
            }
            if declared.keys.contains(&Key::Id) {
                return BTreeMap::new();
            }
            for cell in program.any_instance(place, &program.asker_in(lane, turn)) {
                let touched = cells.entry(cell).or_default();
                touched.name = program.instance_name(place, cell);
                touched.lanes.insert(lane);
                touched.users.insert(program.cast.user_of(turn));
            }
        }
    }
    cells
}

/// A lane with every turn that it may work for.
fn works_for(program: &Program, lane: LaneId) -> Vec<(LaneId, TurnId)> {
    let serves = program.session_of_daemon(lane);
    let turns = 0..program.cast.turns.len();
    let mine = turns.filter(|&turn| match program.is_daemon(lane) {
        false => program.cast.turns[turn].lane == lane,
        true => serves.is_none_or(|session| session == program.cast.session_of(turn)),
    });
    mine.map(|turn| (lane, turn)).collect()
}
