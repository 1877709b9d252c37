//! The matrix says what `run` says, its commands show what they are said to show, and Ctrl-C keeps
//! what is finished.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::strategy::{LESSON, STRATEGIES};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn interleak(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_interleak")).args(arguments).output().unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = interleak(arguments);
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.stderr.is_empty(), "{arguments:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&text(arguments)).unwrap()
}

/// The rows of one scenario, as JSON.
fn rows(arguments: &[&str]) -> Vec<Value> {
    let document = json(&[&["compare", "--format", "json"], arguments].concat());
    document["comparisons"][0]["strategies"].as_array().unwrap().clone()
}

#[test]
fn the_matrix_says_what_run_says() {
    for scenario in ["voice-assistant", "class", "cancel"] {
        let run = json(&["run", scenario, "-s", "all", "--format", "json"]);
        let rows = rows(&[scenario, "-s", "all"]);
        assert_eq!(rows.len(), STRATEGIES.len());
        for (row, result) in rows.iter().zip(run["results"].as_array().unwrap()) {
            for field in ["strategy", "complete", "interleavings"] {
                assert_eq!(row[field], result[field], "{scenario}: {field}");
            }
            for (id, cell) in row["anomalies"].as_object().unwrap() {
                for field in ["verdict", "interleavings", "probability_exact", "kind"] {
                    let expected = &result["anomalies"][id][field];
                    assert_eq!(cell[field], *expected, "{scenario}: {} {id}", row["strategy"]);
                }
            }
        }
    }
}

/// Every command that stands in a cell shows its anomaly again.
#[test]
fn every_cell_has_a_command_that_shows_it() {
    let mut shown = 0;
    for row in rows(&["class"]) {
        for (id, cell) in row["anomalies"].as_object().unwrap() {
            let Some(command) = cell["command"].as_str() else {
                assert_eq!(cell["verdict"], "never");
                continue;
            };
            let (before, schedule) = command.split_once(" --schedule ").unwrap();
            let mut arguments: Vec<&str> = before.split(' ').skip(1).collect();
            arguments.extend(["--schedule", schedule.trim_matches('"')]);
            let mark = interleak::anomalies::named(id).unwrap().mark;
            let page = text(&arguments);
            assert!(page.lines().any(|line| line.starts_with(mark)), "{command}\n{page}");
            shown += 1;
        }
    }
    assert!(shown > 8, "{shown}");
}

/// The story of the class, in numbers: what leaks, what does not repair it, what does, and at what
/// price.
#[test]
fn the_class_is_told_in_one_matrix() {
    let rows = rows(&[]);
    let names: Vec<&str> = rows.iter().map(|row| row["strategy"].as_str().unwrap()).collect();
    assert_eq!(names, LESSON);
    let row = |name: &str| rows.iter().find(|row| row["strategy"] == name).unwrap();
    let verdict = |name: &str, id: &str| row(name)["anomalies"][id]["verdict"].clone();
    let kind = |name: &str, id: &str| row(name)["anomalies"][id]["kind"].clone();
    let worst = |name: &str| row(name)["price"]["worst_ms"].as_u64().unwrap();
    assert_eq!(kind("global", "context-leak"), "sharing");
    assert_eq!(verdict("locked-global", "context-leak"), "always", "a lock does not help");
    assert_eq!(kind("current-user", "context-leak"), "race");
    assert_eq!(verdict("session-map", "context-leak"), "never", "a session map isolates");
    assert_eq!(verdict("session-map", "lost-update"), "sometimes", "a double click loses a turn");
    for right in ["session-lock", "locked", "actor"] {
        for (id, cell) in row(right)["anomalies"].as_object().unwrap() {
            assert_eq!(cell["verdict"], "never", "{right} {id}");
        }
    }
    let price = ["session-map", "session-lock", "actor", "locked"].map(worst);
    assert_eq!(price, [1000, 2000, 2000, 3000]);
}

/// What is printed on a terminal of so many columns.
fn on_columns(columns: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_interleak"));
    let output = command.args(arguments).env("COLUMNS", columns).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// 80 columns, also for all strategies of every shipped scenario; with 100, one screen.
#[test]
fn a_page_has_at_most_80_columns() {
    let page = on_columns("100", &["compare"]);
    assert!(page.lines().count() <= 32, "one screen");
    for shipped in interleak::scenario::SHIPPED {
        let output = interleak(&["compare", shipped.name, "-s", "all", "--commands"]);
        assert_eq!(output.status.code(), Some(0), "{}", shipped.name);
        let page = String::from_utf8(output.stdout).unwrap();
        let wide = page.lines().find(|line| interleak::screen::width(line) > 80);
        assert_eq!(wide, None, "{}", shipped.name);
    }
}

#[test]
fn tables_have_a_field_for_everything() {
    let csv = text(&["compare", "class", "-s", "all", "--format", "csv"]);
    let mut table = csv::Reader::from_reader(csv.as_bytes());
    let headings = table.headers().unwrap().clone();
    let at = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let records: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), STRATEGIES.len());
    for (record, row) in records.iter().zip(rows(&["class", "-s", "all"])) {
        assert_eq!(record[at("strategy")], row["strategy"]);
        assert_eq!(&record[at("believed")], row["believed"].as_str().unwrap_or_default());
        assert_eq!(record[at("worst_ms")], row["price"]["worst_ms"].to_string());
        let leak = &row["anomalies"]["context-leak"];
        assert_eq!(record[at("context-leak")], leak["verdict"]);
        assert_eq!(record[at("context-leak interleavings")], leak["interleavings"]);
    }
    let with_commands = text(&["compare", "class", "--format", "csv", "--commands"]);
    assert!(with_commands.contains("interleak replay class -s global --only context-leak"));
    let markdown = text(&["compare", "class", "-s", "all", "--format", "markdown"]);
    let table: Vec<&str> = markdown.lines().filter(|line| line.starts_with("| ")).collect();
    assert_eq!(table.len(), STRATEGIES.len() + 2);
    let columns = |line: &str| line.matches(" | ").count();
    assert!(table.iter().all(|line| columns(line) == columns(table[0])), "{markdown}");
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    for format in ["text", "json", "csv", "markdown"] {
        let ask = |threads| {
            text(&["compare", "class", "-s", "all", "--format", format, "--threads", threads])
        };
        assert_eq!(ask("1"), ask("8"), "{format}");
    }
}

/// A strategy that cannot be run is left out, and that is said; if it was named, it is a mistake.
#[test]
fn what_cannot_be_run_is_left_out() {
    let page = text(&["compare", "replicas"]);
    assert!(page.contains("left out actor: a strategy with workers"), "{page}");
    let document = json(&["compare", "replicas", "--format", "json"]);
    assert_eq!(document["comparisons"][0]["left_out"][0]["strategy"], "actor");
    let output = interleak(&["compare", "replicas", "-s", "global", "-s", "actor"]);
    assert_eq!(output.status.code(), Some(2));
}

/// In lesson order, however they are named; one's own behind them.
#[test]
fn rows_are_in_lesson_order() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.py");
    std::fs::write(&own, interleak::strategy::named("global").unwrap().listing).unwrap();
    let own = own.to_str().unwrap();
    let names: Vec<String> = rows(&["-s", own, "-s", "locked", "-s", "global", "-s", "actor"])
        .iter()
        .map(|row| row["strategy"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["global", "locked", "actor", own]);
    let page = text(&["compare", "-s", own, "-s", "locked", "-s", "actor"]);
    assert_eq!(page.matches("Right: nothing leaks").count(), 1, "{page}");
    assert!(page.contains("Of your own"), "{page}");
}

/// What a group promises is only said where it shows.
#[test]
fn a_group_promises_no_more_than_its_rows_show() {
    let page = text(&["compare", "replicas", "-s", "all"]);
    assert!(!page.contains("Right: nothing leaks, and nothing is lost"), "{page}");
    assert!(page.contains("Right, as a rule; not all of it shows here"), "{page}");
}

/// A name that is a long path leaves room for the columns, and is told in full below.
#[test]
fn a_long_path_takes_no_more_than_its_column() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("很长的文件夹名字".repeat(4)).join("interleak-course/strategies");
    std::fs::create_dir_all(&deep).unwrap();
    let own = deep.join("my-own-strategy.py");
    std::fs::write(&own, interleak::strategy::named("global").unwrap().listing).unwrap();
    let page = on_columns("100", &["compare", "-s", own.to_str().unwrap(), "-s", "global"]);
    assert!(page.lines().filter(|line| line.starts_with("global ")).count() == 1, "one block");
    assert!(page.contains("my-own-strategy.py  "), "{page}");
    let wide = page.lines().find(|line| interleak::screen::width(line) > 100);
    assert_eq!(wide, None, "{page}");
}

/// Who waits for ever has no price, and no chart says that something was stopped.
#[test]
fn waiting_for_ever_is_no_price() {
    let page = text(&["compare", "-s", "locked", "-s", "global", "--grain", "await"]);
    assert!(page.contains("no reply"), "{page}");
    let page = text(&["sweep", "class", "--lanes", "1..3", "--grain", "await", "-s", "locked"]);
    assert!(page.contains("locked (no reply after 1)"), "{page}");
    assert!(!page.contains("stopped"), "{page}");
}

/// A scenario that contradicts what its author expects, and one of which nothing is expected.
#[test]
fn only_what_is_expected_can_surprise() {
    let folder = tempfile::tempdir().unwrap();
    let lanes = r#""lanes": [{"user": "a", "says": [{"text": "x"}]}, {"user": "b", "says": [{"text": "y"}]}]"#;
    let file = |name: &str, expect: &str| {
        let path = folder.path().join(name);
        let text = format!("{{\"format\": 1, \"title\": \"t\", {lanes}{expect}}}");
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let silent = file("silent.json", "");
    let output = interleak(&["compare", &silent]);
    assert_eq!(output.status.code(), Some(0));
    let wrong = file("wrong.json", r#", "expect": {"global": "clean"}"#);
    let output = interleak(&["compare", &wrong]);
    assert_eq!(output.status.code(), Some(1));
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("global is expected to show context-leak never"), "{page}");
}

#[test]
fn a_limit_is_said_in_every_format() {
    for (format, word) in [
        ("text", "partial global, locked-global, narrow-lock, "),
        ("markdown", "- **partial**: global, locked-global, "),
        ("json", "the limit of 5 states was hit"),
        ("csv", "class,global,,sharing"),
    ] {
        let output = interleak(&["compare", "--max-states", "5", "--format", format]);
        assert_eq!(output.status.code(), Some(3), "{format}");
        let page = String::from_utf8(output.stdout).unwrap();
        assert!(page.contains(word), "{format}: {page}");
        assert!(page.contains("the limit of 5 states was hit"), "{page}");
    }
}

/// A scenario that nobody waits for.
fn endless(folder: &Path) -> String {
    let lane = |user: usize| {
        let says: Vec<String> =
            (0..4).map(|turn| format!("{{\"text\": \"{user}.{turn}\"}}")).collect();
        format!("{{\"user\": \"u{user}\", \"says\": [{}]}}", says.join(","))
    };
    let lanes: Vec<String> = (0..8).map(lane).collect();
    let path = folder.join("endless.json");
    let text = format!("{{\"format\": 1, \"title\": \"t\", \"lanes\": [{}]}}", lanes.join(","));
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Ctrl-C, as a terminal sends it. Pressed too early, before the program could know of it, it ends
/// the program; then it is pressed later in a next try.
#[cfg(unix)]
fn interrupted(arguments: &[&str]) -> Output {
    use std::process::Stdio;
    for delay_ms in [500, 2_000, 8_000, 30_000] {
        let child = Command::new(env!("CARGO_BIN_EXE_interleak"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        interleak::platform::pause(std::time::Duration::from_millis(delay_ms));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        if output.status.code().is_some() {
            return output;
        }
    }
    panic!("the program never knew of Ctrl-C")
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let endless = endless(folder.path());
    let compared = ["compare", "class", &endless, "-s", "global", "--grain", "line"];
    let swept =
        ["sweep", &endless, "-s", "global", "--lanes", "1..8", "--max-states", "1,000,000,000"];
    for (arguments, finished) in [(&compared[..], "sharing"), (&swept[..], "12,870")] {
        let output = interrupted(arguments);
        let page = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(3), "{page}");
        assert!(page.contains("it was interrupted"), "{page}");
        assert!(page.contains(finished), "what was finished is there: {page}");
    }
}
