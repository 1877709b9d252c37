//! `interleak diagnose`: each rule with a log in which it fires and one in which it must not; and
//! logs that are none.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod apps;
mod command;
mod constants;
mod facts;
mod leaks;
mod lines;
mod lost;
mod memory;
mod users;

use interleak::log::diagnosis::Diagnosis;
use interleak::log::entry::Skip;
use interleak::log::judge::Limits;
use interleak::log::line::{Event, Line, Shared};
use interleak::log::scan::scan;
use interleak::screen::{COLUMNS, drives, width};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::{self, Read, Write as _};
use std::process::{Command, Output, Stdio};

/// A log from shorthand: `tab1@alice r1 write CHAT q1 a1`. Behind `=` stands the basis of a reply;
/// `?` is a read or a write of which the log does not say what was in it. `CHAT*` is shared on purpose.
fn log(shorthand: &str) -> String {
    let mut bytes = Vec::new();
    for text in shorthand.lines().map(str::trim).filter(|text| !text.is_empty()) {
        let mut words = text.split_whitespace();
        let (session, request) = (words.next().unwrap(), words.next().unwrap());
        let (session, user) = session.split_once('@').unwrap_or((session, ""));
        let event = Event::of(words.next().unwrap()).unwrap();
        let mut line = Line::new(event, session, request);
        line.user = (!user.is_empty()).then(|| user.into());
        if event.has_cell() {
            let cell = words.next().unwrap();
            line.cell = Some(cell.trim_end_matches('*').into());
            line.shared = cell.ends_with('*').then_some(Shared(true));
        }
        let rest: Vec<&str> = words.collect();
        let names = rest.iter().filter(|word| **word != "=").map(|&word| word.into()).collect();
        match event {
            Event::Reply if rest.first() == Some(&"=") => line.basis = Some(names),
            Event::Reply | Event::Request => line.message = rest.first().map(|&word| word.into()),
            _ if rest == ["?"] => {}
            _ => line.messages = Some(names),
        }
        line.write(&mut bytes).unwrap();
    }
    String::from_utf8(bytes).unwrap()
}

fn diagnose(bytes: &[u8]) -> Diagnosis {
    scan(bytes, Limits::default(), &|_| {}).unwrap()
}

/// The findings, each with its pair of lines; or else how clean the log is.
fn told(found: &Diagnosis) -> String {
    let findings = found.findings.iter().map(|finding| {
        let [first, second] = finding.pair.each_ref().map(|place| place.spot.line);
        format!("{} {first}-{second}", finding.kind.name())
    });
    let findings: Vec<String> = findings.collect();
    match (findings.is_empty(), found.is_complete()) {
        (false, _) => findings.join(", "),
        (true, true) => "clean".into(),
        (true, false) => "unknown".into(),
    }
}

#[track_caller]
fn check(shorthand: &str, expected: &str) -> Diagnosis {
    let found = diagnose(log(shorthand).as_bytes());
    assert_eq!(told(&found), expected, "{shorthand}\n{found:#?}");
    found
}

/// A history for everybody: bob's reply is built from alice's question.
const LEAK: &str = "alice r1 request
                    alice r1 read CHAT
                    alice r1 append CHAT r1 r1:a
                    alice r1 reply
                    bob r2 request
                    bob r2 read CHAT r1 r1:a
                    bob r2 reply";

/// Two requests read, both write; the second has not seen what the first wrote.
const LOST: &str = "tab1@alice r1 request
                    tab2@alice r2 request
                    tab1@alice r1 read CHAT
                    tab2@alice r2 read CHAT
                    tab1@alice r1 write CHAT r1 r1:a
                    tab2@alice r2 write CHAT r2 r2:a
                    tab1@alice r1 reply
                    tab2@alice r2 reply";

/// Ids that begin anew in each session.
fn counters(alice_turns: usize, global: bool) -> String {
    let cell = |session: &str| if global { "CHAT".into() } else { format!("CHAT[{session}]") };
    let mut text = String::new();
    let mut history = Vec::new();
    for turn in 1..=alice_turns {
        let cell = cell("alice");
        writeln!(text, "alice {turn} request\n alice {turn} read {cell} {}", history.join(" "))
            .unwrap();
        history.extend([turn.to_string(), format!("{turn}:a")]);
        writeln!(text, "alice {turn} write {cell} {}\n alice {turn} reply", history.join(" "))
            .unwrap();
    }
    let cell = cell("bob");
    let seen = if global { history.join(" ") } else { String::new() };
    text + &format!(
        "bob 1 request\n bob 1 read {cell} {seen}\n bob 1 write {cell} 1\n bob 1 reply\n"
    )
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_interleak"));
    command.args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn ends(bytes: &[u8], expected: i32) -> [Output; 2] {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.ndjson");
    std::fs::write(&path, bytes).unwrap();
    let by_file = command(&["diagnose", path.to_str().unwrap()]).output().unwrap();
    let mut child = command(&["diagnose", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever finds something in the first bytes still reads the rest.
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let by_pipe = child.wait_with_output().unwrap();
    for output in [&by_file, &by_pipe] {
        assert_eq!(output.status.code(), Some(expected), "{output:?}");
        assert_eq!(output.stdout.is_empty(), expected == 2, "{output:?}");
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            assert!(width(line) <= COLUMNS, "{line}");
            assert!(!line.chars().any(drives), "{line:?}");
        }
    }
    [by_file, by_pipe]
}
