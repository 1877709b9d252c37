//! What a command asks of several scenarios × strategies, and their answers.

use super::load::{LoadedScenario, LoadedStrategy};
use super::progress::Progress;
use crate::anomalies::{self, ANOMALIES, Anomaly};
use crate::explore::estimate::Estimate;
use crate::explore::graph::Stopped;
use crate::explore::walk::Limits;
use crate::listing::Listing;
use crate::phrase;
use crate::platform;
use crate::problem::Problem;
use crate::story::{Contrast, Entry, Repairs};
use crate::strategy::{self, Group, LESSON, STRATEGIES, Strategy};
use crate::verdict::{self, Glance, Question};
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

/// The anomaly with this name.
pub fn anomaly(name: &str) -> Result<&'static Anomaly, Problem> {
    let unknown = || {
        Problem::new(phrase!("typed-unknown-anomaly", name = name)).known(name, anomalies::names())
    };
    anomalies::named(name).ok_or_else(unknown)
}

/// The anomalies to judge: those named, in the order of the registry, or all.
pub fn judged(only: &[String]) -> Result<Vec<&'static Anomaly>, Problem> {
    for name in only {
        anomaly(name)?;
    }
    let wanted = |anomaly: &&Anomaly| only.is_empty() || only.iter().any(|name| name == anomaly.id);
    Ok(ANOMALIES.iter().copied().filter(wanted).collect())
}

/// A scenario × strategy, and what is asked of it.
pub struct Asking<'a> {
    /// The scenario, and how it was named.
    pub scenario: &'a LoadedScenario,
    /// The strategy, and how it was named.
    pub strategy: &'a LoadedStrategy,
    /// What is asked.
    pub question: Question<'a>,
}

/// A first try of one question; none where there is no need to try.
type Tried<'a> = Option<Result<Entry<'a>, Problem>>;

/// Explores several: small ones side by side, then each that is not small with all of the memory.
/// If the user does not want to wait any longer, what was found until then is kept. A strategy that
/// does not fit its scenario says so in its place.
pub fn entries<'a>(questions: &[Asking<'a>]) -> Vec<Result<Entry<'a>, Problem>> {
    platform::interruptible();
    let progress = Progress::start();
    let small = |asking: &Asking<'a>| {
        if questions.len() == 1 || asking.question.limits.states_max <= SMALL.states_max {
            return None;
        }
        // What is only tried is not sampled.
        let limits = side_by_side(asking.question.limits);
        let question = Question { limits, sampling: None, ..asking.question.clone() };
        Some(Asking { question, ..*asking }.entry(&progress))
    };
    let tried: Vec<Tried> = questions.par_iter().map(small).collect();
    let entry = |(tried, asking): (Tried<'a>, &Asking<'a>)| {
        if let Some(tried) = tried.transpose()? {
            if tried.verdict.stopped.is_none() {
                return Ok(tried);
            }
            let whole = asking.entry(&progress)?;
            let interrupted = whole.verdict.stopped == Some(Stopped::Interrupted);
            return Ok(match interrupted && whole.verdict.states < tried.verdict.states {
                true => tried.interrupted(),
                false => whole,
            });
        }
        asking.entry(&progress)
    };
    tried.into_iter().zip(questions).map(entry).collect()
}

impl<'a> Asking<'a> {
    /// The base of every question: see [`Question::new`].
    pub fn new(
        scenario: &'a LoadedScenario,
        strategy: &'a LoadedStrategy,
        limits: Limits,
    ) -> Asking<'a> {
        let question = Question::new(&scenario.scenario, &strategy.listing.code, limits);
        Asking { scenario, strategy, question }
    }

    /// Explores one scenario × strategy.
    fn entry(&self, progress: &Progress) -> Result<Entry<'a>, Problem> {
        let Asking { scenario, strategy, question } = self;
        let estimate = Estimate::new(&verdict::build(question)?);
        let verdict = verdict::judge(question, &|doing| progress.doing(&estimate, &doing))?;
        let expected = scenario.expectation(strategy);
        let own = question.setting == scenario.scenario.setting;
        let surprises = verdict.surprises(expected.as_ref(), own);
        // A remark speaks of the whole verdict at the scenario's own setting.
        let whole = own && verdict.stopped.is_none() && question.anomalies.len() == ANOMALIES.len();
        let clean = verdict.found().next().is_none() && verdict.stopped.is_none();
        Ok(Entry {
            scenario_name: &scenario.name,
            scenario: &scenario.scenario,
            strategy_name: &strategy.name,
            setting: verdict.program.setting,
            orders: question.orders.clone(),
            estimate,
            expected,
            surprises,
            doubts: [&strategy.listing.doubts[..], &verdict.doubts].concat(),
            remark: scenario.remark(strategy).filter(|_| whole),
            contrast: None,
            next: next(scenario, &strategy.name, clean),
            verdict,
        })
    }

    /// The same, and a clean result beside one that is not.
    pub fn contrasted(&self, entry: Entry<'a>) -> Entry<'a> {
        let clean = entry.verdict.found().next().is_none() && entry.verdict.stopped.is_none();
        Entry { contrast: clean.then(|| self.fails_with()).flatten(), ..entry }
    }

    /// A shipped strategy with which the same check finds something: proof that it can fail.
    fn fails_with(&self) -> Option<Contrast> {
        let others = STRATEGIES.iter().filter(|other| other.name != self.strategy.name);
        others.into_iter().find_map(|other| match self.glance(other) {
            Glance::Shows(anomaly) => Some(Contrast { strategy: other.name, verb: anomaly.verb() }),
            Glance::Clean | Glance::Undecided | Glance::Unfit => None,
        })
    }

    /// What a quick look says of the shipped repairs.
    pub fn repairs(&self) -> Repairs {
        let looked_at = STRATEGIES.par_iter().filter(is_repair);
        let looked_at: Vec<_> = looked_at.map(|other| (other.name, self.glance(other))).collect();
        let named = |wanted: fn(&Glance) -> bool| {
            let all = looked_at.iter().filter(move |(_, glance)| wanted(glance));
            all.map(|&(name, _)| name)
        };
        let clean = named(|glance| matches!(glance, Glance::Clean));
        let (lesson, others): (Vec<_>, Vec<_>) = clean.partition(|name| LESSON.contains(name));
        let undecided = named(|glance| matches!(glance, Glance::Undecided)).count();
        Repairs { clean: [lesson, others].concat(), undecided }
    }

    fn glance(&self, strategy: &Strategy) -> Glance {
        match Listing::parse(strategy.name, strategy.listing) {
            Ok(listing) => {
                verdict::glance(&Question { code: &listing.code, ..self.question.clone() })
            }
            Err(_) => Glance::Unfit,
        }
    }
}

/// Whether a strategy is one for several users at all.
fn is_repair(strategy: &&Strategy) -> bool {
    matches!(strategy.group, Group::Isolated | Group::Right)
}

/// What to look at next: after the first one of the lesson its false repair, then what repairs it, in
/// the lesson's order. Elsewhere, after a fault, the first strategy from here on that is expected to be
/// clean; after a clean run the next strategy.
fn next(scenario: &LoadedScenario, strategy: &str, clean: bool) -> Option<&'static str> {
    let place = LESSON.iter().position(|name| *name == strategy);
    let behind = place.map_or(LESSON.len(), |place| place + 1);
    let mut lesson = LESSON[behind..].iter().filter_map(|name| strategy::named(name));
    if let Some(next) = lesson.find(|it| place == Some(0) || is_repair(it)) {
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
    later.filter(is_repair).find(|later| is_clean(later.name)).map(|repaired| repaired.name)
}
