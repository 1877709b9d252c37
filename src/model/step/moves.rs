//! What each move does to the state, and what it touches.

use super::turns::{begin, end_turn, leave};
use super::{Moved, Reply, instance};
use crate::model::context::{Answer, Context};
use crate::model::op::{Op, Part, Small};
use crate::model::program::Program;
use crate::model::state::{Cell, Id, State};
use crate::model::touch::{Shared, Touch};
use crate::model::{LaneId, PlaceId, TurnId};

/// Runs the next line of a lane that is not blocked.
pub(super) fn run_line<C: Context>(program: &Program, moved: &mut Moved<C>, lane: LaneId) {
    begin(program, moved, lane);
    let Moved { state, reply, touched } = moved;
    let routine = program.routine(lane);
    let ops = &routine.lines[state.lanes[lane].line].ops;
    let mut next = state.lanes[lane].line + 1;
    for op in ops {
        touched.extend(touch(program, state, lane, *op));
        match *op {
            Op::UnlessFound { skip } if state.lanes[lane].found => next = skip,
            Op::UnlessKnown { skip } if state.lanes[lane].known => next = skip,
            Op::Swap { place, retry } if !swap(program, state, lane, place) => next = retry,
            Op::Next { first } if next_of_batch(program, state, lane) => next = first,
            Op::Reply => {
                *reply = show_reply(state, lane);
                next = routine.lines.len();
            }
            _ => run_op(program, state, lane, *op),
        }
    }
    state.lanes[lane].line = next;
    let is_over = next == routine.lines.len();
    if is_over || !state.is_inside(program, lane) {
        leave(program, moved, lane);
    }
    if is_over {
        end_turn(program, &mut moved.state, lane);
    }
}

/// What a move is about to touch that other lanes can notice.
pub(super) fn touch<C: Context>(
    program: &Program,
    state: &State<C>,
    lane: LaneId,
    op: Op,
) -> Option<Touch> {
    let at = |place| instance(program, state, lane, place);
    Some(match op {
        Op::Load(place) | Op::Lookup(place) | Op::Take(place) => {
            Touch::read(Shared::Cell(at(place)))
        }
        Op::Store(place)
        | Op::Append(place, _)
        | Op::Settle(place)
        | Op::Save(place)
        | Op::Put(place, _)
        | Op::Swap { place, .. } => Touch::change(Shared::Cell(at(place))),
        Op::Acquire(place) | Op::Release(place) => Touch::change(Shared::Lock(at(place))),
        Op::Send(place) | Op::Receive(place) | Op::Gather(place) => {
            Touch::change(Shared::Mailbox(at(place)))
        }
        Op::Write(place) | Op::Read(place) | Op::Drop(place) => {
            Touch::change(Shared::Pipe(at(place)))
        }
        Op::Answer => Touch::change(Shared::ReplyBox(asker(program, state, lane)?)),
        Op::Await => Touch::change(Shared::ReplyBox(lane)),
        Op::Note(_)
        | Op::Infer
        | Op::Mint(_)
        | Op::Pause
        | Op::Then
        | Op::Next { .. }
        | Op::UnlessFound { .. }
        | Op::UnlessKnown { .. }
        | Op::Reply => return None,
    })
}

/// The lane whose question this lane works on.
fn asker<C: Context>(program: &Program, state: &State<C>, lane: LaneId) -> Option<LaneId> {
    state.lanes[lane].turn.map(|turn| program.cast.turns[turn].lane)
}

fn show_reply<C: Context>(state: &mut State<C>, lane: LaneId) -> Option<Reply<C>> {
    let own = &state.lanes[lane];
    let (turn, answer) = (own.turn?, own.answer.clone()?);
    state.answered |= 1 << turn;
    if C::KEEPS_REPLIES {
        state.replies[turn] = Some(answer.basis.clone());
    }
    Some(Reply { turn, answer, earlier: own.earlier })
}

pub(super) fn run_op<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId, op: Op) {
    let at = op.place().map_or(0, |place| instance(program, state, lane, place));
    let turn = state.turn_of(program, lane);
    let own = &mut state.lanes[lane];
    match op {
        Op::Load(place) => {
            if let Cell::Messages(messages) = &state.cells[at] {
                own.history = messages.clone();
            }
            if program.code.swaps(place) {
                own.unchanged = Some(at);
            }
        }
        Op::Store(_) => {
            state.cells[at] = Cell::Messages(own.history.clone());
            wrote(state, lane, at);
        }
        Op::Append(_, part) => {
            if let (Cell::Messages(messages), Some(turn)) = (&mut state.cells[at], turn) {
                messages.add(program, part, turn, own.answer.as_ref());
            }
            wrote(state, lane, at);
        }
        Op::Acquire(_) => state.locks[at] = Some(lane),
        Op::Release(_) => state.locks[at] = None,
        Op::Send(_) => state.mailboxes[at].extend(turn),
        Op::Receive(_) => {
            let turn = state.mailboxes[at].pop_front();
            serve(program, state, lane, turn);
        }
        Op::Gather(_) => {
            own.batch = std::mem::take(&mut state.mailboxes[at]);
            let turn = own.batch.pop_front();
            serve(program, state, lane, turn);
        }
        Op::Write(_) => state.pipes[at].extend(own.answer.clone()),
        Op::Read(_) => own.answer = state.pipes[at].pop_front(),
        Op::Drop(_) => state.pipes[at].clear(),
        Op::Settle(_) => match &mut state.cells[at] {
            Cell::Id(Id::Unset) => state.cells[at] = Cell::Id(own.id),
            Cell::Id(id) => own.id = *id,
            Cell::Messages(_) | Cell::Answer(_) => {}
        },
        Op::Mint(mint) => own.id = turn.map_or(Id::Unset, |turn| program.drawn(turn, mint)),
        Op::Answer => hand_back(program, state, lane),
        Op::Await => own.answer = own.inbox.take(),
        Op::Lookup(_) => {
            if let Cell::Answer(cached) = &state.cells[at] {
                own.found = cached.is_some();
                own.answer = cached.clone().or(own.answer.take());
            }
        }
        Op::Save(_) => state.cells[at] = Cell::Answer(own.answer.clone()),
        Op::Put(_, small) => state.cells[at] = Cell::Id(small_value(program, state, lane, small)),
        Op::Take(_) => {
            if let Cell::Id(id) = state.cells[at] {
                own.id = id;
                own.known = id != Id::Unset;
            }
        }
        Op::Note(Part::Question) => {
            if let Some(turn) = turn {
                own.history.add_question(program, turn);
            }
        }
        Op::Note(Part::Answer) => {
            if let Some(answer) = &own.answer {
                own.history.add_answer(answer);
            }
        }
        Op::Infer => {
            let basis = own.history.basis();
            own.answer = turn.map(|turn| Answer { turn, basis });
        }
        // These decide which line is next, so `run_line` does them.
        Op::UnlessFound { .. }
        | Op::UnlessKnown { .. }
        | Op::Swap { .. }
        | Op::Next { .. }
        | Op::Pause
        | Op::Reply => {}
        Op::Then => forget(program, state, lane),
    }
}

/// Empties what a function of the app had in its own variables.
fn forget<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId) {
    let session = program.cast.lanes[lane].session;
    let own = &mut state.lanes[lane];
    own.history = C::default();
    own.answer = None;
    own.inbox = None;
    own.id = Id::Session(session as u8);
    own.found = false;
    own.known = false;
    own.unchanged = None;
}

/// Makes a daemon work on a question.
fn serve<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId, turn: Option<TurnId>) {
    let replica = turn.map(|turn| state.lanes[program.cast.turns[turn].lane].replica);
    let session = turn.map(|turn| program.cast.session_of(turn));
    let own = &mut state.lanes[lane];
    own.turn = turn;
    own.replica = replica.unwrap_or(0);
    own.id = session.map_or(Id::Unset, |session| Id::Session(session as u8));
}

/// Goes on with the next question of the batch, if there is one.
fn next_of_batch<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId) -> bool {
    let turn = state.lanes[lane].batch.pop_front();
    if turn.is_some() {
        serve(program, state, lane, turn);
    }
    turn.is_some()
}

/// Hands a daemon's answer to the lane that asked, if that lane still waits in the same turn.
fn hand_back<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId) {
    let own = &state.lanes[lane];
    let (Some(turn), answer) = (own.turn, own.answer.clone()) else { return };
    let asker = &mut state.lanes[program.cast.turns[turn].lane];
    if asker.turn == Some(turn) {
        asker.inbox = answer;
    }
}

/// Stores the history if nobody wrote the cell since this lane loaded it.
fn swap<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId, place: PlaceId) -> bool {
    let at = instance(program, state, lane, place);
    let own = &mut state.lanes[lane];
    let succeeds = own.unchanged == Some(at);
    own.unchanged = None;
    if succeeds {
        state.cells[at] = Cell::Messages(own.history.clone());
        wrote(state, lane, at);
    }
    succeeds
}

/// Tells every other lane that a cell is not what it loaded.
fn wrote<C: Context>(state: &mut State<C>, writer: LaneId, cell: usize) {
    for (lane, other) in state.lanes.iter_mut().enumerate() {
        if lane != writer && other.unchanged == Some(cell) {
            other.unchanged = None;
        }
    }
}

fn small_value<C: Context>(program: &Program, state: &State<C>, lane: LaneId, small: Small) -> Id {
    let own = &state.lanes[lane];
    match small {
        Small::Id => own.id,
        Small::Session => {
            state.session_of(program, lane).map_or(Id::Unset, |session| Id::Session(session as u8))
        }
        Small::Next => match own.id {
            Id::Number(number) => Id::Number((number + 1).min(program.number_max())),
            Id::Unset | Id::Session(_) | Id::Fresh(_) => Id::Number(program.number_max().min(1)),
        },
    }
}
