//! A line of a log on a page, as it is.

use crate::screen::{cut, escape, width};

/// Rows of an excerpt; what is cut off can be looked up by the number of the line.
const ROWS_MAX: usize = 3;

/// A line of a log in a few rows, as it is: a row ends between two words of its JSON, never inside one,
/// and what does not fit is cut off at the end.
pub(super) fn rows(excerpt: &str, columns: usize) -> Vec<String> {
    const CUT: &str = " …";
    let escaped = escape(excerpt);
    let mut rows = vec![String::new()];
    for word in json_words(&escaped) {
        let is_last = rows.len() == ROWS_MAX;
        let Some(row) = rows.last_mut() else { break };
        let room = columns - if is_last { CUT.chars().count() } else { 0 };
        if width(row) + width(word) <= room || row.is_empty() {
            row.push_str(word);
        } else if is_last {
            row.push_str(CUT);
            break;
        } else {
            rows.push(word.trim_start().to_owned());
        }
    }
    // A word that is wider than a row.
    rows.iter().map(|row| cut(row, columns).trim_end().to_owned()).collect()
}

/// The words of a JSON text: each ends behind a comma or a space that stands outside of strings.
fn json_words(text: &str) -> Vec<&str> {
    let (mut words, mut start) = (Vec::new(), 0);
    let (mut in_string, mut escaped) = (false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            ',' | ' ' if !in_string => {
                words.push(&text[start..=at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push(&text[start..]);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_log_is_never_cut_inside_a_word() {
        let line = r#"{"event":"read","cell":"a, \"b\" c","messages":["m1","m2"],"user":"bob"}"#;
        for columns in 20..90 {
            let shown = rows(line, columns);
            assert!(shown.len() <= ROWS_MAX);
            assert!(shown.iter().all(|row| width(row) <= columns), "{shown:#?}");
            let whole = shown.concat();
            let kept = whole.strip_suffix(" …").unwrap_or(&whole);
            assert!(line.starts_with(kept), "as it is:\n{shown:#?}");
            assert!(kept.ends_with([',', '}']), "between two words:\n{shown:#?}");
        }
        assert_eq!(rows(line, 200), [line]);
        let wide = format!("{{\"text\":\"{}\"}}", "x".repeat(300));
        assert!(rows(&wide, 60)[0].ends_with('…'), "what is wider than the page is cut");
    }
}
