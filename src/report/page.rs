//! A page of text for a terminal of 80 columns.
//!
//! Everything that is printed goes through here, and everything that comes in is escaped before
//! colour is added. So nothing that a file says can drive the terminal.

use crate::screen::{COLUMNS, escape, width};
use colored::Colorize;

/// Columns of the label before a paragraph.
pub const LABEL: usize = 8;

/// How a schedule begins in a command.
const SCHEDULE: &str = " --schedule \"";

/// What a piece of text is, and so how it is coloured. Colour helps and is never needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// Something that went wrong.
    Bad,
    /// Something that went well.
    Good,
    /// Something that should stand out.
    Strong,
    /// Something that may be skipped.
    Dim,
}

/// A piece of text with its tone.
pub type Span<'a> = (&'a str, Tone);

/// Lines in the making.
pub struct Page {
    text: String,
    /// Columns that paragraphs are wrapped to.
    columns: usize,
}

impl Default for Page {
    fn default() -> Page {
        Page { text: String::new(), columns: COLUMNS }
    }
}

impl Page {
    /// An empty page.
    pub fn new() -> Page {
        Page::default()
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// One line of spans. White space at its end is dropped.
    pub fn line(&mut self, spans: &[Span]) {
        let last = spans.iter().rposition(|(text, _)| !text.trim_end().is_empty());
        for (index, (text, tone)) in spans.iter().enumerate() {
            match last {
                Some(last) if index < last => self.push(text, *tone),
                Some(last) if index == last => self.push(text.trim_end(), *tone),
                _ => {}
            }
        }
        self.text.push('\n');
    }

    /// A paragraph behind a label, wrapped to the page.
    pub fn labelled(&mut self, label: Span, text: &str) {
        self.paragraph(label, text, Tone::Plain);
    }

    /// A paragraph behind a label, wrapped to the page, in one tone.
    pub fn paragraph(&mut self, (label, tone): Span, text: &str, text_tone: Tone) {
        let escaped = escape(text);
        let indent = LABEL.max(width(label) + 1);
        // A label that is wider than usual leaves less room in the first line.
        let wide = " ".repeat(indent - LABEL);
        let wrapping = wrapping(self.columns - LABEL).initial_indent(&wide);
        let lines = textwrap::wrap(&escaped, wrapping);
        for (index, line) in lines.iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let line = if index == 0 { &line[wide.len().min(line.len())..] } else { line };
            let room = if index == 0 { indent } else { LABEL };
            let space = " ".repeat(room - width(label));
            self.line(&[(label, tone), (&space, Tone::Plain), (line, text_tone)]);
        }
    }

    /// A paragraph behind a label, wrapped to a page that is wider than most.
    pub fn labelled_within(&mut self, columns: usize, (label, tone): Span, text: &str) {
        self.columns = columns;
        self.paragraph((label, tone), text, Tone::Plain);
        self.columns = COLUMNS;
    }

    /// A paragraph without a label, in one tone, wrapped to a page that may be wider than most.
    pub fn wrapped(&mut self, columns: usize, text: &str, tone: Tone) {
        let escaped = escape(text);
        for line in textwrap::wrap(&escaped, wrapping(columns)) {
            self.line(&[(&line, tone)]);
        }
    }

    /// A paragraph without a label.
    pub fn text(&mut self, text: &str) {
        self.wrapped(COLUMNS, text, Tone::Plain);
    }

    /// A command behind a label. A quoted schedule that does not fit goes on in a next line: a
    /// shell takes a line end between quotes for a space, so it can be pasted as it is.
    pub fn command(&mut self, label: &str, command: &str) {
        let command = escape(command);
        // A schedule comes last, and nothing else ends in a double quote: names have single ones.
        let schedule = command.ends_with('"').then(|| command.rfind(SCHEDULE)).flatten();
        let mut quoted = schedule.map_or(command.len(), |at| at + SCHEDULE.len() - 1);
        let mut before = schedule;
        let (mut label, mut rest) = (label, command.as_str());
        while width(rest) > COLUMNS - LABEL {
            let inside = break_at(rest, quoted, COLUMNS - LABEL);
            // A long path leaves no room for the schedule: then the line goes on as shells allow.
            let (at, sign) = match (inside, before) {
                (Some(at), _) => (at, ""),
                (None, Some(at)) => (at, " \\"),
                (None, None) => break,
            };
            self.labelled_raw(label, &format!("{}{sign}", &rest[..at]));
            rest = rest[at..].trim_start();
            label = "";
            before = None;
            quoted = if sign.is_empty() { 0 } else { SCHEDULE.trim_start().len() - 1 };
        }
        self.labelled_raw(label, rest);
    }

    fn labelled_raw(&mut self, label: &str, text: &str) {
        let space = " ".repeat(LABEL - width(label).min(LABEL));
        self.line(&[(label, Tone::Strong), (&space, Tone::Plain), (text, Tone::Plain)]);
    }

    fn push(&mut self, text: &str, tone: Tone) {
        let escaped = escape(text);
        let painted = match tone {
            Tone::Plain => escaped.normal(),
            Tone::Bad => escaped.red().bold(),
            Tone::Good => escaped.green().bold(),
            Tone::Strong => escaped.bold(),
            Tone::Dim => escaped.dimmed(),
        };
        self.text.push_str(&painted.to_string());
    }
}

/// Names with hyphens are not broken; only a word that is wider than the page is.
pub(super) fn wrapping(columns: usize) -> textwrap::Options<'static> {
    textwrap::Options::new(columns).word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// The last space behind a position, or an opening quote there, that leaves at most so many columns
/// before it.
fn break_at(text: &str, after: usize, columns: usize) -> Option<usize> {
    let spaces = text.match_indices(' ').map(|(at, _)| at);
    let opening = text[after..].starts_with('"').then_some(after + 1);
    let mut places = opening.into_iter().chain(spaces);
    places.rfind(|&at| at > after && width(&text[..at]) <= columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_on_a_page_can_drive_the_terminal() {
        let mut page = Page::new();
        page.line(&[("a\u{1b}[2J\nb", Tone::Plain)]);
        page.labelled(("x\u{7}", Tone::Plain), "\u{1b}]0;title\u{7}");
        page.command("Try", "interleak \u{1b}c");
        let text = page.finish();
        assert!(!text.chars().any(|c| c != '\n' && crate::screen::drives(c)), "{text:?}");
        assert_eq!(text.lines().count(), 3);
    }

    #[test]
    fn paragraphs_and_commands_fit_the_page() {
        let mut page = Page::new();
        page.labelled(("Why", Tone::Strong), &"我叫什么名字？word ".repeat(30));
        page.command(
            "Again",
            &format!("interleak replay x --schedule \"{}\"", "alice bob ".repeat(30)),
        );
        let text = page.finish();
        assert!(text.lines().all(|line| width(line) <= COLUMNS), "{text}");
        assert!(text.contains("--schedule \"alice"), "broken between the quotes only: {text}");
    }
}
