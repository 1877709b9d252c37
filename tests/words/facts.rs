//! Facts and their words: each fact has a key, with its fields as arguments.

use crate::source::{Message, catalogue};
use crate::used;
use interleak::anomalies::facts::{MarkFact, Said, Wait};
use interleak::anomalies::reason::Reason;
use interleak::anomalies::{ANOMALIES, Anomaly};
use interleak::words::{ENGLISH, TAG};
use schemars::{JsonSchema, schema_for};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

type Facts = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_fact_has_its_words() {
    let catalogue = catalogue(&ENGLISH);
    let kinds = [
        facts::<Said>("say"),
        facts::<Reason>("why"),
        facts::<Wait>("wait"),
        facts::<MarkFact>("mark"),
    ];
    let wrong: Vec<String> = kinds.iter().flat_map(|facts| unsaid(facts, &catalogue)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // How several of them are put together.
    let joins = ["wait-and"];
    let known: BTreeSet<&str> = kinds.iter().flatten().map(|(key, _)| key.as_str()).collect();
    let unused: Vec<&String> = catalogue
        .keys()
        .filter(|key| ["say-", "why-", "wait-", "mark-"].iter().any(|kind| key.starts_with(kind)))
        .filter(|key| !known.contains(key.as_str()) && !joins.contains(&key.as_str()))
        .collect();
    assert!(unused.is_empty(), "no fact is said as {unused:?}");
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

/// The key of each fact of a kind, and its arguments.
fn facts<T: JsonSchema>(kind: &str) -> Facts {
    let schema = schema_for!(T).to_value();
    let variants = schema["oneOf"].as_array().unwrap();
    let fact = |variant: &Value| {
        let name = variant["properties"][TAG]["const"].as_str().unwrap();
        let mut fields = BTreeSet::new();
        for (field, of) in variant["properties"].as_object().unwrap() {
            if field != TAG {
                arguments(&schema, field, of, &mut fields);
            }
        }
        (format!("{kind}-{name}"), fields)
    };
    variants.iter().map(fact).collect()
}

/// The arguments that a field gives: itself, or for a struct each of its own fields.
fn arguments(schema: &Value, name: &str, of: &Value, into: &mut BTreeSet<String>) {
    let named = of["$ref"].as_str().and_then(|at| schema.pointer(at.trim_start_matches('#')));
    match named.unwrap_or(of)["properties"].as_object() {
        Some(fields) => {
            for (field, of) in fields {
                arguments(schema, &format!("{name}-{field}"), of, into);
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
    let facts = facts::<MarkFact>("mark");
    assert_eq!(facts["mark-stores-without"], ["lane", "said"].map(str::to_owned).into());
    let nested = crate::facts::facts::<Said>("say");
    let built = ["reply-lane", "reply-number", "about-lane", "about-text", "more"];
    assert_eq!(nested["say-built-from"], built.map(str::to_owned).into());
    let words =
        catalogue(&["mark-stores-without = { $lane } { $who }\nmark-reads-kept = { $lane }"]);
    let wrong = unsaid(&facts, &words).join("\n");
    assert!(wrong.contains("mark-stores-without has"), "{wrong}");
    assert!(wrong.contains("mark-puts-behind is missing"), "{wrong}");
    assert!(!wrong.contains("mark-reads-kept"), "{wrong}");
}
