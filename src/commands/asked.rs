//! What a command asks of several scenarios × strategies, and their answers.

use super::load::{LoadedScenario, LoadedStrategy};
use super::progress::Progress;
use crate::anomalies::{self, ANOMALIES, Anomaly};
use crate::explore::engine::WantedOrders;
use crate::explore::estimate::Estimate;
use crate::explore::graph::Stopped;
use crate::explore::sample::Sampling;
use crate::explore::walk::Limits;
use crate::listing::Listing;
use crate::model::program::{Program, Setting};
use crate::platform;
use crate::problem::Problem;
use crate::report::{Contrast, Entry};
use crate::strategy::{Group, STRATEGIES, Strategy};
use crate::verdict::{self, Deep, Question};
use rayon::prelude::*;

/// What is explored side by side with others, at most.
pub const SMALL: Limits = Limits::new(200_000, 256 << 20);

/// How far something may be explored side by side with others, so that all of them together keep
/// within the memory. It is only a first try: what it cannot finish is begun again alone.
pub fn side_by_side(limits: Limits) -> Limits {
    // A thread that waits for a part of one may begin with another one.
    let at_once = 2 * rayon::current_num_threads();
    Limits {
        states_max: limits.states_max.min(SMALL.states_max),
        bytes_max: SMALL.bytes_max.min(limits.bytes_max / at_once),
        ..limits
    }
}

/// The anomalies to judge: those named, in the order of the registry, or all.
pub fn judged(only: &[String]) -> Result<Vec<&'static Anomaly>, Problem> {
    for name in only {
        if anomalies::named(name).is_none() {
            let problem = Problem::new(format!("unknown anomaly {name}"));
            return Err(problem.known(name, anomalies::names()));
        }
    }
    let wanted = |anomaly: &&Anomaly| only.is_empty() || only.iter().any(|name| name == anomaly.id);
    Ok(ANOMALIES.iter().copied().filter(wanted).collect())
}

/// What is asked of each scenario × strategy.
#[derive(Clone)]
pub struct Asked<'a> {
    /// How it is run.
    pub setting: Setting,
    /// What is judged.
    pub anomalies: &'a [&'static Anomaly],
    /// How far to go.
    pub limits: Limits,
    /// Which orders are wanted.
    pub orders: WantedOrders,
    /// Whether to count what takes long.
    pub deep: Deep,
    /// What to draw if a limit is hit.
    pub sampling: Option<Sampling>,
    /// Whether a clean result is put beside one that is not.
    pub contrast: bool,
}

/// A scenario × strategy, and what is asked of it.
pub type Asking<'a> = (Asked<'a>, &'a LoadedScenario, &'a LoadedStrategy);

/// A first try of one question; none where there is no need to try.
type Tried<'a> = Option<Result<Entry<'a>, Problem>>;

/// Explores several: small ones side by side, then each that is not small with all of the memory.
/// If the user does not want to wait any longer, what was found until then is kept. A strategy that
/// does not fit its scenario says so in its place.
pub fn entries<'a>(questions: &[Asking<'a>]) -> Vec<Result<Entry<'a>, Problem>> {
    platform::interruptible();
    let progress = Progress::start();
    let small = |(asked, scenario, strategy): &Asking<'a>| {
        if questions.len() == 1 || asked.limits.states_max <= SMALL.states_max {
            return None;
        }
        // What is only tried is not sampled.
        let limits = side_by_side(asked.limits);
        let asked = Asked { limits, sampling: None, ..asked.clone() };
        Some(asked.entry(scenario, strategy, &progress))
    };
    let tried: Vec<Tried> = questions.par_iter().map(small).collect();
    let entry = |(tried, (asked, scenario, strategy)): (Tried<'a>, &Asking<'a>)| {
        if let Some(tried) = tried.transpose()? {
            if tried.verdict.stopped.is_none() {
                return Ok(tried);
            }
            let whole = asked.entry(scenario, strategy, &progress)?;
            let interrupted = whole.verdict.stopped == Some(Stopped::Interrupted);
            return Ok(match interrupted && whole.verdict.states < tried.verdict.states {
                true => tried.interrupted(),
                false => whole,
            });
        }
        asked.entry(scenario, strategy, &progress)
    };
    tried.into_iter().zip(questions).map(entry).collect()
}

impl Asked<'_> {
    fn question<'s>(
        &'s self,
        scenario: &'s LoadedScenario,
        strategy: &'s LoadedStrategy,
    ) -> Question<'s> {
        Question {
            scenario: &scenario.scenario,
            code: &strategy.listing.code,
            setting: self.setting,
            anomalies: self.anomalies,
            limits: self.limits,
            orders: self.orders.clone(),
            deep: self.deep,
            sampling: self.sampling,
        }
    }

    /// The program that would be explored.
    pub fn build(
        &self,
        scenario: &LoadedScenario,
        strategy: &LoadedStrategy,
    ) -> Result<Program, Problem> {
        verdict::build(&self.question(scenario, strategy))
    }

    /// Explores one scenario × strategy.
    fn entry<'s>(
        &self,
        scenario: &'s LoadedScenario,
        strategy: &'s LoadedStrategy,
        progress: &Progress,
    ) -> Result<Entry<'s>, Problem> {
        let question = self.question(scenario, strategy);
        let estimate = Estimate::new(&verdict::build(&question)?);
        let verdict = verdict::judge(&question, &|doing| progress.doing(&estimate, &doing))?;
        let expected = scenario.expectation(strategy);
        let own = scenario.scenario.setting;
        let surprises = verdict.surprises(expected.as_ref(), self.setting == own);
        // A remark speaks of the whole verdict at the scenario's own setting.
        let whole = self.setting == own
            && verdict.stopped.is_none()
            && self.anomalies.len() == ANOMALIES.len();
        let clean = verdict.found().next().is_none() && verdict.stopped.is_none();
        let contrast =
            if clean && self.contrast { self.contrast(&question, &strategy.name) } else { None };
        Ok(Entry {
            scenario_name: &scenario.name,
            scenario: &scenario.scenario,
            strategy_name: &strategy.name,
            setting: self.setting,
            orders: self.orders.clone(),
            estimate,
            expected,
            surprises,
            remark: scenario.remark(strategy).filter(|_| whole),
            contrast,
            next: next(scenario, &strategy.name, clean),
            verdict,
        })
    }

    /// Another strategy for which the same check finds something.
    fn contrast(&self, question: &Question, strategy: &str) -> Option<Contrast> {
        let others = STRATEGIES.iter().filter(|other| other.name != strategy);
        others.into_iter().find_map(|other| {
            let listing = Listing::parse(other.name, other.listing).ok()?;
            let question = Question { code: &listing.code, ..question.clone() };
            let anomaly = verdict::contrast(&question)?;
            Some(Contrast { strategy: other.name, verb: anomaly.verb })
        })
    }
}

/// What to look at next: after a fault the first strategy that repairs it, in lesson order from
/// here on; after a clean run the next lesson. What is no repair is never proposed as one.
fn next(scenario: &LoadedScenario, strategy: &str, clean: bool) -> Option<&'static str> {
    let here = STRATEGIES.iter().position(|known| known.name == strategy);
    let later = STRATEGIES.iter().skip(here.map_or(0, |here| here + 1));
    if clean {
        return here.and_then(|_| later.into_iter().next()).map(|next| next.name);
    }
    let expected_clean = |name: &str| {
        scenario
            .scenario
            .expect
            .iter()
            .any(|(known, expected)| known == name && expected.is_clean())
    };
    let repairs = |it: &&Strategy| matches!(it.group, Group::Isolated | Group::Right);
    let repaired = later.into_iter().filter(repairs).find(|later| expected_clean(later.name));
    repaired.map(|repaired| repaired.name)
}
