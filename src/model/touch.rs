//! What a step touches that other lanes can notice, and which steps therefore do not commute.
//!
//! Two orders that differ only by swapping neighbouring *independent* steps are essentially the
//! same. Steps of two lanes are dependent if both touch
//!
//! ```text
//! one cell, unless both only read it        one lock, one mailbox or one pipe
//! one lane's reply box                      the server's slots, if a limit can make a lane wait
//! a request, and whoever may cancel it      the router, if it serves one replica after the other
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
    /// A pipe, by instance.
    Pipe(usize),
    /// Where a lane's answers are handed to it.
    ReplyBox(LaneId),
    /// The requests and batches that are worked on, counted against the limit, and their threads.
    Slots,
    /// Whose turn it is to be served by which replica.
    Router,
    /// How far a request is that its client may cancel.
    Turn(LaneId),
    /// The event loop, which a lane can stop for everybody.
    Loop,
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
