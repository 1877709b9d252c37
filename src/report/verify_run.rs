//! The page of `interleak verify-run`: what was counted again, and what differs.

use super::numbers::{count, plural};
use super::page::{Page, Paper, Tone};

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
    pub open: Option<String>,
}

/// A number that is not what the report says.
pub struct Difference {
    /// Its name in the report.
    pub field: String,
    /// What the report says.
    pub reported: String,
    /// What it must be, in words.
    pub must: String,
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
    for checked in results {
        let Checked { name, complete, numbers, differences, left_out, open } = checked;
        let all = plural(&(*numbers).into(), "number", "numbers");
        match open {
            _ if !differences.is_empty() => {
                let wrong = count(differences.len());
                page.labelled(("differs", Tone::Bad), &format!("{name}: {wrong} of {all}"));
                differences.iter().take(DIFFERENCES_MAX).for_each(|one| {
                    let Difference { field, reported, must } = one;
                    let line = format!("{field}: the report says {reported}, {must}");
                    page.labelled(("", Tone::Plain), &line);
                });
            }
            Some(why) => {
                page.labelled(("open", Tone::Strong), &format!("{name}: {why}"));
                let agree = format!("{all} agree with each other and with the orders shown");
                page.labelled(("", Tone::Plain), &agree);
            }
            None if !complete => {
                let held = format!("{name}: not complete, and {all} hold as bounds");
                page.labelled(("ok", Tone::Good), &held);
            }
            None => {
                page.labelled(
                    ("ok", Tone::Good),
                    &format!("{name}: {all} counted again, all equal"),
                );
                if !left_out.is_empty() {
                    let left_out = left_out.join(", ");
                    page.labelled(("", Tone::Plain), &format!("not in the report: {left_out}"));
                }
            }
        }
    }
    let of = |holds: &dyn Fn(&&Checked) -> bool| count(results.iter().filter(holds).count());
    let differ = results.iter().any(|checked| !checked.differences.is_empty());
    page.blank();
    page.text(&format!(
        "{}: {} equal, {} different, {} open",
        plural(&results.len().into(), "result", "results"),
        of(&|checked| checked.open.is_none() && checked.differences.is_empty()),
        of(&|checked| !checked.differences.is_empty()),
        of(&|checked| checked.open.is_some() && checked.differences.is_empty()),
    ));
    page.text(
        "Counted depth first over plain states, not by the engine that wrote the report. States and \
         bytes are what that engine needed, and are not compared.",
    );
    if differ {
        page.text("If the scenario or the strategy was changed since, the numbers are others.");
    }
    page.finish()
}
