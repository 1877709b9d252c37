//! What `replay` shows of an order: as far as the schedule goes, with every fault in it marked.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::anomalies::{self, ANOMALIES, Anomaly, Finding, Judgement};
use interleak::commands::load;
use interleak::model::program::Program;
use interleak::model::schedule;
use interleak::replay::machine::Machine;
use interleak::replay::record::Record;
use interleak::report::order::render;
use interleak::report::page::Paper;
use interleak::scenario::SHIPPED;
use interleak::screen::COLUMNS;
use interleak::story::replay::Replay;
use interleak::strategy::STRATEGIES;
use serde_json::Value;
use std::process::Command;

fn interleak(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_interleak")).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// A page in one line, however it was wrapped.
fn unwrapped(page: &str) -> String {
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The numbers of the steps that a page shows.
fn steps(page: &str) -> Vec<usize> {
    let number = |line: &str| line.get(..3)?.trim().parse().ok();
    page.lines().filter_map(number).collect()
}

fn program(scenario: &str, strategy: &str) -> Option<Program> {
    let code = load::strategy(strategy).unwrap().listing.code;
    let scenario = load::scenario(scenario).unwrap().scenario;
    Program::new(scenario.cast, code, scenario.setting).ok()
}

fn to_end(program: &Program) -> Record {
    let mut machine = Machine::new(program);
    while let Some(&lane) = machine.movable().first() {
        machine.step(lane).unwrap();
    }
    machine.record()
}

fn found(program: &Program, record: &Record) -> Vec<(&'static Anomaly, Finding)> {
    let all = |anomaly: &&'static Anomaly| {
        let found = (anomaly.find)(program, record);
        found.into_iter().map(|it| (*anomaly, it)).collect::<Vec<_>>()
    };
    ANOMALIES.iter().flat_map(all).collect()
}

#[test]
fn a_replay_stops_where_its_schedule_stops() {
    let asked = ["replay", "three-students", "--schedule", "bob*2 carol"];
    let page = interleak(&asked);
    assert_eq!(steps(&page), [1, 2, 3], "{page}");
    let says = unwrapped(&page);
    assert!(says.contains("3 steps, then the schedule ends; --to-end goes on"), "{page}");
    assert!(says.contains("unanswered, deadlock."), "it says what only the end shows:\n{page}");
    let page = interleak(&[&asked[..], &["--to-end"]].concat());
    assert_eq!(steps(&page).len(), 12, "{page}");
    assert!(unwrapped(&page).contains("the schedule ends after step 3"), "{page}");
    assert_eq!(steps(&interleak(&asked[..2])).len(), 12, "without one there is nothing to stop at");
}

#[test]
fn a_replay_says_when_only_some_anomalies_were_judged() {
    let asked = ["replay", "voice-assistant", "--schedule", "alice*2 bob*2"];
    let page = interleak(&[&asked[..], &["--only", "amnesia,stale-reply"]].concat());
    assert!(page.starts_with("CLEAN"), "the leak of this order is not judged:\n{page}");
    assert!(
        unwrapped(&page).contains("Judged here: only stale-reply, amnesia (--only)."),
        "{page}"
    );
    assert!(!interleak(&asked).contains("--only"));
}

/// Every reply that is wrong is marked with each thing that is wrong with it, and all is said above.
#[test]
fn every_fault_that_is_visible_is_marked() {
    let mut several = 0;
    for scenario in SHIPPED {
        for strategy in STRATEGIES {
            let Some(program) = program(scenario.name, strategy.name) else { continue };
            let record = to_end(&program);
            let findings = found(&program, &record);
            several += usize::from(findings.len() > 1);
            let names = (scenario.name, strategy.name);
            let (judged, asked) = (&ANOMALIES, record.steps.len());
            let wanted = findings.clone();
            let (program, record) = (&program, &record);
            let replay = Replay::of(names, (program, record), judged, &findings, asked);
            let page = render(&replay, Paper::english(COLUMNS));
            for anomaly in ANOMALIES {
                let wanted = wanted.iter().filter(|(it, _)| it.id == anomaly.id).count();
                let said = page.lines().filter(|line| line.split(' ').next() == Some(anomaly.mark));
                assert_eq!(said.count(), wanted, "{names:?} {}:\n{page}", anomaly.id);
                let drawn = page.lines().filter(|line| {
                    line.contains('│') && line.split([' ', '│']).any(|word| word == anomaly.mark)
                });
                if matches!(anomaly.judge, Judgement::Reply(_)) {
                    assert_eq!(drawn.count(), wanted, "{names:?} {}:\n{page}", anomaly.id);
                }
            }
        }
    }
    assert!(several > 30, "there are orders with more than one: {several}");
}

/// The schedule that `run` prints for a finding shows that finding, and stops where it does.
#[test]
fn every_printed_schedule_shows_its_finding_in_every_shipped_pair() {
    let mut schedules = 0;
    // Large ones, at every grain, are replayed by `tests/command_line.rs`.
    for scenario in SHIPPED.iter().filter(|it| it.name != "three-students") {
        // Those that its author speaks of; that are all where all can be run.
        let strategies = load::scenario(scenario.name).unwrap().expected_strategies();
        let named = strategies.iter().flat_map(|it| ["-s", it.name.as_str()]);
        let named: Vec<&str> =
            ["run", scenario.name, "--format", "json"].into_iter().chain(named).collect();
        let json = interleak(&named);
        let document: Value = serde_json::from_str(&json).unwrap();
        for result in document["results"].as_array().unwrap() {
            let strategy = result["strategy"].as_str().unwrap();
            let program = program(scenario.name, strategy).unwrap();
            for (id, told) in result["anomalies"].as_object().unwrap() {
                let Some(typed) = told["witness"]["schedule"].as_str() else { continue };
                let moves = schedule::moves(&program, typed).unwrap();
                let record = Machine::run(&program, &moves).unwrap();
                let anomaly = anomalies::named(id).unwrap();
                let findings = (anomaly.find)(&program, &record);
                let says = |it: &Finding| (anomaly.say)(&program, &record, it).phrase().english();
                let said: Vec<String> = findings.iter().map(says).collect();
                let sentence = told["sentence"].as_str().unwrap().to_owned();
                let pair = format!("{} × {strategy}: {id}", scenario.name);
                assert!(said.contains(&sentence), "{pair}: {sentence} is not in {said:?}");
                schedules += 1;
            }
        }
    }
    assert!(schedules > 150, "{schedules}");
}
