//! `interleak schema`: the JSON Schemas of the file formats.

use super::Failure;
use crate::exit::Exit;
use crate::{report, scenario};
use std::io::{self, Write};

/// Print the JSON Schema of a scenario, of a report, or of both
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Which schema [default: both, in one object]
    #[arg(value_enum)]
    which: Option<Which>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Which {
    /// A scenario file
    Scenario,
    /// What `interleak run --format json` prints
    Report,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Exit, Failure> {
    let (scenario, report) = (scenario::schema(), report::json::schema());
    let schema = match options.which {
        Some(Which::Scenario) => scenario.to_value(),
        Some(Which::Report) => report.to_value(),
        None => serde_json::json!({ "scenario": scenario.to_value(), "report": report.to_value() }),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(unwritable)?;
    out.write_all((text + "\n").as_bytes())?;
    Ok(Exit::AsExpected)
}

/// A document that cannot be written down.
pub fn unwritable(error: serde_json::Error) -> Failure {
    Failure::Output(io::Error::other(error))
}
