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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::space::{Mark, Move};

    const SHOWN: Findings = 1;

    /// A state with these moves: what each shows, and the state that it leads to.
    fn push(layer: &mut Layer, moves: &[(Findings, u32)]) {
        layer.push_state(moves.len());
        for (lane, &(findings, to)) in moves.iter().enumerate() {
            let mark = (findings != 0).then_some(Mark { findings, ..Mark::default() });
            let lane = lane as u8;
            let step = Move { to: (), lane, inside: true, first: true, mark, touched: 0 };
            let position = layer.moves();
            layer.push_move(&step, lane);
            layer.lead(position, to);
        }
    }

    /// The first step may show the finding at once, or lead to where every step shows it, or to
    /// where one does and one does not.
    #[test]
    fn a_move_that_shows_a_finding_cannot_be_taken_back() {
        let [mut first, mut second, mut last] = [(); 3].map(|()| Layer::filling());
        push(&mut first, &[(SHOWN, 2), (0, 0), (0, 1)]);
        push(&mut second, &[(SHOWN, 0)]);
        push(&mut second, &[(SHOWN, 0), (0, 0)]);
        push(&mut second, &[(0, 0)]);
        push(&mut last, &[]);
        let fates = fates(&Graph { layers: vec![first, second, last], stopped: None });
        let told = |fate: &Fate| (fate.reachable & SHOWN != 0, fate.avoidable & SHOWN != 0);
        let told: Vec<Vec<_>> =
            fates.iter().map(|fates| fates.iter().map(told).collect()).collect();
        let (lost, open, safe) = ((true, false), (true, true), (false, true));
        assert_eq!(told, [vec![open], vec![lost, open, safe], vec![safe]]);
    }

    /// Nothing is known of what follows a state that a limit left: it may show everything or nothing,
    /// but nothing was seen.
    #[test]
    fn what_was_not_looked_at_can_still_be_avoided() {
        let mut first = Layer::filling();
        push(&mut first, &[(0, 0)]);
        let layers = vec![first, Layer::unexpanded(1)];
        let fate = fates(&Graph { layers, stopped: None })[0][0];
        assert_eq!((fate.reachable & SHOWN, fate.avoidable & SHOWN), (0, SHOWN));
    }
}
