//! The JSON document of `interleak compare --format json`. Other programs rely on it.

use super::{Comparison, LeftOut, Row};
use crate::report::json::to_text;
use crate::report::numbers::{float, fraction, mean};
use crate::scenario::Frequency;
use crate::story::limit::why_stopped;
use crate::story::server::Server;
use crate::timing::Timed;
use crate::verdict::Kind;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use std::collections::BTreeMap;

/// Strategies side by side, on one or several scenarios.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak comparison")]
struct Document<'a> {
    /// The version of this format: 1.
    format: u32,
    /// One for each scenario, in the order asked.
    comparisons: Vec<ComparisonDocument<'a>>,
}

/// One scenario.
#[derive(Serialize, JsonSchema)]
struct ComparisonDocument<'a> {
    /// Name or path of the scenario.
    scenario: &'a str,
    #[serde(flatten)]
    server: Server,
    /// How long the assistant thinks about one question, in milliseconds of virtual time.
    infer_ms: u64,
    /// One for each strategy, in lesson order.
    strategies: Vec<RowDocument<'a>>,
    /// The strategies that cannot be run on this scenario.
    left_out: Vec<LeftOutDocument<'a>>,
}

/// A strategy that cannot be run.
#[derive(Serialize, JsonSchema)]
pub(in crate::report) struct LeftOutDocument<'a> {
    /// Its name.
    strategy: &'a str,
    /// Why it cannot.
    why: &'a str,
}

/// One strategy.
#[derive(Serialize, JsonSchema)]
struct RowDocument<'a> {
    /// Name or path of the strategy.
    strategy: &'a str,
    /// What it is good for; null for a strategy that is not shipped.
    group: Option<&'static str>,
    /// What one believes of it.
    believed: Option<&'a str>,
    /// What is true of it.
    actual: Option<&'a str>,
    /// Whether every order was looked at. If not, every number of orders is a lower bound.
    complete: bool,
    /// What stopped the exploration, in words; null if nothing did.
    stopped: Option<String>,
    /// How many states were looked at.
    states: usize,
    /// How many orders there are, in decimal digits.
    interleavings: String,
    /// Every judged anomaly, also those that never show.
    anomalies: BTreeMap<&'static str, CellDocument>,
    /// What it costs.
    price: PriceDocument,
}

/// One anomaly of one strategy.
#[derive(Serialize, JsonSchema)]
struct CellDocument {
    /// How often it shows: never, sometimes, always, or unknown where not all was looked at.
    verdict: &'static str,
    /// In how many orders, in decimal digits.
    interleavings: String,
    /// How likely, when each next lane is drawn uniformly from those that can move.
    probability: f64,
    /// The same, exact.
    probability_exact: String,
    /// Why: sharing, race, or null.
    kind: Option<&'static str>,
    /// The command that shows it again; null if no order shows it.
    command: Option<String>,
}

/// Reply times, from the sending of a request to its reply, in milliseconds of virtual time.
#[derive(Serialize, JsonSchema)]
pub(in crate::report) struct PriceDocument {
    /// Their mean; null if a reply never comes.
    mean_ms: Option<f64>,
    /// The longest; null if a reply never comes.
    worst_ms: Option<u64>,
    /// How many turns never get a reply.
    never_answered: usize,
    /// For each turn, lane by lane; null if the reply never comes.
    reply_ms: Vec<Option<u64>>,
}

/// What a run in virtual time costs.
pub(in crate::report) fn price(timed: &Timed) -> PriceDocument {
    PriceDocument {
        mean_ms: timed.mean_ms().map(mean),
        worst_ms: timed.worst_ms(),
        never_answered: timed.never(),
        reply_ms: timed.turns.iter().map(|turn| turn.reply_ms()).collect(),
    }
}

/// The document for all comparisons.
pub fn render(comparisons: &[Comparison]) -> serde_json::Result<String> {
    let comparisons = comparisons.iter().filter_map(comparison).collect();
    to_text(&Document { format: 1, comparisons })
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}

fn comparison<'a>(comparison: &'a Comparison) -> Option<ComparisonDocument<'a>> {
    let entry = &comparison.rows.first()?.entry;
    Some(ComparisonDocument {
        scenario: entry.scenario_name,
        server: Server::of(&entry.verdict.program),
        infer_ms: entry.verdict.program.cast.infer_ms,
        strategies: comparison.rows.iter().map(row).collect(),
        left_out: comparison.left_out.iter().map(left_out).collect(),
    })
}

/// A strategy that is left out.
pub(in crate::report) fn left_out(left_out: &LeftOut) -> LeftOutDocument<'_> {
    LeftOutDocument { strategy: &left_out.strategy, why: &left_out.why }
}

fn row<'a>(row: &'a Row) -> RowDocument<'a> {
    let verdict = &row.entry.verdict;
    let cells = verdict.anomalies.iter().enumerate().map(|(index, judged)| {
        let cell = CellDocument {
            verdict: judged.frequency.map_or("unknown", Frequency::name),
            interleavings: judged.orders.to_string(),
            probability: float(&judged.chance),
            probability_exact: fraction(&judged.chance),
            kind: judged.kind().map(Kind::name),
            command: row.command(index),
        };
        (judged.anomaly.id, cell)
    });
    RowDocument {
        strategy: row.entry.strategy_name,
        group: row.group().map(|group| group.name()),
        believed: row.believed.as_deref(),
        actual: row.actual.as_deref(),
        complete: verdict.stopped.is_none(),
        stopped: verdict.stopped.map(|it| why_stopped(it).english()),
        states: verdict.states,
        interleavings: verdict.orders.to_string(),
        anomalies: cells.collect(),
        price: price(&row.timed),
    }
}
