//! `interleak compare`: strategies side by side, what each does wrong and what it costs.

use super::asked::{Asked, Asking, entries, judged};
use super::bounds::{BoundOptions, SettingOptions};
use super::load::{self, LoadedStrategy, Named};
use super::{Failure, Out, schema};
use crate::exit::Exit;
use crate::explore::engine::WantedOrders;
use crate::problem::Problem;
use crate::report::compare::{Comparison, LeftOut, Row, json, page, table};
use crate::story::Entry;
use crate::strategy::{self, LESSON};
use crate::timing;
use crate::verdict::Deep;
use crate::words::Words;
use std::io;

/// The scenario that is compared on unless another one is named.
const SCENARIO: &str = "class";

/// Compare strategies: what goes wrong, and at what price
#[derive(clap::Args, Debug)]
#[command(after_help = super::JUDGES)]
pub struct Options {
    /// Shipped scenarios or paths of scenario files [default: class]
    scenarios: Vec<String>,
    /// A shipped strategy, the path of a listing, or all [default: eight of the lesson]
    #[arg(short, long = "strategy", value_name = "STRATEGY")]
    strategies: Vec<String>,
    #[command(flatten)]
    setting: SettingOptions,
    /// Judge only this anomaly; may be given several times
    #[arg(long, value_name = "ANOMALY", value_delimiter = ',')]
    only: Vec<String>,
    #[command(flatten)]
    bounds: BoundOptions,
    /// Also print, for each cell, the command that shows it
    #[arg(long)]
    commands: bool,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// A page for people
    Text,
    /// A document for programs: see `interleak schema comparison`
    Json,
    /// A table for notes
    Markdown,
    /// A table for spreadsheets
    Csv,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let names = match options.scenarios.is_empty() {
        true => vec![SCENARIO.to_owned()],
        false => options.scenarios.clone(),
    };
    let scenarios = load::scenarios(&names)?;
    let (strategies, unread) = readable(load::each_strategy(&lesson(&options.strategies)))?;
    let strategies = load::in_lesson_order(strategies);
    let anomalies = judged(&options.only)?;
    let asked = |scenario| Asked {
        setting: options.setting.setting(scenario),
        anomalies: &anomalies,
        limits: options.bounds.limits(),
        orders: WantedOrders::None,
        deep: Deep::Skip,
        sampling: None,
        contrast: false,
    };
    let mut questions: Vec<Asking> = Vec::new();
    let mut compared = Vec::new();
    for scenario in &scenarios {
        let asked = asked(scenario);
        let build = |it: &LoadedStrategy| asked.build(scenario, it);
        // Among several, one that does not fit is a row.
        let must_fit = if options.strategies.len() == 1 { &options.strategies[..] } else { &[] };
        let (possible, left_out) = possible(&strategies, must_fit, build)?;
        compared.push((possible.len(), unread.iter().cloned().chain(left_out).collect()));
        questions.extend(possible.into_iter().map(|it| (asked.clone(), scenario, it)));
    }
    let entries = entries(&questions).into_iter().collect::<Result<Vec<Entry>, Problem>>()?;
    let exits = entries.iter().map(|entry| match entry.expected {
        // Of a strategy of which nothing is expected, everything may be seen here.
        None => entry.verdict.exit(&[]),
        Some(_) => entry.verdict.exit(&entry.surprises),
    });
    let left_out = compared.iter().flat_map(|(_, left_out): &(usize, Vec<LeftOut>)| left_out);
    let unfit = left_out.into_iter().any(|it| options.strategies.contains(&it.strategy));
    let exit = exits.fold(if unfit { Exit::BadInput } else { Exit::AsExpected }, Exit::and);
    let mut rows = entries.into_iter().zip(&questions).map(|(entry, asked)| row(entry, asked.2));
    let comparisons = compared.into_iter().map(|(count, left_out)| Comparison {
        rows: rows.by_ref().take(count).collect(),
        left_out,
    });
    let comparisons: Vec<Comparison> = comparisons.collect();
    let text = match options.format {
        Format::Text => page::render(&comparisons, options.commands, out.paper),
        Format::Json => json::render(&comparisons).map_err(schema::unwritable)?,
        Format::Markdown => table::markdown(&comparisons, options.commands),
        Format::Csv => table::csv(&comparisons, options.commands).map_err(io::Error::other)?,
    };
    out.text(&text)?;
    Ok(exit)
}

/// The strategies that can be read, and of the others why not. The only one must be.
fn readable(named: Vec<Named>) -> Result<(Vec<LoadedStrategy>, Vec<LeftOut>), Problem> {
    let (mut readable, mut left_out) = (Vec::new(), Vec::new());
    let only = named.len() == 1;
    for (strategy, loaded) in named {
        match loaded {
            Ok(loaded) => readable.push(loaded),
            Err(problem) if only => return Err(problem),
            Err(problem) => {
                left_out.push(LeftOut { strategy, why: problem.title(Words::english()) })
            }
        }
    }
    Ok((readable, left_out))
}

/// The strategies that can be run, and of the others why not. One that was named must be possible.
pub fn possible<'s, T>(
    strategies: &'s [LoadedStrategy],
    named: &[String],
    build: impl Fn(&LoadedStrategy) -> Result<T, Problem>,
) -> Result<(Vec<&'s LoadedStrategy>, Vec<LeftOut>), Problem> {
    let (mut possible, mut left_out) = (Vec::new(), Vec::new());
    for strategy in strategies {
        match build(strategy) {
            Ok(_) => possible.push(strategy),
            Err(problem) if named.contains(&strategy.name) => return Err(problem),
            Err(problem) => left_out
                .push(LeftOut { strategy: strategy.name.clone(), why: problem.what().english() }),
        }
    }
    match possible.is_empty() {
        true => Err(Problem::new("none of the strategies can be run like this")),
        false => Ok((possible, left_out)),
    }
}

/// The strategies that are named, or those that tell the lesson.
pub fn lesson(named: &[String]) -> Vec<String> {
    match named.is_empty() {
        true => LESSON.iter().map(|&name| name.to_owned()).collect(),
        false => named.to_vec(),
    }
}

fn row<'a>(entry: Entry<'a>, strategy: &LoadedStrategy) -> Row<'a> {
    let told = |word| strategy::told(&strategy.listing.lesson, word);
    Row {
        believed: told("believed"),
        actual: told("actual"),
        timed: timing::run(&entry.verdict.program),
        entry,
    }
}
