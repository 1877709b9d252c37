//! `interleak replay`: one order, as a diagram.

use super::bounds::SettingOptions;
use super::options::{OnlyOption, StrategyOption};
use super::{Failure, Out, load, save};
use crate::anomalies::facts::Wait;
use crate::anomalies::{Anomaly, Finding};
use crate::exit::Exit;
use crate::model::program::Program;
use crate::model::schedule::{self, MOVES_MAX, Mistake, Run};
use crate::model::step::Blocked;
use crate::phrase;
use crate::problem::Problem;
use crate::replay::driver;
use crate::replay::machine::Machine;
use crate::replay::record::Record;
use crate::report::order;
use crate::scenario::Frequency;
use crate::story::replay::Replay;
use crate::words::Phrase;
use std::path::PathBuf;

/// What may be typed.
#[derive(clap::Args, Debug)]
pub struct Options {
    scenario: String,
    #[command(flatten)]
    strategy: StrategyOption,
    #[arg(
        long,
        value_name = "SCHEDULE",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    schedule: String,
    #[arg(long)]
    to_end: bool,
    #[command(flatten)]
    setting: SettingOptions,
    #[command(flatten)]
    only: OnlyOption,
    #[arg(long, value_name = "FILE.ndjson")]
    log: Option<PathBuf>,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let scenario = load::scenario(&options.scenario)?;
    let strategy = &options.strategy.load("replay")?;
    options.setting.fits(strategy)?;
    if let Some(path) = &options.log {
        save::check(path, &save::LOG_ENDINGS, &[&scenario.file, &strategy.file])?;
    }
    let cast = scenario.scenario.cast.clone();
    let setting = options.setting.setting(&scenario);
    let program =
        Program::new(cast, strategy.listing.code.clone(), setting).map_err(Problem::new)?;
    let typed = &options.schedule;
    let runs = schedule::parse(&program, typed).map_err(|it| mistake(&program, typed, it))?;
    let mut machine = Machine::new(&program);
    let asked = play(&program, &mut machine, typed, &runs)?;
    // Without a schedule there is nothing to stop at.
    if options.to_end || runs.is_empty() {
        driver::finish(&mut machine, &mut driver::FirstLane);
    }
    let record = machine.record();
    let judged = options.only.judged()?;
    let findings = findings(&program, &record, &judged);
    let expected = scenario.expectation(strategy);
    let surprised = findings.iter().any(|(anomaly, _)| {
        expected.as_ref().is_none_or(|expected| expected.of(anomaly.id) == Frequency::Never)
    });
    if let Some(path) = &options.log {
        save::log(path, &program, &record)?;
    }
    let names = (scenario.name.as_str(), strategy.name.as_str());
    let replay = Replay {
        doubts: strategy.listing.doubts.clone(),
        ..Replay::of(names, (&program, &record), &judged, &findings, asked)
    };
    out.text(&order::render(&replay, out.paper))?;
    // Of what was not understood nothing was looked at.
    let doubtful = findings.is_empty() && !replay.doubts.is_empty();
    Ok(match surprised {
        true => Exit::Unexpected,
        false if doubtful => Exit::Inconclusive,
        false => Exit::AsExpected,
    })
}

/// Moves the lanes as asked. Returns how many moves that were.
fn play(
    program: &Program,
    machine: &mut Machine,
    typed: &str,
    runs: &[Run],
) -> Result<usize, Problem> {
    let mut moves = 0;
    for run in runs {
        let times = run.times as usize;
        machine.follow(std::iter::repeat_n(run.lane, times)).map_err(|(index, reason)| {
            stuck(program, machine, typed, run, moves + index + 1, reason)
        })?;
        moves += times;
    }
    Ok(moves)
}

/// Every case of everything that is wrong, kind by kind, in order of appearance.
fn findings(
    program: &Program,
    record: &Record,
    judged: &[&'static Anomaly],
) -> Vec<(&'static Anomaly, Finding)> {
    let all = |&anomaly: &&'static Anomaly| {
        let found = (anomaly.find)(program, record).into_iter();
        found.map(move |finding| (anomaly, finding)).collect::<Vec<_>>()
    };
    judged.iter().flat_map(all).collect()
}

fn stuck(
    program: &Program,
    machine: &Machine,
    typed: &str,
    run: &Run,
    number: usize,
    reason: Blocked,
) -> Problem {
    let movable = machine.movable();
    let names: Vec<&str> = movable.iter().map(|&lane| program.lanes[lane].name.as_str()).collect();
    let help = match names.is_empty() {
        true if machine.is_complete() => phrase!("replay-leave-out"),
        true => phrase!("replay-deadlock-here"),
        false => phrase!("replay-could-move", lanes = Phrase::list(names)),
    };
    let why = match machine.is_complete() {
        true => phrase!("replay-over"),
        false => Wait::of(program, run.lane, reason).phrase(),
    };
    Problem::new(phrase!("replay-does-not-fit", number = number, why = why))
        .at("--schedule", typed, run.typed.clone())
        .label(phrase!("replay-cannot-move"))
        .help(help)
}

fn mistake(program: &Program, typed: &str, mistake: Mistake) -> Problem {
    match mistake {
        Mistake::UnknownLane { name, typed: at } => {
            Problem::new(phrase!("replay-unknown-lane", name = &name))
                .at("--schedule", typed, at)
                .label(match name.is_empty() {
                    true => phrase!("replay-no-space"),
                    false => phrase!("replay-no-lane"),
                })
                .known(&name, program.lanes.iter().map(|lane| lane.name.as_str()))
        }
        Mistake::TooMany { typed: at } => {
            Problem::new(phrase!("replay-too-many", most = MOVES_MAX))
                .at("--schedule", typed, at)
                .label(phrase!("replay-too-many-from-here"))
                .help(phrase!("replay-too-many-help"))
        }
        Mistake::BadTimes { times, typed: at } => {
            Problem::new(phrase!("replay-bad-times", times = times))
                .at("--schedule", typed, at)
                .label(phrase!("replay-whole-number"))
                .help(phrase!("replay-times-help"))
        }
    }
}
