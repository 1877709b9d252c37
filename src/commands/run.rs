//! `interleak run`: explores every order and shows the ones that go wrong.

use super::asked::{Asking, entries};
use super::bounds::{BoundOptions, SettingOptions, ungrouped};
use super::options::{FormatOption, OnlyOption, StrategyOptions};
use super::{Failure, Out, load, save};
use crate::exit::Exit;
use crate::explore::engine::WantedOrders;
use crate::explore::sample::{SAMPLES_MAX, Sampling};
use crate::phrase;
use crate::problem::Problem;
use crate::replay::driver;
use crate::replay::machine::Machine;
use crate::report::page::{Page, Paper, Tone};
use crate::report::run::Tells;
use crate::report::trouble::{self, BrokenStrategy, Trouble};
use crate::report::{self, typed};
use crate::story::command::Command;
use crate::story::{Entry, Repairs, Story};
use crate::verdict::{Deep, Question, Verdict};
use crate::words::Phrase;
use num_bigint::BigUint;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// The most orders that are listed one by one.
pub const LISTED_MAX: usize = 1000;
/// The most digits of an order's number.
const DIGITS_MAX: usize = 2000;

/// What may be typed.
#[derive(clap::Args, Debug)]
pub struct Options {
    scenario: String,
    #[command(flatten)]
    named: StrategyOptions,
    #[command(flatten)]
    setting: SettingOptions,
    #[command(flatten)]
    only: OnlyOption,
    #[command(flatten)]
    orders: OrderOptions,
    #[command(flatten)]
    bounds: BoundOptions,
    #[arg(long, value_name = "N", value_parser = parse_samples, allow_negative_numbers = true)]
    samples: Option<u64>,
    #[arg(long)]
    deep: bool,
    #[arg(long)]
    full: bool,
    #[arg(long, value_name = "FILE.ndjson")]
    log: Option<PathBuf>,
    #[command(flatten)]
    format: FormatOption,
}

/// Which orders are shown besides the ones that go wrong
#[derive(clap::Args, Debug)]
struct OrderOptions {
    #[arg(long, value_name = "K", value_parser = parse_number, allow_negative_numbers = true, conflicts_with_all = ["show", "all"])]
    order: Option<BigUint>,
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = parse_show, allow_negative_numbers = true, conflicts_with = "all")]
    show: usize,
    #[arg(long)]
    all: bool,
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

/// An order's number, as it is printed: with or without commas.
fn parse_number(text: &str) -> Result<BigUint, Phrase> {
    let digits = ungrouped(text);
    let number = match digits.len() <= DIGITS_MAX {
        true => digits.parse().ok(),
        false => None,
    };
    match number {
        Some(number) if number > BigUint::ZERO => Ok(number),
        _ => Err(phrase!("typed-order", most = DIGITS_MAX)),
    }
}

fn parse_samples(text: &str) -> Result<u64, Phrase> {
    match ungrouped(text).parse() {
        Ok(samples @ 0..=SAMPLES_MAX) => Ok(samples),
        _ => Err(phrase!("typed-orders", most = SAMPLES_MAX)),
    }
}

fn parse_show(text: &str) -> Result<usize, Phrase> {
    match ungrouped(text).parse() {
        Ok(orders @ 0..=LISTED_MAX) => Ok(orders),
        _ => Err(phrase!("typed-orders", most = LISTED_MAX)),
    }
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let scenario = load::scenario(&options.scenario)?;
    let named = load::each_strategy(&options.named.strategies);
    let only = named.len() == 1;
    let (strategies, mut broken) = apart(named, only)?;
    let judged = options.only.judged()?;
    if let Some(path) = &options.log {
        let listings = strategies.iter().map(|strategy| &strategy.file);
        let read: Vec<_> = listings.chain([&scenario.file]).collect();
        save::check(path, &save::LOG_ENDINGS, &read)?;
        if !only {
            let problem = Problem::new(phrase!("run-log-of-one"));
            return Err(problem.help(phrase!("run-log-of-one-help")).into());
        }
    }
    let seed = options.orders.seed;
    let sampling = match options.samples {
        None => Some(Sampling::while_it_pays(seed)),
        Some(0) => None,
        Some(samples) => Some(Sampling { samples, work_max: u64::MAX, seed }),
    };
    let limits = options.bounds.limits();
    let questions = strategies.iter().map(|strategy| {
        let base = Asking::new(&scenario, strategy, limits);
        let question = Question {
            setting: options.setting.setting(&scenario),
            anomalies: &judged,
            orders: options.orders.wanted(),
            deep: if options.deep { Deep::Yes } else { Deep::No },
            sampling,
            ..base.question
        };
        Asking { question, ..base }
    });
    let questions: Vec<Asking> = questions.collect();
    let explored = entries(&questions).into_iter().zip(&questions).collect::<Vec<_>>();
    let explored = explored.into_par_iter().map(|(entry, asking)| {
        (asking.strategy.name.clone(), entry.map(|entry| asking.contrasted(entry)))
    });
    let (entries, unfit) = apart(explored.collect(), only)?;
    broken.extend(unfit);
    for entry in &entries {
        past_the_last(&options.orders, entry)?;
    }
    let told = match (&options.log, entries.as_slice()) {
        (Some(path), [entry]) => log(entry, path, out.paper)?,
        _ => String::new(),
    };
    let paper = out.paper;
    let tells = if options.full { Tells::Full } else { Tells::Brief };
    // What repairs it is only looked up for the page that says so.
    let looks_up = !options.full && options.format.is_text();
    let repairs = looks_up.then(|| repairs(&questions, &entries));
    let stories: Vec<Story> =
        entries.iter().map(|entry| Story::of(entry, repairs.clone())).collect();
    let page = || {
        let pages = report::run::render(&stories, tells, paper);
        pages + &trouble::pages(!stories.is_empty(), &broken, paper) + &told
    };
    options.format.print(out, page, || report::json::render(&stories, &broken))?;
    let exits = entries.iter().map(|entry| entry.exit(&entry.surprises));
    let unfit = options.named.exit(broken.iter().map(|it| &it.strategy));
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

/// What repairs the fault, if there is one; all strategies are asked the same. After a limit the page
/// does not say it, so nobody waits for it.
fn repairs(questions: &[Asking], entries: &[Entry]) -> Repairs {
    let says = |verdict: &Verdict| verdict.stopped.is_none() && verdict.found().next().is_some();
    let asking = questions.first().filter(|_| entries.iter().any(|entry| says(&entry.verdict)));
    asking.map_or_else(Repairs::default, Asking::repairs)
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
        Some(judged) => phrase!("run-log-shows", anomaly = judged.anomaly.id),
        None => phrase!("run-log-in-turn"),
    };
    let mut page = Page::new(paper);
    let told = phrase!("run-log-holds", path = path.display().to_string(), what = what);
    page.labelled((phrase!("label-log"), Tone::Strong), told);
    let diagnose = Command::interleak("diagnose").name(&path.to_string_lossy());
    page.command("", &typed(&diagnose));
    Ok(page.finish())
}

/// An order that does not exist cannot be shown.
fn past_the_last(options: &OrderOptions, entry: &Entry) -> Result<(), Problem> {
    let orders = &entry.verdict.orders;
    let complete = entry.verdict.stopped.is_none();
    let (scenario, strategy) = (entry.scenario_name, entry.strategy_name);
    let counted =
        || phrase!("run-has-orders", scenario = scenario, strategy = strategy, orders = orders);
    match &options.order {
        Some(number) if complete && number > orders => {
            Err(Problem::new(phrase!("run-no-such-order", number = number, counted = counted()))
                .help(phrase!("run-choose-order", orders = orders)))
        }
        _ if options.all && complete && *orders > BigUint::from(LISTED_MAX) => {
            Err(Problem::new(phrase!("run-too-many-to-list", counted = counted()))
                .help(phrase!("run-list-help", most = LISTED_MAX)))
        }
        _ => Ok(()),
    }
}
