//! Who moves next, where an order is made while it is run.
//!
//! Loops that are not driven from here run packed states or plain ones without a record, for speed
//! (`explore::sample`, `explore::estimate`), or by a clock (`timing`).

use super::machine::Machine;
use crate::model::LaneId;
use crate::model::schedule::Moves;

/// A way to choose who moves next.
pub trait Driver {
    /// One of the lanes that can move, of which there is at least one. `last` has moved last.
    fn choose(&mut self, movable: &[LaneId], last: Option<LaneId>) -> LaneId;
}

/// The first lane that can move.
pub struct FirstLane;

/// All lanes in turn: the one that has moved least often so far.
#[derive(Default)]
pub struct InTurn {
    moved: Vec<usize>,
}

/// As it is typed; behind that, the first lane that can move.
pub struct AsTyped(std::vec::IntoIter<LaneId>);

/// As it is drawn.
pub struct AsDrawn {
    random: Random,
    stays: usize,
}

impl AsTyped {
    /// Moves that are known to fit.
    pub fn new(moves: Moves) -> AsTyped {
        AsTyped(moves.into_iter())
    }
}

impl AsDrawn {
    /// Draws from a seed; in so many of eight cases the last lane stays, if it can move.
    pub fn new(seed: u64, stays: usize) -> AsDrawn {
        AsDrawn { random: Random(seed), stays }
    }
}

impl Driver for FirstLane {
    fn choose(&mut self, movable: &[LaneId], _: Option<LaneId>) -> LaneId {
        movable[0]
    }
}

impl Driver for InTurn {
    fn choose(&mut self, movable: &[LaneId], _: Option<LaneId>) -> LaneId {
        let lanes = movable.iter().max().map_or(0, |last| last + 1);
        self.moved.resize(lanes.max(self.moved.len()), 0);
        let least = movable.iter().copied().min_by_key(|&lane| self.moved[lane]);
        let lane = least.unwrap_or(movable[0]);
        self.moved[lane] += 1;
        lane
    }
}

impl Driver for AsTyped {
    fn choose(&mut self, movable: &[LaneId], last: Option<LaneId>) -> LaneId {
        self.0.next().unwrap_or_else(|| FirstLane.choose(movable, last))
    }
}

impl Driver for AsDrawn {
    fn choose(&mut self, movable: &[LaneId], last: Option<LaneId>) -> LaneId {
        match last.filter(|last| movable.contains(last)) {
            Some(last) if self.random.below(8) < self.stays => last,
            _ => movable[self.random.below(movable.len())],
        }
    }
}

/// Lets lanes move until none can.
pub fn finish(machine: &mut Machine, driver: &mut dyn Driver) {
    let mut last = None;
    loop {
        let movable = machine.movable();
        if movable.is_empty() {
            return;
        }
        let lane = driver.choose(&movable, last);
        if machine.step(lane).is_err() {
            return;
        }
        last = Some(lane);
    }
}

/// Numbers that look random and are the same everywhere: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed % bound.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driven(driver: &mut dyn Driver, movable: &[&[LaneId]]) -> Moves {
        let mut last = None;
        let mut moves = Vec::new();
        for movable in movable {
            let lane = driver.choose(movable, last);
            last = Some(lane);
            moves.push(lane);
        }
        moves
    }

    const MOVABLE: [&[LaneId]; 6] = [&[0, 1, 2], &[0, 1, 2], &[1, 2], &[0, 1], &[0, 2], &[1]];

    #[test]
    fn the_first_lane_that_can_move_does() {
        assert_eq!(driven(&mut FirstLane, &MOVABLE), [0, 0, 1, 0, 0, 1]);
    }

    #[test]
    fn in_turn_it_is_the_lane_that_has_moved_least() {
        assert_eq!(driven(&mut InTurn::default(), &MOVABLE), [0, 1, 2, 0, 2, 1]);
    }

    #[test]
    fn behind_what_is_typed_the_first_lane_moves() {
        assert_eq!(driven(&mut AsTyped::new(vec![2, 1]), &MOVABLE), [2, 1, 1, 0, 0, 1]);
    }

    #[test]
    fn what_is_drawn_can_move_and_depends_on_the_seed_alone() {
        let drawn = |seed| driven(&mut AsDrawn::new(seed, 2), &[&[0, 1, 3][..]; 64]);
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert!(drawn(1).iter().all(|lane| [0, 1, 3].contains(lane)));
        let stays = driven(&mut AsDrawn::new(1, 8), &[&[0, 1, 3][..]; 64]);
        assert!(stays.windows(2).all(|pair| pair[0] == pair[1]), "{stays:?}");
    }
}
