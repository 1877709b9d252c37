//! What is asked of a scenario × strategy.

use crate::anomalies::{ANOMALIES, Anomaly};
use crate::explore::engine::WantedOrders;
use crate::explore::sample::Sampling;
use crate::explore::walk::Limits;
use crate::model::code::Code;
use crate::model::program::Setting;
use crate::scenario::Scenario;

/// The most states that are walked to count outcomes, unless asked to go deep.
pub const OUTCOME_STATES_MAX: usize = 30_000;
/// The most states for which traces are counted, unless asked to go deep.
pub const TRACE_STATES_MAX: usize = 500_000;
/// What is asked of a scenario × strategy. Each command begins with [`Question::new`] and says what it
/// wants otherwise.
#[derive(Clone)]
pub struct Question<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The strategy's code.
    pub code: &'a Code,
    /// How it is run.
    pub setting: Setting,
    /// What is judged.
    pub anomalies: &'a [&'static Anomaly],
    /// How far to go.
    pub limits: Limits,
    /// Which orders are wanted.
    pub orders: WantedOrders,
    /// Whether traces and outcomes are counted, however long it takes.
    pub deep: Deep,
    /// What to draw if a limit is hit.
    pub sampling: Option<Sampling>,
}

impl<'a> Question<'a> {
    /// Everything is judged, at the scenario's own setting; nothing is shown, counted or drawn besides.
    pub fn new(scenario: &'a Scenario, code: &'a Code, limits: Limits) -> Question<'a> {
        Question {
            scenario,
            code,
            setting: scenario.setting,
            anomalies: ANOMALIES,
            limits,
            orders: WantedOrders::None,
            deep: Deep::Skip,
            sampling: None,
        }
    }
}

/// Whether traces and outcomes are counted, however long it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deep {
    /// Not at all.
    Skip,
    /// Only where they cost little.
    #[default]
    No,
    /// As far as the limits allow.
    Yes,
}

impl Deep {
    pub(super) fn outcome_states_max(self) -> usize {
        match self {
            Deep::Skip => 0,
            Deep::No => OUTCOME_STATES_MAX,
            Deep::Yes => usize::MAX,
        }
    }

    /// The part of the memory in which outcomes are counted.
    pub(super) fn outcome_eighths(self) -> usize {
        match self {
            Deep::Skip => 0,
            Deep::No => 1,
            Deep::Yes => 4,
        }
    }

    pub(super) fn traces_states_max(self) -> usize {
        match self {
            Deep::Skip => 0,
            Deep::No => TRACE_STATES_MAX,
            Deep::Yes => usize::MAX,
        }
    }
}
