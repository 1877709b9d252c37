//! A stranger's Python: whatever a file does, `interleak verify` ends, says what happened, and leaves
//! neither a process nor a file behind.
//!
//! Every listing here is `global`, with some lines more: `TOP` where it is loaded, `INSIDE` where a
//! request begins. Each is run with a temporary folder of its own, which everything that it starts
//! carries in its environment; that is how it is found again.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::platform::pause;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Nothing here takes as long, not even on a busy machine.
const HANG: Duration = Duration::from_secs(120);

/// A folder with a listing in it, and one for temporary files.
struct Place {
    folder: TempDir,
    file: &'static str,
}

struct Ran {
    status: ExitStatus,
    out: String,
    errors: String,
}

impl Place {
    fn new(top: &str, inside: &str) -> Place {
        Place::named("mine.py", top, inside)
    }

    fn named(file: &'static str, top: &str, inside: &str) -> Place {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("temporary")).unwrap();
        let inside: String = inside.lines().map(|line| format!("    {line}\n")).collect();
        let text = format!(
            "import os, signal, subprocess, sys, time\n\
             HISTORY = []  #@ shared HISTORY\n\
             {top}\n\
             def respond(question, session):\n{inside}    \
             history = list(HISTORY)  #@ load HISTORY\n    \
             history.append(question)  #@ note question\n    \
             answer = assistant(history)  #@ infer\n    \
             history.append(answer)  #@ note answer\n    \
             HISTORY[:] = history  #@ store HISTORY\n    \
             return answer  #@ reply\n"
        );
        fs::write(folder.path().join(file), text).unwrap();
        Place { folder, file }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn start(&self, seconds: u32) -> Child {
        let seconds = seconds.to_string();
        let arguments = ["verify", self.file, "--scenario", "voice-assistant", "--runs", "0"];
        Command::new(env!("CARGO_BIN_EXE_interleak"))
            .args(arguments)
            .args(["--seconds", &seconds])
            .current_dir(&self.folder)
            .env("TMPDIR", self.path("temporary"))
            .env("SECRET", "of mine")
            .env("PYTHONPATH", self.folder.path())
            .stdin(Stdio::piped())
            .stdout(fs::File::create(self.path("out")).unwrap())
            .stderr(fs::File::create(self.path("errors")).unwrap())
            .spawn()
            .unwrap()
    }

    /// Waits until it has ended by itself, and looks at what is left.
    #[track_caller]
    fn end(&self, mut child: Child) -> Ran {
        let status = wait(|| child.try_wait().unwrap()).unwrap_or_else(|| {
            child.kill().unwrap();
            panic!("it never ends")
        });
        let ran = self.ran(status);
        self.is_clean(&ran);
        ran
    }

    fn ran(&self, status: ExitStatus) -> Ran {
        let read = |name| String::from_utf8(fs::read(self.path(name)).unwrap()).unwrap();
        // Sentences are wrapped.
        let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ran { status, out: words(read("out")), errors: words(read("errors")) }
    }

    #[track_caller]
    fn is_clean(&self, ran: &Ran) {
        // What was killed may take a moment to go.
        wait(|| (self.processes().is_empty() && self.files().is_empty()).then_some(()));
        let (processes, files) = (self.processes(), self.files());
        assert!(processes.is_empty(), "{processes:?} are left after {} {}", ran.out, ran.errors);
        assert!(files.is_empty(), "{files:?} are left after {} {}", ran.out, ran.errors);
    }

    /// The processes that run with this temporary folder, `interleak` itself included.
    fn processes(&self) -> Vec<u32> {
        let mark = self.path("temporary");
        let mark = mark.to_str().unwrap().as_bytes();
        let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| {
            let entry = entry.unwrap();
            let id = entry.file_name().to_str()?.parse().ok()?;
            let environment = fs::read(entry.path().join("environ")).ok()?;
            environment.windows(mark.len()).any(|part| part == mark).then_some(id)
        });
        processes.collect()
    }

    fn files(&self) -> Vec<PathBuf> {
        fs::read_dir(self.path("temporary")).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

/// Asks again and again, but not for ever.
fn wait<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    while start.elapsed() < HANG {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        pause(Duration::from_millis(20));
    }
    None
}

/// Runs a listing with these lines.
#[track_caller]
fn check(top: &str, inside: &str, exit: i32, words: &str) -> Ran {
    let place = Place::new(top, inside);
    let ran = place.end(place.start(60));
    ran.says(exit, words);
    ran
}

/// The same, stopped after a few seconds.
#[track_caller]
fn is_stopped(top: &str, inside: &str) {
    let place = Place::new(top, inside);
    place
        .end(place.start(4))
        .says(3, "the limit of 4 seconds was hit (--seconds), in order 1 of 4");
}

impl Ran {
    #[track_caller]
    fn says(&self, exit: i32, words: &str) {
        let said = format!("{} {}", self.out, self.errors);
        assert_eq!(self.status.code(), Some(exit), "{said}");
        assert!(said.contains(words), "{words:?} is not in: {said}");
        assert!(!said.contains("Traceback"), "{said}");
    }
}

const SAME: &str = "in Python, mine.py does what its marks say";

#[test]
fn an_honest_one_is_the_same() {
    check("", "", 0, SAME);
}

/// Whoever calls it gets what it yields, and never sees what it returns.
#[test]
fn a_function_that_yields_is_not_taken_for_one_that_replies() {
    let ran = check("", "yield 'partial'", 2, "`respond` yields");
    assert!(ran.errors.contains("mine.py:4:1"), "{}", ran.errors);
}

/// What a listing that makes these texts anew is told, if the assistant answers so.
fn made_anew(texts: &[(&str, &str)], assistant: &str) -> (Option<i32>, String) {
    let place = Place::new("import json", "");
    let text = fs::read_to_string(place.path("mine.py")).unwrap();
    let text = texts.iter().fold(text, |text, (same, anew)| text.replace(same, anew));
    fs::write(place.path("mine.py"), text).unwrap();
    let lane = |user: &str| {
        format!(
            r#"{{"user": "{user}", "says": [{{"text": "of {user}", "tells": {{"name": "{user}"}}}}]}}"#
        )
    };
    let (alice, bob) = (lane("alice"), lane("bob"));
    let scenario = format!(
        r#"{{"format": 1, "title": "t", "assistant": {{{assistant}}}, "lanes": [{alice}, {bob}]}}"#
    );
    fs::write(place.path("two.json"), scenario).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_interleak"));
    let command = command.args(["verify", "mine.py", "--scenario", "two.json"]);
    let output = command.current_dir(&place.folder).output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code(), said.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text is traced by its words, unless several users were told the same.
#[test]
fn a_text_that_was_made_anew_is_the_message_that_has_its_words() {
    let reply = ("return answer", "return f'{answer}'");
    let all = [
        ("list(HISTORY)", "json.loads(json.dumps(HISTORY))"),
        ("append(question)", "append(question.strip())"),
        ("append(answer)", "append(''.join([answer]))"),
        reply,
    ];
    let (code, said) = made_anew(&all, "");
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = made_anew(&[reply], r#""greeting": "Hi.""#);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("nobody can tell what the reply is made from"), "{said}");
}

/// The runner takes nothing from where it is started, nor from where the listing lies; the listing
/// finds what lies beside it, but not in place of Python's own modules.
#[test]
fn no_module_is_replaced_by_a_file_that_lies_around() {
    let top = "import beside, json, inspect, threading, queue\nassert beside.HERE";
    let place = Place::new(top, "");
    for name in ["json", "inspect", "threading", "queue", "shutil", "sitecustomize", "linecache"] {
        let trap = place.path(&format!("{name}.py"));
        fs::write(trap, "open(__file__ + '.ran', 'w')\nraise ValueError('trap')\n").unwrap();
    }
    fs::write(place.path("beside.py"), "HERE = True\n").unwrap();
    place.end(place.start(60)).says(0, SAME);
    let ran = fs::read_dir(&place.folder).unwrap().map(|entry| entry.unwrap().file_name());
    let ran: Vec<_> = ran.filter(|name| name.to_str().unwrap().ends_with(".ran")).collect();
    assert!(ran.is_empty(), "{ran:?}");
}

#[test]
fn a_listing_may_be_called_like_a_module() {
    for name in ["json.py", "inspect.py", "threading.py"] {
        let place = Place::named(name, "", "");
        place.end(place.start(60)).says(0, "does what its marks say");
    }
}

#[test]
fn it_gets_no_environment_no_files_and_no_input() {
    let top = "assert 'SECRET' not in os.environ and 'PYTHONPATH' not in os.environ\n\
               assert os.listdir('.') == [] and os.path.expanduser('~') == os.path.dirname(os.getcwd())\n\
               assert sys.stdin.read() == '' and os.read(0, 1) == b''\n\
               assert os.getsid(0) == os.getpid() == os.getpgid(0)\n\
               assert subprocess.run(['cat'], capture_output=True).stdout == b''";
    check(top, "", 0, SAME);
    check("", "input()", 1, "EOFError");
}

/// What is printed is no part of the answer, however it is printed.
#[test]
fn nothing_that_is_printed_is_an_answer() {
    let forged = r#"'{"ends": "done"}\n'"#;
    let honest = check("", "", 0, SAME).out;
    for print in [
        format!("print({forged}, flush=True)"),
        format!("sys.__stdout__.write({forged})"),
        format!("os.write(1, {forged}.encode())"),
        "subprocess.run(['echo', '{}'])".into(),
        "try: os.close(1)\nexcept OSError: pass".into(),
    ] {
        let said = check(&print, "", 0, SAME).out;
        assert_eq!(said, honest, "{print}");
    }
}

#[test]
fn what_never_ends_is_ended() {
    let never_ends = "has no mark, but Python waits, or never ends there";
    check("", "while True: print()", 1, never_ends);
    check("", "while True: print('x' * 1000000)", 1, never_ends);
    check("", "time.sleep(1000)", 1, never_ends);
    is_stopped("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass", "");
    is_stopped("import itertools\nsum(itertools.repeat(1))", "");
}

/// What is looked at is the listing's own, and may never let go.
#[test]
fn a_place_that_cannot_be_looked_at_in_any_time_is_given_up() {
    let word = "class Odd:\n    def __repr__(self):\n        while True: time.sleep(0.1)\n\
                HISTORY = [Odd()]";
    is_stopped(word, "");
    let list = "class Endless(list):\n    def __iter__(self):\n        while True: yield 'x'\n\
                   HISTORY = Endless()";
    is_stopped(list, "");
}

#[test]
fn a_listing_that_ends_python_is_told_so() {
    check("", "sys.exit(0)", 1, "SystemExit");
    let no_answer = "ended without an answer in order 1 of mine.py";
    check("", "os._exit(0)", 2, no_answer);
    check("", "os.kill(os.getpid(), 9)", 2, no_answer);
    check("", "os.kill(os.getpid(), 11)", 2, "was ended by signal 11 in order 1 of mine.py");
    check("os.closerange(0, 256)", "", 2, no_answer);
    check("", "sys.settrace(None)", 1, "DIFFERS");
    check("", "f = lambda f: f(f)\nf(f)", 1, "RecursionError");
}

#[test]
fn limits_are_said() {
    check("", "kept = bytearray(10 << 30)", 3, "Python needs more than 4 GiB of memory at line 5");
    let write = "with open('large', 'wb') as large:\n    \
                 for _ in range(10 << 10): large.write(b'x' * (1 << 20))";
    check("", write, 3, "Python writes a file of more than 64 MiB at line");
    let open = "kept = [open(os.devnull) for _ in range(100000)]";
    check("", open, 3, "Python opens more than 256 files at line 5");
    check(open, "", 3, "Python opens more than 256 files at line 3");
    let long = "return 'x' * (32 << 20)";
    check("", long, 3, "the shared places and replies of one order have more than 16 MiB");
}

/// Half a surrogate is text in Python and nowhere else.
#[test]
fn half_a_surrogate_is_shown_as_a_mark() {
    check("", "raise ValueError('\\ud800')", 1, "ValueError: \u{fffd}");
    check("raise ValueError('\\ud800')", "", 2, "ValueError: \u{fffd}");
    check("HISTORY = ['\\udfff']", "", 1, "DIFFERS");
    check("", "return '\\ud800'", 1, "DIFFERS");
}

/// Other processes: they are ended with it, and nobody waits for them.
#[test]
fn what_it_starts_is_ended_with_it() {
    check("subprocess.Popen(['sleep', '1000'])", "", 0, SAME);
    check("subprocess.Popen(['yes'])", "", 0, SAME);
    check("", "if os.fork() == 0: time.sleep(1000)", 0, SAME);
    check("", "os.fork()\nos.fork()", 0, SAME);
    let honest = check("", "", 0, SAME).out;
    // The copy goes on like the runner itself, and is not heard.
    let copied = check("os.fork()", "", 0, SAME).out;
    assert_eq!(copied, honest);
    is_stopped("subprocess.Popen(['sleep', '1000'])\nwhile True: time.sleep(1)", "");
}

/// A process that leaves the group is not found; docs/LISTINGS.md says so. But nobody waits for it.
#[test]
fn nobody_waits_for_a_process_that_left_the_group() {
    let place = Place::new("if os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)", "");
    let mut child = place.start(60);
    let status = wait(|| child.try_wait().unwrap()).unwrap();
    place.ran(status).says(0, SAME);
    let left = wait(|| Some(place.processes()).filter(|left| !left.is_empty())).unwrap();
    for process in left {
        send("-KILL", process);
    }
}

fn send(signal: &str, process: u32) {
    // It may have ended in the meantime.
    Command::new("kill").args([signal, &process.to_string()]).status().unwrap();
}

/// However `interleak` ends, Python does not burn on.
#[test]
fn python_ends_with_interleak() {
    // Python itself takes no notice of anything while it sums.
    let top = "import itertools\nsubprocess.Popen(['sleep', '1000'])\nsum(itertools.repeat(1))";
    for signal in ["-INT", "-TERM", "-KILL", "-HUP"] {
        let place = Place::new(top, "");
        let child = place.start(1000);
        let begun = |name: &Path| fs::read_dir(name).is_ok_and(|mut files| files.next().is_some());
        // The runner, whoever clears up after it, and the child of the listing.
        wait(|| (place.processes().len() >= 4 && begun(&place.path("temporary"))).then_some(()));
        send(signal, child.id());
        let ran = place.end(child);
        if signal == "-INT" {
            ran.says(3, "it was interrupted, in order 1 of 4");
        } else {
            assert_eq!(ran.status.code(), None, "{signal}: {} {}", ran.out, ran.errors);
        }
    }
}

/// Ctrl-C on a terminal reaches Python as well, before it has a group of its own. That is nobody's
/// mistake, and what was done is shown.
#[test]
fn ctrl_c_is_never_a_mistake_of_the_listing() {
    use std::os::unix::process::CommandExt;
    for delay in (50..800).step_by(50) {
        let child = Command::new(env!("CARGO_BIN_EXE_interleak"))
            .args(["verify", "all", "--runs", "0", "--scenario", "voice-assistant"])
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        pause(Duration::from_millis(delay));
        let group = format!("-{}", child.id());
        assert!(Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        // It may not have begun to listen; then it ends as any program does.
        let code = output.status.code();
        assert!(matches!(code, None | Some(3)), "after {delay} ms: {code:?} {said}");
    }
}

/// On a terminal there is a sign of life.
#[test]
fn what_takes_long_shows_that_it_lives() {
    let place = Place::new("time.sleep(2)", "");
    let python = "import pty, sys; pty.spawn(sys.argv[1:])";
    let output = Command::new("python3")
        .args(["-c", python, env!("CARGO_BIN_EXE_interleak"), "verify", "mine.py"])
        .args(["--scenario", "voice-assistant", "--runs", "0"])
        .current_dir(&place.folder)
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("orders of mine.py"), "{shown}");
}

/// What an order left in a module beside the listing, or in the working folder, the next one does
/// not find: a new process would not.
#[test]
fn every_order_begins_as_a_new_process_would() {
    let place = Place::new("import beside\nos.mkdir('cache')", "beside.CALLS.append(question)");
    let once = "CALLS = []\n";
    fs::write(place.path("beside.py"), once).unwrap();
    let inside = "if len(beside.CALLS) > 3: raise RuntimeError('another order was here')";
    let text = fs::read_to_string(place.path("mine.py")).unwrap();
    let text = text.replace("    history = list", &format!("    {inside}\n    history = list"));
    fs::write(place.path("mine.py"), text).unwrap();
    let ran = place.end(place.start(60));
    assert!(ran.out.contains("SAME"), "{} {}", ran.out, ran.errors);
}

/// A program that is called `python3` may be anything.
#[test]
fn what_is_called_python_gets_a_few_seconds_and_a_few_bytes() {
    let (no_answer, hangs) = ("ended without an answer", "did not say in 3 s which Python it is");
    for (script, words) in [
        ("#!/bin/sh\nexec yes\n", "does not answer as Python does"),
        ("#!/bin/sh\nexec sleep 1000\n", hangs),
        ("#!/bin/bash\nsleep 1000\n", hangs),
        ("#!/bin/bash\nexec >&- 2>&-\nsleep 1000\n", no_answer),
    ] {
        let place = Place::new("", "");
        let path = place.path("python3");
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let path = format!("{}:/usr/bin:/bin", place.folder.path().display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_interleak"));
        command.args(["verify", "global", "--seconds", "3"]).env("PATH", path);
        command.env("TMPDIR", place.path("temporary"));
        let output = command.stdin(Stdio::null()).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(words), "{errors}");
        assert!(errors.len() < 2_000, "{errors}");
        let left = wait(|| Some(place.processes()).filter(Vec::is_empty));
        assert!(left.is_some(), "{:?} are left", place.processes());
    }
}
