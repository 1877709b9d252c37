//! What Python did, held against what the marks say, move by move.

use super::Proof;
use super::answer::{Change, Moved, Play, Wrong};
use super::orders::{Labels, Look, Order, Probe, Reply, Step, at_stop};
use crate::model::PlaceId;
use crate::model::program::Program;
use crate::model::step::Blocked;

/// Something that Python does and the marks do not say, or the other way round.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The order that shows it.
    pub order: Order,
    /// The step that shows it, from 0; `None` if it is there before the first one.
    pub step: Option<usize>,
    /// What it is.
    pub what: What,
}

/// A kind of difference.
#[derive(Clone, Debug)]
pub enum What {
    /// A shared place holds something else.
    Place {
        /// Cells, locks, mailboxes or pipes, as in [`Look`].
        kind: usize,
        /// Its number.
        number: usize,
        /// What the marks say.
        expected: Labels,
        /// What is there.
        found: Labels,
    },
    /// The assistant was asked something else.
    Asked {
        /// What the marks say, if they say that it is asked.
        expected: Option<Labels>,
        /// What it was asked, call by call.
        found: Vec<Labels>,
    },
    /// The turn ends with something else.
    Reply {
        /// What the marks say, if they say that it ends.
        expected: Option<Box<Reply>>,
        /// What was replied.
        found: Option<Box<Reply>>,
    },
    /// Another line is next.
    Next {
        /// The position that the marks say.
        expected: Option<usize>,
        /// The position that was reached.
        found: Option<usize>,
    },
    /// The lane did not come to its next line.
    Wrong(Wrong),
    /// A lane goes on where the marks say that it waits.
    GoesOn(Probe),
    /// A lane waits as the marks say, but does with the event loop what they do not.
    Waits {
        /// The lane.
        probe: Probe,
        /// Whether it lets the event loop go on.
        gives_way: bool,
    },
    /// A lock is of another kind than its declaration says.
    Lock {
        /// Its number.
        number: usize,
        /// Whether who waits for it lets the event loop go on.
        gives_way: bool,
    },
}

/// Compares order after order, counts what is the same, and keeps the earliest difference.
pub(super) struct Comparison {
    /// How many orders were run.
    pub(super) ran: usize,
    /// How many of them show a difference.
    pub(super) differ: usize,
    proof: Proof,
    earliest: Option<((usize, usize), usize, Difference)>,
}

impl Comparison {
    pub(super) fn new(python: String) -> Comparison {
        let proof = Proof { python, ..Proof::default() };
        Comparison { ran: 0, differ: 0, proof, earliest: None }
    }

    pub(super) fn finish(self) -> (Proof, Option<(usize, Difference)>) {
        (self.proof, self.earliest.map(|(_, job, difference)| (job, difference)))
    }

    /// Compares one order of a job.
    pub(super) fn order(&mut self, job: usize, program: &Program, order: &Order, play: &Play) {
        self.ran += 1;
        let mut places = Places::new(&order.start);
        match self.walk(program, order, play, &mut places) {
            Ok(()) => self.count(program, order, &places),
            Err((step, what)) => self.keep(job, order, step, what),
        }
    }

    /// Goes along an order until something differs.
    fn walk(
        &mut self,
        program: &Program,
        order: &Order,
        play: &Play,
        places: &mut Places,
    ) -> Result<(), (Option<usize>, What)> {
        places.change(&play.start);
        places.compare(&order.start).map_err(|what| (None, what))?;
        locks(program, &play.start).map_err(|what| (None, what))?;
        for (index, (step, moved)) in order.steps.iter().zip(&play.moves).enumerate() {
            places.change(&moved.changed);
            compare(program, step, moved, places).map_err(|what| (Some(index), what))?;
            locks(program, &moved.changed).map_err(|what| (Some(index), what))?;
        }
        let Some(probe) = order.probe else { return Ok(()) };
        waits(program, probe, play).map_err(|what| (order.steps.len().checked_sub(1), what))?;
        self.proof.waits += usize::from(play.waits == Some(true));
        Ok(())
    }

    fn count(&mut self, program: &Program, order: &Order, places: &Places) {
        if order.probe.is_some() {
            return;
        }
        self.proof.orders += 1;
        self.proof.moves += order.steps.len();
        self.proof.replies += order.steps.iter().filter(|step| step.reply.is_some()).count();
        self.proof.cells += places.known[0].iter().flatten().count();
        for (kind, known) in places.known.iter().enumerate() {
            for (number, holds) in known.iter().enumerate() {
                if let (None, Some(place)) = (holds, place_of(program, kind, number)) {
                    self.proof.not_compared.insert(program.code.places[place].name.clone());
                }
            }
        }
    }

    fn keep(&mut self, job: usize, order: &Order, step: Option<usize>, what: What) {
        self.differ += 1;
        let steps = step.map_or(0, |step| step + 1);
        let lanes = order.steps[..steps].windows(2);
        let switches = lanes.filter(|pair| pair[0].lane != pair[1].lane).count();
        let cost = (steps, switches);
        if self.earliest.as_ref().is_none_or(|(earliest, ..)| cost < *earliest) {
            let difference = Difference { order: order.clone(), step, what };
            self.earliest = Some((cost, job, difference));
        }
    }
}

/// The declared place of an instance, by kind and number.
pub(super) fn place_of(program: &Program, kind: usize, number: usize) -> Option<PlaceId> {
    match kind {
        0 => program.cells().get(number).map(|(place, _)| *place),
        1 => program.locks().get(number).copied(),
        2 => program.mailboxes().get(number).copied(),
        _ => program.pipes().get(number).copied(),
    }
}

fn compare(program: &Program, step: &Step, moved: &Moved, places: &Places) -> Result<(), What> {
    if let Some(wrong) = &moved.wrong {
        return Err(What::Wrong(wrong.clone()));
    }
    places.compare(&step.after)?;
    if !step.asked.iter().eq(&moved.asked) {
        return Err(What::Asked { expected: step.asked.clone(), found: moved.asked.clone() });
    }
    if step.reply != moved.reply {
        let boxed = |reply: &Option<Reply>| reply.clone().map(Box::new);
        return Err(What::Reply { expected: boxed(&step.reply), found: boxed(&moved.reply) });
    }
    // A worker that ended its turn is at its first line, or about to be called again.
    let rests = |next: Option<usize>| next.is_none_or(|next| next == 0);
    let routine = program.routine(step.runs);
    let found = moved.at.and_then(|stop| at_stop(routine, stop, moved.waits));
    let same = step.next == found || step.is_daemon && rests(step.next) && rests(found);
    match same {
        true => Ok(()),
        false => Err(What::Next { expected: step.next, found }),
    }
}

/// Whether the locks that changed are of the kinds that are declared.
fn locks(program: &Program, changed: &[Change]) -> Result<(), What> {
    let locks = changed.iter().filter_map(|change| Some((change.number, change.gives_way?)));
    for (number, gives_way) in locks {
        let place = program.locks().get(number).copied();
        if place.is_some_and(|place| program.code.places[place].is_async != gives_way) {
            return Err(What::Lock { number, gives_way });
        }
    }
    Ok(())
}

/// Whether a lane waits, and lets the event loop go on, as the marks say.
fn waits(program: &Program, probe: Probe, play: &Play) -> Result<(), What> {
    let stops = |place: PlaceId| !program.code.places[place].is_async;
    let stops_all = matches!(probe.reason, Blocked::Lock { place, .. } if stops(place));
    match (play.waits, play.gives_way) {
        (Some(false), _) => Err(What::GoesOn(probe)),
        (Some(true), Some(gives_way)) if gives_way == stops_all => {
            Err(What::Waits { probe, gives_way })
        }
        _ => Ok(()),
    }
}

/// What Python's shared places hold; `None` where that cannot be looked at.
struct Places {
    known: [Vec<Option<Labels>>; 4],
}

impl Places {
    fn new(start: &Look) -> Places {
        Places { known: start.0.each_ref().map(|places| vec![None; places.len()]) }
    }

    fn change(&mut self, changes: &[Change]) {
        for change in changes {
            if let Some(known) = self.known[change.kind].get_mut(change.number) {
                known.clone_from(&change.holds);
            }
        }
    }

    fn compare(&self, look: &Look) -> Result<(), What> {
        for (kind, (known, expected)) in self.known.iter().zip(&look.0).enumerate() {
            for (number, (found, expected)) in known.iter().zip(expected).enumerate() {
                match found {
                    Some(found) if found != expected => {
                        let (expected, found) = (expected.clone(), found.clone());
                        return Err(What::Place { kind, number, expected, found });
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}
