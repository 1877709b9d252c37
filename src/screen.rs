//! Text on a terminal: how wide it is, how to cut it, and how to keep it from giving orders.

use std::borrow::Cow;
use std::cmp::Ordering;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns of a page where nobody says how many there are: in a pipe, a file, a log.
pub const COLUMNS: usize = 80;
/// A page is laid out for no fewer columns and no more, whatever a terminal has: longer lines are
/// hard to read.
const COLUMNS_MIN: usize = 60;
const COLUMNS_MAX: usize = 120;

/// Columns for a page: as many as `COLUMNS` says, or as the terminal has that it is printed on.
pub fn columns(on_terminal: bool) -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    let seen = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let columns = said.filter(|&columns| columns > 0).or_else(|| on_terminal.then(seen)?);
    columns.map_or(COLUMNS, |columns| columns.clamp(COLUMNS_MIN, COLUMNS_MAX))
}

/// Whether the terminal says of itself that it can only print.
pub fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb")
}

/// Columns that a text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Lines of a terminal of so many columns that a text takes, styles in it or not.
pub fn rows(text: &str, columns: usize) -> usize {
    let row = |line: &str| width(&without_styles(line)).div_ceil(columns.max(1)).max(1);
    text.lines().map(row).sum()
}

/// A line without what colours it: `ESC [ … m`.
fn without_styles(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or(part, |(_, rest)| rest))
}

/// Most of what stands on one place, in characters: a letter and 30 marks (as much as Unicode's
/// stream-safe text, UAX #15, allows), or a family of emoji. More of it only stops a terminal.
const HEAP_CHARS_MAX: usize = 31;

/// The text, cut to at most so many columns; a cut shows as `…`.
pub fn cut(text: &str, columns: usize) -> String {
    let text = &*thin(text);
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut taken = 0;
    for cluster in text.graphemes(true) {
        taken += width(cluster);
        if taken + 1 > columns {
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
/// out: `\u{1b}`. Line ends too, so the result is always one line. Marks that are heaped on one
/// letter without end are cut.
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
    thin(&escaped).into_owned()
}

/// Whether a character gives orders to a terminal instead of being shown, or is never seen at all.
pub fn drives(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}'
                | '\u{e01f0}'..='\u{e0fff}'
        )
}

/// The text with at most so much on one place as anybody writes; what is left out shows as `…`.
pub fn thin(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut thinned = String::with_capacity(text.len());
    let mut heaped = 0;
    for cluster in text.graphemes(true) {
        // What takes no column stands on what is before it.
        if width(cluster) > 0 {
            heaped = 0;
        }
        for character in cluster.chars() {
            heaped += 1;
            match heaped.cmp(&(HEAP_CHARS_MAX + 1)) {
                Ordering::Less => thinned.push(character),
                Ordering::Equal => thinned.push('…'),
                Ordering::Greater => {}
            }
        }
    }
    Cow::Owned(thinned)
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
    fn what_is_wider_than_the_terminal_takes_more_rows() {
        assert_eq!(rows("", 80), 0);
        assert_eq!(rows("a\n\nb\n", 80), 3);
        assert_eq!(rows("\u{1b}[1;31m12345\u{1b}[0m\n", 5), 1);
        assert_eq!(rows("123456\n我叫小\n", 5), 4);
    }

    #[test]
    fn nothing_escaped_can_drive_a_terminal() {
        assert_eq!(escape("a\u{1b}[2Jb\r\n"), "a\\u{1b}[2Jb\\u{d}\\n");
        assert_eq!(escape("x\u{202e}y\u{9b}"), "x\\u{202e}y\\u{9b}");
        assert_eq!(escape("a\u{ad}\u{180e}\u{7f}b"), "a\\u{ad}\\u{180e}\\u{7f}b");
        assert_eq!(escape("小明 👩‍💻 é"), "小明 👩‍💻 é");
    }
    /// One place on a screen can be given half a million marks, or an emoji that never ends.
    #[test]
    fn what_is_heaped_on_one_place_is_cut() {
        let times = 500_000;
        for heap in [
            format!("e{}", "\u{301}".repeat(times)),
            "\u{301}".repeat(times),
            "👩\u{200d}".repeat(times),
            format!("क{}", "\u{94d}क".repeat(times)),
            format!("가{}", "\u{11a8}".repeat(times)),
        ] {
            let start: String = heap.chars().take(3).collect();
            for shown in [escape(&heap), cut(&heap, 80), fit(&heap, 40)] {
                assert!(shown.chars().count() <= 100, "{start:?}: {}", shown.chars().count());
                assert!(shown.contains('…'), "{start:?}");
            }
        }
        let vietnamese = "Tiê\u{301}ng Viê\u{323}t 👩🏽‍❤️‍💋‍👨🏿 각";
        assert_eq!(escape(vietnamese), vietnamese);
    }

    #[test]
    fn whatever_takes_no_column_is_cut() {
        let all = ('\0'..=char::MAX).map(String::from);
        for unseen in all.filter(|it| width(it) == 0 || width(&format!("a{it}")) == 1) {
            let shown = escape(&format!("a{}", unseen.repeat(500)));
            let most = if shown.is_ascii() { 1 + 9 * 500 } else { 40 };
            assert!(shown.chars().count() <= most, "{:?}", unseen.escape_unicode().to_string());
        }
    }
}
