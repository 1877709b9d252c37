//! Orders to run, and what each move of them should do.

use crate::anomalies::{ANOMALIES, Judges};
use crate::explore::engine::{Ask, explore};
use crate::explore::walk::Limits;
use crate::model::code::{LineKind, Routine};
use crate::model::op::{Op, Part};
use crate::model::program::Program;
use crate::model::schedule::Moves;
use crate::model::step::Blocked;
use crate::model::{LaneId, TurnId};
use crate::replay::driver::{AsDrawn, AsTyped, Driver, FirstLane};
use crate::replay::machine::Machine;
use crate::replay::record::{Message, Said, Value};
use std::collections::BTreeSet;

/// The most states that are walked to find witnesses. What is found within them is a witness too.
const WITNESS_STATES_MAX: usize = 20_000;
/// The most moves of one order; a listing that swaps may need many.
const MOVES_MAX: usize = 20_000;

/// Messages by their labels: `0q` is the question of turn 0, `0a` its answer. A small value, and
/// whether a lock is held, are written as one word.
pub type Labels = Vec<String>;

/// One order, and what should happen in it.
#[derive(Clone, Debug)]
pub struct Order {
    /// What is in the shared places at first.
    pub start: Look,
    /// The moves.
    pub steps: Vec<Step>,
    /// A lane that must wait after them.
    pub probe: Option<Probe>,
}

/// What the shared places hold: cells, locks, mailboxes and pipes, each by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look(pub [Vec<Labels>; 4]);

/// What of the server runs a line.
#[derive(Clone, Copy, Debug)]
pub struct RunsOn {
    /// The thread, from 0.
    pub worker: usize,
    /// The replica, from 0.
    pub replica: usize,
}

/// One move at grain `line`, and what it should do.
#[derive(Clone, Debug)]
pub struct Step {
    /// The lane that moves.
    pub lane: LaneId,
    /// The lane whose line it is: of a client that cancels, the one that waits there.
    pub runs: LaneId,
    /// Whether it is a worker's.
    pub is_daemon: bool,
    /// The line of its routine that it runs, or waits at.
    pub position: usize,
    /// The turn that it works for.
    pub turn: Option<TurnId>,
    /// What of the server runs it, if a request begins, or its next function.
    pub begins: Option<RunsOn>,
    /// Whether it ends in the middle of a line, where the lane waits.
    pub pauses: bool,
    /// What the id that it draws is called, if it draws one.
    pub draws: Option<String>,
    /// What the shared places hold afterwards.
    pub after: Look,
    /// What the assistant is asked, if it is.
    pub asked: Option<Labels>,
    /// The reply, if the turn ends.
    pub reply: Option<Reply>,
    /// The line of its routine that the lane runs next; `None` between turns.
    pub next: Option<usize>,
    /// The lane's own history afterwards.
    pub history: Labels,
    /// The cell that it reads into a variable, if that holds a small value or a cached answer.
    pub reads: Option<usize>,
    /// What it reads there, or draws.
    pub read: Option<Labels>,
}

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its words.
    pub text: String,
    /// Whose answer it is.
    pub label: String,
    /// What it was computed from.
    pub context: Labels,
}

/// A lane that cannot move.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    /// The lane.
    pub lane: LaneId,
    /// The line of its routine that it cannot run.
    pub position: usize,
    /// What of the server would run it, if a request would begin.
    pub begins: Option<RunsOn>,
    /// Why not.
    pub reason: Blocked,
}

impl Order {
    /// The lanes that move.
    pub fn moves(&self) -> Moves {
        self.steps.iter().map(|step| step.lane).collect()
    }

    /// The same order, cut after so many moves; a probe behind them is kept.
    pub fn until(&self, steps: usize) -> Order {
        let probe = self.probe.filter(|_| steps >= self.steps.len());
        let steps = self.steps.iter().take(steps).cloned().collect();
        Order { start: self.start.clone(), steps, probe }
    }
}

/// The witnesses, one order in lane order, so many random ones, and a probe of every line at
/// which some lane had to wait in any of them.
pub(super) fn orders(program: &Program, runs: usize, seed: u64) -> Vec<Order> {
    let mut player = Player { program, probed: BTreeSet::new(), probes: Vec::new() };
    let mut orders = Vec::new();
    for moves in witnesses(program) {
        orders.push(player.play(&mut AsTyped::new(moves)));
    }
    orders.push(player.play(&mut FirstLane));
    for run in 0..runs {
        let seed = seed.wrapping_add((run as u64) << 32);
        // Some orders stay with a lane for longer than others.
        let stays = [0, 2, 6][run % 3];
        orders.push(player.play(&mut AsDrawn::new(seed, stays)));
    }
    orders.extend(player.probes);
    orders
}

/// The simplest orders that show something wrong, as far as they are quickly found.
fn witnesses(program: &Program) -> BTreeSet<Moves> {
    let judges = Judges { anomalies: ANOMALIES.to_vec() };
    let program = program.clone().with_detail(judges.detail());
    let limits = Limits { states_max: WITNESS_STATES_MAX, ..Limits::default() };
    let explored = explore(&program, &Ask::new(&judges, limits));
    explored.found.into_iter().map(|found| found.witness.moves).collect()
}

struct Player<'p> {
    program: &'p Program,
    /// The lines that have a probe: routine and position.
    probed: BTreeSet<(bool, usize, usize)>,
    probes: Vec<Order>,
}

impl Player<'_> {
    /// Plays an order to its end.
    fn play(&mut self, driver: &mut dyn Driver) -> Order {
        let mut machine = Machine::new(self.program);
        let mut order = Order { start: look(&machine), steps: Vec::new(), probe: None };
        while !machine.is_complete() && order.steps.len() < MOVES_MAX {
            let lanes = 0..self.program.lanes.len();
            let blocked: Vec<Option<Blocked>> =
                lanes.clone().map(|lane| machine.why_blocked(lane)).collect();
            self.probe(&machine, &order, &blocked);
            let movable: Vec<LaneId> = match self.program.cast.cancels.is_empty() {
                true => lanes.filter(|&lane| blocked[lane].is_none()).collect(),
                // Who cancels has no line that could be blocked, and a wait ends with the next line.
                false => machine.movable(),
            };
            if movable.is_empty() {
                break;
            }
            let lane = driver.choose(&movable, order.steps.last().map(|step| step.lane));
            match step(self.program, &mut machine, lane) {
                Some(step) => order.steps.push(step),
                None => break,
            }
        }
        order
    }

    /// Keeps this moment as an order of its own for each line that no probe has been kept for.
    fn probe(&mut self, machine: &Machine, order: &Order, blocked: &[Option<Blocked>]) {
        for (lane, reason) in blocked.iter().enumerate() {
            let Some(reason) = *reason else { continue };
            let waits = match reason {
                Blocked::Lock { .. }
                | Blocked::Empty { .. }
                | Blocked::NothingToRead { .. }
                | Blocked::NoAnswer => true,
                // What the server or the schedule keeps back does not wait in the listing's code.
                Blocked::Finished
                | Blocked::Full { .. }
                | Blocked::Frozen { .. }
                | Blocked::NothingToCancel
                | Blocked::PartOfTurns => false,
            };
            let position = machine.position(lane);
            let daemon = self.program.is_daemon(lane);
            let routine = self.program.routine(lane).lines.first().map_or(0, |line| line.number);
            if waits && self.probed.insert((daemon, routine, position)) {
                let probe = Some(Probe { lane, position, begins: begins(machine, lane), reason });
                self.probes.push(Order { probe, ..order.clone() });
            }
        }
    }
}

fn step(program: &Program, machine: &mut Machine, lane: LaneId) -> Option<Step> {
    let runs = program.cancels(lane).map_or(lane, |turn| program.cast.turns[turn].lane);
    let cancels = runs != lane;
    let position = position(machine, runs, cancels);
    let before = machine.next_turn(runs);
    let replies = machine.replies().len();
    let begins = begins(machine, runs);
    let mut ops = if cancels { Vec::new() } else { ops(program.routine(lane), position) };
    let reads = ops.iter().find_map(|op| match *op {
        Op::Take(place) | Op::Settle(place) | Op::Lookup(place) => {
            Some(machine.instance(lane, place))
        }
        _ => None,
    });
    machine.step(lane).ok()?;
    let after = look(machine);
    let lines = &program.routine(runs).lines;
    let pauses =
        lines.get(machine.position(runs)).is_some_and(|line| line.kind == LineKind::Resumes);
    if pauses {
        ops.truncate(lines[position].ops.len());
    }
    let said = machine.replies()[replies..].first().map(|shown| shown.said.clone());
    let answer = said.as_ref().or(machine.answer(runs)).filter(|_| ops.contains(&Op::Infer));
    let turn = before.or(machine.next_turn(runs));
    let draws = turn.and_then(|turn| ops.iter().find_map(|&op| drawn(program, op, turn)));
    // Between two functions of the app a lane is in no function, but Python stands at the first
    // line of the next one.
    let in_turn = machine.turn(runs).is_some();
    Some(Step {
        lane,
        runs,
        is_daemon: program.is_daemon(runs),
        position,
        turn,
        begins,
        pauses,
        reads,
        read: reads.map(|cell| after.0[0][cell].clone()).or(draws.clone().map(|id| vec![id])),
        draws,
        after,
        asked: answer.map(|said| labels(&said.context)),
        reply: said.map(reply),
        next: in_turn.then(|| machine.position(runs)),
        history: labels(machine.history(runs)),
    })
}

impl Step {
    /// Whether it is a client that cancels, and no line runs.
    pub fn cancels(&self) -> bool {
        self.runs != self.lane
    }
}

/// The line that a lane runs next, or that it waits at. A wait that ends with nothing else to do is
/// over with the next line.
fn position(machine: &Machine, lane: LaneId, cancels: bool) -> usize {
    let position = machine.position(lane);
    let line = &machine.program().routine(lane).lines[position];
    position + usize::from(line.kind == LineKind::Resumes && line.ops.is_empty() && !cancels)
}

/// What a line does, and what it does behind a wait in its middle.
fn ops(routine: &Routine, position: usize) -> Vec<Op> {
    let rest = routine.lines[position + 1..].iter();
    let rest = rest.take_while(|line| line.kind == LineKind::Resumes);
    let lines = std::iter::once(&routine.lines[position]).chain(rest);
    lines.flat_map(|line| &line.ops).copied().collect()
}

/// The number of the line of the file that this is one of, among those of its routine: a stop.
pub(super) fn stop(routine: &Routine, position: usize) -> usize {
    let lines = routine.lines[..=position].iter();
    lines.filter(|line| line.kind != LineKind::Resumes).count() - 1
}

/// The other way round: where a lane is that stands at a stop, or waits in the middle of it.
pub(super) fn at_stop(routine: &Routine, stop: usize, waits: bool) -> Option<usize> {
    let lines = routine.lines.iter().enumerate();
    let mut stops = lines.filter(|(_, line)| line.kind != LineKind::Resumes);
    stops.nth(stop).map(|(position, _)| position + usize::from(waits))
}

/// What of the server runs a lane that is about to enter a function of the app.
fn begins(machine: &Machine, lane: LaneId) -> Option<RunsOn> {
    let (worker, replica) = machine.runs_on(lane);
    let enters = !machine.program().is_daemon(lane) && !machine.is_inside(lane);
    enters.then_some(RunsOn { worker, replica })
}

/// What the id is called that a move draws in a turn.
fn drawn(program: &Program, op: Op, turn: TurnId) -> Option<String> {
    match op {
        Op::Mint(mint) => Some(program.id_name(program.drawn(turn, mint))),
        _ => None,
    }
}

fn reply(said: Said) -> Reply {
    Reply {
        label: format!("{}a", said.turn),
        context: labels(&said.context),
        text: said.text.to_string(),
    }
}

fn look(machine: &Machine) -> Look {
    let program = machine.program();
    let cells = machine.cells().iter().map(|value| match value {
        Value::Messages(messages) => labels(messages),
        Value::Answer(said) => said.iter().map(|said| format!("{}a", said.turn)).collect(),
        Value::Small(id) => vec![program.id_name(*id)],
    });
    let locks = machine.locks().iter().map(|holder| holder.iter().map(|_| "held".into()).collect());
    let mailboxes = machine.mailboxes().iter();
    let mailboxes = mailboxes.map(|turns| turns.iter().map(|turn| format!("{turn}q")).collect());
    let pipes = machine.pipes().iter();
    let pipes = pipes.map(|pipe| pipe.iter().map(|said| format!("{}a", said.turn)).collect());
    Look([cells.collect(), locks.collect(), mailboxes.collect(), pipes.collect()])
}

fn labels(messages: &[Message]) -> Labels {
    let label = |message: &Message| match message.part {
        Part::Question => format!("{}q", message.turn),
        Part::Answer => format!("{}a", message.turn),
    };
    messages.iter().map(label).collect()
}
