//! Bad input, told so that a person can repair it: what was found, where, what was meant.
//!
//! ```text
//! error: unknown cell HISTROY
//!  --> mine.py:5:37
//!   |
//! 5 |     history = list(HISTROY)   #@ load HISTROY
//!   |                                       ^^^^^^^ declared here: HISTORY
//!   |
//!   = help: did you mean HISTORY?
//! ```

use crate::phrase;
use crate::screen::{cut, drives, escape, thin};
use crate::words::{Phrase, Words};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::ops::Range;

/// Columns of an excerpt; a longer line is cut around what it is about.
const EXCERPT_COLUMNS: usize = 100;
/// Columns of a title; nobody reads more, whatever a file made it say.
const TITLE_COLUMNS: usize = 400;

/// Something wrong with what the user gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<Told>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    /// What was found, as one sentence without a full stop.
    what: Phrase,
    place: Option<Place>,
    label: Phrase,
    help: Option<Phrase>,
}

/// Where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    file: String,
    line: usize,
    /// The part of the line before, at and after what it is about.
    parts: [String; 3],
}

impl Problem {
    /// A problem of no particular place in a file.
    pub fn new(what: impl Into<Phrase>) -> Problem {
        let (what, label) = (what.into(), Phrase::nothing());
        Problem(Box::new(Told { what, place: None, label, help: None }))
    }

    /// What was found, as one sentence without a full stop.
    pub fn what(&self) -> &Phrase {
        &self.0.what
    }

    /// The same, as far as anybody reads, with nothing in it that drives a terminal.
    pub fn title(&self, words: &Words) -> String {
        cut(&escape(&words.say(&self.0.what)), TITLE_COLUMNS)
    }

    /// The file and the line in it, if it was found in one.
    pub fn place(&self) -> Option<(&str, usize)> {
        self.0.place.as_ref().map(|place| (place.file.as_str(), place.line))
    }

    /// The same problem, found in a text at these bytes.
    pub fn at(mut self, file: &str, text: &str, bytes: Range<usize>) -> Problem {
        let start = floor(text, bytes.start.min(text.len()));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = &text[start..];
        let line_end = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
        let end = floor(text, bytes.end.clamp(start, line_end));
        let parts = [&text[line_start..start], &text[start..end], &text[end..line_end]];
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        let parts = parts.map(str::to_owned);
        self.0.place = Some(Place { file: file.to_owned(), line, parts });
        self
    }

    /// The same problem, about a whole line, where the text before it is not at hand.
    pub fn at_line(mut self, file: &str, line: usize, text: &str) -> Problem {
        let parts = [String::new(), text.to_owned(), String::new()];
        self.0.place = Some(Place { file: file.to_owned(), line, parts });
        self
    }

    /// The same problem with a word under the excerpt: what was expected there.
    pub fn label(mut self, label: impl Into<Phrase>) -> Problem {
        self.0.label = label.into();
        self
    }

    /// The same problem with advice: what to do.
    pub fn help(mut self, help: impl Into<Phrase>) -> Problem {
        self.0.help = Some(help.into());
        self
    }

    /// The same problem with the nearest of the known words as advice, or else all of them.
    pub fn known<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Problem {
        let known: Vec<&str> = known.into_iter().collect();
        let all = Phrase::list(known.iter().copied());
        match (nearest(word, known.iter().copied()), known.is_empty()) {
            (_, true) => self,
            (Some(near), _) => self.help(phrase!("did-you-mean", near = near, known = all)),
            (None, _) => self.help(phrase!("known-here", known = all)),
        }
    }

    /// The report for a terminal, with or without colour.
    pub fn render(&self, words: &Words, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.term_width(EXCERPT_COLUMNS);
        let told = |phrase: &Phrase, columns| cut(&escape(&words.say(phrase)), columns);
        let label = told(&self.0.label, TITLE_COLUMNS);
        let help = self.0.help.as_ref().map(|help| told(help, 4 * TITLE_COLUMNS));
        let [error, advice] = ["error", "help"].map(|level| words.say(&Phrase::new(level)));
        let error = Level::ERROR.with_name(error);
        let mut group = Group::with_title(error.primary_title(self.title(words)));
        if let Some(place) = &self.0.place {
            let (source, span) = place.excerpt();
            let annotation = AnnotationKind::Primary.span(span).label(label);
            group = group.element(
                Snippet::source(source)
                    .path(escape(&place.file))
                    .line_start(place.line)
                    .annotation(annotation),
            );
        }
        if let Some(help) = help {
            group = group.element(Level::HELP.with_name(advice).message(help));
        }
        format!("{}\n", renderer.render(&[group]))
    }
}

impl Place {
    /// The line and where in it is what it is about.
    fn excerpt(&self) -> (String, Range<usize>) {
        let [before, marked, after] = self.parts.each_ref().map(|part| show_controls(part));
        let span = before.len()..before.len() + marked.len();
        (before + &marked + &after, span)
    }
}

/// Bytes of a word that may be one of the known ones, written wrong.
const WORD_BYTES_MAX: usize = 200;

/// The word among the known ones that was probably meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing words takes time that grows with the square of their length.
    if word.len() > WORD_BYTES_MAX {
        return None;
    }
    let lower = word.to_lowercase();
    let scored = known.into_iter().map(|candidate| {
        let candidate_lower = candidate.to_lowercase();
        let part = lower.chars().count() >= 3 && candidate_lower.contains(&lower);
        let alike = strsim::jaro_winkler(&lower, &candidate_lower);
        (if part { alike.max(0.9) } else { alike }, candidate)
    });
    let likely = scored.filter(|(score, _)| *score > 0.8);
    let best = likely.fold(None, |best: Option<(f64, &str)>, this| match best {
        Some(best) if best.0 >= this.0 => Some(best),
        _ => Some(this),
    });
    best.map(|(_, candidate)| candidate)
}

/// One visible character for each that would drive the terminal, so that columns stay true.
fn show_controls(text: &str) -> String {
    let shown = |character| match character {
        '\t' => ' ',
        _ if drives(character) => '\u{fffd}',
        _ => character,
    };
    thin(&text.chars().map(shown).collect::<String>()).into_owned()
}

fn floor(text: &str, mut index: usize) -> usize {
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_file_line_column_and_excerpt() {
        let text = "a = 1\nhistory = list(HISTROY)  #@ load HISTROY\n";
        let start = text.rfind("HISTROY").unwrap();
        let problem = Problem::new("unknown cell HISTROY")
            .at("mine.py", text, start..start + 7)
            .known("HISTROY", ["HISTORY", "LOCK"]);
        let shown = problem.render(Words::english(), false);
        assert!(shown.contains("mine.py:2:34"), "{shown}");
        assert!(shown.contains("^^^^^^^"), "{shown}");
        assert!(shown.contains("did you mean HISTORY?"), "{shown}");
    }

    #[test]
    fn a_file_cannot_drive_the_terminal_through_an_error() {
        let text = "\u{1b}[2J bad \u{202e}\r\n";
        let shown =
            Problem::new("x\u{1b}[2J").at("a\u{7}b", text, 5..8).render(Words::english(), false);
        assert!(!shown.chars().any(|c| c != '\n' && drives(c)), "{shown:?}");
    }

    #[test]
    fn an_endless_line_is_cut() {
        let text = "x".repeat(1 << 20);
        let shown =
            Problem::new("long").at("f", &text, 500_000..500_100).render(Words::english(), false);
        assert!(shown.len() < 2_000, "{}", shown.len());
        assert!(shown.contains("f:1:500001"), "{shown}");
    }

    #[test]
    fn the_nearest_word_is_offered_and_a_far_one_is_not() {
        assert_eq!(nearest("globl", ["locked", "global"]), Some("global"));
        assert_eq!(nearest("leak", ["amnesia", "context-leak"]), Some("context-leak"));
        assert_eq!(nearest("zzz", ["locked", "global"]), None);
    }
}
