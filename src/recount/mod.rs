//! Every number once more, by another way: so that a report can be checked by somebody else.
//!
//! Depth first over plain states, remembered in a map, with no layers, no packed keys and no
//! symmetry; chances are added up as fractions, who heard whom forward, essentially different
//! orders by inclusion and exclusion. Shared with [`crate::explore`] are only
//! [`crate::model::step`], which is the meaning of a program, and the judges.
//!
//! ```text
//! graph     the states and moves, children before parents
//! numbers   orders, chances, who heard whom, traces, what cannot be avoided
//! least     the simplest order, and the fewest preemptions
//! bound     how many orders there were if no lane ever had to wait
//! expected  the fields of a report, as they must be
//! itself    what a report must be, even if not all can be counted
//! compared  a field, and what it must be
//! ```

mod bound;
mod compared;
mod expected;
pub mod graph;
mod itself;
pub mod least;
pub mod numbers;

use crate::anomalies::{self, Judges};
use crate::explore::NoJudge;
use crate::explore::graph::Stopped;
use crate::model::context::Messages;
use crate::model::program::{Detail, Program};
use crate::report::numbers::count;
use crate::report::verify_run::Checked;
use crate::story::assumptions::assumptions;
use crate::story::limit::why_stopped;
use compared::ReportPart;
use expected::Recount;
use graph::StateGraph;
use itself::Itself;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// One result of a report.
#[derive(Clone, Copy)]
pub struct ReportedResult<'r> {
    /// What it says.
    pub result: &'r Value,
    /// Whether it says that every order was looked at; otherwise its numbers are bounds.
    pub complete: bool,
}

/// Holds a result against what is counted again, and notes what differs and what was not counted.
pub fn check(
    checked: &mut Checked,
    reported: ReportedResult,
    (program, judges): (&Program, &Judges),
    states_max: usize,
) {
    checked.left_out = left_out(reported.result);
    let mut whole = ReportPart::whole(checked, reported.result);
    known_beforehand(&mut whole, program);
    let counted = Recount::new(program, judges, states_max)
        .and_then(|recount| compare(&mut whole, reported, (&recount, judges), states_max));
    let complete = reported.complete;
    if !complete || counted.is_err() {
        Itself { program, complete }.check(&mut whole, &judges.anomalies);
    }
    checked.open = counted.err().map(|stopped| match stopped {
        Stopped::States { states_max } => {
            format!("it needs more than {} states (--max-states)", count(states_max))
        }
        stopped => why_stopped(stopped).english(),
    });
}

/// What a report can have and this one does not.
fn left_out(result: &Value) -> Vec<String> {
    let views = ["traces", "outcomes", "heard"];
    let views = views.into_iter().filter(|view| result[*view].is_null());
    let judged = anomalies::names().into_iter();
    let judged = judged.filter(|name| result["anomalies"].get(name).is_none());
    views.chain(judged).map(str::to_owned).collect()
}

/// What needs no exploration. Reports of older versions have no assumptions.
fn known_beforehand(whole: &mut ReportPart, program: &Program) {
    whole.equal("/multinomial", &json!(bound::orders(program).to_string()));
    if !whole.field("/assumptions").is_null() {
        whole.equal("/assumptions", &json!(assumptions(program)));
    }
}

/// Compares what a report says with what was counted: numbers that are not complete as the bounds
/// that they are.
fn compare(
    whole: &mut ReportPart,
    ReportedResult { result, complete }: ReportedResult,
    (recount, judges): (&Recount, &Judges),
    states_max: usize,
) -> Result<(), Stopped> {
    // What there is of these is exact, also if something else had to stop.
    for (pointer, counted) in recount.views(result, states_max)? {
        whole.equal(&pointer, &counted);
    }
    let all = json!(recount.all().to_string());
    match complete {
        true => whole.equal("/interleavings", &all),
        false => whole.at_most("/interleavings", &all),
    }
    for (bit, anomaly) in judges.anomalies.iter().enumerate() {
        let counted = recount.anomaly(anomaly, 1 << bit)?;
        let mut part = whole.anomaly(anomaly.id);
        match complete {
            true => counted.iter().for_each(|(pointer, must)| part.equal(pointer, must)),
            false => itself::within(&mut part, &counted),
        }
    }
    if complete {
        // What only an incomplete report has.
        whole.equal("/stopped", &Value::Null);
        whole.equal("/sampled", &Value::Null);
    }
    Ok(())
}

/// How many different sets of replies complete runs have.
pub fn outcomes(program: &Program, states_max: usize) -> Result<usize, Stopped> {
    let program = program.clone().with_detail(Detail::Nothing);
    let graph = StateGraph::<Messages>::new(&program, &NoJudge, states_max)?;
    let ends = graph.nodes.iter().filter(|node| node.edges.is_empty());
    let replies: BTreeSet<_> = ends.map(|node| node.replies.clone()).collect();
    Ok(replies.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::code::Code;
    use crate::model::program::{Grain, Setting};
    use crate::scenario::{Scenario, Vocabulary};

    const LANES: &str = r#"{"format": 1, "title": "t", "lanes": [
        {"user": "a", "says": [{"text": "x"}]}, {"user": "b", "says": [{"text": "y"}]}]}"#;

    fn program(strategy: &str, grain: Grain) -> Option<Program> {
        let known = Vocabulary { strategies: &[], anomalies: &[] };
        let cast = Scenario::parse("test.json", LANES, known).ok()?.cast;
        let listing = crate::strategy::named(strategy)?.listing;
        let code: Code = crate::listing::Listing::parse(strategy, listing).ok()?.code;
        Program::new(cast, code, Setting { grain, ..Setting::default() }).ok()
    }

    /// What is said of the bound in a report that is not complete, and of nothing else.
    fn told_of_bound(program: &Program, bound: &str) -> Vec<String> {
        let result = json!({ "multinomial": bound });
        let mut checked = Checked::new("a pair".into(), false);
        known_beforehand(&mut ReportPart::whole(&mut checked, &result), program);
        checked.differences.into_iter().map(|it| format!("{}, {}", it.field, it.must)).collect()
    }

    #[test]
    fn a_wrong_bound_is_noticed() {
        let program = program("global", Grain::Access).unwrap_or_else(|| unreachable!());
        assert_eq!(told_of_bound(&program, "6"), [""; 0]);
        for wrong in ["5", "7", "0"] {
            assert_eq!(told_of_bound(&program, wrong), ["multinomial, counted \"6\""]);
        }
    }

    /// The engine tells the same bound, which it counts in another way.
    #[test]
    fn every_strategy_is_bounded_as_the_engine_says() {
        for strategy in crate::strategy::names() {
            for grain in Grain::ALL {
                let Some(program) = program(strategy, grain) else { unreachable!() };
                let told = crate::explore::estimate::Estimate::new(&program).orders;
                assert_eq!(bound::orders(&program), told, "{strategy} {grain:?}");
            }
        }
    }
}
