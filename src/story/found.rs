//! What was found about one anomaly.

use super::command::Command;
use super::entry::Entry;
use super::numbers::{Chance, digits, float, outward};
use super::order::Order;
use crate::anomalies::reason::Reason;
use crate::explore::sample::interval;
use crate::model::LaneId;
use crate::model::program::Program;
use crate::model::schedule;
use crate::scenario::Frequency;
use crate::verdict::{Judged, Kind, WitnessRun};
use crate::words::Phrase;
use num_bigint::BigUint;
use schemars::JsonSchema;
use serde::Serialize;

/// What was found about one anomaly.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AnomalyDocument")]
pub struct Found {
    /// Its name.
    #[serde(skip)]
    pub id: &'static str,
    /// What stands beside a reply that shows it.
    #[serde(skip)]
    pub mark: &'static str,
    /// How often it shows: never, sometimes, always; unknown if a limit was hit before anything
    /// was seen.
    pub verdict: &'static str,
    /// How many orders show it, in decimal digits.
    #[serde(serialize_with = "digits")]
    #[schemars(with = "String")]
    pub interleavings: BigUint,
    /// How likely such an order is.
    #[serde(flatten)]
    pub chance: Chance,
    /// If a limit was hit: the probability is at most this, for certain. null otherwise.
    pub probability_at_most: Option<f64>,
    /// It is at most so likely: the same, unless a limit was hit.
    #[serde(skip)]
    pub chance_max: Chance,
    /// In how many orders drawn at random it was seen; null if none were drawn.
    pub sampled: Option<Hits>,
    /// sharing: happens when whole turns run one after another. chain: needs no overlap, but a
    /// request of somebody else between two functions of a turn. race: needs requests that overlap.
    /// null if it never shows, is not about data, or a limit left it open.
    pub kind: Option<&'static str>,
    /// The same, to decide by.
    #[serde(skip)]
    pub is: Option<Kind>,
    /// Whether it needs two requests that overlap, as long as nobody cancels one; none if that is not
    /// known.
    #[serde(skip)]
    pub needs_overlap: Option<bool>,
    /// The fewest preemptions that it needs; null if it never shows.
    pub preemptions: Option<u64>,
    /// The simplest order that shows it; null if it never shows.
    pub witness: Option<Witness>,
    /// What happens in that order, in one sentence; null if it never shows.
    pub sentence: Option<Phrase>,
    /// How that came about, in sentences; empty if it never shows.
    pub why: Vec<Phrase>,
    /// The same, as facts.
    pub reasons: Vec<Reason>,
}

/// In how many of the drawn orders an anomaly was seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "HitsDocument")]
pub struct Hits {
    /// In so many.
    pub hits: u64,
    /// The probability is at least this, at 95 % (Clopper and Pearson).
    pub at_least: f64,
    /// The probability is at most this, at 95 %.
    pub at_most: f64,
}

/// An order that shows an anomaly, up to the step that shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "WitnessDocument")]
pub struct Witness {
    /// The schedule, as `interleak replay --schedule` takes it.
    pub schedule: String,
    /// The lanes that move, by name.
    pub lanes: Vec<String>,
    /// How often a lane is interrupted inside a turn.
    pub preemptions: u64,
    /// How often another lane moves than the one before.
    pub switches: u64,
    /// After so many of its steps the anomaly cannot be avoided any more; null if a limit was hit.
    pub lost_from: Option<usize>,
    /// What happens in it.
    #[serde(flatten)]
    pub order: Order,
    /// What replays it.
    #[serde(skip)]
    pub again: Command,
    /// What replays it, and judges only this anomaly.
    #[serde(skip)]
    pub again_only: Command,
}

impl Found {
    /// What is known about an anomaly.
    pub(super) fn of(entry: &Entry, judged: &Judged) -> Found {
        let program = &entry.verdict.program;
        let witness = judged.witness.as_ref();
        let anomaly = judged.anomaly;
        let reasons =
            witness.map_or_else(Vec::new, |run| (anomaly.why)(program, &run.record, &run.finding));
        let samples = entry.verdict.sampled.as_ref().map_or(0, |sampled| sampled.samples);
        Found {
            id: anomaly.id,
            mark: anomaly.mark,
            verdict: judged.frequency.map_or("unknown", Frequency::name),
            interleavings: judged.orders.clone(),
            chance: Chance::of(&judged.chance),
            probability_at_most: entry.verdict.stopped.map(|_| float(&judged.chance_max)),
            chance_max: Chance::of(&judged.chance_max),
            sampled: judged.hits.map(|hits| {
                let (at_least, at_most) = outward(interval(hits, samples));
                Hits { hits, at_least, at_most }
            }),
            kind: judged.kind.map(Kind::name),
            is: judged.kind,
            needs_overlap: judged.needs_overlap,
            preemptions: judged.preemptions,
            sentence: witness.map(|run| (anomaly.say)(program, &run.record, &run.finding).phrase()),
            why: reasons.iter().map(Reason::phrase).collect(),
            reasons,
            witness: witness.map(|run| Witness::of(entry, judged, run)),
        }
    }

    /// Whether a whole number of orders shows it: each of them.
    pub fn in_all(&self, orders: &BigUint) -> bool {
        self.interleavings == *orders
    }
}

impl Witness {
    fn of(entry: &Entry, judged: &Judged, run: &WitnessRun) -> Witness {
        let program = &entry.verdict.program;
        let order = Order::of(program, &run.record, &[(judged.anomaly, &run.finding)]);
        Witness {
            schedule: schedule::print(program, &run.moves),
            lanes: lanes(program, &run.moves),
            preemptions: run.cost.preemptions,
            switches: run.cost.switches,
            lost_from: judged.lost_from,
            order,
            again: entry.replay(&run.moves, None),
            again_only: entry.replay(&run.moves, Some(judged.anomaly.id)),
        }
    }
}

/// The lanes that move, each once, in the order of the program.
pub fn lanes(program: &Program, moves: &[LaneId]) -> Vec<String> {
    let mut lanes = moves.to_vec();
    lanes.sort_unstable();
    lanes.dedup();
    lanes.into_iter().map(|lane| program.lanes[lane].name.clone()).collect()
}
