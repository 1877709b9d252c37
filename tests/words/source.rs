//! What the source says: its string literals, and the keys of the phrases that it makes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A string literal: its line, and its text.
pub(crate) struct Literal {
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// Every file of `src/`, with its text up to the unit tests.
pub(crate) fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && !path.ends_with("tests.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                let end = text.find("#[cfg(test)]").unwrap_or(text.len());
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((name, text[..end].to_owned()));
            }
        }
    }
    files.sort();
    assert!(files.len() > 100, "the sources were found");
    files
}

/// The string literals of a source text; comments are none, and neither are the texts of attributes.
pub(crate) fn literals(text: &str) -> Vec<Literal> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut line, mut literals) = (0, 1, Vec::new());
    let starts = |at: usize, what: &str| {
        what.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c))
    };
    while at < chars.len() {
        let raw = chars[at] == 'r' && (starts(at, "r\"") || starts(at, "r#"));
        let inside_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
        if starts(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if raw && !inside_word {
            let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
            let end = format!("\"{}", "#".repeat(hashes));
            let start = at + hashes + 2;
            let mut here = start;
            while here < chars.len() && !starts(here, &end) {
                here += 1;
            }
            let text: String = chars[start.min(here)..here].iter().collect();
            literals.push(Literal { line, text: text.clone() });
            line += text.matches('\n').count();
            at = here + end.len();
        } else if chars[at] == '"' {
            let (literal, end) = quoted(&chars, at + 1);
            literals.push(Literal { line, text: literal });
            line += chars[at..end].iter().filter(|c| **c == '\n').count();
            at = end;
        } else if chars[at] == '\'' && (starts(at + 1, "\\") || chars.get(at + 2) == Some(&'\'')) {
            at += if starts(at + 1, "\\") { 3 } else { 2 };
            while at < chars.len() && chars[at] != '\'' {
                at += 1;
            }
            at += 1;
        } else {
            line += usize::from(chars[at] == '\n');
            at += 1;
        }
    }
    literals
}

/// The text of a literal that begins here, as the program has it, and where it is over.
fn quoted(chars: &[char], mut at: usize) -> (String, usize) {
    let mut text = String::new();
    while at < chars.len() && chars[at] != '"' {
        match (chars[at], chars.get(at + 1)) {
            // A line that goes on: the white space at the beginning of the next one is not part of it.
            ('\\', Some('\n')) => {
                at += 1;
                while chars.get(at).is_some_and(|c| c.is_whitespace()) {
                    at += 1;
                }
                continue;
            }
            ('\\', Some(escaped)) => {
                text.push(*escaped);
                at += 1;
            }
            (character, _) => text.push(character),
        }
        at += 1;
    }
    (text, at + 1)
}

/// Whether a literal is a piece of prose: two words with nothing but a space between them.
pub(crate) fn is_prose(text: &str) -> bool {
    let word = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphabetic());
        word.chars().count() >= 2 && word.chars().all(|c| c.is_alphabetic() || "'’-".contains(c))
    };
    let words: Vec<&str> = text.split(' ').collect();
    words.windows(2).any(|two| word(two[0]) && word(two[1]))
}

/// The keys that phrases are made of, each with the names of its arguments, and where.
pub(crate) fn phrases(text: &str) -> Vec<(usize, String, BTreeSet<String>)> {
    let mut phrases = Vec::new();
    for (at, open) in text.match_indices("phrase!(") {
        let inside = balanced(&text[at + open.len()..]);
        let Some(key) = inside.trim_start().strip_prefix('"') else { continue };
        let Some((key, arguments)) = key.split_once('"') else { continue };
        let line = text[..at].matches('\n').count() + 1;
        phrases.push((line, key.to_owned(), names(arguments)));
    }
    phrases
}

/// What stands up to the bracket that closes.
fn balanced(text: &str) -> &str {
    let (mut depth, mut in_string, mut escaped) = (1, false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

/// The names in `, a = …, b = …`, at the outermost level.
fn names(arguments: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = arguments;
    while let Some((name, value)) =
        rest.trim_start().strip_prefix(',').and_then(|it| it.split_once('='))
    {
        names.insert(name.trim().to_owned());
        rest = after_value(value);
    }
    names
}

/// What stands behind a value: from the comma on that ends it.
fn after_value(text: &str) -> &str {
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let character = rest.chars().next().unwrap();
        match character {
            ',' => return rest,
            '(' | '[' | '{' => at += 1 + balanced(&rest[1..]).len() + 1,
            '"' => {
                let chars: Vec<char> = rest.chars().collect();
                let (_, end) = quoted(&chars, 1);
                at += chars[..end.min(chars.len())].iter().map(|c| c.len_utf8()).sum::<usize>();
            }
            _ => at += character.len_utf8(),
        }
    }
    ""
}

/// The variables that each message of a catalogue file uses, also through other messages and terms.
pub(crate) fn catalogue(files: &[&str]) -> BTreeMap<String, Message> {
    use fluent_syntax::ast::Entry;
    let mut messages = BTreeMap::new();
    for file in files {
        let resource = fluent_syntax::parser::parse(*file)
            .unwrap_or_else(|(_, errors)| panic!("a catalogue file cannot be read: {errors:?}"));
        for entry in &resource.body {
            let (name, pattern) = match entry {
                Entry::Message(it) => (it.id.name.to_owned(), it.value.as_ref()),
                Entry::Term(it) => (format!("-{}", it.id.name), Some(&it.value)),
                _ => continue,
            };
            let mut message = Message::default();
            if let Some(pattern) = pattern {
                message.pattern(pattern);
            }
            assert!(messages.insert(name.clone(), message).is_none(), "{name} stands twice");
        }
    }
    messages
}

/// What a message of a catalogue refers to.
#[derive(Default)]
pub(crate) struct Message {
    pub(crate) variables: BTreeSet<String>,
    pub(crate) others: BTreeSet<String>,
}

impl Message {
    fn pattern(&mut self, pattern: &fluent_syntax::ast::Pattern<&str>) {
        use fluent_syntax::ast::PatternElement;
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &fluent_syntax::ast::Expression<&str>) {
        use fluent_syntax::ast::Expression;
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                variants.iter().for_each(|variant| self.pattern(&variant.value));
            }
        }
    }

    fn inline(&mut self, inline: &fluent_syntax::ast::InlineExpression<&str>) {
        use fluent_syntax::ast::InlineExpression;
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, .. } => {
                self.others.insert(id.name.to_owned());
            }
            InlineExpression::TermReference { id, .. } => {
                self.others.insert(format!("-{}", id.name));
            }
            InlineExpression::FunctionReference { arguments, .. } => {
                arguments.positional.iter().for_each(|argument| self.inline(argument));
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }
}
