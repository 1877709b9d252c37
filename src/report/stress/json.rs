//! The JSON document of `interleak stress --format json`. Other programs rely on it.

use super::{SeenRow, Stressed};
use crate::report::json::to_text;
use crate::report::numbers::{float, fraction};
use crate::scenario::Frequency;
use crate::stress::Cut;
use crate::twins::drift::Drift;
use crate::words::Phrase;
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
    drift: Option<Phrase>,
    /// The same as a fact.
    drift_fact: Option<&'a Drift>,
    /// Whether every order was looked at. If not, every number of orders is a lower bound.
    complete: bool,
    /// What stopped the exploration, in words; null if nothing did.
    stopped: Option<&'a Phrase>,
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
    let drift = stressed.drift.as_ref();
    to_text(&Document {
        format: 1,
        scenario: &stressed.scenario,
        strategy: &stressed.strategy,
        runs_wanted: stressed.runs_wanted,
        runs: stressed.runs,
        cut: stressed.cut.map(Cut::name),
        infer_us: stressed.infer_us,
        seed: stressed.seed,
        limit_ignored: stressed.limit_ignored,
        contradicted: stressed.is_contradicted(),
        drift: drift.map(Phrase::from),
        drift_fact: drift,
        complete: stressed.stopped.is_none(),
        stopped: stressed.stopped.as_ref(),
        interleavings: stressed.orders.to_string(),
        anomalies: stressed.rows.iter().map(|row| (row.anomaly.id, of_row(row))).collect(),
    })
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}

fn of_row(row: &SeenRow) -> SeenDocument {
    SeenDocument {
        runs: row.runs,
        at_least: row.share.low / 100.0,
        at_most: row.share.high / 100.0,
        verdict: row.frequency.map_or("unknown", Frequency::name),
        interleavings: row.orders.to_string(),
        probability: float(&row.chance),
        probability_exact: fraction(&row.chance),
    }
}
