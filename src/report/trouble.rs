//! Bad input among input that is good: a row of an answer instead of the end of it.

use super::page::{LABEL, Page, Paper, Tone};
use crate::problem::Problem;
use crate::words::Words;
use schemars::JsonSchema;
use serde::Serialize;

/// Something wrong with what the user gave.
#[derive(Clone, Serialize, JsonSchema)]
pub struct Trouble {
    /// What was found, as one sentence without a full stop.
    pub what: String,
    /// The file that it stands in; null if it stands in none.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The whole message, with an excerpt and advice, as a terminal shows it.
    pub shown: String,
}

/// A strategy of which there is no result, because it cannot be read or does not fit the scenario.
#[derive(Serialize, JsonSchema)]
pub struct BrokenStrategy {
    /// Name or path of the strategy.
    pub strategy: String,
    /// Why there is none.
    pub problem: Trouble,
}

/// A page for each strategy that is broken, perhaps behind those of results.
pub fn pages(behind: bool, broken: &[BrokenStrategy], paper: Paper) -> String {
    let mut page = Page::new(paper);
    for (index, BrokenStrategy { strategy, problem }) in broken.iter().enumerate() {
        if index > 0 || behind {
            page.rule();
        }
        problem.draw(&mut page, "BROKEN", strategy);
    }
    page.finish()
}

impl From<&Problem> for Trouble {
    fn from(problem: &Problem) -> Trouble {
        let place = problem.place();
        Trouble {
            what: problem.title(Words::english()),
            file: place.map(|(file, _)| file.to_owned()),
            line: place.map(|(_, line)| line),
            shown: problem.render(Words::english(), false),
        }
    }
}

impl Trouble {
    /// What stands below the first line of the message: place, excerpt and advice.
    pub fn details(&self) -> impl Iterator<Item = &str> {
        self.shown.lines().skip(1)
    }

    /// What it is, and below it the details.
    pub fn draw(&self, page: &mut Page, label: &str, name: &str) {
        page.labelled((label, Tone::Bad), &format!("{name}: {}", self.what));
        for line in self.details() {
            page.line(&[(&" ".repeat(LABEL), Tone::Plain), (line, Tone::Plain)]);
        }
    }
}
