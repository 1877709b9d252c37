//! What is in shared places, and what lines do to them, in the last column of a diagram.

use crate::phrase;
use crate::screen::width;
use crate::story::did::{Did, Held};
use crate::story::order::Line;
use crate::words::{Phrase, Words};

/// Rows that one value may take.
const VALUE_ROWS_MAX: usize = 4;

/// How shared places are worded.
pub(super) struct Places {
    /// The language.
    pub(super) words: &'static Words,
    /// The columns that there are for them.
    pub(super) columns: usize,
    /// Whether there is just one, which then needs no name.
    pub(super) single: bool,
    /// Whether a value has one row, beside a line that names its place.
    pub(super) one_row: bool,
}

impl Places {
    /// What a line did to shared places, in rows of the last column.
    pub(super) fn rows(&self, line: &Line) -> Vec<String> {
        line.did.iter().flat_map(|did| self.did(did)).collect()
    }

    fn did(&self, did: &Did) -> Vec<String> {
        let say = |phrase: Phrase| vec![self.words.say(&phrase)];
        match did {
            Did::Read { place, value } => self.value("➜", place, value),
            Did::Wrote { place, value, .. } => self.value("=", place, value),
            Did::SwapFailed { place } => say(phrase!("did-swap-failed", place = place)),
            Did::Acquired { lock } => say(phrase!("did-acquired", lock = lock)),
            // The bar beside the lane shows it, too.
            Did::Released { .. } if self.one_row => Vec::new(),
            Did::Released { lock } => say(phrase!("did-released", lock = lock)),
            Did::Sent { mailbox, request } => self.passed("←", mailbox, request),
            Did::Received { mailbox, request } => self.passed("→", mailbox, request),
            Did::HandedBack { to } => say(phrase!("answer-to", to = to)),
            Did::Piped { pipe, answer_to } => self.passed("←", pipe, &self.answer(answer_to)),
            Did::Unpiped { pipe, answer_to } => self.passed("→", pipe, &self.answer(answer_to)),
            Did::Dropped { pipe, answers_to } => {
                let lost = answers_to.iter().map(|to| format!("✗ {}", self.answer(to)));
                say(phrase!("did-dropped", pipe = pipe)).into_iter().chain(lost).collect()
            }
            Did::Cancelled { request } => say(phrase!("did-cancelled", request = request)),
            Did::Froze => say(phrase!("did-froze")),
            Did::Began { .. } | Did::Replied { .. } => Vec::new(),
        }
    }

    fn answer(&self, to: &str) -> String {
        self.words.say(&phrase!("answer-to", to = to))
    }

    /// What goes into a mailbox or a pipe, or comes out of it.
    fn passed(&self, sign: &str, name: &str, what: &str) -> Vec<String> {
        let name = (!self.one_row).then(|| name.to_owned());
        name.into_iter().chain([format!("{sign} {what}")]).collect()
    }

    fn value(&self, sign: &str, name: &str, value: &Held) -> Vec<String> {
        let mut words = self.words(value);
        if self.one_row {
            return vec![self.newest(sign, &mut words)];
        }
        let mut rows = Vec::new();
        if !self.single {
            rows.push(name.to_owned());
        }
        let room = self.columns.saturating_sub(2);
        let mut lines: Vec<String> = Vec::new();
        for word in words {
            match lines.last_mut() {
                Some(line) if width(line) + 1 + width(&word) <= room => {
                    line.push(' ');
                    line.push_str(&word);
                }
                _ => lines.push(word),
            }
        }
        let skipped = lines.len().saturating_sub(VALUE_ROWS_MAX);
        for (index, line) in lines.into_iter().skip(skipped).enumerate() {
            let before = match (index, skipped) {
                (0, 0) => sign,
                (0, _) => "…",
                _ => " ",
            };
            rows.push(format!("{before} {line}"));
        }
        rows
    }

    /// The newest of some words, as many as fit behind a sign.
    fn newest(&self, sign: &str, words: &mut Vec<String>) -> String {
        let all = words.len();
        let row = |words: &[String]| {
            let cut = if words.len() < all { "… " } else { "" };
            format!("{sign} {cut}{}", words.join(" "))
        };
        while words.len() > 1 && width(&row(words)) > self.columns {
            words.remove(0);
        }
        row(words)
    }

    /// A value in words, newest last.
    pub(super) fn words(&self, held: &Held) -> Vec<String> {
        match held {
            Held::Messages { messages } if messages.is_empty() => {
                vec![self.words.say(&phrase!("held-empty"))]
            }
            Held::Messages { messages } => paired(messages),
            Held::Answer { to: None } => vec![self.words.say(&phrase!("held-nothing"))],
            Held::Answer { to: Some(to) } => vec![self.answer(to)],
            Held::Small { value } => vec![value.clone()],
        }
    }
}

/// Messages by their labels; a question with its answer right behind it is one label.
fn paired(messages: &[String]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for message in messages {
        let question = message.strip_suffix(":a");
        match labels.last_mut() {
            Some(last) if question == Some(last) => last.push_str("+a"),
            _ => labels.push(message.clone()),
        }
    }
    labels
}
