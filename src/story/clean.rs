//! Why a clean run is clean, read off the program: who can touch what.

use super::guard::is_guarded;
use super::touched::{Touched, touched};
use crate::anomalies::Anomaly;
use crate::anomalies::words::has_lock;
use crate::model::code::Key;
use crate::model::op::Op;
use crate::model::program::Program;
use crate::model::server::Slots;
use crate::phrase;
use crate::words::Phrase;

/// Cells that are named; more of them are only counted.
const NAMED_MAX: usize = 3;

/// Why nothing goes wrong. Each is true of every order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyClean {
    /// Nobody is shown another lane's answer out of a pipe.
    OwnReplies {
        /// The pipe.
        pipe: String,
    },
    /// Which lanes use which cells, and what users have in common.
    UsedBy {
        /// What no two users share; none if there is only one user.
        apart: Option<Apart>,
        /// The cells that are named, each with its lanes.
        cells: Vec<(String, Vec<String>)>,
        /// How many more there are.
        more: usize,
    },
    /// One request after the other is worked on.
    OneByOne,
    /// A lock lets one turn after the other at each cell that several lanes use.
    Locked,
    /// What is stored was loaded before, and nobody wrote it since.
    Swapped,
    /// Nothing is ever stored over a message.
    Appended,
    /// There is a lock, and nothing else that two lanes use.
    LockIdle,
}

/// What no two users share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// Any place.
    Places,
    /// Any cell; a lock or a mailbox they do.
    Cells,
}

impl WhyClean {
    /// In one sentence.
    pub fn phrase(&self) -> Phrase {
        match self {
            WhyClean::OwnReplies { pipe } => phrase!("clean-pipe", pipe = pipe),
            WhyClean::UsedBy { apart, cells, more } => {
                let cells = used_by(cells, *more);
                match apart {
                    Some(Apart::Places) => phrase!("clean-no-two-users", cells = cells),
                    Some(Apart::Cells) => phrase!("clean-no-two-users-keep", cells = cells),
                    None => phrase!("clean-cells", cells = cells),
                }
            }
            WhyClean::OneByOne => phrase!("clean-one-by-one"),
            WhyClean::Locked => phrase!("clean-locked"),
            WhyClean::Swapped => phrase!("clean-swap"),
            WhyClean::Appended => phrase!("clean-append"),
            WhyClean::LockIdle => phrase!("clean-lock-idle"),
        }
    }
}

fn used_by(cells: &[(String, Vec<String>)], more: usize) -> Phrase {
    let named = cells.iter().map(|(place, lanes)| {
        let lanes = lanes.iter().map(|lane| Phrase::from(lane.as_str()));
        phrase!("clean-used-by", place = place, lanes = Phrase::joined("list-and", lanes))
    });
    let more = (more > 0).then(|| phrase!("clean-and-more", more = more));
    Phrase::list(named.chain(more))
}

/// Why nothing of what was judged goes wrong, in a few facts; none if that is not read off so easily.
pub fn why(program: &Program, judged: &[&Anomaly]) -> Vec<WhyClean> {
    if let Some(&pipe) = program.pipes().first() {
        let is_judged = judged.iter().any(|anomaly| anomaly.id == "wrong-recipient");
        let pipe = program.code.places[pipe].name.clone();
        return is_judged.then_some(WhyClean::OwnReplies { pipe }).into_iter().collect();
    }
    let places = touched(program).unwrap_or_default();
    let cells: Vec<&Touched> = places.iter().filter(|it| it.is_cell(program)).collect();
    if cells.is_empty() || cells.iter().any(|cell| cell.users.len() > 1) {
        return Vec::new();
    }
    let apart = (program.cast.users.len() > 1).then(|| {
        match places.iter().all(|place| place.users.len() < 2) {
            true => Apart::Places,
            false => Apart::Cells,
        }
    });
    let lanes_of = |cell: &Touched| {
        let lanes = cell.lanes().into_iter();
        lanes.map(|lane| program.lanes[lane].name.clone()).collect()
    };
    let opening = WhyClean::UsedBy {
        apart,
        cells: cells.iter().take(NAMED_MAX).map(|it| (it.name.clone(), lanes_of(it))).collect(),
        more: cells.len().saturating_sub(NAMED_MAX),
    };
    let shared: Vec<&Touched> = cells.into_iter().filter(|cell| cell.by_several()).collect();
    let order = match shared.is_empty() {
        false => kept_in_order(program, &shared),
        true => (apart.is_some() && is_lock_idle(program, &places)).then_some(WhyClean::LockIdle),
    };
    [Some(opening), order].into_iter().flatten().collect()
}

/// Whether there is a lock, and nothing else that two lanes use.
fn is_lock_idle(program: &Program, places: &[Touched]) -> bool {
    let is_lock = |it: &&Touched| program.locks().contains(&it.place);
    has_lock(program) && places.iter().filter(|it| it.by_several()).all(|it| is_lock(&it))
}

/// Why lanes that use some cells lose nothing of each other, if that is read off.
fn kept_in_order(program: &Program, cells: &[&Touched]) -> Option<WhyClean> {
    if works_one_by_one(program) {
        return Some(WhyClean::OneByOne);
    }
    if cells.iter().all(|cell| is_guarded(program, cell)) {
        return Some(WhyClean::Locked);
    }
    let is_in_one = |op: &Op| cells.iter().any(|cell| op.place() == Some(cell.place));
    let writes: Vec<Op> = program.code.ops().filter(|op| op.is_write() && is_in_one(op)).collect();
    match writes.as_slice() {
        [] => None,
        all if all.iter().all(|op| matches!(op, Op::Swap { .. })) => Some(WhyClean::Swapped),
        all if all.iter().all(|op| matches!(op, Op::Append(..))) => Some(WhyClean::Appended),
        _ => None,
    }
}

/// Whether no two requests are worked on at once, and no worker lags behind its request.
fn works_one_by_one(program: &Program) -> bool {
    let setting = program.setting;
    let counts_all = setting.slots == Slots::Shared || !program.code.has_chains();
    let is_limited = setting.limit == Some(1) && counts_all && program.code.daemons.is_empty();
    is_limited || setting.grain.is_serial()
}

/// Whether no place is there for more than one lane, as far as that can be read off.
pub fn shares_nothing(program: &Program) -> bool {
    let by_key = program.code.places.iter().any(|place| place.keys.contains(&Key::Id));
    let places = touched(program).unwrap_or_default();
    !by_key && places.iter().all(|place| !place.by_several())
}
