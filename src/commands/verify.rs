//! `interleak verify`: runs a listing as real Python, and compares.

use super::load::{self, LoadedScenario, LoadedStrategy, Named};
use super::options::FormatOption;
use super::progress::Progress;
use super::{Failure, Out};
use crate::exit::Exit;
use crate::platform;
use crate::problem::Problem;
use crate::python::limits::Limits;
use crate::python::{self, Job, Python, Subject};
use crate::report::verify::{Ran, Verification, json, page};
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
    #[command(flatten)]
    format: FormatOption,
}

const HELP: &str = "\
`interleak run` never executes Python; `verify` does, with limits, which are no
sandbox. The file runs in a process of its own, in an empty folder, without your
environment, within bounds of time, memory, files and what it prints. But it can
read your files and use the network: do not run here what you would not run with
python3. docs/LISTINGS.md has all limits. Of several listings, one that cannot
be run is said to be broken, and the others are still run.

Exit: 0 the same, 1 a difference, 2 bad input, 3 stopped before it was done";

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let strategies = load::each_strategy(&options.strategies);
    let scenarios = load::scenarios(&options.scenarios)?;
    // What is wrong with the only one is told before Python is looked for.
    if let [(_, Err(problem))] = strategies.as_slice() {
        return Err(problem.clone().into());
    }
    let limits = Limits { time_max: Duration::from_secs(options.seconds) };
    platform::interruptible();
    let (results, not_begun) = match Python::find(limits.time_max) {
        Err(_) if platform::is_interrupted() => (Vec::new(), strategies.len()),
        found => {
            let verifier = Verifier { python: found?, scenarios, limits, runs: options.runs };
            verifier.all(&strategies)?
        }
    };
    let paper = out.paper;
    let page = || page::render(&results, not_begun, paper);
    options.format.print(out, page, || json::render(&results, not_begun))?;
    let partial = if not_begun > 0 { Exit::Inconclusive } else { Exit::AsExpected };
    Ok(results.iter().map(Verification::exit).fold(partial, Exit::and))
}

/// How strategies are run.
struct Verifier {
    python: Python,
    scenarios: Vec<LoadedScenario>,
    limits: Limits,
    runs: usize,
}

impl Verifier {
    /// What came of each strategy, and how many were not begun. One that cannot be run among several
    /// does not keep the others waiting.
    fn all(&self, strategies: &[Named]) -> Result<(Vec<Verification>, usize), Problem> {
        let progress = Progress::start();
        let mut results = Vec::new();
        for (begun, (name, loaded)) in strategies.iter().enumerate() {
            if begun > 0 && platform::is_interrupted() {
                break;
            }
            let strategy = loaded.as_ref().map_err(Problem::clone);
            results.push(match strategy.and_then(|strategy| self.one(strategy, &progress)) {
                Err(problem) if strategies.len() == 1 => return Err(problem),
                Err(problem) => Verification::broken(name, &problem),
                Ok(result) => result,
            });
        }
        let not_begun = strategies.len() - results.len();
        Ok((results, not_begun))
    }

    fn one(&self, strategy: &LoadedStrategy, progress: &Progress) -> Result<Verification, Problem> {
        let (name, listing) = (strategy.name.as_str(), &strategy.listing);
        progress.python(name, None);
        let jobs = jobs(strategy, &self.scenarios, self.runs)?;
        let asked = jobs.iter().map(|job| job.orders.len()).sum();
        let subject = Subject { name, folder: strategy.folder(), listing };
        let tell = |ran| progress.python(name, Some((ran, asked)));
        let verified = python::verify(&self.python, &subject, &jobs, &self.limits, &tell)?;
        let scenarios = self.scenarios.iter().map(|loaded| loaded.name.as_str()).collect();
        let ran = Ran { strategy: name, text: &listing.text, scenarios, jobs: &jobs };
        Ok(Verification::of(&ran, &verified))
    }
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
