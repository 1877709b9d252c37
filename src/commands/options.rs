//! What several commands let the user choose, each option spelled once.

use super::asked::judged;
use super::load::{self, LoadedStrategy};
use super::schema;
use super::{Failure, Out};
use crate::anomalies::Anomaly;
use crate::exit::Exit;
use crate::phrase;
use crate::problem::Problem;
use crate::strategy::LESSON;

/// Which strategies stand side by side
#[derive(clap::Args, Debug)]
pub struct StrategyOptions {
    /// A shipped strategy, the path of a listing, or all [default: eight of the lesson]
    #[arg(short, long = "strategy", value_name = "STRATEGY")]
    pub strategies: Vec<String>,
}

impl StrategyOptions {
    /// The strategies that are named, or those that tell the lesson.
    pub fn or_lesson(&self) -> Vec<String> {
        match self.strategies.is_empty() {
            true => LESSON.iter().map(|&name| name.to_owned()).collect(),
            false => self.strategies.clone(),
        }
    }

    /// The only one that is named: it must fit. Among several, one that does not is a row of trouble.
    pub fn must_fit(&self) -> &[String] {
        if self.strategies.len() == 1 { &self.strategies } else { &[] }
    }

    /// How a command ends that leaves these out. One of `all` that was not named need not fit.
    pub fn exit<'n>(&self, mut left_out: impl Iterator<Item = &'n String>) -> Exit {
        match left_out.any(|name| self.strategies.contains(name)) {
            true => Exit::BadInput,
            false => Exit::AsExpected,
        }
    }
}

/// Which strategy is looked at alone
#[derive(clap::Args, Debug)]
pub struct StrategyOption {
    /// A shipped strategy, or the path of a listing [default: global]
    #[arg(short, long, value_name = "STRATEGY")]
    strategy: Option<String>,
}

impl StrategyOption {
    /// The strategy that is meant; `command` is the command that looks at it.
    pub fn load(&self, command: &str) -> Result<LoadedStrategy, Problem> {
        let named: Vec<String> = self.strategy.iter().cloned().collect();
        let mut strategies = load::strategies(&named)?;
        match (strategies.pop(), strategies.is_empty()) {
            (Some(strategy), true) => Ok(strategy),
            _ => Err(Problem::new(phrase!("typed-one-strategy", command = command))),
        }
    }
}

/// What is judged
#[derive(clap::Args, Debug)]
pub struct OnlyOption {
    /// Judge only this anomaly; may be given several times
    #[arg(long, value_name = "ANOMALY", value_delimiter = ',')]
    only: Vec<String>,
}

impl OnlyOption {
    /// The anomalies to judge.
    pub fn judged(&self) -> Result<Vec<&'static Anomaly>, Problem> {
        judged(&self.only)
    }
}

/// How the result is written, where there are two ways
#[derive(clap::Args, Debug)]
pub struct FormatOption {
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// A page for people
    Text,
    /// A document for programs: `interleak schema` describes it
    Json,
}

impl FormatOption {
    /// Whether a page is wanted.
    pub fn is_text(&self) -> bool {
        self.format == Format::Text
    }

    /// Prints the one that is wanted.
    pub fn print(
        &self,
        out: &mut Out,
        page: impl FnOnce() -> String,
        document: impl FnOnce() -> serde_json::Result<String>,
    ) -> Result<(), Failure> {
        let text = match self.format {
            Format::Text => page(),
            Format::Json => document().map_err(schema::unwritable)?,
        };
        Ok(out.text(&text)?)
    }
}
