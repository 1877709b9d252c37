//! Orders drawn at random, for what could not be looked at as a whole.
//!
//! Each next lane is drawn uniformly from those that can move, as for an exact chance. The draws
//! come from a generator that counts (ChaCha, one stream for each sample), so the same seed draws
//! the same orders on any number of threads. How many are drawn is told by how much is to be
//! looked at for one, not by a clock, so that it is the same on any machine. What was seen is told with the interval of Clopper
//! and Pearson ("The use of confidence or fiducial limits", Biometrika 26, 1934), which holds at
//! least as often as it says. A sample is no proof: where nothing was seen, the interval says how
//! likely it can still be.

use super::{Findings, Judge};
use crate::model::LaneId;
use crate::model::context::Context;
use crate::model::program::Program;
use crate::model::state::State;
use crate::model::step::step;
use crate::platform::is_interrupted;
use num_bigint::BigUint;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use statrs::function::beta::inv_beta_reg;

/// How sure an interval is: it holds in at least so many of 100 cases.
pub const PERCENT: f64 = 95.0;
/// The most orders that are drawn.
pub const SAMPLES_MAX: u64 = 10_000_000;
/// A run with more steps than this is not followed to its end; no program has as many.
const STEPS_MAX: usize = 1 << 20;
/// Registers that are looked at within a second or two.
const WORK_MAX: u64 = 20_000_000;

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

/// How many orders are drawn, and from what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// The most.
    pub samples: u64,
    /// No more are drawn once so much was looked at: registers, each time that a lane is tried.
    pub work_max: u64,
    /// The seed.
    pub seed: u64,
}

impl Sampling {
    /// As many as say something, if they are short; fewer long ones, within a second or two.
    pub fn while_it_pays(seed: u64) -> Sampling {
        Sampling { samples: 10_000, work_max: WORK_MAX, seed }
    }
}

/// What was seen in the samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// How many orders were drawn.
    pub samples: u64,
    /// How many were asked for; more than were drawn, if more did not pay, or if the user did not
    /// want to wait for them.
    pub samples_wanted: u64,
    /// Whether it ended because of the user.
    pub interrupted: bool,
    /// The seed.
    pub seed: u64,
    /// For each finding asked for, how many of the orders show it.
    pub hits: Vec<u64>,
    /// For each finding asked for, the first of the orders that shows it, up to that moment.
    pub first: Vec<Option<Vec<LaneId>>>,
}

/// One order that was drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Each move, and what is wrong with it. What is wrong with the end of the run is said of the
    /// last one.
    pub moves: Vec<(Findings, LaneId)>,
    /// How much was looked at.
    pub work: u64,
}

impl Drawn {
    /// The same order, with what is wrong with it according to somebody else too.
    pub fn and(mut self, other: Drawn) -> Drawn {
        self.moves.iter_mut().zip(other.moves).for_each(|(one, other)| one.0 |= other.0);
        self.work += other.work;
        self
    }
}

/// So many orders are drawn before it is looked at whether to go on.
const BATCH: u64 = 200;

/// Draws orders and judges them. An order must depend on the draws alone. `watch` is told how many
/// were drawn, from time to time.
pub fn sample(
    draw: &(dyn Fn(&dyn Fn() -> Draws) -> Drawn + Sync),
    (findings, watch): (&[Findings], &dyn Fn(u64)),
    sampling: Sampling,
) -> Sampled {
    let Sampling { samples, work_max, seed } = sampling;
    let draw = |index| draw(&|| Draws::new(seed, index));
    // What was looked at, and for each finding how often, and in which sample first.
    let none = || (0, vec![(0, u64::MAX); findings.len()]);
    let add = |mut left: (u64, Vec<(u64, u64)>), right: (u64, Vec<(u64, u64)>)| {
        left.0 += right.0;
        let pairs = left.1.iter_mut().zip(right.1);
        pairs.for_each(|(left, right)| *left = (left.0 + right.0, left.1.min(right.1)));
        left
    };
    let mut seen = none();
    let mut done = 0;
    let mut interrupted = false;
    while done < samples && seen.0 < work_max && !interrupted {
        let batch = done..samples.min(done + BATCH);
        let drawn = batch.clone().into_par_iter().map(|index| {
            let Drawn { moves, work } = draw(index);
            let found = moves.iter().fold(0, |all, (found, _)| all | found);
            let hit = |bit: &Findings| if found & bit != 0 { (1, index) } else { (0, u64::MAX) };
            (work, findings.iter().map(hit).collect())
        });
        seen = add(seen, drawn.reduce(none, add));
        done = batch.end;
        watch(done);
        interrupted = done < samples && is_interrupted();
    }
    // A draw depends on its number alone, so the first one can be made again.
    let first = seen.1.iter().zip(findings).map(|(&(hits, index), bit)| {
        let order = if hits > 0 { draw(index).moves } else { Vec::new() };
        let shown = order.iter().position(|(found, _)| found & bit != 0)?;
        Some(order[..=shown].iter().map(|&(_, lane)| lane).collect())
    });
    let (first, hits) = (first.collect(), seen.1.iter().map(|hit| hit.0).collect());
    Sampled { samples: done, samples_wanted: samples, interrupted, seed, hits, first }
}

/// Draws one order. Driven here, not by `replay::driver`: a drawn order has no record, and there are
/// many of them.
pub fn draw<C: Context>(program: &Program, judge: &dyn Judge<C>, mut draws: Draws) -> Drawn {
    let mut state = State::<C>::first(program);
    let registers = (state.lanes.len() + state.cells.len() + state.mailboxes.len()) as u64;
    let mut drawn = Drawn::default();
    for _ in 0..STEPS_MAX {
        let complete = state.is_complete(program);
        // Whoever cannot move is drawn no second time, so those who can have the same chance each.
        let mut lanes: Vec<LaneId> = (0..program.lanes.len()).collect();
        let mut moved = None;
        while !complete && moved.is_none() && !lanes.is_empty() {
            let lane = lanes.swap_remove(draws.below(lanes.len()));
            moved = step(program, &state, lane).ok().map(|moved| (lane, moved));
            drawn.work += registers;
        }
        let Some((lane, moved)) = moved else {
            let end = judge.end(program, &state, !complete);
            drawn.moves.last_mut().into_iter().for_each(|last| last.0 |= end);
            return drawn;
        };
        drawn.moves.push((moved.reply.map_or(0, |reply| judge.reply(program, &reply)), lane));
        state = moved.state;
    }
    drawn
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
