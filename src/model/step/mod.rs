//! The only meaning of a step.

mod moves;
#[cfg(test)]
mod tests;
mod turns;

use moves::{run_line, run_op, touch};
use turns::{begin, end_turn, leave, replica};

use super::code::{Line, LineKind};
use super::context::{Answer, Context};
use super::op::Op;
use super::program::{Grain, Program};
use super::server::Slots;
use super::state::State;
use super::touch::{Shared, Touch};
use super::{LaneId, PlaceId, TurnId};

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
    /// At grains `turn` and `chain`, a daemon moves as part of the requests that it serves.
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
    if grain.is_serial() && program.is_daemon(lane) {
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
            if grain.is_serial() && waits && run_daemons(program, moved) {
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
        let ran = line(program, &moved.state, lane);
        run_line(program, moved, lane);
        lines_run += 1;
        accessed |= ran.is_access();
        let function_over = !moved.state.is_inside(program, lane);
        if function_over && grain.is_serial() {
            // What was sent without waiting is worked off before the next request.
            run_daemons(program, moved);
        }
        let step_over = match function_over {
            true => grain != Grain::Chain || moved.state.lanes[lane].turn.is_none(),
            false => is_over(program, &moved.state, lane, (ran, accessed, lines_run)),
        };
        if step_over {
            return Ok(());
        }
    }
}

/// Whether a step ends behind the line that a lane ran last, inside of a turn.
fn is_over<C: Context>(
    program: &Program,
    state: &State<C>,
    lane: LaneId,
    (ran, accessed, lines_run): (&Line, bool, usize),
) -> bool {
    let next = line(program, state, lane);
    // Whoever can be cancelled stands where it waits.
    let cancelled = program.cancels_turn(lane, state.lanes[lane].turn);
    let waits = ran.lets_go() && cancelled;
    match program.setting.grain {
        Grain::Line => {
            let resumes = next.kind == LineKind::Resumes;
            let is_nothing = ran.kind == LineKind::Resumes && ran.ops.is_empty();
            waits || !resumes && (lines_run > 1 || !is_nothing)
        }
        Grain::Access => waits || accessed && next.is_access(),
        Grain::Await => ran.lets_go() || cancelled && next.asks_others(),
        Grain::Turn | Grain::Chain => false,
    }
}

/// Whether a lane that is blocked for this reason lets nobody else go on: it waits on the one
/// event loop, in a way that does not give it back.
fn freezes(program: &Program, reason: Blocked) -> bool {
    match reason {
        Blocked::Lock { place, .. } => {
            program.setting.grain == Grain::Await && !program.code.places[place].is_async
        }
        Blocked::Finished
        | Blocked::Full { .. }
        | Blocked::Empty { .. }
        | Blocked::NoAnswer
        | Blocked::NothingToRead { .. }
        | Blocked::Frozen { .. }
        | Blocked::NothingToCancel
        | Blocked::PartOfTurns => false,
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
    let line = waits.then(|| line(program, state, lane));
    if line.is_some_and(Line::waits_for_lock) {
        let held = blocked(program, state, lane);
        let Some(Blocked::Lock { lock, .. }) = held else { return Err(Blocked::NothingToCancel) };
        moved.touched.push(Touch::read(Shared::Lock(lock)));
    }
    let ops = line.and_then(|line| line.cancelled.as_ref()).ok_or(Blocked::NothingToCancel)?;
    for op in ops {
        moved.touched.extend(touch(program, state, lane, *op));
        run_op(program, state, lane, *op);
    }
    if moved.state.holds_slot(program, lane) {
        leave(program, moved, lane);
    }
    end_turn(program, &mut moved.state, lane);
    moved.state.lanes[fault].turns_done = 1;
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
    let full = || no_slot(program, state, lane).map(|limit| Blocked::Full { limit });
    if !program.is_daemon(lane)
        && !state.is_inside(program, lane)
        && let Some(full) = full()
    {
        return Some(full);
    }
    line(program, state, lane).ops.iter().find_map(|op| match *op {
        Op::Acquire(place) => {
            let lock = instance_ahead(program, state, lane, place);
            state.locks[lock].map(|holder| Blocked::Lock { lock, place, holder })
        }
        Op::Receive(place) | Op::Gather(place) => {
            let mailbox = instance_ahead(program, state, lane, place);
            let empty = state.mailboxes[mailbox].is_empty();
            let full = || full().filter(|_| matches!(op, Op::Gather(_)));
            empty.then_some(Blocked::Empty { mailbox, place }).or_else(full)
        }
        Op::Read(place) => {
            let pipe = instance_ahead(program, state, lane, place);
            state.pipes[pipe].is_empty().then_some(Blocked::NothingToRead { pipe, place })
        }
        Op::Await => own.inbox.is_none().then_some(Blocked::NoAnswer),
        Op::Load(_)
        | Op::Store(_)
        | Op::Append(..)
        | Op::Release(_)
        | Op::Send(_)
        | Op::Next { .. }
        | Op::Answer
        | Op::Lookup(_)
        | Op::Save(_)
        | Op::Swap { .. }
        | Op::Put(..)
        | Op::Take(_)
        | Op::Write(_)
        | Op::Drop(_)
        | Op::Mint(_)
        | Op::Pause
        | Op::Then
        | Op::Settle(_)
        | Op::Note(_)
        | Op::Infer
        | Op::UnlessFound { .. }
        | Op::UnlessKnown { .. }
        | Op::Reply => None,
    })
}

/// The limit that keeps a lane from beginning a function of the app now, or a batch, if one does.
fn no_slot<C: Context>(program: &Program, state: &State<C>, lane: LaneId) -> Option<usize> {
    let function = state.function_of(program, lane);
    let counts = |other: &LaneId| match program.setting.slots {
        Slots::Shared => true,
        Slots::PerFunction => state.function_of(program, *other) == function,
    };
    let full = program.setting.limit.filter(|&limit| {
        let inside = state.inside(program).filter(counts);
        inside.count() >= limit
    });
    let workers = program
        .setting
        .workers
        .filter(|&workers| !program.on_loop && state.inside(program).count() >= workers);
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
    program.instance(place, &state.asker(program, lane))
}

/// The instance that a lane would mean with its next line: what it waits for before it begins a
/// request is in the replica that would serve it.
fn instance_ahead<C: Context>(
    program: &Program,
    state: &State<C>,
    lane: LaneId,
    place: PlaceId,
) -> usize {
    let mut asker = state.asker(program, lane);
    if !program.is_daemon(lane) && !state.is_inside(program, lane) {
        asker.replica = replica(program, state, asker.session);
    }
    program.instance(place, &asker)
}
