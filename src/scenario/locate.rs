//! Where in a JSON text something stands.

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use std::collections::BTreeMap;
use std::ops::Range;

/// One step into a JSON value.
#[derive(Clone)]
pub(super) enum Step {
    /// Into an object.
    Key(String),
    /// Into an array.
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Step {
        Step::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Step {
        Step::Index(index)
    }
}

/// The bytes of the value that a path leads to; of the last value on the way that is there.
pub(super) fn value(text: &str, path: &[Step]) -> Range<usize> {
    find(text, path, false)
}

/// The bytes of the key that a path ends with; of the last value on the way that is there.
pub(super) fn key(text: &str, path: &[Step]) -> Range<usize> {
    find(text, path, true)
}

fn find(text: &str, path: &[Step], key: bool) -> Range<usize> {
    let parsed = jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default());
    let Some(root) = parsed.ok().and_then(|parsed| parsed.value) else { return 0..0 };
    let mut at = root.range();
    let mut here = &root;
    for (index, step) in path.iter().enumerate() {
        let next = match (step, here) {
            (Step::Key(name), Value::Object(object)) => {
                let Some(property) = object.get(name) else { break };
                if key && index + 1 == path.len() {
                    let (ObjectPropName::String(_) | ObjectPropName::Word(_)) = property.name;
                    let range = property.name.range();
                    return range.start..range.end;
                }
                &property.value
            }
            (Step::Index(index), Value::Array(array)) => {
                let Some(element) = array.elements.get(*index) else { break };
                element
            }
            _ => break,
        };
        at = next.range();
        here = next;
    }
    at.start..at.end
}

/// The line, from 1, of each key of an object that stands in the text's object under this name.
pub(super) fn lines_of_keys(text: &str, object: &str) -> BTreeMap<String, usize> {
    let parsed = jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default());
    let root = parsed.ok().and_then(|parsed| parsed.value);
    let Some(Value::Object(root)) = root else { return BTreeMap::new() };
    let Some(object) = root.get_object(object) else { return BTreeMap::new() };
    let (mut line, mut read) = (1, 0);
    let mut lines = BTreeMap::new();
    for property in &object.properties {
        let start = property.range().start;
        line += text[read..start].bytes().filter(|&byte| byte == b'\n').count();
        read = start;
        lines.insert(property.name.as_str().to_owned(), line);
    }
    lines
}

/// The byte at a line and column, both from 1, as `serde_json` counts them.
pub(super) fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start = match line {
        0 | 1 => 0,
        _ => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(newline, _)| newline + 1),
    };
    (start + column.saturating_sub(1)).min(text.len())
}

/// The JSON token that ends at or just before a byte.
pub(super) fn token_before(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut end = (at + 1).min(bytes.len());
    while end > 0 && (bytes[end - 1].is_ascii_whitespace() || b":,".contains(&bytes[end - 1])) {
        end -= 1;
    }
    let mut start = end.saturating_sub(1);
    if end > 0 && bytes[start] == b'"' {
        while start > 0 && (bytes[start - 1] != b'"' || start >= 2 && bytes[start - 2] == b'\\') {
            start -= 1;
        }
        start = start.saturating_sub(1);
    } else {
        let part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        while start > 0 && part(bytes[start]) && part(bytes[start - 1]) {
            start -= 1;
        }
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{ \"a\": [ {\"b\": 12}, \"x\" ],\n  \"c\": true }";

    #[test]
    fn finds_values_and_keys() {
        assert_eq!(&TEXT[value(TEXT, &["a".into(), 0.into(), "b".into()])], "12");
        assert_eq!(&TEXT[value(TEXT, &["a".into(), 1.into()])], "\"x\"");
        assert_eq!(&TEXT[key(TEXT, &["c".into()])], "\"c\"");
        assert_eq!(&TEXT[value(TEXT, &["a".into(), 0.into(), "none".into()])], "{\"b\": 12}");
    }

    #[test]
    fn finds_the_line_of_each_key() {
        let text = "{ \"a\": { \"b\": 1,\n\n  \"c\": {},\n \"d\": 2 } }";
        let lines = lines_of_keys(text, "a");
        assert_eq!(
            lines.into_iter().collect::<Vec<_>>(),
            [("b", 1), ("c", 3), ("d", 4)].map(|(key, line)| (key.to_owned(), line))
        );
        assert!(lines_of_keys(text, "b").is_empty());
    }

    #[test]
    fn finds_lines_columns_and_tokens() {
        let at = byte_of(TEXT, 2, 5);
        assert_eq!(&TEXT[token_before(TEXT, at)], "\"c\"");
        assert_eq!(byte_of(TEXT, 99, 99), TEXT.len());
        assert_eq!(&TEXT[token_before(TEXT, TEXT.find("12").unwrap() + 1)], "12");
    }
}
