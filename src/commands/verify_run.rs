//! `interleak verify-run`: counts every number of a saved report once more, by another way.

use super::bounds::parse_states;
use super::run::LISTED_MAX;
use super::{Failure, Out, asked, load};
use crate::anomalies::Judges;
use crate::exit::Exit;
use crate::input;
use crate::model::program::{Grain, Program, Setting};
use crate::model::server::{Idle, Routing, Slots};
use crate::phrase;
use crate::platform;
use crate::problem::Problem;
use crate::recount;
use crate::report::verify_run::{Checked, render};
use crate::words::Phrase;
use serde_json::Value;
use std::path::Path;

/// The most results of a report: scenarios × strategies.
const RESULTS_MAX: usize = 1000;
/// Bytes of a name or a path, at most.
const NAME_BYTES_MAX: usize = 4096;

/// What may be typed.
#[derive(clap::Args, Debug)]
pub struct Options {
    report: String,
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = parse_states, allow_negative_numbers = true)]
    max_states: usize,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let text = input::read_report(Path::new(&options.report))?;
    let file = &options.report;
    let document: Value = serde_json::from_str(&text).map_err(|error| {
        // serde_json says line and column itself.
        no_report(phrase!("verify-run-not-json", file = file, error = error.to_string()))
    })?;
    drop(text);
    let results = document["results"].as_array().filter(|_| document["format"] == 1);
    let Some(results) = results else {
        return Err(no_report(phrase!("verify-run-no-report", file = file)).into());
    };
    if results.is_empty() {
        return Err(no_report(phrase!("verify-run-no-results", file = file)).into());
    }
    if results.len() > RESULTS_MAX {
        let results = results.len();
        let what =
            phrase!("verify-run-many-results", file = file, results = results, most = RESULTS_MAX);
        return Err(Problem::new(what).help(phrase!("verify-run-many-results-help")).into());
    }
    platform::interruptible();
    let checked = results
        .iter()
        .enumerate()
        .map(|(index, result)| Reported { file, index, result }.check(options))
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

fn no_report(what: Phrase) -> Problem {
    Problem::new(what).help(phrase!("verify-run-help"))
}

/// One result of a report.
struct Reported<'a> {
    file: &'a str,
    index: usize,
    result: &'a Value,
}

impl Reported<'_> {
    fn bad(&self, field: &str, meant: Phrase) -> Problem {
        let found = match &self.result[field] {
            Value::Null => phrase!("verify-run-nothing"),
            Value::Array(_) => phrase!("verify-run-a-list"),
            Value::Object(_) => phrase!("verify-run-an-object"),
            Value::String(text) if text.len() > NAME_BYTES_MAX => phrase!("verify-run-a-long-text"),
            found => found.to_string().into(),
        };
        no_report(phrase!(
            "verify-run-field",
            file = self.file,
            result = self.index + 1,
            field = field,
            found = found,
            meant = meant,
        ))
    }

    fn text(&self, field: &str, meant: Phrase) -> Result<&str, Problem> {
        self.result[field].as_str().ok_or_else(|| self.bad(field, meant))
    }

    /// The scenario or strategy, by its name or by its path from the folder of the report.
    fn named(&self, field: &str) -> Result<String, Problem> {
        let meant = || phrase!("verify-run-a-name");
        let name = self.text(field, meant())?;
        if name.len() > NAME_BYTES_MAX {
            return Err(self.bad(field, meant()));
        }
        // On the command line this is a word for all of them.
        if field == "strategy" && name == "all" && !Path::new(name).is_file() {
            let problem = self.bad(field, phrase!("verify-run-one-strategy"));
            return Err(problem.help(phrase!("verify-run-one-strategy-help")));
        }
        let beside = Path::new(self.file).parent().map(|folder| folder.join(name));
        let is_path = name.ends_with(".json") || name.ends_with(".py");
        match beside.filter(|path| is_path && path.is_file()) {
            Some(path) => Ok(path.to_string_lossy().into_owned()),
            None if is_path && !Path::new(name).is_file() => {
                let what = phrase!("verify-run-not-there", file = self.file, name = name);
                Err(Problem::new(what).help(phrase!("verify-run-not-there-help")))
            }
            None => Ok(name.to_owned()),
        }
    }

    fn setting(&self) -> Result<Setting, Problem> {
        let name = self.text("grain", phrase!("verify-run-a-grain"))?;
        let grain = Grain::ALL.into_iter().find(|grain| grain.name() == name);
        let grain = grain.ok_or_else(|| self.bad("grain", phrase!("verify-run-grains")))?;
        // Reports of older versions do not have these.
        let word = |field: &str| match &self.result[field] {
            Value::Null => Ok(None),
            _ => self.text(field, phrase!("verify-run-a-word")).map(Some),
        };
        let slots = word("slots")?.map_or(Some(Slots::default()), |name| {
            Slots::ALL.into_iter().find(|it| it.name() == name)
        });
        let routing = word("routing")?.map_or(Some(Routing::default()), |name| {
            Routing::ALL.into_iter().find(|it| it.name() == name)
        });
        let idle = word("idle")?.map_or(Some(Idle::default()), |name| {
            Idle::ALL.into_iter().find(|it| it.name() == name)
        });
        Ok(Setting {
            grain,
            limit: self.amount("limit")?,
            slots: slots.ok_or_else(|| self.bad("slots", phrase!("verify-run-slots")))?,
            workers: self.amount("workers")?,
            replicas: self.amount("replicas")?,
            routing: routing.ok_or_else(|| self.bad("routing", phrase!("verify-run-routings")))?,
            idle: Some(idle.ok_or_else(|| self.bad("idle", phrase!("verify-run-idle")))?),
        })
    }

    /// A number from 1, or null.
    fn amount(&self, field: &str) -> Result<Option<usize>, Problem> {
        let amount = match &self.result[field] {
            Value::Null => return Ok(None),
            amount => amount.as_u64().and_then(|amount| usize::try_from(amount).ok()),
        };
        let amount = amount.filter(|&amount| amount > 0);
        amount.map(Some).ok_or_else(|| self.bad(field, phrase!("verify-run-an-amount")))
    }

    fn check(&self, options: &Options) -> Result<Checked, Problem> {
        let scenario = load::scenario(&self.named("scenario")?)?;
        let strategy = load::strategy(&self.named("strategy")?)?;
        let judged = self.result["anomalies"].as_object();
        let judged = judged.ok_or_else(|| self.bad("anomalies", phrase!("verify-run-judged")))?;
        let names: Vec<String> = judged.keys().cloned().collect();
        let anomalies = asked::judged(&names)?;
        let shown = self.result["shown"].as_array().map_or(0, Vec::len);
        if shown > LISTED_MAX {
            return Err(self.bad("shown", phrase!("verify-run-shown", most = LISTED_MAX)));
        }
        let judges = Judges { anomalies };
        let code = strategy.listing.code.clone();
        let program = Program::new(scenario.scenario.cast.clone(), code, self.setting()?)
            .map_err(Problem::new)?
            .with_detail(judges.detail());
        let complete = self.result["complete"].as_bool();
        let complete =
            complete.ok_or_else(|| self.bad("complete", phrase!("verify-run-a-bool")))?;
        let result = recount::ReportedResult { result: self.result, complete };
        let mut checked = Checked::new(format!("{} × {}", scenario.name, strategy.name), complete);
        recount::check(&mut checked, result, (&program, &judges), options.max_states);
        Ok(checked)
    }
}
