//! `interleak verify-run`: true reports pass, and every changed number is named.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::commands::load;
use serde_json::{Value, json};
use std::process::{Command, Output};

fn interleak(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_interleak")).args(arguments).output().unwrap()
}

fn report(arguments: &[&str]) -> Value {
    let output = interleak(&[&["run"], arguments, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn verify(report: &Value) -> (Option<i32>, String) {
    verify_within(report, &[])
}

fn verify_within(report: &Value, limits: &[&str]) -> (Option<i32>, String) {
    verify_with(&report.to_string(), limits)
}

fn verify_text(report: &str) -> (Option<i32>, String) {
    verify_with(report, &[])
}

fn verify_with(report: &str, limits: &[&str]) -> (Option<i32>, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), report).unwrap();
    let output = interleak(&[&["verify-run", file.path().to_str().unwrap()], limits].concat());
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn every_shipped_pair_is_recounted() {
    let scenarios = ["voice-assistant", "three-students", "two-tabs", "double-click"];
    for scenario in scenarios {
        let strategies = load::scenario(scenario).unwrap().expected_strategies();
        let named = strategies.iter().flat_map(|strategy| ["-s", strategy.name.as_str()]);
        let arguments = [scenario, "--max-states", "200000"].into_iter().chain(named);
        let (code, said) = verify(&report(&arguments.collect::<Vec<_>>()));
        assert_eq!(code, Some(0), "{scenario}: {said}");
        let pairs = strategies.len();
        let equal = format!("{pairs} results: {pairs} equal, 0 different, 0 open");
        assert!(said.contains(&equal), "{said}");
    }
    for more in [["--grain", "line"], ["--grain", "await"], ["--grain", "turn"], ["--limit", "1"]] {
        let arguments = [&["voice-assistant", "-s", "all", "--show", "2"], &more[..]].concat();
        let (code, said) = verify(&report(&arguments));
        assert_eq!(code, Some(0), "{more:?}: {said}");
    }
}

/// Changes a value a little, into another that could stand there too.
fn changed(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Number(number) if number.is_u64() => json!(number.as_u64()? + 1),
        Value::Number(number) => json!(number.as_f64()? + 0.125),
        Value::String(text) => match text.parse::<u64>() {
            Ok(number) => json!((number + 1).to_string()),
            Err(_) => json!(format!("{text} bob")),
        },
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    })
}

/// Every place of a value that can be changed and is counted again.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| places(value, &format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| places(value, &format!("{at}/{index}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

#[test]
fn every_changed_number_is_named() {
    let true_report = report(&["voice-assistant", "--order", "7"]);
    let mut all = Vec::new();
    places(&true_report["results"][0], "", &mut all);
    // What tells which run it is, and what it cost.
    let other = [
        "/scenario",
        "/strategy",
        "/grain",
        "/limit",
        "/slots",
        "/workers",
        "/replicas",
        "/routing",
        "/idle",
        "/states",
        "/bytes",
        "/steps",
        "/complete",
        // What the scenario's author says, and what to type next.
        "/remark",
        "/next",
        "/more",
    ];
    let mut tried = 0;
    for place in all {
        let whole = place.split('/').nth(1).unwrap();
        if other.iter().any(|other| other[1..] == *whole) {
            continue;
        }
        let mut report = true_report.clone();
        let value = report["results"][0].pointer_mut(&place).unwrap();
        let Some(other) = changed(value) else { continue };
        *value = other;
        let (code, said) = verify(&report);
        assert_eq!(code, Some(1), "{place}: {said}");
        tried += 1;
    }
    assert!(tried > 100, "{tried} places were changed");
}

/// What only an incomplete report has does not belong into a complete one.
#[test]
fn what_was_added_is_named() {
    let true_report = report(&["voice-assistant"]);
    for place in ["/stopped", "/sampled", "/anomalies/amnesia/probability_at_most"] {
        let mut report = true_report.clone();
        *report["results"][0].pointer_mut(place).unwrap() = json!(0.5);
        let (code, said) = verify(&report);
        assert_eq!(code, Some(1), "{place}: {said}");
    }
}

/// Programs that rewrite a report may leave out a `.0`, and may leave out whole views.
#[test]
fn a_rewritten_report_is_the_same() {
    let mut rewritten = report(&["voice-assistant"]);
    rewritten["results"][0]["traces"] = Value::Null;
    rewritten["results"][0]["anomalies"].as_object_mut().unwrap().remove("deadlock");
    let (code, said) = verify_text(&rewritten.to_string().replace("0.0,", "0,"));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("not in the report: traces, deadlock"), "{said}");
}

/// A report that is not complete, with orders that were drawn.
fn cut_report() -> Value {
    let cut = report(&["voice-assistant", "--max-states", "20", "--samples", "50"]);
    assert_eq!(cut["results"][0]["complete"], json!(false));
    cut
}

#[test]
fn the_numbers_of_an_incomplete_report_hold_as_bounds() {
    for states in ["5", "20", "40"] {
        let strategies = ["-s", "global", "-s", "narrow-lock", "-s", "actor", "-s", "store-swap"];
        let limits = ["voice-assistant", "--samples", "50", "--max-states", states];
        let (code, said) = verify(&report(&[&limits[..], &strategies].concat()));
        assert_eq!(code, Some(0), "{states}: {said}");
        assert!(said.contains("not complete") && said.contains("hold as bounds"), "{said}");
    }
}

/// Each of these is another number than the report can have, whether or not all is counted again.
#[test]
fn a_changed_bound_is_named() {
    let true_report = cut_report();
    let leak = "/anomalies/context-leak";
    let counted = [
        ("/interleavings", json!("16")),
        ("/multinomial", json!("20")),
        ("/assumptions", json!(["All is well."])),
        ("/anomalies/context-leak/interleavings", json!("10")),
        ("/anomalies/context-leak/probability_at_most", json!(0.5)),
        ("/anomalies/context-leak/kind", json!("race")),
        ("/anomalies/deadlock/probability_at_most", json!(-0.5)),
        ("/anomalies/amnesia/preemptions", json!(0)),
    ];
    for (place, value) in counted {
        let changed = with(&true_report, place, value);
        let (code, said) = verify(&changed);
        assert_eq!(code, Some(1), "{place}: {said}");
        let named = place.trim_start_matches('/').replace('/', ".");
        let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&named), "{place}: {said}");
    }
    // Both forms of a chance, changed alike.
    let mut likely = with(&true_report, &format!("{leak}/probability_exact"), json!("7/8"));
    likely = with(&likely, &format!("{leak}/probability"), json!(0.875));
    let (code, said) = verify(&likely);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("context-leak.probability_exact"), "{said}");
    let disagrees = [
        (format!("{leak}/verdict"), json!("never")),
        (format!("{leak}/verdict"), json!("always")),
        (format!("{leak}/interleavings"), json!("0")),
        (format!("{leak}/probability"), json!(0.625)),
        (format!("{leak}/probability_exact"), json!("5/0")),
        (format!("{leak}/sampled/hits"), json!(51)),
        (format!("{leak}/sampled/at_least"), json!(0.5)),
        (format!("{leak}/witness/lost_from"), json!(1)),
        (format!("{leak}/witness/schedule"), json!("alice")),
        (format!("{leak}/witness/switches"), json!(7)),
        (format!("{leak}/sentence"), json!("Nothing happens.")),
        (format!("{leak}/witness"), Value::Null),
        ("/stopped".into(), Value::Null),
        ("/sampled".into(), json!({"samples": 0, "seed": 1})),
        ("/sampled/samples_wanted".into(), json!(49)),
    ];
    for (place, value) in disagrees {
        let changed = with(&true_report, &place, value);
        for limits in [&[][..], &["--max-states", "3"]] {
            let (code, said) = verify_within(&changed, limits);
            assert_eq!(code, Some(1), "{place} {limits:?}: {said}");
        }
    }
}

/// The same report with another value at one place.
fn with(report: &Value, place: &str, value: Value) -> Value {
    let mut report = report.clone();
    *report["results"][0].pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = value;
    report
}

#[test]
fn what_a_report_assumes_is_compared() {
    let changed = with(&report(&["voice-assistant"]), "/assumptions", json!(["All is well."]));
    let (code, said) = verify(&changed);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("assumptions: the report says"), "{said}");
}

/// A strategy that routes itself is not asked how; the report and the recount both know.
#[test]
fn what_a_strategy_says_of_routing_counts() {
    for strategy in ["store-shared", "replicas-unsticky", "replicas-sticky"] {
        let report = report(&["class", "-s", strategy, "--replicas", "1"]);
        let (code, said) = verify(&report);
        assert_eq!(code, Some(0), "{strategy}: {said}");
    }
}

/// Which replica serves a request is decided where it begins: at grain `line` by a line that touches
/// nothing. There are outcomes that grain `access` does not have.
#[test]
fn outcomes_at_grain_line_are_those_of_that_grain() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (scenario, strategy) = (path("four.json"), path("replicas.py"));
    let says = json!([{"text": "one"}, {"text": "two"}]);
    let lanes = json!([{"user": "a", "says": says}, {"user": "b", "says": says}]);
    let document = json!({"format": 1, "title": "Four requests", "lanes": lanes});
    std::fs::write(&scenario, document.to_string()).unwrap();
    std::fs::write(&strategy, BEGINS_BY_A_LOCAL_LINE).unwrap();
    for (grain, outcomes) in [("line", 12), ("access", 8)] {
        let report = report(&[&scenario, "-s", &strategy, "--replicas", "2", "--grain", grain]);
        assert_eq!(report["results"][0]["outcomes"], json!(outcomes), "{grain}");
        let (code, said) = verify(&report);
        assert_eq!(code, Some(0), "{grain}: {said}");
    }
}

const BEGINS_BY_A_LOCAL_LINE: &str = "\
H = {}  #@ shared H[replica]
def respond(question, session, replica):  #@ route round-robin
    history = [question]  #@ note question
    history = list(H[replica])  #@ load H
    history.append(question)  #@ note question
    answer = assistant(history)  #@ infer
    history.append(answer)  #@ note answer
    H[replica] = history  #@ store H
    return answer  #@ reply
";

/// Each ends soon, in a sentence, and takes no memory to speak of. Before, the first one alone took
/// all that there was.
#[test]
fn a_hostile_report_is_refused_or_told_from_a_true_one() {
    let true_report = report(&["voice-assistant", "--order", "7"]);
    let long = "9".repeat(1 << 20);
    for (place, value) in [
        ("/shown/0/schedule", json!("alice*4294967295")),
        ("/shown/0/schedule", json!("alice*99999 bob*2")),
        ("/interleavings", json!(long)),
        ("/anomalies/context-leak/witness/schedule", json!("bob*4294967295")),
    ] {
        let (code, said) = verify(&with(&true_report, place, value));
        assert_eq!(code, Some(1), "{place}: {}", said.len());
        assert!(said.len() < 4_000, "{place}: {}", said.len());
    }
    let order = json!({"number": "1", "schedule": "alice*90000", "shows": []});
    for (place, value, words) in [
        ("/shown", json!(vec![order; 2_000]), "at most 1,000 orders"),
        ("/strategy", json!(long), "not a name or a path"),
        ("/limit", json!(vec![long.clone()]), "\"limit\" is a list"),
        ("/strategy", json!("all"), "\"strategy\" is \"all\", not one strategy"),
    ] {
        let (code, said) = verify(&with(&true_report, place, value));
        assert_eq!(code, Some(2), "{place}: {}", said.len());
        assert!(said.contains(words) && said.len() < 4_000, "{place}: {said}");
    }
    let many = vec![true_report["results"][0].clone(); 1_001];
    let values = format!("{{\"format\":1,\"results\":[{}0]}}", "{},".repeat(1_200_000));
    for (text, words) in [
        (json!({"format": 1, "results": many}).to_string(), "at most 1,000 are read"),
        (values, "too many for a report"),
        ("[".repeat(1 << 20), "recursion limit"),
    ] {
        let (code, said) = verify_text(&text);
        assert_eq!(code, Some(2), "{words}: {said}");
        assert!(said.contains(words) && said.len() < 2_000, "{said}");
    }
}

/// A gigabyte is not even opened.
#[test]
fn a_report_that_is_too_large_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(1 << 30).unwrap();
    let output = interleak(&["verify-run", file.path().to_str().unwrap()]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("has at most 67108864"), "{said}");
}

#[test]
fn what_cannot_be_recounted_is_said() {
    let (code, said) = verify_within(&cut_report(), &["--max-states", "3"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("needs more than 3 states"), "{said}");
    assert!(said.contains("numbers agree with each other"), "{said}");
    let mut unknown = report(&["voice-assistant"]);
    unknown["results"][0]["scenario"] = json!("voice-assistent");
    let (code, said) = verify(&unknown);
    assert_eq!(code, Some(2));
    assert!(said.contains("did you mean voice-assistant"), "{said}");
    for (text, word) in [
        ("{", "is not JSON"),
        ("[]", "not a report"),
        ("{\"format\":2,\"results\":[]}", "not a report"),
        ("{\"format\":1,\"results\":[]}", "no results"),
        ("{\"format\":1,\"results\":[{}]}", "\"scenario\" is nothing"),
    ] {
        let (code, said) = verify_text(text);
        assert_eq!(code, Some(2), "{text}");
        assert!(said.contains(word), "{text}: {said}");
    }
}
