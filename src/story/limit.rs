//! What stopped an exploration.

use crate::explore::graph::Stopped;
use crate::phrase;
use crate::words::Phrase;

/// What stopped an exploration: a part of a sentence.
pub fn why_stopped(stopped: Stopped) -> Phrase {
    match stopped {
        Stopped::States { states_max } => phrase!("stopped-states", states = states_max),
        Stopped::Memory { bytes_max } => phrase!("stopped-memory", mebibytes = bytes_max >> 20),
        Stopped::Time => phrase!("stopped-time"),
        Stopped::Interrupted => phrase!("stopped-interrupted"),
    }
}
