//! Every reason is true of the order that it is told of: each step that it names exists, is made by
//! the lane that it names, touches the place that it names, and does what it says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

#[path = "../common/mod.rs"]
mod common;
mod named;
mod truth;
mod wrong;

use common::random::{LANES, draw, listing, server};
use common::{LIMITS, cast, judges};
use interleak::anomalies::ANOMALIES;
use interleak::anomalies::reason::Reason;
use interleak::commands::load;
use interleak::explore::engine::{Ask, explore};
use interleak::explore::walk::Limits;
use interleak::listing::Listing;
use interleak::model::program::{Grain, Program, Setting};
use interleak::replay::machine::Machine;
use interleak::replay::record::Record;
use interleak::scenario::SHIPPED;
use interleak::strategy::names;
use proptest::prelude::{ProptestConfig, prop, prop_assume, proptest};
use proptest::test_runner::RngSeed;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::BTreeSet;
use truth::Order;

/// The engine's own orders are looked at where few states lead to them.
const FEW: Limits = Limits { states_max: 3_000, ..LIMITS };
/// Orders of each program that are drawn.
const DRAWN: u64 = 4;

/// Names of the facts of an order that were found true.
type Told = BTreeSet<String>;

/// Judges everything that is said of an order.
fn check(program: &Program, record: &Record, told: &mut Told) {
    for anomaly in ANOMALIES {
        for finding in (anomaly.find)(program, record) {
            let order = Order { program, record, finding: &finding };
            let said = (anomaly.say)(program, record, &finding);
            assert!(order.says(&said), "{said:?}\n{}", shown(program, record));
            told.insert(fact(&said));
            let why = (anomaly.why)(program, record, &finding);
            // Of a whole turn that cannot end, nothing is in the record.
            let is_unseen = anomaly.id == "deadlock" && program.setting.grain.is_serial();
            assert!(
                is_unseen || !why.is_empty(),
                "{} has no reason\n{}",
                anomaly.id,
                shown(program, record)
            );
            for reason in &why {
                assert!(order.holds(reason), "{reason:?}\n{}", shown(program, record));
                told.insert(fact(reason));
            }
            assert!(truth::in_time(&why), "{why:?}\n{}", shown(program, record));
            if let Some(mark) = (anomaly.mark_at)(program, record, &finding) {
                assert!(order.marks(&mark), "{mark:?}\n{}", shown(program, record));
                told.insert(fact(&mark.says));
            }
        }
    }
}

fn fact(fact: &impl std::fmt::Debug) -> String {
    let name = format!("{fact:?}");
    name.split([' ', '{']).next().unwrap().to_owned()
}

/// An order in a few lines, for whoever reads why a test failed.
fn shown(program: &Program, record: &Record) -> String {
    let mut text = format!("grain {}\n", program.setting.grain.name());
    for (step, run) in record.steps.iter().enumerate() {
        for line in &run.lines {
            let lane = &program.lanes[line.lane].name;
            let code = program.routine(line.lane).lines.iter();
            let ops: Vec<_> =
                code.filter(|it| it.number == line.number).map(|it| &it.ops).collect();
            text += &format!("{:>3} {lane} {ops:?} {:?}\n", step + 1, line.events);
        }
    }
    text + &format!("{:?}", record.ending)
}

/// The simplest order of each finding, if few states lead to it, and some that are drawn.
fn orders(program: &Program, drawn: u64) -> Vec<Record> {
    let judges = judges();
    let explored = explore(program, &Ask::new(&judges, FEW));
    let witnesses = explored.found.iter().map(|found| &found.witness.moves);
    let mut records: Vec<Record> =
        witnesses.map(|moves| Machine::run(program, moves).unwrap()).collect();
    records.extend((1..=drawn).map(|seed| draw(program, seed, &mut |_| ())));
    records
}

/// What is said of every shipped scenario with every strategy that fits, at every grain.
#[test]
fn every_reason_of_a_shipped_pair_is_true_of_its_order() {
    let pairs: Vec<(&str, &str)> = SHIPPED
        .iter()
        .flat_map(|it| names().into_iter().map(move |name| (it.name, name)))
        .collect();
    let told = pairs.par_iter().map(|(scenario, strategy)| told_of(scenario, strategy));
    let told = told.reduce(Told::new, |all, one| &all | &one);
    // What the shipped pages are made of.
    for fact in ["Through", "Kept", "Overtaken", "Piped", "ElsewhereThen", "MessageBetween"] {
        assert!(told.contains(fact), "{fact} is never told: {told:?}");
    }
}

fn told_of(scenario: &str, strategy: &str) -> Told {
    let scenario = load::scenario(scenario).unwrap().scenario;
    let code = load::strategy(strategy).unwrap().listing.code;
    let mut told = Told::new();
    for grain in Grain::ALL {
        let setting = Setting { grain, ..scenario.setting };
        let program = Program::new(scenario.cast.clone(), code.clone(), setting);
        let Ok(program) = program else { continue };
        let records = match grain == scenario.setting.grain {
            true => orders(&program, DRAWN),
            false => vec![draw(&program, 1, &mut |_| ())],
        };
        records.iter().for_each(|record| check(&program, record, &mut told));
    }
    told
}

/// Lanes of which none says the same twice: a reason names a message by its lane and its words.
fn told_apart() -> Vec<&'static str> {
    let says_once = |lanes: &&str| {
        let cast = cast(lanes);
        let said: BTreeSet<_> = cast.turns.iter().map(|turn| (turn.lane, &turn.text)).collect();
        said.len() == cast.turns.len()
    };
    LANES.into_iter().filter(says_once).collect()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_reason_of_a_random_program_is_true_of_its_order(
        listing in listing(),
        lanes in prop::sample::select(told_apart()),
        grain in prop::sample::select(&Grain::ALL[..]),
        server in server(),
        cancels in prop::option::weighted(0.3, 0..2_usize),
        seed in 1..1000_u64,
    ) {
        let mut cast = cast(lanes);
        cast.cancels = cancels.into_iter().collect();
        let code = Listing::parse("random.py", &listing).unwrap().code;
        let program = Program::new(cast, code, Setting { grain, ..server });
        prop_assume!(program.is_ok());
        let program = program.unwrap();
        let mut told = Told::new();
        for seed in seed..seed + 3 {
            check(&program, &draw(&program, seed, &mut |_| ()), &mut told);
        }
    }
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let cases = cases.unwrap_or(1000);
    // The same programs in every run; PROPTEST_CASES looks at more of them.
    let rng_seed = RngSeed::Fixed(14);
    ProptestConfig { cases, rng_seed, max_global_rejects: 50_000, ..ProptestConfig::default() }
}

/// The checks themselves can fail: whatever a reason names, nothing else would do.
#[test]
fn a_wrong_step_lane_or_place_is_noticed() {
    let mut tried = Told::new();
    for (scenario, strategies) in [
        ("voice-assistant", &["global", "cache-by-question", "racy-id", "queue-global"][..]),
        ("double-click", &["session-map", "session-map-append", "replicas-unsticky"][..]),
    ] {
        let scenario = load::scenario(scenario).unwrap().scenario;
        for strategy in strategies {
            let code = load::strategy(strategy).unwrap().listing.code;
            let program = Program::new(scenario.cast.clone(), code, scenario.setting).unwrap();
            for record in orders(&program, DRAWN) {
                for anomaly in ANOMALIES {
                    for finding in (anomaly.find)(&program, &record) {
                        let why = (anomaly.why)(&program, &record, &finding);
                        let order = Order { program: &program, record: &record, finding: &finding };
                        why.iter().for_each(|reason| wrong_are_noticed(&order, reason, &mut tried));
                    }
                }
            }
        }
    }
    for fact in ["Through", "Kept", "Overtaken", "ElsewhereThen", "Asked", "TooLate"] {
        assert!(tried.contains(fact), "{fact} was not tried: {tried:?}");
    }
}

fn wrong_are_noticed(order: &Order, reason: &Reason, tried: &mut Told) {
    for wrong in wrong::versions(order.record.steps.len(), reason) {
        assert!(
            !order.holds(&wrong),
            "{wrong:?} passes as well as {reason:?}\n{}",
            shown(order.program, order.record)
        );
        tried.insert(fact(reason));
    }
}

/// Reasons that are each true, and told in an order that time does not have.
#[test]
fn steps_that_are_out_of_order_are_noticed() {
    let through = |put, read| Reason::Through {
        place: "H".into(),
        writer: "a".into(),
        put,
        reader: "b".into(),
        read,
    };
    assert!(truth::in_time(&[through(1, 2), through(2, 3)]));
    assert!(!truth::in_time(&[through(2, 1)]));
    assert!(!truth::in_time(&[through(2, 3), through(1, 3)]));
}
