//! Who can touch what, read off the program.

use crate::model::code::{Key, PlaceKind};
use crate::model::op::Op;
use crate::model::program::Program;
use crate::model::{LaneId, PlaceId, TurnId, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// Who can touch one instance of a place.
pub(super) struct Touched {
    /// The place.
    pub(super) place: PlaceId,
    /// The instance, as a person would write it.
    pub(super) name: String,
    /// The lanes, each with the turns that it works for there.
    pub(super) by: BTreeSet<(LaneId, TurnId)>,
    /// The users whose requests it is touched for.
    pub(super) users: BTreeSet<UserId>,
}

impl Touched {
    /// The lanes that can touch it.
    pub(super) fn lanes(&self) -> BTreeSet<LaneId> {
        self.by.iter().map(|(lane, _)| *lane).collect()
    }

    /// Whether more than one lane can.
    pub(super) fn by_several(&self) -> bool {
        self.lanes().len() > 1
    }

    /// Whether it keeps something: no lock, no mailbox, no pipe.
    pub(super) fn is_cell(&self, program: &Program) -> bool {
        matches!(program.code.places[self.place].kind, PlaceKind::Cell(_))
    }
}

/// Every instance of a place that some lane can touch; `None` if that depends on what happens in a
/// run.
pub(super) fn touched(program: &Program) -> Option<Vec<Touched>> {
    let mut all: BTreeMap<(PlaceId, usize), Touched> = BTreeMap::new();
    for (lane, turn) in (0..program.lanes.len()).flat_map(|lane| works_for(program, lane)) {
        let lines = &program.routine(lane).lines;
        for place in lines.iter().flat_map(|line| &line.ops).filter_map(Op::place) {
            if program.code.places[place].keys.contains(&Key::Id) {
                return None;
            }
            for instance in program.any_instance(place, &program.asker_in(lane, turn)) {
                let one = all.entry((place, instance)).or_insert_with(|| Touched {
                    place,
                    name: program.instance_name(place, instance),
                    by: BTreeSet::new(),
                    users: BTreeSet::new(),
                });
                one.by.insert((lane, turn));
                one.users.insert(program.cast.user_of(turn));
            }
        }
    }
    Some(all.into_values().collect())
}

/// A lane with every turn that it may work for.
fn works_for(program: &Program, lane: LaneId) -> Vec<(LaneId, TurnId)> {
    let turns = 0..program.cast.turns.len();
    let mine = turns.filter(|&turn| match program.is_daemon(lane) {
        false => program.cast.turns[turn].lane == lane,
        true => program.works_for(lane, program.cast.session_of(turn)),
    });
    mine.map(|turn| (lane, turn)).collect()
}
