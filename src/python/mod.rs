//! The shown Python, run for real: does a listing do what its marks say?
//!
//! ```text
//! program ──► orders ──► document ──► CPython (runner.py) ──► answer ─┐
//!               │                                                                  ├─► compare ──► told
//!               └── what each move should do, from the plain machine ──────────────┘
//! ```
//!
//! CPython runs the listing on real threads, each held at its marked lines until its next move is
//! due. After every move all shared places are compared, and what the assistant was asked, what
//! was replied, and which line comes next. So a mark that lies is found at the first line that
//! does something else.

mod answer;
mod blame;
mod compare;
mod document;
pub mod facts;
pub mod limits;
mod misread;
mod orders;
mod process;
mod run;
mod told;

pub use answer::{Refusal, Wrong};
pub use compare::{Difference, What};
pub use facts::Told;
pub use orders::{Labels, Look, Order, Probe, Reply, RunsOn, Step};
pub use process::Python;

use crate::listing::Listing;
use crate::model::cast::Cast;
use crate::model::code::{Code, Key};
use crate::model::program::{self, Grain, Program, Setting};
use crate::problem::Problem;
use crate::words::Phrase;
use compare::Comparison;
use limits::{Limits, Stopped};
use run::{NoAnswer, Run};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

/// A listing that is to be run.
pub struct Subject<'a> {
    /// As it was named.
    pub name: &'a str,
    /// The folder of its file, from where it imports.
    pub folder: Option<&'a Path>,
    /// What it is.
    pub listing: &'a Listing,
}

/// A listing played by the cast of one scenario, in some orders.
pub struct Job {
    /// The program, at grain `line`.
    pub program: Program,
    /// The orders.
    pub orders: Vec<Order>,
    /// What of the scenario is not in them.
    pub left_out: Vec<LeftOut>,
}

/// Something of a scenario that one process of Python does not play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// Several copies of the server, of which each has its own places under the same names.
    Replicas,
}

impl LeftOut {
    /// Everything that can be left out.
    pub const ALL: [LeftOut; 1] = [LeftOut::Replicas];
}

/// What was compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// The version of Python.
    pub python: String,
    /// Orders that were run to their end.
    pub orders: usize,
    /// Moves in them.
    pub moves: usize,
    /// Replies that are the same, word by word and in what they were computed from.
    pub replies: usize,
    /// Cells that are the same at the end of an order, element by element.
    pub cells: usize,
    /// Moments at which a lane had to wait, and did.
    pub waits: usize,
    /// Declared places that could not be looked at.
    pub not_compared: BTreeSet<String>,
}

/// What came of it.
pub struct Verified {
    /// What is the same.
    pub proof: Proof,
    /// How many orders were run.
    pub ran: usize,
    /// How many of them show a difference.
    pub differ: usize,
    /// The earliest difference, if there is one, and the job that it is in.
    pub difference: Option<(usize, Difference, Told)>,
    /// What stopped Python before all orders were run.
    pub stopped: Option<Stopped>,
}

impl Job {
    /// Some orders of a listing and a cast, at grain `line`: the witnesses of everything that goes
    /// wrong, and so many more, drawn at random from this seed. Fails as [`Program::new`] does.
    pub fn new(
        cast: Cast,
        code: Code,
        setting: Setting,
        runs: usize,
        seed: u64,
    ) -> Result<Job, Phrase> {
        let mut setting = Setting { grain: Grain::Line, ..setting };
        let mut left_out = Vec::new();
        // A listing with the key `replica` keeps all copies in one process, and so does a store
        // outside of them.
        let one_process =
            code.is_keyed_by(Key::Replica) || code.places.iter().all(|place| place.is_external);
        if !one_process && program::build::replicas(&code, setting) > 1 {
            left_out.push(LeftOut::Replicas);
            setting.replicas = Some(1);
        }
        let program = Program::new(cast, code, setting)?;
        Ok(Job { orders: orders::orders(&program, runs, seed), program, left_out })
    }
}

/// Runs a listing in all orders and compares. Tells how many of them were run so far.
pub fn verify(
    python: &Python,
    subject: &Subject,
    jobs: &[Job],
    limits: &Limits,
    tell: &dyn Fn(usize),
) -> Result<Verified, Problem> {
    let run = Run { python, subject, limits, until: Instant::now() + limits.time_max };
    let asked: Vec<(&Program, Vec<&Order>)> =
        jobs.iter().map(|job| (&job.program, job.orders.iter().collect())).collect();
    let mut comparison = Comparison::new(python.version.clone());
    let mut next = jobs
        .iter()
        .enumerate()
        .flat_map(|(at, job)| job.orders.iter().map(move |order| (at, &job.program, order)));
    let stopped = run.run(&document::document(subject, &asked, false, limits), &mut |play| {
        let Some((at, program, order)) = next.next() else { return false };
        comparison.order(at, program, order, &play);
        tell(comparison.ran);
        play.is_of(order)
    })?;
    let is_over = stopped.is_some() || comparison.differ > 0;
    if !is_over && next.next().is_some() {
        return Err(run.no_answer(NoAnswer::TooLittle, comparison.ran, b""));
    }
    let (ran, differ) = (comparison.ran, comparison.differ);
    let (proof, difference) = comparison.finish();
    let difference = difference.map(|(at, difference)| {
        let told = explain(&run, &jobs[at].program, &difference);
        (at, difference, told)
    });
    Ok(Verified { proof, ran, differ, difference, stopped })
}

/// Runs the order of a difference again, looking closer, and says what is wrong. Where that is not
/// possible any more, what was seen the first time has to do.
fn explain(run: &Run, program: &Program, difference: &Difference) -> Told {
    let mut closer = None;
    // A lane that waits would only wait once more.
    if !matches!(difference.what, What::Wrong(Wrong::Blocks { .. })) {
        let again = difference.order.until(difference.step.map_or(0, |step| step + 1));
        let document =
            document::document(run.subject, &[(program, vec![&again])], true, run.limits);
        let _ = run.run(&document, &mut |play| {
            closer = Some(play);
            true
        });
    }
    told::tell(run.subject.listing, program, difference, closer.as_ref())
}
