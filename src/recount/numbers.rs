//! Orders, chances, who heard whom, essentially different orders, and what cannot be avoided.

use super::graph::{NodeId, StateEdge, StateGraph, StateNode};
use crate::explore::Findings;
use crate::explore::graph::Stopped;
use crate::model::touch::dependent;
use crate::model::{TurnId, UserId};
use num_bigint::{BigInt, BigUint};
use num_rational::Ratio;
use num_traits::{One, Zero};
use std::collections::BTreeMap;

/// In how many orders, and how likely.
pub type Share = (BigUint, Ratio<BigUint>);

/// Sets of steps that are tried together at one state are subsets of at most so many steps.
const STEPS_AT_ONCE_MAX: usize = 16;

/// Orders from each state on.
pub fn orders<C>(graph: &StateGraph<C>) -> Result<Vec<BigUint>, Stopped> {
    let mut orders: Vec<BigUint> = Vec::with_capacity(graph.nodes.len());
    for node in graph.each() {
        let (_, node) = node?;
        orders.push(match node.edges.is_empty() {
            true => BigUint::one(),
            false => node.edges.iter().map(|edge| &orders[edge.to]).sum(),
        });
    }
    Ok(orders)
}

/// Orders that show a finding, and how likely one is.
pub fn with<C>(
    graph: &StateGraph<C>,
    finding: Findings,
    orders: &[BigUint],
) -> Result<Share, Stopped> {
    let mut with: Vec<Share> = Vec::with_capacity(graph.nodes.len());
    for node in graph.each() {
        let (_, node) = node?;
        let mut sum = (BigUint::zero(), Ratio::zero());
        for edge in &node.edges {
            let found = edge.wrong & finding != 0;
            sum.0 += if found { &orders[edge.to] } else { &with[edge.to].0 };
            sum.1 += if found { Ratio::one() } else { with[edge.to].1.clone() };
        }
        with.push(match node.edges.len() {
            0 if node.ends_with & finding != 0 => (BigUint::one(), Ratio::one()),
            0 => (BigUint::zero(), Ratio::zero()),
            moves => (sum.0, sum.1 / BigUint::from(moves)),
        });
    }
    Ok(with.pop().unwrap_or_default())
}

/// For each reply and other user, the orders in which the reply is based on that user's questions.
///
/// Forward: so many beginnings lead to a state, with so much of the chance, and so many endings
/// follow the reply.
pub fn heard<C>(
    graph: &StateGraph<C>,
    orders: &[BigUint],
) -> Result<BTreeMap<(TurnId, UserId), Share>, Stopped> {
    let mut before = vec![(BigUint::zero(), Ratio::<BigUint>::zero()); graph.nodes.len()];
    if let Some(first) = before.last_mut() {
        *first = (BigUint::one(), Ratio::one());
    }
    let mut heard: BTreeMap<_, Share> = BTreeMap::new();
    for node in graph.each().rev() {
        let (id, node) = node?;
        let (ways, chance) = std::mem::take(&mut before[id]);
        let chance = chance / BigUint::from(node.edges.len().max(1));
        for edge in &node.edges {
            if let Some((turn, users)) = edge.heard {
                for user in (0..16).filter(|user| users & 1 << user != 0) {
                    let sum = heard.entry((turn, user)).or_default();
                    sum.0 += &ways * &orders[edge.to];
                    sum.1 += &chance;
                }
            }
            before[edge.to].0 += &ways;
            before[edge.to].1 += &chance;
        }
    }
    Ok(heard)
}

/// Essentially different orders; `None` where too many steps can be made at once.
///
/// Each of them begins with some set of pairwise independent steps, those that can come first in
/// it. Counting what follows each set of independent steps, sets of odd size once and sets of even
/// size once less, counts each exactly once, because its own first steps have one more subset of
/// odd size than of even size. (Cartier, Foata, 1969.)
pub fn traces<C>(graph: &StateGraph<C>) -> Result<Option<BigUint>, Stopped> {
    let mut traces: Vec<BigInt> = Vec::with_capacity(graph.nodes.len());
    for node in graph.each() {
        let (_, node) = node?;
        let count = node.edges.len();
        if count > STEPS_AT_ONCE_MAX {
            return Ok(None);
        }
        let mut sum = if count == 0 { BigInt::one() } else { BigInt::zero() };
        for set in 1..1_u32 << count {
            let members: Vec<&StateEdge> = (0..count)
                .filter(|index| set & 1 << index != 0)
                .map(|it| &node.edges[it])
                .collect();
            let independent = members.iter().enumerate().all(|(index, one)| {
                members[..index].iter().all(|other| !dependent(&one.touched, &other.touched))
            });
            let after = if independent { follow(graph, node, &members) } else { None };
            match after {
                Some(after) if members.len() % 2 == 1 => sum += &traces[after],
                Some(after) => sum -= &traces[after],
                None => {}
            }
        }
        traces.push(sum);
    }
    Ok(traces.pop().and_then(|traces| traces.to_biguint()))
}

/// Where a set of independent steps leads, made one after the other.
fn follow<C>(graph: &StateGraph<C>, node: &StateNode<C>, steps: &[&StateEdge]) -> Option<NodeId> {
    let mut node = node;
    let mut at = None;
    for step in steps {
        let edge = node.edges.iter().find(|edge| edge.lane == step.lane)?;
        at = Some(edge.to);
        node = &graph.nodes[edge.to];
    }
    at
}

/// For each state, the findings that some order from there does not show.
pub fn avoidable<C>(graph: &StateGraph<C>) -> Result<Vec<Findings>, Stopped> {
    let mut avoidable: Vec<Findings> = Vec::with_capacity(graph.nodes.len());
    for node in graph.each() {
        let (_, node) = node?;
        let moves = node.edges.iter().map(|edge| avoidable[edge.to] & !edge.wrong);
        let all = moves.fold(0, |all, one| all | one);
        avoidable.push(if node.edges.is_empty() { !node.ends_with } else { all });
    }
    Ok(avoidable)
}
