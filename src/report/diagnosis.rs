//! The JSON document of `interleak diagnose --format json`.

use super::diagnose::Read;
use crate::log::diagnosis::{Counted, Diagnosis, Finding, Open, Remembered};
use crate::log::entry::Skip;
use crate::log::facts::{Ground, Limit, Note};
use crate::log::line::Event;
use crate::story::command::Command;
use crate::story::diagnosis::next;
use crate::words::Phrase;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use std::collections::BTreeMap;

/// What interleak found in the log of an app.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak diagnosis")]
struct Document<'a> {
    /// The version of this format: 1.
    format: u32,
    /// The log, as it was named.
    log: &'a str,
    /// Whether finding nothing means that there is nothing, as far as the log tells.
    complete: bool,
    /// How often each was found: context-leak counts replies, lost-update and stale-write count
    /// writes. A stale-write may have overwritten something; the log does not say.
    found: BTreeMap<&'static str, u64>,
    /// The first few of each, with the pair of lines to look at.
    findings: &'a [Finding],
    /// All lines.
    lines: u64,
    /// Lines of the format, for each event.
    events: BTreeMap<&'static str, u64>,
    /// Lines of other events, which were not looked at.
    other_events: u64,
    /// Blank lines.
    blank: u64,
    /// Lines that were skipped, for each reason.
    skipped: Vec<SkippedDocument>,
    /// Sessions.
    sessions: u64,
    /// Replies that were judged.
    replies_judged: u64,
    /// Replies that were not, because the log says neither what they were built from nor what was
    /// read for them.
    replies_not_judged: u64,
    /// Writes that were compared with what their request had read.
    writes_compared: u64,
    /// Lines about places that are shared on purpose, through which nothing leaks.
    shared_on_purpose: u64,
    /// Requests whose id another session used too; they were taken for different requests.
    requests_alike: Counted,
    /// Whether it was interrupted; then all this is about the first lines only.
    interrupted: bool,
    /// What could not be told.
    open: &'a Open,
    /// What was noticed about the clock.
    clock: ClockDocument,
    /// What was remembered at the end.
    remembered: Remembered,
    /// Why nothing is wrong; empty unless complete and nothing was found.
    grounds: Vec<Ground>,
    /// What could not be told, and why.
    limits: Vec<Limit>,
    /// What is no fault, and good to know.
    notes: Vec<Note>,
    /// What to type next; null if there is nothing.
    next: Option<Command>,
}

/// Lines that were skipped.
#[derive(Serialize, JsonSchema)]
struct SkippedDocument {
    /// What is wrong with them.
    reason: Phrase,
    /// How many.
    count: u64,
    /// The first of them.
    first_line: u64,
}

/// What was noticed about the clock.
#[derive(Serialize, JsonSchema)]
struct ClockDocument {
    /// Lines with a time.
    timed: u64,
    /// Times that could not be read.
    unreadable: u64,
    /// Lines that are earlier than the one before.
    back: u64,
    /// How many seconds the farthest of them went back; null if there is none.
    farthest_seconds: Option<f64>,
    /// Its line.
    farthest_line: Option<u64>,
}

/// The document, with a line end.
pub fn render(read: &Read) -> serde_json::Result<String> {
    let Read { log, diagnosis } = read;
    let events = Event::ALL.into_iter().map(|event| event.word()).zip(diagnosis.events);
    super::json::to_text(&Document {
        format: 1,
        log,
        complete: diagnosis.is_complete(),
        found: found(diagnosis),
        findings: &diagnosis.findings,
        lines: diagnosis.lines,
        events: events.collect(),
        other_events: diagnosis.other,
        blank: diagnosis.blank,
        skipped: skipped(diagnosis),
        sessions: diagnosis.sessions,
        replies_judged: diagnosis.judged,
        replies_not_judged: diagnosis.unjudged,
        writes_compared: diagnosis.compared,
        shared_on_purpose: diagnosis.public,
        requests_alike: diagnosis.requests_alike,
        interrupted: diagnosis.interrupted,
        open: &diagnosis.open,
        clock: clock(diagnosis),
        remembered: diagnosis.remembered,
        grounds: diagnosis.grounds(),
        limits: diagnosis.limits(),
        notes: diagnosis.notes(),
        next: next(log, diagnosis),
    })
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}

fn found(diagnosis: &Diagnosis) -> BTreeMap<&'static str, u64> {
    diagnosis.found().into_iter().map(|(kind, count)| (kind.name(), count)).collect()
}

fn skipped(diagnosis: &Diagnosis) -> Vec<SkippedDocument> {
    let all = Skip::ALL.into_iter().zip(diagnosis.skipped).filter(|(_, (count, _))| *count > 0);
    all.map(|(skip, (count, first_line))| SkippedDocument {
        reason: skip.phrase(),
        count,
        first_line,
    })
    .collect()
}

fn clock(diagnosis: &Diagnosis) -> ClockDocument {
    let clock = &diagnosis.clock;
    ClockDocument {
        timed: clock.timed,
        unreadable: clock.unreadable,
        back: clock.back,
        farthest_seconds: clock.farthest.map(|(seconds, _)| seconds),
        farthest_line: clock.farthest.map(|(_, line)| line),
    }
}
