//! Every row of `docs/COVERAGE.md` is run, and answers what stands there.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use interleak::strategy;
use std::process::Command;

const TABLE: &str = include_str!("../docs/COVERAGE.md");

/// The marks that begin a page may stand alone in a line, before what they say.
const MARKS: [&str; 10] =
    ["LEAK", "WRONG", "AMNESIA", "STALE", "LOST", "TORN", "SILENT", "STUCK", "CLEAN", "UNKNOWN"];

/// The command and the answer of each row.
fn rows() -> Vec<(&'static str, &'static str)> {
    let row = |line: &'static str| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
        let (_, command, answer) = (cells.next()?, cells.next()?, cells.next()?);
        Some((command.strip_prefix("`interleak ")?.strip_suffix('`')?, answer))
    };
    TABLE.lines().filter_map(row).collect()
}

/// Words, but what stands between quotes is one.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    let words = parts.flat_map(|(index, part)| match index % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

/// The marks of the whole verdict: those before the first empty line.
fn answer(command: &str) -> String {
    let mut words = words(command);
    words.extend((words[0] == "run").then(|| "--full".to_owned()));
    let output = Command::new(env!("CARGO_BIN_EXE_interleak")).args(words).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let verdict = text.lines().take_while(|line| !line.is_empty());
    let first = verdict.filter_map(|line| line.split_whitespace().next());
    first.filter(|word| MARKS.contains(word)).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_row_answers_what_stands_there() {
    let rows = rows();
    assert!(rows.len() > 40, "{} rows", rows.len());
    for (command, expected) in rows {
        assert_eq!(answer(command), expected, "interleak {command}");
    }
}

#[test]
fn every_strategy_is_in_a_row() {
    for name in strategy::names() {
        let named = |command: &str| words(command).iter().any(|word| word == name);
        assert!(rows().iter().any(|(command, _)| named(command)), "{name} is in no row");
    }
}

/// The check can fail.
#[test]
fn a_wrong_answer_is_noticed() {
    assert_ne!(answer("run voice-assistant -s session-map"), "LEAK");
    assert_eq!(answer("run voice-assistant -s session-map"), "CLEAN");
}
