//! Small programs, made by hand, for the tests that stand beside the code.

use super::cast::{Cast, ClientLane, INFER_MS, Phrases, Session, Turn};
use super::code::{Code, Holds, Line, Place, PlaceKind, Routine};
use super::op::{Op, Part};
use super::program::{Program, Setting};
use super::{PlaceId, TurnId};

/// A list of messages that everybody shares.
pub(crate) const HISTORY: PlaceId = 0;
/// A lock that everybody shares.
pub(crate) const LOCK: PlaceId = 1;

/// Copies the shared list, asks, and stores the copy: two accesses.
pub(crate) const GLOBAL: [&[Op]; 4] = [
    &[Op::Load(HISTORY)],
    &[Op::Note(Part::Question), Op::Infer],
    &[Op::Note(Part::Answer), Op::Store(HISTORY)],
    &[Op::Reply],
];

/// The same inside of the lock: four accesses.
pub(crate) const LOCKED: [&[Op]; 6] = [
    &[Op::Acquire(LOCK)],
    &[Op::Load(HISTORY)],
    &[Op::Note(Part::Question), Op::Infer],
    &[Op::Note(Part::Answer), Op::Store(HISTORY)],
    &[Op::Release(LOCK)],
    &[Op::Reply],
];

/// Two functions of the app, one called after the other; the assistant is asked in both.
pub(crate) const TWO_FUNCTIONS: [&[Op]; 5] = [
    &[Op::Note(Part::Question), Op::Infer],
    &[Op::Append(HISTORY, Part::Question), Op::Then],
    &[Op::Load(HISTORY)],
    &[Op::Infer],
    &[Op::Reply],
];

/// For each number a user `a`, `b`, … with one lane and so many turns.
pub(crate) fn cast(turns: &[usize]) -> Cast {
    let names = ["a", "b", "c", "d"].map(String::from);
    let users = names[..turns.len()].to_vec();
    let mut all: Vec<Turn> = Vec::new();
    let mut lanes = Vec::new();
    for (lane, &count) in turns.iter().enumerate() {
        let first: TurnId = all.len();
        all.extend((1..=count).map(|number| Turn {
            lane,
            number,
            text: format!("{}{number}", users[lane]),
            tells: Vec::new(),
            asks: None,
            at_ms: 0,
        }));
        let turns = first..all.len();
        lanes.push(ClientLane { name: users[lane].clone(), session: lane, address: lane, turns });
    }
    let session = |(user, name): (usize, &String)| Session { name: name.clone(), user };
    Cast {
        addresses: users.clone(),
        sessions: users.iter().enumerate().map(session).collect(),
        users,
        lanes,
        turns: all,
        cancels: Vec::new(),
        phrases: Phrases::default(),
        infer_ms: INFER_MS,
    }
}

/// What requests run: so many lines, with these moves. Where one waits it can be cancelled.
pub(crate) fn code(lines: &[&[Op]]) -> Code {
    let mut function = 0;
    let lines = lines.iter().enumerate().map(|(index, &ops)| {
        let waits = ops.iter().any(Op::waits);
        let line = Line {
            number: index + 1,
            text: format!("line {}", index + 1),
            ops: ops.to_vec(),
            function,
            cancelled: waits.then(Vec::new),
            ..Line::default()
        };
        function += ops.iter().filter(|op| **op == Op::Then).count();
        line
    });
    let place = |name: &str, kind| Place {
        name: name.into(),
        kind,
        keys: Vec::new(),
        is_external: false,
        is_async: false,
    };
    Code {
        places: vec![
            place("HISTORY", PlaceKind::Cell(Holds::Messages)),
            place("LOCK", PlaceKind::Lock),
        ],
        respond: Routine { name: "respond".into(), lines: lines.collect() },
        daemons: Vec::new(),
        stored: Some(HISTORY),
        routing: None,
        is_async: false,
    }
}

/// Such users, and such lines.
pub(crate) fn program(turns: &[usize], lines: &[&[Op]], setting: Setting) -> Program {
    Program::new(cast(turns), code(lines), setting).unwrap()
}

/// As many requests at once as a server of this name runs.
pub(crate) fn served_by(profile: &str, setting: Setting) -> Setting {
    let known = super::server::PROFILES.iter().find(|known| known.name == profile).unwrap();
    Setting { limit: known.limit, slots: known.slots, ..setting }
}
