//! The page of `interleak verify-run`: what was counted again, and what differs.

use super::page::{Page, Paper, Tone};
use crate::phrase;
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;

/// More differences than this of one result are only counted.
const DIFFERENCES_MAX: usize = 10;

/// One result of a report, counted again.
pub struct Checked {
    /// Scenario and strategy.
    pub name: String,
    /// Whether it says that every order was looked at; otherwise its numbers are bounds.
    pub complete: bool,
    /// How many numbers were checked.
    pub numbers: usize,
    /// What differs.
    pub differences: Vec<Difference>,
    /// What a report can have and this one does not, by name.
    pub left_out: Vec<String>,
    /// Why not all could be counted again, if so.
    pub open: Option<Phrase>,
}

/// A number that is not what the report says.
pub struct Difference {
    /// Its name in the report.
    pub field: String,
    /// What the report says.
    pub reported: String,
    /// What it must be.
    pub must: Must,
}

/// What a number of a report must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Must {
    /// What was counted.
    Counted {
        /// What that is.
        counted: String,
    },
    /// No more than was counted.
    AtMost {
        /// What that is.
        counted: String,
    },
    /// A number at all.
    Number,
    /// What stopped the exploration.
    WhatStopped,
    /// So many drawn orders, or none.
    Drawn {
        /// At most so many.
        most: u64,
    },
    /// The verdict that a witness, or none, allows.
    Verdict {
        /// Whether there is a witness.
        seen: bool,
        /// Whether every order was looked at.
        complete: bool,
    },
    /// None of the numbers of orders that a witness, or none, rules out.
    Orders {
        /// Whether there is a witness.
        seen: bool,
    },
    /// Zero, as long as not every order was looked at.
    ZeroOrOpen,
    /// Open, as long as not every order was looked at.
    Open,
    /// A kind of what is about data, and was seen.
    Kind,
    /// A fraction from 0 to 1.
    Fraction,
    /// A chance.
    Chance {
        /// At least this.
        low: String,
    },
    /// As many drawn orders as there are of those that show it.
    Hits,
    /// An order that shows it.
    Shows,
    /// None, because no order shows it.
    NoHits,
}

impl Checked {
    /// Nothing counted yet.
    pub fn new(name: String, complete: bool) -> Checked {
        let (differences, left_out) = (Vec::new(), Vec::new());
        Checked { name, complete, numbers: 0, differences, left_out, open: None }
    }
}

/// The text for all results.
pub fn render(results: &[Checked], paper: Paper) -> String {
    let mut page = Page::new(paper);
    results.iter().for_each(|checked| checked.draw(&mut page));
    let count = |holds: &dyn Fn(&Checked) -> bool| results.iter().filter(|it| holds(it)).count();
    let differ = |checked: &Checked| !checked.differences.is_empty();
    page.blank();
    page.text(phrase!(
        "verify-run-results",
        results = results.len(),
        equal = count(&|it| it.open.is_none() && !differ(it)),
        different = count(&differ),
        open = count(&|it| it.open.is_some() && !differ(it)),
    ));
    page.text(phrase!("verify-run-how"));
    if results.iter().any(differ) {
        page.text(phrase!("verify-run-changed"));
    }
    page.finish()
}

impl Checked {
    fn draw(&self, page: &mut Page) {
        let (name, numbers) = (&self.name, self.numbers);
        match &self.open {
            _ if !self.differences.is_empty() => {
                let wrong = self.differences.len();
                let says = phrase!("verify-run-differs", name = name, wrong = wrong, n = numbers);
                page.labelled((phrase!("verify-run-label-differs"), Tone::Bad), says);
                for Difference { field, reported, must } in
                    self.differences.iter().take(DIFFERENCES_MAX)
                {
                    let must = Phrase::of("verify-run-must", must);
                    let line = phrase!(
                        "verify-run-difference",
                        field = field,
                        reported = reported,
                        must = must,
                    );
                    page.labelled(("", Tone::Plain), line);
                }
            }
            Some(why) => {
                let says = phrase!("verify-run-open", name = name, why = why);
                page.labelled((phrase!("verify-run-label-open"), Tone::Strong), says);
                page.labelled(("", Tone::Plain), phrase!("verify-run-agree", n = numbers));
            }
            None => {
                let says = match self.complete {
                    true => phrase!("verify-run-equal", name = name, n = numbers),
                    false => phrase!("verify-run-bounds", name = name, n = numbers),
                };
                page.labelled((phrase!("verify-run-label-ok"), Tone::Good), says);
                if self.complete && !self.left_out.is_empty() {
                    let fields = Phrase::list(self.left_out.iter().map(String::as_str));
                    let says = phrase!("verify-run-left-out", fields = fields);
                    page.labelled(("", Tone::Plain), says);
                }
            }
        }
    }
}
