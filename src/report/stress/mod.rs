//! What `interleak stress` found: three numbers side by side, and what they mean.

pub mod json;
pub mod page;

use crate::anomalies::Anomaly;
use crate::scenario::Frequency;
use crate::story::limit::why_stopped;
use crate::story::numbers::{Chance, digits};
use crate::stress::{Cut, Plan, Seen};
use crate::twins::drift::Drift;
use crate::verdict::{Judged, Verdict};
use crate::words::Phrase;
use num_bigint::BigUint;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// What was run, what was seen, and what the explorer says.
#[derive(Serialize, JsonSchema)]
pub struct Stressed {
    /// Name or path of the scenario.
    pub scenario: String,
    /// Name of the strategy.
    pub strategy: String,
    /// How many runs were wanted.
    pub runs_wanted: u64,
    /// How many were made.
    pub runs: u64,
    /// Why fewer were made; null if all were, or if one was a contradiction.
    pub cut: Option<Cut>,
    /// The longest that the assistant thinks, in microseconds.
    pub infer_us: u64,
    /// What the waiting times are drawn from.
    pub seed: u64,
    /// Whether the scenario has a limit, which real threads here do not keep.
    pub limit_ignored: bool,
    /// Whether real threads did what the explorer rules out: a bug in interleak.
    pub contradicted: bool,
    /// The first run that is not what the listing says, in words; null if there is none.
    pub drift: Option<Phrase>,
    /// The same as a fact.
    pub drift_fact: Option<Drift>,
    /// Whether every order was looked at. If not, every number of orders is a lower bound.
    pub complete: bool,
    /// What stopped the exploration, in words; null if nothing did.
    pub stopped: Option<Phrase>,
    /// How many orders there are, in decimal digits.
    #[serde(serialize_with = "digits")]
    #[schemars(with = "String")]
    pub interleavings: BigUint,
    /// Every anomaly, also those that never show.
    #[serde(serialize_with = "by_name")]
    #[schemars(with = "BTreeMap<String, SeenRow>")]
    pub anomalies: Vec<SeenRow>,
}

/// One anomaly, on real threads and in all orders.
#[derive(Serialize, JsonSchema)]
pub struct SeenRow {
    /// The anomaly.
    #[serde(skip)]
    pub anomaly: &'static Anomaly,
    /// In how many runs it showed.
    pub runs: u64,
    /// How far chance alone may have moved the share of these runs.
    #[serde(flatten)]
    pub share: Share,
    /// How often it shows in all orders: never, sometimes, always, or unknown where not all was
    /// looked at.
    pub verdict: &'static str,
    /// In how many orders, in decimal digits.
    #[serde(serialize_with = "digits")]
    #[schemars(with = "String")]
    pub interleavings: BigUint,
    /// How likely that is.
    #[serde(flatten)]
    pub chance: Chance,
    /// What all orders say of it.
    pub possible: Possible,
}

/// What all orders say of what real threads may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Possible {
    /// Some order shows it.
    Possible,
    /// None of those that were looked at, and there are more.
    NotSeen,
    /// None.
    RuledOut,
}

/// The 95 % interval of a share (E. B. Wilson 1927). It is one of sampling only: on another load the
/// same command gave 89 % and 48 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Share {
    /// The share of runs under the conditions of this one is at least this, at 95 % (Wilson).
    pub at_least: f64,
    /// It is at most this.
    pub at_most: f64,
}

impl Stressed {
    /// From what was run to what is told of it.
    pub fn of(
        (scenario, strategy): (&str, &str),
        limit_ignored: bool,
        verdict: &Verdict,
        plan: &Plan,
        seen: &Seen,
    ) -> Stressed {
        let rows = verdict.anomalies.iter().zip(&seen.with);
        let rows: Vec<SeenRow> =
            rows.map(|(judged, &runs)| SeenRow::of(judged, runs, seen.runs)).collect();
        Stressed {
            scenario: scenario.to_owned(),
            strategy: strategy.to_owned(),
            runs_wanted: plan.runs,
            runs: seen.runs,
            cut: seen.cut,
            infer_us: plan.infer_us,
            seed: plan.seed,
            limit_ignored,
            contradicted: seen.drift.is_some() || rows.iter().any(SeenRow::is_contradiction),
            drift: seen.drift.as_ref().map(Phrase::from),
            drift_fact: seen.drift.clone(),
            complete: verdict.stopped.is_none(),
            stopped: verdict.stopped.map(why_stopped),
            interleavings: verdict.orders.clone(),
            anomalies: rows,
        }
    }

    /// What shows in some run or in some order.
    pub fn shown(&self) -> impl Iterator<Item = &SeenRow> {
        let shows = |row: &&SeenRow| row.runs > 0 || row.possible == Possible::Possible;
        self.anomalies.iter().filter(shows)
    }
}

impl SeenRow {
    fn of(judged: &Judged, runs: u64, all: u64) -> SeenRow {
        SeenRow {
            anomaly: judged.anomaly,
            runs,
            share: Share::of(runs, all),
            verdict: judged.frequency.map_or("unknown", Frequency::name),
            interleavings: judged.orders.clone(),
            chance: Chance::of(&judged.chance),
            possible: match (&judged.witness, judged.frequency) {
                (Some(_), _) => Possible::Possible,
                (None, None) => Possible::NotSeen,
                (None, Some(_)) => Possible::RuledOut,
            },
        }
    }

    fn is_contradiction(&self) -> bool {
        self.possible == Possible::RuledOut && self.runs > 0
    }
}

impl Share {
    /// So many hits in so many runs.
    pub fn of(hits: u64, runs: u64) -> Share {
        if runs == 0 {
            return Share { at_least: 0.0, at_most: 1.0 };
        }
        let (z, n) = (1.959_964_f64, runs as f64);
        let share = hits as f64 / n;
        let centre = share + z * z / (2.0 * n);
        let spread = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + z * z / n;
        let within = |value: f64| (value / whole).clamp(0.0, 1.0);
        Share {
            at_least: if hits == 0 { 0.0 } else { within(centre - spread) },
            at_most: if hits == runs { 1.0 } else { within(centre + spread) },
        }
    }
}

/// The anomalies as an object, by name.
fn by_name<S: Serializer>(all: &[SeenRow], serializer: S) -> Result<S::Ok, S::Error> {
    let by_name: BTreeMap<&str, &SeenRow> = all.iter().map(|row| (row.anomaly.id, row)).collect();
    serializer.collect_map(by_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_the_share_and_shrink_with_more_runs() {
        let Share { at_least, at_most } = Share::of(0, 1000);
        assert!(at_least == 0.0 && at_most > 0.003 && at_most < 0.005, "{at_least} {at_most}");
        let Share { at_least, at_most } = Share::of(500, 1000);
        assert!(at_least > 0.46 && at_least < 0.5, "{at_least}");
        assert!(at_most > 0.5 && at_most < 0.54, "{at_most}");
        assert_eq!(Share::of(0, 0), Share { at_least: 0.0, at_most: 1.0 });
    }
}
