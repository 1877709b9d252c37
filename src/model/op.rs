//! What an annotated line does: the moves that `#@` words stand for.

use super::PlaceId;

/// One move. A line of a listing carries one or several, of which at most one is an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Copies a cell into the lane's own history.
    Load(PlaceId),
    /// Replaces a cell by the lane's own history.
    Store(PlaceId),
    /// Adds one message to a cell, in place.
    Append(PlaceId, Part),
    /// Takes a lock, or waits for it.
    Acquire(PlaceId),
    /// Gives a lock back.
    Release(PlaceId),
    /// Puts the lane's question into a mailbox.
    Send(PlaceId),
    /// Takes the oldest question out of a mailbox, or waits for one.
    Receive(PlaceId),
    /// Takes all waiting questions out of a mailbox, or waits for one: the first is worked on,
    /// the others are the rest of the batch.
    Gather(PlaceId),
    /// Goes on with the next question of the batch at line `first`, if there is one.
    Next {
        /// The first line of the loop over the batch.
        first: usize,
    },
    /// Hands the answer back to the lane that asked.
    Answer,
    /// Waits until somebody handed an answer back.
    Await,
    /// Reads a cached answer, if there is one.
    Lookup(PlaceId),
    /// Writes the lane's answer into a cache.
    Save(PlaceId),
    /// Stores the history if the cell was not written since this lane loaded it;
    /// otherwise goes back to line `retry`.
    Swap {
        /// The cell.
        place: PlaceId,
        /// The line that a failed swap goes back to.
        retry: usize,
    },
    /// Writes a small value.
    Put(PlaceId, Small),
    /// Reads a small value into the lane's `id`.
    Take(PlaceId),
    /// Puts the lane's answer into a pipe.
    Write(PlaceId),
    /// Takes the oldest answer out of a pipe, whoever it is for, or waits for one.
    Read(PlaceId),
    /// Throws away what is in a pipe.
    Drop(PlaceId),
    /// Makes the lane's `id` a new one that nobody else has: this one is the listing's *n*-th draw.
    Mint(usize),
    /// Ends a function of the app; the rest of the turn is another request of the same client.
    Then,
    /// Writes the lane's `id` if nothing is there; then the `id` is what is there.
    Settle(PlaceId),
    /// Adds one message to the lane's own history.
    Note(Part),
    /// Waits for something that is neither the assistant nor another lane: time, or a database.
    Pause,
    /// Asks the assistant: the answer is computed from the lane's own history.
    Infer,
    /// Goes on at line `skip` if the last lookup found an answer.
    UnlessFound {
        /// The line after the block.
        skip: usize,
    },
    /// Goes on at line `skip` if the last take found a value.
    UnlessKnown {
        /// The line after the block.
        skip: usize,
    },
    /// Shows the answer to the user and ends the turn.
    Reply,
}

/// Which message of the turn is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the user said.
    Question,
    /// What the assistant said.
    Answer,
}

/// Which small value `put` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Small {
    /// The session of the request.
    Session,
    /// The lane's `id`, unchanged.
    Id,
    /// The lane's `id` plus one, or one if it is no number: a counter.
    Next,
}

impl Op {
    /// The declared place that this move touches.
    pub fn place(&self) -> Option<PlaceId> {
        match *self {
            Op::Load(place)
            | Op::Store(place)
            | Op::Append(place, _)
            | Op::Acquire(place)
            | Op::Release(place)
            | Op::Send(place)
            | Op::Receive(place)
            | Op::Gather(place)
            | Op::Write(place)
            | Op::Read(place)
            | Op::Drop(place)
            | Op::Settle(place)
            | Op::Lookup(place)
            | Op::Save(place)
            | Op::Swap { place, .. }
            | Op::Put(place, _)
            | Op::Take(place) => Some(place),
            Op::Answer
            | Op::Await
            | Op::Next { .. }
            | Op::Mint(_)
            | Op::Then
            | Op::Note(_)
            | Op::Infer
            | Op::Pause
            | Op::UnlessFound { .. }
            | Op::UnlessKnown { .. }
            | Op::Reply => None,
        }
    }

    /// Whether other lanes can notice this move: it touches a declared place or a reply box.
    pub fn is_access(&self) -> bool {
        self.place().is_some() || matches!(self, Op::Answer | Op::Await)
    }

    /// Whether a request lets go of its thread here until something is there: where its client
    /// can cancel it.
    pub fn waits(&self) -> bool {
        self.lets_go() || matches!(self, Op::Await | Op::Read(_))
    }

    /// Whether a lane waits here for something that no other lane does.
    pub fn lets_go(&self) -> bool {
        matches!(self, Op::Infer | Op::Pause)
    }

    /// Whether the lane sees what a cell holds.
    pub fn reads(&self) -> bool {
        matches!(self, Op::Load(_) | Op::Lookup(_) | Op::Take(_) | Op::Settle(_))
    }
}
