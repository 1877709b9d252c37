//! What a walk leaves behind: for each state its moves, and where a run can end.
//!
//! Kept small, because it is kept for every state: six bytes for a move, one or two for a state,
//! and a few for those moves that show a reply of which there is something to say. The states
//! themselves are not kept: no number needs them.

use super::Findings;
use super::space::{Mark, Move, Over};
use super::walk::Limits;

/// All reachable states, or as many as the limits allow.
pub struct Graph {
    /// The states after 0, 1, 2, … steps.
    pub layers: Vec<Layer>,
    /// The limit that was hit, if one was; then the last layer was not expanded.
    pub stopped: Option<Stopped>,
}

/// What stopped a walk: a limit, or somebody who did not want to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// More states than allowed.
    States {
        /// The limit.
        states_max: usize,
    },
    /// More memory than allowed.
    Memory {
        /// The limit.
        bytes_max: usize,
    },
    /// More time than allowed.
    Time,
    /// Ctrl-C.
    Interrupted,
}

impl Stopped {
    /// The same, told of the limits of which a walk had only a part.
    pub fn told_of(self, limits: Limits) -> Stopped {
        match self {
            Stopped::Memory { .. } => Stopped::Memory { bytes_max: limits.bytes_max },
            stopped => stopped,
        }
    }
}

/// States between two remembered starts of moves.
const STARTS_EVERY: usize = 32;
/// In a byte that names a lane: the lane.
const LANE: u8 = 63;
/// With the lane that moves: it is inside a turn afterwards.
const INSIDE: u8 = 64;
/// With the lane that moves: it is a client's first move.
const FIRST: u8 = 128;
/// With the lane's place afterwards: there is something to say of the move.
const MARKED: u8 = 64;

/// The states after so many steps.
#[derive(Default)]
pub struct Layer {
    /// How many states there are, also if none was expanded.
    states: usize,
    expanded: bool,
    /// For each state, how many moves it has.
    degrees: Vec<u8>,
    /// For every 32nd state the position of its first move.
    starts: Vec<u32>,
    to: Vec<u32>,
    by: Vec<u8>,
    now: Vec<u8>,
    /// The moves that show something, by position.
    marked: Vec<u32>,
    marks: Vec<Mark>,
    /// States where a run is over, by position.
    ends: Vec<End>,
}

/// One move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Its position among the moves of the layer.
    pub position: u32,
    /// The state that it leads to, by position in the next layer.
    pub to: u32,
    /// The lane that moves.
    pub lane: u8,
    /// The place of that lane afterwards, where lanes may change places.
    pub now: u8,
    /// Whether the lane is inside a turn afterwards.
    pub inside: bool,
    /// Whether it is a client lane's first move.
    pub first: bool,
    /// Whether there is something to say of it: see [`Layer::mark`].
    pub marked: bool,
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

impl Graph {
    /// How many states were looked at; those that a limit left unexpanded do not count.
    pub fn states(&self) -> usize {
        self.layers.iter().filter(|layer| layer.expanded).map(|layer| layer.states).sum()
    }

    /// How many moves there are.
    pub fn moves(&self) -> usize {
        self.layers.iter().map(Layer::moves).sum()
    }

    /// The states of the widest layer.
    pub fn width(&self) -> usize {
        self.layers.iter().map(|layer| layer.states).max().unwrap_or(0)
    }

    /// How many bytes are kept.
    pub fn bytes(&self) -> usize {
        self.layers.iter().map(Layer::bytes).sum()
    }

    /// Everything that is wrong in some order.
    pub fn findings(&self) -> Findings {
        self.layers.iter().fold(0, |all, layer| all | layer.findings())
    }
}

impl Layer {
    /// A layer that is not expanded.
    pub fn unexpanded(states: usize) -> Layer {
        Layer { states, ..Layer::default() }
    }

    /// A layer without states, to be filled.
    pub fn filling() -> Layer {
        Layer { expanded: true, ..Layer::default() }
    }

    /// Adds a state with so many moves, which are added next.
    pub fn push_state(&mut self, moves: usize) {
        if self.states.is_multiple_of(STARTS_EVERY) {
            self.starts.push(self.to.len() as u32);
        }
        self.states += 1;
        // A state has at most one move for each lane, and there are at most 64.
        self.degrees.push(moves as u8);
    }

    /// Adds a move of the last state, and the place of its lane afterwards; where it leads is told
    /// later, by [`Layer::lead`].
    pub fn push_move<K>(&mut self, step: &Move<K>, place: u8) {
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        if let Some(mark) = step.mark {
            self.marked.push(self.to.len() as u32);
            self.marks.push(mark);
        }
        self.to.push(0);
        self.by.push(step.lane | flag(step.inside, INSIDE) | flag(step.first, FIRST));
        self.now.push(place | flag(step.mark.is_some(), MARKED));
    }

    /// Adds the states of another part of the same layer.
    pub fn append(&mut self, part: Layer) {
        let (states, moves) = (self.states as u32, self.to.len() as u32);
        let mut first = moves;
        for (state, &degree) in part.degrees.iter().enumerate() {
            if (self.states + state).is_multiple_of(STARTS_EVERY) {
                self.starts.push(first);
            }
            first += u32::from(degree);
        }
        self.states += part.states;
        self.degrees.extend(part.degrees);
        self.to.extend(part.to);
        self.by.extend(part.by);
        self.now.extend(part.now);
        self.marked.extend(part.marked.iter().map(|position| position + moves));
        self.marks.extend(part.marks);
        self.ends.extend(part.ends.iter().map(|end| End { state: end.state + states, ..*end }));
    }

    /// Adds how a run ends in the last state.
    pub fn push_end(&mut self, over: &Over) {
        let Over { findings, stuck, .. } = *over;
        self.ends.push(End { state: self.states as u32 - 1, findings, stuck });
    }

    /// Tells where a move leads.
    pub fn lead(&mut self, position: usize, to: u32) {
        self.to[position] = to;
    }

    /// Where a move leads, by position in the next layer.
    pub fn leads(&self, position: usize) -> u32 {
        self.to[position]
    }

    /// Gives back memory that was set aside for more.
    pub fn shrink(&mut self) {
        self.degrees.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.to.shrink_to_fit();
        self.by.shrink_to_fit();
        self.now.shrink_to_fit();
        self.marked.shrink_to_fit();
        self.marks.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// How many states it has.
    pub fn len(&self) -> usize {
        self.states
    }

    /// Whether it has no state; no layer of a graph is empty.
    pub fn is_empty(&self) -> bool {
        self.states == 0
    }

    /// Whether its moves are known.
    pub fn is_expanded(&self) -> bool {
        self.expanded
    }

    /// The most moves out of one of its states.
    pub fn degree_max(&self) -> usize {
        self.degrees.iter().max().map_or(0, |&degree| usize::from(degree))
    }

    /// How many moves lead out of it.
    pub fn moves(&self) -> usize {
        self.to.len()
    }

    /// How many bytes a move takes.
    pub const MOVE_BYTES: usize = 6;

    /// How many bytes it keeps.
    pub fn bytes(&self) -> usize {
        self.lists().iter().map(|(kept, _, each)| kept * each).sum()
    }

    /// The same, with what is set aside for more.
    pub fn bytes_reserved(&self) -> usize {
        self.lists().iter().map(|(_, reserved, each)| reserved * each).sum()
    }

    /// Its lists: how many elements each has, for how many there is room, the bytes of one.
    fn lists(&self) -> [(usize, usize, usize); 5] {
        let Layer { degrees, starts, to, marks, ends, .. } = self;
        [
            (degrees.len(), degrees.capacity(), 1),
            (starts.len(), starts.capacity(), 4),
            (to.len(), to.capacity(), Layer::MOVE_BYTES),
            (marks.len(), marks.capacity(), 4 + size_of::<Mark>()),
            (ends.len(), ends.capacity(), size_of::<End>()),
        ]
    }

    /// The moves out of a state, by lane.
    pub fn edges(&self, state: usize) -> impl ExactSizeIterator<Item = Edge> + Clone {
        let range = match self.expanded {
            false => 0..0,
            true => {
                let block = state / STARTS_EVERY;
                let before = &self.degrees[block * STARTS_EVERY..state];
                let before: u32 = before.iter().map(|&degree| u32::from(degree)).sum();
                let start = (self.starts[block] + before) as usize;
                start..start + usize::from(self.degrees[state])
            }
        };
        range.map(|position| self.edge(position))
    }

    /// The move at a position.
    pub fn edge(&self, position: usize) -> Edge {
        let (by, now) = (self.by[position], self.now[position]);
        Edge {
            position: position as u32,
            to: self.to[position],
            lane: by & LANE,
            now: now & LANE,
            inside: by & INSIDE != 0,
            first: by & FIRST != 0,
            marked: now & MARKED != 0,
        }
    }

    /// What is to be said of a move.
    pub fn mark(&self, edge: &Edge) -> Mark {
        if !edge.marked {
            return Mark::default();
        }
        let position = self.marked.binary_search(&edge.position);
        position.map_or_else(|_| Mark::default(), |position| self.marks[position])
    }

    /// What is wrong with a move.
    pub fn wrong(&self, edge: &Edge) -> Findings {
        self.mark(edge).findings
    }

    /// How a run ended in this state, if one did.
    pub fn end(&self, state: usize) -> Option<&End> {
        let position = self.ends.binary_search_by_key(&(state as u32), |end| end.state);
        position.ok().map(|position| &self.ends[position])
    }

    /// Every reply of which there is something to say.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Everything that is wrong with a move out of this layer, or with an end in it.
    pub fn findings(&self) -> Findings {
        let edges = self.marks.iter().fold(0, |all, mark| all | mark.findings);
        self.ends.iter().fold(edges, |all, end| all | end.findings)
    }
}
