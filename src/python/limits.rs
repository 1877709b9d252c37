//! How much a stranger's Python may use, and what stopped it.

use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;

/// Address space of one process, in bytes. A listing that imports large packages needs a quarter.
pub const MEMORY_BYTES_MAX: u64 = 4 << 30;
/// The largest file that is written, in bytes.
pub const FILE_BYTES_MAX: u64 = 64 << 20;
/// How many files may be open.
pub const FILES_MAX: u64 = 256;
/// The most that is answered about one order, in bytes.
pub const ANSWER_BYTES_MAX: u64 = 16 << 20;
/// How often is looked whether the time is up.
pub(super) const TICK: Duration = Duration::from_millis(50);

/// What whoever asks can choose.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long one listing may take.
    pub time_max: Duration,
}

impl Limits {
    /// Processor time of one process, in seconds. It ends what has left the group of processes that
    /// is killed; one that computes on all cores for a while is not meant.
    pub(super) fn cpu_s(&self) -> u64 {
        2 * self.time_max.as_secs().max(1)
    }
}

/// Why Python was stopped before it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Stopped {
    /// It took too long.
    Time {
        /// So long was allowed.
        seconds: u64,
    },
    /// Ctrl-C.
    Interrupted,
    /// It used too much processor time.
    Processor {
        /// So much was allowed.
        seconds: u64,
    },
    /// It answered too much about one order.
    Answer {
        /// So much was allowed.
        mib: u64,
    },
    /// It needs too much memory.
    Memory {
        /// So much was allowed.
        gib: u64,
        /// The line, from 1.
        line: Option<usize>,
    },
    /// It writes too large a file.
    File {
        /// So much was allowed.
        mib: u64,
        /// The line, from 1.
        line: Option<usize>,
    },
    /// It opens too many files.
    Files {
        /// So many were allowed.
        files: u64,
        /// The line, from 1.
        line: Option<usize>,
    },
}

impl Stopped {
    pub(super) const ANSWER: Stopped = Stopped::Answer { mib: ANSWER_BYTES_MAX >> 20 };

    pub(super) fn memory(line: Option<usize>) -> Stopped {
        Stopped::Memory { gib: MEMORY_BYTES_MAX >> 30, line }
    }

    pub(super) fn file(line: Option<usize>) -> Stopped {
        Stopped::File { mib: FILE_BYTES_MAX >> 20, line }
    }

    pub(super) fn files(line: Option<usize>) -> Stopped {
        Stopped::Files { files: FILES_MAX, line }
    }
}

impl From<Stopped> for Phrase {
    fn from(stopped: Stopped) -> Phrase {
        Phrase::of("python-stopped", &stopped)
    }
}
