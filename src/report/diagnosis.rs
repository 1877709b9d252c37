//! The JSON document of `interleak diagnose --format json`.

use super::diagnose::Read;
use crate::log::diagnosis::{Counted, Diagnosis, Finding, Place, Who};
use crate::log::entry::Skip;
use crate::log::line::Event;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use std::collections::BTreeMap;

/// What interleak found in the log of an app.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "interleak diagnosis")]
struct Document {
    /// The version of this format: 1.
    format: u32,
    /// The log, as it was named.
    log: String,
    /// Whether finding nothing means that there is nothing, as far as the log tells.
    complete: bool,
    /// How often each was found: context-leak counts replies, lost-update and stale-write count
    /// writes. A stale-write may have overwritten something; the log does not say.
    found: BTreeMap<&'static str, u64>,
    /// The first few of each, with the pair of lines to look at.
    findings: Vec<FindingDocument>,
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
    requests_alike: CountedDocument,
    /// Whether it was interrupted; then all this is about the first lines only.
    interrupted: bool,
    /// What could not be told.
    open: OpenDocument,
    /// What was noticed about the clock.
    clock: ClockDocument,
    /// What was remembered at the end.
    remembered: RememberedDocument,
}

/// One case.
#[derive(Serialize, JsonSchema)]
struct FindingDocument {
    /// context-leak, lost-update or stale-write.
    anomaly: &'static str,
    /// Who got the reply, or wrote last.
    session: WhoDocument,
    /// The request of theirs.
    request: String,
    /// Whose message was in the reply, or was overwritten.
    other: WhoDocument,
    /// The request of theirs; null if it could not be told.
    other_request: Option<String>,
    /// The cell through which it happened; null if the log does not say.
    cell: Option<String>,
    /// The id of the message; null if it could not be told.
    message: Option<String>,
    /// The line that shows the harm: the reply, or the last write.
    line: u64,
    /// The pair of lines to look at.
    pair: Vec<PlaceDocument>,
}

/// A session.
#[derive(Serialize, JsonSchema)]
struct WhoDocument {
    /// Its name.
    session: String,
    /// Its user; null if the log does not say.
    user: Option<String>,
}

/// A line.
#[derive(Serialize, JsonSchema)]
struct PlaceDocument {
    /// Its number, from 1.
    line: u64,
    /// Where it begins in the log, in bytes.
    offset: u64,
    /// How it begins; null if it could not be read again.
    excerpt: Option<String>,
}

/// Lines that were skipped.
#[derive(Serialize, JsonSchema)]
struct SkippedDocument {
    /// What is wrong with them.
    reason: &'static str,
    /// How many.
    count: u64,
    /// The first of them.
    first_line: u64,
}

/// What could not be told.
#[derive(Serialize, JsonSchema)]
struct OpenDocument {
    /// Replies built from messages that are not remembered or were never brought in.
    replies_from_unknown: CountedDocument,
    /// Replies built from messages that are perhaps another user's, but ids are used twice.
    replies_from_used_twice: CountedDocument,
    /// Writes whose reads are too long ago to tell what they overwrote.
    writes_after_long: CountedDocument,
    /// Open requests that were forgotten because their session had too many.
    requests_forgotten: CountedDocument,
    /// Reads that were forgotten because their request had read too many cells.
    reads_forgotten: CountedDocument,
    /// Lines that were skipped and may have been of the format; not the last one, if it has no end.
    skipped_lines: u64,
    /// Ids that a second session used for a message of its own.
    ids_used_twice: u64,
    /// Messages that were forgotten because their session had brought in too many.
    messages_forgotten: u64,
    /// Sessions that were forgotten.
    sessions_forgotten: u64,
    /// Cells that were forgotten.
    cells_forgotten: u64,
}

/// How often something was met.
#[derive(Serialize, JsonSchema)]
struct CountedDocument {
    /// How often.
    count: u64,
    /// How many ids it was about.
    ids: u64,
    /// The line of the first; null if there is none.
    first_line: Option<u64>,
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

/// How much was remembered.
#[derive(Serialize, JsonSchema)]
struct RememberedDocument {
    /// Sessions.
    sessions: usize,
    /// Ids of messages.
    messages: usize,
    /// Requests.
    requests: usize,
    /// Cells.
    cells: usize,
    /// Writes of cells.
    writes: usize,
}

/// The document, with a line end.
pub fn render(read: &Read) -> serde_json::Result<String> {
    let Read { log, diagnosis, .. } = read;
    let events = Event::ALL.into_iter().map(|event| event.word()).zip(diagnosis.events);
    super::json::to_text(&Document {
        format: 1,
        log: (*log).to_owned(),
        complete: diagnosis.is_complete(),
        found: found(diagnosis),
        findings: diagnosis.findings.iter().map(finding).collect(),
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
        requests_alike: counted(diagnosis.requests_alike),
        interrupted: diagnosis.interrupted,
        open: open(diagnosis),
        clock: clock(diagnosis),
        remembered: remembered(diagnosis),
    })
}

/// The JSON Schema of the document.
pub fn schema() -> Schema {
    schemars::schema_for!(Document)
}

fn found(diagnosis: &Diagnosis) -> BTreeMap<&'static str, u64> {
    super::diagnose::found(diagnosis)
        .into_iter()
        .map(|(kind, count)| (kind.name(), count))
        .collect()
}

fn finding(finding: &Finding) -> FindingDocument {
    FindingDocument {
        anomaly: finding.kind.name(),
        session: who(&finding.who),
        request: finding.request.clone(),
        other: who(&finding.other),
        other_request: finding.other_request.clone(),
        cell: finding.cell.clone(),
        message: finding.message.clone(),
        line: finding.line,
        pair: finding.pair.iter().map(place).collect(),
    }
}

fn who(who: &Who) -> WhoDocument {
    WhoDocument { session: who.session.clone(), user: who.user.clone() }
}

fn place(place: &Place) -> PlaceDocument {
    let Place { spot, excerpt } = place;
    PlaceDocument { line: spot.line, offset: spot.offset, excerpt: excerpt.clone() }
}

fn skipped(diagnosis: &Diagnosis) -> Vec<SkippedDocument> {
    let all = Skip::ALL.into_iter().zip(diagnosis.skipped).filter(|(_, (count, _))| *count > 0);
    all.map(|(skip, (count, first_line))| SkippedDocument {
        reason: skip.words(),
        count,
        first_line,
    })
    .collect()
}

fn open(diagnosis: &Diagnosis) -> OpenDocument {
    let open = &diagnosis.open;
    OpenDocument {
        replies_from_unknown: counted(open.unknown),
        replies_from_used_twice: counted(open.unsure),
        writes_after_long: counted(open.too_long_ago),
        requests_forgotten: counted(open.requests),
        reads_forgotten: counted(open.looks),
        skipped_lines: open.skipped,
        ids_used_twice: open.used_twice,
        messages_forgotten: open.messages,
        sessions_forgotten: open.sessions,
        cells_forgotten: open.cells,
    }
}

fn counted(Counted { count, ids, first }: Counted) -> CountedDocument {
    CountedDocument { count, ids, first_line: (count > 0).then_some(first) }
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

fn remembered(diagnosis: &Diagnosis) -> RememberedDocument {
    let remembered = diagnosis.remembered;
    RememberedDocument {
        sessions: remembered.sessions,
        messages: remembered.messages,
        requests: remembered.requests,
        cells: remembered.cells,
        writes: remembered.writes,
    }
}
