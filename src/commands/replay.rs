//! `interleak replay`: one order, as a diagram.

use super::asked::judged;
use super::bounds::SettingOptions;
use super::{Failure, Out, load, save};
use crate::anomalies::deadlock::waits;
use crate::anomalies::{Anomaly, Finding};
use crate::exit::Exit;
use crate::model::program::Program;
use crate::model::schedule::{self, MOVES_MAX, Mistake, Run};
use crate::model::step::Blocked;
use crate::problem::Problem;
use crate::replay::driver;
use crate::replay::machine::Machine;
use crate::replay::record::Record;
use crate::report::numbers::count;
use crate::report::order;
use crate::scenario::Frequency;
use crate::story::replay::Replay;
use std::path::PathBuf;

/// Show one order of a scenario, step by step
#[derive(clap::Args, Debug)]
#[command(after_help = super::JUDGES)]
pub struct Options {
    /// A shipped scenario, or the path of a scenario file
    scenario: String,
    /// A shipped strategy, or the path of a listing [default: global]
    #[arg(short, long, value_name = "STRATEGY")]
    strategy: Option<String>,
    /// The order in which lanes move, as `interleak run` prints it: "alice*2 bob*4"
    #[arg(
        long,
        value_name = "SCHEDULE",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    schedule: String,
    /// Go on where the schedule ends: the first lane that can move does so, to the end of the run
    #[arg(long)]
    to_end: bool,
    #[command(flatten)]
    setting: SettingOptions,
    /// Judge only this anomaly; may be given several times
    #[arg(long, value_name = "ANOMALY", value_delimiter = ',')]
    only: Vec<String>,
    /// Also write the order as a log, for `interleak diagnose`; replaces the file
    #[arg(long, value_name = "FILE.ndjson")]
    log: Option<PathBuf>,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let scenario = load::scenario(&options.scenario)?;
    let named: Vec<String> = options.strategy.iter().cloned().collect();
    let strategies = load::strategies(&named)?;
    let [strategy] = strategies.as_slice() else {
        return Err(Problem::new("replay shows one strategy at a time").into());
    };
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
    let judged = judged(&options.only)?;
    let findings = findings(&program, &record, &judged);
    let expected = scenario.expectation(strategy);
    let surprised = findings.iter().any(|(anomaly, _)| {
        expected.as_ref().is_none_or(|expected| expected.of(anomaly.id) == Frequency::Never)
    });
    if let Some(path) = &options.log {
        save::log(path, &program, &record)?;
    }
    let names = (scenario.name.as_str(), strategy.name.as_str());
    let replay = Replay::of(names, (&program, &record), &judged, &findings, asked);
    out.text(&order::render(&replay, out.paper))?;
    Ok(if surprised { Exit::Unexpected } else { Exit::AsExpected })
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
        true if machine.is_complete() => "leave this move out: every lane is through".into(),
        true => "nobody can move here: this order ends in a deadlock".into(),
        false => format!("who could move here: {}", names.join(", ")),
    };
    let why =
        if machine.is_complete() { "the run is over" } else { &waits(program, run.lane, reason) };
    Problem::new(format!("this schedule does not fit at move {number}: {why}"))
        .at("--schedule", typed, run.typed.clone())
        .label("cannot move")
        .help(help)
}

fn mistake(program: &Program, typed: &str, mistake: Mistake) -> Problem {
    match mistake {
        Mistake::UnknownLane { name, typed: at } => Problem::new(format!("unknown lane {name}"))
            .at("--schedule", typed, at)
            .label(if name.is_empty() {
                "no space before *: alice*2"
            } else {
                "no lane has this name"
            })
            .known(&name, program.lanes.iter().map(|lane| lane.name.as_str())),
        Mistake::TooMany { typed: at } => {
            let most = count(MOVES_MAX);
            Problem::new(format!("a schedule of more than {most} moves"))
                .at("--schedule", typed, at)
                .label("too many from here on")
                .help("a run is over long before that; leave out what comes too late")
        }
        Mistake::BadTimes { times, typed: at } => {
            Problem::new(format!("`{times}` is not a number of moves"))
                .at("--schedule", typed, at)
                .label("a whole number from 1 on")
                .help("write alice, or alice*2 to move alice twice")
        }
    }
}
