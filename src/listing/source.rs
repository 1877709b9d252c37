//! The lines of a Python file: where strings and comments are, and what is a block.
//!
//! This is not a Python parser. It knows just enough never to take a `#@` inside a string for an
//! annotation, nor the middle of a bracketed expression for the end of a block.

use super::annotation::WORDS;
use std::ops::Range;

/// A Python file, line by line.
pub(super) struct Source {
    pub(super) lines: Vec<SourceLine>,
    /// What the module's docstring says; empty if it has none.
    pub(super) docstring: String,
    /// Whether a string or a bracket is still open at the end of the file.
    pub(super) unfinished: bool,
}

/// One physical line.
pub(super) struct SourceLine {
    /// From 1.
    pub(super) number: usize,
    pub(super) kind: SourceKind,
    /// Columns of white space before the code.
    pub(super) indent: usize,
    /// The code without white space around it and without comment, in bytes of the file.
    pub(super) code: Range<usize>,
    /// What follows `#@`, in bytes of the file.
    pub(super) annotation: Option<Range<usize>>,
    /// Whether the line goes on with an expression or string of the line before.
    pub(super) continues: bool,
}

/// What is on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SourceKind {
    /// Code, perhaps with a comment behind it.
    Code,
    /// A comment alone, perhaps a mark.
    Comment,
    /// Nothing.
    Blank,
}

/// An open string: its quote, three times if it is a long one.
#[derive(Clone, Copy)]
struct Quote {
    quote: u8,
    long: bool,
}

/// What is open at the end of a line.
#[derive(Default)]
struct OpenText {
    string: Option<Quote>,
    brackets: usize,
    backslash: bool,
}

impl Source {
    pub(super) fn new(text: &str) -> Source {
        let mut open = OpenText::default();
        let mut lines = Vec::new();
        let mut start = 0;
        for (index, physical) in text.split('\n').enumerate() {
            let end = start + physical.trim_end_matches('\r').len();
            lines.push(scan(text, index + 1, start..end, &mut open));
            start += physical.len() + 1;
        }
        let unfinished = open.string.is_some() || open.brackets > 0;
        Source { docstring: docstring(text, &lines), unfinished, lines }
    }
}

impl SourceLine {
    /// Whether there is code on it, rather than nothing or a comment.
    pub(super) fn has_code(&self) -> bool {
        self.kind == SourceKind::Code
    }

    /// What stands behind the `#@` of this line of a file.
    pub(super) fn mark<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(text[self.annotation.clone()?].trim())
    }
}

fn scan(text: &str, number: usize, line: Range<usize>, open: &mut OpenText) -> SourceLine {
    let bytes = text.as_bytes();
    let continues = open.string.is_some() || open.brackets > 0 || open.backslash;
    open.backslash = false;
    let mut at = line.start;
    let mut comment = None;
    while at < line.end {
        match open.string {
            Some(quote) => at += in_string(&bytes[at..line.end], quote, &mut open.string),
            None => match bytes[at] {
                b'#' => {
                    comment = Some(at);
                    break;
                }
                quote @ (b'"' | b'\'') => {
                    let long = bytes[at..line.end].starts_with(&[quote; 3]);
                    open.string = Some(Quote { quote, long });
                    at += if long { 3 } else { 1 };
                }
                byte => {
                    match byte {
                        b'(' | b'[' | b'{' => open.brackets += 1,
                        b')' | b']' | b'}' => open.brackets = open.brackets.saturating_sub(1),
                        _ => open.backslash = byte == b'\\' && at + 1 == line.end,
                    }
                    at += 1;
                }
            },
        }
    }
    if open.string.is_some_and(|quote| !quote.long) {
        // Python would refuse this line; a short string never goes on to the next one.
        open.string = None;
    }
    let code_end = comment.unwrap_or(line.end);
    let code = text[line.start..code_end].trim_end();
    let trimmed = code.trim_start();
    let indent = indent(&code[..code.len() - trimmed.len()]);
    let code_start = line.start + code.len() - trimmed.len();
    let annotation = comment.and_then(|comment| annotation(text, comment..line.end));
    let code = code_start..line.start + code.len();
    let kind = match (code.is_empty(), comment) {
        (false, _) => SourceKind::Code,
        (true, Some(_)) => SourceKind::Comment,
        (true, None) => SourceKind::Blank,
    };
    SourceLine { number, kind, indent, code, annotation, continues }
}

/// What follows `#@`. Formatters write `# @`, which counts if a known word follows.
fn annotation(text: &str, comment: Range<usize>) -> Option<Range<usize>> {
    let rest = &text[comment.start + 1..comment.end];
    let after = rest.trim_start().strip_prefix('@')?;
    let word = after.split_whitespace().next().unwrap_or_default();
    let start = comment.end - after.len();
    (rest.starts_with('@') || WORDS.contains(&word)).then_some(start..comment.end)
}

/// How many bytes to go on inside a string; closes it if it ends there.
fn in_string(rest: &[u8], quote: Quote, string: &mut Option<Quote>) -> usize {
    if rest[0] == b'\\' {
        return 2.min(rest.len());
    }
    let close = if quote.long { 3 } else { 1 };
    if rest.len() >= close && rest[..close].iter().all(|&byte| byte == quote.quote) {
        *string = None;
        return close;
    }
    1
}

fn indent(space: &str) -> usize {
    space.chars().fold(0, |columns, character| match character {
        '\t' => (columns / 8 + 1) * 8,
        _ => columns + 1,
    })
}

/// The string that the file's code begins with.
fn docstring(text: &str, lines: &[SourceLine]) -> String {
    let Some(first) = lines.iter().find(|line| line.has_code()) else {
        return String::new();
    };
    let rest = &text[first.code.start..];
    let rest = rest.trim_start_matches(['r', 'R', 'u', 'U']);
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        if let Some(body) = rest.strip_prefix(quote) {
            let end = body.find(quote).unwrap_or(body.len());
            return body[..end].trim().replace("\r\n", "\n");
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Option<&str>]) {
        let source = Source::new(text);
        let found: Vec<Option<&str>> = source.lines.iter().map(|line| line.mark(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn finds_annotations_but_not_inside_strings() {
        check("x = 1  #@ infer", &[Some("infer")]);
        check("x = '#@ infer'  #@ reply", &[Some("reply")]);
        check("x = \"a\\\"#@ infer\"", &[None]);
        check("'''\n#@ infer\n'''\ny()  #@ infer", &[None, None, None, Some("infer")]);
        check("x = 1  # see #@ infer", &[None]);
        check("x = 1  # @ infer", &[Some("infer")]);
        check("x = 1  # @home", &[None]);
        check("x = 'open #@ a\ny() #@ infer", &[None, Some("infer")]);
    }

    #[test]
    fn knows_indentation_and_continuation() {
        let source = Source::new("f(\n  1,\n)\n\tg()\r\n    h() \\\n  + 1\n");
        let shape: Vec<(usize, bool)> =
            source.lines.iter().map(|line| (line.indent, line.continues)).collect();
        assert_eq!(
            shape,
            [(0, false), (2, true), (0, true), (8, false), (4, false), (2, true), (0, false)]
        );
    }

    #[test]
    fn reads_the_docstring() {
        assert_eq!(Source::new("# c\n'''One.\n\nTwo.'''\nx").docstring, "One.\n\nTwo.");
        assert_eq!(Source::new("x = 1\n'''no'''").docstring, "");
    }
}
