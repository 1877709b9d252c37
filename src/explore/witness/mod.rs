//! The simplest order that shows a finding: the same one everywhere.
//!
//! Simplest means fewest client lanes, then fewest preemptions, then fewest switches, then fewest
//! steps, then the order of the lanes. All but the last add up along the moves, so the least cost
//! is a shortest path over pairs (state, last mover), found by Dijkstra's algorithm from the
//! start: simple orders come first, so only a small part of the graph is looked at. Where that part
//! is large all the same, a pass over the whole graph finds the same paths in less memory
//! (`table`). The moves are then told by following, from the start, the first lane that stays on a
//! shortest path.
//!
//! A *switch* is a move of another lane than the last one. A *preemption* is a switch away from a
//! lane that is inside a turn and could have moved on.

mod table;
#[cfg(test)]
mod tests;

use super::Findings;
use super::fate::Fate;
use super::graph::{Edge, Graph};
use super::space::Space;
use super::trail::Trail;
use crate::model::LaneId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use table::Table;

/// What an order costs, from the most to the least important.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
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
    /// After this many of the moves every order shows the finding; it is lost from there.
    pub lost_from: usize,
}

const BITS: [u32; 4] = [6, 18, 20, 20];

/// Pairs that are searched at most; a pass over the whole graph is faster than more of them.
const NODES_MAX: usize = 2_000_000;
/// What a pair takes while it is searched: its places in two tables, three lists and a queue.
const NODE_BYTES: usize = 200;
/// The search may take one part in so many of all memory.
const SEARCH_PART: usize = 8;

/// How many bytes it takes to find the simplest orders of a graph in any case.
pub fn bytes_min(graph: &Graph) -> usize {
    table::bytes(graph)
}

/// A graph with what can follow each of its states.
pub struct Search<'g, S> {
    /// What its states are.
    pub space: &'g S,
    /// The graph.
    pub graph: &'g Graph,
    /// What can follow each state.
    pub fates: &'g [Vec<Fate>],
    /// How many bytes the walk may take.
    pub bytes_max: usize,
}

/// A state of the graph, and the place of the lane that moved last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct WitnessNode {
    depth: u32,
    state: u32,
    last: u8,
    /// Whether that lane is inside a turn.
    inside: bool,
}

/// Before the first move nobody has moved; told as lane 0, outside of any turn.
const START: WitnessNode = WitnessNode { depth: 0, state: 0, last: 0, inside: false };

/// The shortest paths to a finding.
enum Paths {
    /// The nodes on them, with their distance from the start.
    Near { total: u64, nearest: FxHashMap<WitnessNode, u64> },
    /// All of them, those from other nodes too.
    All(Table),
}

/// The search was given up, because it would have taken too much memory.
struct TooMany;

impl<S: Space> Search<'_, S> {
    /// The simplest order that shows the finding, or `None` if none does.
    pub fn witness(&self, finding: Findings) -> Option<Witness> {
        let paths = self.paths(finding, Least::Lanes)?;
        let (moves, lost_from) = self.follow(finding, &paths);
        Some(Witness { moves, cost: unpack(paths.total(), Least::Lanes), lost_from })
    }

    /// The fewest preemptions of an order that shows the finding.
    pub fn preemptions(&self, finding: Findings) -> Option<u64> {
        let paths = self.paths(finding, Least::Preemptions)?;
        Some(unpack(paths.total(), Least::Preemptions).preemptions)
    }

    fn paths(&self, finding: Findings, least: Least) -> Option<Paths> {
        match self.search(finding, least) {
            Ok(found) => found,
            Err(TooMany) => Table::new(self.graph, finding, least).map(Paths::All),
        }
    }

    fn search(&self, finding: Findings, least: Least) -> Result<Option<Paths>, TooMany> {
        let nodes_max = NODES_MAX.min(self.bytes_max / SEARCH_PART / NODE_BYTES);
        let mut distances: FxHashMap<WitnessNode, u64> = FxHashMap::default();
        let mut queue = BinaryHeap::from([Reverse((0, START))]);
        let mut total = None;
        distances.insert(START, 0);
        while let Some(Reverse((distance, node))) = queue.pop() {
            if total.is_some_and(|total| distance > total) {
                break;
            }
            if distances.get(&node).is_some_and(|&nearer| nearer < distance) {
                continue;
            }
            if self.ends_with(node, finding) {
                total = Some(total.map_or(distance, |total: u64| total.min(distance)));
            }
            for (edge, price) in self.moves(node, least) {
                let distance = distance + price;
                if self.wrong(node, &edge) & finding != 0 {
                    total = Some(total.map_or(distance, |total| total.min(distance)));
                    continue;
                }
                let to = after(node, &edge);
                let fate = self.fates[to.depth as usize][to.state as usize];
                let known = distances.get(&to).is_some_and(|&known| known <= distance);
                if fate.reachable & finding != 0 && !known {
                    distances.insert(to, distance);
                    queue.push(Reverse((distance, to)));
                }
            }
            if distances.len().max(queue.len()) > nodes_max {
                return Err(TooMany);
            }
        }
        Ok(total.map(|total| Paths::Near {
            total,
            nearest: self.shortest(finding, least, total, distances),
        }))
    }

    /// Only the nodes that lie on a shortest path to a finding.
    fn shortest(
        &self,
        finding: Findings,
        least: Least,
        total: u64,
        distances: FxHashMap<WitnessNode, u64>,
    ) -> FxHashMap<WitnessNode, u64> {
        let mut near: Vec<(WitnessNode, u64)> =
            distances.iter().map(|(&node, &distance)| (node, distance)).collect();
        near.retain(|(_, distance)| *distance <= total);
        near.sort_unstable_by_key(|(node, _)| Reverse(*node));
        // Deepest first, so that what follows a node is known before it is asked about.
        let mut leads: FxHashSet<WitnessNode> = FxHashSet::default();
        for &(node, distance) in &near {
            let ends = distance == total && self.ends_with(node, finding);
            let goes_on = self.moves(node, least).any(|(edge, price)| {
                match self.wrong(node, &edge) & finding != 0 {
                    true => distance + price == total,
                    false => {
                        let to = after(node, &edge);
                        leads.contains(&to) && distances.get(&to) == Some(&(distance + price))
                    }
                }
            });
            if ends || goes_on {
                leads.insert(node);
            }
        }
        near.into_iter().filter(|(node, _)| leads.contains(node)).collect()
    }

    fn follow(&self, finding: Findings, paths: &Paths) -> (Vec<LaneId>, usize) {
        let mut trail = Trail::new(self.space, self.graph);
        let mut node = START;
        let mut moves = Vec::new();
        let lost = |node: WitnessNode| {
            self.fates[node.depth as usize][node.state as usize].avoidable & finding == 0
        };
        let mut lost_from = lost(node).then_some(0);
        while !self.ends_with(node, finding) {
            let prices: Vec<(Edge, u64)> = self.moves(node, Least::Lanes).collect();
            let real = trail.moves();
            let stays = real.iter().find_map(|step| {
                let (edge, price) = prices.iter().find(|(edge, _)| *edge == step.edge)?;
                let wrong = self.wrong(node, edge) & finding != 0;
                let stays = match paths {
                    Paths::All(table) => table.stays(self.graph, node, edge),
                    Paths::Near { total, nearest } => {
                        let there = nearest.get(&node).copied().unwrap_or(0) + price;
                        match wrong {
                            true => there == *total,
                            false => nearest.get(&after(node, edge)) == Some(&there),
                        }
                    }
                };
                stays.then_some((step, wrong))
            });
            let Some((step, wrong)) = stays else { break };
            moves.push(step.lane);
            if wrong {
                break;
            }
            node = after(node, &step.edge);
            trail.follow(step);
            if lost_from.is_none() && lost(node) {
                lost_from = Some(moves.len());
            }
        }
        let lost_from = lost_from.unwrap_or(moves.len());
        (moves, lost_from)
    }

    fn ends_with(&self, node: WitnessNode, finding: Findings) -> bool {
        let end = self.graph.layers[node.depth as usize].end(node.state as usize);
        end.is_some_and(|end| end.findings & finding != 0)
    }

    fn wrong(&self, node: WitnessNode, edge: &Edge) -> Findings {
        self.graph.layers[node.depth as usize].wrong(edge)
    }

    /// The moves out of a node, with what each costs.
    fn moves(&self, node: WitnessNode, least: Least) -> impl Iterator<Item = (Edge, u64)> {
        let edges = self.graph.layers[node.depth as usize].edges(node.state as usize);
        let could_move = edges.clone().any(|edge| edge.lane == node.last);
        edges.map(move |edge| {
            let switches = node.depth > 0 && edge.lane != node.last;
            let cost = Cost {
                lanes: u64::from(edge.first),
                preemptions: u64::from(switches && node.inside && could_move),
                switches: u64::from(switches),
                steps: 1,
            };
            (edge, pack(cost, least))
        })
    }
}

impl Paths {
    /// What one of them costs.
    fn total(&self) -> u64 {
        match self {
            Paths::Near { total, .. } => *total,
            Paths::All(table) => table.total(),
        }
    }
}

fn after(node: WitnessNode, edge: &Edge) -> WitnessNode {
    WitnessNode { depth: node.depth + 1, state: edge.to, last: edge.now, inside: edge.inside }
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
