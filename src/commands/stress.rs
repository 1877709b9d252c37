//! `interleak stress`: the strategy on real threads, beside what the explorer says.

use super::options::{FormatOption, StrategyOption};
use super::progress::Progress;
use super::{Failure, Out, load};
use crate::anomalies::ANOMALIES;
use crate::exit::Exit;
use crate::explore::estimate::Estimate;
use crate::explore::walk::Limits;
use crate::model::program::{Grain, Setting};
use crate::platform;
use crate::problem::Problem;
use crate::report;
use crate::stress::{Cut, Plan, stress};
use crate::twins;
use crate::verdict::{self, Question};
use std::time::{Duration, Instant};

/// The part of all time in which the orders are explored, before the first run.
const EXPLORING_PART: u32 = 4;

/// Run a strategy on real threads and count how often it goes wrong
#[derive(clap::Args, Debug)]
#[command(after_help = HELP)]
#[command(mut_arg("strategy", |it| it.help("A shipped strategy [default: global]")))]
pub struct Options {
    /// A shipped scenario, or the path of a scenario file
    scenario: String,
    #[command(flatten)]
    strategy: StrategyOption,
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
    #[command(flatten)]
    format: FormatOption,
}

const HELP: &str = "\
Exit: 0 nothing contradicts the explorer, whether something goes wrong or not,
1 a contradiction, 2 bad input, 3 a limit was hit";

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let scenario = load::scenario(&options.scenario)?;
    let strategy = &options.strategy.load("stress")?;
    let Some(open) = twins::opener(&strategy.name) else {
        let what = format!("{} has no implementation on real threads", strategy.name);
        let help = "`interleak explain` says of a strategy why it has none";
        return Err(Problem::new(what).help(help).into());
    };
    let (start, time_max) = (Instant::now(), Duration::from_secs(options.seconds));
    platform::interruptible();
    let until = Some(start + time_max / EXPLORING_PART);
    let limits = Limits { until, ..options.bounds.limits() };
    let question = Question {
        setting: Setting { grain: Grain::Access, ..Setting::default() },
        ..Question::new(&scenario.scenario, &strategy.listing.code, limits)
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
    let paper = out.paper;
    let stressed = report::stress::Stressed {
        scenario_name: &scenario.name,
        strategy_name: &strategy.name,
        limited: scenario.scenario.setting.limit.is_some(),
        verdict: &verdict,
        plan: &plan,
        seen: &seen,
    };
    let page = || report::stress::render(&stressed, paper);
    options.format.print(out, page, || report::stress::json::render(&stressed))?;
    let interrupted = seen.cut == Some(Cut::Interrupted);
    let partial = verdict.stopped.is_some() || seen.runs == 0 || interrupted;
    Ok(match (stressed.is_contradicted(), partial) {
        (true, _) => Exit::Unexpected,
        (false, true) => Exit::Inconclusive,
        (false, false) => Exit::AsExpected,
    })
}
