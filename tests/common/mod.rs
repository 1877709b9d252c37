//! Programs to test with.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses some of these")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of tests")]

use interleak::anomalies::{ANOMALIES, Judges};
use interleak::explore::Judge;
use interleak::explore::tally::{Tally, tally};
use interleak::explore::walk::{Graph, Limits, walk};
use interleak::listing::Listing;
use interleak::model::cast::Cast;
use interleak::model::context::{Mask, Messages};
use interleak::model::program::{Grain, Program, Setting};
use interleak::scenario::{Scenario, Vocabulary};

pub const LIMITS: Limits = Limits { states_max: 2_000_000 };

/// So many users, each with one lane of so many turns; the texts do not matter.
pub fn users(users: usize, turns: usize) -> Cast {
    let lanes = (0..users).map(|user| {
        let says = (0..turns).map(|turn| format!("{{\"text\": \"{user}.{turn}\"}}"));
        let says = says.collect::<Vec<_>>().join(",");
        format!("{{\"user\": \"u{user}\", \"says\": [{says}]}}")
    });
    cast(&lanes.collect::<Vec<_>>().join(","))
}

/// A cast of lanes given in JSON.
pub fn cast(lanes: &str) -> Cast {
    let text = format!("{{\"format\": 1, \"title\": \"t\", \"lanes\": [{lanes}]}}");
    let known = Vocabulary { strategies: &[], anomalies: &[] };
    Scenario::parse("test.json", &text, known)
        .unwrap_or_else(|e| panic!("{}", e.render(false)))
        .cast
}

pub fn program(cast: Cast, listing: &str, grain: Grain) -> Program {
    let listing = Listing::parse("test.py", listing);
    let code = listing.unwrap_or_else(|e| panic!("{}", e.render(false))).code;
    Program::new(cast, code, Setting { grain, limit: None }).unwrap()
}

/// A listing of `tests/fixtures/listings`.
pub fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/listings/{name}.py", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// Every anomaly, one bit each, in the order of the registry.
pub fn judges() -> Judges {
    Judges { anomalies: ANOMALIES.to_vec() }
}

pub fn graph(program: &Program, judge: &dyn Judge<Mask>) -> Graph {
    walk(program, judge, LIMITS, &|_| true).graph
}

pub fn tallied(program: &Program) -> Tally {
    let asked: Vec<u16> = (0..ANOMALIES.len()).map(|bit| 1 << bit).collect();
    tally(&graph(program, &judges()), &asked)
}

pub fn outcomes(program: &Program) -> usize {
    walk::<Messages>(program, &interleak::explore::NoJudge, LIMITS, &|_| true).outcomes.len()
}
