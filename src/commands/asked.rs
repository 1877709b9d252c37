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
use crate::story::{Contrast, Entry};
use crate::strategy::{self, Group, LESSON, STRATEGIES, Strategy};
use crate::verdict::{self, Deep, Glance, Question};
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
        let contrast = (clean && self.contrast).then(|| fails_with(&question, &strategy.name));
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
            contrast: contrast.flatten(),
            next: next(scenario, &strategy.name, clean),
            verdict,
        })
    }
}

/// A shipped strategy with which the same check finds something.
fn fails_with(question: &Question, strategy: &str) -> Option<Contrast> {
    let others = STRATEGIES.iter().filter(|other| other.name != strategy);
    others.into_iter().find_map(|other| match glance_at(question, other) {
        Glance::Shows(anomaly) => Some(Contrast { strategy: other.name, verb: anomaly.verb }),
        Glance::Clean | Glance::Unknown => None,
    })
}

/// Whether a strategy is one for several users at all.
fn repairs(strategy: &&Strategy) -> bool {
    matches!(strategy.group, Group::Isolated | Group::Right)
}

/// The shipped repairs with which the same check finds nothing in any order: those of the lesson
/// first.
pub fn clean_with((asked, scenario, strategy): &Asking) -> Vec<&'static str> {
    let question = &asked.question(scenario, strategy);
    let is_clean = |other: &&Strategy| matches!(glance_at(question, other), Glance::Clean);
    let repairs = STRATEGIES.par_iter().filter(repairs).filter(is_clean).map(|other| other.name);
    let (lesson, others): (Vec<_>, Vec<_>) = repairs.partition(|name| LESSON.contains(name));
    [lesson, others].concat()
}

fn glance_at(question: &Question, strategy: &Strategy) -> Glance {
    match Listing::parse(strategy.name, strategy.listing) {
        Ok(listing) => verdict::glance(&Question { code: &listing.code, ..question.clone() }),
        Err(_) => Glance::Unknown,
    }
}

/// What to look at next: after the first one of the lesson its false repair, then what repairs it, in
/// the lesson's order. Elsewhere, after a fault, the first strategy from here on that is expected to be
/// clean; after a clean run the next strategy.
fn next(scenario: &LoadedScenario, strategy: &str, clean: bool) -> Option<&'static str> {
    let place = LESSON.iter().position(|name| *name == strategy);
    let behind = place.map_or(LESSON.len(), |place| place + 1);
    let mut lesson = LESSON[behind..].iter().filter_map(|name| strategy::named(name));
    if let Some(next) = lesson.find(|it| place == Some(0) || repairs(it)) {
        return Some(next.name);
    }
    let here = STRATEGIES.iter().position(|known| known.name == strategy);
    let mut later = STRATEGIES.iter().skip(here.map_or(0, |here| here + 1));
    if clean {
        return here.and_then(|_| later.next()).map(|next| next.name);
    }
    let expected = &scenario.scenario.expect;
    let is_clean =
        |name: &str| expected.iter().any(|(known, found)| known == name && found.is_clean());
    later.filter(repairs).find(|later| is_clean(later.name)).map(|repaired| repaired.name)
}
