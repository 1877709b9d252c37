//! Real Gradio, measured, against the simulator: what was seen can happen, and what was never seen
//! in any run cannot, but for the rows that say "possible, not observed".
//!
//! The rows are those of a measurement on Gradio 6.31.0 (and 5, 4, 3): users who take turns, three
//! users at once with a limit of 1 and of 10, and one session that submits twice. *leak* is a reply
//! that names another user's word; *lost* is a word of the same user's earlier turn that is
//! missing, from a reply (`amnesia`) or from the history (`lost-update`).
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use interleak::anomalies::{Anomaly, Judges, named};
use interleak::commands::load;
use interleak::explore::engine::{AtFirst, seen};
use interleak::explore::walk::Limits;
use interleak::model::cast::Cast;
use interleak::model::program::{Grain, Program, Setting};
use interleak::scenario::{Scenario, Vocabulary};

/// What real Gradio showed: in some runs, or in none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Yes,
    No,
    /// It was never seen, and is possible all the same.
    NotObserved,
}
use Shown::{No, NotObserved, Yes};

/// One row.
struct Row {
    strategy: &'static str,
    /// A leak when users take turns.
    serial: Shown,
    /// Leak and loss with a limit of 1, and with one of 10.
    limit_1: (Shown, Shown),
    limit_10: (Shown, Shown),
    /// Loss when one session submits twice, with a limit of 1 and of 10.
    double: (Shown, Shown),
}

const fn row(
    strategy: &'static str,
    serial: Shown,
    limit_1: (Shown, Shown),
    limit_10: (Shown, Shown),
    double: (Shown, Shown),
) -> Row {
    Row { strategy, serial, limit_1, limit_10, double }
}

const ROWS: [Row; 22] = [
    row("global-append", Yes, (Yes, No), (Yes, No), (No, No)),
    row("global", Yes, (Yes, No), (Yes, Yes), (No, Yes)),
    row("gr-state", No, (No, No), (No, No), (No, Yes)),
    row("session-map", No, (No, No), (No, No), (No, Yes)),
    row("session-map-append", No, (No, No), (No, No), (No, No)),
    row("by-address", Yes, (Yes, No), (Yes, Yes), (No, Yes)),
    row("locked-global", Yes, (Yes, No), (Yes, No), (No, No)),
    row("narrow-lock", Yes, (Yes, No), (Yes, Yes), (No, Yes)),
    row("session-lock", No, (No, No), (No, No), (No, No)),
    row("cache-by-question", Yes, (Yes, Yes), (Yes, Yes), (No, Yes)),
    row("cache-by-session", No, (No, No), (No, No), (No, Yes)),
    row("current-user", No, (No, No), (Yes, Yes), (No, No)),
    row("racy-id", No, (No, No), (Yes, Yes), (No, Yes)),
    // The same with no work between reading the counter and writing it: never seen in 120 runs.
    row("racy-id", No, (No, No), (NotObserved, NotObserved), (No, Yes)),
    row("mutable-default", Yes, (Yes, No), (Yes, No), (No, No)),
    row("class-attribute", Yes, (Yes, No), (Yes, No), (No, No)),
    row("state-alias", Yes, (Yes, No), (Yes, No), (No, No)),
    row("actor", No, (No, No), (No, No), (No, No)),
    row("thread-local", Yes, (Yes, Yes), (Yes, Yes), (Yes, Yes)),
    row("context-variable", No, (No, No), (No, No), (No, No)),
    row("uuid-id", No, (No, No), (No, No), (No, No)),
    row("locked", No, (No, No), (No, No), (No, No)),
];

/// Two users behind one router, who tell their names and ask for them in the same words.
const USERS: &str = r#"
    { "user": "alice", "address": "router", "says": [
        { "text": "My name is Alice.", "tells": { "name": "Alice" } },
        { "text": "What is my name?", "asks": "name" } ] },
    { "user": "bob", "address": "router", "says": [
        { "text": "My name is Bob.", "tells": { "name": "Bob" } },
        { "text": "What is my name?", "asks": "name" } ] }"#;
/// One session that submits twice, and then asks.
const DOUBLE: &str = r#"
    { "user": "alice", "name": "click-1", "says": [
        { "text": "My name is Alice.", "tells": { "name": "Alice" } },
        { "text": "What is my name?", "asks": "name" } ] },
    { "user": "alice", "name": "click-2", "says": [
        { "text": "I live in Rome.", "tells": { "city": "Rome" } } ] }"#;

fn cast(lanes: &str) -> Cast {
    let text = format!("{{\"format\": 1, \"title\": \"t\", \"lanes\": [{lanes}]}}");
    let known = Vocabulary { strategies: &[], anomalies: &[] };
    Scenario::parse("truth.json", &text, known).ok().unwrap().cast
}

/// What can happen, of leak and loss.
fn possible(strategy: &str, lanes: &str, grain: Grain, limit: usize) -> (bool, bool) {
    let code = load::strategy(strategy).ok().unwrap().listing.code;
    let setting = Setting { grain, limit: Some(limit), ..Setting::default() };
    let anomalies: Vec<&'static Anomaly> =
        ["context-leak", "amnesia", "lost-update"].map(|id| named(id).unwrap()).to_vec();
    let judges = Judges { anomalies };
    let program = Program::new(cast(lanes), code, setting).unwrap().with_detail(judges.detail());
    let limits = Limits::new(5_000_000, 4 << 30);
    let seen = seen(&program, &judges, limits, AtFirst::GoOn);
    assert_eq!(seen.stopped, None);
    let seen = seen.findings;
    (seen & 1 != 0, seen & 6 != 0)
}

/// What does not agree, in words.
fn disagreements(rows: &[Row]) -> Vec<String> {
    let mut found = Vec::new();
    for row in rows {
        let strategy = row.strategy;
        let mut compare = |what: &str, measured: Shown, possible: bool| {
            if (measured != No) != possible {
                found.push(format!("{strategy}: {what}: Gradio {measured:?}, here {possible}"));
            }
        };
        compare("serial leak", row.serial, possible(strategy, USERS, Grain::Turn, 1).0);
        for (limit, measured, double) in
            [(1, row.limit_1, row.double.0), (10, row.limit_10, row.double.1)]
        {
            let (leak, lost) = possible(strategy, USERS, Grain::Access, limit);
            compare(&format!("limit {limit}: leak"), measured.0, leak);
            compare(&format!("limit {limit}: lost"), measured.1, lost);
            let (_, lost) = possible(strategy, DOUBLE, Grain::Access, limit);
            compare(&format!("limit {limit}: lost by a double submit"), double, lost);
        }
    }
    found
}

#[test]
fn the_simulator_agrees_with_real_gradio() {
    assert_eq!(disagreements(&ROWS), [""; 0]);
}

/// The check can fail: each cell of a row, turned round, is noticed.
#[test]
fn a_wrong_row_is_noticed() {
    let wrong = row("session-map", Yes, (Yes, Yes), (Yes, Yes), (Yes, No));
    assert_eq!(disagreements(&[wrong]).len(), 7);
}

/// The framework calls a batch function once for all requests that wait: at limit 1, 29 to 30 of 30
/// measured runs of three users leak.
#[test]
fn a_batch_leaks_at_limit_1_as_it_does_in_real_gradio() {
    assert!(possible("framework-batch", USERS, Grain::Access, 1).0);
    assert!(!possible("framework-batch", USERS, Grain::Turn, 1).0, "users who take turns");
}
