//! Every interleaving of a program, without walking each of them.
//!
//! ```text
//! walk      forward, layer by layer: equal states merge, edges remember lane and findings
//! tally     backward over the same layers: exact numbers of orders and exact probabilities
//! witness   backward once more: the simplest order that shows a finding
//! rank      forward along the counts: the k-th order
//! ```
//!
//! Knows only the [`crate::model`]: what is *wrong* is told by a [`Judge`].

pub mod key;
pub mod number;
pub mod rank;
pub mod tally;
pub mod walk;
pub mod witness;

use crate::model::context::Context;
use crate::model::program::Program;
use crate::model::state::State;
use crate::model::step::Reply;

/// A set of findings: one bit for each thing that is judged.
pub type Findings = u16;

/// Tells what is wrong with a step or with the end of a run.
pub trait Judge<C: Context>: Sync {
    /// What is wrong with a reply, at the moment when it is shown.
    fn reply(&self, program: &Program, reply: &Reply<C>) -> Findings;

    /// What is wrong with a run that is over. `stuck` if somebody is unfinished.
    fn end(&self, program: &Program, state: &State<C>, stuck: bool) -> Findings;
}

/// A judge that finds nothing wrong, for walks that only count.
pub struct NoJudge;

impl<C: Context> Judge<C> for NoJudge {
    fn reply(&self, _: &Program, _: &Reply<C>) -> Findings {
        0
    }

    fn end(&self, _: &Program, _: &State<C>, _: bool) -> Findings {
        0
    }
}
