//! Everything shipped is complete: each scenario has a story, and for each strategy that it is
//! about an expectation and a sentence; each strategy has a lesson, and is what its group says. That the expectations hold is
//! `interleak check`, which is one of the goldens.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use interleak::anomalies::ANOMALIES;
use interleak::commands::load;
use interleak::listing::Listing;
use interleak::model::program::{Grain, Program, Setting};
use interleak::scenario::{Frequency, SHIPPED};
use interleak::screen::{COLUMNS, width};
use interleak::strategy::{Group, STRATEGIES, Strategy, Twin, names, told};

/// The two scenarios that every strategy is judged by: is a user kept from others, and a session
/// from itself? The other scenarios speak of the strategies that they are about.
const OF_ALL: [&str; 2] = ["voice-assistant", "double-click"];

#[test]
fn every_scenario_speaks_of_its_strategies() {
    assert!(SHIPPED.len() >= 20);
    for scenario in load::scenarios(&[]).unwrap() {
        let name = &scenario.name;
        let scenario = &scenario.scenario;
        assert!(!scenario.story.is_empty(), "{name} has no story");
        let expected: Vec<&str> = scenario.expect.iter().map(|(it, _)| it.as_str()).collect();
        let remarked: Vec<&str> = scenario.remarks.iter().map(|(it, _)| it.as_str()).collect();
        let mut meant = names();
        meant.retain(|it| OF_ALL.contains(&name.as_str()) || expected.contains(it));
        // A listing that stands beside the scenario.
        meant.extend(expected.iter().filter(|it| it.ends_with(".py")));
        assert_eq!(expected, meant, "{name} expects something of its strategies, in lesson order");
        assert_eq!(remarked, meant, "{name} says something about each of them");
    }
}

/// What a scenario expects a strategy to show; that it holds is `interleak check`.
fn expects(scenario: &str, strategy: &str, anomaly: &str) -> bool {
    let scenario = load::scenario(scenario).unwrap().scenario;
    let mut expected = scenario.expect.into_iter().filter(|(name, _)| name == strategy);
    let (_, expected) = expected.next().unwrap();
    expected.of(anomaly) != Frequency::Never
}

/// Whether it leaks although whole requests run one after the other.
fn leaks_in_turns(strategy: &str) -> bool {
    let cast = load::scenario("voice-assistant").unwrap().scenario.cast;
    let code = load::strategy(strategy).unwrap().listing.code;
    let setting = Setting { grain: Grain::Turn, ..Setting::default() };
    let program = Program::new(cast, code, setting).unwrap();
    let leak = ANOMALIES.iter().position(|anomaly| anomaly.id == "context-leak").unwrap();
    common::with(&common::explored(&program), leak).orders != 0_u32.into()
}

#[test]
fn every_strategy_is_what_its_group_says() {
    for Strategy { group, name, .. } in STRATEGIES {
        let leaks = expects("voice-assistant", name, "context-leak");
        let loses = expects("double-click", name, "lost-update");
        let holds = match group {
            // What the registry says of these.
            Group::Sharing if *name == "framework-batch" => leaks && !leaks_in_turns(name),
            Group::FalseRepair if *name == "replicas-unsticky" => {
                expects("voice-assistant", name, "amnesia")
            }
            Group::RaceOnly if *name == "pooled-connection" => {
                !leaks && expects("cancel", name, "context-leak")
            }
            Group::Sharing => leaks && leaks_in_turns(name),
            Group::FalseRepair => leaks,
            Group::RaceOnly => leaks && !leaks_in_turns(name),
            Group::Isolated => !leaks && loses,
            Group::Right => !leaks && !loses,
        };
        assert!(holds, "{name} is not what is said of its group: {}", group.title());
    }
    let order = STRATEGIES.windows(2);
    assert!(order.into_iter().all(|pair| pair[0].group as u8 <= pair[1].group as u8));
}

#[test]
fn no_shipped_listing_is_doubted() {
    for strategy in STRATEGIES {
        let listing = Listing::parse(strategy.name, strategy.listing);
        let listing = listing.unwrap_or_else(|_| panic!("{} is a listing", strategy.name));
        assert_eq!(listing.doubts, [], "{}", strategy.name);
    }
}

#[test]
fn every_strategy_is_a_lesson() {
    for strategy in STRATEGIES {
        let loaded = load::strategy(strategy.name).unwrap();
        for word in ["believed", "actual"] {
            let told = told(&loaded.listing.lesson, word);
            let told = told.unwrap_or_else(|| panic!("{}: nothing is {word}", strategy.name));
            // `list` shows it on one line, behind the names.
            assert!(width(&told) + 22 <= COLUMNS, "{}: `{told}` is too wide", strategy.name);
        }
        let twin = match strategy.twin {
            Twin::Source(source) => source,
            Twin::None(_) => "",
        };
        for line in strategy.listing.lines().chain(twin.lines()) {
            // `explain` shows it behind four spaces.
            assert!(width(line) + 4 <= COLUMNS, "{}: `{line}` is too wide", strategy.name);
        }
    }
}

#[test]
fn every_strategy_has_a_twin_or_says_why_not() {
    use interleak::platform::{Arc, Real};
    use interleak::twins::{opener, stage::Stage};
    let cast = Arc::new(load::scenario("two-tabs").unwrap().scenario.cast);
    for strategy in STRATEGIES {
        let open = opener::<Real>(strategy.name);
        let Twin::Source(source) = strategy.twin else {
            assert!(open.is_none(), "{} has a twin that is not shown", strategy.name);
            continue;
        };
        let open = open.unwrap_or_else(|| panic!("{} has no twin", strategy.name));
        open(Stage::new(Arc::clone(&cast))).stop();
        let named = format!("//! `{}`, as real Rust", strategy.name);
        assert!(source.starts_with(&named), "{}: another twin's source", strategy.name);
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
    let mut topics: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.topic).collect();
    topics.dedup();
    for topic in topics {
        let of_topic = SHIPPED.iter().filter(|shipped| shipped.topic == topic);
        let scenarios: Vec<&str> = of_topic.map(|shipped| shipped.name).collect();
        let folder = format!("scenarios/{topic}");
        assert_eq!(scenarios, names_in(&folder, ".json"));
        let readme = format!("{}/{folder}/README.md", env!("CARGO_MANIFEST_DIR"));
        let readme = std::fs::read_to_string(readme).unwrap();
        for name in scenarios {
            assert!(readme.contains(&format!("`{name}`")), "{topic}/README.md leaves out {name}");
        }
    }
    let mut strategies = names();
    strategies.sort_unstable();
    assert_eq!(strategies, names_in("strategies", ".py"));
}
