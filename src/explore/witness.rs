//! The simplest order that shows a finding: the same one everywhere.
//!
//! Simplest means fewest client lanes, then fewest preemptions, then fewest switches, then fewest
//! steps, then the order of the lanes. All of these add up along the moves, so one backward pass
//! over the graph gives the least cost from every state and last mover, and following it from the
//! start, taking the first lane among equals, gives the order itself.
//!
//! A *switch* is a move of another lane than the last one. A *preemption* is a switch away from a
//! lane that is inside a turn and could have moved on.

use super::Findings;
use super::walk::{Edge, Graph};
use crate::model::LaneId;

/// What an order costs, from the most to the least important.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// Client lanes that move.
    pub lanes: u64,
    /// Switches away from a lane that could have moved on.
    pub preemptions: u64,
    /// All switches.
    pub switches: u64,
    /// All steps.
    pub steps: u64,
}

/// What to make least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Least {
    /// Lanes, then preemptions, then switches, then steps: the simplest order.
    Lanes,
    /// Preemptions before everything: what the finding needs at least.
    Preemptions,
}

/// An order that shows a finding, and what it costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The moves, up to the one that shows the finding.
    pub moves: Vec<LaneId>,
    /// What they cost.
    pub cost: Cost,
}

const NEVER: u64 = u64::MAX;
const BITS: [u32; 4] = [6, 18, 20, 20];
const NOBODY: u8 = u8::MAX;

/// The simplest order that shows the finding, or `None` if none does.
pub fn witness(graph: &Graph, finding: Findings, least: Least) -> Option<Witness> {
    let depths = graph.layers.len();
    // For each layer, state and last mover, which lane to move next.
    let mut choices: Vec<Vec<u8>> = vec![Vec::new(); depths];
    let mut costs: Vec<u64> = Vec::new();
    for depth in (0..depths).rev() {
        let came = match depth {
            0 => Came::nowhere(graph),
            _ => Came::from(graph, depth),
        };
        let (next, chosen) = best_moves(graph, depth, finding, least, &came, &costs);
        costs = next;
        choices[depth] = chosen;
    }
    let total = *costs.first()?;
    (total != NEVER)
        .then(|| Witness { moves: follow(graph, finding, &choices), cost: unpack(total, least) })
}

/// For each state of a layer and each lane, whether that lane may have moved last, and whether it
/// is then inside a turn.
struct Came {
    lanes: usize,
    last: Vec<Option<bool>>,
}

impl Came {
    fn from(graph: &Graph, depth: usize) -> Came {
        let lanes = graph.lanes;
        let mut last = vec![None; graph.layers[depth].len() * lanes];
        for edge in graph.layers[depth - 1].all_edges() {
            last[edge.to as usize * lanes + usize::from(edge.lane)] = Some(edge.inside);
        }
        Came { lanes, last }
    }

    /// Before the first move nobody has moved; told as lane 0, outside of any turn.
    fn nowhere(graph: &Graph) -> Came {
        let mut last = vec![None; graph.lanes];
        last[0] = Some(false);
        Came { lanes: graph.lanes, last }
    }
}

fn best_moves(
    graph: &Graph,
    depth: usize,
    finding: Findings,
    least: Least,
    came: &Came,
    next: &[u64],
) -> (Vec<u64>, Vec<u8>) {
    let layer = &graph.layers[depth];
    let lanes = came.lanes;
    let mut costs = vec![NEVER; layer.len() * lanes];
    let mut chosen = vec![NOBODY; layer.len() * lanes];
    for state in 0..layer.len() {
        let edges = layer.edges(state);
        let ends_with = layer.end(state).is_some_and(|end| end.findings & finding != 0);
        for last in 0..lanes {
            let at = state * lanes + last;
            let Some(inside) = came.last[at] else { continue };
            if ends_with {
                costs[at] = 0;
            }
            let could_move = edges.iter().any(|edge| usize::from(edge.lane) == last);
            for edge in edges {
                let after = match edge.findings & finding != 0 {
                    true => 0,
                    false => next[edge.to as usize * lanes + usize::from(edge.lane)],
                };
                let switches = depth > 0 && usize::from(edge.lane) != last;
                let preempts = switches && inside && could_move;
                let cost = after.saturating_add(pack(price(edge, switches, preempts), least));
                if after != NEVER && cost < costs[at] {
                    costs[at] = cost;
                    chosen[at] = edge.lane;
                }
            }
        }
    }
    (costs, chosen)
}

fn price(edge: &Edge, switches: bool, preempts: bool) -> Cost {
    Cost {
        lanes: u64::from(edge.first),
        preemptions: u64::from(preempts),
        switches: u64::from(switches),
        steps: 1,
    }
}

fn follow(graph: &Graph, finding: Findings, choices: &[Vec<u8>]) -> Vec<LaneId> {
    let mut moves = Vec::new();
    let (mut state, mut last) = (0, 0);
    for (layer, chosen) in graph.layers.iter().zip(choices) {
        let lane = chosen[state * graph.lanes + last];
        let Some(edge) = layer.edges(state).iter().find(|edge| edge.lane == lane) else {
            break;
        };
        moves.push(usize::from(lane));
        if edge.findings & finding != 0 {
            break;
        }
        (state, last) = (edge.to as usize, usize::from(lane));
    }
    moves
}

fn ranked(cost: Cost, least: Least) -> [u64; 4] {
    match least {
        Least::Lanes => [cost.lanes, cost.preemptions, cost.switches, cost.steps],
        Least::Preemptions => [cost.preemptions, cost.lanes, cost.switches, cost.steps],
    }
}

fn widths(least: Least) -> [u32; 4] {
    match least {
        Least::Lanes => BITS,
        Least::Preemptions => [BITS[1], BITS[0], BITS[2], BITS[3]],
    }
}

/// One number that is ordered as the ranked costs are. No part can overflow into the next: a run
/// has at most 16 client lanes, and far fewer than 2^18 steps.
fn pack(cost: Cost, least: Least) -> u64 {
    let parts = ranked(cost, least).into_iter().zip(widths(least));
    parts.fold(0, |packed, (part, width)| packed << width | part)
}

fn unpack(packed: u64, least: Least) -> Cost {
    let mut rest = packed;
    let mut parts = [0; 4];
    for (part, width) in parts.iter_mut().zip(widths(least)).rev() {
        *part = rest & ((1 << width) - 1);
        rest >>= width;
    }
    let [first, second, switches, steps] = parts;
    let (lanes, preemptions) = match least {
        Least::Lanes => (first, second),
        Least::Preemptions => (second, first),
    };
    Cost { lanes, preemptions, switches, steps }
}
