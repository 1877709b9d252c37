//! What a step touches that other lanes can notice, and which steps therefore do not commute.
//!
//! Two orders that differ only by swapping neighbouring *independent* steps are essentially the
//! same. Steps of two lanes are dependent if both touch
//!
//! ```text
//! one cell, unless both only read it        one lock, or one mailbox
//! one lane's reply box                      the server's slots, if a limit can make a lane wait
//! ```
//!
//! Everything else a step does is its lane's own. (Mazurkiewicz, "Trace theory", 1987.)

use super::LaneId;

/// Something that other lanes can notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shared {
    /// A cell, by instance.
    Cell(usize),
    /// A lock, by instance.
    Lock(usize),
    /// A mailbox, by instance.
    Mailbox(usize),
    /// Where a lane's answers are handed to it.
    ReplyBox(LaneId),
    /// The requests inside handlers, counted against the limit.
    Slots,
}

/// One touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Touch {
    /// What is touched.
    pub what: Shared,
    /// Whether it is only read.
    pub reads_only: bool,
}

impl Touch {
    /// A look that changes nothing.
    pub fn read(what: Shared) -> Touch {
        Touch { what, reads_only: true }
    }

    /// Anything else.
    pub fn change(what: Shared) -> Touch {
        Touch { what, reads_only: false }
    }
}

/// Whether the order of two steps of different lanes, which touch these things, can matter.
pub fn dependent(left: &[Touch], right: &[Touch]) -> bool {
    left.iter().any(|one| {
        right.iter().any(|other| one.what == other.what && !(one.reads_only && other.reads_only))
    })
}
