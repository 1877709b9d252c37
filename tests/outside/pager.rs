//! A long answer on a terminal goes through a pager; nothing else does.

use super::{PROGRAM, is_there, text};
use std::process::{Command, Output, Stdio};

/// Runs a program on a terminal of so many lines, types Ctrl-C once it says that it is ready, and
/// tells what is shown.
const TERMINAL: &str = r#"
import fcntl, os, pty, struct, subprocess, sys, termios
main, side = pty.openpty()
fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", int(sys.argv[1]), 80, 0, 0))
def controlled():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
child = subprocess.Popen(sys.argv[2:], stdin=side, stdout=side, stderr=side, preexec_fn=controlled)
os.close(side)
shown = b""
typed = False
while True:
    try:
        piece = os.read(main, 65536)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    if b"ready" in shown and not typed:
        typed = True
        os.write(main, b"\x03")
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
sys.stdout.flush()
code = child.wait()
sys.exit(code if code >= 0 else 100 - code)
"#;

/// Says of each line that it went through a pager.
const PAGER: &str = "sed s/^/paged:/";

/// What is shown on a terminal of so many lines, and how it ends; nothing if there is no terminal.
fn shown(lines: u16, words: &[&str], environment: &[(&str, &str)]) -> Option<(String, i32)> {
    if !is_there("python3") {
        return None;
    }
    let mut command = Command::new("python3");
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "PAGER", "LESS", "COLUMNS"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm").envs(environment.iter().copied()).stdin(Stdio::null());
    command.args(["-c", TERMINAL, &lines.to_string(), PROGRAM]).args(words);
    let output = command.output().unwrap();
    assert_eq!(text(&output.stderr), "");
    Some((text(&output.stdout), output.status.code().unwrap()))
}

/// Whether a pager shows the whole answer, of which it is known that nobody else changes it.
fn is_paged(lines: u16, words: &[&str], environment: &[(&str, &str)]) -> Option<bool> {
    let (shown, code) = shown(lines, words, environment)?;
    let plain = |shown: &str| shown.replace("paged:", "");
    let printed = text(&piped(words).stdout);
    assert_eq!((plain(&shown), code), (printed, 0), "{words:?}");
    let paged = shown.lines().filter(|line| line.starts_with("paged:")).count();
    assert!(paged == 0 || paged == shown.lines().count(), "{shown}");
    Some(paged > 0)
}

fn piped(words: &[&str]) -> Output {
    Command::new(PROGRAM).args(words).env("PAGER", PAGER).env("COLUMNS", "80").output().unwrap()
}

const LONG: &[&str] = &["list", "strategies", "--long", "--color", "never"];
const SHORT: &[&str] = &["list", "anomalies", "--color", "never"];

#[test]
fn a_page_that_is_longer_than_the_terminal_goes_through_the_pager() {
    let Some(paged) = is_paged(24, LONG, &[("PAGER", PAGER)]) else { return };
    assert!(paged);
    assert_eq!(is_paged(24, SHORT, &[("PAGER", PAGER)]), Some(false));
    let lines = text(&piped(LONG).stdout).lines().count() as u16;
    assert_eq!(is_paged(lines, LONG, &[("PAGER", PAGER)]), Some(true), "the prompt needs a line");
    assert_eq!(is_paged(lines + 1, LONG, &[("PAGER", PAGER)]), Some(false));
}

#[test]
fn nothing_that_is_piped_goes_through_a_pager() {
    assert!(!text(&piped(LONG).stdout).contains("paged:"));
}

#[test]
fn whoever_wants_no_pager_gets_none() {
    let unpaged = [LONG, &["--no-pager"]].concat();
    let Some((shown, code)) = shown(24, &unpaged, &[("PAGER", PAGER)]) else { return };
    assert_eq!((shown, code), (text(&piped(LONG).stdout), 0));
    for none in [("PAGER", ""), ("PAGER", "cat")] {
        assert_eq!(is_paged(24, LONG, &[none]), Some(false));
    }
    assert_eq!(is_paged(24, LONG, &[("PAGER", PAGER), ("TERM", "dumb")]), Some(false));
}

#[test]
fn help_is_paged_like_an_answer() {
    let help = &["run", "--help", "--color", "never"];
    let Some(paged) = is_paged(24, help, &[("PAGER", PAGER)]) else { return };
    assert!(paged);
    let (shown, _) = shown(24, &["--no-pager", "run", "--help"], &[("PAGER", PAGER)]).unwrap();
    assert!(!shown.contains("paged:"), "{shown}");
}

#[test]
fn a_pager_that_is_not_there_leaves_the_page() {
    let Some(paged) = is_paged(24, LONG, &[("PAGER", "interleak-has-no-such-pager")]) else {
        return;
    };
    assert!(!paged);
    // Here the shell says what it has not found.
    let (shown, code) = shown(24, LONG, &[("PAGER", "interleak-has-no-such-pager -x")]).unwrap();
    assert!(shown.ends_with(&text(&piped(LONG).stdout)) && code == 0, "{code}: {shown}");
}

#[test]
fn less_is_told_to_show_colours_unless_told_otherwise() {
    let tells = r#"printf "LESS=%s\n" "$LESS"; cat"#;
    let long = &["list", "strategies", "--long"];
    let Some((told, _)) = shown(24, long, &[("PAGER", tells)]) else { return };
    assert!(told.starts_with("LESS=FRX\n") && told.contains("\u{1b}[1m"), "{told:?}");
    let (told, _) = shown(24, long, &[("PAGER", tells), ("LESS", "-S")]).unwrap();
    assert!(told.starts_with("LESS=-S\n"), "{told:?}");
}

/// More than a pipe holds, and a pager that reads one line of it.
#[test]
fn a_pager_that_ends_early_changes_no_exit_code() {
    for (words, expected) in [(&["schema"][..], 0), (&["run", "class", "--max-states", "4"], 3)] {
        let Some((shown, code)) = shown(10, words, &[("PAGER", "head -n 1")]) else { return };
        assert_eq!((shown.lines().count(), code), (1, expected), "{words:?}: {shown}");
    }
    assert!(text(&piped(&["schema"]).stdout).len() > 65_536);
}

/// The terminal gives Ctrl-C to both, and the pager may still be read.
#[test]
fn ctrl_c_in_the_pager_is_for_the_pager() {
    let pager = r#"trap "" INT; cat > /dev/null; echo ready; sleep 1; echo ended"#;
    let Some((shown, code)) = shown(24, LONG, &[("PAGER", pager)]) else { return };
    assert!(shown.ends_with("ended\n") && code == 0, "{code}: {shown}");
}
