//! Every execution of a twin under loom, and what the explorer expects of them.

use crate::common::{LIMITS, explored, with};
use crate::platform::Loom;
use interleak::anomalies::ANOMALIES;
use interleak::explore::NoJudge;
use interleak::explore::key::{Key, replies};
use interleak::explore::plain::Plain;
use interleak::explore::walk::{Wanted, walk};
use interleak::model::LaneId;
use interleak::model::context::Messages;
use interleak::model::op::Part;
use interleak::model::program::Program;
use interleak::platform::Arc;
use interleak::replay::record::Record;
use interleak::twins::Twin;
use interleak::twins::drift::Drift;
use interleak::twins::play::Play;
use interleak::twins::stage::{Stage, Thinks};
use num_bigint::BigUint;
use num_traits::Zero;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

/// What all executions showed together.
#[derive(Clone, Default)]
pub struct Found {
    pub executions: usize,
    /// Their orders of accesses, each once.
    pub orders: BTreeSet<Vec<LaneId>>,
    pub outcomes: BTreeSet<Key>,
    /// Anomalies that some execution showed, in the order of the registry.
    pub seen: Vec<&'static str>,
    /// Anomalies that every execution showed.
    pub always: Vec<&'static str>,
    /// The first execution that is no path of the program.
    pub drift: Option<Drift>,
    pub deadlock: bool,
}

/// Explores every execution of a twin, without any bound.
pub fn explore(
    program: &Program,
    open: impl Fn(Stage<Loom>) -> Box<dyn Twin<Loom>> + Send + Sync + 'static,
) -> Found {
    refuse_environment();
    let found = Arc::new(Mutex::new(Found::default()));
    let model = {
        let (program, found) = (program.clone(), Arc::clone(&found));
        move || {
            let nothing: Thinks = Arc::new(|_| ());
            let hesitates = Arc::clone(&nothing);
            let play = Play { program: &program, thinks: nothing, hesitates };
            let drift = play.once(&open).map(|record| learn(&program, &record, &found));
            let mut found = found.lock().unwrap();
            found.executions += 1;
            if let Err(drift) = drift {
                found.drift.get_or_insert(drift);
            }
        }
    };
    let ended = catch_unwind(AssertUnwindSafe(|| builder().check(model)));
    let mut found = found.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
    if let Err(panic) = ended {
        let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
        let message = panic.downcast_ref::<&str>().map_or(message, |message| (*message).to_owned());
        assert!(message.contains("deadlock"), "loom stopped: {message}");
        found.deadlock = true;
    }
    found
}

/// Every bound is set here, and to nothing: what loom does not explore it must not skip silently.
fn builder() -> loom::model::Builder {
    let mut builder = loom::model::Builder::new();
    builder.max_threads = crate::THREADS_MAX;
    builder.max_branches = 100_000;
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.preemption_bound = None;
    builder.checkpoint_file = None;
    builder.location = false;
    builder.log = false;
    builder
}

/// Loom takes bounds from the environment too, and a bounded run passes silently.
fn refuse_environment() {
    let bounds =
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LOOM_"));
    let bounds: Vec<_> = bounds.map(|(name, _)| name).collect();
    assert!(bounds.is_empty(), "unset {bounds:?}: they weaken these tests silently");
}

/// Takes in what an execution showed. Many executions have the same order of accesses, and what that
/// shows is judged once.
fn learn(program: &Program, record: &Record, found: &Mutex<Found>) {
    let order = record.steps.iter().map(|step| step.lane).collect();
    if !found.lock().unwrap().orders.insert(order) {
        return;
    }
    let showed = |id: &&'static str| {
        let anomaly = interleak::anomalies::named(id).unwrap();
        !(anomaly.find)(program, record).is_empty()
    };
    let showed: Vec<&'static str> =
        interleak::anomalies::names().into_iter().filter(showed).collect();
    let mut found = found.lock().unwrap();
    if found.outcomes.is_empty() {
        found.always.clone_from(&showed);
    }
    found.always.retain(|id| showed.contains(id));
    let names = interleak::anomalies::names();
    found.seen =
        names.into_iter().filter(|id| found.seen.contains(id) || showed.contains(id)).collect();
    found.outcomes.insert(replies(program, &shown(program, record)));
}

fn shown(program: &Program, record: &Record) -> Vec<Option<Messages>> {
    let mut replies = vec![None; program.cast.turns.len()];
    for reply in &record.replies {
        let context = reply.said.context.iter();
        let bytes = context.map(|it| ((it.turn as u8) << 1) | u8::from(it.part == Part::Answer));
        replies[reply.turn] = Some(Messages(bytes.collect()));
    }
    replies
}

/// What the explorer says about the same program.
pub struct Expected {
    pub outcomes: BTreeSet<Key>,
    pub sometimes: Vec<&'static str>,
    pub always: Vec<&'static str>,
}

impl Expected {
    pub fn of(program: &Program) -> Expected {
        let space = Plain::<Messages>::new(program, &NoJudge);
        let outcomes = walk(&space, &Wanted::within(LIMITS));
        let explored = explored(program);
        assert!(outcomes.graph.stopped.is_none() && explored.stopped.is_none());
        let named = |holds: &dyn Fn(&BigUint) -> bool| {
            let bits = (0..ANOMALIES.len()).filter(|&bit| holds(&with(&explored, bit).orders));
            bits.map(|bit| ANOMALIES[bit].id).collect()
        };
        Expected {
            outcomes: outcomes.outcomes,
            sometimes: named(&|orders| !orders.is_zero()),
            always: named(&|orders| *orders == explored.orders),
        }
    }
}
