//! The k-th order, by rank: orders are sorted by the lanes that move, first move first.
//!
//! The numbers of orders from each state on tell, at every step, how many orders begin with each
//! lane; so the k-th order is found without walking the others. (Unranking, as in Nijenhuis and
//! Wilf, "Combinatorial Algorithms", 1978.)

use super::graph::Graph;
use super::sample::Draws;
use super::space::Space;
use super::tally;
use super::trail::Trail;
use crate::model::LaneId;
use num_bigint::BigUint;
use num_traits::Zero;

/// The orders of a graph, by rank.
pub struct Ranked<'g, S> {
    space: &'g S,
    graph: &'g Graph,
    /// The number of orders from each state on.
    orders: Vec<Vec<BigUint>>,
}

impl<'g, S: Space> Ranked<'g, S> {
    /// Makes the orders of a complete graph available by rank.
    pub fn new(space: &'g S, graph: &'g Graph) -> Ranked<'g, S> {
        Ranked { space, graph, orders: tally::orders(graph) }
    }

    /// How many orders there are.
    pub fn count(&self) -> BigUint {
        self.orders.first().map_or_else(BigUint::zero, |first| first[0].clone())
    }

    /// The moves of the order with this rank, from 0; `None` past the last one.
    pub fn order(&self, rank: &BigUint) -> Option<Vec<LaneId>> {
        if *rank >= self.count() {
            return None;
        }
        let mut rank = rank.clone();
        let mut trail = Trail::new(self.space, self.graph);
        let mut order = Vec::new();
        loop {
            let moves = trail.moves();
            let found = moves.iter().find(|step| {
                let orders = &self.orders[trail.depth + 1][step.edge.to as usize];
                let here = rank < *orders;
                if !here {
                    rank -= orders;
                }
                here
            });
            let Some(found) = found else { return Some(order) };
            order.push(found.lane);
            trail.follow(found);
        }
    }

    /// So many orders, each drawn from all with the same chance, by their ranks from 0. The same
    /// seed draws the same orders everywhere. All of them, once each, if no more are wanted.
    pub fn drawn(&self, wanted: usize, seed: u64) -> Vec<(BigUint, Vec<LaneId>)> {
        let count = self.count();
        let all = BigUint::from(wanted) >= count;
        let rank = |index: usize| match all {
            true => BigUint::from(index),
            false => Draws::new(seed, index as u64).below_big(&count),
        };
        let ranks = (0..wanted).map(rank).take_while(|rank| *rank < count);
        ranks.filter_map(|rank| self.order(&rank).map(|order| (rank, order))).collect()
    }
}
