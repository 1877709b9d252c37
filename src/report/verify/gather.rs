//! From what was run to what is told of it.

use super::{Compared, Differs, Outcome, Unplayed, Verification};
use crate::model::schedule;
use crate::problem::Problem;
use crate::python::{Difference, Job, LeftOut, Told, Verified};
use crate::report::trouble::Trouble;
use crate::report::typed;
use crate::story::command::Command;
use crate::words::Phrase;

/// A strategy that was run.
pub struct Ran<'a> {
    /// The strategy, as it was typed.
    pub strategy: &'a str,
    /// The text of its listing.
    pub text: &'a str,
    /// The scenarios, as they were typed.
    pub scenarios: Vec<&'a str>,
    /// The orders of each scenario.
    pub jobs: &'a [Job],
}

impl Verification {
    /// What came of a strategy that was run.
    pub fn of(ran: &Ran, verified: &Verified) -> Verification {
        let proof = &verified.proof;
        let outcome = match (&verified.difference, verified.stopped) {
            (Some(_), _) => Outcome::Differs,
            (None, Some(_)) => Outcome::Unknown,
            (None, None) => Outcome::Same,
        };
        let difference = verified.difference.as_ref();
        Verification {
            outcome,
            scenarios: ran.scenarios.iter().map(|&name| name.to_owned()).collect(),
            python: Some(proof.python.clone()),
            orders: ran.jobs.iter().map(|job| job.orders.len()).sum(),
            ran: verified.ran,
            differ: verified.differ,
            compared: Compared {
                orders: proof.orders,
                moves: proof.moves,
                replies: proof.replies,
                cells: proof.cells,
                waits: proof.waits,
                not_compared: proof.not_compared.clone(),
            },
            left_out: ran.unplayed(),
            difference: difference
                .map(|(job, difference, told)| ran.differs(*job, difference, told)),
            stopped: verified.stopped.map(Phrase::from),
            limit: verified.stopped,
            stopped_in: verified.stopped.and_then(|_| ran.scenario_after(verified.ran)),
            ..Verification::none(ran.strategy)
        }
    }

    /// A strategy that cannot be run.
    pub fn broken(strategy: &str, problem: &Problem) -> Verification {
        Verification { problem: Some(Trouble::from(problem)), ..Verification::none(strategy) }
    }

    fn none(strategy: &str) -> Verification {
        Verification {
            strategy: strategy.to_owned(),
            outcome: Outcome::Broken,
            scenarios: Vec::new(),
            python: None,
            orders: 0,
            ran: 0,
            differ: 0,
            compared: Compared::default(),
            left_out: Vec::new(),
            difference: None,
            stopped: None,
            limit: None,
            stopped_in: None,
            problem: None,
        }
    }
}

impl Ran<'_> {
    /// The scenario that the order behind so many belongs to.
    fn scenario_after(&self, orders: usize) -> Option<String> {
        let mut before = 0;
        let job = self.jobs.iter().position(|job| {
            before += job.orders.len();
            orders < before
        });
        job.map(|job| self.scenarios[job].to_owned())
    }

    fn unplayed(&self) -> Vec<Unplayed> {
        let parts = LeftOut::ALL.into_iter().map(|part| {
            let jobs = self.scenarios.iter().zip(self.jobs);
            let of = jobs.filter(|(_, job)| job.left_out.contains(&part));
            let scenarios = of.map(|(&scenario, _)| scenario.to_owned()).collect();
            Unplayed { what: part, scenarios }
        });
        parts.filter(|part| !part.scenarios.is_empty()).collect()
    }

    fn differs(&self, job: usize, difference: &Difference, told: &Told) -> Differs {
        let code = told.line.and_then(|line| self.text.lines().nth(line.saturating_sub(1)));
        let scenario = self.scenarios[job];
        let moves = difference.order.moves();
        let moves = &moves[..difference.step.map_or(0, |step| step + 1)];
        let replay = || {
            let replay = Command::interleak("replay").name(scenario).option("-s", None);
            let replay = replay.name(self.strategy).option("--grain", "line".to_owned());
            let schedule = schedule::print(&self.jobs[job].program, moves);
            typed(&replay.option("--schedule", schedule))
        };
        Differs {
            scenario: scenario.to_owned(),
            line: told.line,
            code: code.map(str::to_owned),
            what: (&told.what).into(),
            when: (&told.when).into(),
            marks: (&told.marks).into(),
            does: (&told.does).into(),
            why: told.why.iter().map(Phrase::from).collect(),
            facts: told.clone(),
            command: (!moves.is_empty()).then(replay),
        }
    }
}
