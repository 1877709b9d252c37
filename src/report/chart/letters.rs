//! Text in a picture: how wide it may become, how to break it, and how to keep it from being
//! anything but text.
//!
//! Nobody knows which font will show the picture. Widths are those of a wide one (DejaVu Sans), so
//! that a line that fits here fits everywhere; in Arial it is a sixth shorter.

use crate::screen::escape;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// Bold letters are wider.
pub(super) const BOLD: f64 = 1.13;
/// A line is never narrower than this, in sizes of the font: one emoji and a sign of cutting.
const LINE_MIN: f64 = 2.5;
/// No line holds more, however thin its letters are: marks that stand on one another take no room.
const LINE_CHARS: usize = 400;

/// The width of a text, in sizes of its font.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

fn advance(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' => 0.34,
        ' ' | '.' | ',' | ':' | ';' | '·' => 0.34,
        'f' | 't' | 'r' | '-' | 'I' | '(' | ')' | '[' | ']' | '/' | '!' => 0.42,
        'm' | 'M' | 'W' | '%' | '@' | '…' | '—' => 1.0,
        'w' | '+' | '<' | '=' | '>' | '−' | '~' | 'O' | 'Q' => 0.84,
        'A'..='Z' | '&' => 0.78,
        's' | 'z' | '_' | '?' | '"' => 0.54,
        '#' | '^' => 0.84,
        '⁰'..='⁻' | '¹' | '²' | '³' => 0.54,
        ' '..='~' => 0.64,
        '\u{1f000}'.. => 1.3,
        _ => match character.width() {
            Some(0) | None => 0.0,
            Some(1) => 0.85,
            Some(_) => 1.05,
        },
    }
}

/// The text without anything that drives a reader, in at most so many lines of at most so many
/// sizes of its font. What is cut shows as `…`.
pub(super) fn wrap(text: &str, width_max: f64, lines_max: usize) -> Vec<String> {
    let width_max = width_max.max(LINE_MIN);
    let mut lines: Vec<Line> = Vec::new();
    for word in words(&legal(text)) {
        match lines.last_mut() {
            Some(line) if line.holds(&word, width_max) => line.push(&word),
            _ => lines.extend(broken(&word, width_max)),
        }
        if lines.len() > lines_max {
            break;
        }
    }
    let cut = lines.len() > lines_max;
    lines.truncate(lines_max);
    let last = lines.len().saturating_sub(1);
    let told = |(index, line): (usize, Line)| match cut && index == last {
        true => shortened(&line.text, width_max),
        false => line.text.trim().into(),
    };
    lines.into_iter().enumerate().map(told).collect()
}

/// The same, but rather with shorter lines than with a last word alone.
pub(super) fn wrap_evenly(text: &str, width_max: f64, lines_max: usize) -> Vec<String> {
    let mut lines = wrap(text, width_max, lines_max);
    let whole = |lines: &[String]| lines.last().is_some_and(|line| !line.ends_with('…'));
    for part in (14..20).rev() {
        let narrower = wrap(text, width_max * f64::from(part) / 20.0, lines.len());
        if !whole(&narrower) {
            break;
        }
        lines = narrower;
    }
    lines
}

/// A word that begins a line: one line, or as many as it takes.
fn broken(word: &str, width_max: f64) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for cluster in word.trim_start().graphemes(true) {
        // Whatever is one character for readers can still be wider than any line.
        let cluster = if width(cluster) > width_max { "…" } else { cluster };
        match lines.last_mut() {
            Some(line) if line.holds(cluster, width_max) => line.push(cluster),
            _ if cluster.trim().is_empty() => {}
            _ => {
                let mut line = Line::default();
                line.push(cluster);
                lines.push(line);
            }
        }
    }
    lines
}

/// A line in the making. Its width is counted along: measuring it again for each word would take
/// very long for a very long text.
#[derive(Default)]
struct Line {
    text: String,
    width: f64,
    chars: usize,
}

impl Line {
    fn holds(&self, word: &str, width_max: f64) -> bool {
        self.width + width(word.trim_end()) <= width_max
            && self.chars + word.chars().count() <= LINE_CHARS
    }

    fn push(&mut self, word: &str) {
        self.text.push_str(word);
        self.width += width(word);
        self.chars += word.chars().count();
    }
}

/// The pieces between which a line may end: after spaces and hyphens, and around each Chinese
/// character. A sign of punctuation stays with what it follows.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for piece in text.split_word_bounds() {
        let starts = piece.chars().any(char::is_alphanumeric)
            || piece.chars().any(|character| character >= '\u{1f000}');
        match words.last_mut() {
            Some(word) if !starts => word.push_str(piece),
            Some(word) if word.ends_with(['.', '\'', '(', '{', '_']) => word.push_str(piece),
            _ => words.push(piece.into()),
        }
    }
    words
}

fn shortened(text: &str, width_max: f64) -> String {
    let mut kept = Line::default();
    for cluster in text.trim().graphemes(true) {
        if kept.width + width(cluster) + width("…") > width_max {
            break;
        }
        kept.push(cluster);
    }
    format!("{}…", kept.text.trim_end())
}

/// The text with everything written out that would drive a reader, or that XML forbids even as a
/// number. Always one line.
fn legal(text: &str) -> String {
    escape(text).replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}

/// The text, so that in XML it is nothing but text, and in one line.
pub(super) fn xml(text: &str) -> String {
    let text = legal(text);
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(character),
        }
    }
    safe
}

/// A power of ten as one writes it by hand: `10^20` becomes `10²⁰`.
pub(super) fn superscript(text: &str) -> String {
    let Some((before, power)) = text.split_once('^') else { return text.into() };
    let raised = power.chars().map(|character| match character {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4'..='9' => char::from_u32('⁰' as u32 + character as u32 - '0' as u32).unwrap_or('⁴'),
        other => other,
    });
    format!("{before}{}", raised.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_after_words_and_hyphens_and_between_chinese_characters() {
        assert_eq!(wrap("one two three", 5.0, 9), ["one two", "three"]);
        assert_eq!(wrap("queue-of-everybody", 6.0, 9), ["queue-of-", "everybody"]);
        assert_eq!(wrap("会话映射，每人一份", 4.3, 9), ["会话映", "射，每人", "一份"]);
        assert_eq!(wrap("incomprehensibilities", 5.0, 2), ["incompre", "hensibi…"]);
        assert!(wrap("", 5.0, 2).is_empty());
        assert!(wrap("word", 5.0, 0).is_empty());
    }

    #[test]
    fn no_line_is_wider_than_it_may_be() {
        for text in
            ["WWW WWWW-WWWWWWWW", "会话映射每个用户一份历史记录", "👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻", "a\u{1b}[2Jb"]
        {
            for line in wrap(text, 6.0, 3) {
                assert!(width(&line) <= 6.0, "{line}");
            }
        }
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(xml("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
        assert_eq!(xml("\u{1b}[2J\u{202e}\u{ffff}\n"), "\\u{1b}[2J\\u{202e}\\u{ffff}\\n");
    }

    #[test]
    fn powers_are_raised() {
        assert_eq!(superscript("5 · 10^-1234567890"), "5 · 10⁻¹²³⁴⁵⁶⁷⁸⁹⁰");
        assert_eq!(superscript("1,500"), "1,500");
    }
}
