//! Every number once more, by another way: so that a report can be checked by somebody else.
//!
//! Depth first over plain states, remembered in a map, with no layers, no packed keys and no
//! symmetry; chances are added up as fractions, who heard whom forward, essentially different
//! orders by inclusion and exclusion. Shared with [`crate::explore`] are only
//! [`crate::model::step`], which is the meaning of a program, and the judges.
//!
//! ```text
//! graph    the states and moves, children before parents
//! numbers  orders, chances, who heard whom, traces, what cannot be avoided
//! least    the simplest order, and the fewest preemptions
//! ```

pub mod graph;
pub mod least;
pub mod numbers;

use crate::explore::NoJudge;
use crate::explore::graph::Stopped;
use crate::model::context::Messages;
use crate::model::program::{Detail, Program};
use graph::Graph;
use std::collections::BTreeSet;

/// How many different sets of replies complete runs have.
pub fn outcomes(program: &Program, states_max: usize) -> Result<usize, Stopped> {
    let program = program.clone().with_detail(Detail::Nothing);
    let graph = Graph::<Messages>::new(&program, &NoJudge, states_max)?;
    let ends = graph.nodes.iter().filter(|node| node.edges.is_empty());
    let replies: BTreeSet<_> = ends.map(|node| node.replies.clone()).collect();
    Ok(replies.len())
}
