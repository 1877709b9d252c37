//! A real trace, held against the simulated program, step by step.
//!
//! At grain `access` a step is one shared access, so a trace of accesses is a schedule. Each must
//! be what the program's lane does next, on the same place, at a moment when it may; what it
//! stores must be the same, and at the end the replies, word by word.

use super::places::{Access, AccessKind, Name};
use crate::anomalies::facts::Wait;
use crate::model::code::Line;
use crate::model::op::{Op, Part, Small};
use crate::model::program::Program;
use crate::model::{PlaceId, TurnId};
use crate::replay::machine::Machine;
use crate::replay::record::{Ending, Record, Said, Value};

/// Where a real execution leaves the simulated program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The step, from 1; `None` if only the end differs.
    pub step: Option<usize>,
    /// What is different, in one sentence.
    pub what: String,
}

impl std::fmt::Display for Drift {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self.step {
            Some(step) => write!(formatter, "step {step}: {}", self.what),
            None => write!(formatter, "at the end: {}", self.what),
        }
    }
}

/// Follows a trace through the program, which must be at grain `access`.
pub fn follow(
    program: &Program,
    trace: &[Access],
    replies: &[(TurnId, Said)],
) -> Result<Record, Drift> {
    let mut machine = Machine::new(program);
    for (index, access) in trace.iter().enumerate() {
        let drift = |what| Drift { step: Some(index + 1), what };
        let lane = &program.lanes[access.lane].name;
        let did = told(program, &access.touch);
        let next = machine.next_access(access.lane);
        let Some((line, expected)) = next.and_then(|line| Some((line, access_of(line)?))) else {
            return Err(drift(format!("{lane} {did}, but the listing has nothing left to do")));
        };
        if !matches(program, &machine, access, expected) {
            let says = line.text.trim();
            let what = format!("{lane} {did}, but line {} of the listing is `{says}`", line.number);
            return Err(drift(what));
        }
        let place = expected.place().map(|place| machine.instance(access.lane, place));
        machine.step(access.lane).map_err(|reason| {
            let why = Wait::of(program, access.lane, reason).phrase().english();
            drift(format!("{lane} {did}, but in the simulated program {why}"))
        })?;
        if let Some(value) = place.and_then(|cell| machine.cells().get(cell))
            && !holds(value, &access.touch)
        {
            let what = "but the simulated program puts something else there";
            return Err(drift(format!("{lane} {did}, {what}")));
        }
    }
    let record = machine.record();
    for (turn, _) in replies {
        unfinished(program, &machine, &record, *turn, trace.len() + 1)?;
    }
    same_end(program, &record, replies)?;
    Ok(record)
}

/// A reply that real code gave must not find its lane in the middle of the turn.
fn unfinished(
    program: &Program,
    machine: &Machine,
    record: &Record,
    turn: TurnId,
    step: usize,
) -> Result<(), Drift> {
    let lane = program.cast.turns[turn].lane;
    let (false, Some(line)) = (record.answered(turn), machine.next_access(lane)) else {
        return Ok(());
    };
    let name = program.cast.lane_name_of(turn);
    let (number, code) = (line.number, line.text.trim());
    let what =
        format!("{name} replied without any trace of line {number} of the listing, `{code}`");
    Err(Drift { step: Some(step), what })
}

fn same_end(program: &Program, record: &Record, replies: &[(TurnId, Said)]) -> Result<(), Drift> {
    let end = |what| Drift { step: None, what };
    for (turn, said) in replies {
        let simulated = record.replies.iter().find(|reply| reply.turn == *turn);
        let lane = program.cast.lane_name_of(*turn);
        let number = program.cast.turns[*turn].number;
        let Some(simulated) = simulated else {
            return Err(end(format!(
                "{lane}'s reply {number} is not given in the simulated program"
            )));
        };
        if simulated.said != *said {
            return Err(end(format!(
                "{lane}'s reply {number} is \"{}\", but the simulated one is \"{}\"",
                said.text, simulated.said.text
            )));
        }
    }
    match record.ending {
        Ending::Complete => Ok(()),
        Ending::Open => Err(end("the simulated program is not at its end".into())),
        Ending::Stuck(_) => Err(end("the simulated program is stuck".into())),
    }
}

fn access_of(line: &Line) -> Option<Op> {
    line.ops.iter().copied().find(Op::is_access)
}

/// Whether an access is what an op does, on the place that the lane means at this moment.
fn matches(program: &Program, machine: &Machine, access: &Access, expected: Op) -> bool {
    let same = |name: Name, place: PlaceId| {
        let instance = machine.instance(access.lane, place);
        program.instance_name(place, instance) == named(program, name)
    };
    match (&access.touch, expected) {
        (AccessKind::Load(name), Op::Load(place))
        | (AccessKind::Store(name, _), Op::Store(place))
        | (AccessKind::Acquire(name), Op::Acquire(place))
        | (AccessKind::Release(name), Op::Release(place))
        | (AccessKind::Send(name), Op::Send(place))
        | (AccessKind::Receive(name), Op::Receive(place))
        | (AccessKind::Lookup(name), Op::Lookup(place))
        | (AccessKind::Save(name, _), Op::Save(place))
        | (AccessKind::Swap(name, _), Op::Swap { place, .. })
        | (AccessKind::Put(name), Op::Put(place, Small::Session))
        | (AccessKind::Take(name), Op::Take(place)) => same(*name, place),
        (AccessKind::Append(name, message), Op::Append(place, part)) => {
            message.part == part && same(*name, place)
        }
        (AccessKind::Answer, Op::Answer) | (AccessKind::Await, Op::Await) => true,
        _ => false,
    }
}

/// Whether a cell holds what was written into it.
fn holds(value: &Value, touch: &AccessKind) -> bool {
    match (touch, value) {
        (
            AccessKind::Store(_, stored) | AccessKind::Swap(_, Some(stored)),
            Value::Messages(messages),
        ) => **messages == *stored,
        (AccessKind::Append(_, message), Value::Messages(messages)) => {
            messages.last() == Some(message)
        }
        (AccessKind::Save(_, saved), Value::Answer(said)) => said.as_ref() == Some(saved),
        _ => true,
    }
}

/// A place as the diagrams call it: `HISTORIES[alice]`, `CACHE[alice, "What is my name?"]`.
fn named(program: &Program, name: Name) -> String {
    let session = name.session.map(|session| program.cast.sessions[session].name.clone());
    let question = name.question.map(|turn| format!("\"{}\"", program.cast.turns[turn].text));
    let keys: Vec<String> = session.into_iter().chain(question).collect();
    match keys.is_empty() {
        true => name.place.to_owned(),
        false => format!("{}[{}]", name.place, keys.join(", ")),
    }
}

fn told(program: &Program, touch: &AccessKind) -> String {
    let named = |name: &Name| named(program, *name);
    match touch {
        AccessKind::Load(name) => format!("loads {}", named(name)),
        AccessKind::Store(name, _) => format!("stores {}", named(name)),
        AccessKind::Append(name, message) => {
            let what = if message.part == Part::Question { "a question" } else { "an answer" };
            format!("appends {what} to {}", named(name))
        }
        AccessKind::Acquire(name) => format!("takes {}", named(name)),
        AccessKind::Release(name) => format!("gives {} back", named(name)),
        AccessKind::Send(name) => format!("sends to {}", named(name)),
        AccessKind::Receive(name) => format!("receives from {}", named(name)),
        AccessKind::Answer => "hands an answer back".into(),
        AccessKind::Await => "picks an answer up".into(),
        AccessKind::Lookup(name) => format!("looks {} up", named(name)),
        AccessKind::Save(name, _) => format!("saves {}", named(name)),
        AccessKind::Swap(name, _) => format!("swaps {}", named(name)),
        AccessKind::Put(name) => format!("puts its session into {}", named(name)),
        AccessKind::Take(name) => format!("reads {}", named(name)),
    }
}
