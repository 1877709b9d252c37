//! What there is to tell about one order that was typed.

use super::half;
use super::order::{Found, Order};
use crate::anomalies::reason::Reason;
use crate::anomalies::{ANOMALIES, Anomaly, Finding, Judgement};
use crate::model::program::Program;
use crate::replay::record::Record;
use crate::words::Phrase;

/// One order and what is wrong in it.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The scenario, as typed.
    pub scenario: String,
    /// The strategy, as typed.
    pub strategy: String,
    /// How much of a lane is one step.
    pub grain: &'static str,
    /// Every case of what is wrong, kind by kind.
    pub findings: Vec<Case>,
    /// How the first of them came about, in sentences.
    pub why: Vec<Phrase>,
    /// What happened.
    pub order: Order,
    /// How many steps were asked for; if there are more, they ran in lane order.
    pub asked: usize,
    /// The anomalies that were judged, if not all were.
    pub judged_only: Option<Vec<&'static str>>,
    /// What the strategy may do that its marks do not say, and so was not looked at.
    pub doubts: Vec<Phrase>,
    /// What is told and not judged: questions of cancelled requests that stay without an answer.
    pub half_turns: Vec<Phrase>,
    /// The judged anomalies that only the end of a run shows.
    pub judged_at_end: Vec<&'static str>,
}

/// One case of an anomaly.
#[derive(Clone, Debug)]
pub struct Case {
    /// What stands beside a reply that shows it.
    pub mark: &'static str,
    /// What happens, in one sentence.
    pub sentence: Phrase,
}

impl Replay {
    /// What there is to tell about an order of which so many steps were `asked` for.
    pub fn of(
        (scenario, strategy): (&str, &str),
        (program, record): (&Program, &Record),
        judged: &[&'static Anomaly],
        findings: &[(&'static Anomaly, Finding)],
        asked: usize,
    ) -> Replay {
        let found: Vec<Found> = findings.iter().map(|(anomaly, it)| (*anomaly, it)).collect();
        let case = |(anomaly, finding): &Found| Case {
            mark: anomaly.mark,
            sentence: (anomaly.say)(program, record, finding).phrase(),
        };
        let why = found.first().map(|(anomaly, it)| (anomaly.why)(program, record, it));
        let ids = |all: Vec<&&'static Anomaly>| all.into_iter().map(|it| it.id).collect();
        let at_end = |anomaly: &&&'static Anomaly| !matches!(anomaly.judge, Judgement::Reply(_));
        Replay {
            scenario: scenario.to_owned(),
            strategy: strategy.to_owned(),
            grain: program.setting.grain.name(),
            findings: found.iter().map(case).collect(),
            why: why.iter().flatten().map(Reason::phrase).collect(),
            order: Order::of(program, record, &found),
            asked,
            judged_only: (judged.len() < ANOMALIES.len()).then(|| ids(judged.iter().collect())),
            doubts: Vec::new(),
            half_turns: half::left(program, record),
            judged_at_end: ids(judged.iter().filter(at_end).collect()),
        }
    }
}
