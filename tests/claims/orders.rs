//! Orders of a program, one by one, in the plain machine.

use crate::common::random::draw;
use interleak::anomalies::ANOMALIES;
use interleak::model::LaneId;
use interleak::model::program::Program;
use interleak::replay::machine::Machine;
use interleak::replay::record::Record;
use std::collections::BTreeSet;

/// Orders that are looked at, at most.
const ORDERS_MAX: usize = 300;

/// The ends of all orders in which each move is allowed; `None` if there are too many.
pub(crate) fn all(
    program: &Program,
    allows: &dyn Fn(&Machine, LaneId) -> bool,
) -> Option<Vec<Record>> {
    let (mut ends, mut open) = (Vec::new(), vec![Machine::new(program)]);
    while let Some(machine) = open.pop() {
        let movable = machine.movable().into_iter().filter(|&lane| allows(&machine, lane));
        let next: Vec<Machine> = movable
            .map(|lane| {
                let mut next = machine.clone();
                next.step(lane).unwrap();
                next
            })
            .collect();
        if next.is_empty() {
            ends.push(machine.record());
        }
        open.extend(next);
        if ends.len() + open.len() > ORDERS_MAX {
            return None;
        }
    }
    Some(ends)
}

/// Whether a move keeps requests apart: nobody else is inside a function, and nobody cancels.
pub(crate) fn keeps_apart(machine: &Machine, lane: LaneId) -> bool {
    let program = machine.program();
    let mut others = (0..program.clients()).filter(|&other| other != lane);
    let alone = program.is_daemon(lane) || !others.any(|other| machine.is_inside(other));
    program.cancels(lane).is_none() && alone
}

/// What goes wrong in some orders; one that could go on has not ended.
pub(crate) fn shown(program: &Program, records: &[Record]) -> BTreeSet<&'static str> {
    let shows = |record: &Record| {
        let found = ANOMALIES.iter().filter(|it| !(it.find)(program, record).is_empty());
        found.map(|it| it.id).collect::<Vec<_>>()
    };
    records.iter().flat_map(shows).collect()
}

/// A few orders, each next lane drawn; now and then one goes on for a while.
pub(crate) fn drawn(program: &Program, orders: u64, mut look: impl FnMut(&Machine)) -> Vec<Record> {
    (1..=orders).map(|seed| draw(program, seed, &mut look)).collect()
}
