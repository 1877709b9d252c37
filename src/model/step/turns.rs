//! How a request begins and ends: its slot, its thread, its replica.

use super::Moved;
use crate::model::context::Context;
use crate::model::program::{Detail, Program};
use crate::model::server::Idle;
use crate::model::state::{Id, State};
use crate::model::touch::{Shared, Touch};
use crate::model::{LaneId, SessionId};

/// Lets a lane that stands before a function of the app enter it.
pub(super) fn begin<C: Context>(program: &Program, moved: &mut Moved<C>, lane: LaneId) {
    let Moved { state, touched, .. } = moved;
    if program.is_daemon(lane) {
        touched
            .extend((state.lanes[lane].line == 0).then(|| slots_touched(program, lane)).flatten());
        return;
    }
    if state.is_inside(program, lane) {
        return;
    }
    let replica = replica(program, state, program.cast.lanes[lane].session);
    if program.takes_turns() {
        state.next_replica = ((usize::from(replica) + 1) % program.replicas()) as u8;
        touched.push(Touch::change(Shared::Router));
    }
    if state.lanes[lane].turn.is_none() {
        begin_turn(program, state, lane);
    }
    state.lanes[lane].replica = replica;
    go_on(program, moved, lane);
}

/// Takes what runs a request: a slot, and a thread.
pub(super) fn go_on<C: Context>(program: &Program, moved: &mut Moved<C>, lane: LaneId) {
    if !program.is_daemon(lane) {
        moved.state.lanes[lane].worker = take_thread(program, &mut moved.state);
    }
    moved.touched.extend(slots_touched(program, lane));
}

/// Gives back what runs a request that is over: its slot, and its thread.
pub(super) fn leave<C: Context>(program: &Program, moved: &mut Moved<C>, lane: LaneId) {
    if program.tracks_workers() && !program.is_daemon(lane) {
        let worker = moved.state.lanes[lane].worker;
        if !moved.state.is_inside(program, lane) {
            moved.state.lanes[lane].worker = 0;
        }
        match program.idle() {
            Idle::Longest => moved.state.idle.push_back(worker),
            Idle::Latest => moved.state.idle.push_front(worker),
        }
    }
    if program.takes_turns() && !program.is_daemon(lane) {
        moved.state.lanes[lane].replica = 0;
    }
    moved.touched.extend(slots_touched(program, lane));
}

/// Taking a slot and giving it back: others notice if they can be waiting for one, or be given
/// another thread.
pub(super) fn slots_touched(program: &Program, lane: LaneId) -> Option<Touch> {
    let noticed = program.limit_can_block() || program.tracks_workers();
    let counted = !program.is_daemon(lane) || program.batches(lane);
    (noticed && counted).then_some(Touch::change(Shared::Slots))
}

/// The thread that runs the next request.
fn take_thread<C: Context>(program: &Program, state: &mut State<C>) -> u8 {
    let picked = program.idle_picked.min(state.idle.len().saturating_sub(1));
    state.idle.remove(picked).unwrap_or(0)
}

/// The replica that serves the next request.
pub(super) fn replica<C: Context>(program: &Program, state: &State<C>, session: SessionId) -> u8 {
    match program.takes_turns() {
        false => program.replica_of(session),
        true => state.next_replica,
    }
}

pub(super) fn begin_turn<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId) {
    let turn = state.turn_of(program, lane);
    let session = program.cast.lanes[lane].session;
    // Kept only where a judge of questions needs it: it is history, and history splits states.
    let earlier = match program.detail {
        Detail::Questions if !C::KEEPS_REPLIES => {
            state.answered & program.bits(|turn| program.cast.session_of(turn) == session)
        }
        _ => 0,
    };
    let own = &mut state.lanes[lane];
    own.turn = turn;
    own.earlier = earlier;
    own.id = Id::Session(session as u8);
}

pub(super) fn end_turn<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId) {
    let own = &mut state.lanes[lane];
    if !program.is_daemon(lane) {
        own.turns_done += 1;
    }
    own.line = 0;
    own.turn = None;
    own.earlier = 0;
    own.history = C::default();
    own.answer = None;
    own.inbox = None;
    own.id = Id::Unset;
    own.worker = 0;
    own.replica = 0;
    own.batch.clear();
    own.found = false;
    own.known = false;
    own.unchanged = None;
}
