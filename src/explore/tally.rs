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
//! *Who heard whom* is counted by the same sums, only that a run goes on after a reply:
//!
//! ```text
//! heard           H(s) = Σ (replies here that heard · N(t) + H(t))
//! ```
//!
//! A state that a limit left unexpanded counts as one order: each such beginning goes on to at
//! least one. Whether a finding follows is open, so it is counted twice: never, which makes every
//! number a lower bound, and always, which makes the chance an upper one.

use super::Findings;
use super::graph::{Graph, Layer};
use super::number::{Number, Wide};
use super::space::{Mark, Users};
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::Zero;
use rayon::prelude::*;

/// Bytes that the numbers of two layers may take, as far as one item at a time allows.
const PASS_BYTES: usize = 256 << 20;
/// Layers up to this many states are tallied on one thread.
const SEQUENTIAL_MAX: usize = 1024;

/// How many orders there are, and how many of them show each finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// All orders.
    pub orders: BigUint,
    /// One entry for each bit that was asked for, in the order asked.
    pub with: Vec<With>,
    /// One entry for each group of pairs that was asked for: the sum over its pairs.
    pub heard: Vec<With>,
}

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Findings, one bit each.
    pub findings: Vec<Findings>,
    /// For each turn and user, the group that the pair (reply, heard user) is counted in, if it is.
    pub groups: Vec<Vec<Option<usize>>>,
    /// How many groups there are.
    pub groups_count: usize,
}

/// What follows from a state that a limit left unexpanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Nothing is found any more: lower bounds.
    Nothing,
    /// Everything is found: upper bounds of chances.
    Everything,
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

/// Counts all orders, and those that show what is asked.
pub fn tally(graph: &Graph, asked: &Asked, open: Open) -> Tally {
    let step = (1..=moves_max(graph)).fold(1, |multiple: u64, moves| multiple.lcm(&moves));
    // No number is larger than the common denominator, times the pairs of a group.
    let pairs = asked.groups.iter().map(Vec::len).sum::<usize>() as u64 + 1;
    let whole = BigUint::from(step).pow(graph.layers.len() as u32) * pairs;
    let tallier = Tallier { graph, groups: &asked.groups, open, step };
    let findings = asked.findings.iter().map(|&finding| Item::Finding(finding));
    let items: Vec<Item> = findings.chain((0..asked.groups_count).map(Item::Group)).collect();
    let tallied = match whole.bits() {
        0..=128 => tallier.tally::<u128>(&items),
        129..=192 => tallier.tally::<Wide<3>>(&items),
        193..=256 => tallier.tally::<Wide<4>>(&items),
        257..=384 => tallier.tally::<Wide<6>>(&items),
        385..=512 => tallier.tally::<Wide<8>>(&items),
        513..=1024 => tallier.tally::<Wide<16>>(&items),
        _ => None,
    };
    let tallied = tallied.or_else(|| tallier.tally::<BigUint>(&items));
    let (orders, mut with) = tallied.unwrap_or_default();
    let heard = with.split_off(asked.findings.len().min(with.len()));
    Tally { orders, with, heard }
}

/// The number of orders from each state on, layer by layer.
pub fn orders(graph: &Graph) -> Vec<Vec<BigUint>> {
    let mut layers: Vec<Vec<BigUint>> = vec![Vec::new(); graph.layers.len()];
    for depth in (0..graph.layers.len()).rev() {
        let layer = &graph.layers[depth];
        let orders = |state| {
            let edges = layer.edges(state);
            match edges.len() {
                0 => BigUint::from(1_u32),
                _ => edges.map(|edge| &layers[depth + 1][edge.to as usize]).sum(),
            }
        };
        layers[depth] = (0..layer.len()).map(orders).collect();
    }
    layers
}

/// The most lanes that can move at once anywhere.
fn moves_max(graph: &Graph) -> u64 {
    let layers = graph.layers.iter();
    layers.map(Layer::degree_max).max().unwrap_or(0).max(1) as u64
}

struct Tallier<'a> {
    graph: &'a Graph,
    groups: &'a [Vec<Option<usize>>],
    open: Open,
    /// Least common multiple of 1, 2, …, the most moves out of a state.
    step: u64,
}

/// One thing that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Finding(Findings),
    Group(usize),
}

/// The common denominators of one layer, and what is counted.
struct Pass<'a, N> {
    /// M^r, with r the layers after this one.
    here: N,
    /// M^(r-1).
    next: N,
    items: &'a [Item],
}

/// For each state: orders, then for each item, orders with it and its chance.
fn width(items: &[Item]) -> usize {
    1 + 2 * items.len()
}

impl Tallier<'_> {
    /// All orders, then each item; as many items at once as memory allows.
    fn tally<N: Number>(&self, items: &[Item]) -> Option<(BigUint, Vec<With>)> {
        let number_bytes = 2 * size_of::<N>() * self.graph.width().max(1);
        let at_once = (PASS_BYTES / number_bytes).saturating_sub(1) / 2;
        let (mut orders, mut with) = self.pass::<N>(&items[..items.len().min(at_once.max(1))])?;
        for items in items[with.len()..].chunks(at_once.max(1)) {
            let (again, more) = self.pass::<N>(items)?;
            orders = again;
            with.extend(more);
        }
        Some((orders, with))
    }

    fn pass<N: Number>(&self, items: &[Item]) -> Option<(BigUint, Vec<With>)> {
        let width = width(items);
        let mut pass = Pass { here: N::one(), next: N::one(), items };
        let most = width * self.graph.width();
        let mut values: Vec<N> = Vec::with_capacity(most);
        let mut next: Vec<N> = Vec::with_capacity(most);
        for (after, layer) in self.graph.layers.iter().rev().enumerate() {
            if after > 0 {
                pass.next = pass.here;
                pass.here = pass.next.times(self.step)?;
            }
            std::mem::swap(&mut values, &mut next);
            values.clear();
            values.resize(width * layer.len(), N::zero());
            self.layer(layer, &pass, &next, &mut values)?;
        }
        let whole = pass.here.big();
        let with = values[1..width].chunks(2).map(|pair| With {
            orders: pair[0].big(),
            chance: Ratio::new(pair[1].big(), whole.clone()),
        });
        Some((values[0].big(), with.collect()))
    }

    fn layer<N: Number>(
        &self,
        layer: &Layer,
        pass: &Pass<N>,
        next: &[N],
        values: &mut [N],
    ) -> Option<()> {
        let width = width(pass.items);
        let fill = |first: usize, values: &mut [N]| {
            let mut states = values.chunks_mut(width).enumerate();
            states.try_for_each(|(state, values)| {
                self.state(layer, first + state, pass, next, values)
            })
        };
        if layer.len() <= SEQUENTIAL_MAX {
            return fill(0, values);
        }
        let chunks = values.par_chunks_mut(width * SEQUENTIAL_MAX).enumerate();
        chunks.map(|(chunk, values)| fill(chunk * SEQUENTIAL_MAX, values)).collect()
    }

    fn state<N: Number>(
        &self,
        layer: &Layer,
        state: usize,
        pass: &Pass<N>,
        next: &[N],
        values: &mut [N],
    ) -> Option<()> {
        let edges = layer.edges(state);
        if edges.len() == 0 {
            self.ended(layer, state, pass, values);
            return Some(());
        }
        let width = values.len();
        let share = self.step / edges.len() as u64;
        for edge in edges {
            let to = &next[edge.to as usize * width..][..width];
            match edge.marked {
                false => values.iter_mut().zip(to).try_for_each(|(value, to)| value.add(to))?,
                true => self.marked(layer.mark(&edge), pass, to, values)?,
            }
        }
        for chance in values.iter_mut().skip(2).step_by(2) {
            *chance = chance.times(share)?;
        }
        Some(())
    }

    /// Adds what follows a reply of which there is something to say.
    fn marked<N: Number>(
        &self,
        mark: Mark,
        pass: &Pass<N>,
        to: &[N],
        values: &mut [N],
    ) -> Option<()> {
        values[0].add(&to[0])?;
        for (index, item) in pass.items.iter().enumerate() {
            let (orders, chance) = (1 + 2 * index, 2 + 2 * index);
            match *item {
                Item::Finding(finding) if mark.findings & finding != 0 => {
                    values[orders].add(&to[0])?;
                    values[chance].add(&pass.next)?;
                }
                Item::Finding(_) => {
                    values[orders].add(&to[orders])?;
                    values[chance].add(&to[chance])?;
                }
                Item::Group(group) => {
                    values[orders].add(&to[orders])?;
                    values[chance].add(&to[chance])?;
                    let of = &self.groups[usize::from(mark.turn)];
                    for _ in heard(mark.heard).filter(|&user| of[user] == Some(group)) {
                        values[orders].add(&to[0])?;
                        values[chance].add(&pass.next)?;
                    }
                }
            }
        }
        Some(())
    }

    /// A state that nothing leads out of, or that a limit left unexpanded.
    fn ended<N: Number>(&self, layer: &Layer, state: usize, pass: &Pass<N>, values: &mut [N]) {
        values[0] = N::one();
        let found = match (layer.is_expanded(), self.open) {
            (true, _) => layer.end(state).map_or(0, |end| end.findings),
            (false, Open::Nothing) => 0,
            (false, Open::Everything) => Findings::MAX,
        };
        for (index, item) in pass.items.iter().enumerate() {
            if matches!(item, Item::Finding(finding) if found & finding != 0) {
                values[1 + 2 * index] = N::one();
                values[2 + 2 * index] = pass.here.clone();
            }
        }
    }
}

/// The users in a set.
pub fn heard(users: Users) -> impl Iterator<Item = usize> {
    (0..Users::BITS as usize).filter(move |user| users & 1 << user != 0)
}
