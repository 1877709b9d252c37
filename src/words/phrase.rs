//! What is to be said, before any word: a key of the catalogue, and what belongs into it.

use num_bigint::BigUint;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Display, Formatter};

/// Something that can be said in any language that has a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// The words of somebody else, said as they are: a user's, a file's, the system's.
    Verbatim(String),
    /// A sentence, or a part of one, of the catalogue.
    Of {
        /// Its key.
        key: String,
        /// What belongs into it, by name.
        arguments: Vec<(String, Argument)>,
    },
}

/// What belongs into a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A name, or somebody's words.
    Text(String),
    /// A number of things. The catalogue chooses between one and many, and groups the digits.
    Count(BigUint),
    /// Another phrase.
    Phrase(Phrase),
}

impl Phrase {
    /// A phrase without arguments; [`phrase!`](crate::phrase) makes one with some.
    pub fn new(key: impl Into<String>) -> Phrase {
        Phrase::Of { key: key.into(), arguments: Vec::new() }
    }

    /// The same phrase with one argument more.
    pub fn with(mut self, name: impl Into<String>, argument: impl Into<Argument>) -> Phrase {
        if let Phrase::Of { arguments, .. } = &mut self {
            arguments.push((name.into(), argument.into()));
        }
        self
    }

    /// Nothing at all.
    pub fn nothing() -> Phrase {
        Phrase::Verbatim(String::new())
    }

    /// Several phrases as one. `key` says how the `first` of them and the `last` one are put
    /// together, as often as it takes: `{ $first }, { $last }`.
    pub fn joined(key: &str, phrases: impl IntoIterator<Item = Phrase>) -> Phrase {
        let join = |first, last| Phrase::new(key).with("first", first).with("last", last);
        phrases.into_iter().reduce(join).unwrap_or_else(Phrase::nothing)
    }

    /// Several phrases, with commas between them.
    pub fn list(phrases: impl IntoIterator<Item = impl Into<Phrase>>) -> Phrase {
        Phrase::joined("list-comma", phrases.into_iter().map(Into::into))
    }

    /// Several sentences, one behind the other.
    pub fn sentences(phrases: impl IntoIterator<Item = impl Into<Phrase>>) -> Phrase {
        Phrase::joined("sentences", phrases.into_iter().map(Into::into))
    }

    /// What it is in English. Documents for programs say it like this in every language.
    pub fn english(&self) -> String {
        super::Words::english().say(self)
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        matches!(self, Phrase::Verbatim(text) if text.is_empty())
    }
}

/// A phrase of the catalogue: its key, and its arguments by name.
///
/// ```
/// use interleak::phrase;
/// use interleak::words::Words;
///
/// let two = phrase!("list-comma", first = "alice", last = "bob");
/// assert_eq!(Words::english().say(&two), "alice, bob");
/// ```
#[macro_export]
macro_rules! phrase {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::Phrase::new($key)$(.with(stringify!($name), $value))*
    };
}

/// For whoever shows an error of ours in his own sentence, such as a parser of arguments.
impl Display for Phrase {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.english())
    }
}

impl Error for Phrase {}

/// A document for programs holds the English sentence, whatever language a page is in.
impl Serialize for Phrase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.english())
    }
}

impl JsonSchema for Phrase {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

impl From<String> for Phrase {
    fn from(text: String) -> Phrase {
        Phrase::Verbatim(text)
    }
}

impl From<&str> for Phrase {
    fn from(text: &str) -> Phrase {
        Phrase::Verbatim(text.to_owned())
    }
}

impl From<&Phrase> for Phrase {
    fn from(phrase: &Phrase) -> Phrase {
        phrase.clone()
    }
}

impl From<Phrase> for Argument {
    fn from(phrase: Phrase) -> Argument {
        Argument::Phrase(phrase)
    }
}

impl From<&Phrase> for Argument {
    fn from(phrase: &Phrase) -> Argument {
        Argument::Phrase(phrase.clone())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Argument {
        Argument::Text(text)
    }
}

impl From<&String> for Argument {
    fn from(text: &String) -> Argument {
        Argument::Text(text.clone())
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Argument {
        Argument::Text(text.to_owned())
    }
}

macro_rules! counts {
    ($($number:ty)*) => {
        $(impl From<$number> for Argument {
            fn from(number: $number) -> Argument {
                Argument::Count(number.into())
            }
        })*
    };
}

counts!(u8 u16 u32 u64 u128 usize BigUint);

impl From<&BigUint> for Argument {
    fn from(number: &BigUint) -> Argument {
        Argument::Count(number.clone())
    }
}
