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

/// Bytes that the numbers of two layers may take at most, as far as one item at a time allows.
const PASS_BYTES: usize = 256 << 20;
/// And at most one part in so many of all memory.
const PASS_PART: usize = 8;
/// The widest number that has its place in a list; a wider one lies elsewhere.
const INLINE_BITS_MAX: u64 = 1024;
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
    /// How many bytes may be taken; as many items are counted at once as that allows, and one at
    /// least.
    pub bytes_max: usize,
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
    let step = Common::of(moves_max(graph));
    // No number is larger than the common denominator, times the pairs of a group.
    let pairs = asked.groups.iter().map(Vec::len).sum::<usize>() as u64 + 1;
    let whole = step.big().pow(graph.layers.len() as u32) * pairs;
    let bytes_max = PASS_BYTES.min(asked.bytes_max / PASS_PART);
    let tallier = Tallier { graph, groups: &asked.groups, open, step, bytes_max };
    let findings = asked.findings.iter().map(|&finding| Item::Finding(finding));
    let items: Vec<Item> = findings.chain((0..asked.groups_count).map(Item::Group)).collect();
    let tallied = match whole.bits() {
        0..=128 => tallier.tally::<u128>(&items),
        129..=192 => tallier.tally::<Wide<3>>(&items),
        193..=256 => tallier.tally::<Wide<4>>(&items),
        257..=384 => tallier.tally::<Wide<6>>(&items),
        385..=512 => tallier.tally::<Wide<8>>(&items),
        513..=INLINE_BITS_MAX => tallier.tally::<Wide<16>>(&items),
        _ => None,
    };
    let tallied = tallied.or_else(|| tallier.tally::<BigUint>(&items));
    let (orders, mut with) = tallied.unwrap_or_default();
    let heard = with.split_off(asked.findings.len().min(with.len()));
    Tally { orders, with, heard }
}

/// How many bytes it takes to count one item of a graph: two layers of three numbers.
pub fn bytes_min(graph: &Graph) -> usize {
    2 * width(&[Item::Group(0)]) * graph.width() * number_bytes(graph)
}

/// How many bytes [`orders`] takes.
pub fn orders_bytes(graph: &Graph) -> usize {
    graph.states() * (number_bytes(graph) + size_of::<BigUint>())
}

/// How many bytes the widest number of a graph takes.
fn number_bytes(graph: &Graph) -> usize {
    let bits = Common::of(moves_max(graph)).big().bits() * graph.layers.len() as u64;
    let elsewhere = if bits > INLINE_BITS_MAX { size_of::<BigUint>() } else { 0 };
    // The next wider kind of number is at most half as wide again, or twice.
    elsewhere + ((bits + bits / 2) as usize).div_ceil(8).max(size_of::<u128>())
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

/// The least common multiple of 1, 2, … up to some number, in two factors: that of 64 lanes has 91
/// bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Common([u64; 2]);

impl Common {
    fn of(moves: u64) -> Common {
        (1..=moves).fold(Common([1, 1]), |Common([one, other]), moves| {
            // What of this number is in neither of them yet.
            let rest = moves / moves.gcd(&one);
            let new = rest / rest.gcd(&other);
            match one.checked_mul(new) {
                Some(one) => Common([one, other]),
                None => Common([one, other * new]),
            }
        })
    }

    /// One part in so many, which must be a number that it is a multiple of.
    fn share(self, parts: u64) -> Common {
        let Common([one, other]) = self;
        let of_one = one.gcd(&parts);
        // It divides the product, and has nothing more in common with the first factor.
        Common([one / of_one, other / (parts / of_one)])
    }

    fn times<N: Number>(self, number: &N) -> Option<N> {
        let Common([one, other]) = self;
        let product = number.times(one)?;
        if other == 1 { Some(product) } else { product.times(other) }
    }

    fn big(self) -> BigUint {
        BigUint::from(self.0[0]) * self.0[1]
    }
}

struct Tallier<'a> {
    graph: &'a Graph,
    groups: &'a [Vec<Option<usize>>],
    open: Open,
    /// Least common multiple of 1, 2, …, the most moves out of a state.
    step: Common,
    /// Bytes that the numbers of two layers may take, as far as one item at a time allows.
    bytes_max: usize,
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
        let number_bytes = size_of::<N>().max(number_bytes(self.graph));
        let number_bytes = 2 * number_bytes * self.graph.width().max(1);
        let at_once = (self.bytes_max / number_bytes).saturating_sub(1) / 2;
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
                pass.here = self.step.times(&pass.next)?;
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
        let share = self.step.share(edges.len() as u64);
        for edge in edges {
            let to = &next[edge.to as usize * width..][..width];
            match edge.marked {
                false => values.iter_mut().zip(to).try_for_each(|(value, to)| value.add(to))?,
                true => self.marked(layer.mark(&edge), pass, to, values)?,
            }
        }
        for chance in values.iter_mut().skip(2).step_by(2) {
            *chance = share.times(chance)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Of so many lanes as a program can have, the multiple has more than 64 bits.
    #[test]
    fn the_common_multiple_is_one_of_every_number_of_moves() {
        let mut multiple = BigUint::from(1_u32);
        for moves in 1..=64_u64 {
            multiple = multiple.lcm(&BigUint::from(moves));
            let common = Common::of(moves);
            assert_eq!(common.big(), multiple, "{moves}");
            for parts in 1..=moves {
                assert_eq!(common.share(parts).big() * parts, multiple, "{parts} of {moves}");
            }
        }
        assert_eq!(multiple.bits(), 90);
    }
}
