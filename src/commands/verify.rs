//! `interleak verify`: runs a listing as real Python, and compares.

use super::Failure;
use super::load::{self, LoadedScenario, LoadedStrategy};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::python::{self, Job, Subject};
use crate::report::verify::{self, Page};
use rayon::prelude::*;
use std::io::Write;

/// Run a listing as real Python: does it do what its marks say?
#[derive(clap::Args, Debug)]
pub struct Options {
    /// The path of a listing, a shipped strategy, or all
    #[arg(required = true, value_name = "STRATEGY")]
    strategies: Vec<String>,
    /// A shipped scenario, or the path of a scenario file; may be given several times [default:
    /// every shipped scenario]
    #[arg(long = "scenario", value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// So many random orders of each scenario, besides those that show something wrong
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = parse_runs)]
    runs: usize,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Exit, Failure> {
    let strategies = load::strategies(&options.strategies)?;
    let scenarios = load::scenarios(&options.scenarios)?;
    let mut pages = Vec::new();
    let mut exit = Exit::AsExpected;
    for strategy in &strategies {
        let jobs = jobs(strategy, &scenarios, options.runs)?;
        let (name, listing) = (strategy.name.as_str(), &strategy.listing);
        let verified =
            python::verify(&Subject { name, folder: strategy.folder(), listing }, &jobs)?;
        if verified.difference.is_some() {
            exit = exit.and(Exit::Unexpected);
        }
        let scenarios = scenarios.iter().map(|loaded| loaded.name.as_str()).collect();
        let page = Page {
            strategy: name,
            text: &listing.text,
            scenarios,
            jobs: &jobs,
            verified: &verified,
        };
        pages.push(verify::render(&page));
    }
    out.write_all(pages.join("\n").as_bytes())?;
    Ok(exit)
}

/// The orders of each scenario. Its number is the seed, so they are the same everywhere.
fn jobs(
    strategy: &LoadedStrategy,
    scenarios: &[LoadedScenario],
    runs: usize,
) -> Result<Vec<Job>, Problem> {
    let numbered = scenarios.par_iter().enumerate();
    let jobs = numbered.map(|(index, loaded)| {
        let (cast, code) = (loaded.scenario.cast.clone(), strategy.listing.code.clone());
        Job::new(cast, code, loaded.scenario.setting, runs, index as u64).map_err(Problem::new)
    });
    jobs.collect()
}

fn parse_runs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(runs @ 0..=10_000) => Ok(runs),
        _ => Err("a number of orders from 0 to 10,000".into()),
    }
}
