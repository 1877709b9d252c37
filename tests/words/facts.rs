//! The facts that are said as they are: their names and fields are those of the catalogue.

use interleak::python::{Refusal, facts, limits};
use interleak::report::verify_run::Must;
use interleak::twins::drift::Drift;
use interleak::words::TAG;
use schemars::{Schema, schema_for};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Every fact's key, with the arguments that it gives.
pub(crate) fn said() -> BTreeMap<String, BTreeSet<String>> {
    let mut said = BTreeMap::new();
    for (kind, schema) in [
        ("python", schema_for!(facts::Told)),
        ("python-refusal", schema_for!(Refusal)),
        ("python-stopped", schema_for!(limits::Stopped)),
        ("twin", schema_for!(Drift)),
        ("verify-run-must", schema_for!(Must)),
    ] {
        said.extend(of(kind, &schema));
    }
    said
}

/// The facts of a schema and of those that it refers to.
pub(crate) fn of(kind: &str, schema: &Schema) -> BTreeMap<String, BTreeSet<String>> {
    let root = schema.as_value();
    let all = root["$defs"].as_object().into_iter().flat_map(Map::values).chain([root]);
    let variants = all.flat_map(|one| one["oneOf"].as_array().into_iter().flatten());
    let facts = variants.filter_map(|variant| {
        let fields = variant["properties"].as_object()?;
        let name = fields.get(TAG)?["const"].as_str()?;
        let arguments = fields.iter().filter(|(field, _)| *field != TAG);
        let arguments = arguments.flat_map(|(field, value)| names(root, field, value)).collect();
        Some((format!("{kind}-{name}"), arguments))
    });
    facts.collect()
}

/// The arguments that a field gives: one, or one for each field of a struct.
fn names(root: &Value, field: &str, value: &Value) -> Vec<String> {
    let target = value["$ref"].as_str().and_then(|at| root.pointer(at.trim_start_matches('#')));
    match target.unwrap_or(value)["properties"].as_object() {
        Some(fields) => fields
            .iter()
            .flat_map(|(inner, value)| names(root, &format!("{field}-{inner}"), value))
            .collect(),
        None => vec![field.to_owned()],
    }
}
