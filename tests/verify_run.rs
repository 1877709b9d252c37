//! `interleak verify-run`: true reports pass, and every changed number is named.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

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
    verify_text(&report.to_string())
}

fn verify_text(report: &str) -> (Option<i32>, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), report).unwrap();
    let output = interleak(&["verify-run", file.path().to_str().unwrap()]);
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn every_shipped_pair_is_recounted() {
    let scenarios = ["voice-assistant", "three-students", "two-tabs", "double-click"];
    for scenario in scenarios {
        let strategies = load::scenario(scenario).unwrap().expected_strategies().unwrap();
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
        "/states",
        "/bytes",
        "/complete",
    ];
    let mut tried = 0;
    for place in all {
        if other.contains(&place.as_str()) {
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

#[test]
fn what_cannot_be_recounted_is_said() {
    let cut = report(&["voice-assistant", "--max-states", "5"]);
    let (code, said) = verify(&cut);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("the report is not complete"), "{said}");
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
