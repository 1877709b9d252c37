//! Which registers of a lane can still matter at a line, by data flow along the routine.
//!
//! A register that is written before it is read again is *dead*: two states that differ only in
//! dead registers have the same future. Dead registers are dropped from keys, which merges such
//! states. (Standard live-variable analysis: Aho, Lam, Sethi, Ullman, "Compilers", 9.2.5.)

use crate::model::code::{Code, Key, Routine};
use crate::model::op::{Op, Part, Small};

/// Which registers can still be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// The lane's copy of a history.
    pub history: bool,
    /// The latest answer.
    pub answer: bool,
    /// An answer handed to it.
    pub inbox: bool,
    /// What `[id]` means to it.
    pub id: bool,
    /// Whether its last lookup found an answer.
    pub found: bool,
    /// Whether its last take found a value.
    pub known: bool,
    /// The cell that it loaded and nobody wrote since.
    pub unchanged: bool,
}

/// Whether a lane that stands at a line has an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// On no way to this line.
    No,
    /// On every way.
    Yes,
    /// That depends on the way.
    Either,
}

/// What a routine needs to remember at each of its lines.
#[derive(Clone, Debug)]
pub struct Liveness {
    /// Before each line; one more for the end of the turn, where nothing is live.
    pub live: Vec<Live>,
    /// Before each line, whether there is an answer.
    pub answered: Vec<Answered>,
    /// Whether no turn can end without showing an answer.
    pub always_replies: bool,
}

impl Liveness {
    /// Analyses one routine of the code.
    pub fn new(code: &Code, routine: &Routine) -> Liveness {
        let mut live = vec![Live::default(); routine.lines.len() + 1];
        // Each round only adds, so this ends; a routine has few lines and fewer backward jumps.
        loop {
            let before = live.clone();
            for line in (0..routine.lines.len()).rev() {
                live[line] = before_line(code, &routine.lines[line].ops, line, &live);
            }
            if live == before {
                break;
            }
        }
        let (answered, always_replies) = answered(routine);
        Liveness { live, answered, always_replies }
    }
}

/// Where a line can lead: the next line, or wherever it jumps; nowhere once the turn is over.
pub fn targets(ops: &[Op], line: usize) -> Vec<usize> {
    if ops.contains(&Op::Reply) {
        return Vec::new();
    }
    let jumps = ops.iter().filter_map(|op| match *op {
        Op::UnlessFound { skip } | Op::UnlessKnown { skip } => Some(skip),
        Op::Swap { retry, .. } => Some(retry),
        Op::Next { first } => Some(first),
        _ => None,
    });
    jumps.chain([line + 1]).collect()
}

fn before_line(code: &Code, ops: &[Op], line: usize, live: &[Live]) -> Live {
    let after = targets(ops, line).into_iter().fold(Live::default(), |all, to| or(all, live[to]));
    ops.iter().rev().fold(after, |live, op| before_op(code, *op, live))
}

fn or(left: Live, right: Live) -> Live {
    Live {
        history: left.history || right.history,
        answer: left.answer || right.answer,
        inbox: left.inbox || right.inbox,
        id: left.id || right.id,
        found: left.found || right.found,
        known: left.known || right.known,
        unchanged: left.unchanged || right.unchanged,
    }
}

fn before_op(code: &Code, op: Op, after: Live) -> Live {
    let mut live = after;
    match op {
        Op::Load(place) => {
            live.history = false;
            live.unchanged &= !code.swaps(place);
        }
        Op::Store(_) => live.history = true,
        Op::Swap { .. } => {
            live.history = true;
            live.unchanged = true;
        }
        Op::Append(_, Part::Answer) | Op::Save(_) | Op::Write(_) | Op::Answer | Op::Reply => {
            live.answer = true;
        }
        Op::Note(Part::Answer) => live.answer |= after.history,
        Op::Infer => {
            live.answer = false;
            live.history |= after.answer;
        }
        Op::Lookup(_) => live.found = false,
        Op::Read(_) => live.answer = false,
        Op::Await => {
            live.answer = false;
            live.inbox = true;
        }
        Op::UnlessFound { .. } => live.found = true,
        Op::Put(_, Small::Id | Small::Next) => live.id = true,
        Op::UnlessKnown { .. } => live.known = true,
        Op::Settle(_) => live.id = true,
        // Another function has variables of its own.
        Op::Then => return Live::default(),
        Op::Take(_) => {
            live.id = false;
            live.known = false;
        }
        Op::Mint(_) | Op::Receive(_) | Op::Gather(_) => live.id = false,
        Op::Append(_, Part::Question)
        | Op::Note(Part::Question)
        | Op::Put(_, Small::Session)
        | Op::Acquire(_)
        | Op::Release(_)
        | Op::Drop(_)
        | Op::Pause
        | Op::Next { .. }
        | Op::Send(_) => {}
    }
    let by_id = |place: usize| code.places[place].keys.contains(&Key::Id);
    live.id |= op.place().is_some_and(by_id);
    live
}

/// Follows every way forward: with and without an answer.
fn answered(routine: &Routine) -> (Vec<Answered>, bool) {
    let end = routine.lines.len();
    let mut with = vec![false; end + 1];
    let mut without = vec![false; end + 1];
    without[0] = true;
    let mut silent = false;
    // A jump back can only bring what already came forward, so as many rounds as lines suffice.
    for _ in 0..=end {
        for line in 0..end {
            let ops = &routine.lines[line].ops;
            let gets = ops.iter().any(|op| matches!(op, Op::Infer | Op::Await | Op::Read(_)));
            if ops.contains(&Op::Reply) {
                let has = before_reply(ops);
                silent |= without[line] && !has;
                continue;
            }
            for to in targets(ops, line) {
                if ops.contains(&Op::Then) {
                    without[to] |= with[line] || without[line];
                    continue;
                }
                // A block is skipped because an answer was found.
                let found = ops.contains(&Op::UnlessFound { skip: to });
                with[to] |= with[line] || without[line] && (gets || found);
                without[to] |= without[line] && !gets && !found;
                // A lookup may find one.
                let looks_up = ops.iter().any(|op| matches!(op, Op::Lookup(_)));
                with[to] |= without[line] && looks_up;
            }
        }
    }
    let answered = with.iter().zip(&without).map(|ways| match ways {
        (true, true) => Answered::Either,
        (true, false) => Answered::Yes,
        (false, _) => Answered::No,
    });
    (answered.collect(), !silent && !without[end] && !with[end])
}

/// Whether a line that replies gets an answer before it does.
fn before_reply(ops: &[Op]) -> bool {
    let before = ops.iter().take_while(|op| **op != Op::Reply);
    before.into_iter().any(|op| matches!(op, Op::Infer | Op::Await | Op::Read(_)))
}
