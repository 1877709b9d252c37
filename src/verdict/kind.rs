//! Why something goes wrong: whether it needs requests that overlap, or a chain that is torn apart.

use crate::anomalies::Judges;
use crate::explore::Findings;
use crate::explore::engine::{AtFirst, Seen, seen};
use crate::explore::graph::Stopped;
use crate::explore::walk::Limits;
use crate::model::cast::Cast;
use crate::model::program::{Grain, Program, Setting};
use crate::model::server::Slots;

/// Why something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It happens when whole turns run one after another: no lock can repair it.
    Sharing,
    /// It needs no overlap, but a request of somebody else between two functions of a chain: no
    /// lock is held there.
    Chain,
    /// It needs requests that overlap: a switch inside a function.
    Race,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 3] = [Kind::Sharing, Kind::Chain, Kind::Race];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Sharing => "sharing",
            Kind::Chain => "chain",
            Kind::Race => "race",
        }
    }
}

/// What goes wrong when requests run one after the other.
///
/// For clients alone this is what needs no preemption. With a daemon it is less: a lane that waits
/// for its answer is not preempted by a switch to another client, but their turns do overlap.
#[derive(Clone, Copy)]
pub(super) struct Serial {
    /// With every chain kept whole.
    pub(super) chains: Seen,
    /// With requests of others between the functions of a chain.
    pub(super) functions: Seen,
}

impl Serial {
    pub(super) fn new(program: &Program, judges: &Judges, limits: Limits) -> Serial {
        let chains = one_by_one(program, judges, limits, Grain::Chain);
        let functions = match program.code.has_chains() {
            true => one_by_one(program, judges, limits, Grain::Turn),
            false => chains,
        };
        Serial { chains, functions }
    }

    /// Why something goes wrong that needs so many preemptions; `None` if what was not looked at
    /// could still tell otherwise.
    pub(super) fn kind(self, finding: Findings, preemptions: Option<u64>) -> Option<Kind> {
        let shows = |seen: Seen| seen.findings & finding != 0;
        match (self.chains.stopped, self.functions.stopped) {
            _ if shows(self.chains) => Some(Kind::Sharing),
            (None, _) if shows(self.functions) => Some(Kind::Chain),
            (None, None) => preemptions.map(|_| Kind::Race),
            _ => None,
        }
    }
}

/// What goes wrong when steps are this long.
fn one_by_one(program: &Program, judges: &Judges, limits: Limits, grain: Grain) -> Seen {
    seen(&program.clone().with_grain(grain), judges, limits, AtFirst::GoOn)
}

/// What goes wrong where no two requests overlap, and nobody cancels one.
pub(super) fn without_overlap(program: &Program, judges: &Judges, limits: Limits) -> Seen {
    let cast = Cast { cancels: Vec::new(), ..program.cast.clone() };
    let one_by_one = Setting { limit: Some(1), slots: Slots::Shared, ..program.setting };
    match again(program, cast, one_by_one) {
        Some(program) => seen(&program, judges, limits, AtFirst::GoOn),
        None => Seen { findings: 0, stopped: Some(Stopped::Interrupted) },
    }
}

/// The same program for another cast and server; one that is no larger always fits.
fn again(program: &Program, cast: Cast, setting: Setting) -> Option<Program> {
    let again = Program::new(cast, program.code.clone(), setting).ok()?;
    Some(again.with_detail(program.detail))
}
