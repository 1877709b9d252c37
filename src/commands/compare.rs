//! `interleak compare`: strategies side by side, what each does wrong and what it costs.

use super::asked::{Asking, entries};
use super::bounds::{BoundOptions, SettingOptions};
use super::load::{self, LoadedStrategy, Named};
use super::options::{OnlyOption, StrategyOptions};
use super::{Failure, Out, schema};
use crate::exit::Exit;
use crate::phrase;
use crate::problem::Problem;
use crate::report::compare::{Comparison, LeftOut, Row, json, page, table};
use crate::story::Entry;
use crate::strategy;
use crate::timing;
use crate::verdict::{self, Question};
use std::io;

/// The scenario that is compared on unless another one is named.
const SCENARIO: &str = "class";

/// What may be typed.
#[derive(clap::Args, Debug)]
pub struct Options {
    scenarios: Vec<String>,
    #[command(flatten)]
    named: StrategyOptions,
    #[command(flatten)]
    setting: SettingOptions,
    #[command(flatten)]
    only: OnlyOption,
    #[command(flatten)]
    bounds: BoundOptions,
    #[arg(long)]
    commands: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(super) enum Format {
    Text,
    Json,
    Markdown,
    Csv,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let names = match options.scenarios.is_empty() {
        true => vec![SCENARIO.to_owned()],
        false => options.scenarios.clone(),
    };
    let scenarios = load::scenarios(&names)?;
    let (strategies, unread) =
        readable(options.setting.fitting(load::each_strategy(&options.named.or_lesson())))?;
    let strategies = load::in_lesson_order(strategies);
    let anomalies = options.only.judged()?;
    let limits = options.bounds.limits();
    let mut questions: Vec<Asking> = Vec::new();
    let mut compared = Vec::new();
    for scenario in &scenarios {
        let setting = options.setting.setting(scenario);
        let asking = |strategy| {
            let base = Asking::new(scenario, strategy, limits);
            let question = Question { setting, anomalies: &anomalies, ..base.question };
            Asking { question, ..base }
        };
        let build = |it| verdict::build(&asking(it).question);
        let (possible, left_out) = possible(&strategies, options.named.must_fit(), build)?;
        compared.push((possible.len(), unread.iter().cloned().chain(left_out).collect()));
        questions.extend(possible.into_iter().map(asking));
    }
    let entries = entries(&questions).into_iter().collect::<Result<Vec<Entry>, Problem>>()?;
    let exits = entries.iter().map(|entry| match entry.expected {
        // Of a strategy of which nothing is expected, everything may be seen here.
        None => entry.exit(&[]),
        Some(_) => entry.exit(&entry.surprises),
    });
    let left_out = compared.iter().flat_map(|(_, left_out): &(usize, Vec<LeftOut>)| left_out);
    let unfit = options.named.exit(left_out.map(|it| &it.strategy));
    let exit = exits.fold(unfit, Exit::and);
    let mut rows =
        entries.iter().zip(&questions).map(|(entry, asking)| (entry, row(entry, asking.strategy)));
    let comparisons = compared.into_iter().filter_map(|(count, left_out)| {
        Comparison::new(rows.by_ref().take(count).collect(), left_out)
    });
    let comparisons: Vec<Comparison> = comparisons.collect();
    let text = match options.format {
        Format::Text => page::render(&comparisons, options.commands, out.paper),
        Format::Json => json::render(&comparisons).map_err(schema::unwritable)?,
        Format::Markdown => table::markdown(&comparisons, options.commands, out.paper.words),
        Format::Csv => table::csv(&comparisons, options.commands).map_err(io::Error::other)?,
    };
    out.text(&text)?;
    Ok(exit)
}

/// The strategies that can be read, and of the others why not. The only one must be.
pub fn readable(named: Vec<Named>) -> Result<(Vec<LoadedStrategy>, Vec<LeftOut>), Problem> {
    let (mut readable, mut left_out) = (Vec::new(), Vec::new());
    let only = named.len() == 1;
    for (strategy, loaded) in named {
        match loaded {
            Ok(loaded) => readable.push(loaded),
            Err(problem) if only => return Err(problem),
            Err(problem) => left_out.push(LeftOut { strategy, why: problem.what().clone() }),
        }
    }
    Ok((readable, left_out))
}

/// The strategies that can be run, and of the others why not. The ones that `must_fit`
/// names must be possible.
pub fn possible<'s, T>(
    strategies: &'s [LoadedStrategy],
    must_fit: &[String],
    build: impl Fn(&'s LoadedStrategy) -> Result<T, Problem>,
) -> Result<(Vec<&'s LoadedStrategy>, Vec<LeftOut>), Problem> {
    let (mut possible, mut left_out) = (Vec::new(), Vec::new());
    for strategy in strategies {
        match build(strategy) {
            Ok(_) => possible.push(strategy),
            Err(problem) if must_fit.contains(&strategy.name) => return Err(problem),
            Err(problem) => {
                let (strategy, why) = (strategy.name.clone(), problem.what().clone());
                left_out.push(LeftOut { strategy, why });
            }
        }
    }
    match possible.is_empty() {
        true => Err(Problem::new(phrase!("compare-none-fits"))),
        false => Ok((possible, left_out)),
    }
}

fn row(entry: &Entry, strategy: &LoadedStrategy) -> Row {
    let told = |word| strategy::told(&strategy.listing.lesson, word);
    Row::new(entry, &timing::run(&entry.verdict.program), ["believed", "actual"].map(told))
}
