//! What is wrong with a text that is no scenario file, from what serde says about it.
//!
//! serde's messages are English sentences of a few shapes. They are taken apart here, so that they can
//! be told in any language; whatever has another shape is said as it is.

use super::file::FORMAT;
use super::locate::{byte_of, token_before};
use crate::phrase;
use crate::problem::Problem;
use crate::words::Phrase;

/// What a visitor of ours tells serde that it expects: the key of a phrase.
pub(super) const OBJECT: &str = "scenario-expected-object";
/// The same of what is expected of a strategy.
pub(super) const EXPECTATION: &str = "scenario-expected-expectation";
/// What our visitor says of a key that is given twice, before the key.
const TWICE: &str = "scenario-twice `";

/// The message for a key that is given twice.
pub(super) fn twice(key: &str) -> String {
    format!("{TWICE}{key}`")
}

/// Bad input, from what serde says of a text at a path in it.
pub(super) fn problem(
    (file, text): (&str, &str),
    path: &str,
    error: &serde_json::Error,
) -> Problem {
    let at = byte_of(text, error.line(), error.column());
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&place).unwrap_or(&message);
    if !error.is_data() {
        let what = phrase!("scenario-not-json", file = file, message = message);
        return Problem::new(what).at(file, text, at..at + 1).label(phrase!("scenario-here"));
    }
    let at = token_before(text, at);
    let told = |what: Phrase| Problem::new(what).at(file, text, at.clone());
    let unknown = |rest: &str, what: &dyn Fn(&str) -> Phrase| {
        let (word, known) = rest.rsplit_once("`, expected ").unwrap_or((rest, ""));
        // The other words are the known ones, which are told as advice.
        let known = known.split('`').skip(1).step_by(2);
        told(what(word)).label(phrase!("scenario-not-known")).known(word, known)
    };
    if let Some(rest) = message.strip_prefix("unknown field `") {
        return unknown(rest, &|word| phrase!("scenario-unknown-field", field = word));
    }
    if let Some(rest) = message.strip_prefix("unknown variant `") {
        return unknown(rest, &|word| phrase!("scenario-unknown-word", path = path, word = word));
    }
    let what = match path {
        "." => wrong(message),
        path => phrase!("scenario-at", path = path, what = wrong(message)),
    };
    match message {
        "missing field `format`" => {
            let help = phrase!("scenario-format-help", format = FORMAT);
            told(what).label(phrase!("scenario-not-in-here")).help(help)
        }
        _ => told(what).label(phrase!("scenario-here")),
    }
}

fn wrong(message: &str) -> Phrase {
    let of_field = |start: &str| message.strip_prefix(start).and_then(|it| it.strip_suffix('`'));
    if let Some(field) = of_field("missing field `") {
        return phrase!("scenario-missing", field = field);
    }
    if let Some(field) = of_field("duplicate field `") {
        return phrase!("scenario-duplicate", field = field);
    }
    if let Some(field) = of_field(TWICE) {
        return phrase!("scenario-twice", field = field);
    }
    let found =
        ["invalid type: ", "invalid value: "].iter().find_map(|start| message.strip_prefix(start));
    match found.and_then(|it| it.rsplit_once(", expected ")) {
        Some((found, expected)) => {
            phrase!("scenario-found", found = found_one(found), expected = expected_one(expected))
        }
        None => message.into(),
    }
}

/// What serde calls that which it found: a kind, and the value of some.
fn found_one(words: &str) -> Phrase {
    match (words, words.split_once(' ')) {
        ("sequence", _) => phrase!("scenario-found-array"),
        ("map", _) => phrase!("scenario-found-object"),
        ("null", _) => phrase!("scenario-found-null"),
        (_, Some(("string", value))) => phrase!("scenario-found-string", value = value),
        (_, Some(("boolean", value))) => phrase!("scenario-found-boolean", value = value),
        (_, Some(("integer", value))) => phrase!("scenario-found-integer", value = value),
        _ => match words.strip_prefix("floating point ") {
            Some(value) => phrase!("scenario-found-number", value = value),
            None => words.into(),
        },
    }
}

/// What serde calls that which it expected; our own visitors call it by its key.
fn expected_one(words: &str) -> Phrase {
    match words {
        "a sequence" => phrase!("scenario-expected-array"),
        "a string" => phrase!("scenario-expected-string"),
        "u64" => phrase!("scenario-expected-whole-number"),
        OBJECT | EXPECTATION => Phrase::new(words),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::{Scenario, Vocabulary};

    /// What is said of a scenario, in English.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let known = Vocabulary { strategies: &["global"], anomalies: &["amnesia"] };
        let problem = Scenario::parse("mine.json", text, known).unwrap_err();
        assert_eq!(problem.what().english(), expected, "{text}");
    }

    #[test]
    fn what_serde_says_is_told_in_our_words() {
        let of = |rest: &str| format!("{{\"format\":1,\"title\":\"t\",\"lanes\":[]{rest}}}");
        check(&of(",\"faults\":{}"), "faults: found an object, expected an array");
        check(&of(",\"faults\":[null]"), "faults[0]: found null, expected an object");
        check(&of(",\"story\":1.5"), "story: found floating point `1.5`, expected a string");
        check(
            &of(",\"server\":{\"limit\":\"x\"}"),
            "server.limit: found string \"x\", expected a whole number",
        );
        check(&of(",\"colour\":1"), "unknown field colour");
        check(
            &of(",\"expect\":{\"global\":{\"amnesia\":\"often\"}}"),
            "expect.global.amnesia: unknown word often",
        );
        check(
            &of(",\"expect\":{\"global\":[]}"),
            "expect.global: found an array, expected \"clean\" or an object such as {\"context-leak\": \"sometimes\"}",
        );
        check(
            &of(",\"expect\":{\"global\":\"clean\",\"global\":\"clean\"}"),
            "expect: `global` is given twice",
        );
        check(&of(",\"title\":\"u\""), "duplicate field `title`");
        check("{\"format\":1}", "missing field `title`");
    }

    /// A file may hold what looks like serde's own words.
    #[test]
    fn words_of_a_file_are_not_taken_for_serdes() {
        let of = |rest: &str| format!("{{\"format\":1,\"title\":\"t\",\"lanes\":[]{rest}}}");
        check(
            &of(",\"expect\":{\"global\":\"x at line 1 column 2\"}"),
            "expect.global: found string \"x at line 1 column 2\", expected \"clean\" or an object such as {\"context-leak\": \"sometimes\"}",
        );
        check(
            &of(",\"faults\":\"map, expected u64\""),
            "faults: found string \"map, expected u64\", expected an array",
        );
        check(&of(",\"a`, expected `title`\":1"), "unknown field a`, expected `title`");
        check(
            &of(",\"remarks\":{\"a at line 1 column 2\":\"\",\"a at line 1 column 2\":\"\"}"),
            "remarks: `a at line 1 column 2` is given twice",
        );
    }
}
