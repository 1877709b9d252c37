//! The page of `interleak check`: one line for each expectation.

use super::{Case, Counted, Outcome, words};
use crate::report::page::{Page, Paper, Tone};

/// The text for all cases.
pub fn render(cases: &[Case], paper: Paper) -> String {
    let mut page = Page::new(paper);
    for case in cases {
        row(&mut page, case);
    }
    page.blank();
    page.text(&words::counted(Counted::of(cases)));
    page.finish()
}

fn row(page: &mut Page, case: &Case) {
    let label = match case.outcome {
        Outcome::Holds => ("ok", Tone::Good),
        Outcome::Fails => ("fails", Tone::Bad),
        Outcome::Open => ("open", Tone::Strong),
        Outcome::Broken => ("broken", Tone::Bad),
    };
    let name = words::name(case);
    if let Some(problem) = &case.problem {
        return problem.draw(page, label.0, &name);
    }
    for said in words::says(case) {
        page.labelled(label, &format!("{name}: {said}"));
    }
    if let (Outcome::Fails, Some(command)) = (case.outcome, &case.command) {
        page.command("", command);
    }
}
