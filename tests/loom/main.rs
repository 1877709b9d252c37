//! Every strategy as real Rust under loom: each execution that loom finds is a path of the
//! simulated program, and together they show exactly the outcomes and anomalies that the
//! explorer finds.
//!
//! Two checks, because each is blind alone: sets of outcomes cannot tell a per-session design on
//! one global lock from a real one, and traces never notice that a model allows too much.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    unreachable_pub,
    reason = "helpers of tests"
)]

#[path = "../common/mod.rs"]
mod common;
mod drifted;
mod explored;
mod platform;

use common::{cast, users};
use explored::{Expected, explore};
use interleak::model::cast::Cast;
use interleak::model::program::{Grain, Program, Setting};
use interleak::strategy::{STRATEGIES, Twin};
use interleak::twins;
use std::io::Write;

/// One session, two lanes.
fn double_click() -> Cast {
    cast(
        r#"{"user":"a","name":"p","says":[{"text":"x"}]},
           {"user":"a","name":"q","says":[{"text":"y"}]}"#,
    )
}

/// Told and asked, so that replies differ in words too.
fn class() -> Cast {
    cast(
        r#"{"user":"alice","says":[{"text":"I am Alice.","tells":{"name":"Alice"}},
                                  {"text":"Who am I?","asks":"name"}]},
           {"user":"bob","says":[{"text":"Who am I?","asks":"name"}]}"#,
    )
}

/// A session that asks the same again, and another one that asks it too.
fn asked_again() -> Cast {
    cast(
        r#"{"user":"a","says":[{"text":"x"},{"text":"x"}]},
           {"user":"b","says":[{"text":"x"}]}"#,
    )
}

fn program(strategy: &str, cast: Cast) -> Program {
    let listing = interleak::strategy::named(strategy).unwrap().listing;
    let code = interleak::listing::Listing::parse(strategy, listing).unwrap().code;
    Program::new(cast, code, Setting { grain: Grain::Access, ..Setting::default() }).unwrap()
}

/// Loom runs at most five threads, the main one included.
const THREADS_MAX: usize = 5;

#[track_caller]
fn check(strategy: &'static str, name: &str, cast: Cast) {
    let program = program(strategy, cast);
    // The main thread is one of the lanes.
    let threads = program.lanes.len();
    if threads > THREADS_MAX {
        let why = format!("{strategy} × {name} needs {threads} threads; loom has {THREADS_MAX}");
        return tell(&format!("left out: {why}"));
    }
    let found = explore(&program, twins::opener(strategy).unwrap());
    assert_eq!(found.drift.map(|drift| drift.to_string()), None, "{strategy} × {name}");
    assert!(!found.deadlock, "{strategy} × {name}: loom found a deadlock");
    let expected = Expected::of(&program);
    assert_eq!(found.outcomes, expected.outcomes, "{strategy} × {name}: outcomes");
    assert_eq!(found.seen, expected.sometimes, "{strategy} × {name}: anomalies that show");
    assert_eq!(found.always, expected.always, "{strategy} × {name}: anomalies in every order");
    tell(&format!(
        "{strategy} × {name}: {} executions are paths, {} outcomes are equal, anomalies: {}",
        found.executions,
        found.outcomes.len(),
        if found.seen.is_empty() { "none".into() } else { found.seen.join(", ") }
    ));
}

/// A line that is seen although the test passes.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "loom: {line}");
}

fn check_all(strategy: &'static str) {
    check_few(strategy);
    check(strategy, "2 users, 2 turns", users(2, 2));
    check(strategy, "3 users, 1 turn", users(3, 1));
}

/// For a twin with so many accesses that all executions would take very long.
fn check_few(strategy: &'static str) {
    check(strategy, "2 users, 1 turn", users(2, 1));
    check(strategy, "the class", class());
    check(strategy, "a double click", double_click());
}

#[test]
fn global() {
    check_all("global");
}

#[test]
fn global_append() {
    check_all("global-append");
}

#[test]
fn mutable_default() {
    check_all("mutable-default");
}

#[test]
fn class_attribute() {
    check_all("class-attribute");
}

#[test]
fn cache_by_question() {
    check_all("cache-by-question");
    check("cache-by-question", "asked again", asked_again());
}

#[test]
fn locked_global() {
    check_all("locked-global");
}

#[test]
fn narrow_lock() {
    check_all("narrow-lock");
}

#[test]
fn wrong_lock() {
    check_all("wrong-lock");
}

#[test]
fn state_alias() {
    check_all("state-alias");
}

#[test]
fn actor_shared_slot() {
    check_all("actor-shared-slot");
}

#[test]
fn queue_global() {
    check_all("queue-global");
}

#[test]
fn current_user() {
    check_few("current-user");
    check("current-user", "2 users, 2 turns", users(2, 2));
    tell("left out: current-user × 3 users, 1 turn: too many executions");
}

#[test]
fn gr_state() {
    check_all("gr-state");
}

#[test]
fn session_map() {
    check_all("session-map");
}

#[test]
fn cache_by_session() {
    check_all("cache-by-session");
    check("cache-by-session", "asked again", asked_again());
}

#[test]
fn session_map_append() {
    check_all("session-map-append");
}

#[test]
fn session_lock() {
    check_all("session-lock");
}

#[test]
fn locked() {
    check_all("locked");
}

#[test]
fn actor() {
    check_all("actor");
}

#[test]
fn store_swap() {
    check_all("store-swap");
}

#[test]
fn context_variable() {
    check_all("context-variable");
}

/// Every twin of the registry has a test above.
#[test]
fn no_strategy_is_left_out() {
    let source = include_str!("main.rs");
    let twins = STRATEGIES.iter().filter(|it| matches!(it.twin, Twin::Source(_)));
    for strategy in twins {
        let tested = |how| source.contains(&format!("check_{how}(\"{}\")", strategy.name));
        assert!(tested("all") || tested("few"), "{}", strategy.name);
    }
}
