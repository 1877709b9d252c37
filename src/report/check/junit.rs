//! The JUnit document of `interleak check --format junit`: what most CI servers read.
//!
//! No times and no dates: the same input gives the same bytes.

use super::{Case, Outcome, words};
use crate::screen::escape;
use crate::words::{Phrase, Words};
use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

/// The document for all cases: a suite for each scenario.
pub fn render(cases: &[Case]) -> Result<String, SerializeError> {
    let mut report = Report::new("interleak check");
    for scenario in cases.chunk_by(|case, next| case.scenario == next.scenario) {
        let mut suite = TestSuite::new(xml(&scenario[0].scenario));
        suite.add_test_cases(scenario.iter().map(test));
        report.add_test_suite(suite);
    }
    report.to_string()
}

fn test(case: &Case) -> TestCase {
    let status = match case.outcome {
        Outcome::Holds => TestCaseStatus::success(),
        Outcome::Fails => status(case, NonSuccessKind::Failure),
        // What is not known is no failure of what was to be tested.
        Outcome::Open | Outcome::Broken => status(case, NonSuccessKind::Error),
    };
    let name = case.strategy.as_ref().unwrap_or(&case.scenario);
    let mut test = TestCase::new(xml(name), status);
    test.set_classname(xml(&case.scenario));
    test
}

fn status(case: &Case, kind: NonSuccessKind) -> TestCaseStatus {
    let message = Phrase::joined("semicolons", words::says(case)).english();
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(case.outcome.name()).set_message(xml(&message));
    // Some servers show the message only, some only what stands in the body.
    let body = [message].into_iter().chain(more(case)).map(|line| xml(&line));
    status.set_description(body.collect::<Vec<_>>().join("\n"));
    status
}

/// What stands below the message: place, excerpt and advice, or the command that shows it.
fn more(case: &Case) -> Vec<String> {
    let place = case.file.as_ref().filter(|_| case.problem.is_none()).map(|file| match case.line {
        Some(line) => format!("{file}:{line}"),
        None => file.clone(),
    });
    let details = case.problem.iter().flat_map(|problem| problem.details(Words::english()));
    place.into_iter().chain(details).chain(case.command.clone()).collect()
}

/// Text in which nothing is that XML 1.0 forbids or that drives a terminal, with both written out.
/// What quick-junit does with such characters, to leave some out and keep others, would make two
/// names the same, or the document none.
fn xml(text: &str) -> String {
    let escaped = escape(text);
    escaped.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}
