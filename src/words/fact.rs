//! A fact as a phrase: its fields are the arguments.
//!
//! A fact is a serialisable enum with `#[serde(tag = "fact", rename_all = "kebab-case")]`. So what a
//! document for programs holds, and what a sentence is made of, cannot be two things.

use super::{Argument, Phrase};
use serde::Serialize;
use serde_json::{Map, Value};

/// The field that says which fact it is.
pub const TAG: &str = "fact";

impl Phrase {
    /// The sentence of a fact: the key is `kind`, a hyphen, and the fact's name. A field that is a
    /// struct gives an argument for each of its own fields (`what-text`), one that is a list is said
    /// with commas, and one that is missing is the text `none`. Facts in it are said by themselves,
    /// as phrases of the same kind.
    pub fn of(kind: &str, fact: &impl Serialize) -> Phrase {
        match serde_json::to_value(fact) {
            Ok(Value::Object(fields)) => of_fields(kind, fields),
            Ok(Value::String(name)) => Phrase::new(format!("{kind}-{name}")),
            // No fact is anything else; a test looks at all of them.
            Ok(_) | Err(_) => Phrase::nothing(),
        }
    }
}

fn of_fields(kind: &str, mut fields: Map<String, Value>) -> Phrase {
    let name = fields.remove(TAG);
    let name = name.as_ref().and_then(Value::as_str).unwrap_or_default();
    let mut phrase = Phrase::new(format!("{kind}-{name}"));
    for (field, value) in fields {
        phrase = with_field(phrase, kind, field, value);
    }
    phrase
}

fn with_field(phrase: Phrase, kind: &str, name: String, value: Value) -> Phrase {
    match value {
        Value::Object(fields) if !fields.contains_key(TAG) => {
            fields.into_iter().fold(phrase, |phrase, (field, value)| {
                with_field(phrase, kind, format!("{name}-{field}"), value)
            })
        }
        value => phrase.with(name, argument(kind, value)),
    }
}

fn argument(kind: &str, value: Value) -> Argument {
    match value {
        Value::Null => "none".into(),
        Value::Bool(it) => it.to_string().into(),
        Value::String(text) => text.into(),
        Value::Number(number) => match number.as_u64() {
            Some(number) => number.into(),
            None => number.to_string().into(),
        },
        Value::Object(fields) => of_fields(kind, fields).into(),
        Value::Array(all) => {
            let said = all.into_iter().map(|one| match argument(kind, one) {
                Argument::Phrase(phrase) => phrase,
                Argument::Text(text) => Phrase::Verbatim(text),
                Argument::Count(number) => Phrase::Verbatim(super::group(&number)),
            });
            Phrase::list(said).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    #[derive(Serialize)]
    struct Message {
        lane: &'static str,
        text: &'static str,
    }

    #[derive(Serialize)]
    #[serde(tag = "fact", rename_all = "kebab-case")]
    enum Reason {
        PutThere { who: &'static str, what: Message, step: usize, by: Option<String> },
        Several { all: Vec<Reason> },
    }

    #[test]
    fn fields_are_arguments() {
        let text = r#"
why-put-there = { $who } put { $what-lane }'s "{ $what-text }" in step { $step }, { $by ->
    [none] alone
   *[other] with { $by }
}
why-several = all: { $all }
list-comma = { $first }, { $last }
"#;
        let words = Words::read("en", &[text]);
        let put = |step| Reason::PutThere {
            who: "alice",
            what: Message { lane: "bob", text: "hi" },
            step,
            by: None,
        };
        let all = Reason::Several { all: vec![put(1), put(2)] };
        assert_eq!(
            words.say(&Phrase::of("why", &all)),
            "all: alice put bob's \"hi\" in step 1, alone, alice put bob's \"hi\" in step 2, alone"
        );
    }
}
