//! A sweep for programs and spreadsheets: every point, with exact numbers.

use super::{Axis, Curve, Found, Point, Sweep};
use crate::report::compare::json::{LeftOutDocument, PriceDocument, left_out, price};
use crate::report::json::to_text;
use crate::report::numbers::{float, fraction, mean};
use crate::report::server::{ServerDocument, server};
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
    #[serde(flatten)]
    server: ServerDocument,
    /// How long the assistant thinks about one question, in milliseconds of virtual time; null if
    /// that is what grows.
    infer_ms: Option<u64>,
    /// What grows: lanes, turns or infer-ms.
    axis: &'static str,
    /// The anomaly that is judged.
    anomaly: &'static str,
    /// One for each strategy, in lesson order.
    strategies: Vec<CurveDocument<'a>>,
    /// The strategies that cannot be run on this scenario.
    left_out: Vec<LeftOutDocument<'a>>,
}

/// One strategy.
#[derive(Serialize, JsonSchema)]
struct CurveDocument<'a> {
    /// Name or path of the strategy.
    strategy: &'a str,
    /// One for each value, from the smallest to the largest.
    points: Vec<PointDocument>,
    /// Why it cannot be run at larger values; null if it can.
    impossible: Option<&'a str>,
}

/// One strategy at one value.
#[derive(Serialize, JsonSchema)]
struct PointDocument {
    /// The value.
    value: u64,
    /// What was explored; null behind a value that was too much.
    found: Option<FoundDocument>,
    /// What it costs; null if it cannot be run.
    price: Option<PriceDocument>,
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
        server: server(&sweep.program),
        infer_ms: infer_ms(sweep),
        axis: sweep.axis.name(),
        anomaly: sweep.anomaly.id,
        strategies: sweep.curves.iter().map(curve).collect(),
        left_out: sweep.left_out.iter().map(left_out).collect(),
    })
}

fn infer_ms(sweep: &Sweep) -> Option<u64> {
    (sweep.axis != Axis::InferMs).then_some(sweep.scenario.cast.infer_ms)
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}

fn curve(curve: &Curve) -> CurveDocument<'_> {
    let points = curve.points.iter().map(|point| PointDocument {
        value: point.value,
        found: point.found.as_ref().map(found),
        price: point.timed.as_ref().map(price),
    });
    CurveDocument {
        strategy: &curve.strategy,
        points: points.collect(),
        impossible: curve.impossible.as_ref().map(|(_, why)| why.as_str()),
    }
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
    let mut headings = FIELDS.map(str::to_owned);
    headings[AXIS] = sweep.axis.name().into();
    headings[ANOMALY] = sweep.anomaly.id.into();
    table.write_record(&headings)?;
    for curve in &sweep.curves {
        for point in &curve.points {
            table.write_record(fields(sweep, curve, point))?;
        }
    }
    for left_out in &sweep.left_out {
        let mut fields = [const { String::new() }; FIELDS.len()];
        fields[0] = escape(sweep.scenario_name);
        fields[1] = escape(&left_out.strategy);
        fields[FIELDS.len() - 1] = escape(&left_out.why);
        table.write_record(fields)?;
    }
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Where the value stands.
const AXIS: usize = 9;
/// Where the verdict on the anomaly stands.
const ANOMALY: usize = 13;

/// The headings; those of the axis and of the anomaly are the ones that were asked for.
const FIELDS: [&str; 20] = [
    "scenario",
    "strategy",
    "grain",
    "limit",
    "slots",
    "workers",
    "replicas",
    "routing",
    "infer_ms",
    "",
    "complete",
    "states",
    "interleavings",
    "",
    "with",
    "probability",
    "probability_at_most",
    "mean_ms",
    "worst_ms",
    "impossible",
];

fn fields(sweep: &Sweep, curve: &Curve, point: &Point) -> [String; FIELDS.len()] {
    let setting = sweep.program.setting;
    let found = point.found.as_ref();
    let told = |tell: fn(&Found) -> String| found.map_or_else(String::new, tell);
    let amount = |amount: Option<usize>| amount.map_or_else(String::new, |it| it.to_string());
    let timed = point.timed.as_ref();
    let mean_ms = timed.and_then(|timed| timed.mean_ms()).map(mean);
    let worst_ms = timed.and_then(|timed| timed.worst_ms());
    let why = curve.impossible.as_ref().filter(|(value, _)| point.value >= *value);
    [
        // A name of a file may hold what drives a terminal.
        escape(sweep.scenario_name),
        escape(&curve.strategy),
        setting.grain.name().into(),
        amount(setting.limit),
        setting.slots.name().into(),
        amount(setting.workers),
        sweep.program.replicas().to_string(),
        sweep.program.routing().name().into(),
        infer_ms(sweep).map_or_else(String::new, |ms| ms.to_string()),
        point.value.to_string(),
        told(|found| found.stopped.is_none().to_string()),
        told(|found| found.states.to_string()),
        told(|found| found.orders.to_string()),
        told(|found| found.frequency.map_or("unknown", Frequency::name).into()),
        told(|found| found.with.to_string()),
        told(|found| float(&found.chance).to_string()),
        told(|found| float(&found.chance_max).to_string()),
        mean_ms.map_or_else(String::new, |ms| ms.to_string()),
        worst_ms.map_or_else(String::new, |ms| ms.to_string()),
        why.map_or_else(String::new, |(_, why)| escape(why)),
    ]
}
