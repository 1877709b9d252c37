//! Following the moves of real lanes through a graph in which lanes may have changed places.
//!
//! A state of the graph stands for all its images. To name the lanes of an order, one walks the
//! graph and keeps in mind, at each step, which place is whose.

use super::graph::{Edge, Graph};
use super::space::{Moves, Places, Space};
use crate::model::LaneId;

/// A state of the graph, and which of its places is which lane's.
pub struct Trail<'g, S: Space> {
    space: &'g S,
    graph: &'g Graph,
    memo: S::Memo,
    moves: Moves<S::Key>,
    /// For each lane, its place.
    places: Places,
    /// How many moves were followed.
    pub depth: usize,
    /// The state of the graph, by position in its layer.
    pub state: usize,
}

/// A move of a lane.
#[derive(Clone, Copy, Debug)]
pub struct RealMove {
    /// The lane.
    pub lane: LaneId,
    /// The move in the graph.
    pub edge: Edge,
}

impl<'g, S: Space> Trail<'g, S> {
    /// Stands before the first step.
    pub fn new(space: &'g S, graph: &'g Graph) -> Trail<'g, S> {
        let mut places = Places::same();
        let first = space.canonical(space.first(), &mut places);
        let (memo, moves) = (S::Memo::default(), Moves::default());
        let mut trail = Trail { space, graph, memo, moves, places, depth: 0, state: 0 };
        trail.look(&first);
        trail
    }

    fn look(&mut self, key: &S::Key) {
        self.space.moves(&mut self.memo, key, &mut self.moves);
    }

    /// The moves that the graph has here, in the order of the lanes.
    pub fn moves(&self) -> Vec<RealMove> {
        let edges = self.graph.layers[self.depth].edges(self.state);
        let places = self.places.0.iter().enumerate();
        let moves = places.filter_map(|(lane, &place)| {
            let edge = edges.clone().find(|edge| edge.lane == place)?;
            Some(RealMove { lane, edge })
        });
        moves.collect()
    }

    /// Follows one of these moves.
    pub fn follow(&mut self, step: &RealMove) {
        let found = self.moves.moves.iter().find(|found| found.lane == step.edge.lane);
        let Some(to) = found.map(|found| found.to.clone()) else { return };
        let mut moved = Places::same();
        let key = self.space.canonical(to, &mut moved);
        self.places = Places(self.places.0.map(|place| moved.0[usize::from(place)]));
        self.depth += 1;
        self.state = step.edge.to as usize;
        self.look(&key);
    }
}
