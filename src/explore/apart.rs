//! A second walk, for what sets cannot tell: which questions and answers stand together.
//!
//! It follows the same program with [`Pairs`] for contexts. What a lane may do never depends on a
//! context, so it has the same orders as the first walk, and its findings stand beside the others.
//! Keys are plain; states are made equal first that differ only in
//!
//! - a lane's copy of a history that nobody will store any more (an answer keeps nothing of what it
//!   was computed from), and
//! - turns of which no message can come any more: see [`Pairs::settle`].

use super::Judge;
use super::packed::live::targets;
use super::plain::Plain;
use crate::model::TurnId;
use crate::model::code::Routine;
use crate::model::op::Op;
use crate::model::pairs::Pairs;
use crate::model::program::{Detail, Program};
use crate::model::state::{Cell, LaneState, State};

/// The program as it is walked here: no sets, and nothing that only a judge of sets looks at.
pub fn program(program: &Program) -> Program {
    program.clone().with_detail(Detail::Nothing)
}

/// Its states.
pub fn space<'a>(program: &'a Program, judge: &'a dyn Judge<Pairs>) -> Plain<'a, Pairs> {
    let dead = (0..program.lanes.len()).map(|lane| never_stored(program.routine(lane)));
    let dead: Vec<Vec<bool>> = dead.collect();
    Plain::new(program, judge).tidied(Box::new(move |state| {
        for (own, dead) in state.lanes.iter_mut().zip(&dead) {
            if dead[own.line] {
                own.history = Pairs::default();
            }
        }
        settle(program, state);
    }))
}

/// Settles every list of a state.
fn settle(program: &Program, state: &mut State<Pairs>) {
    let open = open_turns(program, state);
    state.lanes.iter_mut().for_each(|own| own.history.settle(open));
    for cell in &mut state.cells {
        if let Cell::Messages(list) = cell {
            list.settle(open);
        }
    }
}

/// The turns of which a message can still be added to a list, one bit each: those that are not
/// over, those that a daemon works for or will, and those to which there is an answer anywhere.
fn open_turns(program: &Program, state: &State<Pairs>) -> u64 {
    // All fields are named, so that a new one that can hold a turn or an answer is not forgotten.
    let State {
        lanes,
        cells,
        locks: _,
        mailboxes,
        pipes,
        idle: _,
        next_replica: _,
        frozen_by: _,
        answered: _,
        replies: _,
    } = state;
    let mut open = 0;
    let mut add = |turn: TurnId| open |= 1 << turn;
    for (lane, own) in lanes.iter().enumerate() {
        let LaneState {
            turns_done,
            line: _,
            turn,
            earlier: _,
            history: _,
            answer,
            inbox,
            id: _,
            worker: _,
            replica: _,
            batch,
            found: _,
            known: _,
            unchanged: _,
        } = own;
        if !program.is_daemon(lane) {
            program.cast.lanes[lane].turns.clone().skip(*turns_done).for_each(&mut add);
        }
        turn.iter().chain(batch).copied().for_each(&mut add);
        answer.iter().chain(inbox).for_each(|answer| add(answer.turn));
    }
    for cell in cells {
        match cell {
            Cell::Answer(Some(answer)) => add(answer.turn),
            Cell::Answer(None) | Cell::Messages(_) | Cell::Id(_) => {}
        }
    }
    pipes.iter().flatten().for_each(|answer| add(answer.turn));
    mailboxes.iter().flatten().copied().for_each(add);
    open
}

/// For each line, whether the history that a lane has before it can no longer get into a cell.
fn never_stored(routine: &Routine) -> Vec<bool> {
    let lines = routine.lines.len();
    let mut stored = vec![false; lines + 1];
    loop {
        let before = stored.clone();
        for (line, here) in routine.lines.iter().enumerate() {
            let after = targets(&here.ops, line).into_iter().any(|to| before[to]);
            stored[line] = here.ops.iter().rev().fold(after, |stored, op| match op {
                // Another function has variables of its own.
                Op::Load(_) | Op::Then => false,
                Op::Note(_)
                | Op::Infer
                | Op::Append(..)
                | Op::Acquire(_)
                | Op::Release(_)
                | Op::Send(_)
                | Op::Receive(_)
                | Op::Gather(_)
                | Op::Next { .. }
                | Op::Write(_)
                | Op::Read(_)
                | Op::Drop(_)
                | Op::Mint(_)
                | Op::Pause
                | Op::Settle(_)
                | Op::UnlessKnown { .. }
                | Op::Answer
                | Op::Await
                | Op::Lookup(_)
                | Op::Save(_)
                | Op::Put(..)
                | Op::Take(_)
                | Op::UnlessFound { .. }
                | Op::Reply => stored,
                // A store and a swap do; of any other move it is not known.
                _ => true,
            });
        }
        if stored == before {
            return stored.into_iter().map(|stored| !stored).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::code::Line;
    use crate::model::op::Part;

    #[track_caller]
    fn check(lines: &[&[Op]], dead: &[bool]) {
        let lines =
            lines.iter().map(|ops| Line { number: 1, ops: ops.to_vec(), ..Line::default() });
        let routine = Routine { name: String::new(), lines: lines.collect() };
        assert_eq!(never_stored(&routine), dead);
    }

    #[test]
    fn a_history_is_dead_where_nobody_stores_it() {
        let note = Op::Note(Part::Question);
        check(&[&[Op::Load(0)], &[note, Op::Infer], &[Op::Reply]], &[true; 4]);
        check(
            &[&[Op::Load(0)], &[note], &[Op::Store(0)], &[Op::Reply]],
            &[true, false, false, true, true],
        );
        // It is noted into before it is loaded anew.
        check(&[&[note], &[Op::Load(0), Op::Store(0)]], &[true; 3]);
        // A failed swap goes back, so what is there at the end of the loop is there at its start.
        check(
            &[&[note], &[Op::Swap { place: 0, retry: 0 }], &[Op::Reply]],
            &[false, false, true, true],
        );
    }
}
