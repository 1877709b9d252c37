//! What `interleak stress` found: three numbers side by side, and what they mean.

pub mod json;
pub mod page;

use super::stopped_words;
use crate::anomalies::Anomaly;
use crate::explore::tally::Ratio;
use crate::scenario::Frequency;
use crate::stress::{Cut, Plan, Seen};
use crate::twins::drift::Drift;
use crate::verdict::Verdict;
use crate::words::Phrase;
use num_bigint::BigUint;

/// What was run, what was seen, and what the explorer says.
pub struct Stressed {
    /// As it was typed.
    pub scenario: String,
    /// As it was typed.
    pub strategy: String,
    /// Whether the scenario has a limit, which real threads here do not keep.
    pub limit_ignored: bool,
    /// How many runs were wanted.
    pub runs_wanted: u64,
    /// How many were made.
    pub runs: u64,
    /// Why fewer were made.
    pub cut: Option<Cut>,
    /// The longest that the assistant thinks, in microseconds.
    pub infer_us: u64,
    /// What the waiting times are drawn from.
    pub seed: u64,
    /// Where the first run that is no path of the simulated program leaves it.
    pub drift: Option<Drift>,
    /// What stopped the exploration.
    pub stopped: Option<Phrase>,
    /// How many orders there are, or at least, if it was stopped.
    pub orders: BigUint,
    /// Every anomaly, also those that never show.
    pub rows: Vec<SeenRow>,
}

/// One anomaly, on real threads and in all orders.
pub struct SeenRow {
    /// The anomaly.
    pub anomaly: &'static Anomaly,
    /// In how many runs it showed.
    pub runs: u64,
    /// How far chance alone may have moved the share of these runs.
    pub share: Interval,
    /// How often it shows in all orders; `None` if that is not known.
    pub frequency: Option<Frequency>,
    /// In how many orders.
    pub orders: BigUint,
    /// How likely, when each next lane is drawn uniformly.
    pub chance: Ratio,
    /// Whether some order shows it.
    pub is_possible: bool,
}

/// What all orders say of what real threads did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Possible {
    /// Some of them do the same.
    SomeDo,
    /// The same, and not all were looked at.
    AtLeastSomeDo,
    /// None of those that were looked at.
    NotSeen,
    /// None.
    RuledOut,
}

/// The 95 % interval of a share, in percent (E. B. Wilson 1927).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// It is at least this.
    pub low: f64,
    /// It is at most this.
    pub high: f64,
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
        let rows = verdict.anomalies.iter().zip(&seen.with).map(|(judged, &runs)| SeenRow {
            anomaly: judged.anomaly,
            runs,
            share: Interval::of(runs, seen.runs),
            frequency: judged.frequency,
            orders: judged.orders.clone(),
            chance: judged.chance.clone(),
            is_possible: judged.witness.is_some(),
        });
        Stressed {
            scenario: scenario.to_owned(),
            strategy: strategy.to_owned(),
            limit_ignored,
            runs_wanted: plan.runs,
            runs: seen.runs,
            cut: seen.cut,
            infer_us: plan.infer_us,
            seed: plan.seed,
            drift: seen.drift.clone(),
            stopped: verdict.stopped.map(|stopped| stopped_words(stopped).into()),
            orders: verdict.orders.clone(),
            rows: rows.collect(),
        }
    }

    /// Whether real threads did what the explorer rules out.
    pub fn is_contradicted(&self) -> bool {
        let contradicts = |row: &SeenRow| row.frequency == Some(Frequency::Never) && row.runs > 0;
        self.drift.is_some() || self.rows.iter().any(contradicts)
    }

    /// What shows in some run or in some order.
    pub fn shown(&self) -> impl Iterator<Item = &SeenRow> {
        self.rows.iter().filter(|row| row.runs > 0 || row.is_possible)
    }

    /// What all orders say of an anomaly.
    pub fn possible(&self, row: &SeenRow) -> Possible {
        match (row.is_possible, row.frequency) {
            (true, _) if self.stopped.is_some() => Possible::AtLeastSomeDo,
            (true, _) => Possible::SomeDo,
            (false, None) => Possible::NotSeen,
            (false, Some(_)) => Possible::RuledOut,
        }
    }
}

impl Interval {
    /// So many hits in so many runs.
    pub fn of(hits: u64, runs: u64) -> Interval {
        if runs == 0 {
            return Interval { low: 0.0, high: 100.0 };
        }
        let (z, n) = (1.959_964_f64, runs as f64);
        let share = hits as f64 / n;
        let centre = share + z * z / (2.0 * n);
        let spread = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + z * z / n;
        let percent = |value: f64| (100.0 * value / whole).clamp(0.0, 100.0);
        Interval {
            low: if hits == 0 { 0.0 } else { percent(centre - spread) },
            high: if hits == runs { 100.0 } else { percent(centre + spread) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_the_share_and_shrink_with_more_runs() {
        let Interval { low, high } = Interval::of(0, 1000);
        assert!(low == 0.0 && high > 0.3 && high < 0.5, "{low} {high}");
        let Interval { low, high } = Interval::of(500, 1000);
        assert!(low > 46.0 && low < 50.0 && high > 50.0 && high < 54.0, "{low} {high}");
        assert_eq!(Interval::of(0, 0), Interval { low: 0.0, high: 100.0 });
    }
}
