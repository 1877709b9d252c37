//! Where everything of a state lies in a key: one field for each thing that can differ.
//!
//! What can be told from other fields has no field: an answer that every way to a line has, the
//! turn that an answer is for, the questions of a lane that are answered. What is dead is
//! written as nought. So equal keys are equal states, but for what no future can read.

use super::flow::Flow;
use super::live::{Answered, Liveness};
use super::word::BitSpan;
use crate::model::code::Holds;
use crate::model::op::Op;
use crate::model::program::{Detail, Program};
use crate::model::{LaneId, TurnId};
use std::collections::BTreeSet;

/// What the bits of a field stand for, so that they can be told in other lanes' names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldMeaning {
    /// Something that has no names in it.
    Plain,
    /// A set: bit *n* is the context's bit `low + n`.
    Set {
        /// The context's bit that the lowest bit stands for.
        low: u32,
    },
    /// Nought for nobody, otherwise one more than the position in this list of lanes.
    Lane(Vec<LaneId>),
    /// Nought for none, otherwise one more than the position in this list of turns.
    Turn(Vec<TurnId>),
    /// Nought for none, otherwise one more than the position in this list of cells.
    Cell(Vec<usize>),
    /// A small value: its number among all ids, the sessions first behind nought for unset.
    Small,
}

/// What a field belongs to; it moves with it when lanes change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldOwner {
    /// A lane.
    Lane(LaneId),
    /// A cell.
    Cell(usize),
    /// A lock.
    Lock(usize),
    /// A mailbox.
    Mailbox(usize),
    /// A pipe.
    Pipe(usize),
    /// The server.
    Server,
}

/// One field of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where it lies.
    pub span: BitSpan,
    /// What its bits stand for.
    pub meaning: FieldMeaning,
    /// What it belongs to.
    pub owner: FieldOwner,
    /// Whether steps of other lanes look at it or change it.
    pub shared: bool,
}

/// Position of a field in [`Layout::fields`].
pub type FieldId = usize;

/// An answer: whether there is one, for which turn, and what it is based on.
#[derive(Clone, Debug, Default)]
pub struct AnswerFields {
    /// Whether there is one; no field where the line tells.
    pub present: Option<FieldId>,
    /// The turn; no field where it is the lane's own.
    pub turn: Option<FieldId>,
    /// What it is based on.
    pub basis: Option<FieldId>,
}

/// The fields of one lane.
#[derive(Clone, Debug, Default)]
pub struct LaneFields {
    /// A client's turns that are over and its line; a daemon's line.
    pub position: Option<FieldId>,
    /// The turn that a daemon works for.
    pub turn: Option<FieldId>,
    /// Its copy of a history.
    pub history: Option<FieldId>,
    /// The latest answer.
    pub answer: AnswerFields,
    /// An answer handed to it.
    pub inbox: AnswerFields,
    /// What `[id]` means.
    pub id: Option<FieldId>,
    /// The thread that runs it.
    pub worker: Option<FieldId>,
    /// The replica that serves it.
    pub replica: Option<FieldId>,
    /// The questions of a batch that are left.
    pub batch: Option<MailboxFields>,
    /// Whether the last lookup found an answer.
    pub found: Option<FieldId>,
    /// Whether the last take found a value.
    pub known: Option<FieldId>,
    /// The session's questions of other lanes that were answered when the turn began.
    pub earlier: Option<FieldId>,
    /// The cell that it loaded and nobody wrote since.
    pub unchanged: Option<FieldId>,
    /// Which of its turns got a reply; no field where every turn does.
    pub answered: Option<FieldId>,
}

/// The fields of one cell.
#[derive(Clone, Debug)]
pub enum CellFields {
    /// Nobody ever reads it.
    Dead,
    /// Messages.
    Messages(Option<FieldId>),
    /// A cached answer.
    Answer(AnswerFields),
    /// A small value.
    Id(FieldId),
}

/// The fields of one pipe.
#[derive(Clone, Debug)]
pub struct PipeFields {
    /// How many answers are in it.
    pub length: FieldId,
    /// The answers, oldest first.
    pub answers: Vec<AnswerFields>,
}

/// The fields of one mailbox.
#[derive(Clone, Debug)]
pub struct MailboxFields {
    /// How many questions wait.
    pub length: FieldId,
    /// The waiting questions, oldest first.
    pub turns: Vec<FieldId>,
}

/// The fields of the threads that are idle.
#[derive(Clone, Debug)]
pub struct IdleFields {
    /// How many they are.
    pub length: FieldId,
    /// The threads, the one that is idle longest first.
    pub threads: Vec<FieldId>,
}

/// Where everything lies.
#[derive(Clone, Debug)]
pub struct Layout {
    /// All fields.
    pub fields: Vec<Field>,
    /// By lane.
    pub lanes: Vec<LaneFields>,
    /// By cell.
    pub cells: Vec<CellFields>,
    /// The holder of each lock.
    pub locks: Vec<FieldId>,
    /// By mailbox.
    pub mailboxes: Vec<MailboxFields>,
    /// By pipe.
    pub pipes: Vec<PipeFields>,
    /// Which threads are idle.
    pub idle: Option<IdleFields>,
    /// The replica that serves the next request.
    pub next_replica: Option<FieldId>,
    /// The lane that lets nobody else go on.
    pub frozen_by: Option<FieldId>,
    /// By lane.
    pub liveness: Vec<Liveness>,
    /// Whether every turn of every client ends with an answer.
    pub always_replies: bool,
    /// Whether a context keeps questions, so that judges see what was answered before a turn.
    pub keeps_earlier: bool,
    /// The first line that a client can stand at inside a turn: 1, unless a jump leads to 0.
    pub line_min: usize,
    /// Bits of a key.
    pub bits: u32,
}

impl Layout {
    /// Lays out the keys of a program; `None` if a mailbox can hold any number of questions.
    pub fn new(program: &Program, flow: &Flow, cells_at_end: bool) -> Option<Layout> {
        let clients = Liveness::new(&program.code, &program.code.respond);
        let liveness = (0..program.lanes.len()).map(|lane| match program.is_daemon(lane) {
            true => Liveness::new(&program.code, program.routine(lane)),
            false => clients.clone(),
        });
        let back = |op: &Op| matches!(op, Op::Swap { retry: 0, .. });
        let mut layout = Layout {
            fields: Vec::new(),
            lanes: Vec::new(),
            cells: Vec::new(),
            locks: Vec::new(),
            mailboxes: Vec::new(),
            pipes: Vec::new(),
            idle: None,
            next_replica: None,
            frozen_by: None,
            liveness: liveness.collect(),
            always_replies: clients.always_replies && !has_faults(program),
            keeps_earlier: program.detail == Detail::Questions,
            line_min: usize::from(
                !program.code.respond.lines.iter().any(|line| line.ops.iter().any(back)),
            ),
            bits: 0,
        };
        for lane in 0..program.lanes.len() {
            let fields = match program.cancels(lane) {
                Some(_) => layout.fault(lane),
                None => layout.lane(program, flow, lane)?,
            };
            layout.lanes.push(fields);
        }
        layout.shared_places(program, flow, cells_at_end)?;
        Some(layout)
    }

    /// The positions of a client in each turn: before it, and at each line inside.
    pub fn positions_per_turn(&self, program: &Program) -> usize {
        1 + program.code.respond.lines.len() - self.line_min
    }

    /// Adds a field that holds values up to `max`; none if that is nought.
    fn field(
        &mut self,
        max: u64,
        meaning: FieldMeaning,
        owner: FieldOwner,
        shared: bool,
    ) -> Option<FieldId> {
        let bits = u64::BITS - max.leading_zeros();
        if bits == 0 {
            return None;
        }
        if self.bits % 64 + bits > 64 {
            self.bits = self.bits.next_multiple_of(64);
        }
        let span = BitSpan { at: self.bits, bits };
        self.bits += bits;
        self.fields.push(Field { span, meaning, owner, shared });
        Some(self.fields.len() - 1)
    }

    /// A field for sets of these bits.
    fn set(&mut self, bits: u64, owner: FieldOwner, shared: bool) -> Option<FieldId> {
        let low = bits.trailing_zeros() % 64;
        self.field(bits >> low, FieldMeaning::Set { low }, owner, shared)
    }

    fn answer(&mut self, program: &Program, bits: u64, of: (FieldOwner, bool)) -> AnswerFields {
        let (owner, shared) = of;
        let others = |op| matches!(op, Op::Lookup(_) | Op::Read(_) | Op::Next { .. });
        let looked_up = program.code.ops().any(others);
        let turns: Vec<TurnId> = (0..program.cast.turns.len()).collect();
        let max = if looked_up { turns.len() as u64 } else { 0 };
        AnswerFields {
            present: None,
            turn: self.field(max, FieldMeaning::Turn(turns), owner, shared),
            basis: self.set(bits, owner, shared),
        }
    }

    /// A fault happened or not.
    fn fault(&mut self, lane: LaneId) -> LaneFields {
        let position = self.field(1, FieldMeaning::Plain, FieldOwner::Lane(lane), false);
        LaneFields { position, ..LaneFields::default() }
    }

    /// The fields of what serves a request.
    fn served(&mut self, program: &Program, lane: LaneId, fields: &mut LaneFields) {
        let owner = FieldOwner::Lane(lane);
        if program.tracks_workers() && !program.is_daemon(lane) {
            let max = program.workers() as u64 - 1;
            fields.worker = self.field(max, FieldMeaning::Plain, owner, true);
        }
        if program.takes_turns() {
            let max = program.replicas() as u64 - 1;
            fields.replica = self.field(max, FieldMeaning::Plain, owner, true);
        }
    }

    fn lane(&mut self, program: &Program, flow: &Flow, lane: LaneId) -> Option<LaneFields> {
        let owner = FieldOwner::Lane(lane);
        let live = self.liveness[lane].clone();
        let any = |holds: fn(&super::live::Live) -> bool| live.live.iter().any(holds);
        let mut fields = LaneFields::default();
        let daemons = program.lanes.len() > program.clients();
        // Who hands an answer back looks at where its asker stands, and so does a server that
        // counts who is inside or who has begun.
        let limited = program.limit_can_block()
            || program.tracks_workers()
            || program.takes_turns()
            || daemons;
        match program.is_daemon(lane) {
            true => {
                let lines = program.routine(lane).lines.len() as u64;
                fields.position = self.field(lines - 1, FieldMeaning::Plain, owner, false);
                let turns: Vec<TurnId> = flow.turns[lane].iter().copied().collect();
                let max = turns.len() as u64;
                fields.turn = self.field(max, FieldMeaning::Turn(turns), owner, false);
                let ops = || program.routine(lane).lines.iter().flat_map(|line| &line.ops);
                if ops().any(|op| matches!(op, Op::Gather(_))) {
                    fields.batch = Some(self.queue(program, (owner, false), &flow.turns[lane])?);
                }
            }
            false => {
                let turns = program.cast.lanes[lane].turns.len();
                let shared = limited || self.others_of_session(program, lane) != 0;
                let max = (turns * self.positions_per_turn(program)) as u64;
                fields.position = self.field(max, FieldMeaning::Plain, owner, shared);
                if !self.always_replies {
                    let all = u64::MAX >> (u64::BITS as usize - turns);
                    fields.answered = self.field(all, FieldMeaning::Plain, owner, true);
                }
                if self.keeps_earlier {
                    let others = match self.always_replies {
                        true => self.others_of_session(program, lane),
                        false => session_bits(program, lane),
                    };
                    fields.earlier = self.set(others, owner, false);
                }
            }
        }
        if any(|live| live.history) {
            fields.history = self.set(flow.history[lane], owner, false);
        }
        if any(|live| live.answer) {
            fields.answer = self.answer(program, flow.answer[lane], (owner, false));
            let unclear = live.live.iter().zip(&live.answered);
            if unclear.into_iter().any(|(live, has)| live.answer && *has == Answered::Either) {
                fields.answer.present = self.field(1, FieldMeaning::Plain, owner, false);
            }
        }
        if any(|live| live.inbox) {
            fields.inbox = self.answer(program, flow.inbox[lane], (owner, true));
            fields.inbox.present = self.field(1, FieldMeaning::Plain, owner, true);
        }
        self.served(program, lane, &mut fields);
        if any(|live| live.id) && program.code.changes_ids() {
            let max = small_max(program);
            fields.id = self.field(max, FieldMeaning::Small, owner, false);
        }
        if any(|live| live.found) {
            fields.found = self.field(1, FieldMeaning::Plain, owner, false);
        }
        if any(|live| live.known) {
            fields.known = self.field(1, FieldMeaning::Plain, owner, false);
        }
        if any(|live| live.unchanged) {
            let cells: Vec<usize> = flow.swapped[lane].iter().copied().collect();
            let max = cells.len() as u64;
            fields.unchanged = self.field(max, FieldMeaning::Cell(cells), owner, true);
        }
        Some(fields)
    }

    /// The questions of the lane's session that other lanes ask.
    pub fn others_of_session(&self, program: &Program, lane: LaneId) -> u64 {
        let session = program.cast.lanes[lane].session;
        match self.keeps_earlier {
            false => 0,
            true => program.bits(|turn| {
                program.cast.session_of(turn) == session && program.cast.turns[turn].lane != lane
            }),
        }
    }

    fn shared_places(&mut self, program: &Program, flow: &Flow, cells_at_end: bool) -> Option<()> {
        for (cell, (place, holds)) in program.cells().into_iter().enumerate() {
            let owner = FieldOwner::Cell(cell);
            let read = program.code.ops().any(|op| op.place() == Some(place) && op.reads());
            let judged = cells_at_end && program.code.stored == Some(place);
            let fields = match holds {
                _ if !read && !judged => CellFields::Dead,
                Holds::Messages => CellFields::Messages(self.set(flow.cells[cell], owner, true)),
                Holds::Answer => {
                    let mut answer = self.answer(program, flow.cells[cell], (owner, true));
                    answer.present = self.field(1, FieldMeaning::Plain, owner, true);
                    CellFields::Answer(answer)
                }
                Holds::Id => CellFields::Id(self.field(
                    small_max(program),
                    FieldMeaning::Small,
                    owner,
                    true,
                )?),
            };
            self.cells.push(fields);
        }
        for (lock, holders) in flow.holders.iter().enumerate() {
            let holders: Vec<LaneId> = holders.iter().copied().collect();
            // A lock that nobody takes still has a field, of one bit.
            let max = holders.len().max(1) as u64;
            let field =
                self.field(max, FieldMeaning::Lane(holders), FieldOwner::Lock(lock), true)?;
            self.locks.push(field);
        }
        for (mailbox, turns) in flow.mailboxes.iter().enumerate() {
            let fields = self.queue(program, (FieldOwner::Mailbox(mailbox), true), turns)?;
            self.mailboxes.push(fields);
        }
        for (pipe, &bits) in flow.pipes.iter().enumerate() {
            let fields = self.pipe(program, pipe, bits)?;
            self.pipes.push(fields);
        }
        if program.tracks_workers() {
            self.idle = Some(self.idle(program.workers())?);
        }
        if program.takes_turns() {
            let max = program.replicas() as u64 - 1;
            self.next_replica = self.field(max, FieldMeaning::Plain, FieldOwner::Server, true);
        }
        if program.can_freeze() {
            let lanes: Vec<LaneId> = (0..program.lanes.len()).collect();
            let max = lanes.len() as u64;
            self.frozen_by = self.field(max, FieldMeaning::Lane(lanes), FieldOwner::Server, true);
        }
        Some(())
    }

    fn idle(&mut self, threads: usize) -> Option<IdleFields> {
        let mut field =
            |max: usize| self.field(max as u64, FieldMeaning::Plain, FieldOwner::Server, true);
        let length = field(threads)?;
        Some(IdleFields {
            length,
            threads: (0..threads).map(|_| field(threads - 1)).collect::<Option<_>>()?,
        })
    }

    fn pipe(&mut self, program: &Program, pipe: usize, bits: u64) -> Option<PipeFields> {
        let of = (FieldOwner::Pipe(pipe), true);
        let ops = || program.code.ops();
        let writes = ops().filter(|op| matches!(op, Op::Write(_))).count();
        // A line that is run again may write again.
        if writes > 0 && ops().any(|op| matches!(op, Op::Swap { .. })) {
            return None;
        }
        let most = (program.cast.turns.len() * writes).max(1);
        let length = self.field(most as u64, FieldMeaning::Plain, of.0, of.1)?;
        let answers = (0..most).map(|_| self.answer(program, bits, of)).collect();
        Some(PipeFields { length, answers })
    }

    fn queue(
        &mut self,
        program: &Program,
        (owner, shared): (FieldOwner, bool),
        turns: &BTreeSet<TurnId>,
    ) -> Option<MailboxFields> {
        let ops = || program.code.ops();
        let sends = ops().filter(|op| matches!(op, Op::Send(_))).count();
        // A line that is run again may send again.
        if sends > 0 && ops().any(|op| matches!(op, Op::Swap { .. })) {
            return None;
        }
        let most = (turns.len() * sends).max(1);
        let length = self.field(most as u64, FieldMeaning::Plain, owner, shared)?;
        let turns: Vec<TurnId> = turns.iter().copied().collect();
        let max = turns.len().max(1) as u64;
        let slot = |_| self.field(max, FieldMeaning::Turn(turns.clone()), owner, shared);
        Some(MailboxFields { length, turns: (0..most).map(slot).collect::<Option<_>>()? })
    }
}

/// Whether a request may be cancelled.
fn has_faults(program: &Program) -> bool {
    (0..program.lanes.len()).any(|lane| program.cancels(lane).is_some())
}

/// All questions of a lane's session.
fn session_bits(program: &Program, lane: LaneId) -> u64 {
    let session = program.cast.lanes[lane].session;
    program.bits(|turn| program.cast.session_of(turn) == session)
}

/// The largest small value, as a number: see [`FieldMeaning::Small`].
fn small_max(program: &Program) -> u64 {
    program.ids() as u64 - 1
}
