//! `interleak run`: explores every order and shows the ones that go wrong.

use super::asked::{Asked, Asking, clean_with, entries, judged};
use super::bounds::{BoundOptions, SettingOptions, ungrouped};
use super::{Failure, Out, load, save, schema};
use crate::exit::Exit;
use crate::explore::engine::WantedOrders;
use crate::explore::sample::{SAMPLES_MAX, Sampling};
use crate::problem::Problem;
use crate::replay::driver;
use crate::replay::machine::Machine;
use crate::report::page::{Page, Paper, Tone};
use crate::report::run::Tells;
use crate::report::trouble::{self, BrokenStrategy, Trouble};
use crate::report::{self, numbers, shell_word};
use crate::story::{Entry, Repairs, Story};
use crate::verdict::Deep;
use num_bigint::BigUint;
use std::path::{Path, PathBuf};

/// The most orders that are listed one by one.
pub const LISTED_MAX: usize = 1000;
/// The most digits of an order's number.
const DIGITS_MAX: usize = 2000;

/// Explore every order of a scenario and show the ones that go wrong
#[derive(clap::Args, Debug)]
#[command(after_help = super::JUDGES)]
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
    #[command(flatten)]
    orders: OrderOptions,
    #[command(flatten)]
    bounds: BoundOptions,
    /// If a limit is hit, draw so many orders at random [default: 10,000, or fewer long ones]
    #[arg(long, value_name = "N", value_parser = parse_samples, allow_negative_numbers = true)]
    samples: Option<u64>,
    /// Count traces and outcomes too, however long that takes
    #[arg(long)]
    deep: bool,
    /// Tell everything: each number, each line, every finding
    #[arg(long)]
    full: bool,
    /// Also write the order that goes wrong as a log, for `interleak diagnose`; replaces the file
    #[arg(long, value_name = "FILE.ndjson")]
    log: Option<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Which orders are shown besides the ones that go wrong
#[derive(clap::Args, Debug)]
struct OrderOptions {
    /// Show the K-th of all orders, counted from 1
    #[arg(long, value_name = "K", value_parser = parse_number, allow_negative_numbers = true, conflicts_with_all = ["show", "all"])]
    order: Option<BigUint>,
    /// Show so many orders, drawn from all with the same chance
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = parse_show, allow_negative_numbers = true, conflicts_with = "all")]
    show: usize,
    /// List every order, one letter for each step; for at most 1,000 orders
    #[arg(long)]
    all: bool,
    /// What orders are drawn from, with --show and --samples
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
}

impl OrderOptions {
    fn wanted(&self) -> WantedOrders {
        match &self.order {
            Some(number) => WantedOrders::Number(number.clone()),
            None if self.all => WantedOrders::All { max: LISTED_MAX },
            None if self.show > 0 => WantedOrders::Drawn { count: self.show, seed: self.seed },
            None => WantedOrders::None,
        }
    }
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// A page for people
    Text,
    /// A document for programs: see `interleak schema report`
    Json,
}

/// An order's number, as it is printed: with or without commas.
fn parse_number(text: &str) -> Result<BigUint, String> {
    let digits = ungrouped(text);
    let number = match digits.len() <= DIGITS_MAX {
        true => digits.parse().ok(),
        false => None,
    };
    match number {
        Some(number) if number > BigUint::ZERO => Ok(number),
        _ => Err(format!("the number of an order: 1 or more, of at most {DIGITS_MAX} digits")),
    }
}

fn parse_samples(text: &str) -> Result<u64, String> {
    match ungrouped(text).parse() {
        Ok(samples @ 0..=SAMPLES_MAX) => Ok(samples),
        _ => Err(format!("a number of orders from 0 to {}", numbers::count(SAMPLES_MAX as usize))),
    }
}

fn parse_show(text: &str) -> Result<usize, String> {
    match ungrouped(text).parse() {
        Ok(orders @ 0..=1000) => Ok(orders),
        _ => Err("a number of orders from 0 to 1,000".into()),
    }
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let scenario = load::scenario(&options.scenario)?;
    let named = load::each_strategy(&options.strategies);
    let only = named.len() == 1;
    let (strategies, mut broken) = apart(named, only)?;
    let judged = judged(&options.only)?;
    if let Some(path) = &options.log {
        let listings = strategies.iter().map(|strategy| &strategy.file);
        let read: Vec<_> = listings.chain([&scenario.file]).collect();
        save::check(path, &save::LOG_ENDINGS, &read)?;
        if !only {
            let problem = Problem::new("--log writes the order of one strategy");
            return Err(problem.help("name one strategy with -s").into());
        }
    }
    let seed = options.orders.seed;
    let sampling = match options.samples {
        None => Some(Sampling::while_it_pays(seed)),
        Some(0) => None,
        Some(samples) => Some(Sampling { samples, work_max: u64::MAX, seed }),
    };
    let questions = strategies.iter().map(|strategy| {
        let asked = Asked {
            setting: options.setting.setting(&scenario),
            anomalies: &judged,
            limits: options.bounds.limits(),
            orders: options.orders.wanted(),
            deep: if options.deep { Deep::Yes } else { Deep::No },
            sampling,
            contrast: true,
        };
        (asked, &scenario, strategy)
    });
    let questions: Vec<Asking> = questions.collect();
    let explored = entries(&questions).into_iter().zip(&strategies);
    let explored = explored.map(|(entry, strategy)| (strategy.name.clone(), entry));
    let (entries, unfit) = apart(explored.collect(), only)?;
    broken.extend(unfit);
    for entry in &entries {
        past_the_last(&options.orders, entry)?;
    }
    let brief = !options.full && matches!(options.format, Format::Text);
    let repairs = brief.then(|| repairs(&questions, &entries));
    let stories: Vec<Story> =
        entries.iter().map(|entry| Story::of(entry, repairs.clone())).collect();
    let mut text = match options.format {
        Format::Text => {
            let tells = if options.full { Tells::Full } else { Tells::Brief };
            let pages = report::run::render(&stories, tells, out.paper);
            pages + &trouble::pages(!stories.is_empty(), &broken, out.paper)
        }
        Format::Json => report::json::render(&stories, &broken).map_err(schema::unwritable)?,
    };
    if let (Some(path), [entry]) = (&options.log, entries.as_slice()) {
        let told = log(entry, path, out.paper)?;
        if matches!(options.format, Format::Text) {
            text += &told;
        }
    }
    out.text(&text)?;
    let exits = entries.iter().map(|entry| entry.verdict.exit(&entry.surprises));
    // One of `all` that was not named need not fit.
    let named = |it: &BrokenStrategy| options.strategies.contains(&it.strategy);
    let unfit = if broken.iter().any(named) { Exit::BadInput } else { Exit::AsExpected };
    Ok(exits.fold(unfit, Exit::and))
}

/// Something of each strategy, by name.
type EachStrategy<T> = Vec<(String, Result<T, Problem>)>;

/// What there is, and of which strategies there is nothing, and why. Of an only one there must be.
fn apart<T>(each: EachStrategy<T>, only: bool) -> Result<(Vec<T>, Vec<BrokenStrategy>), Problem> {
    let (mut there, mut broken) = (Vec::new(), Vec::new());
    for (strategy, it) in each {
        match it {
            Ok(it) => there.push(it),
            Err(problem) if only => return Err(problem),
            Err(problem) => {
                broken.push(BrokenStrategy { strategy, problem: Trouble::from(&problem) })
            }
        }
    }
    Ok((there, broken))
}

/// What repairs the fault, if there is one; all strategies are asked the same.
fn repairs(questions: &[Asking], entries: &[Entry]) -> Repairs {
    let goes_wrong = entries.iter().any(|entry| entry.verdict.found().next().is_some());
    let asked = questions.first().filter(|_| goes_wrong);
    Repairs { clean: asked.map_or_else(Vec::new, clean_with) }
}

/// Writes the first order that goes wrong, to its end, as a log; if none does, one in which all
/// lanes move in turn. Returns what is said about it.
fn log(entry: &Entry, path: &Path, paper: Paper) -> Result<String, Failure> {
    let program = &entry.verdict.program;
    let mut machine = Machine::new(program);
    let found = entry.verdict.found().next();
    let witness = found.and_then(|judged| judged.witness.as_ref());
    let moves = witness.map_or(&[][..], |witness| &witness.moves);
    // The witness was replayed already.
    let _ = machine.follow(moves.iter().copied());
    driver::finish(&mut machine, &mut driver::InTurn::default());
    save::log(path, program, &machine.record())?;
    let what = match found {
        Some(judged) => format!("the order that shows {}, to its end", judged.anomaly.id),
        None => "an order in which all lanes move in turn".into(),
    };
    let mut page = Page::new(paper);
    page.labelled(("Log", Tone::Strong), &format!("{} holds {what}.", path.display()));
    page.command("", &format!("interleak diagnose {}", shell_word(path)));
    Ok(page.finish())
}

/// An order that does not exist cannot be shown.
fn past_the_last(options: &OrderOptions, entry: &Entry) -> Result<(), Problem> {
    let orders = &entry.verdict.orders;
    let complete = entry.verdict.stopped.is_none();
    let counted = || {
        let counted = numbers::plural(orders, "order", "orders");
        format!("{} × {} has {counted}", entry.scenario_name, entry.strategy_name)
    };
    match &options.order {
        Some(number) if complete && number > orders => {
            let number = numbers::grouped(number);
            Err(Problem::new(format!("there is no order {number}: {}", counted()))
                .help(format!("choose a number from 1 to {}", numbers::grouped(orders))))
        }
        _ if options.all && complete && *orders > BigUint::from(LISTED_MAX) => {
            Err(Problem::new(format!("too many orders to list: {}", counted())).help(format!(
                "at most {} are listed; --show N draws some of them, --order K shows one",
                numbers::count(LISTED_MAX)
            )))
        }
        _ => Ok(()),
    }
}
