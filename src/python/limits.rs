//! How much a stranger's Python may use, and what stopped it.

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It took too long.
    Time(Duration),
    /// Ctrl-C.
    Interrupted,
    /// It used too much processor time, in seconds.
    Processor(u64),
    /// It answered too much.
    Answer,
    /// It needs too much memory.
    Memory {
        /// The line.
        line: Option<usize>,
    },
    /// It writes too large a file.
    File {
        /// The line.
        line: Option<usize>,
    },
    /// It opens too many files.
    Files {
        /// The line.
        line: Option<usize>,
    },
}
