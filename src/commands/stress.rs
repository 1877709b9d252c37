//! `interleak stress`: the strategy on real threads, beside what the explorer says.

use super::progress::Progress;
use super::{Failure, Out, load, schema};
use crate::anomalies::ANOMALIES;
use crate::exit::Exit;
use crate::explore::engine::WantedOrders;
use crate::explore::estimate::Estimate;
use crate::explore::walk::Limits;
use crate::model::program::{Grain, Setting};
use crate::phrase;
use crate::platform;
use crate::problem::Problem;
use crate::report::stress::{Stressed, json, page};
use crate::stress::{Cut, Plan, stress};
use crate::twins;
use crate::verdict::{self, Deep, Question};
use std::time::{Duration, Instant};

/// The part of all time in which the orders are explored, before the first run.
const EXPLORING_PART: u32 = 4;

/// Run a strategy on real threads and count how often it goes wrong
#[derive(clap::Args, Debug)]
#[command(after_help = HELP)]
pub struct Options {
    /// A shipped scenario, or the path of a scenario file
    scenario: String,
    /// A shipped strategy [default: global]
    #[arg(short, long, value_name = "STRATEGY")]
    strategy: Option<String>,
    /// How many runs
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    runs: u64,
    /// Stop after so many seconds, also with fewer runs or orders
    #[arg(long, value_name = "T", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// The longest that the assistant thinks, in microseconds
    #[arg(long, value_name = "US", default_value_t = 300, value_parser = clap::value_parser!(u64).range(0..=10_000_000))]
    infer_us: u64,
    /// What the waiting times are drawn from
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    bounds: super::bounds::BoundOptions,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// A page for people
    Text,
    /// A document for programs: see `interleak schema stress`
    Json,
}

const HELP: &str = "\
Exit: 0 nothing contradicts the explorer, whether something goes wrong or not,
1 a contradiction, 2 bad input, 3 a limit was hit";

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let scenario = load::scenario(&options.scenario)?;
    let named: Vec<String> = options.strategy.iter().cloned().collect();
    let strategies = load::strategies(&named)?;
    let [strategy] = strategies.as_slice() else {
        return Err(Problem::new(phrase!("stress-one-strategy")).into());
    };
    let Some(open) = twins::opener(&strategy.name) else {
        let what = phrase!("stress-no-twin", strategy = &strategy.name);
        return Err(Problem::new(what).help(phrase!("stress-no-twin-help")).into());
    };
    let (start, time_max) = (Instant::now(), Duration::from_secs(options.seconds));
    platform::interruptible();
    let question = Question {
        scenario: &scenario.scenario,
        code: &strategy.listing.code,
        setting: Setting { grain: Grain::Access, ..Setting::default() },
        anomalies: ANOMALIES,
        limits: Limits {
            until: Some(start + time_max / EXPLORING_PART),
            ..options.bounds.limits()
        },
        orders: WantedOrders::None,
        deep: Deep::Skip,
        sampling: None,
    };
    let estimate = Estimate::new(&verdict::build(&question)?);
    let progress = Progress::start();
    let verdict = verdict::judge(&question, &|doing| progress.doing(&estimate, &doing))?;
    drop(progress);
    let plan = Plan {
        program: &verdict.program,
        open,
        runs: options.runs,
        until: start + time_max,
        infer_us: options.infer_us,
        seed: options.seed,
    };
    let progress = Progress::start();
    let seen = stress(&plan, ANOMALIES, &|runs| progress.runs(runs, options.runs));
    drop(progress);
    let names = (scenario.name.as_str(), strategy.name.as_str());
    let limit_ignored = scenario.scenario.setting.limit.is_some();
    let stressed = Stressed::of(names, limit_ignored, &verdict, &plan, &seen);
    let text = match options.format {
        Format::Text => page::render(&stressed, out.paper),
        Format::Json => json::render(&stressed).map_err(schema::unwritable)?,
    };
    out.text(&text)?;
    let interrupted = seen.cut == Some(Cut::Interrupted);
    let partial = verdict.stopped.is_some() || seen.runs == 0 || interrupted;
    Ok(match (stressed.contradicted, partial) {
        (true, _) => Exit::Unexpected,
        (false, true) => Exit::Inconclusive,
        (false, false) => Exit::AsExpected,
    })
}
