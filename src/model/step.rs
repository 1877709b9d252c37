//! The only meaning of a step.

use super::code::Line;
use super::context::{Answer, Context};
use super::op::{Op, Part, Small};
use super::program::{Detail, Grain, Program};
use super::server::Slots;
use super::state::{Cell, Id, State};
use super::touch::{Shared, Touch};
use super::{LaneId, PlaceId, SessionId, TurnId};

/// Why a lane cannot move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// It has no turn left.
    Finished,
    /// The server already works on as many requests as it may.
    Full {
        /// The limit.
        limit: usize,
    },
    /// Somebody holds the lock.
    Lock {
        /// Number of the lock's instance.
        lock: usize,
        /// Place of the lock.
        place: PlaceId,
        /// The lane that holds it; possibly the same lane.
        holder: LaneId,
    },
    /// There is no question in the mailbox.
    Empty {
        /// Number of the mailbox's instance.
        mailbox: usize,
        /// Place of the mailbox.
        place: PlaceId,
    },
    /// Nobody has handed it an answer yet.
    NoAnswer,
    /// There is no answer in the pipe.
    NothingToRead {
        /// Number of the pipe's instance.
        pipe: usize,
        /// Place of the pipe.
        place: PlaceId,
    },
    /// Another lane waits for a lock on the one event loop, and lets nobody else go on.
    Frozen {
        /// That lane.
        by: LaneId,
    },
    /// The request that could be cancelled does not wait for anything now.
    NothingToCancel,
    /// At grain `turn`, a daemon moves as part of the requests that it serves.
    PartOfTurns,
}

/// What a step made of a state.
#[derive(Clone, Debug)]
pub struct Moved<C> {
    /// The next state.
    pub state: State<C>,
    /// The reply that was shown in this step; no step shows two.
    pub reply: Option<Reply<C>>,
    /// What the step touched that other lanes can notice.
    pub touched: Vec<Touch>,
}

/// A reply at the moment when it is shown.
#[derive(Clone, Debug)]
pub struct Reply<C> {
    /// The turn that it ends.
    pub turn: TurnId,
    /// What is shown.
    pub answer: Answer<C>,
    /// The session's questions that were answered when this turn began, as bits.
    pub earlier: u64,
}

/// Moves one lane by one step of the program's grain, or says why it cannot move.
pub fn step<C: Context>(
    program: &Program,
    state: &State<C>,
    lane: LaneId,
) -> Result<Moved<C>, Blocked> {
    let grain = program.setting.grain;
    if grain == Grain::Turn && program.is_daemon(lane) {
        return Err(Blocked::PartOfTurns);
    }
    if let Some(by) = state.frozen_by {
        return Err(Blocked::Frozen { by });
    }
    let mut moved = Moved { state: state.clone(), reply: None, touched: Vec::new() };
    let was_in = state.lanes[lane].turn;
    match program.cancels(lane) {
        Some(turn) => cancel(program, &mut moved, lane, turn)?,
        None => run_lines(program, &mut moved, lane)?,
    }
    let cancellable = program.cancels(lane).or(was_in).or(moved.state.lanes[lane].turn);
    if let Some(turn) = cancellable.filter(|turn| program.cast.cancels.contains(turn)) {
        moved.touched.push(Touch::change(Shared::Turn(program.cast.turns[turn].lane)));
    }
    if program.can_freeze() {
        let reads_only = moved.state.frozen_by.is_none();
        moved.touched.push(Touch { what: Shared::Loop, reads_only });
    }
    Ok(moved)
}

/// Runs as many lines as make one step.
fn run_lines<C: Context>(
    program: &Program,
    moved: &mut Moved<C>,
    lane: LaneId,
) -> Result<(), Blocked> {
    let grain = program.setting.grain;
    let mut lines_run = 0;
    let mut accessed = false;
    loop {
        if let Some(reason) = blocked(program, &moved.state, lane) {
            let waits = matches!(reason, Blocked::NoAnswer);
            if grain == Grain::Turn && waits && run_daemons(program, moved) {
                continue;
            }
            if freezes(program, reason) {
                begin(program, moved, lane);
                moved.state.frozen_by = Some(lane);
            } else if grain != Grain::Await || lines_run == 0 {
                return Err(reason);
            }
            // The step is as long as it is because of what it saw here.
            moved.touched.push(Touch::read(seen(reason, lane)));
            return Ok(());
        }
        let line = line(program, &moved.state, lane);
        let (accesses, infers) = (line.is_access(), line.infers());
        run_line(program, moved, lane);
        lines_run += 1;
        accessed |= accesses;
        let step_over = !moved.state.is_inside(program, lane)
            || match grain {
                Grain::Line => true,
                Grain::Access => accessed && self::line(program, &moved.state, lane).is_access(),
                Grain::Await => infers,
                Grain::Turn => false,
            };
        if step_over {
            if grain == Grain::Turn {
                // What was sent without waiting is worked off before the next request.
                run_daemons(program, moved);
            }
            return Ok(());
        }
    }
}

/// Whether a lane that is blocked for this reason lets nobody else go on: it waits on the one
/// event loop, in a way that does not give it back.
fn freezes(program: &Program, reason: Blocked) -> bool {
    match reason {
        Blocked::Lock { place, .. } => {
            program.setting.grain == Grain::Await && !program.code.places[place].is_async
        }
        _ => false,
    }
}

/// Ends a turn at the point where it waits, as its client wants it.
fn cancel<C: Context>(
    program: &Program,
    moved: &mut Moved<C>,
    fault: LaneId,
    turn: TurnId,
) -> Result<(), Blocked> {
    let lane = program.cast.turns[turn].lane;
    let state = &mut moved.state;
    let waits = state.lanes[lane].turn == Some(turn) && state.is_inside(program, lane);
    let ops = match waits {
        true => line(program, state, lane).cancelled.as_ref(),
        false => None,
    };
    let ops = ops.ok_or(Blocked::NothingToCancel)?;
    for op in ops {
        moved.touched.extend(touch(program, state, lane, *op));
        run_op(program, state, lane, *op);
    }
    moved.touched.extend(slots_touched(program, lane));
    end_turn(program, state, lane);
    state.lanes[fault].turns_done = 1;
    Ok(())
}

fn line<'p, C: Context>(program: &'p Program, state: &State<C>, lane: LaneId) -> &'p Line {
    &program.routine(lane).lines[state.lanes[lane].line]
}

/// Why the next line of a lane cannot run now.
fn blocked<C: Context>(program: &Program, state: &State<C>, lane: LaneId) -> Option<Blocked> {
    if state.is_finished(program, lane) {
        return Some(Blocked::Finished);
    }
    let own = &state.lanes[lane];
    if let Some(limit) = no_slot(program, state, lane) {
        return Some(Blocked::Full { limit });
    }
    line(program, state, lane).ops.iter().find_map(|op| match *op {
        Op::Acquire(place) => {
            let lock = instance(program, state, lane, place);
            state.locks[lock].map(|holder| Blocked::Lock { lock, place, holder })
        }
        Op::Receive(place) | Op::Gather(place) => {
            let mailbox = instance(program, state, lane, place);
            let empty = state.mailboxes[mailbox].is_empty();
            empty.then_some(Blocked::Empty { mailbox, place })
        }
        Op::Read(place) => {
            let pipe = instance(program, state, lane, place);
            state.pipes[pipe].is_empty().then_some(Blocked::NothingToRead { pipe, place })
        }
        Op::Await => own.inbox.is_none().then_some(Blocked::NoAnswer),
        _ => None,
    })
}

/// The limit that keeps a lane from beginning a function of the app now, if one does.
fn no_slot<C: Context>(program: &Program, state: &State<C>, lane: LaneId) -> Option<usize> {
    if program.is_daemon(lane) || state.is_inside(program, lane) {
        return None;
    }
    let function = state.function_of(program, lane);
    let counts = |other: &LaneId| match program.setting.slots {
        Slots::Shared => true,
        Slots::PerFunction => state.function_of(program, *other) == function,
    };
    let full = program.setting.limit.filter(|&limit| {
        let inside = state.inside(program).filter(counts);
        inside.count() >= limit
    });
    let workers = program.setting.workers.filter(|&workers| {
        program.setting.grain != Grain::Await && state.inside(program).count() >= workers
    });
    full.or(workers)
}

/// Lets every daemon work until all of them wait. Returns whether any of them moved.
fn run_daemons<C: Context>(program: &Program, moved: &mut Moved<C>) -> bool {
    let mut any = false;
    loop {
        let ready = (program.clients()..program.lanes.len())
            .filter(|&lane| program.cancels(lane).is_none())
            .find(|&lane| blocked(program, &moved.state, lane).is_none());
        let Some(lane) = ready else { return any };
        run_line(program, moved, lane);
        any = true;
    }
}

/// What a lane looked at when it found that it cannot move.
fn seen(reason: Blocked, lane: LaneId) -> Shared {
    match reason {
        Blocked::Lock { lock, .. } => Shared::Lock(lock),
        Blocked::Empty { mailbox, .. } => Shared::Mailbox(mailbox),
        Blocked::NoAnswer => Shared::ReplyBox(lane),
        Blocked::NothingToRead { pipe, .. } => Shared::Pipe(pipe),
        Blocked::Full { .. } | Blocked::Finished | Blocked::PartOfTurns => Shared::Slots,
        Blocked::Frozen { .. } | Blocked::NothingToCancel => Shared::Loop,
    }
}

/// The instance of a place that a lane means at this moment.
fn instance<C: Context>(
    program: &Program,
    state: &State<C>,
    lane: LaneId,
    place: PlaceId,
) -> usize {
    let mut asker = state.asker(program, lane);
    if !program.is_daemon(lane) && state.lanes[lane].turn.is_none() {
        // What a lane waits for before it begins is in the replica that would serve it.
        asker.replica = replica(program, state, asker.session);
    }
    program.instance(place, &asker)
}

/// Runs the next line of a lane that is not blocked.
fn run_line<C: Context>(program: &Program, moved: &mut Moved<C>, lane: LaneId) {
    begin(program, moved, lane);
    let Moved { state, reply, touched } = moved;
    let routine = program.routine(lane);
    let ops = &routine.lines[state.lanes[lane].line].ops;
    let mut next = state.lanes[lane].line + 1;
    for op in ops {
        touched.extend(touch(program, state, lane, *op));
        match *op {
            Op::UnlessFound { skip } if state.lanes[lane].found => next = skip,
            Op::UnlessKnown { skip } if state.lanes[lane].id != Id::Unset => next = skip,
            Op::Swap { place, retry } if !swap(program, state, lane, place) => next = retry,
            Op::Next { first } if next_of_batch(program, state, lane) => next = first,
            Op::Reply => {
                *reply = show_reply(state, lane);
                next = routine.lines.len();
            }
            _ => run_op(program, state, lane, *op),
        }
    }
    match next == routine.lines.len() {
        true => end_turn(program, state, lane),
        false => state.lanes[lane].line = next,
    }
    if !state.is_inside(program, lane) {
        touched.extend(slots_touched(program, lane));
    }
}

/// Lets a lane that stands before a function of the app enter it.
fn begin<C: Context>(program: &Program, moved: &mut Moved<C>, lane: LaneId) {
    let Moved { state, touched, .. } = moved;
    if program.is_daemon(lane) || state.is_inside(program, lane) {
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
fn slots_touched(program: &Program, lane: LaneId) -> Option<Touch> {
    let noticed = program.limit_can_block() || program.tracks_workers();
    (noticed && !program.is_daemon(lane)).then_some(Touch::change(Shared::Slots))
}

/// The thread that runs the next request. Threads take turns; one that is busy is left out.
fn worker<C: Context>(program: &Program, state: &State<C>) -> u8 {
    if !program.tracks_workers() {
        return 0;
    }
    let busy = state.inside(program).fold(0_u64, |all, lane| all | 1 << state.lanes[lane].worker);
    let (all, begun) = (program.workers(), begun(program, state));
    let mut workers = (0..all).map(|next| (begun + next) % all);
    workers.find(|worker| busy & 1 << worker == 0).unwrap_or(0) as u8
}

/// How many requests have begun until now.
fn begun<C: Context>(program: &Program, state: &State<C>) -> usize {
    let clients = state.lanes[..program.clients()].iter();
    clients.map(|own| own.turns_done + usize::from(own.turn.is_some())).sum()
}

/// The replica that serves the next request.
fn replica<C: Context>(program: &Program, state: &State<C>, session: SessionId) -> u8 {
    match program.takes_turns() {
        false => program.replica_of(session),
        true => (begun(program, state) % program.replicas()) as u8,
    }
}

/// What a move is about to touch that other lanes can notice.
fn touch<C: Context>(program: &Program, state: &State<C>, lane: LaneId, op: Op) -> Option<Touch> {
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
        | Op::Mint
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

fn begin_turn<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId) {
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

fn end_turn<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId) {
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

fn show_reply<C: Context>(state: &mut State<C>, lane: LaneId) -> Option<Reply<C>> {
    let own = &state.lanes[lane];
    let (turn, answer) = (own.turn?, own.answer.clone()?);
    state.answered |= 1 << turn;
    if C::KEEPS_REPLIES {
        state.replies[turn] = Some(answer.basis.clone());
    }
    Some(Reply { turn, answer, earlier: own.earlier })
}

fn run_op<C: Context>(program: &Program, state: &mut State<C>, lane: LaneId, op: Op) {
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
        Op::Mint => own.id = turn.map_or(Id::Unset, |turn| Id::Number(turn as u8 + 1)),
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
            Id::Unset | Id::Session(_) => Id::Number(program.number_max().min(1)),
        },
    }
}
