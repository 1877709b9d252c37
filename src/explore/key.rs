//! A state as bytes: exact, so that equal keys are equal states and nothing is ever confused.
//!
//! Plain on purpose: whole bytes, every register. [`super::packed`] packs bits and drops what is
//! dead, and is held against this.

use crate::model::LaneId;
use crate::model::code::Holds;
use crate::model::context::{Answer, Context};
use crate::model::program::Program;
use crate::model::state::{Cell, Id, LaneState, State};
use std::collections::VecDeque;

/// A state, encoded.
pub type Key = Box<[u8]>;

const NONE: u8 = u8::MAX;

/// Encodes a state.
pub fn encode<C: Context>(program: &Program, state: &State<C>) -> Key {
    let mut key = Vec::with_capacity(64);
    for lane in &state.lanes {
        encode_lane(program, lane, &mut key);
    }
    for cell in &state.cells {
        match cell {
            Cell::Messages(messages) => messages.encode(program, &mut key),
            Cell::Answer(answer) => encode_answer(program, answer.as_ref(), &mut key),
            Cell::Id(id) => encode_id(*id, &mut key),
        }
    }
    key.extend(state.locks.iter().map(|holder| holder.map_or(NONE, |lane| lane as u8)));
    for mailbox in &state.mailboxes {
        key.extend((mailbox.len() as u16).to_le_bytes());
        key.extend(mailbox.iter().map(|&turn| turn as u8));
    }
    for pipe in &state.pipes {
        key.extend((pipe.len() as u16).to_le_bytes());
        pipe.iter().for_each(|answer| encode_answer(program, Some(answer), &mut key));
    }
    key.push(state.idle.len() as u8);
    key.extend(&state.idle);
    key.push(state.next_replica);
    key.push(state.frozen_by.map_or(NONE, |lane| lane as u8));
    key.extend(&state.answered.to_le_bytes()[..turn_bytes(program)]);
    for reply in &state.replies {
        key.push(u8::from(reply.is_some()));
        if let Some(reply) = reply {
            reply.encode(program, &mut key);
        }
    }
    key.into_boxed_slice()
}

/// The state that [`encode`] made these bytes of.
pub fn decode<C: Context>(program: &Program, key: &[u8]) -> State<C> {
    let mut key = key;
    let key = &mut key;
    let mut state = State::first(program);
    for lane in &mut state.lanes {
        *lane = decode_lane(program, key);
    }
    for (cell, (_, holds)) in state.cells.iter_mut().zip(program.cells()) {
        *cell = match holds {
            Holds::Messages => Cell::Messages(C::decode(program, key)),
            Holds::Answer => Cell::Answer(decode_answer(program, key)),
            Holds::Id => Cell::Id(decode_id(key)),
        };
    }
    for holder in &mut state.locks {
        *holder = optional(byte(key));
    }
    for mailbox in &mut state.mailboxes {
        let length = u16::from_le_bytes([byte(key), byte(key)]);
        *mailbox = (0..length).map(|_| usize::from(byte(key))).collect::<VecDeque<_>>();
    }
    for pipe in &mut state.pipes {
        let length = u16::from_le_bytes([byte(key), byte(key)]);
        pipe.extend((0..length).filter_map(|_| decode_answer(program, key)));
    }
    let idle = byte(key);
    state.idle = (0..idle).map(|_| byte(key)).collect();
    state.next_replica = byte(key);
    state.frozen_by = optional(byte(key));
    state.answered = bits(key, turn_bytes(program));
    for reply in &mut state.replies {
        *reply = (byte(key) == 1).then(|| C::decode(program, key));
    }
    // A key is read to its end.
    debug_assert!(key.is_empty());
    state
}

fn encode_lane<C: Context>(program: &Program, lane: &LaneState<C>, key: &mut Vec<u8>) {
    key.push(lane.turns_done as u8);
    key.push(lane.line as u8);
    key.push(lane.turn.map_or(NONE, |turn| turn as u8));
    if lane.turn.is_none() {
        // Between turns every register is empty.
        return;
    }
    key.push(u8::from(lane.found));
    key.push(u8::from(lane.known));
    key.extend(&lane.earlier.to_le_bytes()[..turn_bytes(program)]);
    lane.history.encode(program, key);
    encode_answer(program, lane.answer.as_ref(), key);
    encode_answer(program, lane.inbox.as_ref(), key);
    encode_id(lane.id, key);
    key.extend([lane.worker, lane.replica]);
    key.extend((lane.batch.len() as u16).to_le_bytes());
    key.extend(lane.batch.iter().map(|&turn| turn as u8));
    let unchanged = lane.unchanged.map_or(u16::MAX, |cell| cell as u16);
    key.extend(unchanged.to_le_bytes());
}

fn decode_lane<C: Context>(program: &Program, key: &mut &[u8]) -> LaneState<C> {
    let mut lane = LaneState {
        turns_done: usize::from(byte(key)),
        line: usize::from(byte(key)),
        turn: optional(byte(key)),
        earlier: 0,
        history: C::default(),
        answer: None,
        inbox: None,
        id: Id::Unset,
        worker: 0,
        replica: 0,
        batch: VecDeque::new(),
        found: false,
        known: false,
        unchanged: None,
    };
    if lane.turn.is_some() {
        lane.found = byte(key) == 1;
        lane.known = byte(key) == 1;
        lane.earlier = bits(key, turn_bytes(program));
        lane.history = C::decode(program, key);
        lane.answer = decode_answer(program, key);
        lane.inbox = decode_answer(program, key);
        lane.id = decode_id(key);
        (lane.worker, lane.replica) = (byte(key), byte(key));
        let length = u16::from_le_bytes([byte(key), byte(key)]);
        lane.batch = (0..length).map(|_| usize::from(byte(key))).collect();
        let unchanged = u16::from_le_bytes([byte(key), byte(key)]);
        lane.unchanged = (unchanged != u16::MAX).then_some(usize::from(unchanged));
    }
    lane
}

fn encode_answer<C: Context>(program: &Program, answer: Option<&Answer<C>>, key: &mut Vec<u8>) {
    key.push(answer.map_or(NONE, |answer| answer.turn as u8));
    if let Some(answer) = answer {
        answer.basis.encode(program, key);
    }
}

fn decode_answer<C: Context>(program: &Program, key: &mut &[u8]) -> Option<Answer<C>> {
    let turn = optional(byte(key))?;
    Some(Answer { turn, basis: C::decode(program, key) })
}

fn encode_id(id: Id, key: &mut Vec<u8>) {
    key.extend(match id {
        Id::Unset => [0, 0],
        Id::Session(session) => [1, session],
        Id::Number(number) => [2, number],
        Id::Fresh(fresh) => [3, fresh],
    });
}

fn decode_id(key: &mut &[u8]) -> Id {
    match (byte(key), byte(key)) {
        (1, session) => Id::Session(session),
        (2, number) => Id::Number(number),
        (3, fresh) => Id::Fresh(fresh),
        _ => Id::Unset,
    }
}

fn turn_bytes(program: &Program) -> usize {
    program.cast.turns.len().div_ceil(8)
}

fn bits(key: &mut &[u8], bytes: usize) -> u64 {
    (0..bytes).fold(0, |bits, index| bits | u64::from(byte(key)) << (8 * index))
}

fn optional(byte: u8) -> Option<LaneId> {
    (byte != NONE).then_some(usize::from(byte))
}

/// The first byte, taken off. Keys are read exactly as they were written, so there is one.
fn byte(key: &mut &[u8]) -> u8 {
    match key.split_first() {
        Some((first, rest)) => {
            *key = rest;
            *first
        }
        None => NONE,
    }
}

/// All replies, turn by turn, each with the context that it was computed from, as one key.
pub fn replies<C: Context>(program: &Program, replies: &[Option<C>]) -> Key {
    let mut key = Vec::new();
    for reply in replies {
        key.push(u8::from(reply.is_some()));
        if let Some(reply) = reply {
            reply.encode(program, &mut key);
        }
    }
    key.into_boxed_slice()
}
