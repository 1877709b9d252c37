//! The words: one catalogue for each language, in [Fluent](https://projectfluent.org)'s format.
//!
//! No sentence is put together anywhere else. Whoever has something to say makes a [`Phrase`]; it
//! becomes text where it is drawn.

mod fact;
mod phrase;

pub use fact::TAG;
pub use phrase::{Argument, Phrase};

use crate::platform::LazyLock;
use crate::screen::{cut, escape};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use num_bigint::BigUint;
use num_traits::ToPrimitive;
use std::borrow::Cow;

/// The catalogue in English, one text for each file of `locales/en`.
pub const ENGLISH: [&str; 14] = [
    include_str!("../../locales/en/shared.ftl"),
    include_str!("../../locales/en/anomalies.ftl"),
    include_str!("../../locales/en/run.ftl"),
    include_str!("../../locales/en/lanes.ftl"),
    include_str!("../../locales/en/compare.ftl"),
    include_str!("../../locales/en/sweep.ftl"),
    include_str!("../../locales/en/check.ftl"),
    include_str!("../../locales/en/stress.ftl"),
    include_str!("../../locales/en/verify.ftl"),
    include_str!("../../locales/en/diagnose.ftl"),
    include_str!("../../locales/en/explain.ftl"),
    include_str!("../../locales/en/files.ftl"),
    include_str!("../../locales/en/typed.ftl"),
    include_str!("../../locales/en/help.ftl"),
];

/// Columns of a quoted message.
const QUOTE_COLUMNS: usize = 44;

/// The words of one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
}

/// Read once, when something is first said.
static IN_ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::read("en", &ENGLISH));

impl Words {
    /// English.
    pub fn english() -> &'static Words {
        &IN_ENGLISH
    }

    /// The words of some catalogue files, which `tests/words.rs` has looked through. What cannot be
    /// read is left out, and what is left out is said as its key.
    ///
    /// `language` is a tag such as `en` or `zh-CN`; it decides how one and many are told apart.
    pub fn read(language: &str, files: &[&str]) -> Words {
        let language = language.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Isolation marks turn the reading direction, which a terminal should not do.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(&number.value.to_string())),
            _ => None,
        }));
        // Neither exists yet, so neither can be there twice.
        let _ = bundle.add_builtins();
        let _ = bundle.add_function("CUT", |arguments, _| match arguments {
            [FluentValue::String(text)] => cut(&escape(text), QUOTE_COLUMNS).into(),
            _ => FluentValue::Error,
        });
        for file in files {
            let file = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(part, _)| part);
            bundle.add_resource_overriding(file);
        }
        Words { bundle }
    }

    /// The text of a phrase.
    pub fn say(&self, phrase: &Phrase) -> String {
        let (key, arguments) = match phrase {
            Phrase::Verbatim(text) => return text.clone(),
            Phrase::Of { key, arguments } => (key, arguments),
        };
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        let Some(pattern) = pattern else { return format!("[{key}]") };
        let mut values = FluentArgs::with_capacity(arguments.len());
        for (name, argument) in arguments {
            values.set(name.as_str(), self.value(argument));
        }
        // What is wrong stands in the text, in braces; a test looks for it.
        self.bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }

    fn value<'a>(&self, argument: &'a Argument) -> FluentValue<'a> {
        match argument {
            Argument::Text(text) => FluentValue::from(text.as_str()),
            // What is beyond that is many in every language, and would be rounded.
            Argument::Count(count) => match count.to_u32() {
                Some(count) => FluentValue::from(count),
                None => FluentValue::from(grouped(&count.to_string())),
            },
            Argument::Phrase(phrase) => FluentValue::from(self.say(phrase)),
        }
    }
}

/// Something that can be said: a phrase, or text that was said already.
pub trait Say {
    /// Its text.
    fn said<'a>(&'a self, words: &Words) -> Cow<'a, str>;
}

impl Say for Phrase {
    fn said<'a>(&'a self, words: &Words) -> Cow<'a, str> {
        match self {
            Phrase::Verbatim(text) => text.into(),
            Phrase::Of { .. } => words.say(self).into(),
        }
    }
}

impl Say for str {
    fn said<'a>(&'a self, _: &Words) -> Cow<'a, str> {
        self.into()
    }
}

impl Say for String {
    fn said<'a>(&'a self, _: &Words) -> Cow<'a, str> {
        self.as_str().into()
    }
}

impl<S: Say + ?Sized> Say for &S {
    fn said<'a>(&'a self, words: &Words) -> Cow<'a, str> {
        (**self).said(words)
    }
}

/// `184,756`; anything but digits stays as it is.
fn grouped(digits: &str) -> String {
    match digits.parse::<BigUint>() {
        Ok(number) => group(&number),
        Err(_) => digits.to_owned(),
    }
}

/// A number of any size, its digits in groups of three: `184,756`.
pub fn group(number: &BigUint) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrase;

    fn words(text: &str) -> Words {
        Words::read("en", &[text])
    }

    #[test]
    fn one_and_many_are_told_apart_and_digits_are_grouped() {
        let words = words("orders = { $n ->\n    [one] one order\n   *[other] { $n } orders\n}");
        let say = |number: BigUint| words.say(&phrase!("orders", n = number));
        assert_eq!(say(1_u32.into()), "one order");
        assert_eq!(say(184_756_u32.into()), "184,756 orders");
        assert_eq!(say(BigUint::from(10_u32).pow(20)), "100,000,000,000,000,000,000 orders");
    }

    #[test]
    fn ordinals_and_quotes_are_the_catalogues() {
        let text = "reply = { $who }'s { NUMBER($n, type: \"ordinal\") ->\n    [one] { $n }st\n    \
                    [two] { $n }nd\n    [few] { $n }rd\n   *[other] { $n }th\n } \"{ CUT($text) }\"";
        let words = words(text);
        let long = "x".repeat(100);
        let say = |n: usize| words.say(&phrase!("reply", who = "bob", n = n, text = &long));
        let cut = "x".repeat(43);
        for (n, told) in
            [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd")]
        {
            assert_eq!(say(n), format!("bob's {told} \"{cut}…\""));
        }
    }

    #[test]
    fn a_phrase_may_be_an_argument_and_many_are_joined() {
        let words = words("list-comma = { $first }, { $last }\nname = the { $of }");
        let names = ["a", "b", "c"].map(|of| phrase!("name", of = of));
        assert_eq!(words.say(&Phrase::list(names)), "the a, the b, the c");
        assert_eq!(words.say(&Phrase::list(Vec::<Phrase>::new())), "");
    }

    #[test]
    fn what_is_missing_is_said_as_its_key() {
        assert_eq!(words("").say(&phrase!("nowhere", n = 1_u8)), "[nowhere]");
    }
}
