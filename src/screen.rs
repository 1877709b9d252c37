//! Text on a terminal: how wide it is, how to cut it, and how to keep it from giving orders.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns of the page that everything is laid out for.
pub const COLUMNS: usize = 80;

/// Columns that a text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text, cut to at most so many columns; a cut shows as `…`.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for cluster in text.graphemes(true) {
        if width(&kept) + width(cluster) + 1 > columns {
            break;
        }
        kept.push_str(cluster);
    }
    if columns > 0 {
        kept.push('…');
    }
    kept
}

/// The text, cut or filled with spaces to exactly so many columns.
pub fn fit(text: &str, columns: usize) -> String {
    let mut fitted = cut(text, columns);
    let missing = columns.saturating_sub(width(&fitted));
    fitted.extend(std::iter::repeat_n(' ', missing));
    fitted
}

/// The text with everything that could drive a terminal, or turn the reading direction, written
/// out: `\u{1b}`. Line ends too, so the result is always one line.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            _ if drives(character) => escaped.extend(character.escape_unicode()),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Whether a character gives orders to a terminal instead of being shown.
pub fn drives(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_by_columns_and_never_through_a_character() {
        assert_eq!(cut("history", 7), "history");
        assert_eq!(cut("history", 6), "histo…");
        assert_eq!(cut("我叫小明", 8), "我叫小明");
        assert_eq!(cut("我叫小明", 7), "我叫小…");
        assert_eq!(cut("我叫小明", 6), "我叫…");
        assert_eq!(cut("👩‍💻👩‍💻", 3), "👩‍💻…");
        assert_eq!(cut("x", 0), "");
    }

    #[test]
    fn fills_to_columns() {
        assert_eq!(fit("我", 4), "我  ");
        assert_eq!(width(&fit("我叫小明", 7)), 7);
    }

    #[test]
    fn nothing_escaped_can_drive_a_terminal() {
        assert_eq!(escape("a\u{1b}[2Jb\r\n"), "a\\u{1b}[2Jb\\u{d}\\n");
        assert_eq!(escape("x\u{202e}y\u{9b}"), "x\\u{202e}y\\u{9b}");
        assert_eq!(escape("小明 👩‍💻 é"), "小明 👩‍💻 é");
    }
}
