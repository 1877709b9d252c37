//! `interleak check`: every expectation of every scenario, for CI.

use super::asked::{Asking, entries};
use super::bounds::BoundOptions;
use super::load::{self, ExpectedStrategy, LoadedScenario, LoadedStrategy};
use super::{Failure, Out, schema};
use crate::exit::Exit;
use crate::phrase;
use crate::problem::Problem;
use crate::report::check::{Case, Expected, github, json, junit, page};
use std::io;
use std::path::Path;

/// Check every expectation that scenarios state, for CI
#[derive(clap::Args, Debug)]
#[command(after_help = HELP)]
pub struct Options {
    /// Shipped scenarios or paths of scenario files [default: every shipped scenario]
    scenarios: Vec<String>,
    #[command(flatten)]
    bounds: BoundOptions,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// A page for people
    Text,
    /// A document for programs: see `interleak schema check`
    Json,
    /// A test report for CI servers
    Junit,
    /// Annotations for GitHub Actions
    Github,
}

const HELP: &str = "\
A file that is wrong is one broken row; the others are still checked.
docs/CI.md has a workflow to copy.

Exit: 0 all hold, 1 some fail, 2 some are broken, 3 a limit was hit.
The worst counts: 2, then 3, then 1";

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let scenarios = load::each_scenario(&options.scenarios);
    let pairs: Vec<Pair> = scenarios.iter().flat_map(|(name, it)| pairs(name, it)).collect();
    let (limits, bounds) = (options.bounds.limits(), options.bounds.typed());
    let found = pairs.iter().filter_map(|pair| pair.found().ok());
    let questions = found.map(|(scenario, strategy)| Asking::new(scenario, strategy, limits));
    let mut entries = entries(&questions.collect::<Vec<_>>()).into_iter();
    let cases = pairs.iter().filter_map(|pair| {
        let expected = pair.expected();
        Some(match pair.found() {
            Err(problem) => Case::broken(expected, problem),
            Ok(_) => match entries.next()? {
                Err(problem) => Case::broken(expected, &problem),
                Ok(entry) => Case::checked(expected, &entry, &bounds),
            },
        })
    });
    let cases: Vec<Case> = cases.collect();
    let text = match options.format {
        Format::Text => page::render(&cases, out.paper),
        Format::Json => json::render(&cases).map_err(schema::unwritable)?,
        Format::Junit => junit::render(&cases).map_err(io::Error::other)?,
        Format::Github => github::render(&cases),
    };
    out.text(&text)?;
    Ok(cases.iter().map(Case::exit).fold(Exit::AsExpected, Exit::and))
}

/// A scenario that was named, and a strategy that it expects something of.
enum Pair<'a> {
    /// The scenario cannot be read, or expects nothing.
    Scenario(&'a str, Option<&'a Path>, Problem),
    /// What is expected.
    Strategy(&'a LoadedScenario, ExpectedStrategy),
}

fn pairs<'a>(name: &'a str, loaded: &'a Result<LoadedScenario, Problem>) -> Vec<Pair<'a>> {
    let scenario = match loaded {
        Ok(scenario) => scenario,
        Err(problem) => return vec![Pair::Scenario(name, None, problem.clone())],
    };
    let expected = scenario.expected_strategies();
    if expected.is_empty() {
        let problem = Problem::new(phrase!("check-expects-nothing", name = name))
            .help(phrase!("check-expects-nothing-help"));
        return vec![Pair::Scenario(name, scenario.file.as_deref(), problem)];
    }
    expected.into_iter().map(|expected| Pair::Strategy(scenario, expected)).collect()
}

impl Pair<'_> {
    fn found(&self) -> Result<(&LoadedScenario, &LoadedStrategy), &Problem> {
        match self {
            Pair::Scenario(.., problem) => Err(problem),
            Pair::Strategy(scenario, expected) => {
                expected.strategy.as_ref().map(|strategy| (*scenario, strategy))
            }
        }
    }

    fn expected(&self) -> Expected<'_> {
        match self {
            Pair::Scenario(scenario, file, _) => {
                Expected { scenario, strategy: None, file: file.map(shown), line: None }
            }
            Pair::Strategy(scenario, expected) => {
                let file = scenario.file.as_deref().map(shown);
                Expected {
                    scenario: &scenario.name,
                    strategy: Some(&expected.name),
                    line: file.as_ref().map(|_| expected.line),
                    file,
                }
            }
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
