//! `interleak schema`: the JSON Schemas of the file formats.

use super::{Failure, Out};
use crate::exit::Exit;
use crate::{report, scenario};
use clap::ValueEnum;
use schemars::Schema;
use std::io;

/// What may be typed.
#[derive(clap::Args, Debug)]
pub struct Options {
    #[arg(value_enum)]
    which: Option<Which>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Scenario,
    Report,
    Comparison,
    Sweep,
    Diagnosis,
    Check,
    Verification,
    Stress,
    List,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let all: [(Which, fn() -> Schema); 9] = [
        (Which::Scenario, scenario::schema),
        (Which::Report, report::json::schema),
        (Which::Comparison, report::compare::json::schema),
        (Which::Sweep, report::sweep::table::schema),
        (Which::Diagnosis, report::diagnosis::schema),
        (Which::Check, report::check::json::schema),
        (Which::Verification, report::verify::json::schema),
        (Which::Stress, report::stress::json::schema),
        (Which::List, report::list::schema),
    ];
    let name = |which: Which| which.to_possible_value().map(|value| value.get_name().to_owned());
    let schema = match options.which {
        Some(which) => {
            all.iter().find(|(known, _)| *known == which).map(|(_, schema)| schema().to_value())
        }
        None => Some(
            all.iter()
                .filter_map(|(which, schema)| Some((name(*which)?, schema().to_value())))
                .collect(),
        ),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(unwritable)?;
    out.text(&(text + "\n"))?;
    Ok(Exit::AsExpected)
}

/// A document that cannot be written down.
pub fn unwritable(error: serde_json::Error) -> Failure {
    Failure::Output(io::Error::other(error))
}
