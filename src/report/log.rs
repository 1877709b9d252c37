//! An order as the log that a good app would have written: what `interleak diagnose` reads.

use super::json::harmless;
use crate::log::line::{Event as Kind, Line, Name, Time, answer_of};
use crate::model::op::{Op, Part};
use crate::model::program::Program;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, LineRun, Message, Record, Said, Value};
use std::io;

/// Milliseconds between two lines of the log, at least.
const TICK_MS: u64 = 1;

/// The log of an order, one JSON object for each line of it.
///
/// Times are seconds of virtual time: a lane that asks the assistant goes on that much later, and
/// nobody goes back behind a line that is written already.
pub fn render(program: &Program, record: &Record) -> io::Result<Vec<u8>> {
    let mut log =
        Log { program, now_ms: 0, ready_ms: vec![0; program.lanes.len()], text: Vec::new() };
    for (step, run) in record.steps.iter().enumerate() {
        for line in &run.lines {
            log.line(step, line)?;
        }
    }
    Ok(log.text)
}

struct Log<'a> {
    program: &'a Program,
    /// When the last line was written.
    now_ms: u64,
    /// Before this moment a lane does not go on.
    ready_ms: Vec<u64>,
    text: Vec<u8>,
}

impl Log<'_> {
    fn line(&mut self, step: usize, run: &LineRun) -> io::Result<()> {
        let thinks = self.ops(run).position(|op| op == Op::Infer);
        let tells = self.ops(run).position(|op| op.is_access() || op == Op::Reply);
        if thinks.is_some() && thinks < tells {
            self.think(run.lane);
        }
        let appends = self.ops(run).any(|op| matches!(op, Op::Append(..)));
        for event in &run.events {
            let Some(turn) = run.turn else { continue };
            let line = self.event(turn, event, appends);
            self.write(line, (step, run))?;
        }
        if thinks > tells {
            self.think(run.lane);
        }
        Ok(())
    }

    fn think(&mut self, lane: LaneId) {
        self.ready_ms[lane] = self.ready_ms[lane].max(self.now_ms) + self.program.cast.infer_ms;
    }

    /// What the line of the listing does.
    fn ops(&self, run: &LineRun) -> impl Iterator<Item = Op> {
        let lines = self.program.routine(run.lane).lines.iter();
        let lines = lines.filter(|line| line.number == run.number && line.text == run.text);
        lines.flat_map(|line| line.ops.iter().copied())
    }

    /// What is written about an event, but for when and where it was.
    fn event<'e>(&self, turn: TurnId, event: &'e Event, appends: bool) -> Line<'e> {
        let cast = &self.program.cast;
        let line = |kind| Line::new(kind, self.session(turn), self.label(turn));
        let access = |kind, name: &'e str, messages| Line {
            cell: Some(name.into()),
            messages: Some(messages),
            ..line(kind)
        };
        // What the format has no word for is told too; a reader leaves it out.
        let other = |word: &'static str, name: &'e str| Line {
            event: Some(word.into()),
            cell: (!name.is_empty()).then(|| name.into()),
            ..line(Kind::Request)
        };
        match event {
            Event::Began(turn) => {
                Line { text: Some(cast.turns[*turn].text.clone().into()), ..line(Kind::Request) }
            }
            Event::Read { name, value: Value::Small(id), .. } => {
                Line { text: Some(self.program.id_name(*id).into()), ..other("get", name) }
            }
            Event::Wrote { name, value: Value::Small(id), .. } => {
                Line { text: Some(self.program.id_name(*id).into()), ..other("set", name) }
            }
            Event::Read { name, value, .. } => access(Kind::Read, name, self.messages(value)),
            Event::Wrote { name, before, value, .. } => match appends {
                true => access(Kind::Append, name, self.added(before, value)),
                false => access(Kind::Write, name, self.messages(value)),
            },
            Event::Piped { name, turn } => access(Kind::Append, name, vec![self.answer(*turn)]),
            Event::Unpiped { name, turn } => access(Kind::Read, name, vec![self.answer(*turn)]),
            Event::Replied { turn, said } => self.reply(*turn, said, line(Kind::Reply)),
            Event::SwapFailed { name } => other("swap-failed", name),
            Event::Acquired { name } => other("acquire", name),
            Event::Released { name } => other("release", name),
            Event::Sent { name, .. } => other("send", name),
            Event::Received { name, .. } => other("receive", name),
            Event::Dropped { name, .. } => other("drop", name),
            Event::Cancelled(_) => other("cancel", ""),
            Event::Froze => other("freeze", ""),
            Event::HandedBack { .. } => other("answer", ""),
        }
    }

    fn reply<'e>(&self, turn: TurnId, said: &'e Said, line: Line<'e>) -> Line<'e> {
        let basis = said.basis().into_iter().map(|turn| self.label(turn).into());
        // An answer that was computed for another request is what this reply is made of.
        let other = (said.turn != turn).then(|| self.answer(said.turn));
        Line {
            basis: Some(other.into_iter().chain(basis).collect()),
            text: Some(said.text.to_string().into()),
            ..line
        }
    }

    fn write(&mut self, mut line: Line, (step, run): (usize, &LineRun)) -> io::Result<()> {
        let LineRun { lane, turn, number, .. } = run;
        self.now_ms = (self.now_ms + TICK_MS).max(self.ready_ms[*lane]);
        self.ready_ms[*lane] = self.now_ms;
        line.time = Some(Time::Seconds(self.now_ms as f64 / 1000.0));
        line.user = turn.map(|turn| self.user(turn).into());
        line.lane = Some(self.lane(*lane).into());
        line.step = Some(step as u64 + 1);
        line.line = Some(*number as u64);
        let mut text = Vec::new();
        line.write(&mut text)?;
        let text = String::from_utf8(text).map_err(io::Error::other)?;
        self.text.extend(harmless(text).into_bytes());
        Ok(())
    }

    fn session(&self, turn: TurnId) -> String {
        let cast = &self.program.cast;
        cast.sessions[cast.session_of(turn)].name.clone()
    }

    fn user(&self, turn: TurnId) -> String {
        self.program.cast.users[self.program.cast.user_of(turn)].clone()
    }

    fn lane(&self, lane: LaneId) -> String {
        self.program.lanes[lane].name.clone()
    }

    /// The id of a request, and of its question: `alice#1`.
    fn label(&self, turn: TurnId) -> String {
        let cast = &self.program.cast;
        format!("{}#{}", cast.lane_name_of(turn), cast.turns[turn].number)
    }

    fn answer<'e>(&self, turn: TurnId) -> Name<'e> {
        answer_of(&self.label(turn)).into()
    }

    fn messages<'e>(&self, value: &Value) -> Vec<Name<'e>> {
        match value {
            Value::Messages(messages) => messages.iter().map(|it| self.message(it)).collect(),
            Value::Answer(said) => said.iter().map(|said| self.answer(said.turn)).collect(),
            Value::Small(_) => Vec::new(),
        }
    }

    /// What stands in a cell now and did not before.
    fn added<'e>(&self, before: &Value, now: &Value) -> Vec<Name<'e>> {
        let before = self.messages(before).len();
        self.messages(now).split_off(before)
    }

    fn message<'e>(&self, message: &Message) -> Name<'e> {
        match message.part {
            Part::Question => self.label(message.turn).into(),
            Part::Answer => self.answer(message.turn),
        }
    }
}
