//! Everything shipped is complete: each scenario has a story, and for every shipped strategy an
//! expectation and a sentence; each strategy has a lesson. That the expectations hold is
//! `interleak check`, which is one of the goldens.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::commands::load;
use interleak::scenario::SHIPPED;
use interleak::screen::{COLUMNS, width};
use interleak::strategy::{STRATEGIES, names};

#[test]
fn every_scenario_speaks_of_every_strategy() {
    assert!(SHIPPED.len() >= 5);
    for scenario in load::all_scenarios().unwrap() {
        let name = &scenario.name;
        assert!(!scenario.scenario.story.is_empty(), "{name} has no story");
        let expected: Vec<&str> =
            scenario.scenario.expect.iter().map(|(it, _)| it.as_str()).collect();
        let remarked: Vec<&str> =
            scenario.scenario.remarks.iter().map(|(it, _)| it.as_str()).collect();
        assert_eq!(
            expected,
            names(),
            "{name} expects something of every strategy, in lesson order"
        );
        assert_eq!(remarked, names(), "{name} says something about every strategy");
    }
}

#[test]
fn every_strategy_is_a_lesson() {
    for strategy in STRATEGIES {
        let loaded = load::strategy(strategy.name).unwrap();
        for word in ["Believed:", "Actual:"] {
            assert!(loaded.listing.lesson.contains(word), "{}: no {word}", strategy.name);
        }
        for line in strategy.listing.lines().chain(strategy.twin.lines()) {
            // `explain` shows it behind four spaces.
            assert!(width(line) + 4 <= COLUMNS, "{}: `{line}` is too wide", strategy.name);
        }
    }
}

#[test]
fn every_strategy_has_a_twin() {
    use interleak::platform::{Arc, Real};
    use interleak::twins::{opener, stage::Stage};
    let cast = Arc::new(load::scenario("two-tabs").unwrap().scenario.cast);
    for strategy in STRATEGIES {
        let open = opener::<Real>(strategy.name);
        let open = open.unwrap_or_else(|| panic!("{} has no twin", strategy.name));
        open(Stage::new(Arc::clone(&cast))).stop();
        let named = format!("//! `{}`, as real Rust", strategy.name);
        assert!(strategy.twin.starts_with(&named), "{}: another twin's source", strategy.name);
    }
    assert!(opener::<Real>("none").is_none());
}

/// The files in the folder are the ones that are embedded.
#[test]
fn no_file_is_forgotten() {
    let names_in = |folder: &str, ending: &str| {
        let root = env!("CARGO_MANIFEST_DIR");
        let entries = std::fs::read_dir(format!("{root}/{folder}")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> =
            names.filter_map(|name| Some(name.strip_suffix(ending)?.to_owned())).collect();
        names.sort();
        names
    };
    let scenarios: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.name).collect();
    assert_eq!(scenarios, names_in("scenarios", ".json"));
    let mut strategies = names();
    strategies.sort_unstable();
    assert_eq!(strategies, names_in("strategies", ".py"));
}
