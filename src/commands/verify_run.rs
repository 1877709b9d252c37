//! `interleak verify-run`: counts every number of a saved report once more, by another way.

use super::bounds::parse_states;
use super::run::LISTED_MAX;
use super::{Failure, Out, asked, load};
use crate::anomalies::Judges;
use crate::exit::Exit;
use crate::input;
use crate::model::program::{Grain, Program, Setting};
use crate::model::server::{Routing, Slots};
use crate::platform;
use crate::problem::Problem;
use crate::recount;
use crate::report::numbers::count;
use crate::report::verify_run::{Checked, render};
use serde_json::Value;
use std::path::Path;

/// The most results of a report: scenarios × strategies.
const RESULTS_MAX: usize = 1000;
/// Bytes of a name or a path, at most.
const NAME_BYTES_MAX: usize = 4096;

/// Count every number of a saved report once more, by another way
#[derive(clap::Args, Debug)]
#[command(after_help = super::RECOUNTS)]
pub struct Options {
    /// What `interleak run … --format json` wrote
    report: String,
    /// Give a result up after so many states, and say so
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = parse_states, allow_negative_numbers = true)]
    max_states: usize,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let text = input::read_report(Path::new(&options.report))?;
    let document: Value = serde_json::from_str(&text).map_err(|error| {
        // serde_json says line and column itself.
        help(Problem::new(format!("{} is not JSON: {error}", options.report)))
    })?;
    drop(text);
    let results = document["results"].as_array().filter(|_| document["format"] == 1);
    let Some(results) = results else {
        let what = format!("{} is not a report of interleak, format 1", options.report);
        return Err(help(Problem::new(what)).into());
    };
    if results.is_empty() {
        let what = format!("{} has no results, so there is nothing to count", options.report);
        return Err(help(Problem::new(what)).into());
    }
    if results.len() > RESULTS_MAX {
        let (results, most) = (count(results.len()), count(RESULTS_MAX));
        let what = format!("{} has {results} results; at most {most} are read", options.report);
        return Err(Problem::new(what).help("name fewer strategies when you make it").into());
    }
    platform::interruptible();
    let checked = results
        .iter()
        .enumerate()
        .map(|(index, result)| Reported { file: &options.report, index, result }.check(options))
        .collect::<Result<Vec<Checked>, Problem>>()?;
    out.text(&render(&checked, out.paper))?;
    let exits =
        checked.iter().map(|checked| match (&checked.open, checked.differences.is_empty()) {
            (_, false) => Exit::Unexpected,
            (Some(_), true) => Exit::Inconclusive,
            (None, true) => Exit::AsExpected,
        });
    Ok(exits.fold(Exit::AsExpected, Exit::and))
}

fn help(problem: Problem) -> Problem {
    problem.help("save one with `interleak run voice-assistant --format json > report.json`")
}

/// One result of a report.
struct Reported<'a> {
    file: &'a str,
    index: usize,
    result: &'a Value,
}

impl Reported<'_> {
    fn bad(&self, field: &str, meant: &str) -> Problem {
        let found = match &self.result[field] {
            Value::Null => "nothing".to_owned(),
            Value::Array(_) => "a list".into(),
            Value::Object(_) => "an object".into(),
            Value::String(text) if text.len() > NAME_BYTES_MAX => "a long text".into(),
            found => found.to_string(),
        };
        let place = format!("{}, result {}", self.file, self.index + 1);
        help(Problem::new(format!("{place}: \"{field}\" is {found}, not {meant}")))
    }

    fn text(&self, field: &str, meant: &str) -> Result<&str, Problem> {
        self.result[field].as_str().ok_or_else(|| self.bad(field, meant))
    }

    /// The scenario or strategy, by its name or by its path from the folder of the report.
    fn named(&self, field: &str) -> Result<String, Problem> {
        let name = self.text(field, "a name or a path")?;
        if name.len() > NAME_BYTES_MAX {
            return Err(self.bad(field, "a name or a path"));
        }
        // On the command line this is a word for all of them.
        if field == "strategy" && name == "all" && !Path::new(name).is_file() {
            let problem = self.bad(field, "one strategy");
            return Err(problem.help(
                "a report has a result of its own for each strategy; `interleak run … -s all \
                 --format json` writes such a one",
            ));
        }
        let beside = Path::new(self.file).parent().map(|folder| folder.join(name));
        let is_path = name.ends_with(".json") || name.ends_with(".py");
        match beside.filter(|path| is_path && path.is_file()) {
            Some(path) => Ok(path.to_string_lossy().into_owned()),
            None if is_path && !Path::new(name).is_file() => Err(Problem::new(format!(
                "{} names {name}, which is not there",
                self.file
            ))
            .help(
                "it is looked for from the folder of the report, then from the one that you are in",
            )),
            None => Ok(name.to_owned()),
        }
    }

    fn setting(&self) -> Result<Setting, Problem> {
        let name = self.text("grain", "a grain")?;
        let grain = Grain::ALL.into_iter().find(|grain| grain.name() == name);
        let grain = grain.ok_or_else(|| self.bad("grain", "access, line, await or turn"))?;
        // Reports of older versions do not have these.
        let word = |field: &str| match &self.result[field] {
            Value::Null => Ok(None),
            _ => self.text(field, "a word").map(Some),
        };
        let slots = word("slots")?.map_or(Some(Slots::default()), |name| {
            Slots::ALL.into_iter().find(|it| it.name() == name)
        });
        let routing = word("routing")?.map_or(Some(Routing::default()), |name| {
            Routing::ALL.into_iter().find(|it| it.name() == name)
        });
        Ok(Setting {
            grain,
            limit: self.amount("limit")?,
            slots: slots.ok_or_else(|| self.bad("slots", "shared or per-function"))?,
            workers: self.amount("workers")?,
            replicas: self.amount("replicas")?,
            routing: routing.ok_or_else(|| self.bad("routing", "sticky or round-robin"))?,
        })
    }

    /// A number from 1, or null.
    fn amount(&self, field: &str) -> Result<Option<usize>, Problem> {
        let amount = match &self.result[field] {
            Value::Null => return Ok(None),
            amount => amount.as_u64().and_then(|amount| usize::try_from(amount).ok()),
        };
        let amount = amount.filter(|&amount| amount > 0);
        amount.map(Some).ok_or_else(|| self.bad(field, "a number from 1, or null"))
    }

    fn check(&self, options: &Options) -> Result<Checked, Problem> {
        let scenario = load::scenario(&self.named("scenario")?)?;
        let strategy = load::strategy(&self.named("strategy")?)?;
        let judged = self.result["anomalies"].as_object();
        let judged = judged.ok_or_else(|| self.bad("anomalies", "what was judged"))?;
        let names: Vec<String> = judged.keys().cloned().collect();
        let anomalies = asked::judged(&names)?;
        let shown = self.result["shown"].as_array().map_or(0, Vec::len);
        if shown > LISTED_MAX {
            return Err(self.bad("shown", &format!("at most {} orders", count(LISTED_MAX))));
        }
        let judges = Judges { anomalies };
        let code = strategy.listing.code.clone();
        let program = Program::new(scenario.scenario.cast.clone(), code, self.setting()?)
            .map_err(Problem::new)?
            .with_detail(judges.detail());
        let complete = self.result["complete"].as_bool();
        let complete = complete.ok_or_else(|| self.bad("complete", "true or false"))?;
        let result = recount::ReportedResult { result: self.result, complete };
        let mut checked = Checked::new(format!("{} × {}", scenario.name, strategy.name), complete);
        recount::check(&mut checked, result, (&program, &judges), options.max_states);
        Ok(checked)
    }
}
