//! What is to be typed next, word by word.

use schemars::JsonSchema;
use serde::Serialize;

/// A command line as its words, without any quotes: whoever shows it makes it fit a shell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Command(pub Vec<String>);

impl Command {
    /// A command of interleak.
    pub fn interleak(verb: &str) -> Command {
        Command(vec!["interleak".into(), verb.into()])
    }

    /// The same with one more word that is somebody's name for something, such as a file's. One that
    /// begins with a dash would be read as an option.
    pub fn name(mut self, name: &str) -> Command {
        let dashed = name.len() > 1 && name.starts_with('-');
        self.0.push(if dashed { format!("./{name}") } else { name.to_owned() });
        self
    }

    /// The same with an option, and what stands behind it if anything does.
    pub fn option(mut self, option: &str, value: impl Into<Option<String>>) -> Command {
        self.0.push(option.to_owned());
        self.0.extend(value.into());
        self
    }
}
