//! What a case says, in sentences: the same ones in every format.

use super::{Case, Counted, Outcome, Shown};
use crate::report::numbers::{count, grouped, plural};
use num_bigint::BigUint;

/// What a case is about.
pub(super) fn name(case: &Case) -> String {
    match &case.strategy {
        Some(strategy) => format!("{} × {strategy}", case.scenario),
        None => case.scenario.clone(),
    }
}

/// What came of it: one sentence for each thing that fails, or else one for all.
pub(super) fn says(case: &Case) -> Vec<String> {
    match case.outcome {
        Outcome::Holds => vec![summary(case)],
        Outcome::Fails => {
            case.anomalies.iter().filter(|it| it.unexpected).map(|it| fails(case, it)).collect()
        }
        Outcome::Open => case.stopped.iter().cloned().collect(),
        Outcome::Broken => case.problem.iter().map(|problem| problem.what.clone()).collect(),
    }
}

/// All cases in one sentence.
pub(super) fn counted(counted: Counted) -> String {
    let more = [(counted.open, "open"), (counted.broken, "broken")].into_iter();
    let more = more.filter(|(number, _)| *number > 0);
    let more = more.map(|(number, word)| format!(", {} {word}", count(number)));
    format!(
        "{}: {} hold, {} fail{}",
        plural(&counted.all.into(), "expectation", "expectations"),
        count(counted.hold),
        count(counted.fail),
        more.collect::<String>()
    )
}

/// What is not shown one by one.
pub(super) fn more(rest: usize, level: &str) -> String {
    let (one, many) = (format!("more {level}"), format!("more {level}s"));
    let more = plural(&rest.into(), &one, &many);
    format!("{more}, which GitHub would not show; `interleak check` lists them")
}

fn fails(case: &Case, shown: &Shown) -> String {
    format!(
        "{} was expected {}, but shows {}: {}",
        shown.anomaly,
        shown.expected,
        shown.found,
        orders(case, shown)
    )
}

fn summary(case: &Case) -> String {
    let found = case.anomalies.iter().filter(|shown| shown.interleavings > BigUint::ZERO);
    let found = found.map(|shown| format!("{} in {}", shown.anomaly, orders(case, shown)));
    let found: Vec<String> = found.collect();
    match found.is_empty() {
        true => format!("clean in {}", plural(&case.orders(), "order", "orders")),
        false => found.join(", "),
    }
}

fn orders(case: &Case, shown: &Shown) -> String {
    let all = case.orders();
    let orders = plural(&all, "order", "orders");
    match shown.interleavings == all {
        true => format!("all {orders}"),
        false => format!("{} of {orders}", grouped(&shown.interleavings)),
    }
}
