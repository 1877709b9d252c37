//! The program as other programs see it: exit codes, streams, bytes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::cli::Cli;
use interleak::report::page::Paper;
use interleak::screen::COLUMNS;
use serde_json::{Value, json};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_interleak"));
    command.args(arguments).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Bad input: exit 2, one message on standard error, nothing on standard output.
#[track_caller]
fn refused(arguments: &[&str], expected: &str) {
    let output = run(arguments);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty(), "nothing on standard output");
    assert!(message.starts_with("error: "), "{message}");
    assert!(message.contains(expected), "`{expected}` is missing in:\n{message}");
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn files_that_are_none_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str, bytes: &[u8]| write(folder.path(), name, bytes);
    refused(&["run", "missing.json"], "there is no file missing.json");
    refused(&["run", folder.path().to_str().unwrap()], "is a folder");
    refused(&["run", &at("bytes.json", b"{\n\xff}")], "is not UTF-8 text: line 2");
    refused(&["run", &at("empty.json", b"")], "is empty");
    refused(&["run", &at("broken.json", b"{\n  \"format\": 1,,\n}")], "broken.json:2:15");
    refused(&["run", &at("deep.json", "[".repeat(200_000).as_bytes())], "found an array");
    let deep = format!("{{\"format\": 1, \"title\": {}", "[".repeat(200_000));
    refused(&["run", &at("deeper.json", deep.as_bytes())], "found an array, expected a string");
    refused(&["run", "voice-assistant", "-s", &at("empty.py", b"\n")], "is empty");
    refused(&["run", "voice-assistant", "-s", "missing.py"], "there is no file missing.py");
    let large = folder.path().join("large.json");
    std::fs::File::create(&large).unwrap().set_len(100_000_000).unwrap();
    refused(&["run", large.to_str().unwrap()], "has 100000000 bytes");
}

/// `verify` with only this folder on the PATH.
#[cfg(unix)]
#[track_caller]
fn cannot_verify(path: &Path, expected: &str) {
    let output = command(&["verify", "global"]).env("PATH", path).output().unwrap();
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty(), "nothing on standard output");
    assert!(message.contains(expected), "`{expected}` is missing in:\n{message}");
    assert!(message.contains("install Python 3.10 or newer"), "{message}");
}

/// Without Python, or with one that is too old, `verify` says what it needs.
#[cfg(unix)]
#[test]
fn verify_says_which_python_it_needs() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    cannot_verify(folder.path(), "there is no `python3` on this machine's PATH");
    let fake = |script: &str| {
        let path = folder.path().join("python3");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    let found = std::env::var("PATH").unwrap();
    fake(&format!(
        "PATH='{found}' exec python3 -c 'import sys; sys.version_info = (3, 9, 1); exec(sys.argv[4])' \"$@\""
    ));
    cannot_verify(folder.path(), "`python3` is Python 3.9.1; 3.10 or newer is needed");
    fake("echo 'no such thing' >&2; exit 1");
    cannot_verify(folder.path(), "`python3` ended without an answer: no such thing");
}

/// What Python itself says about a listing is passed on, with the line.
#[test]
fn listings_that_are_no_python_cannot_be_verified() {
    let folder = tempfile::tempdir().unwrap();
    let body = "def respond(question, session):\n    history = list(H)  #@ load H\n    \
                answer = assistant(history)  #@ infer\n    return answer  #@ reply\n";
    let verify = |before: &str, expected: &str| {
        let listing = format!("{before}\n{body}");
        let file = write(folder.path(), "mine.py", listing.as_bytes());
        refused(&["verify", &file, "--scenario", "voice-assistant"], expected);
    };
    verify("H = []  #@ shared H\nx = = 1", "SyntaxError");
    verify("H = []  #@ shared H\nnot_there()", "mine.py:2:1");
    verify("H = []  #@ shared H\nimport not_there", "No module named 'not_there'");
    verify("import sys; sys.exit(0)\nH = []  #@ shared H", "SystemExit");
    verify("H = input()  #@ shared H", "EOFError");
    let threads = "import threading, time\nH = []  #@ shared H\n\
                   threading.Thread(target=time.sleep, args=(9,), daemon=True).start()";
    verify(threads, "the file starts threads itself");
    let twice = "H = []  #@ shared H\ndef other():\n    pass";
    let file =
        format!("{twice}\n{}", body.replace("history = list(H)", "history = list(\n        H)"));
    let file = file.replace("list(\n", "list(  #@ note question\n");
    let file = write(folder.path(), "twice.py", file.as_bytes());
    refused(&["verify", &file], "two marks on one Python statement");
}

#[test]
fn scenarios_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    let mut refused_scenario = |lanes: &str, rest: &str, expected: &str| {
        number += 1;
        let body = format!("{{ \"format\": 1, \"title\": \"t\",\n  \"lanes\": [{lanes}]{rest} }}");
        refused(
            &["run", &write(folder.path(), &format!("{number}.json"), body.as_bytes())],
            expected,
        );
    };
    let ann = r#"{"user":"ann","says":[{"text":"hi"}]}"#;
    refused_scenario("", "", "there are no lanes");
    refused_scenario(&format!("{ann},{ann}"), "", "two lanes are called ann");
    refused_scenario(ann, ", \"expects\": {}", "did you mean expect?");
    refused_scenario(ann, ", \"expect\": {\"globel\": \"clean\"}", "did you mean global?");
    refused_scenario(
        ann,
        ", \"expect\": {\"global\": {\"leak\": \"never\"}}",
        "unknown anomaly leak",
    );
    refused_scenario(
        ann,
        ", \"expect\": {\"global\": {\"deadlock\": \"often\"}}",
        "unknown word often",
    );
    refused_scenario(ann, ", \"expect\": {\"global\": 3}", "expect.global: found integer `3`");
    refused_scenario(
        ann,
        ", \"expect\": {\"global\": \"clean\", \"global\": \"clean\"}",
        "`global` is given twice",
    );
    refused_scenario(ann, ", \"server\": {\"limit\": 0}", "a limit of 0 requests");
    refused_scenario(ann, ", \"server\": {\"limit\": -1}", "found integer `-1`");
    refused_scenario(ann, ", \"assistant\": {\"known\": \"{nam}\"}", "{nam} is not filled in here");
    refused_scenario("3", "", "lanes[0]: found integer `3`, expected an object");
    refused_scenario(r#"["ann", null, null, []]"#, "", "found an array, expected an object");
    refused_scenario(r#"{"user":"ann","says":[]}"#, "", "ann says nothing");
    refused_scenario(
        r#"{"user":"ann lee","says":[{"text":"hi"}]}"#,
        "",
        "is not a name that can be typed",
    );
    refused_scenario(
        r#"{"user":"a:b","says":[{"text":"hi"}]}"#,
        "",
        "is not a name that can be typed",
    );
    refused_scenario(r#"{"user":"","says":[{"text":"hi"}]}"#, "", "give it a name");
    refused_scenario(r#"{"user":"ann","says":[{"text":" "}]}"#, "", "an empty request");
    refused_scenario(
        r#"{"user":"ann","says":[{"text":"hi"}]},{"user":"bob","session":"ann","name":"b","says":[{"text":"hi"}]}"#,
        "",
        "session ann belongs to user ann",
    );
    let many: Vec<String> =
        (0..17).map(|n| format!("{{\"user\":\"u{n}\",\"says\":[{{\"text\":\"hi\"}}]}}")).collect();
    refused_scenario(&many.join(","), "", "17 lanes; at most 16");
    let says = vec![r#"{"text":"hi"}"#; 65].join(",");
    refused_scenario(&format!(r#"{{"user":"ann","says":[{says}]}}"#), "", "65 turns; at most 64");
    let future = write(folder.path(), "future.json", b"{\"format\": 2, \"new\": [1]}");
    refused(&["run", &future], "this program reads format 1");
}

#[test]
fn usage_mistakes_are_refused() {
    refused(&["run", "voice-asistant"], "did you mean voice-assistant?");
    refused(&["run", "voice-assistant", "-s", "loked"], "did you mean locked?");
    refused(&["run", "voice-assistant", "--only", "deadlok"], "did you mean deadlock?");
    refused(&["run", "voice-assistant", "--grain", "fine"], "invalid value 'fine'");
    refused(&["run", "voice-assistant", "--limit", "0"], "invalid value '0'");
    refused(&["run", "voice-assistant", "--max-states", "0"], "a number of states");
    refused(&["explain", "mutex"], "nothing is called mutex");
    refused(&["replay", "voice-assistant", "-s", "all"], "one strategy at a time");
    let schedule = |text| ["replay", "voice-assistant", "-s", "locked", "--schedule", text];
    refused(&schedule("alice bob*2"), "move 2: bob waits for LOCK, held by alice");
    refused(&schedule("alice bob*2"), "who could move here: alice");
    refused(&schedule("alice*9"), "move 9: alice has no turn left");
    refused(&schedule("alica"), "did you mean alice?");
    refused(&schedule("alice*0"), "`0` is not a number of moves");
    refused(&schedule("alice*99999999999"), "is not a number of moves");
    refused(&schedule("alice*99999"), "alice has no turn left");
    refused(&schedule("alice*4294967295"), "a schedule of more than 100,000 moves");
    refused(&schedule("alice*8 bob*4 bob"), "the run is over");
}

/// The numbers of the facts, through the JSON contract.
#[test]
fn json_carries_exact_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let says = r#"[{"text":"one"},{"text":"two"}]"#;
    let lanes = format!(r#"{{"user":"a","says":{says}}},{{"user":"b","says":{says}}}"#);
    let body = format!("{{\"format\":1,\"title\":\"t\",\"lanes\":[{lanes}]}}");
    let scenario = write(folder.path(), "two.json", body.as_bytes());
    let fixtures = format!("{}/tests/fixtures/listings", env!("CARGO_MANIFEST_DIR"));
    let strategy = format!("{fixtures}/global.py");
    let arguments = ["run", &scenario, "-s", &strategy, "--grain", "line", "--format", "json"];
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(1), "a leak that nobody expects");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let result = &document["results"][0];
    let leak = &result["anomalies"]["context-leak"];
    assert_eq!(document["format"], 1);
    assert_eq!(result["interleavings"], "184756");
    assert_eq!(result["outcomes"], 19);
    assert_eq!(result["traces"], "34");
    assert_eq!(result["complete"], true);
    assert_eq!(leak["interleavings"], "137776");
    assert_eq!(leak["probability"], 753.0 / 1024.0);
    assert_eq!(leak["probability_exact"], "753/1024");
    assert_eq!((&leak["kind"], &leak["verdict"]), (&"sharing".into(), &"sometimes".into()));
    assert_eq!(result["anomalies"].as_object().unwrap().len(), 8, "every judged anomaly");
    assert_eq!(result["anomalies"]["deadlock"]["witness"], Value::Null);
}

/// A page or a document, without a process for it.
fn answered(arguments: &[&str]) -> String {
    let mut answer = Vec::new();
    let cli = Cli::read([&["interleak"], arguments].concat()).unwrap();
    cli.answer(Paper::english(COLUMNS), &mut answer).unwrap_or_else(|_| panic!("{arguments:?}"));
    text(&answer)
}

/// What `run` prints, `replay` takes, and it shows the same anomaly.
#[test]
fn every_printed_schedule_can_be_replayed() {
    for scenario in ["voice-assistant", "voice-assistant-zh", "three-students", "double-click"] {
        // Line by line three students take long, and show nothing that two of them do not.
        let grains = ["access", "await", "turn", "line"];
        for grain in &grains[..if scenario == "three-students" { 3 } else { 4 }] {
            let printed = ["run", scenario, "-s", "all", "--grain", grain, "--format", "json"];
            let document: Value = serde_json::from_str(&answered(&printed)).unwrap();
            for result in document["results"].as_array().unwrap() {
                let strategy = result["strategy"].as_str().unwrap();
                let asked = ["replay", scenario, "-s", strategy, "--grain", grain, "--schedule"];
                for (id, found) in result["anomalies"].as_object().unwrap() {
                    let Some(schedule) = found["witness"]["schedule"].as_str() else { continue };
                    let page = answered(&[&asked[..], &[schedule]].concat());
                    let page = page.replace("\n        ", " ");
                    let sentence = found["sentence"].as_str().unwrap();
                    let start: String = sentence.chars().take(30).collect();
                    assert!(page.contains(&start), "{id}: `{start}` is missing in:\n{page}");
                }
            }
        }
    }
}

#[test]
fn the_same_bytes_for_every_number_of_threads() {
    for arguments in [
        &["run", "three-students", "-s", "all", "--show", "3"][..],
        &["run", "three-students", "--grain", "line", "--format", "json"],
        &["run", "three-students", "-s", "all", "--max-states", "2000"],
        &["check"],
    ] {
        let with = |threads| {
            let output = command(arguments).env("RAYON_NUM_THREADS", threads).output().unwrap();
            (output.status.code(), text(&output.stdout))
        };
        let once = with("1");
        assert!(!once.1.is_empty());
        assert_eq!(once, with("8"));
    }
}

#[test]
fn a_changed_expectation_fails_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = include_str!("../scenarios/01-the-class/voice-assistant.json");
    let check = |name: &str, text: &str| {
        let path = write(folder.path(), name, text.as_bytes());
        let output = run(&["check", &path]);
        (output.status.code(), self::text(&output.stdout).replace("\n        ", " "))
    };
    assert_eq!(check("same.json", shipped).0, Some(0));
    let (code, page) = check(
        "changed.json",
        &shipped
            .replace("\"session-map\": \"clean\"", "\"session-map\": { \"amnesia\": \"always\" }"),
    );
    assert_eq!(code, Some(1));
    assert!(page.contains("session-map: amnesia was expected always, but shows never"), "{page}");
    let leak =
        "\"global-append\": { \"context-leak\": \"always\", \"torn-history\": \"sometimes\" }";
    let (code, page) = check("clean.json", &shipped.replace(leak, "\"global-append\": \"clean\""));
    assert_eq!(code, Some(1));
    assert!(
        page.contains("context-leak was expected never, but shows always: all 84 orders"),
        "{page}"
    );
    assert!(
        page.contains("torn-history was expected never, but shows sometimes: 81 of 84 orders"),
        "{page}"
    );
    let expectations = shipped.find("  \"expect\"").unwrap();
    let (code, _) =
        check("none.json", &format!("{} \"expect\": {{}} }}", &shipped[..expectations]));
    assert_eq!(code, Some(2), "a scenario that expects nothing is no check");
}

#[test]
fn exit_codes_say_how_it_ended() {
    let code = |arguments: &[&str]| run(arguments).status.code();
    assert_eq!(code(&["run", "voice-assistant"]), Some(0), "an expected leak");
    assert_eq!(code(&["run", "voice-assistant", "-s", "locked"]), Some(0));
    assert_eq!(code(&["run", "double-click", "-s", "session-map", "--grain", "turn"]), Some(0));
    assert_eq!(code(&["run", "voice-assistant", "-s", "all", "--limit", "1"]), Some(0));
    assert_eq!(code(&["run", "voice-assistant", "--max-states", "10"]), Some(3));
    assert_eq!(code(&["check", "three-students", "--max-states", "100"]), Some(3));
    assert_eq!(code(&["--help"]), Some(0));
    assert_eq!(code(&["--version"]), Some(0));
    assert_eq!(code(&[]), Some(2));
}

/// A limit that was hit is said in words, in every format.
#[test]
fn a_limit_is_said_in_every_format() {
    let page = text(&run(&["run", "three-students", "--max-states", "300"]).stdout);
    assert!(page.contains("the limit of 300 states was hit"), "{page}");
    assert!(page.contains("at least"), "{page}");
    let json =
        text(&run(&["run", "three-students", "--max-states", "300", "--format", "json"]).stdout);
    let document: Value = serde_json::from_str(&json).unwrap();
    let result = &document["results"][0];
    assert_eq!(result["complete"], false);
    assert_eq!(result["stopped"], "the limit of 300 states was hit (--max-states)");
    assert_eq!(result["anomalies"]["deadlock"]["verdict"], "unknown");
    assert_eq!(result["anomalies"]["context-leak"]["verdict"], "sometimes");
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let coloured = |output: Output| output.stdout.contains(&0x1b);
    assert!(!coloured(run(&["run", "voice-assistant"])), "a pipe");
    assert!(coloured(run(&["run", "voice-assistant", "--color", "always"])));
    assert!(!coloured(run(&["run", "voice-assistant", "--color", "never"])));
    let asked = command(&["list", "--color", "always"]).env("NO_COLOR", "1").output().unwrap();
    assert!(coloured(asked), "asking outweighs NO_COLOR");
}

/// A file's texts are shown, but never obeyed.
#[test]
fn a_scenario_cannot_drive_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let body = r#"{"format":1,"title":"\u001b]0;owned\u0007","story":"\u001b[2J","lanes":[
      {"user":"a","says":[{"text":"\u001b[31mred \u202e \u009b2J","tells":{"name":"\u001bc"}}]},
      {"user":"b","says":[{"text":"\r\nover","asks":"name"}]}],
      "expect":{"global":{"context-leak":"sometimes","lost-update":"sometimes"}},
      "remarks":{"global":"\u001b[1A"}}"#;
    let path = write(folder.path(), "bad.json", body.as_bytes());
    let lesson = "\"\"\"x\u{1b}[2J\n\nBelieved: \u{1b}c\u{202e}.\nActual: \u{9b}2J.\n\"\"\"\n";
    let listing = lesson.to_owned() + interleak::strategy::named("global").unwrap().listing;
    let listing = write(folder.path(), "bad\u{1b}[2J.py", listing.as_bytes());
    for arguments in [
        &["run", &path][..],
        &["run", &path, "-s", "all", "--show", "2"],
        &["run", &path, "--format", "json"],
        &["explain", &path],
        &["compare", &path, "-s", "global", "-s", &listing],
        &["compare", &path, "-s", &listing, "--format", "csv"],
        &["compare", &path, "-s", &listing, "--format", "markdown"],
        &["compare", &path, "-s", &listing, "--format", "json"],
        &["sweep", &path, "-s", &listing, "--lanes", "1..3"],
        &["sweep", &path, "-s", &listing, "--lanes", "1..3", "--format", "csv"],
        &["replay", &path, "--schedule", "a*2 b*2"],
        &["replay", &path, "--schedule", "\u{1b}[2J"],
    ] {
        let output = run(arguments);
        for bytes in [&output.stdout, &output.stderr] {
            let driven = text(bytes);
            let driven = driven.chars().find(|&c| c != '\n' && interleak::screen::drives(c));
            assert_eq!(driven, None, "{arguments:?}");
        }
    }
}

/// `interleak … | head` ends quietly.
#[test]
fn a_closed_pipe_is_no_error() {
    let mut child =
        command(&["schema"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut complaints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    assert!(child.wait().unwrap().code().is_some(), "not killed by a signal");
    assert_eq!(complaints, "");
}

/// What `new` writes can be run and checked at once, and nothing is overwritten.
#[test]
fn new_files_work_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let inside = |arguments: &[&str]| {
        let output = command(arguments).current_dir(folder.path()).output().unwrap();
        (output.status.code(), text(&output.stderr))
    };
    assert_eq!(inside(&["new", "lunch"]).0, Some(0));
    assert_eq!(inside(&["check", "lunch.json"]).0, Some(0));
    assert_eq!(inside(&["run", "lunch.json", "-s", "lunch.py"]).0, Some(0));
    assert_eq!(inside(&["new", "other.json"]).0, Some(0));
    assert_eq!(inside(&["check", "other.json"]).0, Some(0));
    assert_eq!(inside(&["new", "other.py"]).0, Some(0));
    assert_eq!(inside(&["run", "other.json", "-s", "other.py"]).0, Some(0));
    let (code, message) = inside(&["new", "lunch"]);
    assert_eq!(code, Some(2));
    assert!(message.contains(" is there already"), "{message}");
    assert_eq!(inside(&["new", "notes.txt"]).0, Some(2));
    assert_eq!(inside(&["new", "no/such/folder"]).0, Some(2));
}

/// Every field that the schema requires is there, and no other field than it knows.
fn valid(schema: &Value, part: &Value, value: &Value, at: &str) {
    if let Some(name) = part["$ref"].as_str() {
        return valid(schema, &schema["$defs"][name.trim_start_matches("#/$defs/")], value, at);
    }
    if let Some(choices) = part["anyOf"].as_array() {
        let choice = choices.iter().find(|choice| choice["$ref"].is_string());
        return match choice {
            Some(choice) if !value.is_null() => valid(schema, choice, value, at),
            _ => {}
        };
    }
    if let Some(choices) = part["oneOf"].as_array() {
        // Each fact says by one of its fields which it is.
        let is = |part: &Value, value: &Value| part["const"].is_null() || part["const"] == *value;
        let choice = choices.iter().find(|choice| {
            let mut fields = choice["properties"].as_object().into_iter().flatten();
            is(choice, value) && fields.all(|(field, part)| is(part, &value[field.as_str()]))
        });
        return match choice {
            Some(choice) => valid(schema, choice, value, at),
            None => panic!("{at} is none of what the schema knows"),
        };
    }
    for required in part["required"].as_array().into_iter().flatten() {
        let field = required.as_str().unwrap();
        assert!(value.get(field).is_some(), "{at} has no {field}");
    }
    for (field, value) in value.as_object().into_iter().flatten() {
        let known = &part["properties"][field];
        let known = if known.is_null() { &part["additionalProperties"] } else { known };
        assert!(known.is_object(), "{at}.{field} is not in the schema");
        valid(schema, known, value, &format!("{at}.{field}"));
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        valid(schema, &part["items"], value, &format!("{at}[{index}]"));
    }
}

#[test]
fn reports_and_scenarios_fit_their_schemas() {
    let schema =
        |which| -> Value { serde_json::from_slice(&run(&["schema", which]).stdout).unwrap() };
    let report = schema("report");
    for scenario in ["voice-assistant", "double-click"] {
        let output = run(&["run", scenario, "-s", "all", "--format", "json"]);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        valid(&report, &report, &document, "report");
    }
    for (which, arguments) in [
        ("comparison", &["compare", "class", "replicas"][..]),
        ("sweep", &["sweep", "class", "--lanes", "1..5", "--max-states", "3000"]),
        ("diagnosis", &["diagnose", "tests/fixtures/app.ndjson"]),
        ("check", &["check", "two-tabs", "nothing-such", "three-students", "--max-states", "100"]),
        (
            "verification",
            &["verify", "global", "no.py", "--scenario", "double-click", "--runs", "2"],
        ),
        ("verification", &["verify", "tests/fixtures/lying/no-lock.py", "--runs", "1"]),
        ("stress", &["stress", "double-click", "--runs", "2"]),
        ("list", &["list"]),
        ("report", &["run", "replicas", "-s", "actor", "-s", "global"]),
    ] {
        let schema = schema(which);
        let output = run(&[arguments, &["--format", "json"]].concat());
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        valid(&schema, &schema, &document, which);
    }
    let scenario = schema("scenario");
    for shipped in interleak::scenario::SHIPPED {
        let document: Value = serde_json::from_str(shipped.text).unwrap();
        valid(&scenario, &scenario, &document, shipped.name);
    }
    let broken: Value = serde_json::from_str("{\"format\": 1, \"results\": [{}]}").unwrap();
    let noticed = std::panic::catch_unwind(|| valid(&report, &report, &broken, "report"));
    assert!(noticed.is_err(), "a report without fields does not fit");
    let verification = schema("verification");
    let limit = &verification["$defs"]["Stopped"];
    let fits = |limit_hit: Value| {
        std::panic::catch_unwind(|| valid(&verification, limit, &limit_hit, "limit")).is_ok()
    };
    assert!(fits(json!({"fact": "time", "seconds": 3})));
    assert!(!fits(json!({"fact": "time"})) && !fits(json!({"fact": "tide", "seconds": 3})));
}

/// The schemas describe what is really read and written.
#[test]
fn schemas_name_every_field() {
    let schema: Value = serde_json::from_slice(&run(&["schema", "report"]).stdout).unwrap();
    let report: Value =
        serde_json::from_slice(&run(&["run", "voice-assistant", "--format", "json"]).stdout)
            .unwrap();
    let properties = |name: &str| schema["$defs"][name]["properties"].as_object().unwrap().clone();
    let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let result = &report["results"][0];
    let leak = &result["anomalies"]["context-leak"];
    for (name, value) in [
        ("ResultDocument", result),
        ("AnomalyDocument", leak),
        ("WitnessDocument", &leak["witness"]),
        ("StepDocument", &leak["witness"]["steps"][0]),
    ] {
        for field in fields(value) {
            assert!(properties(name).contains_key(&field), "{name} has no {field}");
        }
    }
    let scenario: Value = serde_json::from_slice(&run(&["schema", "scenario"]).stdout).unwrap();
    let shipped: Value =
        serde_json::from_str(include_str!("../scenarios/02-one-user-twice/two-tabs.json")).unwrap();
    for field in fields(&shipped) {
        assert!(scenario["properties"].get(&field).is_some(), "the schema has no {field}");
    }
}

/// On real threads: what happens in every order happens in every run, and what happens in none
/// does not happen.
#[test]
fn stress_agrees_with_the_explorer() {
    let stress = |strategy: &str, runs: &str| {
        let arguments =
            ["stress", "voice-assistant", "-s", strategy, "--runs", runs, "--infer-us", "50"];
        let output = run(&arguments);
        (output.status.code(), text(&output.stdout).replace("\n        ", " "))
    };
    let (code, page) = stress("global-append", "40");
    assert_eq!(code, Some(0), "{page}");
    assert!(page.contains("40 of 40 runs leak; 84 of 84 orders do."), "{page}");
    for strategy in ["session-map", "locked", "actor"] {
        let (code, page) = stress(strategy, "40");
        assert_eq!(code, Some(0), "{page}");
        assert!(page.contains("nothing went wrong in 40 runs, and none of all"), "{page}");
    }
    let (_, page) = stress("global", "20");
    assert!(page.contains("of 20 runs leak; 9 of 15 orders do."), "{page}");
    // On another load the share is another one, so the interval must not promise a true one.
    assert!(page.contains("in runs under exactly these conditions"), "{page}");
    assert!(!page.contains("true share"), "{page}");
    refused(&["stress", "voice-assistant", "-s", "all"], "one strategy at a time");
    let mine = format!("{}/tests/fixtures/listings/global.py", env!("CARGO_MANIFEST_DIR"));
    refused(&["stress", "voice-assistant", "-s", &mine], "has no implementation on real threads");
}

/// Every subcommand has at least one console block in `tests/cmd/` that is run.
#[test]
fn every_subcommand_has_a_golden() {
    let folder = format!("{}/tests/cmd", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let goldens: String = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let help = text(&run(&["--help"]).stdout);
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names: Vec<&str> =
        commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"run") && names.len() >= 10, "{names:?}");
    for name in names.into_iter().filter(|&name| name != "help") {
        assert!(goldens.contains(&format!("$ interleak {name}")), "{name} has no golden");
    }
}

/// What a drawn order shows can happen: it is a witness, in both formats.
#[test]
fn a_drawn_order_that_shows_it_is_a_witness() {
    let cut = ["run", "voice-assistant", "--max-states", "10", "--only", "context-leak"];
    let page = run(&cut);
    assert_eq!(page.status.code(), Some(3));
    assert!(text(&page.stdout).starts_with("LEAK "), "{}", text(&page.stdout));
    let output = run(&[&cut[..], &["--format", "json"]].concat());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let leak = &document["results"][0]["anomalies"]["context-leak"];
    assert_eq!(leak["verdict"], "sometimes");
    assert_eq!(leak["interleavings"], "1");
    assert!(leak["witness"]["schedule"].is_string() && leak["sentence"].is_string(), "{leak}");
    let undrawn = run(&[&cut[..], &["--samples", "0"]].concat());
    assert!(text(&undrawn.stdout).starts_with("UNKNOWN "), "{}", text(&undrawn.stdout));
}

/// Two answers to one question: the listing's would count, and what was typed would change nothing.
#[test]
fn a_routing_is_refused_where_the_listing_routes_itself() {
    let typed = ["--routing", "round-robin"];
    for command in [
        &["run", "replicas", "-s", "replicas-sticky"][..],
        &["replay", "replicas", "-s", "replicas-sticky"],
        &["compare", "replicas", "-s", "replicas-sticky"],
        &["sweep", "replicas", "--turns", "1..2", "-s", "replicas-sticky"],
    ] {
        let output = run(&[command, &typed].concat());
        let said = text(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
        assert!(said.contains("replicas-sticky says itself which replica serves"), "{said}");
        assert_ne!(run(command).status.code(), Some(2), "{command:?} alone");
    }
    let all =
        run(&[&["run", "voice-assistant", "-s", "all", "--only", "deadlock"], &typed[..]].concat());
    let (code, page) = (all.status.code(), text(&all.stdout));
    assert_eq!(code, Some(0), "of all, one need not fit");
    assert!(page.contains("replicas-unsticky says itself"), "{page}");
    // What is named next may be such a listing.
    let clean = ["run", "double-click", "-s", "two-step", "--grain", "chain"];
    let page = text(&run(&[&clean, &typed[..]].concat()).stdout);
    assert!(page.contains("-s two-step --grain chain \\\n        --routing round-robin"), "{page}");
    assert!(page.contains("-s replicas-unsticky --grain chain\n"), "{page}");
}

/// What a result rests on besides is said in words, in both formats, and only then.
#[test]
fn assumptions_are_said() {
    for (options, words) in [
        (&["voice-assistant", "--replicas", "2"][..], "Another placement"),
        (&["voice-assistant", "--routing", "round-robin"], "There is one replica"),
        (&["voice-assistant", "-s", "thread-local"], "Of several idle threads, the one"),
        (&["voice-assistant", "--workers", "2", "--grain", "await"], "one thread runs everything"),
        (&["cancel", "-s", "session-map"], "nothing is cancelled"),
        (&["cancel", "-s", "pooled-connection"], "without an answer"),
        (&["voice-assistant"], ""),
    ] {
        let arguments = [&["run"], options].concat();
        let page = |more: &[&str]| {
            let page = text(&run(&[&arguments, more].concat()).stdout);
            page.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        // The first page says it in a few words.
        assert_eq!(page(&[]).contains(" Assumed "), !words.is_empty(), "{options:?}");
        let page = page(&["--full"]);
        assert!(page.contains(words), "{options:?}: {page}");
        let output = run(&[&arguments[..], &["--format", "json"]].concat());
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let said = document["results"][0]["assumptions"].to_string();
        match words {
            "" => assert_eq!(said, "[]"),
            _ => assert!(said.contains(words), "{options:?}: {said}"),
        }
    }
}

/// A verdict may be about other idle threads than were asked for; whatever it says to type is about
/// the same ones.
#[test]
fn the_idle_threads_that_a_verdict_is_about_are_typed_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("once.json");
    let lanes = r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y"}]}"#;
    std::fs::write(&file, format!(r#"{{"format":1,"title":"t","lanes":[{lanes}]}}"#)).unwrap();
    let once = file.to_str().unwrap();
    let output = run(&["run", once, "-s", "thread-local", "--format", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["results"][0]["idle"], "latest");
    assert_eq!(document["results"][0]["anomalies"]["context-leak"]["verdict"], "sometimes");
    let page = text(&run(&["run", once, "-s", "thread-local", "--full"]).stdout);
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("--idle latest --schedule"), "{page}");
    // In rows that are compared with each other the numbers stay those of what was asked.
    let sweep = text(&run(&["sweep", once, "-s", "thread-local", "--turns", "1"]).stdout);
    assert!(
        sweep.contains("If other idle threads take the requests, LEAK can show too."),
        "{sweep}"
    );
    // What `check` cannot be sure of is open; `compare` says which threads a row is about.
    let never = r#""expect":{"thread-local":"clean"},"server":{"idle":"longest"}"#;
    fs_write(&file, lanes, never);
    let checked = run(&["check", once]);
    assert_eq!(checked.status.code(), Some(3), "{}", text(&checked.stdout));
    assert!(text(&checked.stdout).contains("LEAK can show too"), "{}", text(&checked.stdout));
    // Also where everything is as expected, and something else could show.
    let lanes_of_three = r#"{"user": "a", "says": [{"text": "x", "tells": {"name": "A"}}]},{"user": "a", "name": "a2", "says": [{"text": "name?", "asks": "name"}]},{"user": "b", "says": [{"text": "y", "asks": "name"}]}"#;
    fs_write(
        &file,
        lanes_of_three,
        r#""server": {"workers": 3, "limit": 1}, "expect": {"thread-local": {"amnesia": "always"}}"#,
    );
    let checked = run(&["check", once]);
    assert_eq!(checked.status.code(), Some(3), "{}", text(&checked.stdout));
    fs_write(&file, lanes, r#""expect":{}"#);
    let both = ["compare", once, "-s", "session-map", "-s", "thread-local"];
    let compared = text(&run(&both).stdout);
    let compared = compared.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        compared.contains("thread-local: of idle threads, the one that became idle last"),
        "{compared}"
    );
    let csv = text(&run(&[&both[..], &["--format", "csv"]].concat()).stdout);
    let idle: Vec<&str> = csv.lines().filter_map(|row| row.rsplit(',').next()).collect();
    assert_eq!(idle, ["idle", "latest", ""]);
}

fn fs_write(file: &std::path::Path, lanes: &str, more: &str) {
    std::fs::write(file, format!(r#"{{"format":1,"title":"t","lanes":[{lanes}],{more}}}"#))
        .unwrap();
}
