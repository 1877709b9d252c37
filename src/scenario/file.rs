//! A scenario as it is written: the JSON format, version 1.

use super::wrong;
use crate::phrase;
use crate::problem::Problem;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

/// The version of the format that this program reads.
pub(super) const FORMAT: u64 = 1;

/// A scenario for interleak: who says what, in which lanes, with which expectations.
#[derive(serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "interleak scenario")]
pub(super) struct ScenarioFile {
    /// Where an editor finds the schema of this file; not looked at.
    #[serde(rename = "$schema")]
    #[allow(dead_code, reason = "it is for editors")]
    schema: Option<String>,
    /// The version of this format: 1.
    #[allow(dead_code, reason = "checked before the rest is read")]
    #[schemars(extend("const" = 1))]
    format: u64,
    /// What it is about, in a few words.
    pub(super) title: String,
    /// What happens, in one or two sentences.
    #[serde(default)]
    pub(super) story: String,
    /// The lanes: each sends its requests one after the other. 1 to 16 of them.
    #[schemars(length(min = 1, max = 16))]
    pub(super) lanes: Vec<Object<LaneFile>>,
    /// How the server is set up.
    #[serde(default)]
    pub(super) server: Object<ServerFile>,
    /// What may happen besides: clients that cancel.
    #[serde(default)]
    pub(super) faults: Vec<Object<FaultFile>>,
    /// How the assistant words its answers, and how long it thinks. Every field has a default.
    #[serde(default)]
    pub(super) assistant: Object<AssistantFile>,
    /// What is expected of each strategy: a shipped name, or the path of a listing beside this
    /// file.
    #[serde(default)]
    pub(super) expect: Entries<ExpectFile>,
    /// One sentence about each strategy, which the program prints back.
    #[serde(default)]
    pub(super) remarks: Entries<String>,
}

/// One sequential stream of requests.
#[derive(serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LaneFile {
    /// The privacy boundary: who speaks.
    pub(super) user: String,
    /// The conversation; the user's name unless given. Two sessions of one user are two tabs.
    pub(super) session: Option<String>,
    /// The name in schedules and diagrams; the session's name unless given. Two lanes of one
    /// session are a double click.
    pub(super) name: Option<String>,
    /// The network address that the requests come from; an address of the user's own unless
    /// given. Lanes behind one router have one address.
    pub(super) address: Option<String>,
    /// The requests, in order. At most 64 over all lanes.
    #[schemars(length(min = 1, max = 64))]
    pub(super) says: Vec<Object<TurnFile>>,
}

/// One request.
#[derive(serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TurnFile {
    /// What the user says.
    pub(super) text: String,
    /// What the assistant can learn from it: topics and their values, `{"name": "Alice"}`.
    #[serde(default)]
    pub(super) tells: Entries<String>,
    /// The topic that it asks for: the assistant answers with the latest value in its context.
    pub(super) asks: Option<String>,
    /// When it is sent at the earliest, in milliseconds of virtual time: 0 unless given. It also
    /// waits for the reply to the request before it. `compare` and `sweep` look at it.
    #[schemars(range(max = 3_600_000))]
    pub(super) at_ms: Option<u64>,
}

/// How the server is set up.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ServerFile {
    /// A server to begin with: gradio-3 (no queue, no limit), gradio-3-queue (one request at a
    /// time) or gradio-4 (one request at a time for each function). The other fields go beyond it.
    pub(super) profile: Option<String>,
    /// At most so many requests inside handlers at once; no limit unless given.
    #[schemars(range(min = 1, max = 1000))]
    pub(super) limit: Option<u64>,
    /// So many threads run requests, and are used again; as many as needed unless given.
    #[schemars(range(min = 1, max = 1000))]
    pub(super) workers: Option<u64>,
    /// So many processes serve requests, each with variables of its own; one unless given.
    #[schemars(range(min = 1, max = 8))]
    pub(super) replicas: Option<u64>,
    /// Which of them serves a request: sticky (always the same one for a session) unless given, or
    /// round-robin (one after the other).
    pub(super) routing: Option<String>,
    /// Which of several idle threads takes a request: longest (the one that has been idle longest)
    /// unless given, or latest (the one that became idle last).
    pub(super) idle: Option<String>,
}

/// Something that may happen to a request.
#[derive(serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultFile {
    /// The lane whose client may cancel.
    pub(super) cancels: String,
    /// Which of its turns, from 1.
    #[schemars(range(min = 1, max = 64))]
    pub(super) turn: u64,
}

/// How the assistant words its answers, and how long it thinks. `{topic}`, `{value}` and `{count}`
/// are filled in.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AssistantFile {
    /// When it was told something: `{topic}`, `{value}`.
    pub(super) told: Option<String>,
    /// When it was told a `name`: `{value}`; what is said to any other topic unless given.
    pub(super) greeting: Option<String>,
    /// When it knows what it was asked: `{topic}`, `{value}`.
    pub(super) known: Option<String>,
    /// When it does not: `{topic}`.
    pub(super) unknown: Option<String>,
    /// When it was neither told nor asked anything: `{count}` questions heard so far.
    pub(super) other: Option<String>,
    /// How long it thinks about one question, in milliseconds of virtual time; 1000 unless given.
    /// `compare` and `sweep` look at it.
    #[schemars(range(max = 3_600_000))]
    pub(super) infer_ms: Option<u64>,
}

/// How often something shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Frequency {
    /// In no order.
    Never,
    /// In some orders, not in all.
    Sometimes,
    /// In every order.
    Always,
}

impl Frequency {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Frequency::Never => "never",
            Frequency::Sometimes => "sometimes",
            Frequency::Always => "always",
        }
    }
}

/// `"clean"`, or how often each anomaly shows.
pub(super) enum ExpectFile {
    Clean,
    Named(Entries<Frequency>),
}

impl<'de> Deserialize<'de> for ExpectFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Expected;
        impl<'de> Visitor<'de> for Expected {
            type Value = ExpectFile;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str(wrong::EXPECTATION)
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<ExpectFile, E> {
                match word {
                    "clean" => Ok(ExpectFile::Clean),
                    _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ExpectFile, A::Error> {
                EntriesVisitor(PhantomData).visit_map(map).map(ExpectFile::Named)
            }
        }
        deserializer.deserialize_any(Expected)
    }
}

impl JsonSchema for ExpectFile {
    fn schema_name() -> Cow<'static, str> {
        "Expectation".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let frequency = generator.subschema_for::<Frequency>();
        json_schema!({
            "description": phrase!("scenario-schema-expectation"),
            "anyOf": [
                { "const": "clean" },
                { "type": "object", "additionalProperties": frequency }
            ]
        })
    }
}

/// A struct that is written as an object, and only so: left to itself, serde would take an array
/// of its fields as well.
#[derive(Default)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Expected<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Expected<T> {
            type Value = Object<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str(wrong::OBJECT)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(Expected(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Object<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// An object's entries in the order of the file. A key that is given twice is refused.
pub(super) struct Entries<T>(pub(super) Vec<(String, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Entries(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("EntriesOf{}", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": value })
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(wrong::OBJECT)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
        let mut entries: Vec<(String, T)> = Vec::new();
        let mut known = HashSet::new();
        while let Some((key, value)) = map.next_entry::<String, T>()? {
            if !known.insert(key.clone()) {
                return Err(de::Error::custom(wrong::twice(&key)));
            }
            entries.push((key, value));
        }
        Ok(Entries(entries))
    }
}

/// The JSON Schema of a scenario file.
pub fn schema() -> Schema {
    schemars::schema_for!(ScenarioFile)
}

/// Reads the file as it is written.
pub(super) fn read(file: &str, text: &str) -> Result<ScenarioFile, Problem> {
    if text.trim().is_empty() {
        let problem = Problem::new(phrase!("scenario-empty", file = file));
        return Err(problem.help(phrase!("scenario-empty-help")));
    }
    check_format(file, text)?;
    let mut json = serde_json::Deserializer::from_str(text);
    let read =
        serde_path_to_error::deserialize(&mut json).map(|Object(read)| read).map_err(|error| {
            let path = error.path().to_string();
            wrong::problem((file, text), &path, error.inner())
        })?;
    json.end().map_err(|error| wrong::problem((file, text), ".", &error))?;
    Ok(read)
}

/// A file from the future may have fields that this program does not know, so its version is
/// looked at before anything else.
fn check_format(file: &str, text: &str) -> Result<(), Problem> {
    #[derive(serde::Deserialize)]
    struct Version {
        format: Option<serde_json::Value>,
    }
    let Ok(Version { format: Some(format) }) = serde_json::from_str(text) else {
        // What else is wrong is told when the whole file is read.
        return Ok(());
    };
    if format.as_u64() == Some(FORMAT) {
        return Ok(());
    }
    let at = super::locate::value(text, &["format".into()]);
    let what = phrase!("scenario-format", format = format.to_string());
    let problem = Problem::new(what).at(file, text, at);
    Err(match format.as_u64() {
        Some(newer) if newer > FORMAT => problem
            .label(phrase!("scenario-format-read", format = FORMAT))
            .help(phrase!("scenario-format-newer")),
        _ => problem.label(phrase!("scenario-format-write", format = FORMAT)),
    })
}
