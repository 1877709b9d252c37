//! A schedule: the order in which lanes move, as typable text.
//!
//! `alice*2 bob*3 alice` moves alice twice, then bob three times, then alice once.

use super::LaneId;
use super::program::Program;
use std::ops::Range;

/// The most moves of a schedule. A program of any size that can be explored has far fewer, and a
/// schedule is typed by somebody who may want the memory for four thousand million.
pub const MOVES_MAX: usize = 100_000;

/// Which lane moves, move by move.
pub type Moves = Vec<LaneId>;

/// A part of a typed schedule: one lane, so many moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The lane that moves.
    pub lane: LaneId,
    /// How often, at least once.
    pub times: u32,
    /// Where it stands in the typed text, in bytes.
    pub typed: Range<usize>,
}

/// What is wrong with a typed schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// No lane has this name.
    UnknownLane {
        /// The name.
        name: String,
        /// Where it stands in the text, in bytes.
        typed: Range<usize>,
    },
    /// What follows a `*` is not a number of moves.
    BadTimes {
        /// What follows.
        times: String,
        /// Where it stands in the text, in bytes.
        typed: Range<usize>,
    },
    /// There are more than [`MOVES_MAX`] moves.
    TooMany {
        /// Where the part that is too much stands in the text, in bytes.
        typed: Range<usize>,
    },
}

/// Writes moves as text: the shortest that [`parse`] reads back as the same moves.
pub fn print(program: &Program, moves: &[LaneId]) -> String {
    let runs = moves.chunk_by(|left, right| left == right);
    let words = runs.map(|run| {
        let name = &program.lanes[run[0]].name;
        match run.len() {
            1 => name.clone(),
            times => format!("{name}*{times}"),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Reads a typed schedule, move by move.
pub fn moves(program: &Program, text: &str) -> Result<Moves, Mistake> {
    let runs = parse(program, text)?.into_iter();
    Ok(runs.flat_map(|run| std::iter::repeat_n(run.lane, run.times as usize)).collect())
}

/// Reads a typed schedule: at most [`MOVES_MAX`] moves. Whether they fit a run is found by running
/// them.
pub fn parse(program: &Program, text: &str) -> Result<Vec<Run>, Mistake> {
    let words = text.split_whitespace().map(|word| {
        // `split_whitespace` hands out parts of `text`, so the distance is the position.
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        (start, word)
    });
    let mut left = MOVES_MAX;
    let mut within = |run: Run| match left.checked_sub(run.times as usize) {
        Some(fewer) => {
            left = fewer;
            Ok(run)
        }
        None => Err(Mistake::TooMany { typed: run.typed }),
    };
    words.map(|(start, word)| parse_run(program, start, word).and_then(&mut within)).collect()
}

fn parse_run(program: &Program, start: usize, word: &str) -> Result<Run, Mistake> {
    let (name, times) = match word.split_once('*') {
        Some((name, times)) => (name, Some(times)),
        None => (word, None),
    };
    let lane = program.lanes.iter().position(|lane| lane.name == name);
    let Some(lane) = lane else {
        let typed = start..start + name.len();
        return Err(Mistake::UnknownLane { name: name.into(), typed });
    };
    let times = match times {
        None => 1,
        Some(times) => {
            let typed = start + name.len() + 1..start + word.len();
            let bad = Mistake::BadTimes { times: times.into(), typed };
            times.parse().ok().filter(|&times| times > 0).ok_or(bad)?
        }
    };
    Ok(Run { lane, times, typed: start..start + word.len() })
}
