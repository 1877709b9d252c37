//! What `--help` says: the command line that clap knows, in the words of the catalogue.
//!
//! `help-COMMAND` is what a command does, `help-COMMAND-NAME` what an argument of it means, and
//! `help-NAME` the same of one that several commands share. `.after` of a command stands below its
//! options; the other attributes are what the words mean that an argument takes.

use super::bounds::grain;
use super::{check, compare, explain, list, options, schema, sweep};
use crate::words::Words;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{Arg, Command, ValueEnum};

/// Makes what reads an argument, from the words and the argument's key.
type Reads = fn(&Words, &str) -> ValueParser;

/// Arguments that take one of a few words with a meaning, and what reads them: clap does not let a
/// meaning be put in later. An empty command stands for every other one.
const CHOICES: [(&str, &str, Reads); 8] = [
    ("check", "format", values::<check::Format>),
    ("compare", "format", values::<compare::Format>),
    ("sweep", "format", values::<sweep::Format>),
    ("list", "what", values::<list::What>),
    ("explain", "code", values::<explain::Code>),
    ("schema", "which", values::<schema::Which>),
    ("", "format", values::<options::Format>),
    ("", "grain", grain),
];

/// A command with all that its help says, and so its subcommands.
pub fn said(mut command: Command, words: &Words) -> Command {
    let name = command.get_name().to_owned();
    let key = format!("help-{name}");
    if let Some(about) = words.look_up(&key) {
        command = command.about(about);
    }
    if let Some(after) = words.attribute(&key, "after") {
        command = command.after_help(after);
    }
    command
        .mut_args(|argument| argument_said(argument, &name, words))
        .mut_subcommands(|command| said(command, words))
}

fn argument_said(argument: Arg, command: &str, words: &Words) -> Arg {
    let id = argument.get_id().as_str().replace('_', "-");
    let keys = [format!("help-{command}-{id}"), format!("help-{id}")];
    let found = keys.iter().find_map(|key| Some((key, words.look_up(key)?)));
    let Some((key, text)) = found else { return argument };
    let mut choices = CHOICES.iter();
    let choice = choices.find(|(of, name, _)| [command, ""].contains(of) && *name == id);
    match choice {
        Some((.., reads)) => argument.value_parser(reads(words, key)).help(text),
        None => argument.help(text),
    }
}

/// Reads one of a type's values, each with its meaning.
pub fn values<T>(words: &Words, key: &str) -> ValueParser
where
    T: ValueEnum + Send + Sync + 'static,
{
    // What is hidden cannot be typed either; nothing is.
    let value = |it: &T| it.to_possible_value().unwrap_or_else(|| PossibleValue::new(""));
    one_of(T::value_variants(), value, |name| words.attribute(key, name)).into()
}

/// Reads one of some values by its name. `means` is what stands beside a name in the help.
pub fn one_of<T: Clone + Send + Sync + 'static>(
    all: &'static [T],
    value: fn(&T) -> PossibleValue,
    means: impl Fn(&str) -> Option<String>,
) -> impl TypedValueParser<Value = T> {
    let values = all.iter().map(|it| {
        let value = value(it);
        match means(value.get_name()) {
            Some(meaning) => value.help(meaning),
            None => value,
        }
    });
    PossibleValuesParser::new(values).try_map(move |typed| {
        let meant = all.iter().find(|&it| value(it).get_name() == typed).cloned();
        // What is no name of them was refused before.
        meant.ok_or_else(String::new)
    })
}
