//! The numbers that any implementation must reproduce: closed forms, and the table that was
//! computed independently of this project.

mod common;

use common::{counted, explored, explored_by, fixture, outcomes, program, users, with};
use interleak::explore::engine::Merging;
use interleak::model::program::{Grain, Grain::Access, Grain::Line, Program};
use num_bigint::BigUint;

/// Context leak is the first anomaly of the registry.
const LEAK: usize = 0;

#[track_caller]
fn check(
    grain: Grain,
    listing: &str,
    lanes: usize,
    turns: usize,
    orders: u64,
    leaking: u64,
    (numerator, denominator): (u64, u64),
) {
    assert_eq!(interleak::anomalies::ANOMALIES[LEAK].id, "context-leak");
    let explored = explored(&counted(users(lanes, turns), listing, grain));
    let leak = with(&explored, LEAK);
    assert_eq!(explored.orders, BigUint::from(orders), "orders");
    assert_eq!(leak.orders, BigUint::from(leaking), "orders with a leak");
    assert_eq!(leak.chance.numerator, BigUint::from(numerator), "P, above");
    assert_eq!(leak.chance.denominator, BigUint::from(denominator), "P, below");
}

#[test]
fn counts_of_the_table() {
    check(Access, "global", 2, 1, 6, 2, (1, 2));
    check(Access, "global", 2, 2, 70, 58, (13, 16));
    check(Access, "global", 3, 1, 90, 54, (7, 9));
    check(Access, "session-map", 2, 2, 70, 0, (0, 1));
    check(Access, "locked", 2, 2, 6, 0, (0, 1));
    check(Line, "global", 2, 1, 252, 12, (1, 8));
    check(Line, "global", 2, 2, 184_756, 137_776, (753, 1024));
    check(Line, "global", 3, 1, 756_756, 88_956, (199, 729));
    check(Line, "session-map", 3, 1, 756_756, 0, (0, 1));
    check(Line, "locked", 2, 2, 1070, 0, (0, 1));
}

#[test]
fn counts_of_the_other_designs() {
    check(Line, "current-context", 2, 1, 252, 180, (5, 8));
    check(Line, "narrow-lock", 2, 1, 1860, 20, (1, 8));
    check(Line, "actor", 2, 1, 650, 0, (0, 1));
    check(Line, "locked", 3, 1, 720, 0, (0, 1));
}

#[test]
fn outcomes_of_the_table() {
    #[track_caller]
    fn check(listing: &str, lanes: usize, turns: usize, expected: usize) {
        for grain in [Line, Access] {
            let program = counted(users(lanes, turns), listing, grain);
            assert_eq!(outcomes(&program), expected, "{listing} at grain {}", grain.name());
        }
    }
    check("global", 2, 1, 3);
    check("global", 2, 2, 19);
    check("global", 3, 1, 16);
    check("locked", 2, 2, 1);
    check("locked", 3, 1, 1);
    check("current-context", 2, 1, 9);
    check("narrow-lock", 2, 1, 3);
    check("actor", 2, 1, 1);
}

#[test]
fn traces_of_the_table() {
    #[track_caller]
    fn check(listing: &str, lanes: usize, turns: usize, expected: u64) {
        let program = counted(users(lanes, turns), listing, Line);
        assert_eq!(explored(&program).traces, Some(expected.into()), "{listing} {lanes}×{turns}");
    }
    check("global", 2, 1, 4);
    check("global", 2, 2, 34);
    check("global", 3, 1, 36);
    check("locked", 2, 2, 6);
    check("locked", 3, 1, 6);
    check("locked", 3, 2, 90);
    check("current-context", 2, 1, 24);
    check("narrow-lock", 2, 1, 6);
    check("actor", 2, 1, 4);
    check("session-map", 3, 2, 1);
    // Notes for whoever builds the engine, section 4.
    check("global", 4, 2, 5_189_880);
}

/// Its copies touch two places in one step; over several turns what was copied matters.
#[test]
fn current_context_over_several_turns() {
    let program = counted(users(2, 2), "current-context", Line);
    let [plain, packed, merged] =
        [Merging::Plain, Merging::Packed, Merging::Symmetric].map(|by| explored_by(&program, by));
    assert_eq!(merged.orders, factorial(20) / factorial(10).pow(2));
    for other in [plain, packed] {
        assert_eq!(with(&other, LEAK), with(&merged, LEAK));
        assert_eq!(other.traces, merged.traces);
    }
}

/// n lanes of k free steps each have (n·k)! / (k!)ⁿ orders.
#[test]
fn multinomials() {
    for (lanes, turns) in [(1, 1), (2, 3), (3, 2), (4, 1), (5, 1)] {
        let program = program(users(lanes, turns), &fixture("session-map"), Line);
        let steps = 5 * turns as u64;
        let expected = factorial(lanes as u64 * steps) / factorial(steps).pow(lanes as u32);
        assert_eq!(explored(&program).orders, expected, "{lanes} lanes of {turns} turns");
    }
}

/// Numbers beyond 128 bits are exact too.
#[test]
fn numbers_of_any_size() {
    let program = program(users(3, 6), &fixture("session-map"), Line);
    let expected = factorial(90) / factorial(30).pow(3);
    assert!(expected.bits() > 128);
    assert_eq!(explored(&program).orders, expected);
}

/// Each request writes the current user first and reads it back last, k steps in all:
/// n! orders are free of leaks, and P(leak) = 1 − (n!)^−(k−1).
#[test]
fn current_user() {
    for (lanes, steps) in [(2, 2), (2, 3), (2, 6), (3, 2), (3, 4), (4, 2)] {
        let program = current_user_program(lanes, steps);
        let explored = explored(&program);
        let leak = with(&explored, LEAK);
        let orders = factorial((lanes * steps) as u64) / factorial(steps as u64).pow(lanes as u32);
        let whole = factorial(lanes as u64).pow(steps as u32 - 1);
        assert_eq!(explored.orders, orders);
        assert_eq!(
            &explored.orders - &leak.orders,
            factorial(lanes as u64),
            "orders without a leak"
        );
        assert_eq!(leak.chance.denominator, whole, "{lanes} lanes of {steps} steps");
        assert_eq!(leak.chance.numerator, whole - 1_u32);
    }
}

fn current_user_program(lanes: usize, steps: usize) -> Program {
    let between = "    work()  #@ note question\n".repeat(steps - 2);
    let listing = format!(
        "CURRENT = []  #@ shared CURRENT\n\
         def respond(question, session):\n\
         \x20   CURRENT[:] = [question]  #@ note question, store CURRENT\n\
         {between}\
         \x20   return assistant(list(CURRENT))  #@ load CURRENT, infer, reply\n"
    );
    program(users(lanes, 1), &listing, Line)
}

fn factorial(number: u64) -> BigUint {
    (1..=number).map(BigUint::from).product()
}
