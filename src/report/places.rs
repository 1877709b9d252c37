//! What is in shared places, and what lines do to them, in the words of a diagram.

use crate::model::TurnId;
use crate::model::op::Part;
use crate::model::program::Program;
use crate::replay::record::{Event, LineRun, Message, Value};
use crate::screen::width;

/// Rows that one value may take.
const VALUE_ROWS_MAX: usize = 4;

/// How shared places are worded.
pub(super) struct Places<'a> {
    /// The program that they are in.
    pub(super) program: &'a Program,
    /// The columns that there are for them.
    pub(super) columns: usize,
    /// Whether there is just one, which then needs no name.
    pub(super) single: bool,
    /// Whether a value has one row, beside a line that names its place.
    pub(super) one_row: bool,
}

impl Places<'_> {
    /// What a line did to shared places, in rows of the last column.
    pub(super) fn rows(&self, line: &LineRun) -> Vec<String> {
        let mut rows = Vec::new();
        for event in &line.events {
            match event {
                Event::Read { name, value, .. } => self.value("➜", name, value, &mut rows),
                Event::Wrote { name, value, .. } => self.value("=", name, value, &mut rows),
                Event::SwapFailed { name } => rows.push(format!("{name} has changed")),
                Event::Acquired { name } => rows.push(format!("takes {name}")),
                // The bar beside the lane shows it, too.
                Event::Released { .. } if self.one_row => {}
                Event::Released { name } => rows.push(format!("frees {name}")),
                Event::Sent { name, turn } => self.passed("←", name, self.label(*turn), &mut rows),
                Event::Received { name, turn } => {
                    self.passed("→", name, self.label(*turn), &mut rows);
                }
                Event::HandedBack { to } => {
                    rows.push(format!("answer to {}", self.program.lanes[*to].name))
                }
                Event::Piped { name, turn } => {
                    self.passed("←", name, format!("answer to {}", self.label(*turn)), &mut rows);
                }
                Event::Unpiped { name, turn } => {
                    self.passed("→", name, format!("answer to {}", self.label(*turn)), &mut rows);
                }
                Event::Dropped { name, turns } => {
                    rows.push(format!("{name} is dropped"));
                    let lost =
                        turns.iter().map(|&turn| format!("✗ answer to {}", self.label(turn)));
                    rows.extend(lost);
                }
                Event::Cancelled(turn) => rows.push(format!("{} is cancelled", self.label(*turn))),
                Event::Froze => rows.push("stops the event loop".into()),
                Event::Began(_) | Event::Replied { .. } => {}
            }
        }
        rows
    }

    /// What goes into a mailbox or a pipe, or comes out of it.
    fn passed(&self, sign: &str, name: &str, what: String, rows: &mut Vec<String>) {
        if !self.one_row {
            rows.push(name.to_owned());
        }
        rows.push(format!("{sign} {what}"));
    }

    fn value(&self, sign: &str, name: &str, value: &Value, rows: &mut Vec<String>) {
        let mut words = self.words(value);
        if self.one_row {
            rows.push(self.newest(sign, &mut words));
            return;
        }
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
    pub(super) fn words(&self, value: &Value) -> Vec<String> {
        match value {
            Value::Messages(messages) if messages.is_empty() => vec!["(empty)".into()],
            Value::Messages(messages) => self.labels(messages),
            Value::Answer(None) => vec!["(nothing)".into()],
            Value::Answer(Some(said)) => vec![format!("answer to {}", self.label(said.turn))],
            Value::Small(id) => vec![self.program.id_name(*id)],
        }
    }

    /// Messages by their labels; a question with its answer right behind it is one label.
    fn labels(&self, messages: &[Message]) -> Vec<String> {
        let mut labels: Vec<String> = Vec::new();
        for (index, message) in messages.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| &messages[before]);
            let paired = before
                .is_some_and(|before| before.turn == message.turn && before.part == Part::Question);
            match (message.part, labels.last_mut()) {
                (Part::Answer, Some(question)) if paired => question.push_str("+a"),
                (Part::Answer, _) => labels.push(format!("{}:a", self.label(message.turn))),
                (Part::Question, _) => labels.push(self.label(message.turn)),
            }
        }
        labels
    }

    pub(super) fn label(&self, turn: TurnId) -> String {
        let number = self.program.cast.turns[turn].number;
        format!("{}#{number}", self.program.cast.lane_name_of(turn))
    }
}
