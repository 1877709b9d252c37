//! One line of a log: the format, read and written in this one place. `docs/LOGS.md` describes it.
//!
//! ```text
//! {"time":1.5,"session":"alice","request":"r1","event":"request"}
//! {"time":1.6,"session":"alice","request":"r1","event":"read","cell":"HISTORY","messages":[]}
//! {"time":2.4,"session":"alice","request":"r1","event":"append","cell":"HISTORY","messages":["r1","r1:a"]}
//! {"time":2.5,"session":"alice","request":"r1","event":"reply","basis":["r1"]}
//! ```

use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

/// What stands behind the id of a request in the id of its answer, unless the log names one.
const ANSWER: &str = ":a";

/// One line. Whatever else stands in it is ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line<'a> {
    /// When it happened. Only the order of lines counts; times tell whether a clock went back.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time<'a>>,
    /// The conversation.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub session: Option<Name<'a>>,
    /// Whose conversation it is; the session's own name if it is not said.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub user: Option<Name<'a>>,
    /// The request, by an id.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub request: Option<Name<'a>>,
    /// What happened: a word of [`Event`], or of somebody else.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub event: Option<Name<'a>>,
    /// The shared place that was read or written.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub cell: Option<Name<'a>>,
    /// Whether that place is shared on purpose, so that what stands in it is for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<Shared>,
    /// The messages that were read, that the cell holds after a write, or that were appended.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Name<'a>>>,
    /// The question of a request, or the answer of a reply.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub message: Option<Name<'a>>,
    /// The messages that a reply was computed from.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Vec<Name<'a>>>,
    // What follows is for people: interleak writes it and never reads it, so that an app may mean
    // something else by these words.
    /// The lane of the diagram.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub lane: Option<Name<'a>>,
    /// The step of the order, from 1.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// The line of the listing, from 1.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What was said.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub text: Option<Name<'a>>,
}

/// The events of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A request came in.
    Request,
    /// It read a cell.
    Read,
    /// It replaced what a cell holds.
    Write,
    /// It added to what a cell holds, in place.
    Append,
    /// It was answered.
    Reply,
}

impl Event {
    /// All of them, in the order of a request's life.
    pub const ALL: [Event; 5] =
        [Event::Request, Event::Read, Event::Write, Event::Append, Event::Reply];

    /// The word in the log.
    pub fn word(self) -> &'static str {
        match self {
            Event::Request => "request",
            Event::Read => "read",
            Event::Write => "write",
            Event::Append => "append",
            Event::Reply => "reply",
        }
    }

    /// The event that a word means; `None`: the line is somebody else's.
    pub fn of(word: &str) -> Option<Event> {
        Event::ALL.into_iter().find(|event| event.word() == word)
    }

    /// Whether it touches a cell.
    pub fn has_cell(self) -> bool {
        matches!(self, Event::Read | Event::Write | Event::Append)
    }
}

impl<'a> Line<'a> {
    /// A line with what every line has.
    pub fn new(event: Event, session: impl Into<Name<'a>>, request: impl Into<Name<'a>>) -> Self {
        Line {
            event: Some(event.word().into()),
            session: Some(session.into()),
            request: Some(request.into()),
            ..Line::default()
        }
    }

    /// Reads a line. The line end may stand behind it.
    pub fn parse(text: &'a str) -> serde_json::Result<Line<'a>> {
        serde_json::from_str(text)
    }

    /// Writes it, with the line end.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }
}

/// The id of the answer of a request, unless the log names one.
pub fn answer_of(request: &str) -> String {
    format!("{request}{ANSWER}")
}

/// A name or an id: text, or an integer, which is taken as its digits. So 7 is "7".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Name<'a>(pub Cow<'a, str>);

impl Name<'_> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'a> From<&'a str> for Name<'a> {
    fn from(text: &'a str) -> Self {
        Name(Cow::Borrowed(text))
    }
}

impl From<String> for Name<'_> {
    fn from(text: String) -> Self {
        Name(Cow::Owned(text))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameVisitor)
    }
}

/// What it expects nobody is told: a line whose fields are of another kind is skipped.
struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
        Ok(text.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
        Ok(text.to_owned().into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Name<'de>, E> {
        Ok(number.to_string().into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Name<'de>, E> {
        Ok(number.to_string().into())
    }

    // A number beyond 64 bits comes as a float, and two of those may look the same.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Name<'de>, E> {
        Err(E::invalid_type(de::Unexpected::Float(number), &self))
    }
}

/// What an app says by `"shared"`: only `true` means something here. An app may mean something else
/// by this word, which is no reason to skip its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared(pub bool);

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(self.0)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor).map(|value| Shared(value == Time::True))
    }
}

/// A time as it stands in the log.
#[derive(Clone, Debug, PartialEq)]
pub enum Time<'a> {
    /// Seconds since whenever.
    Seconds(f64),
    /// Text: RFC 3339, one hopes.
    Text(Cow<'a, str>),
    /// The word `true`, which is no time; [`Shared`] looks for it.
    True,
    /// Something else, which is no reason to skip the line.
    Other,
}

impl Serialize for Time<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Time::Seconds(seconds) => serializer.serialize_f64(*seconds),
            Time::Text(text) => serializer.serialize_str(text),
            Time::True => serializer.serialize_bool(true),
            Time::Other => serializer.serialize_none(),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Time<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor)
    }
}

/// Takes whatever an app may have written, however deep.
struct TimeVisitor;

impl<'de> Visitor<'de> for TimeVisitor {
    type Value = Time<'de>;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("time")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Time<'de>, E> {
        Ok(Time::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Time<'de>, E> {
        Ok(Time::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, seconds: u64) -> Result<Time<'de>, E> {
        Ok(Time::Seconds(seconds as f64))
    }

    fn visit_i64<E>(self, seconds: i64) -> Result<Time<'de>, E> {
        Ok(Time::Seconds(seconds as f64))
    }

    fn visit_f64<E>(self, seconds: f64) -> Result<Time<'de>, E> {
        Ok(Time::Seconds(seconds))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Time<'de>, E> {
        Ok(if value { Time::True } else { Time::Other })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Time<'de>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Time::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Time<'de>, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Time::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_line_is_read_back() {
        let line = Line {
            time: Some(Time::Seconds(3.0)),
            user: Some("小明".into()),
            cell: Some("HISTORY".into()),
            messages: Some(vec!["alice#1".into(), "\"\u{1b}\n".into()]),
            ..Line::new(Event::Read, "alice", "r1")
        };
        let mut bytes = Vec::new();
        line.write(&mut bytes).unwrap();
        assert_eq!(bytes.iter().filter(|&&byte| byte == b'\n').count(), 1, "one line");
        assert_eq!(Line::parse(str::from_utf8(&bytes).unwrap()).unwrap(), line);
    }

    #[test]
    fn a_line_says_no_more_than_it_knows() {
        let mut bytes = Vec::new();
        Line::new(Event::Reply, "alice", "r1").write(&mut bytes).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"session\":\"alice\",\"request\":\"r1\",\"event\":\"reply\"}\n"
        );
    }

    #[test]
    fn integers_are_names_and_other_numbers_are_not() {
        let read = Line::parse;
        let line = read(r#"{"event":"read","session":7,"messages":[-1,"a",18446744073709551615]}"#);
        let line = line.unwrap();
        assert_eq!(line.session, Some("7".into()));
        let messages = line.messages.unwrap();
        assert_eq!(messages[0].as_str(), "-1");
        assert_eq!(messages[2].as_str(), "18446744073709551615");
        for bad in ["1.5", "1e30", "18446744073709551616", "true", "[]", "{}"] {
            let text = format!("{{\"session\":{bad}}}");
            assert!(Line::parse(&text).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_an_app_means_by_other_words_is_ignored() {
        let text = r#"{"event":"reply","lane":[1],"step":"x","line":{},"text":5,"level":"info"}"#;
        let line = Line::parse(text).unwrap();
        assert_eq!(line, Line { event: Some("reply".into()), ..Line::default() });
    }

    #[test]
    fn nothing_that_a_time_can_be_is_an_error() {
        for time in ["1", "1.5", "\"2026-01-02T03:04:05Z\"", "[1,[2]]", "{\"a\":1}", "true"] {
            let text = format!("{{\"time\":{time},\"event\":\"read\"}}");
            assert!(Line::parse(&text).unwrap().time.is_some(), "{time}");
        }
    }

    #[test]
    fn only_the_word_true_says_that_a_place_is_shared_on_purpose() {
        for (said, meant) in [("true", true), ("false", false), ("\"yes\"", false), ("[[]]", false)]
        {
            let text = format!("{{\"shared\":{said},\"event\":\"read\"}}");
            assert_eq!(Line::parse(&text).unwrap().shared, Some(Shared(meant)), "{said}");
        }
    }

    #[test]
    fn every_event_is_known_by_its_word() {
        for event in Event::ALL {
            assert_eq!(Event::of(event.word()), Some(event));
        }
        assert_eq!(Event::of("startup"), None);
    }
}
