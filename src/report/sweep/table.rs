//! A sweep for programs and spreadsheets: every point, with exact numbers.

use super::{Curve, Found, Point, Sweep};
use crate::report::compare::json::{PriceDocument, price};
use crate::report::json::to_text;
use crate::report::numbers::{float, fraction, mean};
use crate::report::stopped_words;
use crate::scenario::Frequency;
use crate::screen::escape;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

/// A scenario that grows, for each strategy.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak sweep")]
struct Document<'a> {
    /// The version of this format: 1.
    format: u32,
    /// Name or path of the scenario.
    scenario: &'a str,
    /// How much of a lane is one step: access, line, await or turn.
    grain: &'static str,
    /// The most requests inside handlers at once; null for no limit.
    limit: Option<usize>,
    /// What grows: lanes, turns or infer-ms.
    axis: &'static str,
    /// The anomaly that is judged.
    anomaly: &'static str,
    /// One for each strategy, in lesson order.
    strategies: Vec<CurveDocument<'a>>,
}

/// One strategy.
#[derive(Serialize, JsonSchema)]
struct CurveDocument<'a> {
    /// Name or path of the strategy.
    strategy: &'a str,
    /// One for each value, from the smallest to the largest.
    points: Vec<PointDocument>,
}

/// One strategy at one value.
#[derive(Serialize, JsonSchema)]
struct PointDocument {
    /// The value.
    value: u64,
    /// What was explored; null behind a value that was too much.
    found: Option<FoundDocument>,
    /// What it costs.
    price: PriceDocument,
}

/// What was explored.
#[derive(Serialize, JsonSchema)]
struct FoundDocument {
    /// Whether every order was looked at. If not, every number is a lower bound.
    complete: bool,
    /// What stopped the exploration, in words; null if nothing did.
    stopped: Option<String>,
    /// How many states were looked at.
    states: usize,
    /// How many orders there are, in decimal digits.
    interleavings: String,
    /// How often the anomaly shows: never, sometimes, always, or unknown.
    verdict: &'static str,
    /// How many orders show it, in decimal digits.
    with: String,
    /// How likely, when each next lane is drawn uniformly from those that can move.
    probability: f64,
    /// The same, exact.
    probability_exact: String,
    /// It is at most this; null if the probability is exact.
    probability_at_most: Option<f64>,
}

/// The document.
pub fn json(sweep: &Sweep) -> serde_json::Result<String> {
    to_text(&Document {
        format: 1,
        scenario: sweep.scenario_name,
        grain: sweep.program.setting.grain.name(),
        limit: sweep.program.setting.limit,
        axis: sweep.axis.name(),
        anomaly: sweep.anomaly.id,
        strategies: sweep.curves.iter().map(curve).collect(),
    })
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}

fn curve(curve: &Curve) -> CurveDocument<'_> {
    let points = curve.points.iter().map(|point| PointDocument {
        value: point.value,
        found: point.found.as_ref().map(found),
        price: price(&point.timed),
    });
    CurveDocument { strategy: &curve.strategy, points: points.collect() }
}

fn found(found: &Found) -> FoundDocument {
    FoundDocument {
        complete: found.stopped.is_none(),
        stopped: found.stopped.map(stopped_words),
        states: found.states,
        interleavings: found.orders.to_string(),
        verdict: found.frequency.map_or("unknown", Frequency::name),
        with: found.with.to_string(),
        probability: float(&found.chance),
        probability_exact: fraction(&found.chance),
        probability_at_most: found.stopped.map(|_| float(&found.chance_max)),
    }
}

/// One line for each strategy and value. What was not explored is empty.
pub fn csv(sweep: &Sweep) -> Result<String, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record([
        "scenario",
        "strategy",
        sweep.axis.name(),
        "complete",
        "states",
        "interleavings",
        sweep.anomaly.id,
        "with",
        "probability",
        "mean_ms",
        "worst_ms",
        "never_answered",
    ])?;
    for curve in &sweep.curves {
        for point in &curve.points {
            table.write_record(fields(sweep, curve, point))?;
        }
    }
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn fields(sweep: &Sweep, curve: &Curve, point: &Point) -> Vec<String> {
    let found = point.found.as_ref();
    let told = |tell: fn(&Found) -> String| found.map_or_else(String::new, tell);
    let time = |ms: Option<f64>| ms.map_or_else(String::new, |ms| ms.to_string());
    vec![
        // A name of a file may hold what drives a terminal.
        escape(sweep.scenario_name),
        escape(&curve.strategy),
        point.value.to_string(),
        told(|found| found.stopped.is_none().to_string()),
        told(|found| found.states.to_string()),
        told(|found| found.orders.to_string()),
        told(|found| found.frequency.map_or("unknown", Frequency::name).into()),
        told(|found| found.with.to_string()),
        told(|found| float(&found.chance).to_string()),
        time(point.timed.mean_ms().map(mean)),
        time(point.timed.worst_ms().map(|ms| ms as f64)),
        point.timed.never().to_string(),
    ]
}
