//! A sweep for programs and spreadsheets: every point, with exact numbers.

use super::{Axis, Curve, Found, Point, Sweep};
use crate::phrase;
use crate::report::compare::{LeftOut, Price, frequency_name};
use crate::report::csv;
use crate::report::json::to_text;
use crate::report::numbers::{float, fraction, mean};
use crate::story::limit::why_stopped;
use crate::story::server::{SERVER_FIELDS, Server};
use crate::words::Phrase;
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
    server: &'a Server,
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
    left_out: &'a [LeftOut],
}

/// One strategy.
#[derive(Serialize, JsonSchema)]
struct CurveDocument<'a> {
    /// Name or path of the strategy.
    strategy: &'a str,
    /// One for each value, from the smallest to the largest.
    points: Vec<PointDocument<'a>>,
    /// Why it cannot be run at larger values; null if it can.
    impossible: Option<&'a Phrase>,
    /// What it may do that its marks do not say, and so was not looked at.
    doubts: &'a [Phrase],
}

/// One strategy at one value.
#[derive(Serialize, JsonSchema)]
struct PointDocument<'a> {
    /// The value.
    value: u64,
    /// What was explored; null if it cannot be run. Behind a value that was too much nothing was
    /// begun: then it says so, and that nothing is known.
    found: Option<FoundDocument>,
    /// What it costs; null if it cannot be run.
    price: Option<&'a Price>,
}

/// What was explored.
#[derive(Serialize, JsonSchema)]
struct FoundDocument {
    /// Whether every order was looked at. If not, every number is a lower bound.
    complete: bool,
    /// What stopped the exploration, in words; null if nothing did.
    stopped: Option<Phrase>,
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
        scenario: &sweep.about.scenario,
        server: &sweep.about.server,
        infer_ms: infer_ms(sweep),
        axis: sweep.axis.name(),
        anomaly: sweep.anomaly.id,
        strategies: sweep.curves.iter().map(|it| curve(sweep, it)).collect(),
        left_out: &sweep.left_out,
    })
}

fn infer_ms(sweep: &Sweep) -> Option<u64> {
    (sweep.axis != Axis::InferMs).then_some(sweep.about.infer_ms)
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}

fn curve<'a>(sweep: &Sweep, curve: &'a Curve) -> CurveDocument<'a> {
    let points = curve.points.iter().map(|point| PointDocument {
        value: point.value,
        found: found(sweep, curve, point),
        price: point.price.as_ref(),
    });
    CurveDocument {
        strategy: &curve.strategy,
        points: points.collect(),
        impossible: curve.impossible.as_ref().map(|(_, why)| why),
        doubts: &curve.doubts,
    }
}

/// What is known of a point; `None` if it cannot be run.
fn found(sweep: &Sweep, curve: &Curve, point: &Point) -> Option<FoundDocument> {
    let can_run = curve.impossible.as_ref().is_none_or(|(value, _)| point.value < *value);
    let not_begun = || curve.stopped().map(|(value, _)| not_begun(sweep.axis, value));
    point.found.as_ref().map(explored).or_else(not_begun).filter(|_| can_run)
}

/// A point that was not begun, because a smaller value was too much already.
fn not_begun(axis: Axis, too_much: u64) -> FoundDocument {
    FoundDocument {
        complete: false,
        stopped: Some(phrase!("sweep-not-begun", axis = axis.name(), value = too_much.to_string())),
        states: 0,
        interleavings: "0".into(),
        verdict: "unknown",
        with: "0".into(),
        probability: 0.0,
        probability_exact: "0".into(),
        probability_at_most: Some(1.0),
    }
}

fn explored(found: &Found) -> FoundDocument {
    FoundDocument {
        complete: found.stopped.is_none(),
        stopped: found.stopped.map(why_stopped),
        states: found.states,
        interleavings: found.orders.to_string(),
        verdict: frequency_name(found.frequency),
        with: found.with.to_string(),
        probability: float(&found.chance),
        probability_exact: fraction(&found.chance),
        probability_at_most: found.stopped.map(|_| float(&found.chance_max)),
    }
}

/// One line for each strategy and value. What cannot be run is empty.
pub fn csv(sweep: &Sweep) -> Result<String, ::csv::Error> {
    let mut table = vec![headings(sweep)];
    for curve in &sweep.curves {
        table.extend(curve.points.iter().map(|point| fields(sweep, curve, point)));
    }
    for LeftOut { strategy, why } in &sweep.left_out {
        let mut fields = vec![sweep.about.scenario.clone(), strategy.clone(), why.english()];
        fields.resize(table[0].len(), String::new());
        table.push(fields);
    }
    csv::render(&table)
}

fn headings(sweep: &Sweep) -> Vec<String> {
    let behind = [
        "infer_ms",
        sweep.axis.name(),
        "complete",
        "stopped",
        "states",
        "interleavings",
        sweep.anomaly.id,
        "with",
        "probability",
        "probability_at_most",
        "mean_ms",
        "worst_ms",
        "never_answered",
        "doubts",
        "idle",
    ];
    let before = ["scenario", "strategy", "left_out"];
    let headings = before.iter().chain(&SERVER_FIELDS).chain(&behind);
    headings.map(|&heading| heading.to_owned()).collect()
}

fn fields(sweep: &Sweep, curve: &Curve, point: &Point) -> Vec<String> {
    let impossible = curve.impossible.as_ref().filter(|(value, _)| point.value >= *value);
    let found = found(sweep, curve, point);
    let told = |tell: fn(&FoundDocument) -> String| found.as_ref().map_or_else(String::new, tell);
    let price = point.price.as_ref();
    let time = |ms: Option<String>| ms.unwrap_or_default();
    let before = [
        sweep.about.scenario.clone(),
        curve.strategy.clone(),
        impossible.map_or_else(String::new, |(_, why)| why.english()),
    ];
    let behind = [
        time(infer_ms(sweep).map(|ms| ms.to_string())),
        point.value.to_string(),
        told(|found| found.complete.to_string()),
        told(|found| found.stopped.as_ref().map_or_else(String::new, Phrase::english)),
        told(|found| found.states.to_string()),
        told(|found| found.interleavings.clone()),
        told(|found| found.verdict.into()),
        told(|found| found.with.clone()),
        told(|found| found.probability.to_string()),
        told(|found| found.probability_at_most.unwrap_or(found.probability).to_string()),
        time(price.and_then(|price| Some(mean(price.mean_ms?).to_string()))),
        time(price.and_then(|price| Some(price.worst_ms?.to_string()))),
        time(price.map(|price| price.never_answered.to_string())),
        Phrase::sentences(&curve.doubts).english(),
        sweep.about.server.idle.into(),
    ];
    before.into_iter().chain(sweep.about.server.fields()).chain(behind).collect()
}
