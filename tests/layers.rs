//! The house rules of `docs/dev/ARCHITECTURE.md`, read from the source: who may know whom, and who
//! alone may name what.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of `src/`, lowest first. A room may know its own rank and lower ones.
const RANKS: [&[&str]; 10] = [
    &["exit", "screen", "words", "problem", "input", "platform", "pager"],
    &["scenario", "listing", "log", "model"],
    &["explore", "timing", "replay", "anomalies", "twins"],
    &["glossary", "strategy"],
    &["verdict", "stress", "python"],
    &["story"],
    &["report"],
    &["recount"],
    &["commands"],
    &["cli", "lib", "main"],
];

/// What a room must not know, though its rank would allow it: the absences that keep it simple.
const ABSENT: [(&str, &[&str]); 12] = [
    ("model", &["scenario", "listing", "problem", "input", "screen", "exit"]),
    ("explore", &["replay", "anomalies", "scenario", "listing"]),
    ("replay", &["explore", "anomalies", "scenario", "listing"]),
    ("timing", &["explore", "replay", "anomalies", "twins", "scenario", "listing"]),
    ("anomalies", &["scenario", "listing"]),
    ("scenario", &["listing"]),
    ("listing", &["scenario"]),
    ("log", &["scenario", "listing", "model", "exit"]),
    ("strategy", &["scenario", "explore", "replay", "anomalies"]),
    ("python", &["scenario", "strategy", "verdict"]),
    ("story", &["listing", "input", "problem", "screen"]),
    ("report", &["listing", "input"]),
];

/// Words that only some files may use.
const DOORS: [(&str, &[&str]); 14] = [
    ("Deserialize", &["src/scenario/", "src/log/"]),
    (
        "Serialize",
        &["src/report/", "src/scenario/", "src/log/", "src/words/", "src/story/", "src/anomalies/"],
    ),
    ("std::thread", &["src/platform.rs"]),
    ("std::sync", &["src/platform.rs"]),
    ("crossbeam", &["src/platform.rs"]),
    ("loom::", &[]),
    ("std::process::Command", &[]),
    ("std::process::{", &["src/python/process.rs", "src/pager.rs"]),
    ("std::fs", &["src/input.rs", "src/commands/save.rs"]),
    ("tempfile", &["src/commands/save.rs", "src/python/process.rs"]),
    ("nix::", &["src/python/process.rs"]),
    ("signal_hook", &["src/platform.rs"]),
    ("fluent", &["src/words/mod.rs"]),
    ("colored::", &["src/report/page.rs", "src/cli.rs"]),
];

#[test]
fn no_room_knows_a_higher_one() {
    let broken = broken_rules(&sources());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn each_door_has_its_keepers() {
    let broken = broken_doors(&sources());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Every room is in the ranks, so that a new one is not forgotten.
#[test]
fn every_room_has_a_rank() {
    for (path, _) in sources() {
        assert!(rank(room(&path)).is_some(), "{path} is in no room of RANKS");
    }
}

/// The rules themselves can fail.
#[test]
fn broken_rules_are_noticed() {
    let file = |path: &str, text: &str| vec![(path.to_owned(), text.to_owned())];
    let upward = file("src/explore/walk.rs", "use crate::model::x;\nuse crate::report::page;\n");
    assert_eq!(
        broken_rules(&upward),
        ["src/explore/walk.rs:2: explore (rank 2) must not know report (rank 6)"]
    );
    let absent = file("src/model/step.rs", "let x = crate::problem::nearest();\n");
    assert_eq!(broken_rules(&absent), ["src/model/step.rs:1: model must not know problem"]);
    let grouped = file("src/listing/mod.rs", "use crate::{\n    cli, problem,\n};\n");
    assert_eq!(broken_rules(&grouped).len(), 1, "a grouped import is read too");
    let door = file("src/explore/walk.rs", "\nstd::thread::spawn();\n");
    assert_eq!(broken_doors(&door), ["src/explore/walk.rs:2: std::thread is not for this file"]);
}

fn broken_rules(sources: &[(String, String)]) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in sources {
        let own = room(path);
        for (line, known) in known(text) {
            let (Some(mine), Some(its)) = (rank(own), rank(&known)) else { continue };
            if its > mine {
                broken.push(format!(
                    "{path}:{line}: {own} (rank {mine}) must not know {known} (rank {its})"
                ));
            } else if ABSENT.iter().any(|(room, not)| *room == own && not.contains(&known.as_str()))
            {
                broken.push(format!("{path}:{line}: {own} must not know {known}"));
            }
        }
    }
    broken
}

fn broken_doors(sources: &[(String, String)]) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in sources {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for (word, keepers) in DOORS {
                let keeps = keepers.iter().any(|keeper| path.starts_with(keeper));
                let used = code
                    .match_indices(word)
                    .any(|(at, _)| !code[..at].ends_with(|before: char| before.is_alphanumeric()));
                if used && !keeps {
                    broken.push(format!("{path}:{}: {word} is not for this file", number + 1));
                }
            }
        }
    }
    broken
}

/// The rooms that a file names, each with its line; also those inside `use crate::{…}`.
fn known(text: &str) -> Vec<(usize, String)> {
    let mut known = Vec::new();
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        text[..end].to_owned()
    };
    for (at, name) in text.match_indices("crate::") {
        let after = &text[at + name.len()..];
        let line = text[..at].matches('\n').count() + 1;
        match after.strip_prefix('{') {
            None => known.push((line, word(after))),
            Some(group) => {
                let group = &group[..group.find('}').unwrap_or(group.len())];
                known.extend(group.split(',').map(|part| (line, word(part.trim()))));
            }
        }
    }
    known
}

fn room(path: &str) -> &str {
    let inside = path.trim_start_matches("src/");
    inside.split(['/', '.']).next().unwrap_or_default()
}

fn rank(room: &str) -> Option<usize> {
    RANKS.iter().position(|rooms| rooms.contains(&room))
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                sources.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    sources.sort();
    assert!(sources.len() > 30, "the sources were found");
    sources
}
