//! A listing, compiled: the declared places and the annotated lines, with jumps resolved.

use super::PlaceId;
use super::op::{Op, Small};
use super::server::Routing;

/// Everything of a listing that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The shared places, in the order of their declarations.
    pub places: Vec<Place>,
    /// What a request runs.
    pub respond: Routine,
    /// What runs beside the requests.
    pub daemons: Vec<Daemon>,
    /// The cell that a request of a session reads first: the session's stored context.
    pub stored: Option<PlaceId>,
    /// Which replica serves a request, if the strategy itself decides that.
    pub routing: Option<Routing>,
    /// Whether `respond` is an `async def`: then it ends where its client cancels it.
    pub is_async: bool,
}

/// A shared place: one instance, or one for each value of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name in the listing.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// What it is keyed by; empty when everybody shares one instance.
    pub keys: Vec<Key>,
    /// Whether it is kept outside of the server's processes, so that all replicas see one.
    pub is_external: bool,
    /// Of a lock: whether a lane that waits for it lets the event loop go on.
    pub is_async: bool,
}

/// What a shared place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// A cell, and what it holds.
    Cell(Holds),
    /// A lock.
    Lock,
    /// A mailbox: a queue of questions, first in, first out.
    Mailbox,
    /// A pipe: a queue of answers, first in, first out.
    Pipe,
}

/// What a cell holds, found from how the listing uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A list of messages.
    Messages,
    /// A cached answer, or nothing.
    Answer,
    /// A small value.
    Id,
}

/// What selects an instance of a keyed place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The session of the request.
    Session,
    /// The text of the question.
    Question,
    /// The lane's `id`: its session, unless a `take` changed it in this turn.
    Id,
    /// The network address that the request comes from.
    Address,
    /// The worker thread that runs the request.
    Worker,
    /// The replica that serves the request.
    Replica,
    /// Nothing that a request has: every request means `None`.
    Nobody,
}

impl Key {
    /// Every key.
    pub const ALL: [Key; 7] = [
        Key::Session,
        Key::Question,
        Key::Id,
        Key::Address,
        Key::Worker,
        Key::Replica,
        Key::Nobody,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Key::Session => "session",
            Key::Question => "question",
            Key::Id => "id",
            Key::Address => "address",
            Key::Worker => "worker",
            Key::Replica => "replica",
            Key::Nobody => "none",
        }
    }
}

/// The annotated lines of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routine {
    /// The function's name.
    pub name: String,
    /// Its annotated lines; a line after the last one is the end of the turn.
    pub lines: Vec<Line>,
}

/// A function that serves mailboxes for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Daemon {
    /// The name of its lane.
    pub lane: String,
    /// Whether each session has its own; otherwise there is one for the whole app.
    pub per_session: bool,
    /// Whether it is an `async def`: then it runs on the event loop, and has no thread of its own.
    pub is_async: bool,
    /// What it runs for each question.
    pub routine: Routine,
}

impl Daemon {
    /// Whether it takes all waiting questions at once: a function that the framework calls once for
    /// a batch of requests.
    pub fn batches(&self) -> bool {
        let first = self.routine.lines.first().and_then(|line| line.ops.first());
        matches!(first, Some(Op::Gather(_)))
    }
}

/// One annotated line: the smallest thing that can happen between two switches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Line number in the file, from 1.
    pub number: usize,
    /// What it is in the file.
    pub kind: LineKind,
    /// What stands behind its `#@`; nothing for a line that is not in the file.
    pub mark: String,
    /// The code, as it is shown; for the end of a `with` block, what happens there.
    pub text: String,
    /// What it does, in this order.
    pub ops: Vec<Op>,
    /// Which function of the app it belongs to: how many `then` stand before it.
    pub function: usize,
    /// What happens if the client cancels the request while it waits here; `None` if it does not
    /// wait here.
    pub cancelled: Option<Vec<Op>>,
}

/// What an annotated line is in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineKind {
    /// A line of code with a mark.
    #[default]
    Code,
    /// The end of a `with` block, where its lock is given back; it has no line of its own.
    EndOfWith {
        /// Line number of the `with`.
        opened: usize,
        /// Whether a `return` leaves the block here.
        returns: bool,
    },
    /// What a line of code does behind a wait: see [`super::program::finer`].
    Resumes,
}

impl Line {
    /// Whether other lanes can notice this line.
    pub fn is_access(&self) -> bool {
        self.ops.iter().any(Op::is_access)
    }

    /// Whether the lane waits for the assistant here.
    pub fn infers(&self) -> bool {
        self.ops.contains(&Op::Infer)
    }

    /// Whether the lane waits here for something that no other lane does.
    pub fn lets_go(&self) -> bool {
        self.ops.iter().any(Op::lets_go)
    }

    /// Whether the lane waits here for what another one hands over.
    pub fn asks_others(&self) -> bool {
        self.ops.iter().any(|op| op.waits() && !op.lets_go())
    }

    /// Whether a lane that stands here waits for a lock, if for anything.
    pub fn waits_for_lock(&self) -> bool {
        let mut waits = self.ops.iter().filter(|op| op.waits() || matches!(op, Op::Acquire(_)));
        self.kind != LineKind::Resumes && matches!(waits.next(), Some(Op::Acquire(_)))
    }
}

impl Routine {
    /// Whether a line is the first one of a function behind a `then`.
    pub fn begins(&self, line: usize) -> bool {
        line > 0
            && self.lines.get(line).is_some_and(|own| own.function != self.lines[line - 1].function)
    }
}

impl Code {
    /// The routines, `respond` first.
    pub fn routines(&self) -> impl Iterator<Item = &Routine> {
        std::iter::once(&self.respond).chain(self.daemons.iter().map(|daemon| &daemon.routine))
    }

    /// Every move of the listing, those included that are made when a client cancels.
    pub fn ops(&self) -> impl Iterator<Item = Op> {
        let lines = self.routines().flat_map(|routine| &routine.lines);
        lines.flat_map(|line| line.ops.iter().chain(line.cancelled.iter().flatten()).copied())
    }

    /// Whether the browser calls several functions for one turn.
    pub fn has_chains(&self) -> bool {
        self.respond.lines.iter().any(|line| line.ops.contains(&Op::Then))
    }

    /// Whether the framework works on requests in batches.
    pub fn has_batches(&self) -> bool {
        self.daemons.iter().any(Daemon::batches)
    }

    /// Whether a request that comes to this line of `respond` is one of a batch, on every way: the
    /// framework waits for the batch with it, and works on no request until there is one.
    pub fn is_batched(&self, line: usize) -> bool {
        let lines = &self.respond.lines;
        let Some(here) = lines.get(line).filter(|_| self.has_batches()) else { return false };
        let own = |other: &&Line| other.function == here.function;
        let gathered = |place| self.ops().any(|op| op == Op::Gather(place));
        let sends = |op: &Op| matches!(*op, Op::Send(place) if gathered(place));
        let passes = |sent: usize| {
            let over = |op: &Op| op.skips_to().is_some_and(|to| (sent + 1..=line).contains(&to));
            !lines[..sent].iter().any(|line| line.ops.iter().any(over))
        };
        let mut sent = (0..line).filter(|&at| lines[at].ops.iter().any(sends));
        lines.iter().filter(own).any(|line| line.ops.contains(&Op::Await))
            && sent.any(|at| own(&&lines[at]) && passes(at))
    }

    /// Whether some line stores into this place only if nobody else did.
    pub fn swaps(&self, place: PlaceId) -> bool {
        self.ops().any(|op| matches!(op, Op::Swap { place: swapped, .. } if swapped == place))
    }

    /// Whether some place has one instance for each value of this key.
    pub fn is_keyed_by(&self, key: Key) -> bool {
        self.places.iter().any(|place| place.keys.contains(&key))
    }

    /// Whether a lane's `id` can be anything but its session.
    pub fn changes_ids(&self) -> bool {
        self.ops().any(|op| matches!(op, Op::Take(_) | Op::Mint(_) | Op::Settle(_)))
    }

    /// How many lines draw an id that nobody else has.
    pub fn mints(&self) -> usize {
        self.ops().filter(|op| matches!(op, Op::Mint(_))).count()
    }

    /// Whether this place is a counter.
    pub fn counts(&self, place: PlaceId) -> bool {
        self.ops().any(|op| op == Op::Put(place, Small::Next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::made::code;

    const MAILBOX: PlaceId = 2;
    const SEND: &[Op] = &[Op::Send(MAILBOX)];
    const AWAIT: &[Op] = &[Op::Await];
    const REPLY: &[Op] = &[Op::Reply];

    /// The lines of which a request is one of a batch, if a worker takes questions so.
    fn batched(lines: &[&[Op]], takes: Op) -> Vec<usize> {
        let mut code = code(lines);
        let first = Line { ops: vec![takes], ..Line::default() };
        let routine = Routine { name: "work".into(), lines: vec![first] };
        code.daemons.push(Daemon {
            lane: "worker".into(),
            per_session: false,
            is_async: false,
            routine,
        });
        (0..lines.len()).filter(|&line| code.is_batched(line)).collect()
    }

    #[test]
    fn a_request_is_one_of_a_batch_from_sending_to_the_end_of_its_function() {
        let gather = Op::Gather(MAILBOX);
        assert_eq!(batched(&[&[Op::Infer], SEND, AWAIT, REPLY], gather), [2, 3]);
        assert_eq!(batched(&[SEND, AWAIT, &[Op::Then], &[Op::Infer], REPLY], gather), [1, 2]);
        assert_eq!(batched(&[SEND, &[Op::Infer], REPLY], gather), [0; 0], "it does not wait");
        assert_eq!(batched(&[SEND, AWAIT, REPLY], Op::Receive(MAILBOX)), [0; 0], "one by one");
        assert_eq!(
            batched(&[SEND, AWAIT, REPLY], Op::Gather(MAILBOX + 1)),
            [0; 0],
            "another mailbox"
        );
    }

    #[test]
    fn whoever_may_have_sent_nothing_is_worked_on() {
        let lines = [&[Op::UnlessFound { skip: 3 }][..], SEND, AWAIT, REPLY];
        assert_eq!(batched(&lines, Op::Gather(MAILBOX)), [2]);
    }
}
