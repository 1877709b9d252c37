//! `interleak verify`: runs a listing as real Python, and compares.

use super::Failure;
use super::load;
use crate::exit::Exit;
use crate::model::program::{Grain, Program, Setting};
use crate::problem::Problem;
use crate::python::{self, Job, Subject};
use crate::report::verify::{self, Page};
use rayon::prelude::*;
use std::io::Write;

/// Run a listing as real Python: does it do what its marks say?
#[derive(clap::Args, Debug)]
pub struct Options {
    /// The path of a listing, or a shipped strategy
    strategy: String,
    /// A shipped scenario, or the path of a scenario file; may be given several times [default:
    /// every shipped scenario]
    #[arg(long = "scenario", value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// So many random orders of each scenario, besides those that show something wrong
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(0..=10_000))]
    runs: u16,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Exit, Failure> {
    let strategy = load::strategy(&options.strategy)?;
    let scenarios = load::scenarios(&options.scenarios)?;
    let jobs: Vec<Job> = scenarios
        .par_iter()
        .enumerate()
        .map(|(index, loaded)| {
            let setting = Setting { grain: Grain::Line, limit: loaded.scenario.limit };
            let cast = loaded.scenario.cast.clone();
            let program = Program::new(cast, strategy.listing.code.clone(), setting);
            Ok(Job::new(program.map_err(Problem::new)?, options.runs.into(), index as u64))
        })
        .collect::<Result<_, Problem>>()?;
    let subject =
        Subject { name: &strategy.name, folder: strategy.folder(), listing: &strategy.listing };
    let verified = python::verify(&subject, &jobs)?;
    let page = Page {
        strategy: &strategy.name,
        text: &strategy.listing.text,
        scenarios: scenarios.iter().map(|loaded| loaded.name.as_str()).collect(),
        jobs: &jobs,
        verified: &verified,
    };
    out.write_all(verify::render(&page).as_bytes())?;
    Ok(match verified.difference {
        Some(_) => Exit::Unexpected,
        None => Exit::AsExpected,
    })
}
