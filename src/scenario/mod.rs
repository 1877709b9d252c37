//! Scenario files: who says what, in which lanes, with which expectations.
//!
//! ```text
//! JSON ──► file (as written) ──► check ──► Scenario (resolved: a Cast and expectations)
//! ```
//!
//! The format is described in `docs/SCENARIOS.md`. Every mistake is told with its place.

mod check;
mod file;
mod grow;
mod locate;
mod shipped;
mod wrong;

pub use file::{Frequency, schema};
pub use grow::grown;
pub use shipped::{LISTINGS, SHIPPED, Shipped};

use crate::model::cast::Cast;
use crate::model::program::Setting;
use crate::problem::Problem;

/// A scenario, checked.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is about, in a few words.
    pub title: String,
    /// What happens, in one or two sentences.
    pub story: String,
    /// Who says what.
    pub cast: Cast,
    /// How its server runs requests; at the default grain.
    pub setting: Setting,
    /// What its author expects of a strategy, in the order of the file.
    pub expect: Vec<(String, Expectation)>,
    /// What its author says about a strategy.
    pub remarks: Vec<(String, String)>,
}

/// What an author expects of one strategy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// How often each named anomaly shows; whatever is not named never does.
    named: Vec<(String, Frequency)>,
    /// The line of the file that says so, from 1.
    pub line: usize,
}

impl Expectation {
    /// How often an anomaly is expected.
    pub fn of(&self, anomaly: &str) -> Frequency {
        let named = self.named.iter().find(|(name, _)| name == anomaly);
        named.map_or(Frequency::Never, |(_, frequency)| *frequency)
    }

    /// Whether nothing is expected to go wrong.
    pub fn is_clean(&self) -> bool {
        self.named.iter().all(|(_, frequency)| *frequency == Frequency::Never)
    }
}

/// The names that expectations may use.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a> {
    /// Shipped strategies.
    pub strategies: &'a [&'a str],
    /// Anomalies.
    pub anomalies: &'a [&'a str],
}

impl Scenario {
    /// Reads a scenario. `file` is how errors call it.
    pub fn parse(file: &str, text: &str, known: Vocabulary) -> Result<Scenario, Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let written = file::read(file, text)?;
        check::resolve(file, text, written, known)
    }
}
