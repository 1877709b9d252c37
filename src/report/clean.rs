//! Why a clean run is clean, read off the program: who can touch what.

use crate::anomalies::words::has_lock;
use crate::model::code::{Key, PlaceKind};
use crate::model::op::Op;
use crate::model::program::{Grain, Program};
use crate::model::{LaneId, TurnId, UserId};
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

/// Why nothing can go wrong, in a few sentences; empty if that is not read off so easily.
pub fn why(program: &Program) -> String {
    if let Some(&pipe) = program.pipes().first() {
        let pipe = &program.code.places[pipe].name;
        return format!("Whoever takes an answer out of {pipe} is the one who asked for it.");
    }
    let cells: Vec<Touched> = touched(program).into_values().collect();
    if cells.is_empty() || cells.iter().any(|cell| cell.users.len() > 1) {
        return String::new();
    }
    let name = |lane: &LaneId| program.lanes[*lane].name.as_str();
    let mut named: Vec<String> = cells
        .iter()
        .take(NAMED_MAX)
        .map(|cell| {
            let lanes: Vec<&str> = cell.lanes.iter().map(name).collect();
            format!("{} is used only by {}", cell.name, lanes.join(" and "))
        })
        .collect();
    if cells.len() > NAMED_MAX {
        named.push(format!("and so on for {} more", cells.len() - NAMED_MAX));
    }
    let several_users = program.cast.users.len() > 1;
    let opening = if several_users { "No two users share a history: " } else { "" };
    let mut sentences = vec![format!("{opening}{}.", named.join(", "))];
    if cells.iter().any(|cell| cell.lanes.len() > 1) {
        let one_by_one = program.setting.limit == Some(1) || program.setting.grain == Grain::Turn;
        if one_by_one {
            sentences.push("Here one request is worked on after the other.".into());
        } else if always_locked(program) {
            sentences.push("The lock lets one turn after the other at it.".into());
        } else if program.code.ops().any(|op| matches!(op, Op::Swap { .. })) {
            let again = "Whoever finds it changed loads it again before storing.";
            sentences.push(again.into());
        } else if !program.code.ops().any(|op| matches!(op, Op::Store(_))) {
            let adds = "Each message is added in place, so no older copy is stored over it.";
            sentences.push(adds.into());
        }
    } else if has_lock(program) && several_users {
        sentences.push("The lock has nothing to keep apart here.".into());
    }
    sentences.join(" ")
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
            for cell in program.any_instance(place, &program.asker_of(turn)) {
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
