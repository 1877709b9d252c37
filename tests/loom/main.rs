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
use interleak::model::op::Op;
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
        "{strategy} × {name}: {} executions are paths in {} orders, {} outcomes are equal, \
         anomalies: {}",
        found.executions,
        found.orders.len(),
        found.outcomes.len(),
        if found.seen.is_empty() { "none".into() } else { found.seen.join(", ") }
    ));
}

/// A line that is seen although the test passes.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "loom: {line}");
}

/// Everything, three at once included.
fn check_all(strategy: &'static str) {
    check_pairs(strategy);
    check(strategy, "3 users, 1 turn", users(3, 1));
}

/// Everything that two can do: for a twin of which three at once would take very long.
fn check_pairs(strategy: &'static str) {
    check(strategy, "2 users, 1 turn", users(2, 1));
    check(strategy, "the class", class());
    check(strategy, "a double click", double_click());
    check(strategy, "2 users, 2 turns", users(2, 2));
}

/// Everything that two can do; three at once are left to another twin, whose accesses are the same
/// on places of other names.
#[track_caller]
fn check_like(strategy: &'static str, other: &'static str) {
    check_pairs(strategy);
    assert_eq!(accesses(strategy), accesses(other), "{strategy} is not like {other}");
    tell(&format!("left out: {strategy} × 3 users, 1 turn: its accesses are those of {other}"));
}

/// What three users with one turn each do, line by line, and which of them do it to the same place.
/// What a place is called, and what it is keyed by, does not matter.
fn accesses(strategy: &str) -> (Vec<Op>, Vec<usize>) {
    let program = program(strategy, users(3, 1));
    let ops: Vec<Op> = program.code.ops().collect();
    let mut places = Vec::new();
    let mut number = |place| {
        let known = places.iter().position(|&known| known == place);
        known.unwrap_or_else(|| {
            places.push(place);
            places.len() - 1
        })
    };
    let of_turn = |turn| {
        let asker = program.asker_of(turn);
        let places = ops.iter().filter_map(Op::place);
        places.map(|place| (place, program.instance(place, &asker))).collect::<Vec<_>>()
    };
    let touched = (0..3).flat_map(of_turn).map(&mut number).collect();
    (ops, touched)
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
    check_like("mutable-default", "global-append");
}

#[test]
fn class_attribute() {
    check_like("class-attribute", "global-append");
}

#[test]
fn cache_by_question() {
    check_like("cache-by-question", "cache-by-session");
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
    check_like("state-alias", "global-append");
}

#[test]
fn actor_shared_slot() {
    check_pairs("actor-shared-slot");
    tell("left out: actor-shared-slot × 3 users, 1 turn: too many executions");
}

#[test]
fn queue_global() {
    check_all("queue-global");
}

#[test]
fn current_user() {
    check_pairs("current-user");
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
        let tested = |how| source.contains(&format!("check_{how}(\"{}\"", strategy.name));
        assert!(["all", "pairs", "like"].into_iter().any(tested), "{}", strategy.name);
    }
}
