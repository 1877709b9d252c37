//! What a name on the command line means: something shipped, a file, or the wrong kind of thing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::scenario::LISTINGS;
use std::path::Path;
use std::process::Command;

/// Exit code, and everything that was printed.
fn ends(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_interleak"));
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

const SHARED: &str = "HISTORY = []  #@ shared HISTORY\n\n\ndef respond(question, session):\n    \
                      history = list(HISTORY)  #@ load HISTORY\n    history.append(question)  \
                      #@ note question\n    answer = assistant(history)  #@ infer\n    \
                      history.append(answer)  #@ note answer\n    HISTORY[:] = history  \
                      #@ store HISTORY\n    return answer  #@ reply\n";

/// The user's file is meant, also where a shipped listing is called the same, and what the author of
/// a shipped scenario says of the shipped one is not said of the file.
#[test]
fn a_file_here_is_that_file() {
    let folder = tempfile::tempdir().unwrap();
    let [(name, _), ..] = LISTINGS else { panic!("listings are shipped") };
    let shipped = ends(folder.path(), &["run", "lock-order", "-s", name]);
    std::fs::write(folder.path().join(name), SHARED).unwrap();
    let own = ends(folder.path(), &["run", "lock-order", "-s", name]);
    assert_ne!(shipped, own);
    assert!(own.1.contains("HISTORY[:] = history"), "{}", own.1);
    assert!(own.1.contains("does not name"), "{}", own.1);
    let explained = ends(folder.path(), &["explain", name]).1;
    assert!(explained.contains("history = list(HISTORY)"), "{explained}");
    // The shipped scenario still speaks of the shipped listing.
    let (code, checked) = ends(folder.path(), &["check", "lock-order"]);
    assert_eq!(code, 0, "{checked}");
    // What does not end like a file is never one as long as something shipped has its name.
    std::fs::write(folder.path().join("global"), "no Python").unwrap();
    assert_eq!(ends(folder.path(), &["run", "two-tabs", "-s", "global"]).0, 0);
}

/// A scenario of one's own speaks of the listing beside it, never of a shipped one.
#[test]
fn an_expectation_of_a_file_is_not_one_of_a_shipped_listing() {
    let folder = tempfile::tempdir().unwrap();
    let [(name, _), ..] = LISTINGS else { panic!("listings are shipped") };
    let scenario = format!(
        r#"{{"format": 1, "title": "t", "lanes": [{{"user": "a", "says": [{{"text": "hello"}}]}}], "expect": {{"{name}": "clean"}}}}"#
    );
    std::fs::create_dir(folder.path().join("in")).unwrap();
    std::fs::write(folder.path().join("in/own.json"), scenario).unwrap();
    let (code, said) = ends(folder.path(), &["check", "in/own.json"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("there is no file"), "{said}");
}

#[test]
fn a_thing_in_the_wrong_place_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.py"), SHARED).unwrap();
    std::fs::write(folder.path().join("mine.json"), "{}").unwrap();
    let wrong: [(&[&str], &str, &str); 6] = [
        (&["check", "mine.py"], "mine.py is a listing", "-s mine.py"),
        (&["run", "mine.py"], "mine.py is a listing", "-s mine.py"),
        (&["run", "global"], "global is a strategy", "interleak run voice-assistant -s global"),
        (&["run", "two-tabs", "-s", "mine.json"], "mine.json is a scenario", "run mine.json -s"),
        (&["verify", "mine.json"], "mine.json is a scenario", "run mine.json -s"),
        (&["replay", "class", "-s", "two-tabs"], "two-tabs is a scenario", "run two-tabs -s"),
    ];
    for (arguments, what, help) in wrong {
        let (code, said) = ends(folder.path(), arguments);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(what) && said.contains(help), "{said}");
    }
}
