//! The engine on the fixtures, in one process: `cargo bench -p bench --bench engine`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use interleak::anomalies::{ANOMALIES, Anomaly, named};
use interleak::explore::engine::WantedOrders;
use interleak::explore::walk::Limits;
use interleak::listing::Listing;
use interleak::model::program::{Grain, Setting};
use interleak::scenario::{Scenario, Vocabulary};
use interleak::verdict::{Deep, Question, judge};

const PROGRAMS: [&str; 8] = [
    "global 2×3",
    "global 3×2",
    "global 3×3",
    "global 4×2",
    "global 5×1",
    "session-map 4×4",
    "locked 6×4",
    "actor 4×4",
];

fn main() {
    divan::main();
}

#[divan::bench(args = PROGRAMS, sample_count = 5, sample_size = 1)]
fn leak(program: &str) {
    explore(program, &[named("context-leak").unwrap()]);
}

#[divan::bench(args = PROGRAMS, sample_count = 5, sample_size = 1)]
fn every_anomaly(program: &str) {
    explore(program, ANOMALIES);
}

fn explore(program: &str, anomalies: &[&'static Anomaly]) {
    let (name, size) = program.split_once(' ').unwrap();
    let (users, turns) = size.split_once('×').unwrap();
    let text = bench::scenario(users.parse().unwrap(), turns.parse().unwrap());
    let known = Vocabulary { strategies: &[], anomalies: &[] };
    let Ok(scenario) = Scenario::parse("bench.json", &text, known) else { return };
    let source = std::fs::read_to_string(bench::listing(name)).unwrap();
    let Ok(listing) = Listing::parse(name, &source) else { return };
    let question = Question {
        scenario: &scenario,
        code: &listing.code,
        setting: Setting { grain: Grain::Line, limit: None },
        anomalies,
        limits: Limits::default(),
        orders: WantedOrders::None,
        deep: Deep::No,
        sampling: None,
    };
    let verdict = judge(&question, &|_| ());
    divan::black_box(verdict.is_ok());
}
