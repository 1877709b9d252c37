//! Virtual time: when each reply comes, if only thinking and waiting take time.
//!
//! A discrete-event run of the same program, with the same [`crate::model::step`], line by line.
//! Running a line takes no time; asking the assistant takes [`Cast::infer_ms`]. What a request
//! waits for, a lock, a mailbox, an answer or a place in a handler, it waits for in virtual time.
//!
//! - A request is sent when its time has come ([`Turn::at_ms`]) and its lane has the reply before.
//! - Who has waited longest goes first: for a lock, for a mailbox, and in the queue of each
//!   function of the app. At one moment the lane goes first whose last line is longer ago, and
//!   those that have run none go in their order.
//! - A request takes its place in a handler when there is one, also if it then waits for a lock.
//! - The limit, the threads and the replicas are those of the program's setting.
//! - At grain `access` and `line` every request has a thread. At grain `await` there is one event
//!   loop: a lane keeps it until it asks the assistant or waits, and one that waits for an ordinary
//!   lock keeps it for ever. At grain `turn` one request at a time is worked on.
//! - Nobody cancels.
//!
//! It is one run out of many: the one that a patient server would make. It says what a strategy
//! costs, never whether it is right.
//!
//! [`Cast::infer_ms`]: crate::model::cast::Cast::infer_ms
//! [`Turn::at_ms`]: crate::model::cast::Turn::at_ms

mod clock;

use crate::model::LaneId;
use crate::model::program::Program;
use num_rational::Ratio;

/// A run in virtual time. All times are milliseconds since its start.
#[derive(Clone, Debug)]
pub struct Timed {
    /// For each turn of the cast, when it was sent and when its reply came.
    pub turns: Vec<TurnTime>,
    /// Every line that ran: when, and the lane that ran it.
    pub lines: Vec<(u64, LaneId)>,
    /// The program that was run, line by line.
    pub program: Program,
}

/// The times of one turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TurnTime {
    /// When it was sent; `None` if the turn before it never got its reply.
    pub sent_ms: Option<u64>,
    /// When its reply came; `None` if it never did.
    pub replied_ms: Option<u64>,
}

impl TurnTime {
    /// From the sending to the reply; `None` if that never came.
    pub fn reply_ms(&self) -> Option<u64> {
        Some(self.replied_ms? - self.sent_ms?)
    }
}

/// Runs a program in virtual time.
pub fn run(program: &Program) -> Timed {
    clock::run(program)
}

impl Timed {
    /// The mean of all reply times, in milliseconds; `None` if a reply never comes.
    pub fn mean_ms(&self) -> Option<Ratio<u64>> {
        let times: Option<Vec<u64>> = self.turns.iter().map(TurnTime::reply_ms).collect();
        let times = times?;
        (!times.is_empty()).then(|| Ratio::new(times.iter().sum(), times.len() as u64))
    }

    /// The longest reply time, in milliseconds; `None` if a reply never comes.
    pub fn worst_ms(&self) -> Option<u64> {
        let times: Option<Vec<u64>> = self.turns.iter().map(TurnTime::reply_ms).collect();
        times?.into_iter().max()
    }

    /// How many turns never get a reply.
    pub fn never(&self) -> usize {
        self.turns.iter().filter(|turn| turn.replied_ms.is_none()).count()
    }
}
