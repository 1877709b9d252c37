//! `interleak check`: every expectation of every scenario, for CI.

use super::asked::{Asked, entries};
use super::bounds::BoundOptions;
use super::load::{self, LoadedScenario, LoadedStrategy};
use super::{Failure, Out};
use crate::anomalies::ANOMALIES;
use crate::exit::Exit;
use crate::explore::engine::WantedOrders;
use crate::problem::Problem;
use crate::report;
use crate::verdict::Deep;

/// Check every expectation that scenarios state, for CI
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Shipped scenarios or paths of scenario files [default: every shipped scenario]
    scenarios: Vec<String>,
    #[command(flatten)]
    bounds: BoundOptions,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let scenarios = load::scenarios(&options.scenarios)?;
    let mut pairs: Vec<(&LoadedScenario, LoadedStrategy)> = Vec::new();
    for scenario in &scenarios {
        let strategies = scenario.expected_strategies()?;
        if strategies.is_empty() {
            return Err(Problem::new(format!("{} expects nothing", scenario.name))
                .help("say in its \"expect\" what each strategy should show; see `interleak explain voice-assistant`")
                .into());
        }
        pairs.extend(strategies.into_iter().map(|strategy| (scenario, strategy)));
    }
    let questions = pairs.iter().map(|(scenario, strategy)| {
        let asked = Asked {
            setting: scenario.scenario.setting,
            anomalies: ANOMALIES,
            limits: options.bounds.limits(),
            orders: WantedOrders::None,
            deep: Deep::Skip,
            sampling: None,
            contrast: false,
        };
        (asked, *scenario, strategy)
    });
    let entries = entries(&questions.collect::<Vec<_>>())?;
    out.text(&report::check::render(&entries, out.columns))?;
    let exits = entries.iter().map(|entry| entry.verdict.exit(&entry.surprises));
    Ok(exits.fold(Exit::AsExpected, Exit::and))
}
