//! A page: lines of spans, each with a tone, laid out for a width.
//!
//! A page is a value; nothing is escaped or painted before [`Page::finish`]. Everything that is
//! printed goes through there, so nothing that a file says can drive the terminal.

use crate::screen::{escape, width};
use crate::words::{Say, Words};
use colored::Colorize;

/// Columns of the label before a paragraph.
pub const LABEL: usize = 8;

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

/// What a page is drawn on: how wide it is, and in which language it is written.
#[derive(Clone, Copy)]
pub struct Paper {
    /// Columns that everything is laid out for.
    pub columns: usize,
    /// The words.
    pub words: &'static Words,
}

impl Paper {
    /// A page in English.
    pub fn english(columns: usize) -> Paper {
        Paper { columns, words: Words::english() }
    }
}

/// Lines in the making.
pub struct Page {
    lines: Vec<Vec<(String, Tone)>>,
    paper: Paper,
}

impl Page {
    /// An empty page.
    pub fn new(paper: Paper) -> Page {
        Page { lines: Vec::new(), paper }
    }

    /// What it is drawn on.
    pub fn paper(&self) -> Paper {
        self.paper
    }

    /// A phrase in the words that the page is written in.
    pub fn said(&self, phrase: impl Say) -> String {
        phrase.said(self.paper.words).into_owned()
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        self.paper.columns
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

    /// The lines of another page behind its own.
    pub fn append(&mut self, other: Page) {
        self.lines.extend(other.lines);
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.lines.push(Vec::new());
    }

    /// A line across the page, between two parts that are pages of their own.
    pub fn rule(&mut self) {
        self.blank();
        self.line(&[(&"═".repeat(self.paper.columns), Tone::Dim)]);
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
    pub fn labelled(&mut self, label: (impl Say, Tone), text: impl Say) {
        self.paragraph(label, text, Tone::Plain);
    }

    /// A paragraph behind a label, wrapped to the page, in one tone.
    pub fn paragraph(&mut self, (label, tone): (impl Say, Tone), text: impl Say, text_tone: Tone) {
        let (label, escaped) = (&*self.said(label), escape(&self.said(text)));
        let indent = LABEL.max(width(label) + 1);
        // A label that is wider than usual leaves less room in the first line.
        let wide = " ".repeat(indent - LABEL);
        let wrapping = wrapping(self.paper.columns - LABEL).initial_indent(&wide);
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
    pub fn wrapped(&mut self, text: impl Say, tone: Tone) {
        self.indented(("", ""), text, tone);
    }

    /// A paragraph without a label, behind one indent in its first line and another in the others.
    pub fn indented(&mut self, (first, others): (&str, &str), text: impl Say, tone: Tone) {
        let text = escape(&self.said(text));
        let wrapping = wrapping(self.paper.columns).initial_indent(first).subsequent_indent(others);
        for line in textwrap::wrap(&text, wrapping) {
            self.line(&[(&line, tone)]);
        }
    }

    /// A paragraph without a label.
    pub fn text(&mut self, text: impl Say) {
        self.wrapped(text, Tone::Plain);
    }

    /// A command behind a label. If it does not fit it goes on in the next line, so that it can be
    /// pasted as it is: between double quotes, where a shell takes a line end for a space, or behind
    /// a backslash.
    pub fn command(&mut self, label: impl Say, command: &str) {
        let (label, command) = (self.said(label), escape(command));
        let (mut label, mut rest, mut quoted) = (label.as_str(), command.as_str(), false);
        let room = self.paper.columns - LABEL;
        while width(rest) > room {
            let Some(Break { at, sign, inside }) = break_of(rest, quoted, room) else { break };
            self.labelled_raw(label, &format!("{}{sign}", &rest[..at]));
            rest = rest[at..].trim_start();
            (label, quoted) = ("", inside);
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

/// A place where a command can go on in the next line.
#[derive(Clone, Copy)]
struct Break {
    /// Bytes before it.
    at: usize,
    /// What stands at the end of the line.
    sign: &'static str,
    /// Whether it is between double quotes.
    inside: bool,
}

/// The last place that leaves at most so many columns before it: between double quotes, or else
/// before an option, or else before any word. `quoted` says that the text begins between them.
fn break_of(text: &str, quoted: bool, columns: usize) -> Option<Break> {
    let (mut inside, mut single, mut literal) = (quoted, false, false);
    let mut best = [None; 3];
    for (at, character) in text.char_indices() {
        match character {
            _ if std::mem::take(&mut literal) => {}
            '\\' if !single => literal = true,
            '"' if !single => {
                inside = !inside;
                let (at, sign) = (at + 1, "");
                if inside && width(&text[..at]) <= columns {
                    best[0] = Some(Break { at, sign, inside });
                }
            }
            '\'' if !inside => single = !single,
            ' ' if !single && at > 0 => {
                let sign = if inside { "" } else { " \\" };
                let rank = match (inside, text[at..].starts_with(" -")) {
                    (true, _) => 0,
                    (false, true) => 1,
                    (false, false) => 2,
                };
                if width(&text[..at]) + width(sign) <= columns {
                    best[rank] = Some(Break { at, sign, inside });
                }
            }
            _ => {}
        }
    }
    best.into_iter().flatten().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_on_a_page_can_drive_the_terminal() {
        let mut page = Page::new(Paper::english(80));
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
            let mut page = Page::new(Paper::english(columns));
            page.labelled(("Why", Tone::Strong), "我叫什么名字？word ".repeat(30));
            page.indented(("- ", "  "), "word ".repeat(60), Tone::Dim);
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

    /// As bash reads it: a backslash takes the line end away, and between quotes it is a space.
    #[test]
    fn a_command_without_room_goes_on_where_a_shell_reads_on() {
        let mut page = Page::new(Paper::english(60));
        page.command("More", "interleak run 'a name with spaces.json' -s session-map --full");
        page.command("Again", "interleak replay three-students -s global --schedule \"a b a\"");
        let expected = "\
More    interleak run 'a name with spaces.json' \\
        -s session-map --full
Again   interleak replay three-students -s global \\
        --schedule \"a b a\"
";
        assert_eq!(page.finish(), expected);
    }
}
