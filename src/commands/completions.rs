//! `interleak completions`: what a shell needs to complete commands.

use super::{Failure, Out};
use crate::exit::Exit;
use clap_complete::Shell;

/// What may be typed.
#[derive(clap::Args, Debug)]
pub struct Options {
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command for the whole command line `all`.
pub fn run(options: &Options, mut all: clap::Command, out: &mut Out) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(options.shell, &mut all, "interleak", &mut text);
    out.sink.write_all(&text)?;
    Ok(Exit::AsExpected)
}
