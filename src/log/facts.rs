//! What a diagnosis tells, as facts: no text, no colour, no width. The page says them, and the
//! document for programs holds them.

use super::diagnosis::{Diagnosis, Finding, Kind, Open};
use super::request::LOOKS_MAX;
use super::session::REQUESTS_MAX;
use schemars::JsonSchema;
use serde::Serialize;

/// A jump of a clock that is shorter is not measured.
const JUMP_MIN_SECONDS: f64 = 0.001;

/// What can be said of a log in which nothing certainly went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing went wrong, as far as the log tells.
    Clean {
        /// Replies that were judged.
        judged: u64,
    },
    /// Nothing was found, which does not mean much.
    Unknown {
        /// Replies that were judged.
        judged: u64,
    },
}

/// Why a log is clean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Ground {
    /// Replies were built from messages of the same user only.
    OwnMessages,
    /// The same, and from what is shared on purpose.
    OwnOrSharedMessages,
    /// No write dropped what its session had not read.
    NothingDropped,
    /// The same, and no write came after a read of its cell.
    NothingCompared,
    /// A place that the log does not name was not looked at.
    NamedPlaces,
}

/// What could not be told, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Limit {
    /// Nobody wanted to wait for the rest of the log.
    Interrupted {
        /// Lines that were read.
        lines: u64,
    },
    /// Replies were built from messages that are not remembered or were never brought in.
    UnknownOrigin {
        /// How many replies.
        replies: u64,
        /// Of how many messages.
        messages: u64,
        /// The line of the first.
        first_line: u64,
        /// How many messages of each session are remembered.
        remember: usize,
        /// How many of the messages this log has brought in, longer ago than is remembered.
        forgotten: u64,
        /// Of how many no line of this log says that they are new.
        elsewhere: u64,
    },
    /// Replies were built from messages that are perhaps another user's, but ids are used twice.
    PerhapsAnothers {
        /// How many replies.
        replies: u64,
        /// The line of the first.
        first_line: u64,
    },
    /// Replies were built from messages whose user is named late, and not all that waited are remembered.
    NamedTooLate {
        /// How many replies.
        replies: u64,
        /// The line of the first.
        first_line: u64,
    },
    /// A second session used ids for messages of its own.
    UsedTwice {
        /// How many ids.
        ids: u64,
    },
    /// The log says neither what replies were built from nor what was read for them.
    NotJudged {
        /// How many replies.
        replies: u64,
    },
    /// Sessions had more open requests than are remembered.
    RequestsForgotten {
        /// How many were forgotten.
        requests: u64,
        /// How many of each session are remembered.
        open_max: usize,
        /// The line at which the first was.
        first_line: u64,
    },
    /// Requests had read more cells than are remembered.
    ReadsForgotten {
        /// How many reads were forgotten.
        reads: u64,
        /// How many cells of each request are remembered.
        cells_max: usize,
        /// The line at which the first was.
        first_line: u64,
    },
    /// Writes came so long after their read that nobody knows what was written since.
    TooLongAgo {
        /// How many writes.
        writes: u64,
        /// The line of the first.
        first_line: u64,
    },
    /// Lines that were skipped may have been of the format.
    SkippedMayTell {
        /// How many lines.
        lines: u64,
    },
}

/// What is no fault, and good to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Note {
    /// Events of somebody else were not looked at.
    OtherEvents {
        /// How many lines.
        lines: u64,
    },
    /// The order of the lines was taken for the order of events.
    OrderOfLines,
    /// Nothing leaks through places that are shared on purpose.
    SharedOnPurpose {
        /// How many lines are about them.
        lines: u64,
    },
    /// Two sessions used an id for a request of their own.
    RequestsAlike {
        /// How many requests have an id that another session used before.
        requests: u64,
        /// The line of the first.
        first_line: u64,
    },
    /// Lines are earlier than the one before.
    ClockBack {
        /// How many lines.
        lines: u64,
        /// How far the farthest of them went back, in seconds with three digits behind the point.
        seconds: String,
        /// Its line.
        line: u64,
    },
    /// The same, by less than can be told.
    ClockBackALittle {
        /// How many lines.
        lines: u64,
        /// The line of the farthest.
        line: u64,
    },
    /// Times are neither seconds nor RFC 3339.
    TimesUnreadable {
        /// How many.
        times: u64,
    },
}

impl Diagnosis {
    /// How often each kind of wrong was found.
    pub fn found(&self) -> [(Kind, u64); 3] {
        [(Kind::Leak, self.leaks), (Kind::Lost, self.lost), (Kind::Stale, self.stale)]
    }

    /// The first finding of each kind.
    pub fn firsts(&self) -> impl Iterator<Item = &Finding> {
        let kinds = self.found().into_iter();
        kinds.filter_map(|(kind, _)| self.findings.iter().find(|finding| finding.kind == kind))
    }

    /// What can be said of the whole, if nothing certainly went wrong.
    pub fn verdict(&self) -> Option<Verdict> {
        let judged = self.judged;
        match (self.is_bad(), self.is_complete()) {
            (true, _) => None,
            (false, true) => Some(Verdict::Clean { judged }),
            (false, false) => Some(Verdict::Unknown { judged }),
        }
    }

    /// Whether more writes may have been lost than were counted: nobody knows what was written before
    /// what is remembered.
    pub fn lost_is_least(&self) -> bool {
        self.lost > 0 && self.open.too_long_ago.count + self.open.looks.count > 0
    }

    /// Why it is clean; nothing if it is not.
    pub fn grounds(&self) -> Vec<Ground> {
        if self.is_bad() || !self.is_complete() {
            return Vec::new();
        }
        let messages = match self.public {
            0 => Ground::OwnMessages,
            _ => Ground::OwnOrSharedMessages,
        };
        let writes = match self.compared {
            0 => Ground::NothingCompared,
            _ => Ground::NothingDropped,
        };
        vec![messages, writes, Ground::NamedPlaces]
    }

    /// What could not be told: of the messages, of the replies, of the writes.
    pub fn limits(&self) -> Vec<Limit> {
        let Open { unknown, unsure, too_long_ago, requests, looks, .. } = self.open;
        let Open { skipped, used_twice, forgotten, unnamed, .. } = self.open;
        let limit = |count: u64, limit: Limit| (count > 0).then_some(limit);
        let first = |first_line: Option<u64>| first_line.unwrap_or_default();
        let limits = [
            limit(u64::from(self.interrupted), Limit::Interrupted { lines: self.lines }),
            limit(
                unknown.count,
                Limit::UnknownOrigin {
                    replies: unknown.count,
                    messages: unknown.ids,
                    first_line: first(unknown.first_line),
                    remember: self.remember,
                    forgotten,
                    elsewhere: unknown.ids.saturating_sub(forgotten),
                },
            ),
            limit(
                unsure.count,
                Limit::PerhapsAnothers {
                    replies: unsure.count,
                    first_line: first(unsure.first_line),
                },
            ),
            limit(
                unnamed.count,
                Limit::NamedTooLate {
                    replies: unnamed.count,
                    first_line: first(unnamed.first_line),
                },
            ),
            limit(used_twice, Limit::UsedTwice { ids: used_twice }),
            limit(self.unjudged, Limit::NotJudged { replies: self.unjudged }),
            limit(
                requests.count,
                Limit::RequestsForgotten {
                    requests: requests.count,
                    open_max: REQUESTS_MAX,
                    first_line: first(requests.first_line),
                },
            ),
            limit(
                looks.count,
                Limit::ReadsForgotten {
                    reads: looks.count,
                    cells_max: LOOKS_MAX,
                    first_line: first(looks.first_line),
                },
            ),
            limit(
                too_long_ago.count,
                Limit::TooLongAgo {
                    writes: too_long_ago.count,
                    first_line: first(too_long_ago.first_line),
                },
            ),
            limit(skipped, Limit::SkippedMayTell { lines: skipped }),
        ];
        limits.into_iter().flatten().collect()
    }

    /// What was not looked at, in which order the rest was, and what was noticed on the way.
    pub fn notes(&self) -> Vec<Note> {
        let note = |count: u64, note: Note| (count > 0).then_some(note);
        let alike = self.requests_alike;
        let notes = [
            note(self.other, Note::OtherEvents { lines: self.other }),
            Some(Note::OrderOfLines),
            note(self.public, Note::SharedOnPurpose { lines: self.public }),
            note(
                alike.count,
                Note::RequestsAlike {
                    requests: alike.count,
                    first_line: alike.first_line.unwrap_or_default(),
                },
            ),
            self.clock_back(),
            note(self.clock.unreadable, Note::TimesUnreadable { times: self.clock.unreadable }),
        ];
        notes.into_iter().flatten().collect()
    }

    fn clock_back(&self) -> Option<Note> {
        let (lines, (seconds, line)) = (self.clock.back, self.clock.farthest?);
        Some(match seconds < JUMP_MIN_SECONDS {
            true => Note::ClockBackALittle { lines, line },
            false => Note::ClockBack { lines, seconds: format!("{seconds:.3}"), line },
        })
    }
}
