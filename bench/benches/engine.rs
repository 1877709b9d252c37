//! The engine on the fixtures, in one process: `cargo bench -p bench --bench engine`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use interleak::anomalies::{ANOMALIES, Anomaly, Judges, named};
use interleak::explore::engine::{self, Ask, Merging, WantedOrders};
use interleak::explore::walk::Limits;
use interleak::model::code::Code;
use interleak::model::program::{Grain, Program, Setting};
use interleak::model::server::{Routing, Slots};
use interleak::scenario::{Scenario, Vocabulary};
use interleak::verdict::{Deep, Question, judge};

const PROGRAMS: [&str; 9] = [
    "global 2×3",
    "global 3×2",
    "global 3×3",
    "global 4×2",
    "global 5×1",
    "current-context 3×2",
    "session-map 4×4",
    "locked 6×4",
    "actor 4×4",
];

const LINE: Setting = Setting {
    grain: Grain::Line,
    limit: None,
    slots: Slots::Shared,
    workers: None,
    replicas: None,
    routing: Routing::Sticky,
};

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
    let code = bench::code(name);
    match name {
        "current-context" => without_symmetry(&scenario, code, anomalies),
        _ => judged(&scenario, &code, anomalies),
    }
}

/// Everything that a verdict needs, the words of the simplest order too.
fn judged(scenario: &Scenario, code: &Code, anomalies: &[&'static Anomaly]) {
    let question = Question {
        scenario,
        code,
        setting: LINE,
        anomalies,
        limits: Limits::default(),
        orders: WantedOrders::None,
        deep: Deep::No,
        sampling: None,
    };
    let verdict = judge(&question, &|_| ());
    divan::black_box(verdict.is_ok());
}

/// All numbers and simplest orders, though no two lanes may change places.
fn without_symmetry(scenario: &Scenario, code: Code, anomalies: &[&'static Anomaly]) {
    let detail = anomalies.iter().map(|anomaly| anomaly.detail).max().unwrap();
    let program = Program::new(scenario.cast.clone(), code, LINE).unwrap().with_detail(detail);
    let judges = Judges { anomalies: anomalies.to_vec() };
    let ask = Ask { merging: Merging::Packed, ..Ask::new(&judges, Limits::default()) };
    let explored = engine::explore(&program, &ask);
    assert_eq!(explored.orders.to_string(), "5550996791340", "30! / 10!³");
    if std::env::var_os("STATES").is_some() {
        println!("{} states, {} bytes", explored.states, explored.bytes);
    }
    divan::black_box(explored.found);
}
