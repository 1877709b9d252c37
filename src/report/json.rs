//! The JSON document of `interleak run --format json`. Other programs rely on it.

use super::Entry;
use super::assumptions::assumptions;
use super::numbers::{self, float, fraction};
use super::server::{ServerDocument, server};
use super::trouble::BrokenStrategy;
use crate::explore::engine::Heard;
use crate::explore::sample::interval;
use crate::model::LaneId;
use crate::model::op::Part;
use crate::model::program::Program;
use crate::model::schedule;
use crate::replay::record::{Event, LineRun, Record, Value};
use crate::scenario::Frequency;
use crate::screen::drives;
use crate::verdict::{Judged, Kind, WitnessRun};
use crate::words::Phrase;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use std::collections::BTreeMap;

/// What interleak found: one result for each scenario × strategy.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak report")]
struct Document<'a> {
    /// The version of this format: 1.
    format: u32,
    /// One entry for each scenario × strategy, in the order asked.
    results: Vec<ResultDocument>,
    /// The strategies of which there is no result; left out if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<&'a [BrokenStrategy]>,
}

/// One scenario × one strategy.
#[derive(Serialize, JsonSchema)]
struct ResultDocument {
    /// Name or path of the scenario.
    scenario: String,
    /// Name or path of the strategy.
    strategy: String,
    #[serde(flatten)]
    server: ServerDocument,
    /// What the result rests on besides, where a real server could differ; in words.
    assumptions: Vec<&'static str>,
    /// Whether every order was looked at. If not, every number is a lower bound, and an anomaly
    /// that was seen is `sometimes` though it may be in every order.
    complete: bool,
    /// The limit that was hit, in words; null if none was.
    stopped: Option<Phrase>,
    /// How many states were looked at.
    states: usize,
    /// How many bytes were kept for them.
    bytes: usize,
    /// How many orders there were if no lane ever had to wait, in decimal digits. Known before
    /// anything was explored.
    multinomial: String,
    /// How many orders there are, in decimal digits.
    interleavings: String,
    /// How many orders differ by more than swapping independent neighbours, in decimal digits;
    /// null: not computed.
    traces: Option<String>,
    /// How many different sets of replies there are, each reply with the messages that it was
    /// computed from; null: not computed.
    outcomes: Option<usize>,
    /// Which replies are based on questions of which other users, and how often; pairs that never
    /// occur are left out; null: not computed.
    heard: Option<Vec<HeardDocument>>,
    /// The orders that were drawn at random because a limit was hit; null if none were.
    sampled: Option<SampledDocument>,
    /// Every judged anomaly, also those that never show.
    anomalies: BTreeMap<&'static str, AnomalyDocument>,
    /// The orders that were asked for by --order, --show or --all; null if there were too many
    /// states.
    shown: Option<Vec<ShownDocument>>,
}

/// A reply that is based on questions of another user.
#[derive(Serialize, JsonSchema)]
struct HeardDocument {
    /// The reply: the lane and the number of its turn, "alice#2".
    reply: String,
    /// The other user.
    from: String,
    /// In how many orders, in decimal digits.
    interleavings: String,
    /// How likely, when each next lane is drawn uniformly from those that can move.
    probability: f64,
    /// The same, exact.
    probability_exact: String,
}

/// Orders that were drawn at random.
#[derive(Serialize, JsonSchema)]
struct SampledDocument {
    /// How many.
    samples: u64,
    /// So many were wanted; fewer were drawn where one takes long.
    samples_wanted: u64,
    /// The seed that they were drawn from.
    seed: u64,
    /// True if fewer were drawn because it was interrupted; left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    interrupted: Option<bool>,
}

/// In how many of the drawn orders an anomaly was seen.
#[derive(Serialize, JsonSchema)]
struct HitsDocument {
    /// In so many.
    hits: u64,
    /// The probability is at least this, at 95 % (Clopper and Pearson).
    at_least: f64,
    /// The probability is at most this, at 95 %.
    at_most: f64,
}

/// An order that was asked for.
#[derive(Serialize, JsonSchema)]
struct ShownDocument {
    /// Its number among all orders, from 1, in decimal digits.
    number: String,
    /// The schedule, as `interleak replay --schedule` takes it.
    schedule: String,
    /// The judged anomalies that it shows.
    shows: Vec<&'static str>,
}

/// What was found about one anomaly.
#[derive(Serialize, JsonSchema)]
struct AnomalyDocument {
    /// How often it shows: never, sometimes, always; unknown if a limit was hit before anything
    /// was seen.
    verdict: &'static str,
    /// How many orders show it, in decimal digits.
    interleavings: String,
    /// How likely such an order is when each next lane is drawn uniformly from those that can
    /// move; the nearest number, and 0 or 1 only if that is exact.
    probability: f64,
    /// The same, exact: "753/1024".
    probability_exact: String,
    /// If a limit was hit: the probability is at most this, for certain. null otherwise.
    probability_at_most: Option<f64>,
    /// In how many orders drawn at random it was seen; null if none were drawn.
    sampled: Option<HitsDocument>,
    /// sharing: happens when whole turns run one after another. race: needs requests that overlap.
    /// null if it never shows, is not about data, or a limit left it open.
    kind: Option<&'static str>,
    /// The fewest preemptions that it needs; null if it never shows.
    preemptions: Option<u64>,
    /// The simplest order that shows it; null if it never shows.
    witness: Option<WitnessDocument>,
    /// What happens in that order, in one sentence; null if it never shows.
    sentence: Option<String>,
}

/// An order that shows an anomaly, up to the step that shows it.
#[derive(Serialize, JsonSchema)]
struct WitnessDocument {
    /// The schedule, as `interleak replay --schedule` takes it.
    schedule: String,
    /// The lanes that move, by name.
    lanes: Vec<String>,
    /// How often a lane is interrupted inside a turn.
    preemptions: u64,
    /// How often another lane moves than the one before.
    switches: u64,
    /// After so many of its steps the anomaly cannot be avoided any more; null if a limit was hit.
    lost_from: Option<usize>,
    /// The steps.
    steps: Vec<StepDocument>,
}

/// One step of a schedule.
#[derive(Serialize, JsonSchema)]
struct StepDocument {
    /// The lane that moves.
    lane: String,
    /// The lines that run.
    lines: Vec<LineDocument>,
}

/// One line of a listing, as it ran.
#[derive(Serialize, JsonSchema)]
struct LineDocument {
    /// The lane that ran it: the step's own, or at grain turn a daemon that works for it.
    lane: String,
    /// Its number in the listing.
    line: usize,
    /// Its code.
    code: String,
    /// What was read: the cell and what it held.
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<AccessDocument>,
    /// What was written: the cell and what it holds now.
    #[serde(skip_serializing_if = "Option::is_none")]
    wrote: Option<AccessDocument>,
    /// The locks that the lane holds afterwards.
    holds: Vec<String>,
    /// The reply that it showed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<String>,
}

/// A cell and what is in it.
#[derive(Serialize, JsonSchema)]
struct AccessDocument {
    /// The cell's name.
    cell: String,
    /// The messages in it, oldest first: `alice#1` is alice's first question, `alice#1:a` the
    /// answer to it. For a small value, the value.
    value: Vec<String>,
}

/// The document for all entries, with a line end.
pub fn render(entries: &[Entry], broken: &[BrokenStrategy]) -> serde_json::Result<String> {
    let results = entries.iter().map(result).collect();
    let broken = (!broken.is_empty()).then_some(broken);
    let document = Document { format: 1, results, broken };
    to_text(&document)
}

/// A document as text that cannot drive a terminal.
pub(super) fn to_text(document: &impl Serialize) -> serde_json::Result<String> {
    Ok(harmless(serde_json::to_string_pretty(document)? + "\n"))
}

/// JSON in which nothing drives a terminal: such a character can only stand inside a string, where
/// JSON has another way to write it.
pub fn harmless(json: String) -> String {
    let driving = |character| character != '\n' && drives(character);
    if !json.contains(driving) {
        return json;
    }
    let mut written = String::with_capacity(json.len());
    for character in json.chars() {
        match driving(character) {
            false => written.push(character),
            true => {
                let mut units = [0; 2];
                let units = character.encode_utf16(&mut units);
                written.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
            }
        }
    }
    written
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}

fn result(entry: &Entry) -> ResultDocument {
    let verdict = &entry.verdict;
    let anomalies =
        verdict.anomalies.iter().map(|judged| (judged.anomaly.id, anomaly(entry, judged)));
    ResultDocument {
        scenario: entry.scenario_name.to_owned(),
        strategy: entry.strategy_name.to_owned(),
        server: server(&verdict.program),
        assumptions: assumptions(&verdict.program),
        complete: verdict.stopped.is_none(),
        stopped: verdict.stopped.map(super::stopped_words),
        states: verdict.states,
        bytes: verdict.bytes,
        multinomial: entry.estimate.orders.to_string(),
        interleavings: verdict.orders.to_string(),
        traces: verdict.traces.map(|traces| traces.to_string()),
        outcomes: verdict.outcomes,
        heard: verdict.heard.as_ref().map(|all| all.iter().map(|one| heard(entry, one)).collect()),
        sampled: verdict.sampled.as_ref().map(|sampled| SampledDocument {
            samples: sampled.samples,
            samples_wanted: sampled.samples_wanted,
            seed: sampled.seed,
            interrupted: sampled.interrupted.then_some(true),
        }),
        anomalies: anomalies.collect(),
        shown: verdict.examples.as_ref().map(|shown| {
            let shown = shown.iter().map(|example| ShownDocument {
                number: example.number.to_string(),
                schedule: schedule::print(&verdict.program, &example.moves),
                shows: example.shows.iter().map(|anomaly| anomaly.id).collect(),
            });
            shown.collect()
        }),
    }
}

fn heard(entry: &Entry, heard: &Heard) -> HeardDocument {
    let cast = &entry.verdict.program.cast;
    let number = cast.turns[heard.turn].number;
    HeardDocument {
        reply: format!("{}#{number}", cast.lane_name_of(heard.turn)),
        from: cast.users[heard.user].clone(),
        interleavings: heard.with.orders.to_string(),
        probability: float(&heard.with.chance),
        probability_exact: fraction(&heard.with.chance),
    }
}

fn hits(entry: &Entry, hits: u64) -> HitsDocument {
    let samples = entry.verdict.sampled.as_ref().map_or(0, |sampled| sampled.samples);
    let (at_least, at_most) = numbers::outward(interval(hits, samples));
    HitsDocument { hits, at_least, at_most }
}

fn anomaly(entry: &Entry, judged: &Judged) -> AnomalyDocument {
    let program = &entry.verdict.program;
    let sentence =
        |witness: &WitnessRun| (judged.anomaly.say)(program, &witness.record, &witness.finding);
    AnomalyDocument {
        verdict: judged.frequency.map_or("unknown", Frequency::name),
        interleavings: judged.orders.to_string(),
        probability: float(&judged.chance),
        probability_exact: fraction(&judged.chance),
        probability_at_most: entry.verdict.stopped.map(|_| float(&judged.chance_max)),
        sampled: judged.hits.map(|seen| hits(entry, seen)),
        kind: judged.kind().map(Kind::name),
        preemptions: judged.preemptions,
        witness: judged.witness.as_ref().map(|witness| witness_document(entry, judged, witness)),
        sentence: judged.witness.as_ref().map(sentence),
    }
}

fn witness_document(entry: &Entry, judged: &Judged, witness: &WitnessRun) -> WitnessDocument {
    let program = &entry.verdict.program;
    WitnessDocument {
        schedule: schedule::print(program, &witness.moves),
        lanes: lanes(program, &witness.moves),
        preemptions: witness.cost.preemptions,
        switches: witness.cost.switches,
        lost_from: judged.lost_from,
        steps: step_documents(program, &witness.record),
    }
}

/// The lanes that move, each once, in the order of the program.
pub fn lanes(program: &Program, moves: &[LaneId]) -> Vec<String> {
    let mut lanes = moves.to_vec();
    lanes.sort_unstable();
    lanes.dedup();
    lanes.into_iter().map(|lane| program.lanes[lane].name.clone()).collect()
}

/// What happens in an order, as a report tells it.
pub fn steps(program: &Program, record: &Record) -> serde_json::Value {
    serde_json::to_value(step_documents(program, record)).unwrap_or_default()
}

fn step_documents(program: &Program, record: &Record) -> Vec<StepDocument> {
    let steps = record.steps.iter().map(|step| StepDocument {
        lane: program.lanes[step.lane].name.clone(),
        lines: step.lines.iter().map(|run| line(program, run)).collect(),
    });
    steps.collect()
}

fn line(program: &Program, run: &LineRun) -> LineDocument {
    let read = run.events.iter().find_map(|event| match event {
        Event::Read { name, value, .. } => Some(access(program, name, value)),
        _ => None,
    });
    let wrote = run.events.iter().find_map(|event| match event {
        Event::Wrote { name, value, .. } => Some(access(program, name, value)),
        _ => None,
    });
    let reply = run.events.iter().find_map(|event| match event {
        Event::Replied { said, .. } => Some(said.text.to_string()),
        _ => None,
    });
    LineDocument {
        lane: program.lanes[run.lane].name.clone(),
        line: run.number,
        code: run.text.clone(),
        read,
        wrote,
        holds: run.holds.clone(),
        reply,
    }
}

fn access(program: &Program, cell: &str, value: &Value) -> AccessDocument {
    let label = |turn: usize, part: Part| {
        let number = program.cast.turns[turn].number;
        let answer = if part == Part::Answer { ":a" } else { "" };
        format!("{}#{number}{answer}", program.cast.lane_name_of(turn))
    };
    let value = match value {
        Value::Messages(messages) => {
            messages.iter().map(|message| label(message.turn, message.part)).collect()
        }
        Value::Answer(None) => Vec::new(),
        Value::Answer(Some(said)) => vec![label(said.turn, Part::Answer)],
        Value::Small(id) => vec![program.id_name(*id)],
    };
    AccessDocument { cell: cell.to_owned(), value }
}
