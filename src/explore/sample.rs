//! Orders drawn at random, for what could not be looked at as a whole.
//!
//! Each next lane is drawn uniformly from those that can move, as for an exact chance. The draws
//! come from a generator that counts (ChaCha, one stream for each sample), so the same seed draws
//! the same orders on any number of threads. What was seen is told with the interval of Clopper
//! and Pearson ("The use of confidence or fiducial limits", Biometrika 26, 1934), which holds at
//! least as often as it says. A sample is no proof: where nothing was seen, the interval says how
//! likely it can still be.

use super::{Findings, Judge};
use crate::model::LaneId;
use crate::model::context::Context;
use crate::model::program::Program;
use crate::model::state::State;
use crate::model::step::step;
use num_bigint::BigUint;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use statrs::function::beta::inv_beta_reg;

/// How sure an interval is: it holds in at least so many of 100 cases.
pub const PERCENT: f64 = 95.0;
/// A run with more steps than this is not followed to its end; no program has as many.
const STEPS_MAX: usize = 1 << 20;

/// Random numbers that depend on a seed and a number alone.
pub struct Draws(ChaCha8Rng);

impl Draws {
    /// The draws of one stream.
    pub fn new(seed: u64, stream: u64) -> Draws {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Draws(generator)
    }

    /// A number below this one, each with the same chance. `count` is not nought.
    pub fn below(&mut self, count: usize) -> usize {
        let count = count as u64;
        // Numbers beyond the last whole multiple would make small results likelier.
        let rest = (u64::MAX % count + 1) % count;
        loop {
            let number = self.0.next_u64();
            if number <= u64::MAX - rest {
                return (number % count) as usize;
            }
        }
    }

    /// The same, for numbers of any size.
    pub fn below_big(&mut self, count: &BigUint) -> BigUint {
        let bits = count.bits();
        loop {
            let digits = (0..bits.div_ceil(32)).map(|_| self.0.next_u32()).collect();
            let number: BigUint = BigUint::new(digits) & ((BigUint::from(1_u32) << bits) - 1_u32);
            if number < *count {
                return number;
            }
        }
    }
}

/// What was seen in the samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// How many orders were drawn.
    pub samples: u64,
    /// The seed.
    pub seed: u64,
    /// For each finding asked for, how many of the orders show it.
    pub hits: Vec<u64>,
    /// For each finding asked for, the first of the orders that shows it, up to that moment.
    pub first: Vec<Option<Vec<LaneId>>>,
}

/// So many orders are drawn before it is told how many there are.
const BATCH: u64 = 20_000;

/// Draws orders and judges them. `watch` is told how many were drawn, from time to time.
pub fn sample<C: Context>(
    program: &Program,
    judge: &dyn Judge<C>,
    (findings, watch): (&[Findings], &dyn Fn(u64)),
    samples: u64,
    seed: u64,
) -> Sampled {
    // How often, and in which sample first.
    let none = || vec![(0, u64::MAX); findings.len()];
    let add = |mut left: Vec<(u64, u64)>, right: Vec<(u64, u64)>| {
        let pairs = left.iter_mut().zip(right);
        pairs.for_each(|(left, right)| *left = (left.0 + right.0, left.1.min(right.1)));
        left
    };
    let draw = |index| draw(program, judge, &mut Draws::new(seed, index));
    let mut hits = none();
    for start in (0..samples).step_by(BATCH as usize) {
        let batch = start..samples.min(start + BATCH);
        let drawn = batch.clone().into_par_iter().map(|index| {
            let found = draw(index).iter().fold(0, |all, (found, _)| all | found);
            let hit = |bit: &Findings| if found & bit != 0 { (1, index) } else { (0, u64::MAX) };
            findings.iter().map(hit).collect()
        });
        hits = add(hits, drawn.reduce(none, add));
        watch(batch.end);
    }
    // A draw depends on its number alone, so the first one can be made again.
    let first = hits.iter().zip(findings).map(|(&(hits, index), bit)| {
        let order = if hits > 0 { draw(index) } else { Vec::new() };
        let shown = order.iter().position(|(found, _)| found & bit != 0)?;
        Some(order[..=shown].iter().map(|&(_, lane)| lane).collect())
    });
    Sampled { samples, seed, first: first.collect(), hits: hits.iter().map(|hit| hit.0).collect() }
}

/// Draws one order: each move, and what is wrong with it. What is wrong with the end of the run
/// is said of the last one.
fn draw<C: Context>(
    program: &Program,
    judge: &dyn Judge<C>,
    draws: &mut Draws,
) -> Vec<(Findings, LaneId)> {
    let mut state = State::<C>::first(program);
    let mut order: Vec<(Findings, LaneId)> = Vec::new();
    for _ in 0..STEPS_MAX {
        let complete = state.is_complete(program);
        let lanes = if complete { 0 } else { program.lanes.len() };
        let mut moves: Vec<_> =
            (0..lanes).filter_map(|lane| Some((lane, step(program, &state, lane).ok()?))).collect();
        if moves.is_empty() {
            let end = judge.end(program, &state, !complete);
            order.last_mut().into_iter().for_each(|last| last.0 |= end);
            return order;
        }
        let (lane, moved) = moves.swap_remove(draws.below(moves.len()));
        order.push((moved.reply.map_or(0, |reply| judge.reply(program, &reply)), lane));
        state = moved.state;
    }
    order
}

/// The interval of Clopper and Pearson: the least and the greatest chance.
pub fn interval(hits: u64, samples: u64) -> (f64, f64) {
    let tail = (100.0 - PERCENT) / 200.0;
    let (hits, samples) = (hits as f64, samples as f64);
    let low = match hits > 0.0 {
        // With every sample a hit there is nothing above: all doubt is below.
        true if hits == samples => (2.0 * tail).powf(1.0 / samples),
        true => inv_beta_reg(hits, samples - hits + 1.0, tail),
        false => 0.0,
    };
    let high = match hits < samples {
        true if hits == 0.0 => 1.0 - (2.0 * tail).powf(1.0 / samples),
        true => inv_beta_reg(hits + 1.0, samples - hits, 1.0 - tail),
        false => 1.0,
    };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hits: u64, samples: u64, low: f64, high: f64) {
        let found = interval(hits, samples);
        assert!((found.0 - low).abs() < 5e-5, "{found:?}");
        assert!((found.1 - high).abs() < 5e-5, "{found:?}");
    }

    /// Two-sided values as in R's `binom.test`; one-sided where there is no hit or only hits.
    #[test]
    fn intervals_are_those_of_clopper_and_pearson() {
        check(1, 10, 0.0025, 0.4450);
        check(5, 10, 0.1871, 0.8129);
        check(50, 1000, 0.0373, 0.0654);
        check(0, 100, 0.0, 0.0295);
        check(100, 100, 0.9705, 1.0);
    }

    /// Of all runs of a fair coin, at least 95 of 100 have an interval that holds one half.
    #[test]
    fn intervals_hold_as_often_as_they_say() {
        let samples: u64 = 12;
        let orders = 1_u64 << samples;
        let choose = |hits: u64| (0..hits).fold(1, |all, k| all * (samples - k) / (k + 1));
        let holds = |hits: u64| {
            let (low, high) = interval(hits, samples);
            (low..=high).contains(&0.5)
        };
        let held: u64 = (0..=samples).filter(|&hits| holds(hits)).map(choose).sum();
        assert!(held * 100 >= orders * 95, "{held} of {orders}");
    }

    #[test]
    fn draws_are_even_and_depend_on_seed_and_stream_alone() {
        let mut counts = [0_usize; 6];
        for stream in 0..6000 {
            counts[Draws::new(7, stream).below(6)] += 1;
        }
        assert!(counts.iter().all(|&count| (850..1150).contains(&count)), "{counts:?}");
        let drawn = |seed, stream| Draws::new(seed, stream).below(1 << 40);
        assert_eq!(drawn(1, 2), drawn(1, 2));
        assert_ne!(drawn(1, 2), drawn(2, 1));
        let big = BigUint::from(10_u32).pow(40);
        assert!((0..100).all(|stream| Draws::new(3, stream).below_big(&big) < big));
    }
}
