//! What to type next about the log of a real app. What there is to tell of it is in [`crate::log::facts`].

use super::command::Command;
use crate::log::diagnosis::{Diagnosis, Kind};

/// The most messages of each session that anybody is told to remember.
const REMEMBER_MAX: usize = 1000;

/// What to type next about a log that was named so.
pub fn next(log: &str, diagnosis: &Diagnosis) -> Option<Command> {
    let more = (diagnosis.remember * 10).min(REMEMBER_MAX);
    let forgot = diagnosis.open.forgotten > 0 && diagnosis.open.messages > 0;
    match diagnosis.firsts().next().map(|finding| finding.kind) {
        Some(kind @ (Kind::Leak | Kind::Lost)) => {
            Some(Command::interleak("explain").name(kind.name()))
        }
        _ if forgot && more > diagnosis.remember => {
            Some(Command::interleak("diagnose").name(log).option("--remember", more.to_string()))
        }
        _ => None,
    }
}
