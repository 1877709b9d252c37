//! What a program is made of, found from its code and its cast.

use super::{Lane, Role, Setting};
use crate::model::cast::Cast;
use crate::model::code::{Code, Key, Place, PlaceKind};
use crate::model::op::{Op, Small};
use crate::model::{SessionId, TurnId};
use crate::phrase;
use crate::words::Phrase;

pub(super) fn kind_index(place: &Place) -> usize {
    match place.kind {
        PlaceKind::Cell(_) => 0,
        PlaceKind::Lock => 1,
        PlaceKind::Mailbox => 2,
        PlaceKind::Pipe => 3,
    }
}

/// How many processes serve requests.
pub fn replicas(code: &Code, setting: Setting) -> usize {
    let default = if code.routing.is_some() { 2 } else { 1 };
    setting.replicas.unwrap_or(default).max(1)
}

/// With several processes, each has its own of every place, but for what is kept outside of them.
/// A listing with the key `replica` says itself which places those are.
pub(super) fn in_processes(mut code: Code, setting: Setting) -> Result<Code, Phrase> {
    if replicas(&code, setting) < 2 || code.is_keyed_by(Key::Replica) {
        return Ok(code);
    }
    if !code.daemons.is_empty() {
        return Err(phrase!("program-workers-in-replicas"));
    }
    for place in code.places.iter_mut().filter(|place| !place.is_external) {
        place.keys.push(Key::Replica);
    }
    Ok(code)
}

/// How far counters can count.
pub(super) fn numbers(cast: &Cast, code: &Code) -> usize {
    let puts = code.ops().filter(|op| matches!(op, Op::Put(_, Small::Next))).count();
    puts * cast.turns.len()
}

/// How many ids can be drawn that nobody else has.
pub(super) fn fresh(cast: &Cast, code: &Code) -> usize {
    code.mints() * cast.turns.len()
}

pub(super) fn number_texts(cast: &Cast) -> (Vec<usize>, usize) {
    let mut texts: Vec<&str> = Vec::new();
    let numbers = cast.turns.iter().map(|turn| {
        let known = texts.iter().position(|&text| text == turn.text);
        known.unwrap_or_else(|| {
            texts.push(&turn.text);
            texts.len() - 1
        })
    });
    (numbers.collect(), texts.len())
}

pub(super) fn lanes(cast: &Cast, code: &Code) -> Vec<Lane> {
    let client = |name: &String| Lane { name: name.clone(), role: Role::Client };
    let mut lanes: Vec<Lane> = cast.lanes.iter().map(|lane| client(&lane.name)).collect();
    for (daemon, declared) in code.daemons.iter().enumerate() {
        let served: Vec<Option<SessionId>> = match declared.per_session {
            true => (0..cast.sessions.len()).map(Some).collect(),
            false => vec![None],
        };
        lanes.extend(served.into_iter().map(|session| {
            let whom = session.map_or("all", |session| &cast.sessions[session].name);
            Lane {
                name: format!("{}:{whom}", declared.lane),
                role: Role::Daemon { daemon, session },
            }
        }));
    }
    // What is not an `async def` runs on in its thread when its client is gone.
    let cancels = cast.cancels.iter().filter(|_| code.is_async);
    lanes.extend(cancels.map(|&turn| {
        let name = format!("cancel:{}", fault_name(cast, turn));
        Lane { name, role: Role::Fault { turn } }
    }));
    lanes
}

/// Whose turn is cancelled, and where that is not clear which one.
pub(super) fn fault_name(cast: &Cast, turn: TurnId) -> String {
    let lane = cast.turns[turn].lane;
    let same = cast.cancels.iter().filter(|&&other| cast.turns[other].lane == lane);
    match same.count() {
        1 => cast.lane_name_of(turn).to_owned(),
        _ => format!("{}:{}", cast.lane_name_of(turn), cast.turns[turn].number),
    }
}
