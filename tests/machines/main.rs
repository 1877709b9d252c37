//! What `check`, `verify`, `stress` and `list` write for other programs, and what becomes of input
//! that is wrong among input that is right.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod workflow;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const TWO: &str = r#""lanes": [{"user": "ann", "says": [{"text": "hi"}]}, {"user": "bob", "says": [{"text": "hi"}]}]"#;

fn inside(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_interleak"));
    command.args(arguments).current_dir(folder).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A scenario in which two strangers say hi, and what it expects.
fn write_scenario(folder: &Path, name: &str, expect: &str) {
    let text =
        format!("{{\"format\": 1, \"title\": \"t\",\n{TWO},\n\"expect\": {{\n{expect}\n}} }}\n");
    std::fs::write(folder.join(name), text).unwrap();
}

/// Good, failing, and broken in every way that there is.
fn write_all(folder: &Path) {
    write_scenario(folder, "good.json", "\"session-map\": \"clean\"");
    write_scenario(folder, "fails.json", "\"session-map\": \"clean\",\n\"global\": \"clean\"");
    write_scenario(
        folder,
        "holes.json",
        "\"gone.py\": \"clean\",\n\"bad.py\": \"clean\",\n\"session-map\": \"clean\"",
    );
    std::fs::write(folder.join("bad.py"), "x = 1  #@ nonsense\n").unwrap();
    std::fs::write(folder.join("not.json"), "{\n\"format\": 1,, }").unwrap();
    let copies = format!(
        "{{\"format\": 1, \"title\": \"t\", \"server\": {{\"replicas\": 2}},\n{TWO},\n\"expect\": {{\n\"actor\": \"clean\",\n\"store-shared\": {{\"lost-update\": \"never\"}} }} }}"
    );
    std::fs::write(folder.join("copies.json"), copies).unwrap();
}

const ALL: [&str; 6] =
    ["not.json", "missing.json", "fails.json", "holes.json", "copies.json", "good.json"];

fn check(folder: &Path, names: &[&str], format: &str) -> (Option<i32>, String) {
    let output = inside(folder, &[&["check"], names, &["--format", format]].concat());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), text(&output))
}

/// Each case of a JSON document: scenario, strategy, outcome, line.
fn cases(document: &str) -> Vec<(String, String, String, Option<u64>)> {
    let document: Value = serde_json::from_str(document).unwrap();
    let word = |case: &Value, field: &str| case[field].as_str().unwrap_or("-").to_owned();
    let cases = document["cases"].as_array().unwrap().iter().map(|case| {
        let [scenario, strategy, outcome] =
            ["scenario", "strategy", "outcome"].map(|field| word(case, field));
        (scenario, strategy, outcome, case["line"].as_u64())
    });
    cases.collect()
}

#[test]
fn what_is_broken_is_a_row_and_the_others_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    let (code, document) = check(folder.path(), &ALL, "json");
    assert_eq!(code, Some(2));
    let row = |scenario: &str, strategy: &str, outcome: &str, line| {
        (scenario.to_owned(), strategy.to_owned(), outcome.to_owned(), line)
    };
    let expected = [
        row("not.json", "-", "broken", Some(2)),
        row("missing.json", "-", "broken", None),
        row("fails.json", "global", "fails", Some(5)),
        row("fails.json", "session-map", "holds", Some(4)),
        row("holes.json", "session-map", "holds", Some(6)),
        row("holes.json", "gone.py", "broken", Some(4)),
        row("holes.json", "bad.py", "broken", Some(1)),
        row("copies.json", "actor", "broken", Some(4)),
        row("copies.json", "store-shared", "fails", Some(5)),
        row("good.json", "session-map", "holds", Some(4)),
    ];
    let found = cases(&document);
    // The second expectation of copies.json is there to be explored, whatever it comes to.
    let judged = |rows: &[(String, String, String, Option<u64>)]| {
        let rows = rows.iter().filter(|row| row.1 != "store-shared").cloned();
        rows.collect::<Vec<_>>()
    };
    assert_eq!(judged(&found), judged(&expected), "{document}");
    assert!(found.iter().any(|row| row.1 == "store-shared" && row.2 != "broken"), "{document}");
    let (_, page) = check(folder.path(), &ALL, "text");
    assert!(page.contains("broken  not.json: not.json is not valid JSON"), "{page}");
    assert!(page.contains(" --> not.json:2:13"), "the excerpt is there: {page}");
    assert!(page.contains("ok      good.json × session-map: clean in 6 orders"), "{page}");
}

#[test]
fn the_worst_row_is_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    let open = ["three-students", "--max-states", "100"];
    for (names, code) in [
        (&["good.json"][..], 0),
        (&["good.json", "fails.json"], 1),
        (&[&["fails.json"], &open[..]].concat(), 3),
        (&[&["not.json", "fails.json"], &open[..]].concat(), 2),
        (&["missing.json"], 2),
    ] {
        for format in ["text", "json", "junit", "github"] {
            assert_eq!(check(folder.path(), names, format).0, Some(code), "{names:?} {format}");
        }
    }
}

/// What was open is open again, and not explored for hours.
#[test]
fn the_command_of_an_open_case_has_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    let bounds = ["--max-states", "100", "--max-memory", "512M"];
    let names = [&["good.json", "three-students"], &bounds[..]].concat();
    let document: Value = serde_json::from_str(&check(folder.path(), &names, "json").1).unwrap();
    for case in document["cases"].as_array().unwrap() {
        let command = case["command"].as_str().unwrap();
        let repeats = command.ends_with(" --max-states 100 --max-memory 512M");
        assert_eq!(repeats, case["outcome"] == "open", "{case}");
    }
}

fn tests(document: &str) -> Vec<TestCase> {
    let report = Report::deserialize_from_str(document).unwrap();
    report.test_suites.into_iter().flat_map(|suite| suite.test_cases).collect()
}

#[test]
fn junit_tells_failures_from_errors() {
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    let names = [&ALL[..], &["three-students", "--max-states", "100"]].concat();
    let (_, document) = check(folder.path(), &names, "junit");
    let tests = tests(&document);
    let of = |scenario: &str, name: &str| {
        let found = tests.iter().find(|test| {
            test.classname.as_ref().unwrap().as_str() == scenario && test.name.as_str() == name
        });
        match &found.unwrap_or_else(|| panic!("{scenario} {name}: {document}")).status {
            TestCaseStatus::NonSuccess { kind, message, description, .. } => {
                let (message, body) = (message.as_ref().unwrap(), description.as_ref().unwrap());
                assert!(body.starts_with(message.as_str()), "repeated in the body: {document}");
                Some((*kind, message.to_string()))
            }
            _ => None,
        }
    };
    assert_eq!(of("good.json", "session-map"), None);
    let (kind, message) = of("fails.json", "global").unwrap();
    assert_eq!(kind, NonSuccessKind::Failure);
    let leak = "context-leak was expected never, but shows sometimes: 2 of 6 orders";
    assert!(message.contains(leak), "{message}");
    for (scenario, name, said) in [
        ("not.json", "not.json", "is not valid JSON"),
        ("holes.json", "gone.py", "there is no file gone.py"),
        ("copies.json", "actor", "several replicas"),
        ("three-students", "global", "the limit of 100 states was hit"),
    ] {
        let (kind, message) = of(scenario, name).unwrap();
        assert_eq!(kind, NonSuccessKind::Error, "{scenario} {name}");
        assert!(message.contains(said), "{message}");
    }
}

/// What XML 1.0 allows: https://www.w3.org/TR/xml/#charsets.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Characters that XML forbids, that end an attribute, an element, or a command of GitHub.
const HOSTILE: &str = "a\u{1}\u{8}\u{b}\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{fffe}\u{ffff}\"'<&>]]>,:%0A\r\n::error::x ##[error]y.py";

#[test]
fn hostile_names_stay_text_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let name = serde_json::Value::from(HOSTILE).to_string();
    write_scenario(folder.path(), "s.json", &format!("{name}: \"clean\", \"global\": \"clean\""));
    // A file that is there under such a name is checked like any other.
    let is_there = cfg!(unix);
    if is_there {
        std::fs::copy(
            folder.path().join("s.json"),
            folder.path().join(HOSTILE.replace(".py", ".json")),
        )
        .unwrap();
    }
    let hostile = HOSTILE.replace(".py", ".json");
    let names = if is_there { vec!["s.json", &hostile] } else { vec!["s.json"] };
    for format in ["text", "json", "junit", "github"] {
        let (code, told) = check(folder.path(), &names, format);
        assert_eq!(code, Some(2), "{told}");
        let drives = told.chars().find(|&it| it != '\n' && interleak::screen::drives(it));
        assert_eq!(drives, None, "{format}: {told:?}");
        match format {
            "junit" => {
                assert!(told.chars().all(is_xml), "{told:?}");
                let names: Vec<String> =
                    tests(&told).iter().map(|it| it.name.to_string()).collect();
                let shown = "a\\u{1}\\u{8}\\u{b}\\u{1b}[2J\\u{7f}\\u{9b}\\u{202e}\\u{fffe}\\u{ffff}\"'<&>]]>,:%0A\\u{d}\\n::error::x ##[error]y.py";
                assert!(names.iter().any(|name| name == shown), "{names:?}");
            }
            "github" => {
                let lines: Vec<&str> = told.lines().collect();
                let (last, commands) = lines.split_last().unwrap();
                assert_eq!(commands.len(), 2 * names.len(), "{told}");
                assert!(commands.iter().all(|it| it.starts_with("::error file=")), "{told}");
                assert!(commands.iter().any(|it| it.contains("%250A")), "{told}");
                assert!(!last.contains("##["), "{last}");
            }
            _ => {}
        }
    }
}

#[test]
fn github_gets_ten_of_each_level_and_a_notice_that_counts_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    let (_, few) = check(folder.path(), &["fails.json", "holes.json"], "github");
    let global = few.lines().find(|line| line.contains("global")).unwrap();
    let start = "::error file=fails.json,line=5,title=interleak%3A fails.json × global::context-leak was expected never, but shows sometimes: 2 of 6 orders%0A";
    assert!(global.starts_with(start), "{global}");
    assert!(!few.contains("::notice"), "{few}");
    let missing: Vec<String> = (0..13).map(|number| format!("missing-{number}.json")).collect();
    let mut names: Vec<&str> = missing.iter().map(String::as_str).collect();
    names.extend(["double-click", "--max-states", "2"]);
    let (_, many) = check(folder.path(), &names, "github");
    let of = |level: &str| many.lines().filter(|line| line.starts_with(level)).count();
    assert_eq!((of("::error "), of("::warning "), of("::notice ")), (10, 10, 2), "{many}");
    assert!(many.contains("::notice title=interleak check::3 more errors, "), "{many}");
    assert_eq!(many.lines().count(), 10 + 10 + 2 + 1, "{many}");
}

/// Of several strategies, one that is broken or does not fit says so, and the others are shown.
#[test]
fn what_does_not_fit_among_several_is_a_page() {
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    let json = |arguments: &[&str]| {
        let output = inside(folder.path(), &[arguments, &["--format", "json"]].concat());
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), document)
    };
    let named = ["-s", "store-shared", "-s", "bad.py", "-s", "actor"];
    let (code, document) = json(&[&["run", "replicas"], &named[..]].concat());
    assert_eq!(code, Some(2));
    assert_eq!(document["results"][0]["strategy"], "store-shared");
    assert_eq!(document["broken"][0]["problem"]["file"], "bad.py");
    assert_eq!(document["broken"][1]["strategy"], "actor");
    let page = text(&inside(folder.path(), &[&["run", "replicas"], &named[..]].concat()));
    assert!(page.contains("BROKEN  bad.py: unknown move `nonsense`"), "{page}");
    assert!(page.contains("BROKEN  actor: a strategy with workers"), "{page}");
    let (code, document) = json(&["run", "replicas", "-s", "all"]);
    let unfit = document["broken"].as_array().unwrap().iter();
    assert!(unfit.map(|it| &it["strategy"]).any(|name| name == "actor"), "{document}");
    assert_ne!(code, Some(2), "nobody named it");
    let (code, document) = json(&[&["compare", "replicas"], &named[..]].concat());
    assert_eq!(code, Some(2));
    let comparison = &document["comparisons"][0];
    assert_eq!(comparison["strategies"][0]["strategy"], "store-shared");
    assert_eq!(comparison["left_out"][0]["strategy"], "bad.py");
    assert_eq!(comparison["left_out"][1]["strategy"], "actor");
    let few = ["--scenario", "double-click", "--runs", "2"];
    let (code, document) = json(&[&["verify", "bad.py", "session-map"], &few[..]].concat());
    assert_eq!(code, Some(2));
    let outcomes = [0, 1].map(|index| document["results"][index]["outcome"].clone());
    assert_eq!(outcomes, ["broken", "same"], "{document}");
    for only in [
        &["run", "replicas", "-s", "actor"][..],
        &["compare", "replicas", "-s", "bad.py"],
        &["verify", "bad.py"],
    ] {
        let output = inside(folder.path(), only);
        assert_eq!(output.status.code(), Some(2), "{only:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{only:?}: the only one");
    }
}

/// The documents say what the pages say.
#[test]
fn documents_say_what_pages_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let json = |arguments: &[&str]| -> Value {
        let output = inside(root, &[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let lying = [
        "verify",
        "tests/fixtures/lying/no-lock.py",
        "--scenario",
        "voice-assistant",
        "--runs",
        "2",
    ];
    let document = json(&lying);
    let (result, page) = (&document["results"][0], text(&inside(root, &lying)));
    assert_eq!(result["outcome"], "differs");
    let difference = &result["difference"];
    assert_eq!((&difference["line"], &difference["marks"]), (&9.into(), &"LOCK is held".into()));
    let joined = page.replace("\n        ", " ");
    for field in ["what", "marks", "does", "code", "when"] {
        let said = difference[field].as_str().unwrap().trim_end();
        assert!(joined.contains(said), "{field}: {said} is not on {page}");
    }
    let stress = json(&[
        "stress",
        "voice-assistant",
        "-s",
        "global-append",
        "--runs",
        "20",
        "--infer-us",
        "0",
    ]);
    assert_eq!((&stress["runs"], &stress["interleavings"]), (&20.into(), &"84".into()));
    let leak = &stress["anomalies"]["context-leak"];
    assert_eq!((&leak["runs"], &leak["verdict"]), (&20.into(), &"always".into()), "{stress}");
    let list = json(&["list"]);
    let names = |what: &str| {
        list[what]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("strategies"), interleak::strategy::names());
    assert_eq!(names("anomalies"), interleak::anomalies::names());
    assert_eq!(names("scenarios").len(), interleak::scenario::SHIPPED.len());
    assert_eq!(json(&["list", "anomalies"])["strategies"], Value::Array(Vec::new()));
}
