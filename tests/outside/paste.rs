//! What is printed can be pasted: a command that the program prints names the very file.

use super::{PROGRAM, is_there, run, text};
use interleak::report::page::{Page, Paper};
use interleak::report::shell_word;
use interleak::screen::escape;
use proptest::collection::vec;
use proptest::prelude::*;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Bash reads a script from standard input, as it reads what is pasted.
fn bash(folder: &Path, locale: &str, script: &str) -> Output {
    let path = Path::new(PROGRAM).parent().unwrap().to_str().unwrap().to_owned();
    let path = format!("{path}:{}", std::env::var("PATH").unwrap());
    let mut child = Command::new("bash")
        .args(["--norc", "-s"])
        .current_dir(folder)
        .envs([("LC_ALL", locale), ("PATH", &path)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), script.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// What a name can be made of: what a shell, a terminal, a page or a document takes for its own.
const PIECES: [&str; 44] = [
    "a",
    "Z",
    "7",
    "-",
    "--",
    "_",
    ".",
    "/",
    "@",
    "+",
    ":",
    ",",
    "=",
    " ",
    "  ",
    "\t",
    "\n",
    "\r",
    "'",
    "\"",
    "\\",
    "`",
    "$",
    "$(id)",
    "${x}",
    "!",
    "!!",
    "~",
    "*",
    "?",
    "[a]",
    "{a,b}",
    "#",
    "&",
    "|;",
    "<>",
    "\u{1b}]0;x\u{7}",
    "\u{7f}",
    "\u{9b}",
    "\u{202e}",
    "小明",
    "e\u{301}",
    "👩\u{200d}💻",
    " --schedule \"",
];

fn name() -> impl Strategy<Value = OsString> {
    let piece = prop_oneof![
        8 => proptest::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        2 => any::<char>().prop_filter("names hold no NUL", |&it| it != '\0').prop_map(|it| it.to_string().into_bytes()),
        1 => (1..=255_u8).prop_map(|byte| vec![byte]),
        1 => (1..60_usize).prop_map(|times| "\u{301}".repeat(times).into_bytes()),
    ];
    vec(piece, 1..8).prop_map(|pieces| OsString::from_vec(pieces.concat()))
}

/// What bash makes of a name: the same, or the same file.
fn meant(name: &OsStr) -> Vec<u8> {
    let is_option = name.len() > 1 && name.as_bytes().starts_with(b"-");
    [if is_option { b"./" } else { &b""[..] }, name.as_bytes()].concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_shell_word_is_read_back_byte_for_byte(mut names in vec(name(), 100)) {
        prop_assume!(is_there("bash"));
        names.push(OsString::new());
        let words: Vec<String> = names.iter().map(shell_word).collect();
        for word in &words {
            prop_assert_eq!(&escape(word), word, "nothing is left to escape");
        }
        for locale in ["C", "C.UTF-8"] {
            let script = format!("printf '%s\\0' {}", words.join(" "));
            let read = bash(Path::new("/"), locale, &script);
            let read: Vec<&[u8]> = read.stdout.split(|&byte| byte == 0).collect();
            prop_assert_eq!(read.len(), names.len() + 1);
            for ((name, word), read) in names.iter().zip(&words).zip(read) {
                prop_assert_eq!(meant(name), read, "{} in {}", word, locale);
            }
        }
    }

    /// However long names and schedules are, and wherever the line is broken.
    #[test]
    fn a_printed_command_is_read_back_word_for_word(
        (scenario, strategy) in (name(), name()),
        lanes in vec("[a-z]{1,30}[*]?[1-9]", 0..40),
    ) {
        prop_assume!(is_there("bash"));
        let schedule = lanes.join(" ");
        for has_schedule in [true, false] {
            let mut command = format!("interleak x {} -s {}", shell_word(&scenario), shell_word(&strategy));
            let mut expected = vec![b"x".to_vec(), meant(&scenario), b"-s".to_vec(), meant(&strategy)];
            if has_schedule {
                command.push_str(&format!(" --schedule \"{schedule}\""));
                expected.extend([b"--schedule".to_vec(), schedule.clone().into_bytes()]);
            }
            let mut page = Page::new(Paper::english(80));
            page.command("Again", &command);
            let printed = page.finish();
            let pasted = printed.strip_prefix("Again").unwrap();
            let read = bash(Path::new("/"), "C.UTF-8", &format!("interleak() {{ printf '%s\\0' \"$@\"; }}\n{pasted}"));
            let mut read: Vec<Vec<u8>> = read.stdout.split(|&byte| byte == 0).map(<[u8]>::to_vec).collect();
            prop_assert_eq!(read.pop(), Some(Vec::new()));
            if has_schedule {
                let told = read.pop().unwrap();
                let told = String::from_utf8(told).unwrap();
                // A line that was broken inside the schedule goes on with spaces.
                read.push(told.split_whitespace().collect::<Vec<_>>().join(" ").into_bytes());
            }
            prop_assert_eq!(read, expected, "{}", printed);
        }
    }
}

/// Names that a file can have and a shell, a page or an option takes for something else.
const NAMES: [&str; 16] = [
    "plain",
    "with space",
    " edge ",
    "a\"b",
    "it's",
    "-dash",
    "--schedule",
    "a --schedule \"b",
    "line\nend",
    "tab\tbed",
    "b\u{1b}]0;x\u{7}a",
    "del\u{7f}\u{9b}",
    "turned\u{202e}",
    "小明 é",
    "$(touch x)`y`!!\\",
    "marks\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
];

/// The commands on a page, as one copies them: what begins with `interleak`, and on until bash
/// takes it for whole.
fn commands(page: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        match (open, line.get(8..)) {
            (true, _) => *commands.last_mut().unwrap() += &format!("\n{line}"),
            (false, Some(told)) if told.starts_with("interleak ") => commands.push(told.into()),
            _ => continue,
        }
        let command = commands.last().unwrap();
        let read = Command::new("bash").args(["-n", "-c", command]).output().unwrap();
        open = command.ends_with('\\') || !read.status.success();
    }
    commands
}

/// Pastes every command of a page. Each is understood and finds its files.
#[track_caller]
fn paste(folder: &Path, page: &[u8], count: usize) {
    let commands = commands(&text(page));
    assert_eq!(commands.len(), count, "{}", text(page));
    for command in commands {
        let output = bash(folder, "C.UTF-8", &format!("{command}\n"));
        let said = text(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{command}\n{said}");
        assert!(said.is_empty(), "{command}\n{said}");
    }
}

#[test]
fn printed_commands_find_the_very_files() {
    if !is_there("bash") {
        return;
    }
    for name in NAMES {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let told = run(at, &["new", "--", name]);
        assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
        paste(at, &told.stdout, 2);
        let [scenario, strategy] = ["json", "py"].map(|ending| format!("./{name}.{ending}"));
        std::fs::write(at.join("other.json"), TURNS).unwrap();
        std::fs::copy(at.join("other.json"), at.join(&scenario)).unwrap();
        let log = format!("./{name}.ndjson");
        let both = ["run", &scenario, "-s", &strategy, "-s", "global", "--show", "1"];
        paste(at, &run(at, &both).stdout, 5);
        paste(at, &run(at, &[&both[..], &["--full"]].concat()).stdout, 6);
        let told = run(at, &["run", &scenario, "-s", &strategy, "--log", &log]);
        paste(at, &told.stdout, 2);
        paste(at, &run(at, &["check", &scenario]).stdout, 1);
        let told = run(at, &["compare", &scenario, "-s", &strategy, "-s", "global", "--commands"]);
        paste(at, &told.stdout, 3);
        paste(at, &run(at, &["explain", &strategy]).stdout, 1);
        paste(at, &run(at, &["stress", &scenario, "--runs", "1"]).stdout, 1);
        // A log that begins in the middle: more has to be remembered.
        let cut = std::fs::read_to_string(at.join(&log)).unwrap();
        let cut: Vec<&str> = cut.lines().skip(1).collect();
        std::fs::write(at.join(&log), cut.join("\n")).unwrap();
        let told = run(at, &["diagnose", &log]);
        assert_ne!(told.status.code(), Some(2), "{}", text(&told.stderr));
        let mut files: Vec<OsString> =
            std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        files.sort();
        let mut expected: Vec<OsString> =
            ["json", "py", "ndjson"].map(|ending| format!("{name}.{ending}").into()).to_vec();
        expected.push("other.json".into());
        expected.sort();
        assert_eq!(files, expected, "and nothing else was run or made");
    }
}

/// Lanes with enough turns that a schedule does not fit a line.
const TURNS: &str = r#"{"format": 1, "title": "t", "lanes": [
  {"user": "a-name-that-is-rather-long@example.org", "says": [{"text": "1"}, {"text": "2"}, {"text": "3"}]},
  {"user": "another-name-that-is-rather-long+x", "says": [{"text": "1"}, {"text": "2"}, {"text": "3"}]}],
  "expect": {"global": "clean"}}"#;
