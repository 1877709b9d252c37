//! The run: who goes on next, and when.

use super::{Timed, TurnTime};
use crate::model::LaneId;
use crate::model::context::Mask;
use crate::model::program::finer::{Finer, finer};
use crate::model::program::{Detail, Grain, Program};
use crate::model::server::Slots;
use crate::model::state::State;
use crate::model::step::{Blocked, Moved, step};

/// A run with more lines than this is not followed to its end: no program that is built from a
/// listing has so many.
const LINES_MAX: usize = 1 << 20;

/// How long the lanes of a program take.
pub(super) fn run(program: &Program) -> Timed {
    let loop_is_shared = program.setting.grain == Grain::Await;
    let program = by_lines(program);
    let mut clock = VirtualClock::new(&program, loop_is_shared);
    while clock.lines.len() < LINES_MAX && !clock.state.is_complete(&program) {
        let goes_on = match clock.next() {
            Next::Line(lane, moved) => {
                clock.went_on(lane, *moved);
                true
            }
            Next::Later => clock.wait(),
            Next::Never => false,
        };
        if !goes_on {
            break;
        }
    }
    let VirtualClock { turns, lines, .. } = clock;
    Timed { turns, lines, program }
}

/// The program, to be run line by line: its grain becomes what it means for a server.
fn by_lines(program: &Program) -> Program {
    let mut program = program.clone().with_detail(Detail::Nothing);
    match program.setting.grain {
        Grain::Access | Grain::Line => {}
        Grain::Await => program.setting.workers = None,
        Grain::Turn => {
            program.setting.limit = Some(1);
            program.setting.slots = Slots::Shared;
        }
    }
    program.setting.grain = Grain::Line;
    finer(&mut program.code.respond, Finer::Enters);
    let daemons = program.code.daemons.iter_mut();
    daemons.for_each(|daemon| finer(&mut daemon.routine, Finer::Halves));
    program
}

struct VirtualClock<'p> {
    program: &'p Program,
    state: State<Mask>,
    now_ms: u64,
    /// For each lane since when it could go on, and its place among those of the same moment.
    ready: Vec<(u64, usize)>,
    turns: Vec<TurnTime>,
    lines: Vec<(u64, LaneId)>,
    /// Whether all lanes run on one event loop.
    loop_is_shared: bool,
    /// The lane that has the event loop.
    owner: Option<LaneId>,
}

/// What happens next.
enum Next {
    /// A lane runs its next line.
    Line(LaneId, Box<Moved<Mask>>),
    /// Nobody can go on now.
    Later,
    /// A lane keeps the event loop and waits for ever.
    Never,
}

impl<'p> VirtualClock<'p> {
    fn new(program: &'p Program, loop_is_shared: bool) -> VirtualClock<'p> {
        let mut clock = VirtualClock {
            program,
            state: State::first(program),
            now_ms: 0,
            ready: (0..program.lanes.len()).map(|lane| (0, lane)).collect(),
            turns: vec![TurnTime::default(); program.cast.turns.len()],
            lines: Vec::new(),
            loop_is_shared,
            owner: None,
        };
        (0..program.clients()).for_each(|lane| clock.send(lane));
        clock
    }

    /// The lane that goes on: of those that can, the one that could first.
    fn next(&self) -> Next {
        let mut lanes: Vec<LaneId> = (0..self.program.lanes.len())
            .filter(|&lane| {
                self.program.cancels(lane).is_none() && self.ready[lane].0 <= self.now_ms
            })
            .collect();
        // Whoever has the event loop keeps it.
        lanes.sort_by_key(|&lane| (self.owner != Some(lane), self.ready[lane]));
        for lane in lanes {
            match step(self.program, &self.state, lane) {
                Ok(moved) => return Next::Line(lane, Box::new(moved)),
                Err(Blocked::Lock { place, .. }) if self.freezes(place) => return Next::Never,
                Err(_) => {}
            }
        }
        Next::Later
    }

    /// Whether a lane that waits for this lock keeps the event loop.
    fn freezes(&self, lock: usize) -> bool {
        self.loop_is_shared && !self.program.code.places[lock].is_async
    }

    /// Takes in what a lane's line did.
    fn went_on(&mut self, lane: LaneId, moved: Moved<Mask>) {
        let line = self.program.routine(lane).lines.get(self.state.lanes[lane].line);
        let thinks = line.is_some_and(|line| line.infers());
        let waits = line.is_some_and(|line| line.lets_go());
        let turn = self.state.turn_of(self.program, lane);
        self.lines.push((self.now_ms, lane));
        self.state = moved.state;
        let thinking_ms = if thinks { self.program.cast.infer_ms } else { 0 };
        // Behind everybody who can go on at that moment already.
        self.ready[lane] = (self.now_ms + thinking_ms, self.program.lanes.len() + self.lines.len());
        let inside = self.state.is_inside(self.program, lane);
        self.owner = (self.loop_is_shared && inside && !waits).then_some(lane);
        let ended = !self.program.is_daemon(lane) && self.state.lanes[lane].turn.is_none();
        if let (true, Some(turn)) = (ended, turn) {
            if moved.reply.is_some() {
                self.turns[turn].replied_ms = Some(self.now_ms);
            }
            self.send(lane);
        }
    }

    /// Sends a lane's next request, as soon as its time has come.
    fn send(&mut self, lane: LaneId) {
        let Some(turn) = self.state.turn_of(self.program, lane) else { return };
        let sent_ms = self.now_ms.max(self.program.cast.turns[turn].at_ms);
        self.turns[turn].sent_ms = Some(sent_ms);
        self.ready[lane].0 = sent_ms;
    }

    /// Lets time pass until another lane could go on. `false` if there is none.
    fn wait(&mut self) -> bool {
        let later = self.ready.iter().map(|(ready_ms, _)| *ready_ms);
        let next = later.filter(|&ready_ms| ready_ms > self.now_ms).min();
        self.now_ms = next.unwrap_or(self.now_ms);
        next.is_some()
    }
}
