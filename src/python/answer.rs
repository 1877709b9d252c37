//! What the runner answers.

use super::limits::Stopped;
use super::orders::{Labels, Order, Reply};
use crate::screen::cut;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Columns of what an exception says, its name included; nobody reads more.
const WORDS_COLUMNS: usize = 400;

/// One line of it.
pub(super) enum Said {
    /// What it saw in the next order.
    Play(Play),
    /// There are no more.
    Done,
    /// The listing cannot be run.
    Refused {
        /// Why not.
        why: Refusal,
        /// The line.
        line: Option<usize>,
    },
    /// The listing came to a limit.
    Exceeded(Stopped),
}

/// Why a listing cannot be run.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Refusal {
    /// Python says why.
    Raises {
        /// What it says.
        what: String,
    },
    /// Two marks on one Python statement.
    TwoMarks,
    /// No Python statement on a marked line.
    NoStatement,
    /// The file starts threads while it is loaded.
    StartsThreads,
    /// A function is a generator, and what it returns nobody gets.
    Yields {
        /// The function.
        function: String,
    },
    /// The file takes too long to be loaded.
    LoadsLong {
        /// So long was allowed.
        seconds: u64,
    },
}

/// One order.
pub(super) struct Play {
    /// What was in the shared places at first.
    pub(super) start: Vec<Change>,
    /// The moves, up to the first one that went wrong.
    pub(super) moves: Vec<Moved>,
    /// Whether the probed lane waited; `None` if that cannot be told.
    pub(super) waits: Option<bool>,
    /// Whether it let the event loop go on; `None` if it runs on none.
    pub(super) gives_way: Option<bool>,
}

impl Play {
    /// Whether this is all of an order, or ends where something went wrong.
    pub(super) fn is_of(&self, order: &Order) -> bool {
        self.moves.len() == order.steps.len()
            || self.moves.last().is_some_and(|moved| moved.wrong.is_some())
    }
}

/// A shared place that is not what it was: kind, number, and what it holds now; `None` if that
/// cannot be looked at.
pub(super) struct Change {
    pub(super) kind: usize,
    pub(super) number: usize,
    pub(super) holds: Option<Labels>,
    /// Whether who waits for this lock lets the event loop go on, where its kind says so.
    pub(super) gives_way: Option<bool>,
}

/// One move.
pub(super) struct Moved {
    /// The stop at which the lane arrived; `None` between turns.
    pub(super) at: Option<usize>,
    /// Whether it waits in the middle of it.
    pub(super) waits: bool,
    pub(super) changed: Vec<Change>,
    /// What the assistant was asked, call by call.
    pub(super) asked: Vec<Labels>,
    pub(super) reply: Option<Reply>,
    pub(super) wrong: Option<Wrong>,
    /// Python lines that changed a place, where that was asked for.
    pub(super) lines: Vec<(usize, Change)>,
    /// The lane's lists, where that was asked for.
    pub(super) near: Vec<Variable>,
    /// What the line put into variables: a small value or a message each, where that was asked for.
    pub(super) assigned: Vec<Labels>,
    /// The Python line that the lane ran last, where that was asked for.
    pub(super) last: Option<usize>,
    /// Cells that cannot be looked at, of whose objects nothing changed, where that was asked for.
    pub(super) untouched: Vec<usize>,
}

/// Why a lane did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It raised an exception.
    Raises {
        /// The exception.
        what: String,
        /// The line.
        line: Option<usize>,
    },
    /// It waits for something.
    Blocks {
        /// The line.
        line: Option<usize>,
    },
    /// It was not at the line that it should run.
    Elsewhere,
}

/// A variable of a lane that holds a list.
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) holds: Labels,
    /// The cells that it *is*, rather than a copy of them.
    pub(super) same: Vec<usize>,
}

/// Reads a line; `None` if it is not what the runner writes.
pub(super) fn read(said: &Value) -> Option<Said> {
    if let Some(seen) = said.get("play") {
        return play(seen).map(Said::Play);
    }
    let line = number(&said["line"]);
    Some(match said["ends"].as_str()? {
        "done" => Said::Done,
        "refused" => Said::Refused { why: refusal(said)?, line },
        "memory" => Said::Exceeded(Stopped::memory(line)),
        "file" => Said::Exceeded(Stopped::file(line)),
        "files" => Said::Exceeded(Stopped::files(line)),
        _ => return None,
    })
}

fn refusal(said: &Value) -> Option<Refusal> {
    let text = |field: &str| said[field].as_str().map(str::to_owned);
    Some(match said["why"].as_str()? {
        "raises" => Refusal::Raises { what: text("what")? },
        "two-marks" => Refusal::TwoMarks,
        "no-statement" => Refusal::NoStatement,
        "starts-threads" => Refusal::StartsThreads,
        "yields" => Refusal::Yields { function: text("function")? },
        "loads-long" => Refusal::LoadsLong { seconds: said["seconds"].as_u64()? },
        _ => return None,
    })
}

fn play(play: &Value) -> Option<Play> {
    Some(Play {
        start: list(&play["start"], change)?,
        moves: list(&play["steps"], moved)?,
        waits: play["waits"].as_bool(),
        gives_way: play["gives_way"].as_bool(),
    })
}

fn moved(step: &Value) -> Option<Moved> {
    Some(Moved {
        at: number(&step["at"]),
        waits: step["waits"] == true,
        changed: list(&step["changed"], change)?,
        asked: list(&step["asked"], labels)?,
        reply: reply(&step["reply"]),
        wrong: wrong(&step["wrong"]),
        lines: list(&step["lines"], |line| Some((number(&line[0])?, place(&line[1], &line[2])?)))
            .unwrap_or_default(),
        near: list(&step["near"], variable).unwrap_or_default(),
        assigned: list(&step["assigned"], labels).unwrap_or_default(),
        last: number(&step["last"]),
        untouched: list(&step["untouched"], number).unwrap_or_default(),
    })
}

fn change(change: &Value) -> Option<Change> {
    let (holds, gives_way) = (labels(&change[2]), change[3].as_bool());
    Some(Change { holds, gives_way, ..place(&change[0], &change[1])? })
}

fn place(kind: &Value, at: &Value) -> Option<Change> {
    let kind = match kind.as_str()? {
        "cells" => 0,
        "locks" => 1,
        "mailboxes" => 2,
        "pipes" => 3,
        _ => return None,
    };
    Some(Change { kind, number: number(at)?, holds: None, gives_way: None })
}

fn reply(reply: &Value) -> Option<Reply> {
    Some(Reply {
        text: reply["text"].as_str()?.to_owned(),
        label: reply["label"].as_str()?.to_owned(),
        context: labels(&reply["context"])?,
    })
}

fn wrong(wrong: &Value) -> Option<Wrong> {
    let line = number(&wrong["line"]);
    match wrong["kind"].as_str()? {
        "raises" => Some(Wrong::Raises { what: cut(wrong["what"].as_str()?, WORDS_COLUMNS), line }),
        "blocks" => Some(Wrong::Blocks { line }),
        _ => Some(Wrong::Elsewhere),
    }
}

fn variable(variable: &Value) -> Option<Variable> {
    Some(Variable {
        name: variable[0].as_str()?.to_owned(),
        holds: labels(&variable[1])?,
        same: list(&variable[2], number)?,
    })
}

fn labels(labels: &Value) -> Option<Labels> {
    list(labels, |label| label.as_str().map(str::to_owned))
}

fn number(number: &Value) -> Option<usize> {
    number.as_u64().and_then(|number| usize::try_from(number).ok())
}

fn list<T>(values: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    values.as_array()?.iter().map(read).collect()
}
