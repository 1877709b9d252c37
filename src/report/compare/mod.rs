//! What `interleak compare` shows: strategies side by side, what each does wrong and what it costs.

pub mod json;
mod legend;
pub mod page;
pub mod table;

use super::numbers::share;
use super::typed;
use crate::scenario::Frequency;
use crate::story::Entry;
use crate::strategy::{self, Group};
use crate::timing::Timed;
use crate::verdict::{Judged, Kind};

pub use legend::reasons;

/// What stands in place of a reply time that never comes to an end.
pub const NO_REPLY: &str = "no reply";
/// What a row is whose exploration was stopped.
pub const PARTIAL: &str = "partial";

/// Strategies side by side, on one scenario.
pub struct Comparison<'a> {
    /// One for each strategy, in lesson order; at least one.
    pub rows: Vec<Row<'a>>,
    /// Those that cannot be run on this scenario.
    pub left_out: Vec<LeftOut>,
}

/// A strategy that is left out, wholly or in part.
#[derive(Clone)]
pub struct LeftOut {
    /// Its name.
    pub strategy: String,
    /// Why.
    pub why: String,
}

/// One strategy.
pub struct Row<'a> {
    /// What was found.
    pub entry: Entry<'a>,
    /// What one believes of it, in a sentence.
    pub believed: Option<String>,
    /// What is true of it, in a sentence.
    pub actual: Option<String>,
    /// The scenario in virtual time.
    pub timed: Timed,
}

impl Row<'_> {
    /// What it is good for, if it is a shipped strategy.
    pub fn group(&self) -> Option<Group> {
        strategy::named(self.entry.strategy_name).map(|strategy| strategy.group)
    }

    /// What was found about the anomaly of that number.
    fn judged(&self, anomaly: usize) -> &Judged {
        &self.entry.verdict.anomalies[anomaly]
    }

    /// How often an anomaly shows: `never`, `54/90`, `always`; where a limit was hit `seen` or
    /// `unknown`.
    pub fn how_often(&self, anomaly: usize) -> String {
        let (judged, verdict) = (self.judged(anomaly), &self.entry.verdict);
        match (judged.frequency, verdict.stopped) {
            (None, _) => "unknown".into(),
            (Some(Frequency::Sometimes), Some(_)) => "seen".into(),
            (Some(Frequency::Sometimes), None) => share(&judged.orders, &verdict.orders),
            (Some(certain), _) => certain.name().into(),
        }
    }

    /// The same, and why: `54/90 sharing`.
    pub fn cell(&self, anomaly: usize) -> String {
        let how_often = self.how_often(anomaly);
        match self.judged(anomaly).kind() {
            Some(kind) => format!("{how_often} {}", kind.name()),
            None => how_often,
        }
    }

    /// The command that shows an anomaly again, if some order shows it.
    pub fn command(&self, anomaly: usize) -> Option<String> {
        let judged = self.judged(anomaly);
        let witness = judged.witness.as_ref()?;
        Some(typed(&self.entry.replay(&witness.moves, Some(judged.anomaly.id))))
    }
}

impl Comparison<'_> {
    /// The judged anomalies, by number, of which the predicate holds in some row.
    fn anomalies(&self, some: impl Fn(&Judged) -> bool) -> Vec<usize> {
        let judged = self.rows.first().map_or(0, |row| row.entry.verdict.anomalies.len());
        (0..judged).filter(|&it| self.rows.iter().any(|row| some(row.judged(it)))).collect()
    }

    /// The anomalies that some strategy shows, or of which it is not known.
    pub fn shown(&self) -> Vec<usize> {
        self.anomalies(|judged| judged.frequency != Some(Frequency::Never))
    }

    /// The anomalies that no strategy shows.
    pub fn never_shown(&self) -> Vec<&'static str> {
        let shown = self.shown();
        let all = self.anomalies(|_| true).into_iter().filter(|it| !shown.contains(it));
        all.map(|it| self.rows[0].judged(it).anomaly.id).collect()
    }

    /// Whether an anomaly of this kind is shown.
    fn has(&self, kind: Kind) -> bool {
        !self.anomalies(|judged| judged.kind() == Some(kind)).is_empty()
    }
}
