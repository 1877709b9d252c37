//! The program itself: exit codes, pipes, the snippet of the docs, Ctrl-C.

use super::*;

/// How `diagnose` ends with a log, given as a file, and through a pipe.
#[track_caller]
#[test]
fn the_exit_code_says_what_was_found() {
    ends(log(LEAK).as_bytes(), 1);
    ends(log(LOST).as_bytes(), 1);
    ends(
        log(LEAK)
            .replace("r2\",\"event\":\"reply\"", "r2\",\"event\":\"reply\",\"basis\":[]")
            .as_bytes(),
        0,
    );
    ends(log("alice r1 request\n alice r1 reply").as_bytes(), 3);
    for none in [&b""[..], b"\n\n\r\n", b"\xff\xfe", b"{\"event\":\"http\"}\n", b"[1]"] {
        let [by_file, _] = ends(none, 2);
        let message = String::from_utf8(by_file.stderr).unwrap();
        assert!(message.contains("docs/LOGS.md"), "{message}");
    }
}

#[test]
fn nothing_in_a_log_can_drive_the_terminal() {
    let evil = "\u{1b}]0;x\u{7}\u{202e}";
    let named = LEAK.replace("alice", "a\u{9b}2J").replace("CHAT", "C\u{1b}[2J");
    let log = log(&named.replace("r1", "r\u{202e}1"));
    let log = format!("{evil}\n{log}{{\"event\":\"read\",\"x\":\"{evil}\"}}\n");
    ends(log.as_bytes(), 1);
    ends(evil.as_bytes(), 2);
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read_like_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let child =
        command(&["diagnose", path.to_str().unwrap()]).stdout(Stdio::piped()).spawn().unwrap();
    std::fs::write(&path, log(LEAK)).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
}

/// The snippet of `docs/LOGS.md`, run as it stands there.
#[test]
fn the_python_of_the_docs_writes_a_log_that_can_be_read() {
    let docs = include_str!("../../docs/LOGS.md");
    let (_, after) = docs.split_once("```python\n").unwrap();
    let (snippet, _) = after.split_once("```").unwrap();
    let played = |turns: &str| {
        let folder = tempfile::tempdir().unwrap();
        let program = format!("{snippet}\ndef assistant(history):\n    return 'yes'\n\n{turns}\n");
        let python =
            Command::new("python3").args(["-c", &program]).current_dir(folder.path()).output();
        let python =
            python.expect("as README says, the tests need Python 3.10 or newer as `python3`");
        assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
        diagnose(&std::fs::read(folder.path().join("app.ndjson")).unwrap())
    };
    let alone = played("respond('Hi', 1)\nrespond('And?', 1)\nrespond('And?', 2, user='1')");
    assert_eq!((told(&alone).as_str(), alone.lines, alone.skipped_lines()), ("clean", 12, 0));
    let both = played("respond('I am Alice.', 's1', 'alice')\nrespond('Who am I?', 's2', 'bob')");
    assert_eq!(told(&both), "context-leak 3-6");
    let at_once = "import threading\nboth = threading.Barrier(2)\n\
                   def assistant(history):\n    both.wait()\n    return 'yes'\n\
                   tabs = [threading.Thread(target=respond, args=('Hi', tab, 'a')) for tab in (1, 2)]\n\
                   [tab.start() for tab in tabs]\n[tab.join() for tab in tabs]";
    let lost = played(at_once);
    assert_eq!((lost.lost, lost.leaks), (1, 0), "{lost:#?}");
}

/// A log that never ends, until Ctrl-C is pressed; a program that cannot know of it yet is ended by
/// it, and then it is pressed later in a next try.
#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_was_read() {
    for delay_ms in [500, 2_000, 8_000, 30_000] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_interleak"))
            .args(["diagnose", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = child.stdin.take().unwrap();
        let endless = std::thread::spawn(move || {
            let line = "{\"event\":\"request\",\"session\":1,\"request\":1}\n";
            let lines =
                (line.repeat(100) + &line.replace("request\",\"s", "reply\",\"s")).repeat(100);
            while log.write_all(lines.as_bytes()).is_ok() {}
        });
        interleak::platform::pause(std::time::Duration::from_millis(delay_ms));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        endless.join().unwrap();
        let Some(code) = output.status.code() else { continue };
        let page = String::from_utf8(output.stdout).unwrap();
        assert_eq!(code, 3, "{page}");
        assert!(
            page.contains("UNKNOWN") && page.contains("It was interrupted: only the first"),
            "{page}"
        );
        return;
    }
    unreachable!("the program never knew of Ctrl-C")
}

/// The example of `docs/LOGS.md` and of `docs/README.md` can be run, and prints what stands there.
#[test]
fn the_example_of_the_docs_is_what_is_printed() {
    let example = "interleak diagnose tests/fixtures/app.ndjson\n```";
    let docs = include_str!("../../docs/LOGS.md");
    assert!(docs.contains(example) && include_str!("../../docs/README.md").contains(example));
    let shown = docs.split("```text\n").nth(1).unwrap().split("\n```").next().unwrap();
    let printed = command(&["diagnose", "tests/fixtures/app.ndjson"]).output().unwrap();
    assert_eq!(printed.status.code(), Some(1));
    let printed = String::from_utf8(printed.stdout).unwrap();
    assert_eq!(shown.trim_end(), printed.trim_end(), "docs/LOGS.md shows something else");
}

/// Everybody can follow a sentence to its lines: the requests are named, and what may be confused is
/// noted.
#[test]
fn requests_are_named_and_ids_that_occur_in_two_sessions_are_noted() {
    let page = |shorthand: &str, code| {
        let [output, _] = ends(log(shorthand).as_bytes(), code);
        let page = String::from_utf8(output.stdout).unwrap();
        page.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let leak = page(LEAK, 1);
    assert!(leak.contains("the reply to bob's request r2 (line 7) was built from"), "{leak}");
    assert!(leak.contains("bob's request r2 read it from CHAT (line 6)"), "{leak}");
    let lost = page(LOST, 1);
    assert!(
        lost.contains("alice's request r2 (line 6) wiped out \"r1\", which alice's request r1 had"),
        "{lost}"
    );
    assert!(!leak.contains("different requests") && !lost.contains("different requests"));
    let alike = page(
        &LOST.replace("r2 request", "r1 request q2").replace("tab2@alice r2", "tab2@alice r1"),
        1,
    );
    assert!(
        alike.contains("1 request has an id that another session used too (first: line 2)"),
        "{alike}"
    );
    let public = page(&LEAK.replace("CHAT", "ROOM*"), 0);
    assert!(public.contains("3 lines were about places that are shared on purpose"), "{public}");
    assert!(public.contains("or stood in a place that is shared on purpose."), "{public}");
}
