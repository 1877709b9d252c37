//! How long one order of a program can get, and how much it can have to remember.
//!
//! Everything that follows one order (a replay, a log, a drawn order, the cost of a witness) keeps
//! within these bounds, so they are looked at once, before anything is run.

use super::build::{fresh, numbers};
use crate::model::cast::Cast;
use crate::model::code::{Code, Daemon, Line};
use crate::model::op::Op;
use crate::phrase;
use crate::words::Phrase;

/// The most marked lines that one order may run, as long as nothing is tried twice.
pub const LINES_MAX: usize = 50_000;
/// The most messages that may lie in lists, over all moments at which a list changes.
pub const MESSAGES_MAX: usize = 4_000_000;
/// The most numbers that counters may reach, and ids that may be drawn, together.
pub const NUMBERS_MAX: usize = 200;

/// Refuses, in words, what would be too much.
pub(super) fn check(cast: &Cast, code: &Code) -> Result<(), Phrase> {
    let turns = cast.turns.len();
    let in_all =
        |count: &dyn Fn(&[Line]) -> usize| in_all(turns, &code.respond.lines, &code.daemons, count);
    let lines = in_all(&<[Line]>::len);
    if lines > LINES_MAX {
        let [lines, most] = [lines, LINES_MAX].map(|lines| lines.to_string());
        return Err(phrase!("program-too-long", lines = lines, most = most));
    }
    let added = in_all(&|lines| ops(lines, |op| matches!(op, Op::Note(_) | Op::Append(..))));
    if added.saturating_mul(added) > MESSAGES_MAX {
        let [added, most] = [added, MESSAGES_MAX.isqrt()].map(|messages| messages.to_string());
        return Err(phrase!("program-too-many-messages", added = added, most = most));
    }
    let numbers = numbers(cast, code) + fresh(cast, code);
    if numbers > NUMBERS_MAX {
        let [number, most] = [numbers, NUMBERS_MAX].map(|number| number.to_string());
        return Err(phrase!("program-counts-too-far", number = number, most = most));
    }
    Ok(())
}

/// How often something is done in one order, counted in lines of code. What a worker does, it does
/// for each question that is sent.
fn in_all(
    turns: usize,
    respond: &[Line],
    daemons: &[Daemon],
    count: impl Fn(&[Line]) -> usize,
) -> usize {
    let sent = ops(respond, |op| matches!(op, Op::Send(_)));
    let worked: usize = daemons.iter().map(|daemon| count(&daemon.routine.lines)).sum();
    turns * (count(respond) + sent * worked)
}

fn ops(lines: &[Line], counts: impl Fn(&Op) -> bool) -> usize {
    lines.iter().flat_map(|line| &line.ops).filter(|&op| counts(op)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::code::Routine;

    fn lines(op: Op, times: usize) -> Vec<Line> {
        let line = Line { ops: vec![op], ..Line::default() };
        vec![line; times]
    }

    #[test]
    fn what_a_worker_does_counts_for_each_question_that_is_sent() {
        let routine = Routine { name: String::new(), lines: lines(Op::Answer, 100) };
        let daemon = Daemon { lane: "w".into(), per_session: false, is_async: false, routine };
        let daemons = [daemon];
        let count = |sent| in_all(64, &lines(Op::Send(0), sent), &daemons, <[Line]>::len);
        assert_eq!([count(1), count(8)], [64 * 101, 64 * 808]);
        assert!(count(7) <= LINES_MAX && count(8) > LINES_MAX);
    }
}
