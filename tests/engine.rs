//! What the engine promises besides right numbers, which `brute_force` and `facts` hold: no lane
//! is exchanged that may not be, nothing depends on threads, limits are kept and bounds hold.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::{LIMITS, cast, explored, explored_by, explored_within, fixture, judges, program};
use common::{users, with};
use interleak::anomalies::{Judges, named};
use interleak::explore::engine::{Ask, Explored, Merging, WantedOrders, explore};
use interleak::explore::graph::Stopped;
use interleak::explore::packed::{Packing, Symmetric};
use interleak::explore::sample::{interval, sample};
use interleak::explore::tally::Ratio;
use interleak::explore::walk::Limits;
use interleak::listing::Listing;
use interleak::model::LaneId;
use interleak::model::code::Key;
use interleak::model::program::{Detail, Grain, Grain::Line, Program, Setting};
use interleak::replay::machine::Machine;
use num_bigint::BigUint;

/// Context leak is the first anomaly of the registry.
const LEAK: usize = 0;

fn interchangeable(program: &Program) -> Vec<Vec<LaneId>> {
    Packing::new(program, &judges(), Symmetric::Verified).unwrap().interchangeable()
}

/// Takes a lock and does not give it back. Which lock is told by the question: see [`asks`].
const LOCK_BY_QUESTION: &str = "\
L = {}  #@ lock L[session]
def respond(question, session):
    L[question].acquire()  #@ acquire L
    answer = assistant([question])  #@ note question, infer
    return answer  #@ reply
";

fn asks(first: [&str; 2], second: [&str; 2]) -> Program {
    let says = |texts: [&str; 2]| texts.map(|text| format!("{{\"text\":\"{text}\"}}")).join(",");
    let lanes = format!(
        "{{\"user\":\"a\",\"says\":[{}]}},{{\"user\":\"b\",\"says\":[{}]}}",
        says(first),
        says(second)
    );
    // No listing can say this yet, but a program can be it.
    let mut code = Listing::parse("test.py", LOCK_BY_QUESTION).unwrap().code;
    code.places[0].keys = vec![Key::Question];
    Program::new(cast(&lanes), code, Setting { grain: Line, limit: None }).unwrap()
}

#[test]
fn lanes_that_take_locks_in_opposite_order_are_not_exchanged() {
    let alike = asks(["x", "y"], ["x", "y"]);
    let opposite = asks(["x", "y"], ["y", "x"]);
    assert_eq!(interchangeable(&alike), [vec![0, 1]]);
    assert!(interchangeable(&opposite).is_empty());
    for program in [alike, opposite] {
        let plain = explored_by(&program, Merging::Plain);
        let merged = explored_by(&program, Merging::Symmetric);
        assert_eq!(numbers(&merged), numbers(&plain));
    }
}

/// Everything but the sizes that depend on how states are merged.
fn numbers(explored: &Explored) -> String {
    let Explored { orders, traces, found, heard, .. } = explored;
    format!("{orders} {traces:?} {found:?} {heard:?}")
}

#[test]
fn only_lanes_that_nothing_tells_apart_are_exchanged() {
    let global = fixture("global");
    let of = |lanes: &str, listing: &str| interchangeable(&program(cast(lanes), listing, Line));
    let say = |count: usize| vec!["{\"text\":\"x\"}"; count].join(",");
    let lane = |user: &str, more: &str, turns: usize| {
        format!("{{\"user\":\"{user}\"{more},\"says\":[{}]}}", say(turns))
    };
    let (a, b) = (lane("a", "", 1), lane("b", "", 1));
    assert_eq!(of(&[a.clone(), b.clone()].join(","), &global), [vec![0, 1]]);
    let longer = [a.clone(), lane("b", "", 2), lane("c", "", 1)].join(",");
    assert_eq!(of(&longer, &global), [vec![0, 2]], "not with more turns");
    let two_lanes = [lane("a", ",\"name\":\"p\"", 1), lane("a", ",\"name\":\"q\"", 1), b].join(",");
    assert_eq!(of(&two_lanes, &global), [vec![0, 1]], "not with another user");
    let actor = program(users(3, 1), &fixture("actor"), Line);
    assert_eq!(interchangeable(&actor), [vec![0, 1, 2]]);
    assert!(interchangeable(&actor.with_grain(Grain::Turn)).is_empty(), "daemons in lane order");
}

#[test]
fn symmetry_merges_states_and_changes_no_number() {
    for (listing, lanes, turns) in
        [("global", 3, 1), ("locked", 3, 2), ("actor", 3, 1), ("narrow-lock", 2, 2)]
    {
        let program = program(users(lanes, turns), &fixture(listing), Line);
        let [plain, packed, merged] = [Merging::Plain, Merging::Packed, Merging::Symmetric]
            .map(|by| explored_by(&program, by));
        assert_eq!(numbers(&packed), numbers(&plain), "{listing}");
        assert_eq!(numbers(&merged), numbers(&plain), "{listing}");
        assert!(2 * merged.states < packed.states + 100, "{listing}");
        assert!(packed.states <= plain.states, "{listing}");
    }
}

#[test]
fn nothing_depends_on_threads() {
    let program = program(users(3, 2), &fixture("global"), Line);
    let found = [1, 2, 8].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| format!("{:?}", explored(&program)))
    });
    assert_eq!(found[0], found[1]);
    assert_eq!(found[0], found[2]);
    assert!(found[0].contains("5550996791340"), "the number of orders");
}

#[test]
fn a_state_takes_few_bytes() {
    let judges = Judges { anomalies: vec![named("context-leak").unwrap()] };
    let program = program(users(3, 3), &fixture("global"), Line).with_detail(Detail::Users);
    let explored = explore(&program, &Ask::new(&judges, LIMITS));
    assert_eq!(explored.orders.to_string(), "53494979785374631680");
    assert!(explored.bytes <= 24 * explored.states, "{} / {}", explored.bytes, explored.states);
}

/// Whether the left one is not the larger one.
fn at_most(left: &Ratio, right: &Ratio) -> bool {
    &left.numerator * &right.denominator <= &right.numerator * &left.denominator
}

#[test]
fn bounds_hold_wherever_a_limit_stops() {
    let program = program(users(2, 2), &fixture("global"), Line);
    let exact = explored(&program);
    let leak = with(&exact, LEAK);
    for states_max in (1..exact.states).step_by(7) {
        let limits = Limits { states_max, ..LIMITS };
        let cut = explored_within(&program, Merging::Symmetric, limits);
        assert_eq!(cut.stopped, Some(Stopped::States { states_max }));
        assert!(cut.states <= states_max);
        assert!(cut.orders <= exact.orders && cut.heard.is_none() && cut.traces.is_none());
        for found in cut.found.iter().filter(|found| found.finding == 1 << LEAK) {
            assert!(found.with.orders <= leak.orders);
            assert!(at_most(&found.with.chance, &leak.chance));
            assert!(at_most(&leak.chance, &found.chance_max));
        }
    }
}

#[test]
fn memory_is_a_limit_too() {
    let program = program(users(3, 3), &fixture("global"), Line);
    let limits = Limits { bytes_max: 1 << 20, ..LIMITS };
    let cut = explored_within(&program, Merging::Symmetric, limits);
    assert_eq!(cut.stopped, Some(Stopped::Memory { bytes_max: 1 << 20 }));
}

/// By rank come all orders, once each, sorted, and each of them runs.
#[test]
fn every_order_has_its_number() {
    for (listing, lanes) in [("global", 3), ("locked", 3), ("actor", 2)] {
        let program = program(users(lanes, 1), &fixture(listing), Grain::Access);
        let judges = judges();
        let orders = WantedOrders::All { max: 10_000 };
        let all = explore(&program, &Ask { orders, ..Ask::new(&judges, LIMITS) });
        let drawn = all.drawn.unwrap();
        assert_eq!(BigUint::from(drawn.len()), all.orders, "{listing}");
        for (index, (number, moves)) in drawn.iter().enumerate() {
            assert_eq!(*number, BigUint::from(index + 1));
            assert!(index == 0 || drawn[index - 1].1 < *moves, "sorted");
            assert!(Machine::run(&program, moves).is_ok());
            let orders = WantedOrders::Number(number.clone());
            let one = explore(&program, &Ask { orders, ..Ask::new(&judges, LIMITS) });
            assert_eq!(one.drawn.unwrap(), [(number.clone(), moves.clone())]);
        }
    }
}

#[test]
fn samples_agree_with_the_exact_chance_on_any_number_of_threads() {
    let program = program(users(2, 2), &fixture("global"), Line);
    let judges = judges();
    let seen = [1, 8].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| sample(&program, &judges, &[1 << LEAK, 1 << 4], 4000, 1))
    });
    assert_eq!(seen[0], seen[1]);
    let (low, high) = interval(seen[0].hits[0], seen[0].samples);
    assert!((low..high).contains(&(753.0 / 1024.0)), "{low} to {high}");
    assert_eq!(seen[0].hits[1], 0, "no turn is left without a reply");
    assert_ne!(sample(&program, &judges, &[1], 4000, 2).hits[0], seen[0].hits[0], "another seed");
}
