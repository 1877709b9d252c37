//! What `interleak check` found, one case for each expectation; then one file for each format.

pub mod github;
pub mod json;
pub mod junit;
pub mod page;
mod words;

use super::numbers::{digits, digits_or_null};
use super::trouble::Trouble;
use super::typed;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::scenario::Frequency;
use crate::story::Entry;
use crate::story::limit::why_stopped;
use crate::words::Phrase;
use num_bigint::BigUint;
use schemars::JsonSchema;
use serde::Serialize;

/// What a scenario's author expects of one strategy, and what came of it.
#[derive(Serialize, JsonSchema)]
pub struct Case {
    /// Name or path of the scenario.
    pub scenario: String,
    /// Name or path of the strategy; null if the scenario itself cannot be checked.
    pub strategy: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// The file that expects it, or in which something is wrong; null for what is shipped.
    pub file: Option<String>,
    /// The line in that file, from 1; null if it is about no line.
    pub line: Option<usize>,
    /// How many orders there are, in decimal digits; a lower bound if the case is open; null if it
    /// is broken.
    #[serde(serialize_with = "digits_or_null")]
    #[schemars(with = "Option<String>")]
    pub interleavings: Option<BigUint>,
    /// Every judged anomaly, also those that never show.
    pub anomalies: Vec<Shown>,
    /// The limit that was hit, in words; null if none was.
    pub stopped: Option<Phrase>,
    /// What is wrong with the input; null unless the case is broken.
    pub problem: Option<Trouble>,
    /// The command that shows it; null if the case is broken.
    pub command: Option<String>,
}

/// What came of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Everything is as expected.
    Holds,
    /// Something is not as expected.
    Fails,
    /// A limit was hit before that was known.
    Open,
    /// A file is missing or wrong, or the strategy does not fit the scenario.
    Broken,
}

impl Outcome {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Holds => "holds",
            Outcome::Fails => "fails",
            Outcome::Open => "open",
            Outcome::Broken => "broken",
        }
    }
}

/// One anomaly: what was expected of it, and what it did.
#[derive(Serialize, JsonSchema)]
pub struct Shown {
    /// The anomaly.
    pub anomaly: &'static str,
    /// How often it was expected to show: never, sometimes, always.
    pub expected: &'static str,
    /// How often it shows; unknown if a limit was hit before anything was seen.
    pub found: &'static str,
    /// How many orders show it, in decimal digits.
    #[serde(serialize_with = "digits")]
    #[schemars(with = "String")]
    pub interleavings: BigUint,
    /// Whether that fails the case.
    pub unexpected: bool,
}

/// Where something is expected.
pub struct Expected<'a> {
    /// The scenario, as it was typed.
    pub scenario: &'a str,
    /// The strategy, as its path leads from here; `None` if this is about the scenario.
    pub strategy: Option<&'a str>,
    /// The scenario's file, if it is not a shipped one.
    pub file: Option<String>,
    /// The line of the expectation.
    pub line: Option<usize>,
}

impl Case {
    /// An expectation that was checked; `bounds` are the options that say how far. The command that
    /// shows a case repeats them where they left it open.
    pub fn checked(expected: Expected, entry: &Entry, bounds: &[String]) -> Case {
        let verdict = &entry.verdict;
        let outcome = match (verdict.stopped, entry.surprises.as_slice()) {
            (Some(_), _) => Outcome::Open,
            (None, []) if entry.is_doubtful() || !verdict.doubts.is_empty() => Outcome::Open,
            (None, []) => Outcome::Holds,
            (None, _) => Outcome::Fails,
        };
        let shown = verdict.anomalies.iter().map(|judged| {
            let anomaly = judged.anomaly.id;
            let meant = entry.expected.as_ref().map(|expected| expected.of(anomaly));
            Shown {
                anomaly,
                expected: meant.unwrap_or(Frequency::Never).name(),
                found: judged.frequency.map_or("unknown", Frequency::name),
                interleavings: judged.orders.clone(),
                unexpected: entry.surprises.iter().any(|surprise| surprise.anomaly == anomaly),
            }
        });
        let doubt = entry.doubts.first().filter(|_| outcome == Outcome::Open).cloned();
        let mut command = entry.command("run", entry.strategy_name);
        if outcome == Outcome::Open {
            command.0.extend_from_slice(bounds);
        }
        Case {
            outcome,
            interleavings: Some(verdict.orders.clone()),
            anomalies: shown.collect(),
            stopped: verdict.stopped.map(why_stopped).or(doubt),
            command: Some(typed(&command)),
            ..Case::unchecked(expected)
        }
    }

    /// Something that cannot be checked.
    pub fn broken(expected: Expected, problem: &Problem) -> Case {
        let trouble = Trouble::from(problem);
        let mut case = Case::unchecked(expected);
        if let Some((file, line)) = trouble.place() {
            (case.file, case.line) = (Some(file.to_owned()), Some(line));
        }
        case.problem = Some(trouble);
        case
    }

    fn unchecked(expected: Expected) -> Case {
        Case {
            scenario: expected.scenario.to_owned(),
            strategy: expected.strategy.map(str::to_owned),
            outcome: Outcome::Broken,
            file: expected.file,
            line: expected.line,
            interleavings: None,
            anomalies: Vec::new(),
            stopped: None,
            problem: None,
            command: None,
        }
    }

    /// All orders; none where nothing was explored.
    fn orders(&self) -> BigUint {
        self.interleavings.clone().unwrap_or_default()
    }

    /// How a command that shows this ends.
    pub fn exit(&self) -> Exit {
        match self.outcome {
            Outcome::Holds => Exit::AsExpected,
            Outcome::Fails => Exit::Unexpected,
            Outcome::Open => Exit::Inconclusive,
            Outcome::Broken => Exit::BadInput,
        }
    }
}

/// How many cases there are of each outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counted {
    /// All of them.
    pub all: usize,
    /// As expected.
    pub hold: usize,
    /// Not as expected.
    pub fail: usize,
    /// Not known, because a limit was hit.
    pub open: usize,
    /// Not checked, because the input is wrong.
    pub broken: usize,
}

impl Counted {
    /// Counts the cases.
    pub fn of(cases: &[Case]) -> Counted {
        let of = |outcome| cases.iter().filter(|case| case.outcome == outcome).count();
        Counted {
            all: cases.len(),
            hold: of(Outcome::Holds),
            fail: of(Outcome::Fails),
            open: of(Outcome::Open),
            broken: of(Outcome::Broken),
        }
    }
}
