//! The catalogues: no key is missing or unused, arguments are those that the facts give, and no
//! sentence stands outside of them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod facts;
mod source;

use interleak::words::ENGLISH;
use source::{catalogue, files, is_prose, literals, phrases};
use std::collections::{BTreeMap, BTreeSet};

/// Files whose literals are words of somebody else, and whose.
const NOT_OURS: [(&str, &str); 1] =
    [("src/model/cast.rs", "the simulated assistant's; a scenario may give it others")];

/// Files whose sentences are not in the catalogue yet.
const STILL: &[&str] = &[
    "src/cli.rs",
    "src/commands/bounds.rs",
    "src/commands/check.rs",
    "src/commands/mod.rs",
    "src/commands/run.rs",
    "src/commands/diagnose.rs",
    "src/commands/explain/mod.rs",
    "src/commands/explain/scenario.rs",
    "src/commands/explain/strategy.rs",
    "src/commands/explain/term.rs",
    "src/commands/list.rs",
    "src/commands/load.rs",
    "src/commands/new.rs",
    "src/commands/progress.rs",
    "src/commands/save.rs",
    "src/commands/stress.rs",
    "src/commands/verify.rs",
    "src/commands/verify_run.rs",
    "src/explore/engine.rs",
    "src/explore/key.rs",
    "src/explore/packed/mod.rs",
    "src/log/entry.rs",
    "src/log/line.rs",
    "src/python/mod.rs",
    "src/python/process.rs",
    "src/python/run.rs",
    "src/python/words.rs",
    "src/recount/bound.rs",
    "src/recount/compared.rs",
    "src/recount/expected.rs",
    "src/recount/itself.rs",
    "src/recount/mod.rs",
    "src/replay/machine/turns.rs",
    "src/report/chart/curve.rs",
    "src/report/chart/ink.rs",
    "src/report/chart/label.rs",
    "src/report/chart/mod.rs",
    "src/report/chart/panel.rs",
    "src/report/chart/svg.rs",
    "src/report/check/github.rs",
    "src/report/check/json.rs",
    "src/report/check/junit.rs",
    "src/report/check/page.rs",
    "src/report/check/words.rs",
    "src/report/compare/json.rs",
    "src/report/compare/legend.rs",
    "src/report/compare/mod.rs",
    "src/report/compare/page.rs",
    "src/report/compare/table.rs",
    "src/report/diagnose/case.rs",
    "src/report/diagnose/mod.rs",
    "src/report/diagnosis.rs",
    "src/report/list.rs",
    "src/report/stress/json.rs",
    "src/report/stress/mod.rs",
    "src/report/sweep/mod.rs",
    "src/report/sweep/page.rs",
    "src/report/sweep/picture.rs",
    "src/report/sweep/table.rs",
    "src/report/verify/gather.rs",
    "src/report/verify/json.rs",
    "src/report/verify/page.rs",
    "src/report/verify/words.rs",
    "src/report/verify_run.rs",
    "src/scenario/check.rs",
    "src/scenario/file.rs",
    "src/strategy.rs",
    "src/twins/follow.rs",
    "src/twins/play.rs",
];

/// Literals that look like prose and are none.
const NO_PROSE: [&str; 7] = [
    // The title of a JSON schema, by which programs find it.
    "interleak report",
    // Signs and numbers beside each other.
    "{sign} {what}",
    "{before} {line}",
    "{sign} {cut}{}",
    "{ms} ms",
    "{fraction} {decimal}",
    // A comment of Python, which stands in the code for the end of a `with` block.
    "# `with {name}` ends",
];

/// Beginnings of keys that are put together from a name, such as `mark-context-leak`.
const PUT_TOGETHER: [&str; 5] = ["anomaly-", "mark-", "say-", "wait-", "why-"];

#[test]
fn every_phrase_is_in_the_catalogue_with_its_arguments() {
    let catalogue = catalogue(&ENGLISH);
    let mut wrong = Vec::new();
    for (file, text) in files() {
        for (line, key, arguments) in phrases(&text) {
            match used(&catalogue, &key) {
                None => wrong.push(format!("{file}:{line}: {key} is missing")),
                Some(variables) if variables != arguments => wrong.push(format!(
                    "{file}:{line}: {key} has {arguments:?}, the catalogue uses {variables:?}"
                )),
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_key_of_the_catalogue_is_used() {
    let catalogue = catalogue(&ENGLISH);
    // A key is a literal somewhere: in `phrase!`, or handed on.
    let named: BTreeSet<String> =
        files().iter().flat_map(|(_, text)| literals(text)).map(|literal| literal.text).collect();
    let unused = |key: &&String| {
        let inside = catalogue.values().any(|message| message.others.contains(*key));
        !inside && !named.contains(*key) && !PUT_TOGETHER.iter().any(|start| key.starts_with(start))
    };
    let unused: Vec<&String> = catalogue.keys().filter(unused).collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

#[test]
fn no_sentence_stands_in_the_source() {
    let mut prose = Vec::new();
    for (file, text) in files() {
        if NOT_OURS.iter().any(|(not_ours, _)| file.starts_with(not_ours))
            || STILL.contains(&&*file)
        {
            continue;
        }
        for literal in literals(&text) {
            if is_prose(&literal.text) && !NO_PROSE.contains(&literal.text.as_str()) {
                prose.push(format!("{file}:{}: {:?}", literal.line, literal.text));
            }
        }
    }
    assert!(prose.is_empty(), "{} sentences:\n{}", prose.len(), prose.join("\n"));
}

/// The variables that a message uses, with those of the messages that it refers to.
fn used(catalogue: &BTreeMap<String, source::Message>, key: &str) -> Option<BTreeSet<String>> {
    let message = catalogue.get(key)?;
    let others = message.others.iter().filter_map(|other| used(catalogue, other));
    Some(others.flatten().chain(message.variables.iter().cloned()).collect())
}

/// The checks themselves can fail.
#[test]
fn the_checks_notice_what_they_look_for() {
    let source = "let a = phrase!(\"key\", who = f(x, y), what = \"a, b\");\n// \"not a literal\"\n\
                  let b = \"two words\";";
    let found = phrases(source);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, "key");
    assert_eq!(found[0].2, ["what", "who"].map(str::to_owned).into());
    let prose: Vec<usize> =
        literals(source).iter().filter(|it| is_prose(&it.text)).map(|it| it.line).collect();
    assert_eq!(prose, [3]);
    let messages =
        catalogue(&["a = { b } { $x }\nb = { $n ->\n    [one] one\n   *[other] { $n }\n}"]);
    assert_eq!(used(&messages, "a"), Some(["n", "x"].map(str::to_owned).into()));
    assert_eq!(used(&messages, "c"), None);
    assert!(
        is_prose("nobody can move: {reasons}") && !is_prose("--max-states {n}") && !is_prose("key")
    );
}
