//! What a name on the command line means: something shipped, or a file.

use crate::anomalies;
use crate::input;
use crate::listing::Listing;
use crate::phrase;
use crate::problem::Problem;
use crate::report::typed;
use crate::scenario::{Expectation, LISTINGS, SHIPPED, Scenario, Vocabulary};
use crate::story::command::Command;
use crate::strategy::{self, STRATEGIES};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A scenario and how it was named.
pub struct LoadedScenario {
    /// As it was typed.
    pub name: String,
    /// What it is.
    pub scenario: Scenario,
    /// Its file, if it is not a shipped one; listings that it names are looked for beside it.
    pub file: Option<PathBuf>,
}

/// A strategy and how it was named.
pub struct LoadedStrategy {
    /// As it was typed.
    pub name: String,
    /// What it is.
    pub listing: Listing,
    /// Its file, if it is not a shipped one.
    pub file: Option<PathBuf>,
}

/// A strategy that a scenario's author expects something of.
pub struct ExpectedStrategy {
    /// What the scenario names it, as its path leads from here.
    pub name: String,
    /// The line of the scenario's file that does.
    pub line: usize,
    /// What it is, or why it cannot be read.
    pub strategy: Result<LoadedStrategy, Problem>,
}

/// The scenario with this name or path.
pub fn scenario(name: &str) -> Result<LoadedScenario, Problem> {
    let shipped = SHIPPED.iter().find(|shipped| shipped.name == name && !is_file_here(name));
    let (text, file) = match shipped {
        Some(shipped) => (shipped.text.to_owned(), None),
        None => {
            let path = path(name, Kind::Scenario, SHIPPED.iter().map(|shipped| shipped.name))?;
            (input::read(&path, "scenario")?, Some(path))
        }
    };
    let known = Vocabulary { strategies: &strategy::names(), anomalies: &anomalies::names() };
    let scenario = Scenario::parse(name, &text, known)?;
    Ok(LoadedScenario { name: name.to_owned(), scenario, file })
}

/// The scenarios with these names or paths; every shipped one if none is named.
pub fn scenarios(names: &[String]) -> Result<Vec<LoadedScenario>, Problem> {
    each_scenario(names).into_iter().map(|(_, loaded)| loaded).collect()
}

/// The same, each with its name, and where one cannot be read why not.
pub fn each_scenario(names: &[String]) -> Vec<(String, Result<LoadedScenario, Problem>)> {
    let shipped = || SHIPPED.iter().map(|shipped| shipped.name.to_owned()).collect();
    let names: Vec<String> = if names.is_empty() { shipped() } else { names.to_vec() };
    // What is named twice is meant once.
    let mut seen = BTreeSet::new();
    let names = names.into_iter().filter(|name| seen.insert(name.clone()));
    names.map(|name| (name.clone(), scenario(&name))).collect()
}

/// The strategy with this name or path.
pub fn strategy(name: &str) -> Result<LoadedStrategy, Problem> {
    strategy_or(name, None)
}

/// The strategy with this name or path; `other` is a word that may be meant instead.
fn strategy_or(name: &str, other: Option<&str>) -> Result<LoadedStrategy, Problem> {
    if let Some(shipped) = shipped_strategy(name).filter(|_| !is_file_here(name)) {
        return shipped;
    }
    let path = path(name, Kind::Strategy, strategy::names().into_iter().chain(other))?;
    let text = input::read(&path, "strategy")?;
    let listing = Listing::parse(name, &text)?;
    Ok(LoadedStrategy { name: name.to_owned(), listing, file: Some(path) })
}

/// The shipped strategy with this name, or the listing that is shipped beside a scenario.
fn shipped_strategy(name: &str) -> Option<Result<LoadedStrategy, Problem>> {
    let own = strategy::named(name).map(|shipped| shipped.listing);
    let beside = || LISTINGS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    let text = own.or_else(beside)?;
    let loaded = |listing| LoadedStrategy { name: name.to_owned(), listing, file: None };
    Some(Listing::parse(name, text).map(loaded))
}

/// The strategies with these names; `all` stands for every shipped one, nothing for the first.
pub fn strategies(names: &[String]) -> Result<Vec<LoadedStrategy>, Problem> {
    each_strategy(names).into_iter().map(|(_, loaded)| loaded).collect()
}

/// A strategy that was named, or why it cannot be read.
pub type Named = (String, Result<LoadedStrategy, Problem>);

/// The same, each with its name.
pub fn each_strategy(names: &[String]) -> Vec<Named> {
    let mut wanted: Vec<&str> = Vec::new();
    for name in names {
        let meant = if name == "all" { strategy::names() } else { vec![name.as_str()] };
        for name in meant {
            if !wanted.contains(&name) {
                wanted.push(name);
            }
        }
    }
    if names.is_empty() {
        wanted.push(STRATEGIES[0].name);
    }
    let loaded = |name: &str| (name.to_owned(), strategy_or(name, Some("all")));
    wanted.into_iter().map(loaded).collect()
}

/// In lesson order, and those that are not shipped behind them.
pub fn in_lesson_order(mut strategies: Vec<LoadedStrategy>) -> Vec<LoadedStrategy> {
    let place = |strategy: &LoadedStrategy| {
        STRATEGIES.iter().position(|shipped| shipped.name == strategy.name)
    };
    strategies.sort_by_key(|strategy| place(strategy).unwrap_or(STRATEGIES.len()));
    strategies
}

impl LoadedStrategy {
    /// The folder of its file; none if it is a shipped one.
    pub fn folder(&self) -> Option<&Path> {
        self.file.as_deref().and_then(Path::parent)
    }
}

impl LoadedScenario {
    /// What the author expects of a strategy.
    pub fn expectation(&self, strategy: &LoadedStrategy) -> Option<Expectation> {
        let mut expected = self.scenario.expect.iter();
        let found = expected.find(|(name, _)| self.means(name, strategy));
        found.map(|(_, expectation)| expectation.clone())
    }

    /// What the author says about a strategy.
    pub fn remark(&self, strategy: &LoadedStrategy) -> Option<String> {
        let mut remarks = self.scenario.remarks.iter();
        let found = remarks.find(|(name, _)| self.means(name, strategy));
        found.map(|(_, remark)| remark.clone())
    }

    /// The strategies that the author has expectations of: shipped ones in lesson order, then
    /// the listings beside the scenario's file.
    pub fn expected_strategies(&self) -> Vec<ExpectedStrategy> {
        let place = |name: &str| strategy::names().iter().position(|&shipped| shipped == name);
        let mut expected: Vec<_> = self.scenario.expect.iter().collect();
        expected.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
        let expected = expected.into_iter().map(|(name, expectation)| {
            let (name, strategy) = self.strategy_beside(name);
            ExpectedStrategy { name, line: expectation.line, strategy }
        });
        expected.collect()
    }

    /// A strategy that is named in the scenario: what it is called from here, and what it is.
    fn strategy_beside(&self, name: &str) -> Named {
        let own = strategy::named(name).is_some() || self.file.is_none();
        if let Some(shipped) = shipped_strategy(name).filter(|_| own) {
            return (name.to_owned(), shipped);
        }
        let path = self.beside(name).display().to_string();
        let loaded = match Path::new(&path).exists() {
            true => strategy(&path),
            false => Err(self.not_beside(name, &path)),
        };
        (path, loaded)
    }

    fn not_beside(&self, name: &str, path: &str) -> Problem {
        let what = phrase!("load-not-beside", scenario = &self.name, strategy = name, path = path);
        Problem::new(what).help(phrase!("load-not-beside-help"))
    }

    fn beside(&self, name: &str) -> PathBuf {
        let folder = self.file.as_deref().and_then(Path::parent);
        folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name))
    }

    fn means(&self, name: &str, strategy: &LoadedStrategy) -> bool {
        match (&self.file, &strategy.file) {
            (None, None) => name == strategy.name,
            // A listing that is shipped beside another scenario is none of this one's files.
            (Some(_), None) => name == strategy.name && strategy::named(name).is_some(),
            (None, Some(_)) => false,
            (Some(_), Some(file)) => {
                let named = self.beside(name).canonicalize();
                named.is_ok_and(|named| file.canonicalize().is_ok_and(|file| file == named))
            }
        }
    }
}

/// What is wanted where a name stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scenario,
    Strategy,
}

impl Kind {
    fn ending(self) -> &'static str {
        match self {
            Kind::Scenario => ".json",
            Kind::Strategy => ".py",
        }
    }

    fn is_shipped(self, name: &str) -> bool {
        match self {
            Kind::Scenario => SHIPPED.iter().any(|shipped| shipped.name == name),
            Kind::Strategy => shipped_strategy(name).is_some(),
        }
    }
}

/// Whether a name is meant as a file: it ends like one, and there is one. It is then never a shipped
/// thing of the same name.
fn is_file_here(name: &str) -> bool {
    let ends = [Kind::Scenario, Kind::Strategy].iter().any(|kind| name.ends_with(kind.ending()));
    ends && Path::new(name).exists()
}

/// The path that a name stands for, if it looks like one or there is such a file.
fn path<'a>(
    name: &str,
    wanted: Kind,
    known: impl IntoIterator<Item = &'a str>,
) -> Result<PathBuf, Problem> {
    if let Some(problem) = other_kind(name, wanted) {
        return Err(problem);
    }
    let path = PathBuf::from(name);
    let looks = name.contains(['/', '\\']) || name.ends_with(wanted.ending());
    match looks || path.exists() {
        true => Ok(path),
        false => {
            let what = match wanted {
                Kind::Scenario => phrase!("load-unknown-scenario", name = name),
                Kind::Strategy => phrase!("load-unknown-strategy", name = name),
            };
            Err(Problem::new(what).known(name, known))
        }
    }
}

/// A strategy where a scenario is wanted, or the other way round: which place takes it.
fn other_kind(name: &str, wanted: Kind) -> Option<Problem> {
    let other = match wanted {
        Kind::Scenario => Kind::Strategy,
        Kind::Strategy => Kind::Scenario,
    };
    let shipped = other.is_shipped(name) && !Path::new(name).exists();
    if !shipped && !name.ends_with(other.ending()) {
        return None;
    }
    let what = match other {
        Kind::Scenario => phrase!("load-scenario-as-strategy", name = name),
        Kind::Strategy if strategy::named(name).is_some() => {
            phrase!("load-strategy-as-scenario", name = name)
        }
        Kind::Strategy => phrase!("load-listing-as-scenario", name = name),
    };
    let command = match other {
        Kind::Scenario => Command::interleak("run").name(name).option("-s", "STRATEGY".to_owned()),
        Kind::Strategy => {
            Command::interleak("run").name("voice-assistant").option("-s", None).name(name)
        }
    };
    Some(Problem::new(what).help(phrase!("load-this-takes-it", command = typed(&command))))
}
