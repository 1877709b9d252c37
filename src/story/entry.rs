//! One scenario × one strategy, explored: what a story is made from.

use super::command::Command;
use crate::exit::Exit;
use crate::explore::engine::WantedOrders;
use crate::explore::estimate::Estimate;
use crate::explore::graph::Stopped;
use crate::model::LaneId;
use crate::model::program::{Grain, Setting};
use crate::model::schedule;
use crate::model::server::PROFILES;
use crate::scenario::{Expectation, Scenario};
use crate::strategy::{self, Strategy};
use crate::verdict::{Surprise, Verdict};
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;

/// One scenario × one strategy, explored.
pub struct Entry<'a> {
    /// The scenario's name or path, as it was typed.
    pub scenario_name: &'a str,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The strategy's name or path, as it was typed.
    pub strategy_name: &'a str,
    /// How it was run.
    pub setting: Setting,
    /// Which orders were asked for.
    pub orders: WantedOrders,
    /// What was known before.
    pub estimate: Estimate,
    /// What was found.
    pub verdict: Verdict,
    /// What the author expects, if anything.
    pub expected: Option<Expectation>,
    /// What is not as expected.
    pub surprises: Vec<Surprise>,
    /// What the strategy may do that its marks do not say, or on another thread.
    pub doubts: Vec<Phrase>,
    /// What the author says about this strategy.
    pub remark: Option<String>,
    /// A shipped strategy for which the same check does find something, and what it then does.
    pub contrast: Option<Contrast>,
    /// A shipped strategy to look at next.
    pub next: Option<&'static str>,
}

/// Proof that a check can fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Contrast {
    /// The strategy for which it does.
    pub strategy: &'static str,
    /// What its orders do: "leak".
    pub verb: Phrase,
}

impl<'a> Entry<'a> {
    /// The same, stopped not by the limit of a first try, but because nobody wanted to wait.
    pub fn interrupted(mut self) -> Entry<'a> {
        self.verdict.stopped = Some(Stopped::Interrupted);
        self
    }

    /// How a command that shows this ends. That nothing was found says little where not everything was
    /// understood.
    pub fn exit(&self, surprises: &[Surprise]) -> Exit {
        match self.is_doubtful() {
            true => Exit::Inconclusive,
            false => self.verdict.exit(surprises),
        }
    }

    /// Whether nothing was found, and not everything was understood.
    pub fn is_doubtful(&self) -> bool {
        !self.doubts.is_empty() && self.verdict.found().next().is_none()
    }

    /// The command that replays some moves, and judges one anomaly `only`, or all.
    pub fn replay(&self, moves: &[LaneId], only: Option<&str>) -> Command {
        let typed = schedule::print(&self.verdict.program, moves);
        let mut replay = self.command("replay", self.strategy_name);
        if let Some(anomaly) = only {
            replay = replay.option("--only", anomaly.to_owned());
        }
        replay.option("--schedule", typed)
    }

    /// A command on this scenario at this setting.
    pub fn command(&self, verb: &str, strategy: &str) -> Command {
        let command = Command::interleak(verb).name(self.scenario_name);
        let mut command = command.option("-s", None).name(strategy);
        if self.setting.grain != Grain::default() {
            command = command.option("--grain", self.setting.grain.name().to_owned());
        }
        let own = self.scenario.setting;
        let routes = strategy::named(strategy).is_some_and(Strategy::routes);
        let routing = if routes { own.routing } else { self.setting.routing };
        with_server(command, Setting { routing, ..self.setting }, own)
    }
}

/// The same with the options that make a server like this one out of a scenario's own.
fn with_server(mut command: Command, setting: Setting, own: Setting) -> Command {
    let (slots, own_slots) = (setting.slots, own.slots);
    let profile = PROFILES.iter().find(|it| (it.limit, it.slots) == (setting.limit, slots));
    let limit = match (setting.limit, profile) {
        _ if (setting.limit, slots) == (own.limit, own_slots) => None,
        (Some(limit), _) if slots == own_slots => Some(("--limit", limit.to_string())),
        (_, Some(profile)) => Some(("--profile", profile.name.to_owned())),
        (limit, None) => limit.map(|limit| ("--limit", limit.to_string())),
    };
    let amount = |option, amount: Option<usize>, own| {
        amount.filter(|_| amount != own).map(|amount| (option, amount.to_string()))
    };
    let routing =
        (setting.routing != own.routing).then(|| ("--routing", setting.routing.name().to_owned()));
    let idle = setting.idle.filter(|_| setting.idle != own.idle);
    let idle = idle.map(|idle| ("--idle", idle.name().to_owned()));
    let workers = amount("--workers", setting.workers, own.workers);
    let replicas = amount("--replicas", setting.replicas, own.replicas);
    for (option, value) in [limit, workers, idle, replicas, routing].into_iter().flatten() {
        command = command.option(option, value);
    }
    command
}
