//! The page of `interleak verify`: a listing and its Python, side by side.

use super::{Compared, Differs, Outcome, Unplayed, Verification};
use crate::report::numbers::{count, plural};
use crate::report::page::{Page, Paper, Tone};

/// The text for all strategies.
pub fn render(results: &[Verification], not_begun: usize, paper: Paper) -> String {
    let left = plural(&not_begun.into(), "strategy was", "strategies were");
    let interrupted = (not_begun > 0).then(|| format!("It was interrupted: {left} not begun.\n"));
    let pages = results.iter().map(|it| it.page(paper)).chain(interrupted);
    pages.collect::<Vec<_>>().join("\n")
}

impl Verification {
    fn page(&self, paper: Paper) -> String {
        let mut page = Page::new(paper);
        match self.outcome {
            Outcome::Same => self.same(&mut page),
            Outcome::Unknown => self.unknown(&mut page),
            Outcome::Differs => self.difference.iter().for_each(|it| self.differs(&mut page, it)),
            Outcome::Broken => {
                self.problem.iter().for_each(|it| it.draw(&mut page, "BROKEN", &self.strategy))
            }
        }
        page.finish()
    }

    fn by(&self) -> &str {
        self.python.as_deref().unwrap_or_default()
    }

    fn unknown(&self, page: &mut Page) {
        let stopped = self.stopped.as_deref().unwrap_or_default();
        let says = format!(
            "whether {} does what its marks say: {stopped}, {}.",
            self.strategy,
            self.during()
        );
        page.labelled(("UNKNOWN", Tone::Strong), &says);
        page.blank();
        let before = match self.ran {
            0 => "No order was run to its end before.".to_owned(),
            ran => format!(
                "In {} before it, Python does what the marks say.",
                plural(&ran.into(), "order", "orders")
            ),
        };
        page.labelled(("", Tone::Plain), &before);
        page.labelled(("By", Tone::Strong), &format!("Python {}", self.by()));
    }

    /// The order that was not run to its end.
    fn during(&self) -> String {
        match &self.stopped_in {
            Some(scenario) => {
                let (number, all) = (count(self.ran + 1), count(self.orders));
                format!("in order {number} of {all}, one of {scenario}")
            }
            None => "after the last order".into(),
        }
    }

    fn same(&self, page: &mut Page) {
        let proof: &Compared = &self.compared;
        let says = format!("in Python, {} does what its marks say.", self.strategy);
        page.labelled(("SAME", Tone::Good), &says);
        page.blank();
        let counted = |number: usize, one, many| plural(&number.into(), one, many);
        let orders = counted(proof.orders, "order", "orders");
        let scenarios = counted(self.scenarios.len(), "scenario", "scenarios");
        let replies = counted(proof.replies, "reply", "replies");
        let cells = counted(proof.cells, "cell", "cells");
        let moves = counted(proof.moves, "move", "moves");
        page.labelled(
            ("", Tone::Plain),
            &format!(
                "{orders} of {scenarios} were run at grain line, on real threads. {replies}, word \
             by word, and {cells} at the end, element by element, are those of the simulation, \
             and so is every shared place after each of {moves}."
            ),
        );
        if proof.waits > 0 {
            let waits = counted(proof.waits, "moment", "moments");
            let says = format!("At {waits} a lane had to wait for another one, and did.");
            page.labelled(("", Tone::Plain), &says);
        }
        if !proof.not_compared.is_empty() {
            let names: Vec<&str> = proof.not_compared.iter().map(String::as_str).collect();
            page.labelled(
                ("Not", Tone::Strong),
                &format!(
                    "compared: {}. Python holds it under another name, or in a form that cannot be \
                 looked at.",
                    names.join(", ")
                ),
            );
        }
        if let Some(left_out) = self.left_out() {
            page.labelled(("Not", Tone::Strong), &left_out);
        }
        page.labelled(("By", Tone::Strong), &format!("Python {}", self.by()));
    }

    /// What of the scenarios was not run, in one sentence.
    fn left_out(&self) -> Option<String> {
        let parts = self.left_out.iter().map(|Unplayed { what, scenarios }| {
            let what = match *what {
                "cancellations" => "requests that their client cancels",
                _ => "several copies of the server",
            };
            format!("{what} (in {})", scenarios.join(", "))
        });
        let parts: Vec<String> = parts.collect();
        (!parts.is_empty()).then(|| format!("run: {}.", parts.join("; ")))
    }

    fn differs(&self, page: &mut Page, it: &Differs) {
        page.labelled(("DIFFERS", Tone::Bad), &it.what);
        page.blank();
        if let (Some(line), Some(code)) = (it.line, &it.code) {
            page.line(&[(&format!("{line:>6}  "), Tone::Dim), (code.trim_end(), Tone::Plain)]);
            page.blank();
        }
        let names = format!("{} × {} · grain line · {}", it.scenario, self.strategy, it.when);
        page.labelled(("", Tone::Plain), &names);
        page.labelled(("Marks", Tone::Strong), &it.marks);
        page.labelled(("Python", Tone::Strong), &it.does);
        if !it.why.is_empty() {
            page.labelled(("Why", Tone::Strong), &it.why.join(" "));
        }
        if let Some(command) = &it.command {
            page.command("Again", command);
        }
        let says = format!(
            "{} of {} that Python {} ran differ.",
            count(self.differ),
            plural(&self.ran.into(), "order", "orders"),
            self.by()
        );
        page.labelled(("", Tone::Plain), &says);
        if let Some(stopped) = &self.stopped {
            page.labelled(("", Tone::Plain), &format!("Not all were run: {stopped}."));
        }
    }
}
