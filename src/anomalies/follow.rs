//! What a record does not tell: what each lane has in variables of its own.
//!
//! It is followed here line by line, for one question: where it came from, and nothing else.

use super::way::{Answer, At, Came, Node, Way};
use crate::model::code::Line;
use crate::model::op::{Op, Part};
use crate::model::program::Program;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, LineRun, Record, Value};
use std::collections::BTreeMap;

/// Follows the question of a way through an order.
pub(super) fn follow<'r>(program: &Program, record: &'r Record, way: Way<'r>) -> Way<'r> {
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
        let ops = self.ops(line);
        self.way.asked.extend(line.turn.filter(|_| ops.contains(&Op::Infer)));
        for op in ops {
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
        Event::Wrote { .. } => op.is_write(),
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
