//! `interleak run`: explores every order and shows the ones that go wrong.

use super::load::{self, LoadedScenario, LoadedStrategy};
use super::progress::Progress;
use super::{Failure, schema};
use crate::anomalies::{self, ANOMALIES, Anomaly};
use crate::exit::Exit;
use crate::explore::walk::Limits;
use crate::listing::Listing;
use crate::model::program::{Grain, Setting};
use crate::problem::Problem;
use crate::report::{self, Contrast, Entry};
use crate::strategy::STRATEGIES;
use crate::verdict::{self, Question};
use rayon::prelude::*;
use std::io::Write;

/// States that a walk keeps unless told otherwise.
pub const STATES_MAX: usize = 20_000_000;

/// Explore every order of a scenario and show the ones that go wrong
#[derive(clap::Args, Debug)]
pub struct Options {
    /// A shipped scenario, or the path of a scenario file
    scenario: String,
    /// A shipped strategy, the path of a listing, or all [default: global]
    #[arg(short, long = "strategy", value_name = "STRATEGY")]
    strategies: Vec<String>,
    #[command(flatten)]
    setting: SettingOptions,
    /// Judge only this anomaly; may be given several times
    #[arg(long, value_name = "ANOMALY", value_delimiter = ',')]
    only: Vec<String>,
    /// Also show so many example orders, spread over all of them
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = parse_show)]
    show: usize,
    #[command(flatten)]
    bounds: BoundOptions,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a scenario is run
#[derive(clap::Args, Debug)]
pub struct SettingOptions {
    /// How much of a lane is one step
    #[arg(long, value_enum, default_value_t = GrainName::Access)]
    grain: GrainName,
    /// At most N requests inside handlers at once [default: what the scenario says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: Option<u16>,
}

/// How far an exploration may go
#[derive(clap::Args, Debug)]
pub struct BoundOptions {
    /// Stop after so many states, and say so
    #[arg(long, value_name = "N", default_value_t = STATES_MAX, value_parser = parse_states)]
    max_states: usize,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// A page for people
    Text,
    /// A document for programs: see `interleak schema report`
    Json,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum GrainName {
    /// One shared access and the local lines after it
    Access,
    /// Every annotated line
    Line,
    /// Up to the next wait for the assistant, as in async code
    Await,
    /// A whole request
    Turn,
}

impl SettingOptions {
    /// What was typed, with what the scenario says.
    pub fn setting(&self, scenario: &LoadedScenario) -> Setting {
        let grain = match self.grain {
            GrainName::Access => Grain::Access,
            GrainName::Line => Grain::Line,
            GrainName::Await => Grain::Await,
            GrainName::Turn => Grain::Turn,
        };
        Setting { grain, limit: self.limit.map(usize::from).or(scenario.scenario.limit) }
    }
}

impl BoundOptions {
    /// What was typed.
    pub fn limits(&self) -> Limits {
        Limits { states_max: self.max_states }
    }
}

fn parse_states(text: &str) -> Result<usize, String> {
    let digits = text.replace(['_', ','], "");
    match digits.parse() {
        Ok(states @ 1..=1_000_000_000) => Ok(states),
        _ => Err("a number of states from 1 to 1,000,000,000".into()),
    }
}

fn parse_show(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(orders @ 0..=1000) => Ok(orders),
        _ => Err("a number of orders from 0 to 1,000".into()),
    }
}

/// Runs the command.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Exit, Failure> {
    let scenario = load::scenario(&options.scenario)?;
    let strategies = load::strategies(&options.strategies)?;
    let judged = judged(&options.only)?;
    let asked = Asked {
        setting: options.setting.setting(&scenario),
        anomalies: &judged,
        limits: options.bounds.limits(),
        examples: options.show,
    };
    let progress = Progress::start("exploring", "states", None);
    let entries: Vec<Entry> = strategies
        .par_iter()
        .map(|strategy| asked.entry(&scenario, strategy, &progress))
        .collect::<Result<_, _>>()?;
    drop(progress);
    let text = match options.format {
        Format::Text => report::run::render(&entries, options.show),
        Format::Json => report::json::render(&entries).map_err(schema::unwritable)?,
    };
    out.write_all(text.as_bytes())?;
    let exits = entries.iter().map(|entry| entry.verdict.exit(&entry.surprises));
    Ok(exits.fold(Exit::AsExpected, Exit::and))
}

/// The anomalies to judge: those named, in the order of the registry, or all.
pub fn judged(only: &[String]) -> Result<Vec<&'static Anomaly>, Problem> {
    for name in only {
        if anomalies::named(name).is_none() {
            let problem = Problem::new(format!("unknown anomaly {name}"));
            return Err(problem.known(name, anomalies::names()));
        }
    }
    let wanted = |anomaly: &&Anomaly| only.is_empty() || only.iter().any(|name| name == anomaly.id);
    Ok(ANOMALIES.iter().copied().filter(wanted).collect())
}

/// What is asked of each scenario × strategy.
pub struct Asked<'a> {
    /// How it is run.
    pub setting: Setting,
    /// What is judged.
    pub anomalies: &'a [&'static Anomaly],
    /// How far to go.
    pub limits: Limits,
    /// How many examples to draw.
    pub examples: usize,
}

impl Asked<'_> {
    /// Explores one scenario × strategy.
    pub fn entry<'s>(
        &self,
        scenario: &'s LoadedScenario,
        strategy: &'s LoadedStrategy,
        progress: &Progress,
    ) -> Result<Entry<'s>, Problem> {
        let question = Question {
            scenario: &scenario.scenario,
            code: &strategy.listing.code,
            setting: self.setting,
            anomalies: self.anomalies,
            limits: self.limits,
            examples: self.examples,
        };
        let verdict = verdict::judge(&question, &|states| progress.set(states as u64))?;
        let expected = scenario.expectation(strategy);
        let own = Setting { grain: Grain::default(), limit: scenario.scenario.limit };
        let surprises = verdict.surprises(expected.as_ref(), self.setting == own);
        // A remark speaks of the whole verdict at the scenario's own setting.
        let whole = self.setting == own
            && verdict.stopped.is_none()
            && self.anomalies.len() == ANOMALIES.len();
        let clean = verdict.found().next().is_none() && verdict.stopped.is_none();
        let contrast = if clean { self.contrast(&question, &strategy.name) } else { None };
        Ok(Entry {
            scenario_name: &scenario.name,
            scenario: &scenario.scenario,
            strategy_name: &strategy.name,
            setting: self.setting,
            expected,
            surprises,
            remark: scenario.remark(strategy).filter(|_| whole),
            contrast,
            next: next(scenario, &strategy.name, clean),
            verdict,
        })
    }

    /// Another strategy for which the same check finds something.
    fn contrast(&self, question: &Question, strategy: &str) -> Option<Contrast> {
        let others = STRATEGIES.iter().filter(|other| other.name != strategy);
        others.into_iter().find_map(|other| {
            let listing = Listing::parse(other.name, other.listing).ok()?;
            let question = Question { code: &listing.code, ..question.clone() };
            let anomaly = verdict::contrast(&question)?;
            Some(Contrast { strategy: other.name, verb: anomaly.verb })
        })
    }
}

/// What to look at next: after a fault the first strategy that is expected to be free of it, in
/// lesson order from here on; after a clean run the next lesson.
fn next(scenario: &LoadedScenario, strategy: &str, clean: bool) -> Option<&'static str> {
    let here = STRATEGIES.iter().position(|known| known.name == strategy);
    let later = STRATEGIES.iter().skip(here.map_or(0, |here| here + 1));
    if clean {
        return here.and_then(|_| later.into_iter().next()).map(|next| next.name);
    }
    let expected_clean = |name: &str| {
        scenario
            .scenario
            .expect
            .iter()
            .any(|(known, expected)| known == name && expected.is_clean())
    };
    let repaired = later.into_iter().find(|later| expected_clean(later.name));
    repaired.map(|repaired| repaired.name)
}
