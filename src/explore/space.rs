//! What a walk walks: keys that stand for states, and the moves between them.
//!
//! The walk knows nothing else, so one walk serves plain keys ([`super::plain`]), which are
//! obviously exact, and packed ones ([`super::packed`]), which are fast.

use super::{Findings, Judge};
use crate::model::TurnId;
use crate::model::context::Context;
use crate::model::program::Program;
use crate::model::state::State;
use crate::model::step::step;
use crate::model::touch::{Touch, dependent};
use rustc_hash::FxHashMap;

/// The most lanes of a program, daemons included.
pub const LANES_MAX: usize = crate::model::program::LANES_MAX;

/// A set of users: one bit each.
pub type Users = u16;

/// States as keys.
pub trait Space: Sync {
    /// A state. Equal keys are states that nothing can tell apart from here on.
    type Key: Clone + Ord + Send + Sync;
    /// What one thread remembers from state to state, to be faster; it never changes a result.
    type Memo: Default + Send;

    /// The state before the first step.
    fn first(&self) -> Self::Key;

    /// How many bytes a key takes besides its own place: those that it points to.
    fn bytes(&self, key: &Self::Key) -> usize;

    /// How many bytes a thread's memory of steps takes. It may be emptied between two states.
    fn memo_bytes(&self, memo: &Self::Memo) -> usize;

    /// Every move out of a state, by lane, or how a run ends in it.
    fn moves(&self, memo: &mut Self::Memo, key: &Self::Key, moves: &mut Moves<Self::Key>);

    /// Puts into `independent`, for each of these moves, the lanes whose moves here are independent
    /// of it, one bit each.
    fn independent(&self, memo: &Self::Memo, moves: &Moves<Self::Key>, independent: &mut Vec<u64>);

    /// The state that stands for all that are this one with other names, and where each lane
    /// went. A space without symmetry returns the key as it is.
    fn canonical(&self, key: Self::Key, places: &mut Places) -> Self::Key;

    /// The complete run's set of replies, as a key of its own, where the states hold replies.
    fn outcome(&self, key: &Self::Key) -> Option<Box<[u8]>>;
}

/// Where each lane went when lanes changed places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places(pub [u8; LANES_MAX]);

impl Places {
    /// Everybody stays.
    pub fn same() -> Places {
        Places(std::array::from_fn(|lane| lane as u8))
    }

    /// A set of lanes, one bit each, after the change.
    pub fn set(&self, lanes: u64) -> u64 {
        let mut rest = lanes;
        let mut moved = 0;
        while rest != 0 {
            moved |= 1 << self.0[rest.trailing_zeros() as usize];
            rest &= rest - 1;
        }
        moved
    }
}

/// What is to be said of a move that shows a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// What is wrong with it.
    pub findings: Findings,
    /// The turn that got the reply.
    pub turn: u8,
    /// The other users whose questions the reply is based on.
    pub heard: Users,
}

/// One move out of a state.
#[derive(Clone, Debug)]
pub struct Move<K> {
    /// The state that it leads to.
    pub to: K,
    /// The lane that moves.
    pub lane: u8,
    /// Whether the lane is inside a turn afterwards.
    pub inside: bool,
    /// Whether it is a client lane's first move.
    pub first: bool,
    /// What is to be said of it, if anything is.
    pub mark: Option<Mark>,
    /// What it touches: a number of [`Touches`].
    pub touched: u32,
}

/// Every move out of one state.
#[derive(Clone, Debug)]
pub struct Moves<K> {
    /// By lane.
    pub moves: Vec<Move<K>>,
    /// How a run ends here, if there is no move.
    pub end: Option<Over>,
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over {
    /// What is wrong with it.
    pub findings: Findings,
    /// Whether somebody is unfinished.
    pub stuck: bool,
    /// Whether a daemon still had work when the last client was through.
    pub busy: bool,
}

impl Over {
    /// How a run ends in this state, in which no client can move.
    pub fn new<C: Context>(program: &Program, judge: &dyn Judge<C>, state: &State<C>) -> Over {
        let stuck = !state.is_complete(program);
        let mut daemons = program.clients()..program.lanes.len();
        Over {
            findings: judge.end(program, state, stuck),
            stuck,
            busy: daemons.any(|lane| step(program, state, lane).is_ok()),
        }
    }
}

impl<K> Default for Moves<K> {
    fn default() -> Self {
        Moves { moves: Vec::new(), end: None }
    }
}

/// The different things that steps touch, numbered as they are met by one thread.
#[derive(Clone, Debug, Default)]
pub struct Touches {
    numbers: FxHashMap<Vec<Touch>, u32>,
    sets: Vec<Vec<Touch>>,
    /// For each set, whether it is independent of each that was met before it.
    independent: Vec<Vec<bool>>,
}

impl Touches {
    /// The number of a set.
    pub fn number(&mut self, touched: &[Touch]) -> u32 {
        if let Some(number) = self.numbers.get(touched) {
            return *number;
        }
        let number = self.sets.len() as u32;
        self.numbers.insert(touched.to_vec(), number);
        self.sets.push(touched.to_vec());
        let earlier = self.sets.iter();
        self.independent.push(earlier.map(|set| !dependent(touched, set)).collect());
        number
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        let sets = self.sets.iter().map(|set| 2 * size_of_val(&set[..]) + 4 * size_of::<Vec<u8>>());
        sets.sum::<usize>() + self.independent.iter().map(Vec::len).sum::<usize>()
    }

    /// See [`Space::independent`].
    pub fn independent<K>(&self, moves: &[Move<K>], independent: &mut Vec<u64>) {
        let are = |one: &Move<K>, other: &Move<K>| {
            let (low, high) = (one.touched.min(other.touched), one.touched.max(other.touched));
            one.lane != other.lane && self.independent[high as usize][low as usize]
        };
        independent.clear();
        independent.extend(moves.iter().map(|one| {
            let others = moves.iter().filter(|other| are(one, other));
            others.fold(0, |lanes, other| lanes | 1 << other.lane)
        }));
    }
}

/// What is said of a reply: nothing if nothing is wrong with it and nobody else is in it.
pub fn mark(findings: Findings, turn: TurnId, heard: Users) -> Option<Mark> {
    (findings != 0 || heard != 0).then_some(Mark { findings, turn: turn as u8, heard })
}
