//! One document, worked off by Python order by order, and given up in time.
//!
//! The clock is kept here, by somebody who never waits for Python, nor for what Python started: one
//! line is waited for at a time, and what is not there in time is given up. Whoever leaves here has
//! ended the whole group of processes.

use super::Subject;
use super::answer::{Play, Refusal, Said, read};
use super::limits::{ANSWER_BYTES_MAX, Limits, Stopped, TICK};
use super::process::{Group, Python, with_last_words};
use crate::phrase;
use crate::platform::{Fed, Feed, is_interrupted, pause};
use crate::problem::Problem;
use crate::words::Phrase;
use serde_json::Value;
use std::io;
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

/// How Python gave no answer.
#[derive(Clone, Copy)]
pub(super) enum NoAnswer {
    /// Not to all that was asked.
    TooLittle,
    /// One that cannot be read.
    Unreadable,
    /// It ended by itself.
    Ended,
    /// A signal ended it.
    Signal(i32),
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
        let cannot =
            |error: io::Error| Problem::new(phrase!("python-no-thread", error = error.to_string()));
        let lines = group.answers().map_err(cannot)?;
        let words = group.words().map_err(cannot)?;
        group.tell(document).map_err(cannot)?;
        let mut ran = 0;
        loop {
            if is_interrupted() {
                return Ok(Some(Stopped::Interrupted));
            }
            if Instant::now() >= self.until {
                let seconds = self.limits.time_max.as_secs();
                return Ok(Some(Stopped::Time { seconds }));
            }
            let line = match lines.next(TICK) {
                Fed::Piece(line) => line,
                Fed::Nothing => continue,
                Fed::Ended => return self.ended(ran, group, &words),
            };
            if line.len() as u64 > ANSWER_BYTES_MAX {
                return Ok(Some(Stopped::ANSWER));
            }
            let unreadable = || self.no_answer(NoAnswer::Unreadable, ran, b"");
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
                Said::Refused { why, line } => return Err(self.refusal(&why, line)),
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
            return Ok(Some(Stopped::Processor { seconds: self.limits.cpu_s() }));
        }
        let words = match words.next(GRACE) {
            Fed::Piece(words) => words,
            Fed::Nothing | Fed::Ended => Vec::new(),
        };
        if is_interrupted_too(&words) {
            return Ok(Some(Stopped::Interrupted));
        }
        // If it is killed just now, it had ended by itself, or had closed its end.
        let signal = signal.filter(|&signal| signal != KILLED);
        Err(self.no_answer(signal.map_or(NoAnswer::Ended, NoAnswer::Signal), ran, &words))
    }

    /// Python gave no answer, or none that can be. `words` is what it said besides.
    pub(super) fn no_answer(&self, what: NoAnswer, ran: usize, words: &[u8]) -> Problem {
        let (how, signal) = match what {
            NoAnswer::TooLittle => ("too-little", None),
            NoAnswer::Unreadable => ("unreadable", None),
            NoAnswer::Ended => ("ended", None),
            NoAnswer::Signal(signal) => ("signal", Some(signal.to_string())),
        };
        let what = phrase!(
            "python-no-answer",
            version = &self.python.version,
            how = how,
            signal = signal.unwrap_or_default(),
            order = ran + 1,
            file = self.subject.name,
        );
        Problem::new(with_last_words(what, words)).help(phrase!("python-no-answer-help"))
    }

    fn refusal(&self, why: &Refusal, line: Option<usize>) -> Problem {
        let (version, file) = (&self.python.version, self.subject.name);
        let why = Phrase::of("python-refusal", why);
        let problem =
            Problem::new(phrase!("python-refused", version = version, file = file, why = why));
        match line {
            None => problem.help(phrase!("python-refused-help")),
            Some(line) => {
                let text = &self.subject.listing.text;
                let before = text.split_inclusive('\n').take(line.saturating_sub(1));
                let start: usize = before.map(str::len).sum();
                let length = text[start..].lines().next().unwrap_or_default().len();
                let code = &text[start..start + length];
                let start = start + code.len() - code.trim_start().len();
                problem.at(file, text, start..start + code.trim().len())
            }
        }
    }
}

/// Whether Ctrl-C ended Python, by its own words, and was meant for both: this program may see it a
/// moment later than Python does.
fn is_interrupted_too(words: &[u8]) -> bool {
    const MOMENT: Duration = Duration::from_millis(10);
    let says_so = words.windows(INTERRUPT.len()).any(|part| part == INTERRUPT);
    for _ in 0..50 {
        if !says_so || is_interrupted() {
            break;
        }
        pause(MOMENT);
    }
    is_interrupted()
}

/// What Python says of Ctrl-C.
const INTERRUPT: &[u8] = b"KeyboardInterrupt";
