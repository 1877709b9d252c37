//! The forward pass: every reachable state, layer by layer, equal states merged.
//!
//! Layer *d* holds the states after *d* steps. A layer is expanded in chunks of fixed size, its
//! successors are sorted by their keys, and equal ones become one state of the next layer. Only
//! two layers of keys are in memory at a time; what stays is the graph: for each state, which
//! lanes can move, where that leads and what is wrong with the move. Every number is then a
//! backward pass over that graph, and no pass depends on the number of threads.

use super::key::{self, Key};
use super::{Findings, Judge};
use crate::model::LaneId;
use crate::model::context::Context;
use crate::model::program::Program;
use crate::model::state::State;
use crate::model::step::step;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// States of a layer that one thread expands at a time; fixed, so that results are.
const CHUNK: usize = 4096;
/// Chunks between two looks at the limits.
const CHUNKS_BETWEEN_LIMITS: usize = 64;
/// The most bytes of keys that the successors of one layer may take.
const LAYER_BYTES_MAX: usize = 1 << 30;

/// How far a walk may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most states to keep.
    pub states_max: usize,
}

/// A limit that stopped a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// More states than allowed.
    States {
        /// The limit.
        states_max: usize,
    },
    /// One layer needed more memory than allowed.
    Memory {
        /// The limit.
        bytes_max: usize,
    },
}

/// All reachable states, or as many as the limits allow.
pub struct Graph {
    /// The states after 0, 1, 2, … steps.
    pub layers: Vec<Layer>,
    /// The limit that was hit, if one was; then the last layer was not expanded.
    pub stopped: Option<Stopped>,
    /// How many lanes the program has.
    pub lanes: usize,
}

/// The states after so many steps, in the order of their keys.
#[derive(Default)]
pub struct Layer {
    /// For each state the position of its first edge; one more at the end.
    starts: Vec<u32>,
    edges: Vec<Edge>,
    /// States where a run is over, by position.
    ends: Vec<End>,
    /// How many states there are, also if none was expanded.
    states: usize,
}

/// One move.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The state that it leads to, by position in the next layer.
    pub to: u32,
    /// What is wrong with it.
    pub findings: Findings,
    /// The lane that moves.
    pub lane: u8,
    /// Whether the lane is inside a turn afterwards.
    pub inside: bool,
    /// Whether it is a client lane's first move.
    pub first: bool,
}

/// A state where a run is over.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// Its position in the layer.
    pub state: u32,
    /// What is wrong with such a run.
    pub findings: Findings,
    /// Whether somebody is unfinished.
    pub stuck: bool,
}

/// What a walk found.
pub struct Walk {
    /// The states and moves.
    pub graph: Graph,
    /// The different sets of replies of complete runs, where the context keeps replies.
    pub outcomes: BTreeSet<Key>,
}

impl Graph {
    /// How many states were looked at; those that a limit left unexpanded do not count.
    pub fn states(&self) -> usize {
        let expanded = self.layers.iter().filter(|layer| !layer.starts.is_empty());
        expanded.map(|layer| layer.states).sum()
    }

    /// Everything that is wrong in some order.
    pub fn findings(&self) -> Findings {
        self.layers.iter().fold(0, |all, layer| all | layer.findings())
    }
}

impl Layer {
    /// How many states it has.
    pub fn len(&self) -> usize {
        self.states
    }

    /// Whether it has no state; no layer of a graph is empty.
    pub fn is_empty(&self) -> bool {
        self.states == 0
    }

    /// The moves out of a state, by lane.
    pub fn edges(&self, state: usize) -> &[Edge] {
        match self.starts.get(state..=state + 1) {
            Some(range) => &self.edges[range[0] as usize..range[1] as usize],
            None => &[],
        }
    }

    /// Every move out of this layer.
    pub fn all_edges(&self) -> &[Edge] {
        &self.edges
    }

    /// How a run ended in this state, if one did.
    pub fn end(&self, state: usize) -> Option<&End> {
        let position = self.ends.binary_search_by_key(&(state as u32), |end| end.state);
        position.ok().map(|position| &self.ends[position])
    }

    /// Everything that is wrong with a move out of this layer, or with an end in it.
    pub fn findings(&self) -> Findings {
        let edges = self.edges.iter().fold(0, |all, edge| all | edge.findings);
        self.ends.iter().fold(edges, |all, end| all | end.findings)
    }
}

/// Walks every interleaving. `watch` is told the states kept so far after each layer, and stops
/// the walk, without a limit being hit, when it returns `false`.
pub fn walk<C: Context>(
    program: &Program,
    judge: &dyn Judge<C>,
    limits: Limits,
    watch: &(dyn Fn(&Graph) -> bool + Sync),
) -> Walk {
    let first = State::<C>::first(program);
    let mut keys = vec![key::encode(program, &first)];
    let graph = Graph { layers: Vec::new(), stopped: None, lanes: program.lanes.len() };
    let mut walk = Walk { graph, outcomes: BTreeSet::new() };
    let mut states = 0;
    while !keys.is_empty() {
        states += keys.len();
        let unexpanded = Layer { states: keys.len(), ..Layer::default() };
        let expanded = match states > limits.states_max {
            true => Err(Stopped::States { states_max: limits.states_max }),
            false => expand(program, judge, &keys, limits),
        };
        match expanded {
            Ok(expanded) => {
                walk.outcomes.extend(expanded.outcomes);
                walk.graph.layers.push(expanded.layer);
                keys = expanded.next;
            }
            Err(stopped) => {
                walk.graph.layers.push(unexpanded);
                walk.graph.stopped = Some(stopped);
                break;
            }
        }
        if !watch(&walk.graph) && !keys.is_empty() {
            walk.graph.layers.push(Layer { states: keys.len(), ..Layer::default() });
            break;
        }
    }
    walk
}

struct Expanded {
    layer: Layer,
    next: Vec<Key>,
    outcomes: BTreeSet<Key>,
}

/// What a chunk of states leads to.
#[derive(Default)]
struct Chunk {
    /// For each state, how many edges it has.
    degrees: Vec<u32>,
    edges: Vec<Edge>,
    /// For each edge, the key of the state that it leads to.
    keys: Vec<Key>,
    ends: Vec<End>,
    outcomes: BTreeSet<Key>,
}

fn expand<C: Context>(
    program: &Program,
    judge: &dyn Judge<C>,
    keys: &[Key],
    limits: Limits,
) -> Result<Expanded, Stopped> {
    let mut layer = Layer { starts: vec![0], states: keys.len(), ..Layer::default() };
    let mut successors: Vec<(Key, u32)> = Vec::new();
    let mut outcomes = BTreeSet::new();
    let mut bytes = 0;
    for batch in keys.chunks(CHUNK * CHUNKS_BETWEEN_LIMITS) {
        for chunk in expand_batch(program, judge, batch) {
            let done = layer.starts.len() - 1;
            layer.ends.extend(
                chunk.ends.iter().map(|end| End { state: end.state + done as u32, ..*end }),
            );
            for degree in chunk.degrees {
                let start = layer.starts.last().map_or(0, |start| start + degree);
                layer.starts.push(start);
            }
            for key in chunk.keys {
                bytes += key.len() + size_of::<(Key, u32)>();
                successors.push((key, successors.len() as u32));
            }
            layer.edges.extend(chunk.edges);
            outcomes.extend(chunk.outcomes);
        }
        if successors.len() > limits.states_max.saturating_mul(4) {
            return Err(Stopped::States { states_max: limits.states_max });
        }
        if bytes > LAYER_BYTES_MAX {
            return Err(Stopped::Memory { bytes_max: LAYER_BYTES_MAX });
        }
    }
    let next = merge(successors, &mut layer.edges);
    Ok(Expanded { layer, next, outcomes })
}

/// Expands some states, each chunk on any thread, the chunks in order.
fn expand_batch<C: Context>(program: &Program, judge: &dyn Judge<C>, batch: &[Key]) -> Vec<Chunk> {
    match batch.len() <= CHUNK {
        // Waking other threads costs more than a small layer.
        true => vec![expand_chunk(program, judge, batch)],
        false => batch.par_chunks(CHUNK).map(|keys| expand_chunk(program, judge, keys)).collect(),
    }
}

/// Makes equal successors one state, and tells each edge where it leads.
fn merge(mut successors: Vec<(Key, u32)>, edges: &mut [Edge]) -> Vec<Key> {
    match successors.len() <= CHUNK {
        true => successors.sort_unstable(),
        false => successors.par_sort_unstable(),
    }
    let mut next: Vec<Key> = Vec::new();
    for (key, edge) in successors {
        if next.last() != Some(&key) {
            next.push(key);
        }
        edges[edge as usize].to = (next.len() - 1) as u32;
    }
    next
}

fn expand_chunk<C: Context>(program: &Program, judge: &dyn Judge<C>, keys: &[Key]) -> Chunk {
    let mut chunk = Chunk::default();
    for (position, key) in keys.iter().enumerate() {
        let state = key::decode::<C>(program, key);
        let before = chunk.edges.len();
        let complete = state.is_complete(program);
        if !complete {
            for lane in 0..program.lanes.len() {
                expand_lane(program, judge, &state, lane, &mut chunk);
            }
        }
        let degree = chunk.edges.len() - before;
        chunk.degrees.push(degree as u32);
        if degree == 0 {
            let findings = judge.end(program, &state, !complete);
            chunk.ends.push(End { state: position as u32, findings, stuck: !complete });
            if C::KEEPS_REPLIES {
                chunk.outcomes.insert(outcome(program, &state.replies));
            }
        }
    }
    chunk
}

fn expand_lane<C: Context>(
    program: &Program,
    judge: &dyn Judge<C>,
    state: &State<C>,
    lane: LaneId,
    chunk: &mut Chunk,
) {
    let Ok(moved) = step(program, state, lane) else { return };
    let before = &state.lanes[lane];
    chunk.edges.push(Edge {
        to: 0,
        findings: moved.reply.map_or(0, |reply| judge.reply(program, &reply)),
        lane: lane as u8,
        inside: moved.state.lanes[lane].turn.is_some(),
        first: !program.is_daemon(lane) && before.turn.is_none() && before.turns_done == 0,
    });
    chunk.keys.push(key::encode(program, &moved.state));
}

/// All replies, turn by turn, each with the context that it was computed from, as one key.
pub fn outcome<C: Context>(program: &Program, replies: &[Option<C>]) -> Key {
    let mut outcome = Vec::new();
    for reply in replies {
        outcome.push(u8::from(reply.is_some()));
        if let Some(reply) = reply {
            reply.encode(program, &mut outcome);
        }
    }
    outcome.into_boxed_slice()
}
