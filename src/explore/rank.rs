//! The k-th order, by rank: orders are sorted by the lanes that move, first move first.

use super::tally;
use super::walk::Graph;
use crate::model::LaneId;
use num_bigint::BigUint;
use num_traits::Zero;

/// The orders of a graph, by rank.
pub struct Ranked<'g> {
    graph: &'g Graph,
    /// The number of orders from each state on.
    orders: Vec<Vec<BigUint>>,
}

impl<'g> Ranked<'g> {
    /// Makes the orders of a complete graph available by rank.
    pub fn new(graph: &'g Graph) -> Ranked<'g> {
        Ranked { graph, orders: tally::orders(graph) }
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
        let mut state = 0;
        let mut moves = Vec::new();
        for (depth, layer) in self.graph.layers.iter().enumerate() {
            let found = layer.edges(state).iter().find(|edge| {
                let orders = &self.orders[depth + 1][edge.to as usize];
                let here = rank < *orders;
                if !here {
                    rank -= orders;
                }
                here
            });
            let Some(edge) = found else { break };
            moves.push(usize::from(edge.lane));
            state = edge.to as usize;
        }
        Some(moves)
    }

    /// So many orders, spread evenly from the first to the last; all of them if there are fewer.
    pub fn spread(&self, wanted: usize) -> Vec<(BigUint, Vec<LaneId>)> {
        let last = match self.count() {
            count if count.is_zero() => return Vec::new(),
            count => count - 1_u32,
        };
        let wanted = BigUint::from(wanted).min(&last + 1_u32);
        let gaps =
            if wanted > BigUint::from(1_u32) { &wanted - 1_u32 } else { BigUint::from(1_u32) };
        let mut spread = Vec::new();
        let mut index = BigUint::zero();
        while index < wanted {
            let rank = &last * &index / &gaps;
            if let Some(order) = self.order(&rank) {
                spread.push((rank, order));
            }
            index += 1_u32;
        }
        spread
    }
}
