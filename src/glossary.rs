//! What the words on the pages mean. The texts are `terms/en.txt`; here they are only found.

/// A word that stands on pages, explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// Its names, the one that is shown first.
    pub names: Vec<&'static str>,
    /// What it means, in a few sentences.
    pub text: String,
    /// What the field calls it.
    pub field: Option<String>,
    /// An example.
    pub example: Option<String>,
    /// A command to try.
    pub try_it: Option<String>,
}

/// Every term, in the order of the file.
pub fn terms() -> Vec<Term> {
    let lines = include_str!("../terms/en.txt").lines();
    let mut terms: Vec<Term> = Vec::new();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let names = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match (names, terms.last_mut()) {
            (Some(names), _) => {
                let names = names.split('|').map(str::trim).collect();
                terms.push(Term { names, ..Term::default() });
            }
            (None, Some(term)) => term.add(line),
            (None, None) => {}
        }
    }
    terms
}

/// The term with this name, whether it is typed with spaces, hyphens or capitals.
pub fn named(name: &str) -> Option<Term> {
    let name = plain(name);
    terms().into_iter().find(|term| term.names.iter().any(|known| plain(known) == name))
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', '_'], " ")
}

impl Term {
    /// The name that it is shown with.
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    fn add(&mut self, line: &str) {
        let labelled = line.split_once(": ");
        match labelled {
            Some(("Field", field)) => self.field = Some(field.to_owned()),
            Some(("Example", example)) => self.example = Some(example.to_owned()),
            Some(("Try", command)) => self.try_it = Some(command.to_owned()),
            _ => {
                let space = if self.text.is_empty() || line.is_empty() { "" } else { " " };
                self.text += &format!("{space}{line}");
            }
        }
    }
}
