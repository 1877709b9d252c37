//! The catalogues: no key is missing or unused, arguments are those that the facts give, and no
//! sentence stands outside of them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod facts;
mod help;
mod pseudo;
mod source;

use interleak::glossary::TERMS;
use interleak::words::ENGLISH;
use source::{catalogue, files, is_prose, literals, phrases};
use std::collections::{BTreeMap, BTreeSet};

/// Files whose literals are words of somebody else, and whose.
const NOT_OURS: [(&str, &str); 2] = [
    ("src/model/cast.rs", "the simulated assistant's; a scenario may give it others"),
    ("src/scenario/wrong.rs", "serde's, whose messages are taken apart there"),
];

/// Literals that look like prose and are none.
const NO_PROSE: [&str; 9] = [
    // A comment of Python, which stands where a cancelled turn has no line of its own.
    "# the client cancels",
    // Signs and numbers beside each other.
    "{sign} {what}",
    "{before} {line}",
    "{sign} {cut}{}",
    "{ms} ms",
    "{fraction} {decimal}",
    // JSON.
    r#"{ "context-leak": "sometimes", "amnesia": "sometimes", "lost-update": "sometimes" }"#,
    // Names of fonts.
    "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif",
    // A comment of Python, which stands in the code for the end of a `with` block.
    "# `with {name}` ends",
];

/// Beginnings of keys that are put together from a name, such as `mark-context-leak`.
const PUT_TOGETHER: [&str; 3] = ["anomaly-", "help-", "term-"];

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
    // A key is a literal somewhere, in `phrase!`, or handed on; or it is that of a fact.
    let literals = files().into_iter().flat_map(|(_, text)| literals(&text));
    let literals = literals.map(|literal| literal.text);
    let named: BTreeSet<String> = literals.chain(facts::said().into_keys()).collect();
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
        if NOT_OURS.iter().any(|(not_ours, _)| file.starts_with(not_ours)) {
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

/// The terms are registered in their order, and whatever a language says of one is shown.
#[test]
fn every_term_has_its_texts() {
    let catalogue = catalogue(&ENGLISH);
    let said: BTreeSet<&str> =
        catalogue.keys().filter_map(|key| key.strip_prefix("term-")).collect();
    for id in TERMS {
        for needed in ["names", "text", "try"] {
            assert!(said.contains(&*format!("{id}.{needed}")), "term-{id} has no .{needed}");
        }
    }
    for said in said {
        let (id, attribute) = said.split_once('.').unwrap_or((said, ""));
        assert!(TERMS.contains(&id), "term-{id} is not in the list of terms");
        let shown = ["names", "text", "field", "example", "try"].contains(&attribute);
        assert!(shown, "nobody shows term-{said}");
        assert!(catalogue[&format!("term-{said}")].variables.is_empty(), "term-{said}");
    }
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
                  #[title = \"an attribute\"]\nlet b = \"two words\";";
    let found = phrases(source);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, "key");
    assert_eq!(found[0].2, ["what", "who"].map(str::to_owned).into());
    let prose: Vec<usize> =
        literals(source).iter().filter(|it| is_prose(&it.text)).map(|it| it.line).collect();
    assert_eq!(prose, [4]);
    let messages =
        catalogue(&["a = { b } { $x }\nb = { $n ->\n    [one] one\n   *[other] { $n }\n}"]);
    assert_eq!(used(&messages, "a"), Some(["n", "x"].map(str::to_owned).into()));
    assert_eq!(used(&messages, "c"), None);
    let attributes = catalogue(&["t =\n    .text = { $x }\n    .try = one"]);
    assert_eq!(attributes.keys().collect::<Vec<_>>(), ["t.text", "t.try"]);
    assert_eq!(used(&attributes, "t.text"), Some(["x".to_owned()].into()));
    assert!(
        is_prose("nobody can move: {reasons}") && !is_prose("--max-states {n}") && !is_prose("key")
    );
}
