//! What can still happen from a state, and what can still be avoided.
//!
//! One backward pass, a bit for each finding. A state from which a finding cannot be reached is
//! *safe*; one from which it cannot be avoided is *lost*: the step that leads there is the point
//! of no return.

use super::Findings;
use super::graph::{Graph, Layer};
use rayon::prelude::*;

/// Layers up to this many states are done on one thread.
const SEQUENTIAL_MAX: usize = 8192;

/// What can follow a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// The findings that some order from here shows.
    pub reachable: Findings,
    /// The findings that some order from here does not show.
    pub avoidable: Findings,
}

/// How many bytes the fates of a graph take.
pub fn bytes(graph: &Graph) -> usize {
    graph.states() * size_of::<Fate>()
}

/// What can follow each state, layer by layer.
pub fn fates(graph: &Graph) -> Vec<Vec<Fate>> {
    let mut fates: Vec<Vec<Fate>> = vec![Vec::new(); graph.layers.len()];
    for depth in (0..graph.layers.len()).rev() {
        let layer = &graph.layers[depth];
        let next = fates.get(depth + 1).map_or(&[][..], Vec::as_slice);
        let fate = |state| fate(layer, state, next);
        fates[depth] = match layer.len() <= SEQUENTIAL_MAX {
            true => (0..layer.len()).map(fate).collect(),
            false => (0..layer.len()).into_par_iter().map(fate).collect(),
        };
    }
    fates
}

fn fate(layer: &Layer, state: usize, next: &[Fate]) -> Fate {
    let edges = layer.edges(state);
    if edges.len() == 0 {
        // What follows a state that was left unexpanded is open, so it may be avoided.
        let found = layer.end(state).map_or(0, |end| end.findings);
        return Fate { reachable: found, avoidable: !found };
    }
    edges.fold(Fate::default(), |fate, edge| {
        let (found, after) = (layer.wrong(&edge), next[edge.to as usize]);
        Fate {
            reachable: fate.reachable | found | after.reachable,
            avoidable: fate.avoidable | after.avoidable & !found,
        }
    })
}
