//! `interleak sweep`: a scenario that grows, and what that does to its strategies.

use super::asked::{SMALL, anomaly, side_by_side};
use super::bounds::{BoundOptions, SettingOptions};
use super::compare::{possible, readable};
use super::load::{self, LoadedStrategy};
use super::options::StrategyOptions;
use super::progress::Progress;
use super::values::{self, Values};
use super::{Failure, Out, save, schema};
use crate::anomalies::Anomaly;
use crate::exit::Exit;
use crate::explore::estimate::Estimate;
use crate::explore::graph::Stopped;
use crate::explore::walk::Limits;
use crate::model::cast::{LANES_MAX, MS_MAX, TURNS_MAX};
use crate::model::program::{Program, Setting};
use crate::phrase;
use crate::platform;
use crate::problem::Problem;
use crate::report::chart;
use crate::report::compare::Price;
use crate::report::sweep::{About, Axis, Curve, Found, Point, Sweep, page, picture, table};
use crate::scenario::{Scenario, grown};
use crate::timing;
use crate::verdict::{self, Question, Verdict};
use crate::words::Phrase;
use rayon::prelude::*;
use std::io;
use std::path::PathBuf;

/// The most states of one point, unless told otherwise: a picture should not take minutes.
const STATES_MAX: usize = SMALL.states_max;

/// What may be typed.
#[derive(clap::Args, Debug)]
#[command(group = clap::ArgGroup::new("axis").required(true))]
pub struct Options {
    scenario: String,
    #[command(flatten)]
    named: StrategyOptions,
    #[arg(long, value_name = "2..8", value_parser = values::parse, allow_hyphen_values = true, group = "axis")]
    lanes: Option<Values>,
    #[arg(long, value_name = "1..6", value_parser = values::parse, allow_hyphen_values = true, group = "axis")]
    turns: Option<Values>,
    #[arg(long, value_name = "100,500", value_parser = values::parse, allow_hyphen_values = true, group = "axis")]
    infer_ms: Option<Values>,
    #[arg(long, value_name = "ANOMALY", default_value = "context-leak")]
    only: String,
    #[command(flatten)]
    setting: SettingOptions,
    #[command(flatten)]
    bounds: BoundOptions,
    #[arg(long, value_name = "FILE.svg")]
    svg: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(super) enum Format {
    Text,
    Json,
    Csv,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let scenario = load::scenario(&options.scenario)?;
    let (strategies, mut left_out) = readable(load::each_strategy(&options.named.or_lesson()))?;
    let strategies = load::in_lesson_order(strategies);
    let anomaly = anomaly(&options.only)?;
    let (axis, values) = options.axis();
    in_range(&scenario.scenario, axis, &values)?;
    if let Some(path) = &options.svg {
        let listings = strategies.iter().map(|strategy| &strategy.file);
        let read: Vec<_> = listings.chain([&scenario.file]).collect();
        save::check(path, &["svg"], &read)?;
    }
    let sweeping = Sweeping {
        scenario: &scenario.scenario,
        setting: options.setting.setting(&scenario),
        axis,
        values: &values,
        anomalies: &[anomaly],
        limits: options.bounds.limits_or(STATES_MAX),
        progress: Progress::start(),
    };
    platform::interruptible();
    let build = |it: &LoadedStrategy| sweeping.program(it, values[0]);
    let (strategies, unfit) = possible(&strategies, options.named.must_fit(), build)?;
    left_out.extend(unfit);
    let program = build(strategies[0])?;
    let curves = sweeping.curves(&strategies)?;
    drop(sweeping);
    let sweep = Sweep {
        about: About::new(&scenario.name, &scenario.scenario, &program),
        axis,
        values,
        anomaly,
        curves,
        left_out,
    };
    let text = match options.format {
        Format::Text => page::render(&sweep, out.paper),
        Format::Json => table::json(&sweep).map_err(schema::unwritable)?,
        Format::Csv => table::csv(&sweep).map_err(io::Error::other)?,
    };
    if let Some(path) = &options.svg {
        let words = out.paper.words;
        save::replace(path, chart::svg(&picture::chart(&sweep, words), words).as_bytes())?;
    }
    out.text(&text)?;
    let is_partial = |curve: &Curve| {
        curve.stopped().is_some() || curve.impossible.is_some() || curve.is_doubtful()
    };
    let partial = match sweep.curves.iter().any(is_partial) {
        true => Exit::Inconclusive,
        false => Exit::AsExpected,
    };
    Ok(options.named.exit(sweep.left_out.iter().map(|it| &it.strategy)).and(partial))
}

impl Options {
    fn axis(&self) -> (Axis, Vec<u64>) {
        let given = [
            (Axis::Lanes, &self.lanes),
            (Axis::Turns, &self.turns),
            (Axis::InferMs, &self.infer_ms),
        ];
        let given = given.into_iter().find_map(|(axis, values)| Some((axis, values.as_ref()?)));
        // The command line asks for one of them.
        given.map_or((Axis::Lanes, Vec::new()), |(axis, Values(values))| (axis, values.clone()))
    }
}

/// Values that no scenario can have are refused before anything is explored.
fn in_range(scenario: &Scenario, axis: Axis, values: &[u64]) -> Result<(), Problem> {
    let turns: usize = scenario.cast.turns.len();
    let lanes = scenario.cast.lanes.len();
    // Every lane that comes again brings all of its turns.
    let lanes_max = (1..=LANES_MAX)
        .take_while(|&lanes| grown(&scenario.cast, lanes, None).turns.len() <= TURNS_MAX);
    let (least, most) = match axis {
        Axis::Lanes => (1, lanes_max.count() as u64),
        Axis::Turns => (1, (TURNS_MAX / lanes) as u64),
        Axis::InferMs => (0, MS_MAX),
    };
    let Some(&value) = values.iter().find(|value| !(least..=most).contains(value)) else {
        return Ok(());
    };
    let few = if value < least { "few" } else { "many" };
    let what = phrase!("sweep-out-of-range", axis = axis.name(), value = value, few = few);
    Err(Problem::new(what).help(match axis {
        Axis::InferMs => phrase!("sweep-choose", least = least, most = most),
        Axis::Lanes | Axis::Turns => phrase!(
            "sweep-choose-size",
            least = least,
            most = most,
            lanes_max = LANES_MAX,
            turns_max = TURNS_MAX,
            lanes = lanes,
            turns = turns
        ),
    }))
}

/// What all points have in common.
struct Sweeping<'a> {
    scenario: &'a Scenario,
    setting: Setting,
    axis: Axis,
    values: &'a [u64],
    anomalies: &'a [&'static Anomaly],
    limits: Limits,
    progress: Progress,
}

impl Sweeping<'_> {
    /// All curves: what is small side by side, then what is not with all of the memory.
    fn curves(&self, strategies: &[&LoadedStrategy]) -> Result<Vec<Curve>, Problem> {
        let small = side_by_side(self.limits);
        let begun: Vec<Vec<Found>> = strategies
            .par_iter()
            .map(|strategy| self.founds(strategy, small, Vec::new()))
            .collect::<Result<_, Problem>>()?;
        let whole = strategies.iter().zip(begun).map(|(strategy, begun)| {
            // What was stopped by the limit that holds for all of it would be stopped again.
            let stopped = begun.last().and_then(|found| found.stopped);
            let states_max = self.limits.states_max;
            let founds = match stopped == Some(Stopped::States { states_max }) {
                true => begun,
                false => self.go_on(strategy, begun)?,
            };
            Ok(self.curve(strategy, founds))
        });
        whole.collect()
    }

    /// Goes on where a first try had to stop. If the user does not want to wait any longer, what
    /// the try found is kept.
    fn go_on(&self, strategy: &LoadedStrategy, begun: Vec<Found>) -> Result<Vec<Found>, Problem> {
        let (mut done, mut tried): (Vec<Found>, Vec<Found>) =
            begun.into_iter().partition(|found| found.stopped.is_none());
        let at = done.len();
        done = self.founds(strategy, self.limits, done)?;
        if let (Some(tried), Some(found)) = (tried.pop(), done.get_mut(at))
            && found.stopped == Some(Stopped::Interrupted)
            && found.states < tried.states
        {
            *found = Found { stopped: Some(Stopped::Interrupted), ..tried };
        }
        Ok(done)
    }

    /// Explores one value after the other, until one is too much.
    fn founds(
        &self,
        strategy: &LoadedStrategy,
        limits: Limits,
        mut founds: Vec<Found>,
    ) -> Result<Vec<Found>, Problem> {
        let possible = self.possible(strategy).0;
        for &value in &self.values[founds.len()..possible] {
            let found = match (self.axis, founds.first()) {
                // How long the assistant thinks changes no order.
                (Axis::InferMs, Some(first)) => first.clone(),
                _ => self.found(strategy, value, limits)?,
            };
            let is_too_much = found.stopped.is_some();
            founds.push(found);
            if is_too_much {
                break;
            }
        }
        Ok(founds)
    }

    fn found(
        &self,
        strategy: &LoadedStrategy,
        value: u64,
        limits: Limits,
    ) -> Result<Found, Problem> {
        let scenario = self.grown(value);
        let question = Question { limits, ..self.question(&scenario, strategy) };
        let estimate = Estimate::new(&verdict::build(&question)?);
        let Verdict { stopped, states, orders, mut anomalies, doubts, .. } =
            verdict::judge_as_set(&question, &|doing| self.progress.doing(&estimate, &doing))?;
        let judged = anomalies.remove(0);
        Ok(Found {
            stopped,
            states,
            orders,
            with: judged.orders,
            frequency: judged.frequency,
            chance: judged.chance,
            chance_max: judged.chance_max,
            doubts,
        })
    }

    /// How many of the values a strategy can be run at, from the smallest on, and why no more.
    fn possible(&self, strategy: &LoadedStrategy) -> (usize, Option<(u64, Phrase)>) {
        let mut values = self.values.iter().enumerate();
        let impossible = values.find_map(|(index, &value)| {
            let problem = self.program(strategy, value).err()?;
            Some((index, (value, problem.what().clone())))
        });
        match impossible {
            Some((index, why)) => (index, Some(why)),
            None => (self.values.len(), None),
        }
    }

    fn curve(&self, strategy: &LoadedStrategy, founds: Vec<Found>) -> Curve {
        let mut doubts = strategy.listing.doubts.clone();
        for doubt in founds.iter().flat_map(|found| &found.doubts) {
            if !doubts.contains(doubt) {
                doubts.push(doubt.clone());
            }
        }
        let mut founds = founds.into_iter();
        let points = self.values.iter().map(|&value| {
            let program = self.program(strategy, value).ok();
            let price = program.map(|program| Price::of(&timing::run(&program)));
            Point { value, found: founds.next(), price }
        });
        Curve {
            strategy: strategy.name.clone(),
            points: points.collect(),
            impossible: self.possible(strategy).1,
            doubts,
        }
    }

    fn program(&self, strategy: &LoadedStrategy, value: u64) -> Result<Program, Problem> {
        let scenario = self.grown(value);
        verdict::build(&self.question(&scenario, strategy))
    }

    fn question<'q>(
        &'q self,
        scenario: &'q Scenario,
        strategy: &'q LoadedStrategy,
    ) -> Question<'q> {
        Question {
            setting: self.setting,
            anomalies: self.anomalies,
            ..Question::new(scenario, &strategy.listing.code, self.limits)
        }
    }

    /// The scenario at a value.
    fn grown(&self, value: u64) -> Scenario {
        let cast = &self.scenario.cast;
        let amount = value as usize;
        let mut cast = match self.axis {
            Axis::Lanes => grown(cast, amount, None),
            Axis::Turns => grown(cast, cast.lanes.len(), Some(amount)),
            Axis::InferMs => cast.clone(),
        };
        if self.axis == Axis::InferMs {
            cast.infer_ms = value;
        }
        Scenario { cast, ..self.scenario.clone() }
    }
}
