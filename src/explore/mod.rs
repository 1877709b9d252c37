//! Every interleaving of a program, without walking each of them.
//!
//! ```text
//! space     what a walk walks: keys and moves    plain: obviously exact   packed: fast
//! apart     a second walk, for what sets cannot tell: which messages stand together
//! walk      forward, layer by layer: equal states merge into a graph; traces counts beside it
//! tally     backward over the same layers: exact numbers of orders and exact probabilities
//! fate      backward once more: what can still happen, and what can still be avoided
//! witness   the simplest order that shows a finding
//! rank      the k-th order, and orders drawn uniformly
//! sample    orders drawn at random, when there are too many states for all that
//! ```
//!
//! Knows only the [`crate::model`]: what is *wrong* is told by a [`Judge`]. `docs/dev/ENGINE.md` is
//! the lesson.

pub mod apart;
pub mod engine;
pub mod estimate;
pub mod fate;
pub mod graph;
pub mod key;
pub mod number;
pub mod packed;
pub mod plain;
pub mod rank;
pub mod sample;
pub mod space;
pub mod tally;
pub mod traces;
pub mod trail;
pub mod walk;
pub mod witness;

use crate::model::context::{Context, Mask};
use crate::model::pairs::Pairs;
use crate::model::program::Program;
use crate::model::state::State;
use crate::model::step::Reply;
use space::Users;

/// A set of findings: one bit for each thing that is judged.
pub type Findings = u16;

/// Tells what is wrong with a step or with the end of a run.
pub trait Judge<C: Context>: Sync {
    /// What is wrong with a reply, at the moment when it is shown.
    fn reply(&self, program: &Program, reply: &Reply<C>) -> Findings;

    /// What is wrong with a run that is over. `stuck` if somebody is unfinished.
    fn end(&self, program: &Program, state: &State<C>, stuck: bool) -> Findings;

    /// The other users whose questions a reply is based on, as far as contexts tell.
    fn heard(&self, _: &Program, _: &Reply<C>) -> Users {
        0
    }

    /// Whether [`Judge::end`] looks at what cells hold; if not, they may be forgotten once
    /// nobody can read them any more.
    fn reads_cells_at_end(&self) -> bool {
        true
    }

    /// Whether it is known beforehand to find nothing in any order of this program, so that no
    /// walk is needed.
    fn is_idle(&self, _: &Program) -> bool {
        false
    }
}

/// Tells what is wrong, whichever contexts the engine walks with.
pub trait Judging: Judge<Mask> + Judge<Pairs> {}

impl<J: Judge<Mask> + Judge<Pairs>> Judging for J {}

/// A judge that finds nothing wrong, for walks that only count.
pub struct NoJudge;

impl<C: Context> Judge<C> for NoJudge {
    fn reply(&self, _: &Program, _: &Reply<C>) -> Findings {
        0
    }

    fn end(&self, _: &Program, _: &State<C>, _: bool) -> Findings {
        0
    }

    fn reads_cells_at_end(&self) -> bool {
        false
    }

    fn is_idle(&self, _: &Program) -> bool {
        true
    }
}
