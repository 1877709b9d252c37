//! What is read may be large, hostile, or never come: the answer is soon there all the same, and
//! Ctrl-C keeps what there is.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The largest scenario or listing that is read.
const MIB: usize = 1 << 20;

fn interleak(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_interleak")).args(arguments).output().unwrap()
}

/// Runs a command on a file that holds this; `FILE` stands for its path. Returns the exit code, and
/// everything that was said.
fn said(name: &str, text: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let named = arguments.iter().map(|&word| if word == "FILE" { path } else { word });
    let output = interleak(&named.collect::<Vec<_>>());
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

/// So many entries of an object, as many as go into a file.
fn entries(ending: &str, value: &str) -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.len() < MIB - 2_000 {
        text += &format!("\"{number}{ending}\":{value},");
        number += 1;
    }
    text.pop();
    text
}

/// Far more than it takes, and far less than looking each entry up among all before it took: half a
/// minute for one file as long as these.
const SOON: Duration = Duration::from_secs(60);

#[test]
fn a_hundred_thousand_entries_are_read_in_one_pass() {
    let begun = Instant::now();
    let lanes = |tells: &str| {
        format!("[{{\"user\":\"a\",\"says\":[{{\"text\":\"x\",\"tells\":{{{tells}}}}}]}}]")
    };
    let scenario = |lanes: &str, more: &str| {
        format!("{{\"format\":1,\"title\":\"t\",\"lanes\":{lanes}{more}}}")
    };
    let tells = entries("", "\"\"");
    let (code, page) = said("a.json", &scenario(&lanes(&tells), ""), &["explain", "FILE"]);
    assert_eq!(code, Some(0), "{page}");
    let twice = scenario(&lanes(&format!("{tells},\"0\":\"\"")), "");
    let (code, page) = said("a.json", &twice, &["run", "FILE"]);
    assert_eq!(code, Some(2), "{page}");
    assert!(page.contains("`0` is given twice"), "{page}");
    for (field, value) in [("expect", "\"clean\""), ("remarks", "\"\"")] {
        let more = format!(",\"{field}\":{{{}}}", entries(".py", value));
        let (code, page) = said("a.json", &scenario(&lanes(""), &more), &["explain", "FILE"]);
        assert_ne!(code, None, "{page}");
    }
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

#[test]
fn a_place_has_each_key_once() {
    let listing = |keys: &str| {
        format!(
            "H = {{}}  #@ shared H[{keys}]\ndef respond(question, session):\n    \
             history = H[session]  #@ load H\n    answer = ask()  #@ infer\n    \
             return answer  #@ reply\n"
        )
    };
    let ran = |keys: &str| {
        said(
            "a.py",
            &listing(keys),
            &["run", "voice-assistant", "-s", "FILE", "--only", "deadlock"],
        )
    };
    // 2 to the power of 64 is nought, as a machine counts.
    for keys in
        ["session, session".into(), ["session"; 64].join(","), ["session"; 99_000].join(",")]
    {
        let (code, page) = ran(&keys);
        assert_eq!(code, Some(2), "{page}");
        assert!(page.contains("the key `session` is given twice"), "{page}");
    }
    assert_eq!(ran("session, question").0, Some(0));
}

#[test]
fn a_word_that_is_no_word_is_not_compared_with_every_known_one() {
    let long = "x".repeat(100_000);
    let output = interleak(&["run", &long]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.len() < 4_000, "{}", output.stderr.len());
}

#[test]
fn a_schedule_has_one_bound_over_all_its_parts() {
    for (schedule, words) in [
        ("alice*100000", "does not fit at move"),
        ("alice*99999 bob*2", "more than 100,000 moves"),
        ("alice*4294967295", "more than 100,000 moves"),
    ] {
        let output = interleak(&["replay", "voice-assistant", "--schedule", schedule]);
        assert_eq!(output.status.code(), Some(2), "{schedule}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words), "{schedule}: {said}");
    }
}

/// Starts it, and waits until it knows of Ctrl-C.
#[cfg(target_os = "linux")]
fn started(arguments: &[&str]) -> Child {
    let child = Command::new(env!("CARGO_BIN_EXE_interleak"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let knows = || {
        let status = std::fs::read_to_string(Path::new(&status)).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(caught.trim(), 16).unwrap() & 0b10 != 0
    };
    let tries = (0..6_000).find(|_| knows() || (interleak::platform::pause(MOMENT), false).1);
    assert!(tries.is_some(), "it never knew of Ctrl-C");
    child
}

const MOMENT: Duration = Duration::from_millis(10);

#[cfg(target_os = "linux")]
fn press_ctrl_c(child: &Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
}

#[cfg(target_os = "linux")]
mod ctrl_c {
    use super::*;
    use std::io::Write;
    use std::os::unix::process::ExitStatusExt;

    /// What it says when Ctrl-C is pressed once.
    fn interrupted(child: Child) -> (Option<i32>, String) {
        press_ctrl_c(&child);
        let output = child.wait_with_output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    /// Once the read was waited for, however long nothing came.
    #[test]
    fn a_log_that_does_not_go_on_is_judged_as_far_as_it_came() {
        let mut child = started(&["diagnose", "-"]);
        // Held, so that the pipe does not end.
        let mut log = child.stdin.take().unwrap();
        let lines = std::fs::read("tests/fixtures/app.ndjson").unwrap();
        log.write_all(&lines).unwrap();
        // It is read in a moment; there is nothing that says when.
        interleak::platform::pause(Duration::from_secs(1));
        let (code, page) = interrupted(child);
        assert_eq!(code, Some(1), "{page}");
        assert!(page.contains("LEAK    the reply to alice's request r3"), "{page}");
        assert!(page.contains("It was interrupted: only the first 14 lines were read"), "{page}");
    }

    #[test]
    fn a_log_that_never_begins_is_no_reason_to_wait() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for log in ["-", pipe.to_str().unwrap()] {
            let mut child = started(&["diagnose", log]);
            let held = child.stdin.take();
            let (code, page) = interrupted(child);
            assert_eq!(code, Some(3), "{page}");
            assert!(page.contains("only the first 0 lines were read"), "{page}");
            drop(held);
        }
    }

    /// Eight lanes of four turns: nobody waits for that.
    fn endless(folder: &Path) -> String {
        let lane = |user: usize| {
            let says = (0..4).map(|turn| format!("{{\"text\":\"{user}.{turn}\"}}"));
            let says = says.collect::<Vec<_>>().join(",");
            format!("{{\"user\":\"u{user}\",\"says\":[{says}]}}")
        };
        let lanes = (0..8).map(lane).collect::<Vec<_>>().join(",");
        let path = folder.join("endless.json");
        let expect = "\"expect\":{\"global\":{\"context-leak\":\"sometimes\"}}";
        let text = format!("{{\"format\":1,\"title\":\"t\",\"lanes\":[{lanes}],{expect}}}");
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    #[test]
    fn work_that_takes_long_tells_what_it_found() {
        let folder = tempfile::tempdir().unwrap();
        let endless = endless(folder.path());
        let run = ["run", &endless, "--grain", "line", "--samples", "0"];
        let check = ["check", &endless];
        let draw = ["run", &endless, "--max-states", "100", "--samples", "10000000"];
        let draw_json = [&draw[..], &["--format", "json"]].concat();
        let stress = ["stress", "class", "--runs", "10000000"];
        for (arguments, words) in [
            (&run[..], "it was interrupted"),
            (&check, "interrupted"),
            (&draw, "drawn, because it was interrupted."),
            (&draw_json, "\"interrupted\": true"),
            (&stress, "runs, interrupted"),
        ] {
            let child = started(arguments);
            interleak::platform::pause(Duration::from_secs(1));
            let (code, page) = interrupted(child);
            assert_eq!(code, Some(3), "{arguments:?}: {page}");
            assert!(page.contains(words), "{arguments:?}: {page}");
        }
    }

    #[test]
    fn a_recount_that_takes_long_tells_what_was_compared() {
        let folder = tempfile::tempdir().unwrap();
        let endless = endless(folder.path());
        let cut = ["run", &endless, "--max-states", "50", "--samples", "0", "--format", "json"];
        let report = folder.path().join("report.json");
        std::fs::write(&report, interleak(&cut).stdout).unwrap();
        let report = report.to_str().unwrap();
        let child = started(&["verify-run", report, "--max-states", "1,000,000,000"]);
        interleak::platform::pause(Duration::from_secs(1));
        let (code, page) = interrupted(child);
        assert_eq!(code, Some(3), "{page}");
        assert!(page.contains("it was interrupted") && page.contains("1 open"), "{page}");
    }

    #[test]
    fn the_second_one_ends_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let endless = endless(folder.path());
        // What is done after the first one takes a moment at least: a layer is finished.
        let mut child = started(&["run", &endless, "--grain", "line"]);
        interleak::platform::pause(Duration::from_secs(1));
        press_ctrl_c(&child);
        while child.try_wait().unwrap().is_none() {
            press_ctrl_c(&child);
            interleak::platform::pause(MOMENT);
        }
        let status = child.wait().unwrap();
        // As Ctrl-C ends any program. Quick machines may be through before.
        assert!(status.signal() == Some(2) || status.code() == Some(3), "{status:?}");
    }
}
