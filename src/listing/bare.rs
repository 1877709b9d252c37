//! A listing without the words around it: what is left is the code, and the marks that are simulated.

use super::Listing;
use super::source::{Source, SourceKind, SourceLine};

impl Listing {
    /// The text without its docstring.
    pub fn without_lesson(&self) -> String {
        self.kept(|_, line| Some(line.to_owned()))
    }

    /// The text without its docstring, and without comments that are no marks: they may say what goes
    /// wrong.
    pub fn without_words(&self) -> String {
        self.kept(|own, line| match own.kind {
            _ if own.annotation.is_some() || own.continues => Some(line.to_owned()),
            SourceKind::Blank => Some(line.to_owned()),
            SourceKind::Code => {
                Some(line[..line.find(&self.text[own.code.clone()])? + own.code.len()].into())
            }
            SourceKind::Comment => None,
        })
    }

    fn kept(&self, keep: impl Fn(&SourceLine, &str) -> Option<String>) -> String {
        let source = Source::new(&self.text);
        let lines = source.lines.iter().zip(self.text.lines());
        let lines = lines.skip(lesson_lines(&source, &self.text));
        let kept: Vec<String> = lines.filter_map(|(own, line)| keep(own, line)).collect();
        kept.join("\n").trim_start_matches('\n').to_owned()
    }
}

/// Lines up to the end of the docstring.
fn lesson_lines(source: &Source, text: &str) -> usize {
    let Some(first) = source.lines.iter().position(SourceLine::has_code) else { return 0 };
    let code = &text[source.lines[first].code.clone()];
    let begins = code.trim_start_matches(['r', 'R', 'u', 'U']).starts_with(['"', '\'']);
    if source.docstring.is_empty() || !begins {
        return 0;
    }
    let rest = source.lines[first + 1..].iter().take_while(|line| line.continues).count();
    first + 1 + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_alone_has_its_marks_and_no_other_comment() {
        let text = "# first\n\"\"\"One.\n\nTwo # three.\n\"\"\"\n\nX = []  #@ shared X\n# leaks\n\n\n\
                    def respond(question, session):\n    t = '# in' # out\n    x = list(X)  #@ load X\n    \
                    a = assistant(x)  # @ infer\n    return a  #@ reply\n";
        let listing = Listing::parse("test.py", text).unwrap_or_else(|_| unreachable!());
        assert_eq!(
            listing.without_words(),
            "X = []  #@ shared X\n\n\ndef respond(question, session):\n    t = '# in'\n    \
             x = list(X)  #@ load X\n    a = assistant(x)  # @ infer\n    return a  #@ reply"
        );
        assert!(listing.without_lesson().starts_with("X = []"), "{}", listing.without_lesson());
        assert!(listing.without_lesson().contains("# leaks"));
        let alone = Listing { text: "x = 1\ny = 2".into(), ..listing };
        assert_eq!(alone.without_lesson(), "x = 1\ny = 2");
    }
}
