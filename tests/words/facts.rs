//! Facts and their words: each fact has a key, with its fields as arguments.

use crate::source::{Message, catalogue};
use crate::used;
use interleak::anomalies::facts::{MarkFact, Said, Wait};
use interleak::anomalies::reason::Reason;
use interleak::anomalies::{ANOMALIES, Anomaly};
use interleak::log::entry::Skip;
use interleak::log::facts::{Ground, Limit, Note, Verdict};
use interleak::python::Refusal;
use interleak::python::facts::{Doing, Holding, Mistake, Spot, When, Why};
use interleak::python::limits::Stopped;
use interleak::report::verify_run::Must;
use interleak::twins::drift::{Apart, Did};
use interleak::words::{ENGLISH, TAG};
use schemars::{Schema, schema_for};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

type Facts = BTreeMap<String, BTreeSet<String>>;

/// Every fact's key, with the arguments that it gives.
pub(crate) fn said() -> Facts {
    let kinds = [
        ("say", schema_for!(Said)),
        ("why", schema_for!(Reason)),
        ("wait", schema_for!(Wait)),
        ("mark", schema_for!(MarkFact)),
        ("diagnose-ground", schema_for!(Ground)),
        ("diagnose-limit", schema_for!(Limit)),
        ("diagnose-note", schema_for!(Note)),
        ("diagnose-verdict", schema_for!(Verdict)),
        ("log-skip", schema_for!(Skip)),
        ("python", schema_for!(Mistake)),
        ("python", schema_for!(Spot)),
        ("python", schema_for!(Holding)),
        ("python", schema_for!(Doing)),
        ("python", schema_for!(When)),
        ("python", schema_for!(Why)),
        ("python-refusal", schema_for!(Refusal)),
        ("python-stopped", schema_for!(Stopped)),
        ("twin", schema_for!(Apart)),
        ("twin", schema_for!(Did)),
        ("verify-run-must", schema_for!(Must)),
    ];
    let said: Vec<Facts> = kinds.iter().map(|(kind, schema)| facts(kind, schema)).collect();
    let count: usize = said.iter().map(Facts::len).sum();
    let said: Facts = said.into_iter().flatten().collect();
    assert_eq!(said.len(), count, "two facts have one key");
    said
}

#[test]
fn every_fact_has_its_words() {
    let wrong = unsaid(&said(), &catalogue(&ENGLISH));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_anomaly_has_its_words() {
    let catalogue = catalogue(&ENGLISH);
    let told =
        |it: &&Anomaly| ["what", "judged", "verb"].map(|of| format!("anomaly-{of}-{}", it.id));
    let keys: BTreeSet<String> = ANOMALIES.iter().flat_map(told).collect();
    let there = catalogue.keys().filter(|key| key.starts_with("anomaly-"));
    assert_eq!(there.cloned().collect::<BTreeSet<_>>(), keys);
}

/// Facts without words, and those whose words have other arguments.
fn unsaid(facts: &Facts, catalogue: &BTreeMap<String, Message>) -> Vec<String> {
    let wrong = facts.iter().filter_map(|(key, fields)| match used(catalogue, key) {
        None => Some(format!("{key} is missing")),
        Some(variables) if variables != *fields => {
            Some(format!("{key} has {fields:?}, the catalogue uses {variables:?}"))
        }
        Some(_) => None,
    });
    wrong.collect()
}

/// The facts of a kind. One without arguments may be a name alone.
fn facts(kind: &str, schema: &Schema) -> Facts {
    let root = schema.as_value();
    let fact = |variant: &Value| {
        if let Some(name) = variant["const"].as_str() {
            return (format!("{kind}-{name}"), BTreeSet::new());
        }
        let name = variant["properties"][TAG]["const"].as_str().unwrap();
        let mut fields = BTreeSet::new();
        for (field, of) in variant["properties"].as_object().unwrap() {
            if field != TAG {
                arguments(root, field, of, &mut fields);
            }
        }
        (format!("{kind}-{name}"), fields)
    };
    root["oneOf"].as_array().unwrap().iter().map(fact).collect()
}

/// The arguments that a field gives: itself, or for a struct each of its own fields.
fn arguments(root: &Value, name: &str, of: &Value, into: &mut BTreeSet<String>) {
    let named = of["$ref"].as_str().and_then(|at| root.pointer(at.trim_start_matches('#')));
    match named.unwrap_or(of)["properties"].as_object() {
        Some(fields) => {
            for (field, of) in fields {
                arguments(root, &format!("{name}-{field}"), of, into);
            }
        }
        None => {
            into.insert(name.to_owned());
        }
    }
}

/// The check itself can fail.
#[test]
fn a_fact_without_its_words_is_noticed() {
    let facts = said();
    assert_eq!(facts["mark-stores-without"], ["lane", "said"].map(str::to_owned).into());
    let built = ["reply-lane", "reply-number", "about-lane", "about-text", "more"];
    assert_eq!(facts["say-built-from"], built.map(str::to_owned).into());
    assert_eq!(facts["log-skip-cut-off"], BTreeSet::new());
    let words =
        catalogue(&["mark-stores-without = { $lane } { $who }\nmark-reads-kept = { $lane }"]);
    let wrong = unsaid(&facts, &words).join("\n");
    assert!(wrong.contains("mark-stores-without has"), "{wrong}");
    assert!(wrong.contains("mark-puts-behind is missing"), "{wrong}");
    assert!(!wrong.contains("mark-reads-kept"), "{wrong}");
}
