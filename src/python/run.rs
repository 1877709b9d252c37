//! One document, worked off by Python order by order, and given up in time.
//!
//! The clock is kept here, by somebody who never waits for Python, nor for what Python started: one
//! line is waited for at a time, and what is not there in time is given up. Whoever leaves here has
//! ended the whole group of processes.

use super::Subject;
use super::answer::{Play, Said, read};
use super::limits::{ANSWER_BYTES_MAX, Limits, Stopped, TICK};
use super::process::{Group, Python, last_words};
use crate::platform::{Fed, Feed, is_interrupted};
use crate::problem::Problem;
use serde_json::Value;
use std::time::{Duration, Instant};

/// How long is waited for what ends by itself.
const GRACE: Duration = Duration::from_secs(2);
/// The signal that is sent when a process has used up its processor time; the same everywhere.
const OUT_OF_PROCESSOR_TIME: i32 = 24;
/// The signal that ends the group.
const KILLED: i32 = 9;

/// One document that is worked off.
pub(super) struct Run<'a> {
    pub(super) python: &'a Python,
    pub(super) subject: &'a Subject<'a>,
    pub(super) limits: &'a Limits,
    /// When the time is up.
    pub(super) until: Instant,
}

impl Run<'_> {
    /// Has a document worked off, and tells each order as it comes; `false` means that it is none
    /// that was asked for. Gives what stopped it, if it is not done. Everything that is wrong with
    /// the listing as Python is a problem.
    pub(super) fn run(
        &self,
        document: &Value,
        each: &mut dyn FnMut(Play) -> bool,
    ) -> Result<Option<Stopped>, Problem> {
        let mut group = Group::start(self.python)?;
        let cannot = |error| Problem::new(format!("cannot start a thread: {error}"));
        let lines = group.answers().map_err(cannot)?;
        let words = group.words().map_err(cannot)?;
        group.tell(document).map_err(cannot)?;
        let mut ran = 0;
        loop {
            if is_interrupted() {
                return Ok(Some(Stopped::Interrupted));
            }
            if Instant::now() >= self.until {
                return Ok(Some(Stopped::Time(self.limits.time_max)));
            }
            let line = match lines.next(TICK) {
                Fed::Piece(line) => line,
                Fed::Nothing => continue,
                Fed::Ended => return self.ended(ran, group, &words),
            };
            if line.len() as u64 > ANSWER_BYTES_MAX {
                return Ok(Some(Stopped::Answer));
            }
            let unreadable = || self.no_answer("gave an answer that cannot be read", ran, "");
            let said = serde_json::from_str(&String::from_utf8_lossy(&line));
            match said.ok().as_ref().and_then(read).ok_or_else(unreadable)? {
                Said::Play(play) => {
                    if !each(play) {
                        return Err(unreadable());
                    }
                    ran += 1;
                }
                Said::Done => {
                    // What has to be cleared up is cleared up; there is no need to kill it.
                    lines.next(GRACE);
                    return Ok(None);
                }
                Said::Refused { what, line } => return Err(self.refusal(&what, line)),
                Said::Exceeded(stopped) => return Ok(Some(stopped)),
            }
        }
    }

    /// Nothing more comes, and it was not done.
    fn ended(
        &self,
        ran: usize,
        mut group: Group,
        words: &Feed<Vec<u8>>,
    ) -> Result<Option<Stopped>, Problem> {
        let signal = group.end();
        // A Ctrl-C on a terminal may have ended Python too, before it had a group of its own.
        if is_interrupted() {
            return Ok(Some(Stopped::Interrupted));
        }
        if signal == Some(OUT_OF_PROCESSOR_TIME) {
            return Ok(Some(Stopped::Processor(self.limits.cpu_s())));
        }
        let words = match words.next(GRACE) {
            Fed::Piece(words) => words,
            Fed::Nothing | Fed::Ended => Vec::new(),
        };
        let last = last_words(&words);
        Err(match signal {
            // It ended by itself, or is killed just now, because it had closed its end.
            None | Some(KILLED) => self.no_answer("ended without an answer", ran, &last),
            Some(signal) => self.no_answer(&format!("was ended by signal {signal}"), ran, &last),
        })
    }

    /// Python gave no answer, or none that can be.
    pub(super) fn no_answer(&self, what: &str, ran: usize, words: &str) -> Problem {
        let (version, name, order) = (&self.python.version, self.subject.name, ran + 1);
        Problem::new(format!("Python {version} {what} in order {order} of {name}{words}")).help(
            "does the listing end Python itself, or touch files that it has not opened? It should \
             do neither",
        )
    }

    fn refusal(&self, refused: &str, line: Option<usize>) -> Problem {
        let (version, name) = (&self.python.version, self.subject.name);
        let what = format!("Python {version} cannot run {name}: {refused}");
        match line {
            None => Problem::new(what).help("run it with Python once, and repair what is reported"),
            Some(line) => {
                let text = &self.subject.listing.text;
                let before = text.split_inclusive('\n').take(line.saturating_sub(1));
                let start: usize = before.map(str::len).sum();
                let length = text[start..].lines().next().unwrap_or_default().len();
                let code = &text[start..start + length];
                let start = start + code.len() - code.trim_start().len();
                Problem::new(what).at(self.subject.name, text, start..start + code.trim().len())
            }
        }
    }
}
