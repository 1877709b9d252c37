//! What a case says, in sentences: the same ones in every format.

use super::{Case, Counted, Outcome, Shown};
use crate::phrase;
use crate::report::trouble::Trouble;
use crate::words::Phrase;
use num_bigint::BigUint;

/// What a case is about.
pub(super) fn name(case: &Case) -> String {
    match &case.strategy {
        Some(strategy) => format!("{} × {strategy}", case.scenario),
        None => case.scenario.clone(),
    }
}

/// What came of it: one sentence for each thing that fails, or else one for all.
pub(super) fn says(case: &Case) -> Vec<Phrase> {
    match case.outcome {
        Outcome::Holds => vec![summary(case)],
        Outcome::Fails => {
            case.anomalies.iter().filter(|it| it.unexpected).map(|it| fails(case, it)).collect()
        }
        Outcome::Open => case.stopped.iter().cloned().collect(),
        Outcome::Broken => case.problem.iter().map(Trouble::what).collect(),
    }
}

/// All cases in one sentence.
pub(super) fn counted(counted: Counted) -> Phrase {
    let first =
        phrase!("check-counted", all = counted.all, hold = counted.hold, fail = counted.fail);
    let open = (counted.open > 0).then(|| phrase!("check-counted-open", n = counted.open));
    let broken = (counted.broken > 0).then(|| phrase!("check-counted-broken", n = counted.broken));
    Phrase::list([first].into_iter().chain(open).chain(broken))
}

/// What is not shown one by one.
pub(super) fn more(rest: usize, level: &str) -> Phrase {
    match level {
        "error" => phrase!("check-more-errors", n = rest),
        _ => phrase!("check-more-warnings", n = rest),
    }
}

fn fails(case: &Case, shown: &Shown) -> Phrase {
    let [expected, found] =
        [shown.expected, shown.found].map(|often| phrase!("often", often = often));
    phrase!(
        "check-fails",
        anomaly = shown.anomaly,
        expected = expected,
        found = found,
        orders = orders(case, shown)
    )
}

fn summary(case: &Case) -> Phrase {
    let found = case.anomalies.iter().filter(|shown| shown.interleavings > BigUint::ZERO);
    let found = found
        .map(|shown| phrase!("check-shows", anomaly = shown.anomaly, orders = orders(case, shown)));
    let found: Vec<Phrase> = found.collect();
    match found.is_empty() {
        true => phrase!("check-clean", n = case.orders()),
        false => Phrase::list(found),
    }
}

fn orders(case: &Case, shown: &Shown) -> Phrase {
    let all = case.orders();
    match shown.interleavings == all {
        true => phrase!("check-all-orders", n = all),
        false => phrase!("check-some-orders", some = &shown.interleavings, n = all),
    }
}
