//! The way of one question through an order: which access brought it to whoever has it.
//!
//! A record tells what places held, and not what a lane has in its own variables. So those are
//! followed here, line by line, for one question: where it came from, and nothing else.

use super::reason::Reason;
use crate::model::code::Line;
use crate::model::op::{Op, Part};
use crate::model::program::Program;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, LineRun, Record, Value};
use std::collections::BTreeMap;

/// Something that happened.
pub(super) struct At<'r> {
    /// In which step, from 0.
    pub(super) step: usize,
    /// Who did it.
    pub(super) lane: LaneId,
    /// The turn that it was done for.
    pub(super) turn: Option<TurnId>,
    /// What was done.
    pub(super) event: &'r Event,
}

/// How a question came to a lane.
#[derive(Clone, Copy)]
enum Came {
    /// It is the question of the turn that the lane worked for.
    Said,
    /// With this event.
    By(usize),
}

/// What is known of an answer.
#[derive(Clone, Copy, Default)]
pub(super) struct Answer {
    /// How the question came into it, if it is based on it.
    came: Option<Came>,
    /// The read of the history that it was computed from.
    pub(super) loaded: Option<usize>,
    /// The write that kept it and the read that found it, if it was not computed anew.
    pub(super) kept: Option<(usize, usize)>,
    /// How it went through a pipe: in, and out.
    pub(super) piped: Option<(usize, usize)>,
}

/// What a lane has in variables of its own.
#[derive(Clone, Default)]
struct Own {
    turn: Option<TurnId>,
    batch: Vec<TurnId>,
    /// How the question came into the history, if it is there.
    came: Option<Came>,
    /// The read that the history began with.
    loaded: Option<usize>,
    answer: Option<Answer>,
    inbox: Option<Answer>,
}

/// What is known of an event beyond what the record says.
#[derive(Clone, Copy, Default)]
struct Node {
    /// How the question had come to the lane that passes it on here.
    came: Option<Came>,
    /// The read that the history began with that is stored here.
    loaded: Option<usize>,
    /// The answer that is passed on here.
    answer: Answer,
}

/// A question on its way.
pub(super) struct Way<'r> {
    /// The question.
    question: TurnId,
    /// Everything that happened, in order.
    pub(super) at: Vec<At<'r>>,
    nodes: Vec<Node>,
}

/// Into a place and out of it again.
#[derive(Clone, Copy)]
pub(super) struct Hop {
    /// The event that put it there.
    pub(super) put: usize,
    /// The event that got it from there.
    pub(super) read: usize,
}

impl<'r> Way<'r> {
    /// Follows a question through an order.
    pub(super) fn of(program: &Program, record: &'r Record, question: TurnId) -> Way<'r> {
        let way = Way { question, at: Vec::new(), nodes: Vec::new() };
        let lanes = vec![Own::default(); program.lanes.len()];
        let (pipes, cells) = (BTreeMap::new(), BTreeMap::new());
        let mut follower = Follower { program, way, lanes, pipes, cells };
        for (step, run) in record.steps.iter().enumerate() {
            for line in &run.lines {
                follower.line(step, line);
            }
        }
        follower.way
    }

    /// The event that shows the reply of a turn, and the answer.
    pub(super) fn reply(&self, turn: TurnId) -> Option<(usize, Answer)> {
        let shows = |at: &At| matches!(at.event, Event::Replied { turn: of, .. } if *of == turn);
        let event = self.at.iter().position(shows)?;
        Some((event, self.nodes[event].answer))
    }

    /// The read that the history began with that an event stores.
    pub(super) fn loaded(&self, event: usize) -> Option<usize> {
        self.nodes[event].loaded
    }

    /// Whether a value holds the question.
    pub(super) fn is_in(&self, value: &Value) -> bool {
        value.questions().contains(&self.question)
    }

    /// Each write that changes whether the question is in a cell: its number, and whether it is in
    /// there now.
    pub(super) fn changes(&self) -> impl DoubleEndedIterator<Item = (usize, usize, bool)> {
        self.at.iter().enumerate().filter_map(|(event, at)| match at.event {
            Event::Wrote { cell, before, value, .. } => {
                let (had, has) = (self.is_in(before), self.is_in(value));
                (had != has).then_some((event, *cell, has))
            }
            _ => None,
        })
    }

    /// The last write before an event that put the question into a cell.
    pub(super) fn put(&self, cell: usize, before: usize) -> Option<usize> {
        let mut puts = self.changes().rev().filter(|(.., has)| *has);
        puts.find(|(event, to, _)| *to == cell && *event < before).map(|(event, ..)| event)
    }

    /// The places that the question went through to whoever passes it on with an event.
    pub(super) fn hops(&self, event: usize) -> Vec<Hop> {
        let mut hops = Vec::new();
        let mut came = self.nodes[event].came;
        while let Some(Came::By(read)) = came {
            let put = match self.at[read].event {
                Event::Read { cell, .. } => self.put(*cell, read),
                Event::Unpiped { .. } => self.nodes[read].answer.piped.map(|(put, _)| put),
                // Handed from lane to lane.
                _ => {
                    came = self.nodes[read].came;
                    continue;
                }
            };
            let Some(put) = put else { break };
            hops.push(Hop { put, read });
            came = self.nodes[put].came;
        }
        hops.reverse();
        hops
    }

    /// A way through a place, as a reason.
    pub(super) fn through(&self, program: &Program, hop: Hop) -> Option<Reason> {
        let (put, read) = (&self.at[hop.put], &self.at[hop.read]);
        let name = |at: &At| program.lanes[at.lane].name.clone();
        let (writer, reader) = (name(put), name(read));
        let (put, step) = (put.step + 1, read.step + 1);
        match read.event {
            Event::Read { name, .. } => {
                Some(Reason::Through { place: name.clone(), writer, put, reader, read: step })
            }
            Event::Unpiped { name, .. } => {
                Some(Reason::Piped { place: name.clone(), writer, put, reader, read: step })
            }
            _ => None,
        }
    }

    /// Where an answer came from that was not computed for the turn that it ends, as a reason.
    pub(super) fn got(&self, program: &Program, answer: &Answer) -> Option<Reason> {
        let is_old = |put: usize, read: usize| self.at[put].turn != self.at[read].turn;
        if let Some((put, read)) = answer.piped.filter(|(put, read)| is_old(*put, *read)) {
            return self.through(program, Hop { put, read });
        }
        let (put, read) = answer.kept.filter(|(put, read)| is_old(*put, *read))?;
        match self.through(program, Hop { put, read })? {
            Reason::Through { place, writer, put, reader, read } => {
                Some(Reason::Kept { place, writer, put, reader, read })
            }
            other => Some(other),
        }
    }
}

/// Follows a question line by line.
struct Follower<'p, 'r> {
    program: &'p Program,
    way: Way<'r>,
    lanes: Vec<Own>,
    /// The answers in each pipe, each with the event that put it there.
    pipes: BTreeMap<&'r str, Vec<(usize, Answer)>>,
    /// The answer that a cell keeps, and the event that put it there.
    cells: BTreeMap<usize, (usize, Answer)>,
}

impl<'r> Follower<'_, 'r> {
    fn line(&mut self, step: usize, line: &'r LineRun) {
        let lane = line.lane;
        let mut events = line.events.iter().peekable();
        for op in self.ops(line) {
            while let Some(event) = events.next_if(|event| matches!(event, Event::Began(_))) {
                self.event(step, line, event);
            }
            self.local(lane, op);
            while let Some(event) = events.next_if(|event| makes(op, event)) {
                let at = self.event(step, line, event);
                self.access(lane, op, at, event);
            }
            if matches!(op, Op::Gather(_)) {
                self.next_of_batch(lane);
            }
        }
        for event in events {
            self.event(step, line, event);
        }
    }

    /// The moves of a line. Whoever waits for a lock on the event loop, or is cancelled, makes none.
    fn ops(&mut self, line: &LineRun) -> Vec<Op> {
        let routine = self.program.routine(line.lane);
        let is_run = |own: &&Line| (own.number, &own.text) == (line.number, &line.text);
        let stops = |event: &Event| matches!(event, Event::Froze | Event::Cancelled(_));
        if line.events.iter().any(stops) {
            return Vec::new();
        }
        let run = routine.lines.iter().find(is_run);
        // A daemon begins again with nothing; a client does when a request begins.
        if self.program.is_daemon(line.lane) && run == routine.lines.first() {
            self.lanes[line.lane] = Own::default();
        }
        run.map_or_else(Vec::new, |run| run.ops.clone())
    }

    /// Writes an event down.
    fn event(&mut self, step: usize, line: &LineRun, event: &'r Event) -> usize {
        let LineRun { lane, turn, .. } = *line;
        match event {
            Event::Began(turn) => {
                self.lanes[lane] = Own { turn: Some(*turn), ..Own::default() };
            }
            Event::Dropped { name, .. } => {
                self.pipes.remove(name.as_str());
            }
            _ => {}
        }
        self.way.at.push(At { step, lane, turn, event });
        self.way.nodes.push(Node::default());
        self.way.at.len() - 1
    }

    /// What a move does to the variables of a lane, before any event.
    fn local(&mut self, lane: LaneId, op: Op) {
        let own = &mut self.lanes[lane];
        match op {
            Op::Note(part) => own.came = own.came.or(message(self.way.question, own, part)),
            Op::Infer => {
                let (came, loaded) = (own.came, own.loaded);
                own.answer = Some(Answer { came, loaded, ..Answer::default() });
            }
            Op::Await => own.answer = own.inbox.take().or(own.answer),
            Op::Then => *own = Own { turn: own.turn, ..Own::default() },
            Op::Gather(_) => own.batch.clear(),
            Op::Next { .. } => self.next_of_batch(lane),
            _ => {}
        }
    }

    fn next_of_batch(&mut self, lane: LaneId) {
        let own = &mut self.lanes[lane];
        if !own.batch.is_empty() {
            own.turn = Some(own.batch.remove(0));
        }
    }

    /// What a move does that leaves an event.
    fn access(&mut self, lane: LaneId, op: Op, at: usize, event: &'r Event) {
        let own = &mut self.lanes[lane];
        let node = &mut self.way.nodes[at];
        let answer = own.answer.unwrap_or_default();
        match (op, event) {
            (Op::Load(_), Event::Read { value: value @ Value::Messages(_), .. }) => {
                own.loaded = Some(at);
                own.came = value.questions().contains(&self.way.question).then_some(Came::By(at));
            }
            (Op::Lookup(_), Event::Read { cell, value: Value::Answer(Some(_)), .. }) => {
                let kept = self.cells.get(cell).copied();
                own.answer = kept.map(|(put, kept)| Answer {
                    came: kept.came.map(|_| Came::By(at)),
                    kept: Some((put, at)),
                    piped: None,
                    ..kept
                });
            }
            (Op::Store(_) | Op::Swap { .. }, Event::Wrote { .. }) => {
                *node = Node { came: own.came, loaded: own.loaded, answer };
            }
            (Op::Append(_, part), Event::Wrote { .. }) => {
                node.came = message(self.way.question, own, part);
            }
            (Op::Save(_), Event::Wrote { cell, .. }) => {
                *node = Node { came: answer.came, loaded: None, answer };
                self.cells.insert(*cell, (at, answer));
            }
            (Op::Write(_), Event::Piped { name, .. }) => {
                *node = Node { came: answer.came, loaded: None, answer };
                self.pipes.entry(name).or_default().push((at, answer));
            }
            (Op::Read(_), Event::Unpiped { name, .. }) => {
                let pipe = self.pipes.entry(name).or_default();
                if !pipe.is_empty() {
                    let (put, piped) = pipe.remove(0);
                    let came = piped.came.map(|_| Came::By(at));
                    let got = Answer { came, piped: Some((put, at)), ..piped };
                    own.answer = Some(got);
                    node.answer = got;
                }
            }
            (Op::Receive(_), Event::Received { turn, .. }) => own.turn = Some(*turn),
            (Op::Gather(_), Event::Received { turn, .. }) => own.batch.push(*turn),
            (Op::Answer, Event::HandedBack { to }) => {
                *node = Node { came: answer.came, loaded: None, answer };
                let came = answer.came.map(|_| Came::By(at));
                self.lanes[*to].inbox = Some(Answer { came, ..answer });
            }
            (Op::Reply, Event::Replied { .. }) => {
                *node = Node { came: answer.came, loaded: None, answer };
            }
            _ => {}
        }
    }
}

/// How the question comes into a history with a message of a lane's turn.
fn message(question: TurnId, own: &Own, part: Part) -> Option<Came> {
    match part {
        Part::Question => (own.turn == Some(question)).then_some(Came::Said),
        Part::Answer => own.answer.and_then(|answer| answer.came),
    }
}

/// Whether a move leaves such an event.
fn makes(op: Op, event: &Event) -> bool {
    match event {
        Event::Read { .. } => op.reads(),
        Event::Wrote { .. } => matches!(
            op,
            Op::Store(_)
                | Op::Append(..)
                | Op::Save(_)
                | Op::Put(..)
                | Op::Settle(_)
                | Op::Swap { .. }
        ),
        Event::SwapFailed { .. } => matches!(op, Op::Swap { .. }),
        Event::Acquired { .. } => matches!(op, Op::Acquire(_)),
        Event::Released { .. } => matches!(op, Op::Release(_)),
        Event::Sent { .. } => matches!(op, Op::Send(_)),
        Event::Received { .. } => matches!(op, Op::Receive(_) | Op::Gather(_)),
        Event::Piped { .. } => matches!(op, Op::Write(_)),
        Event::Unpiped { .. } => matches!(op, Op::Read(_)),
        Event::Dropped { .. } => matches!(op, Op::Drop(_)),
        Event::HandedBack { .. } => matches!(op, Op::Answer),
        Event::Replied { .. } => matches!(op, Op::Reply),
        Event::Began(_) | Event::Cancelled(_) | Event::Froze => false,
    }
}
