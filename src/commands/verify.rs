//! `interleak verify`: runs a listing as real Python, and compares.

use super::load::{self, LoadedScenario, LoadedStrategy};
use super::progress::Progress;
use super::{Failure, Out};
use crate::exit::Exit;
use crate::platform;
use crate::problem::Problem;
use crate::python::limits::Limits;
use crate::python::{self, Job, Python, Subject};
use crate::report::verify::{self, Page};
use rayon::prelude::*;
use std::time::Duration;

/// Run a listing as real Python: does it do what its marks say?
#[derive(clap::Args, Debug)]
#[command(after_help = HELP)]
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
    /// Stop Python after so many seconds for each strategy
    #[arg(long, value_name = "T", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
}

const HELP: &str = "\
`interleak run` never executes Python; `verify` does, with limits, which are no
sandbox. The file runs in a process of its own, in an empty folder, without your
environment, within bounds of time, memory, files and what it prints. But it can
read your files and use the network: do not run here what you would not run with
python3. docs/LISTINGS.md has all limits.

Exit: 0 the same, 1 a difference, 2 bad input, 3 stopped before it was done";

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let strategies = load::strategies(&options.strategies)?;
    let scenarios = load::scenarios(&options.scenarios)?;
    let limits = Limits { time_max: Duration::from_secs(options.seconds) };
    platform::interruptible();
    let python = match Python::find(limits.time_max) {
        Err(_) if platform::is_interrupted() => {
            let page = verify::not_begun(strategies.len()).unwrap_or_default();
            out.text(&page)?;
            return Ok(Exit::Inconclusive);
        }
        found => found?,
    };
    let progress = Progress::start();
    let mut pages = Vec::new();
    let mut exit = Exit::AsExpected;
    for (begun, strategy) in strategies.iter().enumerate() {
        let (name, listing) = (strategy.name.as_str(), &strategy.listing);
        progress.python(name, None);
        let jobs = jobs(strategy, &scenarios, options.runs)?;
        let asked = jobs.iter().map(|job| job.orders.len()).sum();
        let subject = Subject { name, folder: strategy.folder(), listing };
        let tell = |ran| progress.python(name, Some((ran, asked)));
        let verified = python::verify(&python, &subject, &jobs, &limits, &tell)?;
        let scenarios = scenarios.iter().map(|loaded| loaded.name.as_str()).collect();
        let page = Page {
            strategy: name,
            text: &listing.text,
            scenarios,
            jobs: &jobs,
            verified: &verified,
        };
        pages.push(verify::render(&page, out.columns));
        exit = exit.and(match (&verified.difference, verified.stopped) {
            (Some(_), _) => Exit::Unexpected,
            (None, Some(_)) => Exit::Inconclusive,
            (None, None) => Exit::AsExpected,
        });
        let left = strategies.len() - begun - 1;
        if platform::is_interrupted() && left > 0 {
            pages.extend(verify::not_begun(left));
            exit = exit.and(Exit::Inconclusive);
            break;
        }
    }
    drop(progress);
    out.text(&pages.join("\n"))?;
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
