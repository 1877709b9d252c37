//! The JSON document of `interleak stress --format json`. Other programs rely on it.

use super::{Stressed, wilson};
use crate::report::json::to_text;
use crate::report::numbers::{float, fraction};
use crate::scenario::Frequency;
use crate::story::limit::why_stopped;
use crate::stress::Cut;
use crate::verdict::Judged;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use std::collections::BTreeMap;

/// A strategy on real threads, beside what the explorer says.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak stress")]
struct Document<'a> {
    /// The version of this format: 1.
    format: u32,
    /// Name or path of the scenario.
    scenario: &'a str,
    /// Name of the strategy.
    strategy: &'a str,
    /// How many runs were wanted.
    runs_wanted: u64,
    /// How many were made.
    runs: u64,
    /// Why fewer were made: time, or interrupted; null if all were, or if one was a contradiction.
    cut: Option<&'static str>,
    /// The longest that the assistant thinks, in microseconds.
    infer_us: u64,
    /// What the waiting times are drawn from.
    seed: u64,
    /// Whether the scenario has a limit, which real threads here do not keep.
    limit_ignored: bool,
    /// Whether real threads did what the explorer rules out: a bug in interleak.
    contradicted: bool,
    /// The first run that is not what the listing says, in words; null if there is none.
    drift: Option<String>,
    /// Whether every order was looked at. If not, every number of orders is a lower bound.
    complete: bool,
    /// What stopped the exploration, in words; null if nothing did.
    stopped: Option<String>,
    /// How many orders there are, in decimal digits.
    interleavings: String,
    /// Every anomaly, also those that never show.
    anomalies: BTreeMap<&'static str, SeenDocument>,
}

/// One anomaly, on real threads and in all orders.
#[derive(Serialize, JsonSchema)]
struct SeenDocument {
    /// In how many runs it showed.
    runs: u64,
    /// The share of runs under the conditions of this one is at least this, at 95 % (Wilson).
    at_least: f64,
    /// It is at most this.
    at_most: f64,
    /// How often it shows in all orders: never, sometimes, always, or unknown where not all was
    /// looked at.
    verdict: &'static str,
    /// In how many orders, in decimal digits.
    interleavings: String,
    /// How likely, when each next lane is drawn uniformly from those that can move.
    probability: f64,
    /// The same, exact.
    probability_exact: String,
}

/// The document, with a line end.
pub fn render(stressed: &Stressed) -> serde_json::Result<String> {
    let Stressed { seen, verdict, plan, .. } = stressed;
    let anomalies =
        stressed.rows().map(|(judged, runs)| (judged.anomaly.id, row(judged, runs, seen.runs)));
    to_text(&Document {
        format: 1,
        scenario: stressed.scenario_name,
        strategy: stressed.strategy_name,
        runs_wanted: plan.runs,
        runs: seen.runs,
        cut: seen.cut.map(|cut| match cut {
            Cut::Time => "time",
            Cut::Interrupted => "interrupted",
        }),
        infer_us: plan.infer_us,
        seed: plan.seed,
        limit_ignored: stressed.limited,
        contradicted: stressed.is_contradicted(),
        drift: seen.drift.as_ref().map(ToString::to_string),
        complete: verdict.stopped.is_none(),
        stopped: verdict.stopped.map(|it| why_stopped(it).english()),
        interleavings: verdict.orders.to_string(),
        anomalies: anomalies.collect(),
    })
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}

fn row(judged: &Judged, runs: u64, all: u64) -> SeenDocument {
    let (low, high) = wilson(runs, all);
    SeenDocument {
        runs,
        at_least: low / 100.0,
        at_most: high / 100.0,
        verdict: judged.frequency.map_or("unknown", Frequency::name),
        interleavings: judged.orders.to_string(),
        probability: float(&judged.chance),
        probability_exact: fraction(&judged.chance),
    }
}
