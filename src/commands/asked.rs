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

/// What no strategy shows that is worth trying.
const DEADLOCK: &str = "deadlock";

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
            next: None,
            verdict,
        })
    }

    /// The same, with other strategies beside it: one that goes wrong where it is clean, and the one to
    /// look at next.
    pub fn contrasted(&self, entry: Entry<'a>) -> Entry<'a> {
        let found = entry.verdict.found().next().is_some();
        let (contrast, next) = match (entry.verdict.stopped, found) {
            (Some(_), _) => (None, None),
            (None, false) => (self.fails_with(), self.next()),
            (None, true) => (None, self.repaired_by()),
        };
        Entry { contrast, next, ..entry }
    }

    /// A shipped strategy with which the same check finds something: proof that it can fail.
    fn fails_with(&self) -> Option<Contrast> {
        let others = STRATEGIES.iter().filter(|other| other.name != self.strategy.name);
        others.into_iter().find_map(|other| match self.glance(other) {
            Glance::Shows(anomaly) => Some(Contrast { strategy: other.name, verb: anomaly.verb() }),
            Glance::Clean | Glance::Undecided | Glance::Unfit => None,
        })
    }

    /// What to look at after a clean run: the next of the lesson that is no false repair, but for the
    /// one behind the first; elsewhere the next strategy.
    fn next(&self) -> Option<&'static str> {
        let own = &self.strategy.name;
        let is_next = |other: &&Strategy| *own == LESSON[0] || is_repair(other);
        let lesson = lesson_behind(own).filter(is_next).find(|other| self.goes_on(other));
        let later = || {
            let here = STRATEGIES.iter().position(|known| known.name == *own)?;
            STRATEGIES[here + 1..].iter().find(|other| self.goes_on(other))
        };
        lesson.or_else(later).map(|next| next.name)
    }

    /// What to look at after a fault: after the first strategy of the lesson its false repair, and
    /// otherwise what repairs it, in the lesson's order. Elsewhere it is the first repair from here on
    /// that the scenario expects to be clean. What is stuck repairs nothing.
    fn repaired_by(&self) -> Option<&'static str> {
        let own = &self.strategy.name;
        let is_asked = |id: &str| self.question.anomalies.iter().any(|asked| asked.id == id);
        let judged = ANOMALIES.iter().copied().filter(|it| is_asked(it.id) || it.id == DEADLOCK);
        let judged: Vec<_> = judged.collect();
        let repairs = |other: &&Strategy| {
            is_repair(other) && matches!(self.glance_for(other, &judged), Glance::Clean)
        };
        let lesson = || lesson_behind(own).find(repairs);
        let later = || {
            let here = STRATEGIES.iter().position(|known| known.name == *own);
            let mut later = STRATEGIES.iter().skip(here.map_or(0, |here| here + 1));
            later.find(|other| self.is_expected_clean(other) && repairs(other))
        };
        let is_first = *own == LESSON[0];
        let false_repair =
            lesson_behind(own).take(usize::from(is_first)).find(|other| self.goes_on(other));
        false_repair.or_else(lesson).or_else(later).map(|next| next.name)
    }

    /// Whether the scenario expects that nothing goes wrong with a strategy.
    fn is_expected_clean(&self, strategy: &Strategy) -> bool {
        let expected = &self.scenario.scenario.expect;
        expected.iter().any(|(known, found)| known == strategy.name && found.is_clean())
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
        self.glance_for(strategy, self.question.anomalies)
    }

    fn glance_for(&self, strategy: &Strategy, anomalies: &[&'static Anomaly]) -> Glance {
        match Listing::parse(strategy.name, strategy.listing) {
            Ok(listing) => verdict::glance(&Question {
                code: &listing.code,
                anomalies,
                ..self.question.clone()
            }),
            Err(_) => Glance::Unfit,
        }
    }

    /// Whether a strategy fits, and does not get stuck as far as a quick look tells.
    fn goes_on(&self, strategy: &Strategy) -> bool {
        let deadlock: Vec<_> = anomalies::named(DEADLOCK).into_iter().collect();
        matches!(self.glance_for(strategy, &deadlock), Glance::Clean | Glance::Undecided)
    }
}

/// Whether a strategy is one for several users at all.
fn is_repair(strategy: &&Strategy) -> bool {
    matches!(strategy.group, Group::Isolated | Group::Right)
}

/// The strategies of the lesson behind one of it, in its order; none behind any other.
fn lesson_behind(strategy: &str) -> impl Iterator<Item = &'static Strategy> {
    let place = LESSON.iter().position(|name| *name == strategy);
    let behind = place.map_or(LESSON.len(), |place| place + 1);
    LESSON[behind..].iter().filter_map(|name| strategy::named(name))
}
