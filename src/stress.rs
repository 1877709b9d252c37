//! The twin of a strategy on real threads, again and again: how often does it really go wrong?
//!
//! Every lane is a thread, and while the assistant thinks the thread really waits, for a time
//! that a seed decides. Each run is traced and followed through the simulated program, so a run
//! that the program does not allow is noticed at once.

use crate::anomalies::Anomaly;
use crate::model::program::Program;
use crate::platform::{Arc, Real, is_interrupted, pause};
use crate::replay::record::Record;
use crate::twins::Opener;
use crate::twins::drift::Drift;
use crate::twins::play::Play;
use crate::twins::stage::Request;
use schemars::JsonSchema;
use serde::Serialize;
use std::time::{Duration, Instant};

/// What to run.
pub struct Plan<'a> {
    /// The program that the twin must be a path of; at grain `access`.
    pub program: &'a Program,
    /// Makes its twin.
    pub open: Opener<Real>,
    /// How many runs.
    pub runs: u64,
    /// Stop then, also with fewer runs.
    pub until: Instant,
    /// The longest that the assistant thinks, in microseconds; a run draws from 0 to this.
    pub infer_us: u64,
    /// What the waiting times are drawn from.
    pub seed: u64,
}

/// What was seen.
pub struct Seen {
    /// Runs that were made.
    pub runs: u64,
    /// Whether time ran out, or the user wanted no more, before the wanted runs were made.
    pub cut: Option<Cut>,
    /// For each anomaly asked for, the runs that showed it.
    pub with: Vec<u64>,
    /// The first run that is no path of the simulated program.
    pub drift: Option<Drift>,
}

/// Why fewer runs were made than asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cut {
    /// The time was up.
    Time,
    /// Ctrl-C.
    Interrupted,
}

impl Cut {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Cut::Time => "time",
            Cut::Interrupted => "interrupted",
        }
    }
}

/// Makes the runs. `watch` is told how many are made.
pub fn stress(plan: &Plan, anomalies: &[&Anomaly], watch: &dyn Fn(u64)) -> Seen {
    let mut seen = Seen { runs: 0, cut: None, with: vec![0; anomalies.len()], drift: None };
    while seen.runs < plan.runs && seen.drift.is_none() {
        seen.cut = match () {
            () if is_interrupted() => Some(Cut::Interrupted),
            () if Instant::now() >= plan.until => Some(Cut::Time),
            () => None,
        };
        if seen.cut.is_some() {
            break;
        }
        match run_once(plan, seen.runs) {
            Ok(record) => {
                for (count, anomaly) in seen.with.iter_mut().zip(anomalies) {
                    *count += u64::from(!(anomaly.find)(plan.program, &record).is_empty());
                }
            }
            Err(drift) => seen.drift = Some(drift),
        }
        seen.runs += 1;
        watch(seen.runs);
    }
    seen
}

fn run_once(plan: &Plan, run: u64) -> Result<Record, Drift> {
    let jitter = Jitter { seed: plan.seed, run, infer_us: plan.infer_us };
    let play = Play {
        program: plan.program,
        thinks: Arc::new(move |request| pause(jitter.drawn(request, 0))),
        // Users do not press a button at the very same moment.
        hesitates: Arc::new(move |request| pause(jitter.drawn(request, 1))),
    };
    play.once(plan.open)
}

/// Waiting times, each decided by the seed, the run and the turn alone.
#[derive(Clone, Copy)]
struct Jitter {
    seed: u64,
    run: u64,
    infer_us: u64,
}

impl Jitter {
    fn drawn(&self, request: &Request, what: u64) -> Duration {
        let counter = (self.run << 16) ^ ((request.turn as u64) << 1) ^ what;
        let random = mix(self.seed ^ mix(counter));
        Duration::from_micros(random % (self.infer_us + 1))
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): a number that looks random, from any number.
fn mix(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
