//! What was found in a log.

use super::entry::{Id, Odd, Skip};
use super::line::{Line, Name};
use super::session::Spot;
use super::time::Clock;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// Findings of one kind that are kept with their lines; the others are only counted.
pub const FINDINGS_MAX: usize = 5;
/// Characters of a name that are kept.
const NAME_CHARS: usize = 80;
/// Bytes of a line that are kept.
const EXCERPT_BYTES: usize = 400;

/// Everything that is known about a log at its end.
#[derive(Debug, Default)]
pub struct Diagnosis {
    /// How many messages of each session may be remembered.
    pub remember: usize,
    /// Whether reading ended because nobody wanted to wait; then all this is about a first part.
    pub interrupted: bool,
    /// Lines of any kind.
    pub lines: u64,
    /// Bytes.
    pub bytes: u64,
    /// Blank lines.
    pub blank: u64,
    /// Lines of somebody else's events.
    pub other: u64,
    /// Lines of the format: how many of each event, in the order of `Event::ALL`.
    pub events: [u64; 5],
    /// Lines that were skipped, in the order of [`Skip::ALL`]: how many, and the first.
    pub skipped: [(u64, u64); Skip::ALL.len()],
    /// The first line that is not of the format, if it is among the first block.
    pub first_odd: Option<(u64, String, Odd)>,
    /// Sessions that were met; one that was forgotten and came back counts again.
    pub sessions: u64,
    /// Replies that were judged.
    pub judged: u64,
    /// Replies of which the log says neither a basis nor a read.
    pub unjudged: u64,
    /// Writes that were compared with a read of the same request.
    pub compared: u64,
    /// Lines about places that are shared on purpose.
    pub public: u64,
    /// Requests whose id another session used before.
    pub requests_alike: Counted,
    /// Replies that leak.
    pub leaks: u64,
    /// Writes that were lost.
    pub lost: u64,
    /// Writes that may have overwritten something.
    pub stale: u64,
    /// The first few findings of each kind.
    pub findings: Vec<Finding>,
    /// What could not be told.
    pub open: Open,
    /// What was noticed about the clock.
    pub clock: Clock,
    /// What was remembered at the end.
    pub remembered: Remembered,
}

/// What could not be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Open {
    /// Replies built from messages that are not remembered or were never brought in.
    #[serde(rename = "replies_from_unknown")]
    pub unknown: Counted,
    /// Of the messages of those replies, how many this log has brought in, longer ago than is remembered.
    #[serde(rename = "unknown_since_forgotten")]
    pub forgotten: u64,
    /// Replies built from messages that are perhaps another user's, but ids are used twice.
    #[serde(rename = "replies_from_used_twice")]
    pub unsure: Counted,
    /// Replies that waited for the name of a user, when too many did.
    #[serde(rename = "replies_waiting_for_a_user")]
    pub unnamed: Counted,
    /// Writes whose reads are too long ago to tell what they overwrote.
    #[serde(rename = "writes_after_long")]
    pub too_long_ago: Counted,
    /// Open requests that were forgotten because their session had too many.
    #[serde(rename = "requests_forgotten")]
    pub requests: Counted,
    /// Reads that were forgotten because their request had read too many cells.
    #[serde(rename = "reads_forgotten")]
    pub looks: Counted,
    /// Lines that were skipped and may have been of the format; not the last one, if it has no end.
    #[serde(rename = "skipped_lines")]
    pub skipped: u64,
    /// Ids that a second session used for a message of its own.
    #[serde(rename = "ids_used_twice")]
    pub used_twice: u64,
    /// Messages that were forgotten because their session had brought in too many.
    #[serde(rename = "messages_forgotten")]
    pub messages: u64,
    /// Sessions that were forgotten.
    #[serde(rename = "sessions_forgotten")]
    pub sessions: u64,
    /// Cells that were forgotten.
    #[serde(rename = "cells_forgotten")]
    pub cells: u64,
}

/// How often something was met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counted {
    /// How often.
    pub count: u64,
    /// How many ids it was about.
    pub ids: u64,
    /// The line of the first; null if there is none.
    pub first_line: Option<u64>,
}

impl Counted {
    /// Once more.
    pub fn meet(&mut self, line: u64, ids: u64) {
        self.first_line.get_or_insert(line);
        self.count += 1;
        self.ids += ids;
    }
}

/// How much was remembered; bounded, whatever a log holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Remembered {
    /// Sessions.
    pub sessions: usize,
    /// Ids of messages.
    pub messages: usize,
    /// Requests.
    pub requests: usize,
    /// Cells.
    pub cells: usize,
    /// Writes of cells.
    pub writes: usize,
}

impl Diagnosis {
    /// Lines that were skipped, for whatever reason.
    pub fn skipped_lines(&self) -> u64 {
        self.skipped.iter().map(|(count, _)| count).sum()
    }

    /// Lines of the format.
    pub fn entries(&self) -> u64 {
        self.events.iter().sum()
    }

    /// Whether something certainly went wrong.
    pub fn is_bad(&self) -> bool {
        self.leaks > 0 || self.lost > 0
    }

    /// Whether finding nothing means something.
    pub fn is_complete(&self) -> bool {
        let Open { unknown, unsure, unnamed, too_long_ago, looks, .. } = self.open;
        let open = [unknown, unsure, unnamed, too_long_ago, looks];
        let wholly = !self.interrupted && self.judged > 0 && self.stale == 0;
        // A reply may be left out only because its request was forgotten.
        let forgot = self.open.requests.count > 0 && self.unjudged > 0;
        wholly && !forgot && self.open.skipped == 0 && open.iter().all(|open| open.count == 0)
    }

    /// Whether a finding of this kind in this line is only counted.
    pub(super) fn has_enough(&self, kind: Kind, line: u64) -> bool {
        let before = |finding: &&Finding| finding.kind == kind && finding.line <= line;
        self.findings.iter().filter(before).count() >= FINDINGS_MAX
    }

    /// Keeps a finding in the order of the lines; the last one of its kind goes if there are too many.
    pub(super) fn keep(&mut self, finding: Finding) {
        let kind = finding.kind;
        let at = self.findings.partition_point(|known| known.line <= finding.line);
        self.findings.insert(at, finding);
        let of_kind = self.findings.iter().enumerate().filter(|(_, known)| known.kind == kind);
        if let Some((last, _)) = of_kind.skip(FINDINGS_MAX).last() {
            self.findings.remove(last);
        }
    }
}

/// A kind of wrong: context-leak, lost-update or stale-write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Kind {
    /// A reply was built from another user's message.
    #[serde(rename = "context-leak")]
    Leak,
    /// A write wiped out what another request had written.
    #[serde(rename = "lost-update")]
    Lost,
    /// A write may have done so.
    #[serde(rename = "stale-write")]
    Stale,
}

impl Kind {
    /// The name, the same as among the anomalies of `interleak run`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Leak => "context-leak",
            Kind::Lost => "lost-update",
            Kind::Stale => "stale-write",
        }
    }
}

/// How a case came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The request has read the message.
    Read,
    /// The reply names it as what it was built from.
    Named,
    /// It is the question of the request, and another user asked it.
    Asked,
    /// Who wrote had read the cell before, so an old copy was put back.
    OldCopy,
    /// Who wrote had not read the cell at all.
    NotRead,
}

/// One case.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// context-leak, lost-update or stale-write.
    #[serde(rename = "anomaly")]
    pub kind: Kind,
    /// Who got the reply, or wrote last.
    #[serde(rename = "session")]
    pub who: Who,
    /// The request of theirs.
    pub request: String,
    /// How it came about.
    pub how: How,
    /// Whose message was in the reply, or was overwritten.
    pub other: Who,
    /// The request of theirs; null if it could not be told.
    pub other_request: Option<String>,
    /// The cell through which it happened; null if the log does not say.
    pub cell: Option<String>,
    /// The id of the message; null if it could not be told.
    pub message: Option<String>,
    /// What the message is compared by.
    #[serde(skip)]
    pub id: Id,
    /// The line that shows the harm: the reply, or the last write.
    pub line: u64,
    /// The pair of lines to look at, the earlier one first.
    pub pair: [Place; 2],
}

/// A session and its user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Who {
    /// Its name; `somebody` if it was forgotten.
    #[serde(serialize_with = "or_somebody")]
    #[schemars(with = "String")]
    pub session: Option<String>,
    /// Its user; null if the log does not say.
    pub user: Option<String>,
}

/// What documents call a session that was forgotten between a read and the reply.
const SOMEBODY: &str = "somebody";

fn or_somebody<S: Serializer>(name: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name.as_deref().unwrap_or(SOMEBODY))
}

impl Who {
    /// What people call them, unless they were forgotten.
    pub fn name(&self) -> Option<&str> {
        self.user.as_deref().or(self.session.as_deref())
    }
}

/// A line.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Place {
    /// Where it is.
    #[serde(flatten)]
    pub spot: Spot,
    /// How it begins; null if it could not be read again.
    pub excerpt: Option<String>,
}

impl Place {
    /// A line that is at hand.
    pub fn shown(spot: Spot, bytes: &[u8]) -> Place {
        Place { spot, excerpt: Some(excerpt(bytes)) }
    }

    /// A line that is not.
    pub fn far(spot: Spot) -> Place {
        Place { spot, excerpt: None }
    }
}

impl Finding {
    /// Looks once more at the two lines: what they say, and what they name.
    pub fn look_back(&mut self, lines: [&[u8]; 2]) {
        let text = |name: &Name| short(name.as_str());
        let read = |bytes| Line::parse(std::str::from_utf8(bytes).unwrap_or_default());
        let [Ok(first), Ok(second)] = lines.map(read) else { return };
        self.other_request = first.request.as_ref().map(text);
        // A leak may come by way of no cell: then its second line is a reply.
        self.cell = self.cell.take().or(second.cell.as_ref().map(text));
        let named = first.named(self.id).or(second.named(self.id)).map(text);
        self.message = self.message.take().or(named);
        for (place, bytes) in self.pair.iter_mut().zip(lines) {
            place.excerpt = Some(excerpt(bytes));
        }
    }
}

/// A name, cut where nobody reads on.
pub fn short(name: &str) -> String {
    match name.char_indices().nth(NAME_CHARS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// The beginning of a line.
pub fn excerpt(bytes: &[u8]) -> String {
    let bytes = bytes.trim_ascii();
    let text = |bytes| String::from_utf8_lossy(bytes).trim().to_owned();
    if bytes.len() <= EXCERPT_BYTES {
        return text(bytes);
    }
    // A character has at most three bytes behind its first one.
    let is_inside = |end: &usize| bytes[*end] & 0b1100_0000 == 0b1000_0000;
    let mut ends = (EXCERPT_BYTES - 3..=EXCERPT_BYTES).rev();
    let end = ends.find(|end| !is_inside(end)).unwrap_or(EXCERPT_BYTES);
    text(&bytes[..end]) + "…"
}
