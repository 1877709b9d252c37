//! What `explain` and `list` say: every word of a page is explained, code can be shown without the
//! answer, and what is listed fits a screen.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::anomalies::ANOMALIES;
use interleak::glossary::{self, Term};
use interleak::scenario::SHIPPED;
use interleak::screen::{COLUMNS, width};
use interleak::strategy::{STRATEGIES, Twin};
use interleak::words::Words;
use std::collections::BTreeSet;
use std::process::Command;

/// Exit code and output.
fn ends(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_interleak")).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn explain(arguments: &[&str]) -> String {
    let (code, page) = ends(&[&["explain"], arguments].concat());
    assert_eq!(code, Some(0), "{arguments:?}");
    page
}

#[test]
fn code_alone_does_not_give_the_answer_away() {
    for strategy in STRATEGIES {
        let name = strategy.name;
        let page = explain(&[name, "--code"]);
        assert!(page.contains("#@ reply"), "the marks say what is simulated:\n{page}");
        for comment in page.lines().filter_map(|line| line.split_once('#')) {
            assert!(comment.1.starts_with('@'), "{name}: #{}", comment.1);
        }
        for told in ["Believed", "Actual", "Instead", &strategy.group.name().english()] {
            let bare = page.replace(name, "").replace("In Rust", "");
            assert!(told == "right" || !bare.contains(told), "{name}: {told}\n{page}");
        }
        if let Twin::Source(_) = strategy.twin {
            let twin = explain(&[name, "--code", "rust"]);
            assert!(twin.contains("impl<P: Platform>") && !twin.contains("//"), "{twin}");
            assert!(!twin.contains("#@"), "one of the two is shown:\n{twin}");
            assert!(explain(&[name, "--code", "rust", "--lesson"]).contains("Believed"));
        }
        let whole = explain(&[name]);
        assert!(whole.contains("Believed") && whole.contains("#@ reply"), "{whole}");
        assert!(!whole.contains("In Rust"), "the twin is for those who ask:\n{whole}");
        assert_eq!(whole, explain(&[name, "--code", "--lesson"]));
    }
}

/// The words of `docs/dev/ARCHITECTURE.md` are those of the pages.
#[test]
fn every_word_of_a_page_is_explained() {
    let doc = include_str!("../docs/dev/ARCHITECTURE.md");
    let table = doc.split("| word | meaning |").nth(1).unwrap().split("\n\n").next().unwrap();
    let rows = table.lines().skip(2).map(|row| row.split('|').nth(1).unwrap());
    let words: Vec<&str> = rows.flat_map(|row| row.split([',', ':'])).map(str::trim).collect();
    assert!(words.contains(&"lane") && words.contains(&"race") && words.len() > 25, "{words:?}");
    let of_pages = [
        "coin flip",
        "chance",
        "grain",
        "access",
        "essentially different",
        "place",
        "Heard",
        "Again",
        "CLEAN",
        "UNKNOWN",
        "PERHAPS",
        "switch",
        "order",
        "never",
        "always",
        "false repair",
        "twin",
        "mean reply",
        "worst",
        "alice#1",
        "two-tabs",
        "mark",
    ];
    let marks = ANOMALIES.iter().flat_map(|anomaly| [anomaly.id, anomaly.mark]);
    for word in words.into_iter().filter(|it| *it != "in sentences").chain(of_pages).chain(marks) {
        assert!(explain(&[word]).lines().count() > 3, "{word}");
        if word != "two-tabs" {
            assert_eq!(explain(&[&word.to_uppercase(), "--term"]), explain(&[word, "--term"]));
        }
    }
}

#[test]
fn something_shipped_wins_over_a_word_and_says_how_to_get_it() {
    let page = explain(&["threads"]);
    assert!(page.starts_with("threads: Threads are used again"), "{page}");
    assert!(page.contains("Word    interleak explain threads --term"), "{page}");
    assert!(explain(&["threads", "--term"]).starts_with("worker\n"));
    assert!(!explain(&["global"]).contains("--term"), "there is no such word");
    let (code, _) = ends(&["explain", "global", "--term"]);
    assert_eq!(code, Some(2));
}

#[test]
fn every_term_is_said_once_and_shortly_and_its_command_works() {
    let terms = glossary::terms(Words::english());
    assert!(terms.len() > 40);
    let mut names = BTreeSet::new();
    for Term { names: own, text, try_it, .. } in &terms {
        for name in own {
            assert!(names.insert(name.to_lowercase()), "{name} is explained twice");
            let shipped =
                SHIPPED.iter().map(|it| it.name).chain(STRATEGIES.iter().map(|it| it.name));
            let first = own[0] == *name && shipped.into_iter().any(|it| it == name);
            assert!(!first, "{name} is listed as a term, and means something shipped");
        }
        assert!((60..=600).contains(&text.len()), "{own:?}: {} letters", text.len());
        let command = try_it.as_deref().unwrap_or_else(|| panic!("{own:?} has nothing to try"));
        let words = command.strip_prefix("interleak ").unwrap().replace('"', "'");
        let mut arguments: Vec<&str> = Vec::new();
        for (index, part) in words.split('\'').enumerate() {
            match index % 2 {
                0 => arguments.extend(part.split_whitespace()),
                _ => arguments.push(part),
            }
        }
        let (code, page) = ends(&arguments);
        let limited = arguments.contains(&"--max-states");
        assert!(
            matches!((code, limited), (Some(0 | 1), false) | (Some(3), true)),
            "{command}: {code:?}"
        );
        assert!(!page.is_empty());
    }
}

/// Everything but code, which stands as it is, fits 80 columns; what goes on in a next line keeps its
/// indent.
#[test]
fn explanations_fit_the_page_and_keep_their_indent() {
    let terms = glossary::terms(Words::english());
    let names = SHIPPED.iter().map(|it| it.name).chain(terms.iter().map(Term::name));
    for name in names.chain(STRATEGIES.iter().map(|it| it.name)) {
        for line in explain(&[name]).lines() {
            assert!(width(line) <= COLUMNS || line.starts_with("    "), "{name}: {line}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.json");
    let long = "word ".repeat(40);
    let text = format!(
        r#"{{"format": 1, "title": "t", "lanes": [{{"user": "a", "says": [{{"text": "{long}"}}]}}],
           "expect": {{"global": {{"lost-update": "never", "amnesia": "always", "context-leak": "always", "stale-reply": "always"}}}}}}"#
    );
    std::fs::write(&file, text).unwrap();
    let page = explain(&[file.to_str().unwrap()]);
    let said: Vec<&str> = page.lines().filter(|line| line.contains("word")).collect();
    assert!(said.len() > 2 && said[0].starts_with("  ▸ \"word"), "{page}");
    assert!(said[1..].iter().all(|line| line.starts_with("    word")), "{page}");
    assert!(page.lines().all(|line| width(line) <= COLUMNS || line.contains(".json")), "{page}");
}

#[test]
fn each_kind_of_a_list_fits_a_screen() {
    for kind in ["scenarios", "strategies", "anomalies", "terms"] {
        let (_, page) = ends(&["list", kind]);
        assert!(page.lines().count() < 24, "with the prompt it is 24 lines:\n{page}");
        assert!(page.lines().all(|line| width(line) <= COLUMNS), "{page}");
        assert!(page.contains(&format!("interleak list {kind} --long")), "{page}");
        let (_, long) = ends(&["list", kind, "--long"]);
        assert!(long.lines().count() > page.lines().count(), "{long}");
    }
    let (_, all) = ends(&["list"]);
    let (_, long) = ends(&["list", "strategies", "--long"]);
    for strategy in STRATEGIES {
        assert!(all.contains(strategy.name) && long.contains(strategy.name), "{}", strategy.name);
    }
    assert_eq!(long.matches("\n    believed").count(), STRATEGIES.len());
}
