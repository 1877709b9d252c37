//! Which messages and values can ever get where, found without looking at any order.
//!
//! The sets only grow until nothing changes, whatever the order of the lines: too large at worst,
//! never too small. They bound the fields of a key: a cell that only alice's lane writes needs
//! bits for alice's questions alone.

use crate::model::op::{Op, Part};
use crate::model::program::{Asker, Program};
use crate::model::{LaneId, PlaceId, TurnId};
use std::collections::BTreeSet;

/// What can be in what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// For each lane, the turns that it can be in.
    pub turns: Vec<BTreeSet<TurnId>>,
    /// For each lane, the bits that its history can have.
    pub history: Vec<u64>,
    /// For each lane, the bits that its answer's basis can have.
    pub answer: Vec<u64>,
    /// For each lane, the bits that an answer in its reply box can have.
    pub inbox: Vec<u64>,
    /// For each cell, the bits of its messages, or of the basis of its answer.
    pub cells: Vec<u64>,
    /// For each lock, the lanes that can hold it.
    pub holders: Vec<BTreeSet<LaneId>>,
    /// For each mailbox, the turns that can be in it.
    pub mailboxes: Vec<BTreeSet<TurnId>>,
    /// For each pipe, the bits that the answers in it can have.
    pub pipes: Vec<u64>,
    /// For each lane, the cells that a swap of it can mean.
    pub swapped: Vec<BTreeSet<usize>>,
}

impl Flow {
    /// Analyses a program.
    pub fn new(program: &Program) -> Flow {
        let lanes = program.lanes.len();
        let own = |lane: LaneId| match program.is_daemon(lane) {
            true => BTreeSet::new(),
            false => program.cast.lanes[lane].turns.clone().collect(),
        };
        let mut flow = Flow {
            turns: (0..lanes).map(own).collect(),
            history: vec![0; lanes],
            answer: vec![0; lanes],
            inbox: vec![0; lanes],
            cells: vec![0; program.cells().len()],
            holders: vec![BTreeSet::new(); program.locks().len()],
            mailboxes: vec![BTreeSet::new(); program.mailboxes().len()],
            pipes: vec![0; program.pipes().len()],
            swapped: vec![BTreeSet::new(); lanes],
        };
        loop {
            let before = flow.clone();
            for lane in 0..lanes {
                let ops = program.routine(lane).lines.iter().flat_map(|line| line.ops.clone());
                ops.for_each(|op| flow.run(program, lane, op));
            }
            if flow == before {
                return flow;
            }
        }
    }

    fn run(&mut self, program: &Program, lane: LaneId, op: Op) {
        let at = op.place().map_or_else(Vec::new, |place| self.instances(program, lane, place));
        let asks = |turn: &TurnId| program.bit(*turn);
        let questions = self.turns[lane].iter().map(asks).fold(0, |all, bit| all | bit);
        match op {
            Op::Load(_) => {
                self.history[lane] |= self.in_cells(&at);
                if op.place().is_some_and(|place| program.code.swaps(place)) {
                    self.swapped[lane].extend(at);
                }
            }
            Op::Store(_) | Op::Swap { .. } => self.put_into_cells(&at, self.history[lane]),
            Op::Append(_, Part::Question) => self.put_into_cells(&at, questions),
            Op::Append(_, Part::Answer) | Op::Save(_) => {
                self.put_into_cells(&at, self.answer[lane])
            }
            Op::Note(Part::Question) => self.history[lane] |= questions,
            Op::Note(Part::Answer) => self.history[lane] |= self.answer[lane],
            Op::Infer => self.answer[lane] |= self.history[lane],
            Op::Lookup(_) => self.answer[lane] |= self.in_cells(&at),
            Op::Await => self.answer[lane] |= self.inbox[lane],
            Op::Answer => {
                for turn in self.turns[lane].clone() {
                    self.inbox[program.cast.turns[turn].lane] |= self.answer[lane];
                }
            }
            Op::Acquire(_) => at.iter().for_each(|&lock| {
                self.holders[lock].insert(lane);
            }),
            Op::Send(_) => {
                at.iter().for_each(|&to| self.mailboxes[to].extend(&self.turns[lane]));
            }
            Op::Write(_) => at.iter().for_each(|&pipe| self.pipes[pipe] |= self.answer[lane]),
            Op::Read(_) => {
                self.answer[lane] |= at.iter().fold(0, |all, &pipe| all | self.pipes[pipe]);
            }
            Op::Receive(_) | Op::Gather(_) => {
                let turns = at.iter().flat_map(|&from| self.mailboxes[from].clone());
                self.turns[lane].extend(turns.collect::<Vec<_>>());
            }
            Op::Release(_)
            | Op::Put(..)
            | Op::Take(_)
            | Op::Mint(_)
            | Op::Pause
            | Op::Settle(_)
            | Op::Drop(_)
            | Op::Next { .. }
            | Op::Then
            | Op::UnlessFound { .. }
            | Op::UnlessKnown { .. }
            | Op::Reply => {}
        }
    }

    fn in_cells(&self, at: &[usize]) -> u64 {
        at.iter().fold(0, |all, &cell| all | self.cells[cell])
    }

    fn put_into_cells(&mut self, at: &[usize], bits: u64) {
        at.iter().for_each(|&cell| self.cells[cell] |= bits);
    }

    /// The instances of a place that a lane can mean.
    pub fn instances(&self, program: &Program, lane: LaneId, place: PlaceId) -> Vec<usize> {
        // Between two questions a daemon is in no turn; `step` then takes the first.
        let session = program.session_of_daemon(lane).unwrap_or(0);
        let worker = program.thread_of_daemon(lane).unwrap_or(0);
        let idle = program
            .is_daemon(lane)
            .then(|| program.instance(place, &Asker { session, worker, ..Asker::default() }));
        let of_turn = |&turn: &TurnId| program.any_instance(place, &program.asker_in(lane, turn));
        let instances: BTreeSet<usize> =
            self.turns[lane].iter().flat_map(of_turn).chain(idle).collect();
        instances.into_iter().collect()
    }
}
