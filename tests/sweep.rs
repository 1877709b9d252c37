//! Scenarios that grow: who is in them, and that their numbers are those of a scenario that was
//! written so.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::cast;
use interleak::model::cast::Cast;
use interleak::scenario::{SHIPPED, Scenario, Vocabulary, grown};
use num_bigint::BigUint;
use serde_json::{Value, json};
use std::process::{Command, Output};

fn interleak(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_interleak")).args(arguments).output().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_slice(&interleak(arguments).stdout).unwrap()
}

fn shipped(name: &str) -> Cast {
    let text = SHIPPED.iter().find(|shipped| shipped.name == name).unwrap().text;
    let known = Vocabulary {
        strategies: &interleak::strategy::names(),
        anomalies: &interleak::anomalies::names(),
    };
    Scenario::parse(name, text, known)
        .unwrap_or_else(|e| unreachable!("{}", e.render(interleak::words::Words::english(), false)))
        .cast
}

fn names(cast: &Cast) -> Vec<String> {
    let user = |lane: &interleak::model::cast::ClientLane| {
        let session = &cast.sessions[lane.session];
        let (user, address) = (&cast.users[session.user], &cast.addresses[lane.address]);
        format!("{} {} {user} {address}", lane.name, session.name)
    };
    cast.lanes.iter().map(user).collect()
}

#[test]
fn nothing_grows_unless_it_is_asked_for() {
    for one in SHIPPED {
        let cast = shipped(one.name);
        assert_eq!(grown(&cast, cast.lanes.len(), None), cast, "{}", one.name);
    }
}

#[test]
fn lanes_come_again_with_users_of_their_own() {
    let cast = grown(&shipped("class"), 7, None);
    assert_eq!(
        names(&cast),
        [
            "click-1 alice alice alice",
            "click-2 alice alice alice",
            "bob bob bob bob",
            "click-1-2 alice-2 alice-2 alice-2",
            "click-2-2 alice-2 alice-2 alice-2",
            "bob-2 bob-2 bob-2 bob-2",
            "click-1-3 alice-3 alice-3 alice-3",
        ]
    );
    assert_eq!(cast.turns[3].text, "My name is Alice 2.");
    assert_eq!(cast.turns[3].tells, [("name".to_owned(), "Alice 2".to_owned())]);
    assert_eq!(cast.turns[5].text, cast.turns[2].text, "who tells nothing asks the same");
    assert_eq!(grown(&shipped("class"), 1, None).users, ["alice"]);
}

/// Behind one router all have one address; two devices of one user have two, and a copy's are its
/// own.
#[test]
fn addresses_are_shared_or_ones_own() {
    let lanes = r#"{"user":"a","address":"nat","says":[{"text":"x"}]},{"user":"b","address":"nat","says":[{"text":"y"}]},{"user":"c","session":"phone","address":"p","says":[{"text":"z"}]},{"user":"c","session":"laptop","address":"l","says":[{"text":"z"}]}"#;
    let grown = grown(&cast(lanes), 8, None);
    let addresses: Vec<&str> =
        grown.lanes.iter().map(|lane| grown.addresses[lane.address].as_str()).collect();
    assert_eq!(addresses, ["nat", "nat", "p", "l", "nat", "nat", "p-2", "l-2"]);
}

#[test]
fn no_two_lanes_get_one_name() {
    let lanes = r#"{"user":"a","says":[{"text":"x"}]},{"user":"a-2","says":[{"text":"y"}]}"#;
    let grown = grown(&cast(lanes), 16, None);
    let mut names: Vec<&str> = grown.lanes.iter().map(|lane| lane.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!((names.len(), grown.users.len()), (16, 16));
}

#[test]
fn turns_come_again_and_a_cancellation_does_not() {
    let template = shipped("cancel");
    let grown = grown(&template, template.lanes.len(), Some(3));
    assert!(grown.lanes.iter().all(|lane| lane.turns.clone().count() == 3));
    assert_eq!(grown.cancels.len(), template.cancels.len());
    let numbers: Vec<usize> = grown.turns.iter().map(|turn| turn.number).collect();
    assert_eq!(numbers[..3], [1, 2, 3]);
    let texts = |cast: &Cast, turn: usize| cast.turns[turn].text.clone();
    assert_eq!(texts(&grown, 0), texts(&template, 0));
}

/// A sweep's numbers are those of `run` on a scenario that was written with as many lanes.
#[test]
fn a_grown_scenario_counts_as_a_written_one() {
    let folder = tempfile::tempdir().unwrap();
    let lane = |user: &str| {
        let name = user.replacen('a', "A", 1).replace('-', " ");
        format!(
            r#"{{"user":"{user}","says":[{{"text":"My name is {name}.","tells":{{"name":"{name}"}}}},{{"text":"What is my name?","asks":"name"}}]}}"#
        )
    };
    let bob = r#"{"user":"bob","says":[{"text":"What is my name?","asks":"name"}]}"#;
    let text = format!(
        r#"{{"format":1,"title":"t","lanes":[{},{bob},{}]}}"#,
        lane("alice"),
        lane("alice-2")
    );
    let path = folder.path().join("written.json");
    std::fs::write(&path, text).unwrap();
    for strategy in ["global", "cache-by-question", "session-lock", "actor"] {
        let swept =
            ["sweep", "voice-assistant", "--lanes", "3", "-s", strategy, "--format", "json"];
        let found = json(&swept)["strategies"][0]["points"][0]["found"].clone();
        let run = json(&["run", path.to_str().unwrap(), "-s", strategy, "--format", "json"]);
        let leak = &run["results"][0]["anomalies"]["context-leak"];
        assert_eq!(found["interleavings"], run["results"][0]["interleavings"], "{strategy}");
        assert_eq!(found["with"], leak["interleavings"], "{strategy}");
        assert_eq!(found["probability_exact"], leak["probability_exact"], "{strategy}");
        assert_eq!(found["verdict"], leak["verdict"], "{strategy}");
    }
}

/// n lanes of k steps have (nk)! / (k!)^n orders.
#[test]
fn orders_grow_as_multinomials() {
    let sweep = json(&[
        "sweep",
        "three-students",
        "--lanes",
        "2..6",
        "-s",
        "session-map",
        "--format",
        "json",
    ]);
    let orders: Vec<String> = sweep["strategies"][0]["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point["found"]["interleavings"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(orders.len(), 5);
    let factorial = |n: u64| (1..=n).map(BigUint::from).product::<BigUint>();
    let steps = steps_of_a_lane();
    let multinomial = |lanes: u64| factorial(lanes * steps) / factorial(steps).pow(lanes as u32);
    let expected: Vec<String> = (2..=6).map(|lanes| multinomial(lanes).to_string()).collect();
    assert_eq!(orders, expected);
}

/// Every lane of `three-students` has as many turns, and a turn with a session map has two steps.
fn steps_of_a_lane() -> u64 {
    let cast = shipped("three-students");
    let turns: Vec<usize> = cast.lanes.iter().map(|lane| lane.turns.clone().count()).collect();
    assert!(turns.iter().all(|&count| count == turns[0]));
    2 * turns[0] as u64
}

/// A strategy that cannot be run at a larger value keeps what it has, and so do the others.
#[test]
fn what_becomes_impossible_ends_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    // Every copy says its own: 16 sessions with 64 questions are too many places of a cache.
    let says = (0..4).map(|turn| {
        format!(r#"{{"text": "My {turn} is {turn}.", "tells": {{"{turn}": "{turn}."}}}}"#)
    });
    let says = says.collect::<Vec<_>>().join(",");
    let text = format!(r#"{{"format":1,"title":"t","lanes":[{{"user":"a","says":[{says}]}}]}}"#);
    let path = folder.path().join("many.json");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let arguments = [
        "sweep",
        path,
        "--lanes",
        "1,14..16",
        "--max-states",
        "30",
        "-s",
        "global",
        "-s",
        "cache-by-session",
    ];
    let output = interleak(&[&arguments[..], &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(3));
    let sweep: Value = serde_json::from_slice(&output.stdout).unwrap();
    let [global, cached] = sweep["strategies"].as_array().unwrap().as_slice() else {
        unreachable!("two strategies")
    };
    assert!(global["impossible"].is_null());
    assert!(cached["impossible"].as_str().unwrap().contains("shared places"), "{cached}");
    assert!(cached["points"][0]["price"].is_object() && cached["points"][3]["price"].is_null());
    assert!(cached["points"][3]["found"].is_null(), "it cannot be run at all: {cached}");
    let page = String::from_utf8(interleak(&arguments).stdout).unwrap();
    assert!(page.contains("ends    at 1"), "{page}");
}

/// A page of 80 columns, also where something was stopped.
#[test]
fn a_page_has_at_most_80_columns() {
    for arguments in [
        &["sweep", "class", "--lanes", "2..6"][..],
        &["sweep", "three-students", "--turns", "1..3", "-s", "global", "--only", "torn-history"],
        &["sweep", "class", "--infer-ms", "0,3600000", "-s", "all"],
    ] {
        let page = String::from_utf8(interleak(arguments).stdout).unwrap();
        let wide = page.lines().find(|line| interleak::screen::width(line) > 80);
        assert_eq!(wide, None, "{arguments:?}");
    }
}

#[test]
fn thinking_longer_changes_the_price_and_no_order() {
    let sweep =
        json(&["sweep", "class", "--infer-ms", "0,10,500", "-s", "locked", "--format", "json"]);
    let points = sweep["strategies"][0]["points"].as_array().unwrap();
    let worst: Vec<u64> =
        points.iter().map(|point| point["price"]["worst_ms"].as_u64().unwrap()).collect();
    assert_eq!(worst, [0, 30, 1500]);
    assert!(points.iter().all(|point| point["found"] == points[0]["found"]));
}

/// Where it had to stop it says so, and says nothing of what lies beyond.
#[test]
fn a_stop_is_said_in_every_format() {
    let arguments =
        ["sweep", "voice-assistant", "--lanes", "2..6", "-s", "global", "--max-states", "1000"];
    for (format, word) in [
        ("text", "stopped at 4 lanes: the limit of 1,000 states was hit"),
        ("json", "the limit of 1,000 states was hit"),
        ("csv", "sticky,1000,4,false,\"the limit of 1,000 states was hit"),
    ] {
        let output = interleak(&[&arguments[..], &["--format", format]].concat());
        assert_eq!(output.status.code(), Some(3), "{format}");
        let page = String::from_utf8(output.stdout).unwrap();
        assert!(page.contains(word), "{format}: {page}");
    }
    let sweep = json(&[&arguments[..], &["--format", "json"]].concat());
    let points = sweep["strategies"][0]["points"].as_array().unwrap();
    assert_eq!(points.len(), 5);
    // What was not begun is not known, which is not the same as nothing.
    for point in &points[3..] {
        let found = &point["found"];
        assert_eq!((&found["complete"], &found["verdict"]), (&json!(false), &json!("unknown")));
        assert_eq!(found["stopped"], "not begun: the exploration stopped at lanes 4");
        assert_eq!((&found["with"], &found["probability_at_most"]), (&json!("0"), &json!(1.0)));
    }
    let table = interleak(&[&arguments[..], &["--format", "csv"]].concat()).stdout;
    let table = String::from_utf8(table).unwrap();
    let begun = "6,false,not begun: the exploration stopped at lanes 4,0,0,unknown,0,0,1,";
    assert!(table.lines().last().unwrap().contains(begun), "{table}");
    let stopped = &points[2]["found"];
    let exact =
        json(&["sweep", "voice-assistant", "--lanes", "4", "-s", "global", "--format", "json"]);
    let exact = exact["strategies"][0]["points"][0]["found"]["probability"].as_f64().unwrap();
    let (low, high) = (&stopped["probability"], &stopped["probability_at_most"]);
    assert!(low.as_f64().unwrap() <= exact && exact <= high.as_f64().unwrap(), "{stopped}");
    assert!(points[4]["price"]["worst_ms"].is_u64(), "virtual time needs no exploration");
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    for format in ["text", "json", "csv"] {
        let ask = |threads| {
            let arguments = ["sweep", "class", "--lanes", "1..4", "--format", format];
            interleak(&[&arguments[..], &["--threads", threads]].concat()).stdout
        };
        assert_eq!(ask("1"), ask("8"), "{format}");
    }
}

/// The picture of `docs/README.md` is what its command draws.
#[test]
fn the_picture_of_the_docs_is_drawn_by_its_command() {
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("growth.svg");
    let written = include_str!("../docs/sweep.svg");
    let readme = include_str!("../docs/README.md");
    assert!(readme.contains("interleak sweep class --lanes 2..4 --svg growth.svg"));
    let output = interleak(&["sweep", "class", "--lanes", "2..4", "--svg", svg.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "the first sweep that somebody tries completes");
    assert!(std::fs::read_to_string(&svg).unwrap() == written, "draw docs/sweep.svg again");
}

/// The picture is written whole, in place of an older one, and nothing else is replaced.
#[test]
fn a_picture_is_written_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("growth.svg");
    std::fs::write(&svg, "old").unwrap();
    let arguments = ["sweep", "class", "--lanes", "1..3", "--svg"];
    let output = interleak(&[&arguments[..], &[svg.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(0));
    let text = std::fs::read_to_string(&svg).unwrap();
    assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"));
    assert!(text.contains("session-map") && text.contains("context-leak"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    let other = folder.path().join("growth.json");
    std::fs::write(&other, "precious").unwrap();
    let output = interleak(&[&arguments[..], &[other.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "precious");
}

#[test]
fn a_strategy_that_does_not_fit_does_not_keep_the_others_waiting() {
    let swept = ["sweep", "class", "--lanes", "1..2", "-s", "global"];
    let output = interleak(&[&swept[..], &["-s", "nowhere.py", "--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["strategies"][0]["strategy"], "global");
    assert_eq!(document["left_out"][0]["strategy"], "nowhere.py");
    // It can be read, but has workers of its own.
    let swept = ["sweep", "replicas", "--lanes", "2", "--format", "json", "-s", "actor"];
    let output = interleak(&[&swept[..], &["-s", "global"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["strategies"][0]["strategy"], "global");
    assert_eq!(document["left_out"][0]["strategy"], "actor");
    for alone in [&swept[..], &["sweep", "class", "--lanes", "1..2", "-s", "nowhere.py"]] {
        let output = interleak(alone);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    }
}

#[test]
fn what_cannot_be_judged_is_said() {
    for only in ["", "no-such-anomaly", "amnesia,deadlock"] {
        let output = interleak(&["sweep", "class", "--lanes", "1..2", "--only", only]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with(&format!("error: unknown anomaly {only}")), "{said}");
    }
}
