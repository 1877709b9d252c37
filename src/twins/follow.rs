//! A real trace, held against the simulated program, step by step.
//!
//! At grain `access` a step is one shared access, so a trace of accesses is a schedule. Each must
//! be what the program's lane does next, on the same place, at a moment when it may; what it
//! stores must be the same, and at the end the replies, word by word.

use super::drift::{Apart, Did, Drift};
use super::places::{Access, AccessKind, Name};
use crate::anomalies::facts::Wait;
use crate::model::code::Line;
use crate::model::op::{Op, Part, Small};
use crate::model::program::Program;
use crate::model::{PlaceId, TurnId};
use crate::replay::machine::Machine;
use crate::replay::record::{Ending, Record, Said, Value};

/// Follows a trace through the program, which must be at grain `access`.
pub fn follow(
    program: &Program,
    trace: &[Access],
    replies: &[(TurnId, Said)],
) -> Result<Record, Drift> {
    let mut machine = Machine::new(program);
    for (index, access) in trace.iter().enumerate() {
        let step = Some(index + 1);
        let drift = |what| Drift::new(step, what);
        let did = || did(program, access);
        let next = machine.next_access(access.lane);
        let Some((line, expected)) = next.and_then(|line| Some((line, access_of(line)?))) else {
            return Err(drift(Apart::NothingLeft { did: did() }));
        };
        if !matches(program, &machine, access, expected) {
            let (line, code) = (line.number, line.text.trim().to_owned());
            return Err(drift(Apart::AnotherLine { did: did(), line, code }));
        }
        let place = expected.place().map(|place| machine.instance(access.lane, place));
        machine.step(access.lane).map_err(|reason| {
            let why = Wait::of(program, access.lane, reason);
            drift(Apart::CannotMove { did: did(), why })
        })?;
        if let Some(value) = place.and_then(|cell| machine.cells().get(cell))
            && !holds(value, &access.touch)
        {
            return Err(drift(Apart::PutsElse { did: did() }));
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
    let lane = program.cast.lane_name_of(turn).to_owned();
    let (line, code) = (line.number, line.text.trim().to_owned());
    Err(Drift::new(step, Apart::RepliedWithout { lane, line, code }))
}

fn same_end(program: &Program, record: &Record, replies: &[(TurnId, Said)]) -> Result<(), Drift> {
    let end = |what| Drift::new(None, what);
    for (turn, said) in replies {
        let simulated = record.replies.iter().find(|reply| reply.turn == *turn);
        let lane = program.cast.lane_name_of(*turn).to_owned();
        let number = program.cast.turns[*turn].number;
        match simulated {
            None => return Err(end(Apart::NoReply { lane, number })),
            Some(simulated) if simulated.said != *said => {
                let [text, simulated] = [said, &simulated.said].map(|it| it.text.to_string());
                return Err(end(Apart::AnotherReply { lane, number, text, simulated }));
            }
            Some(_) => {}
        }
    }
    match record.ending {
        Ending::Complete => Ok(()),
        Ending::Open => Err(end(Apart::NotAtEnd)),
        Ending::Stuck(_) => Err(end(Apart::Stuck)),
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

fn did(program: &Program, access: &Access) -> Did {
    let lane = program.lanes[access.lane].name.clone();
    let named = |name: &Name| named(program, *name);
    match &access.touch {
        AccessKind::Load(name) => Did::Loads { lane, place: named(name) },
        AccessKind::Store(name, _) => Did::Stores { lane, place: named(name) },
        AccessKind::Append(name, message) => {
            let place = named(name);
            match message.part {
                Part::Question => Did::AppendsQuestion { lane, place },
                Part::Answer => Did::AppendsAnswer { lane, place },
            }
        }
        AccessKind::Acquire(name) => Did::Acquires { lane, place: named(name) },
        AccessKind::Release(name) => Did::Releases { lane, place: named(name) },
        AccessKind::Send(name) => Did::Sends { lane, place: named(name) },
        AccessKind::Receive(name) => Did::Receives { lane, place: named(name) },
        AccessKind::Answer => Did::Answers { lane },
        AccessKind::Await => Did::Awaits { lane },
        AccessKind::Lookup(name) => Did::LooksUp { lane, place: named(name) },
        AccessKind::Save(name, _) => Did::Saves { lane, place: named(name) },
        AccessKind::Swap(name, _) => Did::Swaps { lane, place: named(name) },
        AccessKind::Put(name) => Did::PutsSession { lane, place: named(name) },
        AccessKind::Take(name) => Did::Takes { lane, place: named(name) },
    }
}
