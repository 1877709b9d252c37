//! A page: lines of spans, each with a tone, laid out for a width.
//!
//! A page is a value; nothing is escaped or painted before [`Page::finish`]. Everything that is
//! printed goes through there, so nothing that a file says can drive the terminal.

use crate::screen::{escape, width};
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    lines: Vec<Vec<(String, Tone)>>,
    /// Columns that everything is laid out for.
    columns: usize,
}

impl Page {
    /// An empty page of so many columns.
    pub fn new(columns: usize) -> Page {
        Page { lines: Vec::new(), columns }
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The text: escaped first, then painted.
    pub fn finish(&self) -> String {
        let line = |spans: &Vec<(String, Tone)>| {
            let spans = spans.iter().map(|(text, tone)| paint(&escape(text), *tone));
            spans.collect::<String>() + "\n"
        };
        self.lines.iter().map(line).collect()
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.lines.push(Vec::new());
    }

    /// A line across the page, between two parts that are pages of their own.
    pub fn rule(&mut self) {
        self.blank();
        self.line(&[(&"═".repeat(self.columns), Tone::Dim)]);
        self.blank();
    }

    /// One line of spans. White space at its end is dropped.
    pub fn line(&mut self, spans: &[Span]) {
        let last = spans.iter().rposition(|(text, _)| !text.trim_end().is_empty());
        let kept = last.map_or(0, |last| last + 1);
        let mut spans: Vec<(String, Tone)> =
            spans[..kept].iter().map(|&(text, tone)| (text.to_owned(), tone)).collect();
        if let Some((text, _)) = spans.last_mut() {
            text.truncate(text.trim_end().len());
        }
        self.lines.push(spans);
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

    /// A paragraph without a label, in one tone.
    pub fn wrapped(&mut self, text: &str, tone: Tone) {
        self.indented(("", ""), text, tone);
    }

    /// A paragraph without a label, behind one indent in its first line and another in the others.
    pub fn indented(&mut self, (first, others): (&str, &str), text: &str, tone: Tone) {
        let wrapping = wrapping(self.columns).initial_indent(first).subsequent_indent(others);
        for line in textwrap::wrap(&escape(text), wrapping) {
            self.line(&[(&line, tone)]);
        }
    }

    /// A paragraph without a label.
    pub fn text(&mut self, text: &str) {
        self.wrapped(text, Tone::Plain);
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
        let room = self.columns - LABEL;
        while width(rest) > room {
            let inside = break_at(rest, quoted, room);
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
}

fn paint(text: &str, tone: Tone) -> String {
    let painted = match tone {
        Tone::Plain => return text.to_owned(),
        Tone::Bad => text.red().bold(),
        Tone::Good => text.green().bold(),
        Tone::Strong => text.bold(),
        Tone::Dim => text.dimmed(),
    };
    painted.to_string()
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
        let mut page = Page::new(80);
        page.line(&[("a\u{1b}[2J\nb", Tone::Plain)]);
        page.labelled(("x\u{7}", Tone::Plain), "\u{1b}]0;title\u{7}");
        page.command("Try", "interleak \u{1b}c");
        let text = page.finish();
        assert!(!text.chars().any(|c| c != '\n' && crate::screen::drives(c)), "{text:?}");
        assert_eq!((text.lines().count(), page.len()), (3, 3));
    }

    #[test]
    fn paragraphs_and_commands_fit_a_page_of_any_width() {
        let schedule = "alice bob ".repeat(30);
        let command = format!("interleak replay x --schedule \"{schedule}\"");
        for columns in [60, 80, 100, 120] {
            let mut page = Page::new(columns);
            page.labelled(("Why", Tone::Strong), &"我叫什么名字？word ".repeat(30));
            page.indented(("- ", "  "), &"word ".repeat(60), Tone::Dim);
            page.command("Again", &command);
            let text = page.finish();
            let widest = text.lines().map(width).max();
            assert!(widest.is_some_and(|widest| widest <= columns), "{columns}: {text}");
            assert!(widest.is_some_and(|widest| widest > columns - 12), "{columns}: {text}");
            let (_, pasted) = text.split_once("Again").unwrap_or_default();
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words(pasted), words(&command), "{columns}");
        }
    }
}
