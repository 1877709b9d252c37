//! Logs that interleak writes, given to `diagnose`: it must find in the log of an order what the
//! anomalies find in the order itself.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use interleak::anomalies::{self, Anomaly};
use interleak::listing::Listing;
use interleak::log::judge::Limits;
use interleak::log::line::{Event, Line};
use interleak::log::scan::scan;
use interleak::model::program::Program;
use interleak::replay::machine::Machine;
use interleak::replay::record::Record;
use interleak::report::log::render;
use interleak::scenario::{SHIPPED, Scenario, Vocabulary};
use interleak::strategy::{self, STRATEGIES};
use serde_json::Value;
use std::collections::HashMap;

/// Orders of each scenario × strategy.
const ORDERS: u64 = 4;

/// Where `diagnose` and the anomaly mean different things by a lost update.
const OTHERWISE: [(&str, &str); 3] = [
    ("cache-by-question", "two fill one place of the cache at once; no history is lost by it"),
    ("two-step", "what the second function wipes out may come back in its answer"),
    ("framework-batch", "a batch stores one user's history for another, which is no write between"),
];

/// Calls with every shipped scenario × strategy that can be run.
fn every_program(mut each: impl FnMut(&str, &str, &Program)) {
    let known = Vocabulary { strategies: &strategy::names(), anomalies: &anomalies::names() };
    for scenario in SHIPPED {
        let parsed = Scenario::parse(scenario.name, scenario.text, known);
        let Scenario { cast, setting, .. } = parsed.unwrap_or_else(|_| unreachable!());
        for strategy in STRATEGIES {
            let code = Listing::parse(strategy.name, strategy.listing).unwrap().code;
            if let Ok(program) = Program::new(cast.clone(), code, setting) {
                each(scenario.name, strategy.name, &program);
            }
        }
    }
}

/// An order that a seed decides.
fn order(program: &Program, mut seed: u64) -> Record {
    let mut machine = Machine::new(program);
    loop {
        let movable = machine.movable();
        if movable.is_empty() {
            return machine.record();
        }
        // Knuth's multiplier for linear congruential generators; the high bits are good enough.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        machine.step(movable[(seed >> 33) as usize % movable.len()]).unwrap();
    }
}

fn found(id: &str, program: &Program, record: &Record) -> u64 {
    let anomaly: &Anomaly = anomalies::named(id).unwrap();
    (anomaly.find)(program, record).len() as u64
}

#[test]
fn a_log_shows_what_its_order_shows() {
    let (mut leaks, mut lost, mut clean) = (0, 0, 0);
    every_program(|scenario, strategy, program| {
        for seed in 0..ORDERS {
            let record = order(program, seed);
            let log = render(program, &record).unwrap();
            let diagnosis = scan(&log[..], Limits::default(), &|_| ()).unwrap();
            let what = format!("{scenario} × {strategy}, seed {seed}");
            assert!(diagnosis.is_complete(), "{what}");
            assert_eq!(diagnosis.leaks, found("context-leak", program, &record), "{what}");
            leaks += diagnosis.leaks;
            let expected = found("lost-update", program, &record) > 0;
            if OTHERWISE.iter().all(|(other, _)| *other != strategy) {
                assert_eq!(diagnosis.lost > 0, expected, "{what}");
                lost += diagnosis.lost;
            }
            clean += u64::from(!diagnosis.is_bad());
        }
    });
    assert!(leaks > 100 && lost > 100 && clean > 100, "{leaks} {lost} {clean}");
}

/// A log that names the user of each session in one line only: its first or its last one, or its last reply
/// if it has one.
fn named_once(log: &str, which: &str) -> String {
    let mut lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is_known = |line: &Value| Event::of(line["event"].as_str().unwrap()).is_some();
    let mut naming = HashMap::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_known(line)) {
        let session = line["session"].to_string();
        let chosen = naming.entry(session).or_insert(at);
        let had_reply = lines[*chosen]["event"] == "reply";
        if which == "last" || (which == "reply" && (line["event"] == "reply" || !had_reply)) {
            *chosen = at;
        }
    }
    let named = |(at, line): (usize, &mut Value)| {
        if naming.get(&line["session"].to_string()) != Some(&at) {
            line.as_object_mut().unwrap().remove("user");
        }
        format!("{line}\n")
    };
    lines.iter_mut().enumerate().map(named).collect()
}

/// Every line is one of the format or somebody else's, times grow, and a lane that thinks goes on
/// as much later.
#[test]
fn a_log_is_in_order() {
    every_program(|scenario, strategy, program| {
        let log = String::from_utf8(render(program, &order(program, 1)).unwrap()).unwrap();
        let mut last = 0.0;
        for text in log.lines() {
            let line = Line::parse(text).unwrap();
            assert!(line.session.is_some() && line.user.is_some() && line.request.is_some());
            let value: Value = serde_json::from_str(text).unwrap();
            let time = value["time"].as_f64().unwrap();
            assert!(time > last, "{scenario} × {strategy}: {text}");
            last = time;
            assert!(value["lane"].is_string() && value["step"].is_u64() && value["line"].is_u64());
        }
        let thinks =
            log.lines().any(|line| line.contains("\"reply\"") && line.contains("\"basis\":[\""));
        let thinking = program.cast.infer_ms as f64 / 1000.0;
        assert!(!thinks || last > thinking, "{scenario} × {strategy}");
    });
}

#[test]
fn a_log_shows_the_same_wherever_it_names_the_user() {
    let mut leaks = 0;
    every_program(|scenario, strategy, program| {
        let log = String::from_utf8(render(program, &order(program, 2)).unwrap()).unwrap();
        let found = |log: &str| {
            let found = scan(log.as_bytes(), Limits::default(), &|_| ()).unwrap();
            let lines: Vec<u64> = found.findings.iter().map(|finding| finding.line).collect();
            (found.leaks, found.lost, found.stale, found.judged, found.is_complete(), lines)
        };
        let everywhere = found(&log);
        leaks += everywhere.0;
        for which in ["first", "last", "reply"] {
            let what = format!("{scenario} × {strategy}, named on the {which} line");
            assert_eq!(found(&named_once(&log, which)), everywhere, "{what}");
        }
    });
    assert!(leaks > 20, "{leaks}");
}
