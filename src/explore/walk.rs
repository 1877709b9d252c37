//! The forward pass: every reachable state, layer by layer, equal states merged.
//!
//! Layer *d* holds the states after *d* steps. Every step leads from one layer to the next, so no
//! state comes back and no run is endless. A layer is expanded in chunks of fixed size, its
//! successors are sorted by their keys, and equal ones become one state of the next layer. Only
//! two layers of keys are in memory at a time; what stays is the [`Graph`]. Every number is then
//! a backward pass over it, and no pass depends on the number of threads.

use super::graph::{Graph, Layer, Stopped};
use super::key::Key;
use super::space::{Moves, Places, Space};
use super::traces::{Awake, Traces, Ways};
use super::{fate, tally, witness};
use crate::platform::{Kept, is_interrupted};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::time::Instant;

/// States of a layer that one thread expands at a time, at most.
const CHUNK: usize = 1024;
/// States between two looks at the limits, at most and at least.
const BATCH: usize = 64 * CHUNK;
const BATCH_MIN: usize = 64;
/// What is between two looks at the limits may take one part in so many of all memory.
const BATCH_PART: usize = 16;
/// Bytes that nobody counts: the program, its stacks, and what each thread's allocator sets aside.
const NOT_COUNTED: usize = 32 << 20;
/// What grows by doubling is there once and a half while it moves: one part in so many more.
const GROWING_PART: usize = 2;
/// Lanes that can move in the first state, roughly.
const LANES_TYPICAL: usize = 4;
/// What threads remember of steps may take one part in so many, all together.
const MEMO_PART: usize = 16;

/// How far a walk may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most states to keep.
    pub states_max: usize,
    /// The most bytes to take.
    pub bytes_max: usize,
    /// When to stop at the latest. Where it stops then is another place each time.
    pub until: Option<Instant>,
}

impl Limits {
    /// So many states and bytes, however long it takes.
    pub const fn new(states_max: usize, bytes_max: usize) -> Limits {
        Limits { states_max, bytes_max, until: None }
    }

    /// Without the memory that nobody counts; to be taken off once, before it is shared out.
    pub fn counted(self) -> Limits {
        Limits { bytes_max: self.bytes_max - (self.bytes_max / 2).min(NOT_COUNTED), ..self }
    }

    /// With so many eighths of the memory.
    pub fn eighths(self, parts: usize) -> Limits {
        Limits { bytes_max: self.bytes_max / 8 * parts, ..self }
    }
}

impl Default for Limits {
    /// Far enough for every class, within 8 GiB.
    fn default() -> Limits {
        Limits::new(100_000_000, 8 << 30)
    }
}

/// What a walk found.
pub struct Walk {
    /// The states and moves.
    pub graph: Graph,
    /// The different sets of replies of complete runs, where the states hold replies; none if
    /// something stopped it.
    pub outcomes: BTreeSet<Key>,
    /// How many orders differ by more than swapping independent neighbours; `None` if that was
    /// not asked for, a limit was hit, there are more than 2^128, or a daemon still had work when
    /// some run was over.
    pub traces: Option<u128>,
}

/// How far a walk has come.
#[derive(Clone, Copy)]
pub struct Progress<'g> {
    /// What was found so far.
    pub graph: &'g Graph,
    /// States so far.
    pub states: usize,
    /// States of the next layer.
    pub ahead: usize,
    /// Bytes that are taken now.
    pub bytes: usize,
}

/// What is wanted of a walk, besides the graph.
#[derive(Clone, Copy)]
pub struct Wanted<'w> {
    /// How far to go.
    pub limits: Limits,
    /// Whether to count traces, and up to how many states.
    pub traces_states_max: usize,
    /// Told after each layer; stops the walk, without a limit being hit, with `false`.
    pub watch: &'w (dyn Fn(Progress) -> bool + Sync),
}

impl Wanted<'_> {
    /// Only the graph, within limits.
    pub fn within(limits: Limits) -> Wanted<'static> {
        Wanted { limits, traces_states_max: 0, watch: &|_| true }
    }
}

/// Walks every interleaving.
pub fn walk<S: Space>(space: &S, wanted: &Wanted) -> Walk {
    let Wanted { limits, watch, .. } = *wanted;
    let mut walker = Walker::new(space, wanted);
    let mut keys = vec![space.canonical(space.first(), &mut Places::same())];
    let graph = Graph { layers: Vec::new(), stopped: None };
    let mut walk = Walk { graph, outcomes: BTreeSet::new(), traces: None };
    let mut states = 0;
    while !keys.is_empty() {
        states += keys.len();
        if states > wanted.traces_states_max {
            walker.traces = None;
        }
        let here = keys.len();
        let expanded = match states > limits.states_max {
            true => Err(Stopped::States { states_max: limits.states_max }),
            false => walker.expand(keys, &walk.graph),
        };
        match expanded {
            Ok(expanded) => {
                walk.graph.layers.push(expanded.layer);
                keys = expanded.next;
            }
            Err(stopped) => {
                walk.graph.layers.push(Layer::unexpanded(here));
                walk.graph.stopped = Some(stopped);
                return walk;
            }
        }
        let bytes = walk.graph.bytes() + walker.bytes(&keys);
        let progress = Progress { graph: &walk.graph, states, ahead: keys.len(), bytes };
        if !watch(progress) && !keys.is_empty() {
            walk.graph.layers.push(Layer::unexpanded(keys.len()));
            return walk;
        }
    }
    walk.outcomes = walker.outcomes;
    walk.traces = walker.traces.and_then(|traces| traces.count());
    walk
}

/// What the passes over a graph of this size take at least.
fn later_bytes(graph: &Graph) -> usize {
    fate::bytes(graph) + tally::bytes_min(graph) + witness::bytes_min(graph)
}

struct Walker<'w, S: Space> {
    space: &'w S,
    limits: Limits,
    /// One for each thread; a thread that asks finds its own one free.
    memos: Vec<Kept<S::Memo>>,
    traces: Option<Traces>,
    outcomes: BTreeSet<Key>,
    outcomes_bytes: usize,
    /// Where the moves of a layer lead, each with its position; kept to be filled again.
    successors: Vec<(S::Key, u32)>,
}

struct Expanded<K> {
    layer: Layer,
    next: Vec<K>,
}

/// What a chunk of states leads to.
struct Chunk<K> {
    /// Its part of the layer.
    layer: Layer,
    /// For each move, the key that it leads to.
    keys: Vec<K>,
    outcomes: BTreeSet<Key>,
    /// The ways along each move, by position of the move in the chunk.
    ways: Vec<Ways>,
    /// The ways that are complete.
    complete: Vec<Ways>,
    /// Whether a daemon still had work at the end of a run.
    busy: bool,
}

/// What is known of the moves of one state while ways are counted; kept to be filled again.
#[derive(Default)]
struct Sleep {
    /// The lane of each move.
    lanes: Vec<u8>,
    /// Where lanes went along each move.
    places: Vec<Places>,
    /// For each move, the lanes whose moves are independent of it.
    independent: Vec<u64>,
}

impl<'w, S: Space> Walker<'w, S> {
    fn new(space: &'w S, wanted: &Wanted) -> Walker<'w, S> {
        let memos = (0..=rayon::current_num_threads()).map(|_| Kept::default());
        Walker {
            space,
            limits: wanted.limits,
            memos: memos.collect(),
            traces: (wanted.traces_states_max > 0).then(Traces::start),
            outcomes: BTreeSet::new(),
            outcomes_bytes: 0,
            successors: Vec::new(),
        }
    }

    /// What these keys take, those that lie elsewhere too.
    fn bytes(&self, keys: &[S::Key]) -> usize {
        let elsewhere: usize = keys.iter().map(|key| self.space.bytes(key)).sum();
        size_of_val(keys) + elsewhere + self.traces.as_ref().map_or(0, Traces::bytes)
    }

    fn expand(&mut self, keys: Vec<S::Key>, graph: &Graph) -> Result<Expanded<S::Key>, Stopped> {
        let degree = 1 + graph.layers.last().map_or(LANES_TYPICAL, Layer::degree_max);
        let mut layer = Layer::filling();
        self.successors.clear();
        let mut ways = Vec::new();
        let kept = graph.bytes() + later_bytes(graph) + self.limits.bytes_max / MEMO_PART;
        let mut elsewhere = 0;
        let batch_len = self.batch(&keys, degree);
        let here = self.bytes(&keys);
        for (index, batch) in keys.chunks(batch_len).enumerate() {
            for chunk in self.expand_batch(batch, index * batch_len) {
                let first = layer.moves() as u32;
                ways.extend(chunk.ways.iter().map(|one| Ways { state: one.state + first, ..*one }));
                // Then the end of a run depends on which client came last, and swapping
                // neighbours no longer tells which orders are the same.
                self.traces = self.traces.take().filter(|_| !chunk.busy);
                if let Some(traces) = &mut self.traces {
                    traces.end(&chunk.complete);
                }
                layer.append(chunk.layer);
                chunk.outcomes.into_iter().for_each(|outcome| self.note_outcome(outcome));
                elsewhere += chunk.keys.iter().map(|key| self.space.bytes(key)).sum::<usize>();
                self.successors.extend(chunk.keys.into_iter().zip(first..));
            }
            let growing = self.growing_bytes(&layer, &ways);
            self.check(kept + here + elsewhere + growing + growing / GROWING_PART)?;
        }
        drop(keys);
        let traces = self.traces.as_ref().map_or(0, Traces::bytes);
        sort(&mut self.successors);
        let different = self.successors.chunk_by(|(one, _), (other, _)| one == other).count();
        let growing = self.growing_bytes(&layer, &ways);
        self.check(kept + traces + elsewhere + growing + different * size_of::<S::Key>())?;
        let next = merge(&mut self.successors, different, &mut layer);
        layer.shrink();
        if let Some(traces) = &mut self.traces {
            for one in &mut ways {
                one.state = layer.leads(one.state as usize);
            }
            traces.next(ways);
        }
        Ok(Expanded { layer, next })
    }

    /// What a layer that is expanded takes, without what its keys keep elsewhere.
    fn growing_bytes(&self, layer: &Layer, ways: &Vec<Ways>) -> usize {
        self.successors.capacity() * size_of::<(S::Key, u32)>()
            + layer.bytes_reserved()
            + ways.capacity() * size_of::<Ways>()
    }

    fn note_outcome(&mut self, outcome: Key) {
        let bytes = outcome_bytes(&outcome);
        if self.outcomes.insert(outcome) {
            self.outcomes_bytes += bytes;
        }
    }

    /// How many of these states are expanded between two looks at the limits. The number depends on
    /// nothing but the keys and the limits, though no result depends on it.
    fn batch(&self, keys: &[S::Key], degree: usize) -> usize {
        // The room for what a state leads to grows by doubling.
        let each = keys.first().map_or(0, |key| size_of::<S::Key>() + self.space.bytes(key));
        let state = 2 * degree * (each + Layer::MOVE_BYTES);
        (self.limits.bytes_max / BATCH_PART / state).clamp(BATCH_MIN, BATCH)
    }

    fn check(&self, bytes: usize) -> Result<(), Stopped> {
        let Limits { states_max, bytes_max, until } = self.limits;
        if is_interrupted() {
            return Err(Stopped::Interrupted);
        }
        if until.is_some_and(|until| Instant::now() >= until) {
            return Err(Stopped::Time);
        }
        let successors = self.successors.len();
        // A state follows at most as many others as there are lanes.
        if successors / super::space::LANES_MAX > states_max {
            return Err(Stopped::States { states_max });
        }
        // An allocator takes more than it hands out, and keeps for a while what it is given back:
        // a third more, as measured.
        let bytes = (bytes + self.outcomes_bytes) / 3 * 4;
        if bytes > bytes_max || successors > u32::MAX as usize / 2 {
            return Err(Stopped::Memory { bytes_max });
        }
        Ok(())
    }

    /// Expands some states, each chunk on any thread, the chunks in order.
    fn expand_batch(&self, batch: &[S::Key], start: usize) -> Vec<Chunk<S::Key>> {
        match batch.len() <= CHUNK {
            // Waking other threads costs more than a small layer.
            true => vec![self.expand_chunk(batch, start)],
            false => {
                let chunks = batch.par_chunks(CHUNK).enumerate();
                chunks.map(|(index, keys)| self.expand_chunk(keys, start + index * CHUNK)).collect()
            }
        }
    }

    fn expand_chunk(&self, keys: &[S::Key], start: usize) -> Chunk<S::Key> {
        let thread = rayon::current_thread_index().map_or(0, |index| index + 1);
        self.memos[thread % self.memos.len()].with(|memo| {
            let chunk = self.expand_with(memo, keys, start);
            // What is forgotten is asked again.
            if self.space.memo_bytes(memo) > self.limits.bytes_max / MEMO_PART / self.memos.len() {
                *memo = S::Memo::default();
            }
            chunk
        })
    }

    fn expand_with(&self, memo: &mut S::Memo, keys: &[S::Key], start: usize) -> Chunk<S::Key> {
        let mut chunk = Chunk::new(keys.len());
        let mut moves = Moves::default();
        let mut sleep = Sleep::default();
        let mut ways = self.traces.as_ref().map_or(&[][..], |traces| traces.from(start));
        for (position, key) in keys.iter().enumerate() {
            let here = ways.iter().take_while(|ways| ways.state as usize == start + position);
            let (here, rest) = ways.split_at(here.count());
            ways = rest;
            self.space.moves(memo, key, &mut moves);
            self.note_end(key, &moves, here, &mut chunk);
            if !here.is_empty() {
                self.space.independent(memo, &moves, &mut sleep.independent);
            }
            self.expand_state(&mut moves, here, &mut sleep, &mut chunk);
        }
        chunk
    }

    fn note_end(
        &self,
        key: &S::Key,
        moves: &Moves<S::Key>,
        ways: &[Ways],
        chunk: &mut Chunk<S::Key>,
    ) {
        chunk.layer.push_state(moves.moves.len());
        if let Some(over) = moves.end {
            chunk.layer.push_end(&over);
            chunk.busy |= over.busy;
            chunk.outcomes.extend(self.space.outcome(key));
            chunk.complete.extend(ways);
        }
    }

    fn expand_state(
        &self,
        moves: &mut Moves<S::Key>,
        ways: &[Ways],
        sleep: &mut Sleep,
        chunk: &mut Chunk<S::Key>,
    ) {
        let first = chunk.layer.moves() as u32;
        sleep.lanes.clear();
        sleep.places.clear();
        let mut places = Places::same();
        for mut step in moves.moves.drain(..) {
            step.to = self.space.canonical(step.to, &mut places);
            chunk.layer.push_move(&step, places.0[usize::from(step.lane)]);
            chunk.keys.push(step.to);
            if !ways.is_empty() {
                sleep.lanes.push(step.lane);
                sleep.places.push(places);
            }
        }
        let awake = Awake { lanes: &sleep.lanes, independent: &sleep.independent };
        for way in ways {
            awake.each(way.asleep, |index, asleep| {
                let asleep = sleep.places[index].set(asleep);
                chunk.ways.push(Ways { state: first + index as u32, asleep, ways: way.ways });
            });
        }
    }
}

impl<K> Chunk<K> {
    fn new(states: usize) -> Chunk<K> {
        Chunk {
            layer: Layer::filling(),
            keys: Vec::with_capacity(3 * states),
            outcomes: BTreeSet::new(),
            ways: Vec::new(),
            complete: Vec::new(),
            busy: false,
        }
    }
}

/// Equal keys side by side. Where they stand among themselves changes nothing.
fn sort<K: Ord + Send>(successors: &mut [(K, u32)]) {
    match successors.len() <= 4 * CHUNK {
        true => successors.sort_unstable_by(|(one, _), (other, _)| one.cmp(other)),
        false => successors.par_sort_unstable_by(|(one, _), (other, _)| one.cmp(other)),
    }
}

/// Makes equal successors one state, of which there are so many, and tells each move where it leads.
fn merge<K: Ord>(successors: &mut Vec<(K, u32)>, different: usize, layer: &mut Layer) -> Vec<K> {
    let mut next: Vec<K> = Vec::with_capacity(different);
    for (key, edge) in successors.drain(..) {
        if next.last() != Some(&key) {
            next.push(key);
        }
        layer.lead(edge as usize, (next.len() - 1) as u32);
    }
    next
}

/// What an outcome takes in a set, whose nodes are two thirds full.
fn outcome_bytes(outcome: &Key) -> usize {
    2 * size_of::<Key>() + outcome.len()
}
