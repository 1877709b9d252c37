//! What can be told of a result without counting any order: whether its parts agree, and whether
//! the orders that it shows are as it says. And what a bound must be, once all orders are counted.

use super::compared::{ReportPart, digits, fraction};
use super::expected::{ExpectedField, told};
use crate::anomalies::Anomaly;
use crate::explore::sample::{SAMPLES_MAX, interval};
use crate::explore::tally::Ratio;
use crate::model::program::Program;
use crate::model::schedule;
use crate::replay::machine::Machine;
use crate::report::numbers::{float, outward};
use crate::report::verify_run::Must;
use crate::story::found::lanes;
use crate::story::order::steps;
use num_traits::Zero;
use serde_json::{Value, json};

/// A result and the program that it is about.
pub(super) struct Itself<'a> {
    pub(super) program: &'a Program,
    /// Whether it says that every order was looked at.
    pub(super) complete: bool,
}

impl Itself<'_> {
    /// Checks all that can be told.
    pub(super) fn check(&self, whole: &mut ReportPart, anomalies: &[&'static Anomaly]) {
        let drawn = whole.field("/sampled/samples");
        whole.holds(
            "/interleavings",
            digits(whole.field("/interleavings")).is_some(),
            Must::Number,
        );
        if !self.complete {
            whole.holds("/stopped", whole.field("/stopped").is_string(), Must::WhatStopped);
            let sampled = whole.field("/sampled");
            // Reports that are older than this field want what they drew.
            let wanted = whole.field("/sampled/samples_wanted").as_u64().unwrap_or(SAMPLES_MAX);
            let most = wanted.min(SAMPLES_MAX);
            let some = drawn.as_u64().is_some_and(|drawn| (1..=most).contains(&drawn));
            whole.holds("/sampled", sampled.is_null() || some, Must::Drawn { most });
        }
        for anomaly in anomalies {
            self.anomaly(&mut whole.anomaly(anomaly.id), anomaly, drawn);
        }
    }

    fn anomaly(&self, part: &mut ReportPart, anomaly: &Anomaly, drawn: &Value) {
        let seen = !part.field("/witness").is_null();
        let verdicts: &[&str] = match (self.complete, seen) {
            (true, false) => &["never"],
            (true, true) => &["sometimes", "always"],
            (false, false) => &["unknown"],
            (false, true) => &["sometimes"],
        };
        let verdict = part.field("/verdict").as_str();
        let fits = verdict.is_some_and(|verdict| verdicts.contains(&verdict));
        part.holds("/verdict", fits, Must::Verdict { seen, complete: self.complete });
        let orders = digits(part.field("/interleavings"));
        let some = orders.is_some_and(|orders| orders.is_zero() != seen);
        part.holds("/interleavings", some, Must::Orders { seen });
        self.chance(part);
        if !self.complete {
            self.drawn(part, seen, drawn.as_u64());
            // What was not looked at may need fewer, and none cannot be less.
            let fewest = part.field("/preemptions");
            let none = seen && fewest.as_u64() == Some(0);
            part.holds("/preemptions", fewest.is_null() || none, Must::ZeroOrOpen);
            let lost_from = part.field("/witness/lost_from").is_null();
            part.holds("/witness/lost_from", lost_from, Must::Open);
        }
        let kind = part.field("/kind");
        let known = ["sharing", "chain", "race"].iter().any(|word| kind == word);
        let can_be = anomaly.about_data && seen && known;
        part.holds("/kind", kind.is_null() || can_be, Must::Kind);
        match seen {
            true => self.witness(part, anomaly),
            false => {
                part.equal("/sentence", &Value::Null);
                part.equal_if_given("/why", &json!([]));
                part.equal_if_given("/reasons", &json!([]));
            }
        }
    }

    /// How likely it is, in its three forms.
    fn chance(&self, part: &mut ReportPart) {
        let exact = fraction(part.field("/probability_exact"));
        let exact = exact.filter(|(above, below)| above <= below);
        let Some((above, below)) = exact else {
            part.holds("/probability_exact", false, Must::Fraction);
            return;
        };
        let low = float(&Ratio { numerator: above, denominator: below });
        part.equal("/probability", &json!(low));
        if !self.complete {
            let most = part.field("/probability_at_most").as_f64();
            let fits = most.is_some_and(|most| (low..=1.0).contains(&most));
            part.holds("/probability_at_most", fits, Must::Chance { low: low.to_string() });
        }
    }

    /// In how many of the drawn orders it was seen.
    fn drawn(&self, part: &mut ReportPart, seen: bool, drawn: Option<u64>) {
        let Some(drawn) = drawn.filter(|drawn| (1..=SAMPLES_MAX).contains(drawn)) else {
            part.equal("/sampled", &Value::Null);
            return;
        };
        let hits = part.field("/sampled/hits").as_u64().filter(|&hits| hits <= drawn);
        let Some(hits) = hits.filter(|&hits| hits == 0 || seen) else {
            part.holds("/sampled/hits", false, Must::Hits);
            return;
        };
        let (at_least, at_most) = outward(interval(hits, drawn));
        part.equal("/sampled/at_least", &json!(at_least));
        part.equal("/sampled/at_most", &json!(at_most));
    }

    /// The order that shows it, run once more by the plain machine.
    fn witness(&self, part: &mut ReportPart, anomaly: &Anomaly) {
        let typed = part.field("/witness/schedule").as_str().unwrap_or_default();
        let moves = schedule::moves(self.program, typed).ok();
        let run = moves.and_then(|moves| {
            let record = Machine::run(self.program, &moves).ok()?;
            Some((told(self.program, anomaly, &moves)?, moves, record))
        });
        let Some((told, moves, record)) = run else {
            part.holds("/witness/schedule", false, Must::Shows);
            return;
        };
        let preempts = record.steps.iter().filter(|step| step.preempts).count();
        let switches = moves.windows(2).filter(|pair| pair[0] != pair[1]).count();
        part.equal("/witness/schedule", &json!(schedule::print(self.program, &moves)));
        part.equal("/witness/lanes", &json!(lanes(self.program, &moves)));
        part.equal("/witness/steps", &json!(steps(self.program, &record)));
        part.equal("/witness/preemptions", &json!(preempts));
        part.equal("/witness/switches", &json!(switches));
        part.equal("/sentence", &json!(told.sentence));
        part.equal_if_given("/why", &json!(told.why));
        part.equal_if_given("/reasons", &json!(told.reasons));
    }
}

/// What an incomplete result says of an anomaly, against what was counted of all orders.
pub(super) fn within(part: &mut ReportPart, counted: &[ExpectedField]) {
    let counted = |pointer: &str| {
        let found = counted.iter().find(|(it, _)| it == pointer);
        found.map_or(&Value::Null, |(_, counted)| counted)
    };
    let verdict = counted("/verdict");
    let never = verdict == "never";
    let seen = part.field("/verdict") == "sometimes";
    part.holds("/verdict", !(seen && never), Must::Counted { counted: verdict.to_string() });
    part.at_most("/interleavings", counted("/interleavings"));
    let chance = counted("/probability_exact");
    let no_more = match (fraction(part.field("/probability_exact")), fraction(chance)) {
        (Some((above, below)), Some((most, of))) => above * of <= most * below,
        _ => false,
    };
    part.holds("/probability_exact", no_more, Must::AtMost { counted: chance.to_string() });
    let chance = counted("/probability");
    let most = part.field("/probability_at_most").as_f64();
    let no_less = most.zip(chance.as_f64()).is_some_and(|(most, chance)| chance <= most);
    part.holds("/probability_at_most", no_less, Must::Counted { counted: chance.to_string() });
    for field in ["/kind", "/preemptions"] {
        if !part.field(field).is_null() {
            part.equal(field, counted(field));
        }
    }
    let hits = part.field("/sampled/hits").as_u64().unwrap_or_default();
    part.holds("/sampled/hits", !(never && hits > 0), Must::NoHits);
}
