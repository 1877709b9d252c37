//! Nothing that the program prints or writes drives a terminal, whatever it was told.

use super::{PROGRAM, inside, is_there, run, text};
use interleak::screen::drives;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};
use unicode_segmentation::UnicodeSegmentation;

/// What a stranger puts where text goes: a title, a clipboard, C1, DEL, a turned reading direction,
/// what cannot be seen.
const EVIL: &str = "x\u{1b}]0;owned\u{7}\u{1b}]52;c;eA==\u{7}\u{9b}2J\u{7f}\u{85}\u{202e}\u{2066}\u{200b}\u{ad}\u{e0041}y";

#[track_caller]
fn harmless(told: &str, what: &dyn std::fmt::Debug) {
    let driven = told.chars().find(|&c| c != '\n' && drives(c));
    assert_eq!(driven, None, "{what:?}: {told:?}");
}

/// Every way to be wrong, with evil in it; what is said about it is said with and without colour.
#[test]
fn wrong_usage_is_told_without_what_drives_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let evil = |before: &str| format!("{before}{EVIL}");
    let all: [&[&str]; 14] = [
        &[&evil("")],
        &[&evil("ru")],
        &[&evil("--")],
        &[&evil("-")],
        &["run", "class", &evil("b"), &evil("c")],
        &["run", "class", "--grain", &evil("")],
        &["run", "class", &evil("--grain=")],
        &["run", "class", &evil("--grane=")],
        &["run", "class", "--order", &evil("1")],
        &["run", "class", "--samples", &evil("1")],
        &["--threads", &evil("1"), "list"],
        &["list", &evil("scenarios\n")],
        &["--color", &evil("never"), "list"],
        &["sweep", "class", "--lanes", &evil("1")],
    ];
    for arguments in all {
        let output = run(folder.path(), arguments);
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{said}");
        assert!(said.starts_with("error: "), "{said}");
        harmless(&said, &arguments);
        let coloured = inside(folder.path(), arguments).args(["--color", "always"]).output();
        let plain = without_styles(&text(&coloured.unwrap().stderr));
        harmless(&plain, &arguments);
    }
}

/// What clap and the pages colour with: `ESC [ digits m`.
fn without_styles(told: &str) -> String {
    let mut plain = String::new();
    let mut parts = told.split("\u{1b}[");
    plain.push_str(parts.next().unwrap());
    for part in parts {
        let (style, rest) = part.split_once('m').unwrap_or(("not a style", part));
        let is_style = style.chars().all(|c| c.is_ascii_digit() || c == ';');
        plain.push_str(if is_style { rest } else { "\u{1b}" });
    }
    plain
}

#[test]
fn wrong_usage_keeps_its_own_colour_and_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["run", "--color", "always", "--grain", "fine\u{1b}[2J"]);
    let said = text(&output.stderr);
    assert!(said.contains("\u{1b}[1m") && said.lines().count() > 2, "{said:?}");
    assert!(said.contains("fine\\u{1b}[2J"), "{said:?}");
}

#[test]
fn a_word_that_is_no_text_is_named_so_that_it_can_be_pasted() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["new"][..], &["run"], &["run", "class", "--log"], &["diagnose"]] {
        let word = OsStr::from_bytes(b"caf\xe9\x1b'.json");
        let output = inside(folder.path(), arguments).arg(word).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("error: $'caf\\xe9\\x1b\\x27.json' is not UTF-8 text"), "{said}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_word_without_end_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    for word in ["x".repeat(100_000), format!("e{}", "\u{301}".repeat(50_000))] {
        let output = run(folder.path(), &["run", "class", "--grain", &word]);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stderr.len() < 5_000, "{}", output.stderr.len());
    }
}

/// Flags, and the environment.
type Asked = (&'static [&'static str], &'static [(&'static str, &'static str)]);

/// What asks for no colour.
const PLAIN: [Asked; 4] = [
    (&["--color", "never"], &[("CLICOLOR_FORCE", "1"), ("TERM", "xterm")]),
    (&["--color=never"], &[("CLICOLOR_FORCE", "1"), ("TERM", "xterm")]),
    (&[], &[("NO_COLOR", "1"), ("TERM", "xterm")]),
    (&[], &[("TERM", "dumb")]),
];

#[test]
fn no_colour_counts_for_help_and_wrong_usage_too() {
    let folder = tempfile::tempdir().unwrap();
    let asked: [&[&str]; 6] =
        [&["--help"], &["run", "--help"], &["--version"], &["rum"], &[], &["run", "class"]];
    for words in asked {
        for (flags, environment) in PLAIN {
            let mut command = inside(folder.path(), words);
            let output = command.args(flags).envs(environment.iter().copied()).output().unwrap();
            let told = text(&output.stdout) + &text(&output.stderr);
            assert!(!told.contains('\u{1b}') && !told.is_empty(), "{words:?} {flags:?}: {told:?}");
        }
        if !is_there("python3") {
            continue;
        }
        for (flags, environment) in PLAIN {
            let environment: Vec<_> =
                environment.iter().filter(|(name, _)| *name != "CLICOLOR_FORCE").collect();
            let told = on_terminal(words, flags, &environment);
            assert!(!told.contains('\u{1b}') && !told.is_empty(), "{words:?} {flags:?}: {told:?}");
        }
    }
    if is_there("python3") {
        let told = on_terminal(&["--help"], &[], &[&("TERM", "xterm")]);
        assert!(told.contains('\u{1b}'), "it was a terminal: {told:?}");
    }
}

/// What is shown on a terminal of its own.
fn on_terminal(words: &[&str], flags: &[&str], environment: &[&(&str, &str)]) -> String {
    let spawn = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";
    let mut command = Command::new("python3");
    for name in ["NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.args(["-c", spawn, PROGRAM]).args(words).args(flags).stdin(Stdio::null());
    command.envs(environment.iter().map(|&&(name, value)| (name, value)));
    text(&command.output().unwrap().stdout)
}

/// Whoever asked for help and got nothing learns why.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["--help"][..], &["run", "--help"], &["--version"], &["list"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = inside(folder.path(), arguments).stdout(full).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.starts_with("error: cannot write the answer: "), "{arguments:?}: {said}");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = inside(folder.path(), arguments).stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    }
}

/// A scenario, a listing and a log with a text wherever one can be, raw and escaped.
fn write_hostile(folder: &Path, said: &str) {
    let json = |text: &str| serde_json::Value::from(text).to_string();
    // JSON itself forbids to write the first 32 characters as they are.
    let evil = json(said);
    let scenario = format!(
        r#"{{"format": 1, "title": {evil}, "story": {evil},
          "assistant": {{"told": {told}, "known": {told}}},
          "lanes": [
            {{"user": "ann", "address": {evil}, "says": [{{"text": {evil}, "tells": {{{evil}: {evil}}}}}]}},
            {{"user": "bob", "says": [{{"text": {evil}, "asks": {evil}}}]}}],
          "expect": {{"global": {{"context-leak": "sometimes", "lost-update": "sometimes"}}}},
          "remarks": {{"global": {evil}}}}}"#,
        told = json(&format!("{said} {{value}}"))
    );
    std::fs::write(folder.join("s.json"), scenario).unwrap();
    let listing = interleak::strategy::named("global").unwrap().listing;
    let lesson = format!("\"\"\"x{said}\n\nBelieved: {said}.\nActual: {said}.\n\"\"\"\n");
    let body = &listing[listing[3..].find("\"\"\"").unwrap() + 6..];
    let code = body.replace("    answer =", &format!("    # {said}\n    answer ="));
    std::fs::write(folder.join("s.py"), lesson + &code).unwrap();
    let event = |event: &str, session: &str, more: &str| {
        let session = json(&(said.to_owned() + session));
        format!(
            "{{\"event\":\"{event}\",\"session\":{session},\"user\":{session},\"request\":{session}{more}}}\n"
        )
    };
    let shared = format!(",\"cell\":{evil},\"messages\":[{}]", json(&(said.to_owned() + "a")));
    let log = event("request", "a", &format!(",\"text\":{evil}"))
        + &event("write", "a", &shared)
        + &event("request", "b", "")
        + &event("read", "b", &shared)
        + &event("reply", "b", "");
    std::fs::write(folder.join("s.ndjson"), log).unwrap();
    std::fs::write(folder.join("not.json"), format!("{{\"format\": 1, \"{said}\": [\n")).unwrap();
    std::fs::write(folder.join("not.py"), format!("# {said}\nx = {said}  #@ {said}\n")).unwrap();
}

/// Every command that reads a file, and what it can write.
const COMMANDS: [&[&str]; 34] = [
    &["run", "s.json", "--show", "2"],
    &["run", "s.json", "-s", "s.py", "--all"],
    &["run", "s.json", "-s", "s.py", "--format", "json"],
    &["run", "s.json", "-s", "s.py", "--log", "out.ndjson"],
    &["explain", "s.json"],
    &["explain", "s.py"],
    &["check", "s.json"],
    &["check", "s.json", "--format", "json"],
    &["check", "s.json", "--format", "junit"],
    &["check", "s.json", "--format", "github"],
    &["stress", "s.json", "--runs", "2"],
    &["stress", "s.json", "--runs", "2", "--format", "json"],
    &["compare", "s.json", "-s", "s.py", "-s", "global", "--commands"],
    &["compare", "s.json", "-s", "s.py", "--format", "csv", "--commands"],
    &["compare", "s.json", "-s", "s.py", "--format", "markdown"],
    &["compare", "s.json", "-s", "s.py", "--format", "json"],
    &["sweep", "s.json", "-s", "s.py", "--lanes", "1..2", "--svg", "out.svg"],
    &["sweep", "s.json", "-s", "s.py", "--lanes", "1..2", "--format", "csv"],
    &["sweep", "s.json", "-s", "s.py", "--lanes", "1..2", "--format", "json"],
    &["replay", "s.json", "-s", "s.py", "--schedule", "ann bob", "--log", "out.log"],
    &["verify", "s.py", "--scenario", "s.json"],
    &["verify", "s.py", "--scenario", "s.json", "--format", "json"],
    &["diagnose", "s.ndjson"],
    &["diagnose", "s.ndjson", "--format", "json"],
    &["diagnose", "not.json"],
    &["diagnose", "out.ndjson"],
    &["verify-run", "report.json"],
    &["verify-run", "not.json"],
    &["run", "not.json"],
    &["run", "class", "-s", "not.py"],
    &["explain", "not.py"],
    &["check", "not.json"],
    &["check", "not.json", "--format", "github"],
    &["verify", "not.py"],
];

/// Everything that the commands print and write about hostile files.
fn told_about(folder: &Path, said: &str, mut look: impl FnMut(&[&str], &str)) {
    write_hostile(folder, said);
    for arguments in COMMANDS {
        let output = run(folder, arguments);
        for told in [&output.stdout, &output.stderr] {
            look(arguments, &text(told));
        }
        let is_answer = !arguments.iter().any(|it| it.starts_with("not."));
        let codes = if is_answer { [0, 1, 3] } else { [2; 3] };
        let said = text(&output.stderr);
        assert!(codes.map(Some).contains(&output.status.code()), "{arguments:?}: {said}");
        if arguments == ["run", "s.json", "-s", "s.py", "--format", "json"] {
            std::fs::write(folder.join("report.json"), output.stdout).unwrap();
        }
    }
    for file in ["out.ndjson", "out.log", "out.svg"] {
        look(&[file], &std::fs::read_to_string(folder.join(file)).unwrap());
    }
}

#[test]
fn no_file_drives_the_terminal_or_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    told_about(folder.path(), EVIL, |arguments, told| harmless(told, &arguments));
    let output = run(folder.path(), &["new", "a\u{9b}\u{202e}b"]);
    assert_eq!(output.status.code(), Some(0));
    harmless(&text(&output.stdout), &"new");
    let written = std::fs::read_to_string(folder.path().join("a\u{9b}\u{202e}b.json")).unwrap();
    harmless(&written, &"new");
    assert!(written.contains("\"a\\u009b\\u202eb.py\""), "{written}");
}

/// Half a million marks on one letter hang terminals. What is for programs keeps them.
#[test]
fn a_letter_with_marks_without_end_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let heap = |times| format!("e{}", "\u{301}".repeat(times));
    told_about(folder.path(), &heap(3_000), |arguments, told| {
        let is_data =
            arguments.contains(&"json") || arguments.iter().any(|it| it.starts_with("out"));
        if is_data && !arguments.contains(&"out.svg") {
            return;
        }
        let most = told.graphemes(true).map(|cluster| cluster.chars().count()).max().unwrap_or(0);
        assert!(most <= 40, "{arguments:?}: {most} characters on one place");
    });
    let title = format!(
        r#"{{"format": 1, "title": "{}", "lanes": [{{"user": "ann", "says": [{{"text": "hi"}}]}}]}}"#,
        heap(500_000)
    );
    std::fs::write(folder.path().join("long.json"), title).unwrap();
    for arguments in
        [&["run", "long.json"][..], &["explain", "long.json"], &["compare", "long.json"]]
    {
        let output = run(folder.path(), arguments);
        assert!(output.stdout.len() + output.stderr.len() < 20_000, "{arguments:?}");
    }
}
