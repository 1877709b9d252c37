//! The engine on the fixtures, in one process: `cargo bench -p bench --bench engine`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use interleak::anomalies::{ANOMALIES, Anomaly, Judges, named};
use interleak::explore::engine::{self, Ask, Explored, Merging};
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
    idle: None,
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

/// With every register and no packing: what each reduction is measured against, and the number of
/// states that another engine found too.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn leak_in_plain_states() {
    let (scenario, leak) = (scenario("3×2"), named("context-leak").unwrap());
    let explored = numbers(&scenario, bench::code("current-context"), &[leak], Merging::Plain);
    assert_eq!(explored.states, 903_559);
}

fn explore(program: &str, anomalies: &[&'static Anomaly]) {
    let (name, size) = program.split_once(' ').unwrap();
    let (scenario, code) = (scenario(size), bench::code(name));
    match name {
        // No two of its lanes may change places here: that is what is measured.
        "current-context" => {
            let explored = numbers(&scenario, code, anomalies, Merging::Packed);
            assert_eq!(explored.orders.to_string(), "5550996791340", "30! / 10!³");
        }
        _ => judged(&scenario, &code, anomalies),
    }
}

fn scenario(size: &str) -> Scenario {
    let (users, turns) = size.split_once('×').unwrap();
    let text = bench::scenario(users.parse().unwrap(), turns.parse().unwrap());
    let known = Vocabulary { strategies: &[], anomalies: &[] };
    let Ok(scenario) = Scenario::parse("bench.json", &text, known) else { unreachable!() };
    scenario
}

/// Everything that a verdict needs, the words of the simplest order too.
fn judged(scenario: &Scenario, code: &Code, anomalies: &[&'static Anomaly]) {
    let base = Question::new(scenario, code, Limits::default());
    let question = Question { setting: LINE, anomalies, deep: Deep::No, ..base };
    let verdict = judge(&question, &|_| ());
    divan::black_box(verdict.is_ok());
}

/// All numbers and simplest orders, without their words.
fn numbers(
    scenario: &Scenario,
    code: Code,
    anomalies: &[&'static Anomaly],
    merging: Merging,
) -> Explored {
    let detail = anomalies.iter().map(|anomaly| anomaly.detail).max().unwrap();
    let program = Program::new(scenario.cast.clone(), code, LINE).unwrap().with_detail(detail);
    let judges = Judges { anomalies: anomalies.to_vec() };
    let explored =
        engine::explore(&program, &Ask { merging, ..Ask::new(&judges, Limits::default()) });
    divan::black_box(explored)
}
