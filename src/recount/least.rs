//! The simplest order that shows a finding, and the fewest preemptions that one needs: what is
//! left to pay from every state and last mover, backward.

use super::graph::{NodeId, StateGraph};
use crate::explore::Findings;
use crate::explore::graph::Stopped;
use crate::model::LaneId;

/// Lanes, preemptions, switches, steps; or preemptions before lanes.
pub type Price = [usize; 4];

/// What is made least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeastFirst {
    /// Lanes, then preemptions, switches and steps.
    Lanes,
    /// Preemptions, then lanes, switches and steps.
    Preemptions,
}

/// The simplest order, and its price; `None` if no order shows the finding.
pub fn least<C>(
    graph: &StateGraph<C>,
    finding: Findings,
    first: LeastFirst,
) -> Result<Option<(Price, Vec<LaneId>)>, Stopped> {
    let mut prices: Vec<Vec<Option<Price>>> = Vec::with_capacity(graph.nodes.len());
    // Whether a lane that moved last is inside a turn is told by the move that led here.
    let inside = insides(graph);
    for node in graph.each() {
        let (id, _) = node?;
        let start = id + 1 == graph.nodes.len();
        let lasts = 0..=inside[id].len();
        let price = lasts.map(|last| {
            let last = Some(last).filter(|&last| last < inside[id].len() && !start);
            best(graph, &prices, (id, last), &inside, (finding, first)).map(|best| best.0)
        });
        prices.push(price.collect());
    }
    let total = prices.last().and_then(|prices| *prices.last()?);
    let Some(total) = total else { return Ok(None) };
    let mut moves = Vec::new();
    let (mut id, mut last) = (graph.nodes.len() - 1, None);
    while let Some((_, Some(lane), to)) =
        best(graph, &prices, (id, last), &inside, (finding, first))
    {
        moves.push(lane);
        match to {
            Some(to) => (id, last) = (to, Some(lane)),
            None => break,
        }
    }
    Ok(Some((total, moves)))
}

/// For each state and lane, whether that lane, having moved last, is inside a turn.
fn insides<C>(graph: &StateGraph<C>) -> Vec<Vec<bool>> {
    let edges = || graph.nodes.iter().flat_map(|node| &node.edges);
    let lanes = edges().map(|edge| edge.lane + 1).max().unwrap_or(0);
    let mut inside = vec![vec![false; lanes]; graph.nodes.len()];
    for edge in edges() {
        inside[edge.to][edge.lane] = edge.inside;
    }
    inside
}

/// What is left to pay, the lane that moves next and where that leads, if it does not show the
/// finding itself.
fn best<C>(
    graph: &StateGraph<C>,
    prices: &[Vec<Option<Price>>],
    (id, last): (NodeId, Option<LaneId>),
    inside: &[Vec<bool>],
    (finding, first): (Findings, LeastFirst),
) -> Option<(Price, Option<LaneId>, Option<NodeId>)> {
    let node = &graph.nodes[id];
    if node.ends_with & finding != 0 {
        return Some(([0; 4], None, None));
    }
    let could_move = node.edges.iter().any(|edge| Some(edge.lane) == last);
    let ways = node.edges.iter().filter_map(|edge| {
        let shows = edge.wrong & finding != 0;
        let rest = if shows { [0; 4] } else { prices[edge.to][edge.lane]? };
        let switches = last.is_some_and(|last| last != edge.lane);
        let preempts = switches && could_move && last.is_some_and(|last| inside[id][last]);
        let lanes_and_preemptions = match first {
            LeastFirst::Lanes => [usize::from(edge.first), usize::from(preempts)],
            LeastFirst::Preemptions => [usize::from(preempts), usize::from(edge.first)],
        };
        let own = [lanes_and_preemptions[0], lanes_and_preemptions[1], usize::from(switches), 1];
        let price: Price = std::array::from_fn(|part| own[part] + rest[part]);
        Some((price, Some(edge.lane), (!shows).then_some(edge.to)))
    });
    ways.min_by_key(|(price, ..)| *price)
}
