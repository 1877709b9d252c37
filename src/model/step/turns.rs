//! How a request begins and ends: its slot, its thread, its replica.

use super::Moved;
use crate::model::context::Context;
use crate::model::program::{Detail, Program};
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
    let worker = worker(program, state);
    if state.lanes[lane].turn.is_none() {
        begin_turn(program, state, lane);
        touched.extend(program.takes_turns().then_some(Touch::change(Shared::Router)));
    }
    state.lanes[lane].worker = worker;
    touched.extend(slots_touched(program, lane));
}

/// Taking a slot and giving it back: others notice if they can be waiting for one, or be given
/// another thread.
pub(super) fn slots_touched(program: &Program, lane: LaneId) -> Option<Touch> {
    let noticed = program.limit_can_block() || program.tracks_workers();
    let counted = !program.is_daemon(lane) || program.batches(lane);
    (noticed && counted).then_some(Touch::change(Shared::Slots))
}

/// The thread that runs the next request. Threads take turns; one that is busy is left out.
pub(super) fn worker<C: Context>(program: &Program, state: &State<C>) -> u8 {
    if !program.tracks_workers() {
        return 0;
    }
    let requests = state.inside(program).filter(|&lane| !program.is_daemon(lane));
    let busy = requests.fold(0_u64, |all, lane| all | 1 << state.lanes[lane].worker);
    let (all, begun) = (program.workers(), begun(program, state));
    let mut workers = (0..all).map(|next| (begun + next) % all);
    workers.find(|worker| busy & 1 << worker == 0).unwrap_or(0) as u8
}

/// How many requests have begun until now.
pub(super) fn begun<C: Context>(program: &Program, state: &State<C>) -> usize {
    let clients = state.lanes[..program.clients()].iter();
    clients.map(|own| own.turns_done + usize::from(own.turn.is_some())).sum()
}

/// The replica that serves the next request.
pub(super) fn replica<C: Context>(program: &Program, state: &State<C>, session: SessionId) -> u8 {
    match program.takes_turns() {
        false => program.replica_of(session),
        true => (begun(program, state) % program.replicas()) as u8,
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
    let replica = replica(program, state, session);
    let own = &mut state.lanes[lane];
    own.turn = turn;
    own.replica = replica;
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
    own.unchanged = None;
}
