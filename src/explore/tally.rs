//! The backward pass: exact numbers of orders and exact probabilities.
//!
//! With *t* the states that the moves out of *s* lead to:
//!
//! ```text
//! orders          N(s) = Σ N(t)                              1 where a run is over
//! with a finding  L(s) = Σ (finding on the move ? N(t) : L(t))
//! chance          P(s) = (1/moves) · Σ (finding on the move ? 1 : P(t))
//! ```
//!
//! A finding is a property of a move or of an end, so no state has to remember that something
//! went wrong. Chances are kept as whole numbers over a common denominator, which makes them
//! exact: with *M* the least common multiple of 1, 2, …, lanes and *r* the layers that are left,
//! P(s) = p(s) / M^r and p(s) = Σ (M/moves) · (finding ? M^(r-1) : p(t)).
//!
//! A state that a limit left unexpanded counts as one order with no finding. All numbers are then
//! lower bounds: each such prefix goes on to at least one order.

use super::Findings;
use super::number::Number;
use super::walk::{Graph, Layer};
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::Zero;
use rayon::prelude::*;

/// Layers up to this many states are tallied on one thread.
const SEQUENTIAL_MAX: usize = 4096;

/// How many orders there are, and how many of them show each finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// All orders.
    pub orders: BigUint,
    /// One entry for each bit that was asked for, in the order asked.
    pub with: Vec<With>,
}

/// Orders that show one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct With {
    /// How many there are.
    pub orders: BigUint,
    /// How likely one is when each next lane is drawn uniformly from those that can move.
    pub chance: Ratio,
}

/// An exact fraction in lowest terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Above the line.
    pub numerator: BigUint,
    /// Below the line; never nought.
    pub denominator: BigUint,
}

impl Ratio {
    /// The fraction in lowest terms.
    pub fn new(numerator: BigUint, denominator: BigUint) -> Ratio {
        let divisor = numerator.gcd(&denominator);
        match divisor.is_zero() {
            true => Ratio { numerator, denominator },
            false => Ratio { numerator: numerator / &divisor, denominator: denominator / &divisor },
        }
    }
}

/// Counts all orders, and those that show each of the given findings (one bit each).
pub fn tally(graph: &Graph, asked: &[Findings]) -> Tally {
    // Almost every class-sized run fits 128 bits. Whatever does not fit says so and is redone.
    tally_with::<u128>(graph, asked)
        .or_else(|| tally_with::<BigUint>(graph, asked))
        .unwrap_or_else(|| Tally { orders: BigUint::ZERO, with: Vec::new() })
}

/// The number of orders from each state on, layer by layer.
pub fn orders(graph: &Graph) -> Vec<Vec<BigUint>> {
    let mut layers: Vec<Vec<BigUint>> = vec![Vec::new(); graph.layers.len()];
    for depth in (0..graph.layers.len()).rev() {
        let layer = &graph.layers[depth];
        let orders = |state| {
            let edges = layer.edges(state);
            match edges.is_empty() {
                true => BigUint::from(1_u32),
                false => edges.iter().map(|edge| &layers[depth + 1][edge.to as usize]).sum(),
            }
        };
        layers[depth] = (0..layer.len()).map(orders).collect();
    }
    layers
}

/// For each state: orders, then for each finding asked for, orders with it and its chance.
struct Values<N>(Vec<N>);

struct Scale<N> {
    /// Least common multiple of 1, 2, …, lanes.
    step: u64,
    /// M^r, with r the layers after this one.
    here: N,
    /// M^(r-1).
    next: N,
}

fn tally_with<N: Number>(graph: &Graph, asked: &[Findings]) -> Option<Tally> {
    let step = (1..=moves_max(graph)).fold(1, |multiple: u64, moves| multiple.lcm(&moves));
    let mut scale = Scale { step, here: N::one(), next: N::one() };
    let mut values: Values<N> = Values(Vec::new());
    let mut deepest = true;
    for layer in graph.layers.iter().rev() {
        if !deepest {
            scale.next = scale.here;
            scale.here = scale.next.times(step)?;
        }
        deepest = false;
        values = tally_layer(layer, asked, &scale, &values)?;
    }
    let whole = scale.here.big();
    let first = values.0;
    let with = first[1..].chunks(2).map(|pair| With {
        orders: pair[0].big(),
        chance: Ratio::new(pair[1].big(), whole.clone()),
    });
    Some(Tally { orders: first[0].big(), with: with.collect() })
}

/// The most lanes that can move at once anywhere.
fn moves_max(graph: &Graph) -> u64 {
    let layers = graph.layers.iter();
    let most = layers.flat_map(|layer| (0..layer.len()).map(|state| layer.edges(state).len()));
    most.max().unwrap_or(0).max(1) as u64
}

fn tally_layer<N: Number>(
    layer: &Layer,
    asked: &[Findings],
    scale: &Scale<N>,
    next: &Values<N>,
) -> Option<Values<N>> {
    let tally = |state| tally_state(layer, state, asked, scale, next);
    let states: Option<Vec<Vec<N>>> = match layer.len() <= SEQUENTIAL_MAX {
        true => (0..layer.len()).map(tally).collect(),
        false => (0..layer.len()).into_par_iter().map(tally).collect(),
    };
    Some(Values(states?.into_iter().flatten().collect()))
}

fn tally_state<N: Number>(
    layer: &Layer,
    state: usize,
    asked: &[Findings],
    scale: &Scale<N>,
    next: &Values<N>,
) -> Option<Vec<N>> {
    let width = 1 + 2 * asked.len();
    let mut values = vec![N::zero(); width];
    let edges = layer.edges(state);
    if edges.is_empty() {
        values[0] = N::one();
        let found = layer.end(state).map_or(0, |end| end.findings);
        for (index, bit) in asked.iter().enumerate() {
            if found & bit != 0 {
                values[1 + 2 * index] = N::one();
                values[2 + 2 * index] = scale.here.clone();
            }
        }
        return Some(values);
    }
    let share = scale.step / edges.len() as u64;
    for edge in edges {
        let to = &next.0[edge.to as usize * width..][..width];
        values[0] = values[0].plus(&to[0])?;
        for (index, bit) in asked.iter().enumerate() {
            let found = edge.findings & bit != 0;
            let (orders, chance) = (1 + 2 * index, 2 + 2 * index);
            let with = if found { &to[0] } else { &to[orders] };
            let likely = if found { &scale.next } else { &to[chance] };
            values[orders] = values[orders].plus(with)?;
            values[chance] = values[chance].plus(&likely.times(share)?)?;
        }
    }
    Some(values)
}
