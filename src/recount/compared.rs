//! A part of a report, compared field by field with what it must be.

use crate::report::verify_run::{Checked, Difference};
use crate::screen::cut;
use num_bigint::BigUint;
use num_traits::Zero;
use serde_json::{Map, Value};

/// Columns of a value that are shown.
const SHOWN_COLUMNS: usize = 200;
/// Digits of a number, at most.
const DIGITS_MAX: usize = 100_000;

/// A part of a report, and where it is noted what is wrong with it.
pub(super) struct ReportPart<'c, 'r> {
    checked: &'c mut Checked,
    /// Its name, before that of a field.
    name: String,
    value: &'r Value,
}

impl<'c, 'r> ReportPart<'c, 'r> {
    /// The whole of a result.
    pub(super) fn whole(checked: &'c mut Checked, result: &'r Value) -> ReportPart<'c, 'r> {
        ReportPart { checked, name: String::new(), value: result }
    }

    /// What a result says of an anomaly.
    pub(super) fn anomaly(&mut self, id: &str) -> ReportPart<'_, 'r> {
        let value = &self.value["anomalies"][id];
        ReportPart { checked: self.checked, name: format!("anomalies.{id}."), value }
    }

    /// A field, by a JSON pointer; null if it is not there.
    pub(super) fn field(&self, pointer: &str) -> &'r Value {
        self.value.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// A field must be what was counted.
    pub(super) fn equal(&mut self, pointer: &str, counted: &Value) {
        self.checked.numbers += 1;
        let field = self.called(pointer);
        differences(field, self.field(pointer), counted, &mut self.checked.differences);
    }

    /// A field must be as these words say.
    pub(super) fn holds(&mut self, pointer: &str, holds: bool, must: impl Into<String>) {
        self.checked.numbers += 1;
        if !holds {
            let (field, reported) = (self.called(pointer), shown(self.field(pointer)));
            self.checked.differences.push(Difference { field, reported, must: must.into() });
        }
    }

    /// A field is a number of orders and no more than was counted.
    pub(super) fn at_most(&mut self, pointer: &str, counted: &Value) {
        let holds = match (digits(self.field(pointer)), digits(counted)) {
            (Some(reported), Some(counted)) => reported <= counted,
            _ => false,
        };
        self.holds(pointer, holds, format!("counted only {}", shown(counted)));
    }

    fn called(&self, pointer: &str) -> String {
        format!("{}{}", self.name, pointer.trim_start_matches('/').replace('/', "."))
    }
}

/// A whole number in decimal digits.
pub(super) fn digits(value: &Value) -> Option<BigUint> {
    number(value.as_str()?)
}

/// A fraction as text, its parts above and below the line.
pub(super) fn fraction(value: &Value) -> Option<(BigUint, BigUint)> {
    let text = value.as_str()?;
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    Some((number(above)?, number(below)?)).filter(|(_, below)| !below.is_zero())
}

fn number(text: &str) -> Option<BigUint> {
    let plain = text.len() <= DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

fn shown(value: &Value) -> String {
    // A report may hold anything, and nobody reads more of it.
    let text = value.to_string();
    let beginning = text.char_indices().nth(SHOWN_COLUMNS).map_or(text.len(), |(at, _)| at);
    match beginning < text.len() {
        true => cut(&format!("{}…", &text[..beginning]), SHOWN_COLUMNS),
        false => text,
    }
}

/// What differs between two values, as deep inside as they have the same form.
fn differences(field: String, reported: &Value, counted: &Value, all: &mut Vec<Difference>) {
    match (reported, counted) {
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                differences(format!("{field}.{index}"), one, other, all);
            }
        }
        (Value::Object(one), Value::Object(other)) if same_fields(one, other) => {
            for (key, one) in one {
                differences(format!("{field}.{key}"), one, &other[key], all);
            }
        }
        // Programs that rewrite a report may write 0.0 as 0.
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        _ if reported == counted => {}
        _ => all.push(Difference {
            field,
            reported: shown(reported),
            must: format!("counted {}", shown(counted)),
        }),
    }
}

/// Fields of a step that reports did not have at first.
const NEW_FIELDS: [&str; 2] = ["did", "preempts"];

/// Whether two objects have the same fields, but for those that an older report lacks.
fn same_fields(reported: &Map<String, Value>, counted: &Map<String, Value>) -> bool {
    let missing = counted.keys().filter(|key| !reported.contains_key(*key));
    reported.keys().all(|key| counted.contains_key(key))
        && missing.into_iter().all(|key| NEW_FIELDS.contains(&key.as_str()))
}
