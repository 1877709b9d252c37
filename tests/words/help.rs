//! `--help` is said by the catalogue, all of it.

use crate::source::{Message, catalogue};
use clap::{Arg, Command};
use interleak::cli::Cli;
use interleak::words::{ENGLISH, Words};
use std::collections::{BTreeMap, BTreeSet};

type Catalogue = BTreeMap<String, Message>;

/// The keys that a command's help is said with, those of its subcommands, and what has none.
fn keys(command: &Command, catalogue: &Catalogue) -> (BTreeSet<String>, Vec<String>) {
    let (mut used, mut missing) = (BTreeSet::new(), Vec::new());
    let mut wants = |key: String, told: Option<String>| {
        if !catalogue.contains_key(&key) || told.is_none() {
            missing.push(key.clone());
        }
        used.insert(key);
    };
    let name = command.get_name();
    let text = |told: Option<&clap::builder::StyledStr>| told.map(|told| told.to_string());
    wants(format!("help-{name}"), text(command.get_about()));
    if command.get_after_help().is_some() {
        wants(format!("help-{name}.after"), text(command.get_after_help()));
    }
    for argument in command.get_arguments() {
        let key = key(name, argument, catalogue);
        wants(key.clone(), text(argument.get_help()));
        let values = argument.get_possible_values();
        // Names of servers and shells say enough.
        if values.iter().any(|value| value.get_help().is_some()) {
            for value in values {
                wants(format!("{key}.{}", value.get_name()), text(value.get_help()));
            }
        }
    }
    for command in command.get_subcommands() {
        let (more, without) = keys(command, catalogue);
        used.extend(more);
        missing.extend(without);
    }
    (used, missing)
}

fn key(command: &str, argument: &Arg, catalogue: &Catalogue) -> String {
    let id = argument.get_id().as_str().replace('_', "-");
    let own = format!("help-{command}-{id}");
    if catalogue.contains_key(&own) { own } else { format!("help-{id}") }
}

#[test]
fn every_command_argument_and_value_has_its_key_and_none_is_unused() {
    let catalogue = catalogue(&ENGLISH);
    let (used, missing) = keys(&Cli::spoken(Words::english()), &catalogue);
    assert!(missing.is_empty(), "nothing is said of {missing:?}");
    let is_help = |key: &&String| key.starts_with("help-") && !key.starts_with("help-exit-");
    let unused: Vec<&String> =
        catalogue.keys().filter(is_help).filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "nobody is helped by {unused:?}");
}

/// Otherwise it would be said in English in every language.
#[test]
fn no_help_stands_in_the_source() {
    let silent = Cli::spoken(&Words::read("en", &[]));
    let mut commands = vec![&silent];
    while let Some(command) = commands.pop() {
        assert!(command.get_after_help().is_none(), "{}", command.get_name());
        for argument in command.get_arguments() {
            let values = argument.get_possible_values();
            let told =
                argument.get_help().is_some() || values.iter().any(|it| it.get_help().is_some());
            assert!(!told, "{} {}", command.get_name(), argument.get_id());
        }
        commands.extend(command.get_subcommands());
    }
}

/// The check itself can fail.
#[test]
fn what_has_no_help_is_noticed() {
    let command = Command::new("new").arg(Arg::new("max_ms").help("so long"));
    let catalogue = catalogue(&["help-max-ms = so long"]);
    let (used, missing) = keys(&command, &catalogue);
    assert_eq!(missing, ["help-new"]);
    assert!(used.contains("help-max-ms"));
}
