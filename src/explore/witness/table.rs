//! Every shortest path to a finding, in one pass backward over the graph and a byte for each move.
//!
//! What the rest of a path costs depends on the state and on who moved last, and on the latter only
//! in one way: moving on with the same lane is no switch. So of a state it is enough to know which
//! moves are the cheapest ones if whoever moves next is no matter, and, for each move, whether its
//! lane, having moved last, had better go on or give way to those:
//!
//! ```text
//! rest(move)        price of the move alone + rest(state that it leads to, its lane as last)
//! rest(state, last) = min( rest(move of last),  min of all rest(move) + price of a switch )
//! ```

use super::{Cost, Least, WitnessNode, pack};
use crate::explore::Findings;
use crate::explore::graph::{Edge, Graph, Layer};
use rayon::prelude::*;
use std::cmp::Ordering;

/// No path leads to the finding.
const NEVER: u64 = u64::MAX;

/// With a move: no move of the state is cheaper.
const CHEAPEST: u8 = 1;
/// With a move whose lane moved last, outside and inside of a turn: how moving on compares with a
/// switch to the cheapest move. Two bits each.
const OUTSIDE: u32 = 1;
const INSIDE: u32 = 3;

/// The shortest paths from every state.
pub(super) struct Table {
    total: u64,
    /// For each move of each layer.
    flags: Vec<Vec<u8>>,
}

/// How many bytes a table takes, with the numbers of the two layers that are being looked at.
pub(super) fn bytes(graph: &Graph) -> usize {
    let most = graph.layers.iter().map(Layer::moves).max().unwrap_or(0);
    graph.moves() + 2 * size_of::<u64>() * most
}

impl Table {
    /// The paths to a finding; `None` if there is none.
    pub(super) fn new(graph: &Graph, finding: Findings, least: Least) -> Option<Table> {
        let mut flags = vec![Vec::new(); graph.layers.len()];
        let (mut rests, mut next) = (Vec::new(), Vec::new());
        for depth in (0..graph.layers.len()).rev() {
            std::mem::swap(&mut rests, &mut next);
            let pass = WitnessPass { graph, depth, finding, least, next: &next };
            let positions = (0..graph.layers[depth].moves()).into_par_iter();
            positions.map(|at| pass.rest(at)).collect_into_vec(&mut rests);
            flags[depth] = pass.flags(&rests);
        }
        let ends = ends(&graph.layers[0], 0, finding);
        let total = if ends { Some(0) } else { rests.iter().copied().min() };
        let total = total.filter(|&total| total != NEVER)?;
        Some(Table { total, flags })
    }

    /// What a shortest path from the start costs.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Whether a move out of a node that is on a shortest path stays on one.
    pub(super) fn stays(&self, graph: &Graph, node: WitnessNode, edge: &Edge) -> bool {
        let flags = &self.flags[node.depth as usize];
        let cheapest = |edge: &Edge| flags[edge.position as usize] & CHEAPEST != 0;
        let mut edges = graph.layers[node.depth as usize].edges(node.state as usize);
        // The first move of all is no switch.
        let own = edges.find(|edge| node.depth > 0 && edge.lane == node.last);
        let Some(own) = own else { return cheapest(edge) };
        if cheapest(&own) {
            return edge.lane == own.lane;
        }
        let at = if node.inside { INSIDE } else { OUTSIDE };
        match flags[own.position as usize] >> at & 3 {
            0 => edge.lane == own.lane,
            1 => edge.lane == own.lane || cheapest(edge),
            _ => cheapest(edge),
        }
    }
}

/// The pass, at one layer.
struct WitnessPass<'a> {
    graph: &'a Graph,
    depth: usize,
    finding: Findings,
    least: Least,
    /// For each move of the next layer, what the rest of a path costs from it on.
    next: &'a [u64],
}

impl WitnessPass<'_> {
    /// The flags of each move, given what the rest of a path costs from it on.
    fn flags(&self, rests: &[u64]) -> Vec<u8> {
        let layer = &self.graph.layers[self.depth];
        let mut flags = Vec::with_capacity(rests.len());
        for state in 0..layer.len() {
            let rests = &rests[flags.len()..][..layer.edges(state).len()];
            let cheapest = rests.iter().copied().min().unwrap_or(NEVER);
            let switched = |inside| cheapest.saturating_add(self.switch(inside));
            flags.extend(rests.iter().map(|&rest| {
                let compared = |inside| match rest.cmp(&switched(inside)) {
                    Ordering::Less => 0,
                    Ordering::Equal => 1,
                    Ordering::Greater => 2,
                };
                u8::from(rest == cheapest) | compared(false) << OUTSIDE | compared(true) << INSIDE
            }));
        }
        flags
    }

    /// What a path costs from a move on, the move with it, if it is no switch.
    fn rest(&self, position: usize) -> u64 {
        let layer = &self.graph.layers[self.depth];
        let edge = layer.edge(position);
        let alone = Cost { lanes: u64::from(edge.first), steps: 1, ..Cost::default() };
        let after = match layer.wrong(&edge) & self.finding != 0 {
            true => 0,
            false => self.after(&edge),
        };
        after.saturating_add(pack(alone, self.least))
    }

    /// What a path costs behind a move.
    fn after(&self, edge: &Edge) -> u64 {
        let state = edge.to as usize;
        let Some(layer) = self.graph.layers.get(self.depth + 1) else { return NEVER };
        if ends(layer, state, self.finding) {
            return 0;
        }
        let rest = |next: &Edge| self.next[next.position as usize];
        let cheapest = layer.edges(state).map(|next| rest(&next)).min().unwrap_or(NEVER);
        let own = layer.edges(state).find(|next| next.lane == edge.now);
        let could_move = own.is_some();
        let switched = cheapest.saturating_add(self.switch(edge.inside && could_move));
        own.map_or(switched, |own| rest(&own).min(switched))
    }

    /// What a switch costs, away from a lane that could move on inside a turn or not.
    fn switch(&self, preempts: bool) -> u64 {
        let cost = Cost { preemptions: u64::from(preempts), switches: 1, ..Cost::default() };
        pack(cost, self.least)
    }
}

fn ends(layer: &Layer, state: usize, finding: Findings) -> bool {
    layer.end(state).is_some_and(|end| end.findings & finding != 0)
}
