//! The page of `interleak verify`: a listing and its Python, side by side.

use super::{Compared, Differs, Outcome, Verification};
use crate::phrase;
use crate::python::LeftOut;
use crate::report::page::{Page, Paper, Tone};
use crate::words::Phrase;

/// The text for all strategies.
pub fn render(results: &[Verification], not_begun: usize, paper: Paper) -> String {
    let interrupted = (not_begun > 0).then(|| {
        let left = phrase!("verify-not-begun", strategies = not_begun);
        format!("{}\n", paper.words.say(&left))
    });
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
            Outcome::Broken => self
                .problem
                .iter()
                .for_each(|it| it.draw(&mut page, phrase!("trouble-broken"), &self.strategy)),
        }
        page.finish()
    }

    fn version(&self) -> &str {
        self.python.as_deref().unwrap_or_default()
    }

    fn by(&self, page: &mut Page) {
        let python = phrase!("verify-python", version = self.version());
        page.labelled((phrase!("verify-label-by"), Tone::Strong), python);
    }

    fn unknown(&self, page: &mut Page) {
        let stopped = self.stopped.clone().unwrap_or_else(Phrase::nothing);
        let says = phrase!(
            "verify-unknown",
            strategy = &self.strategy,
            stopped = stopped,
            during = self.during(),
        );
        page.labelled((phrase!("label-unknown"), Tone::Strong), says);
        page.blank();
        page.labelled(("", Tone::Plain), phrase!("verify-before", orders = self.ran));
        self.by(page);
    }

    /// The order that was not run to its end.
    fn during(&self) -> Phrase {
        match &self.stopped_in {
            Some(scenario) => phrase!(
                "verify-in-order",
                order = self.ran + 1,
                orders = self.orders,
                scenario = scenario,
            ),
            None => phrase!("verify-after-last"),
        }
    }

    fn same(&self, page: &mut Page) {
        let says = phrase!("verify-same", strategy = &self.strategy);
        page.labelled((phrase!("verify-label-same"), Tone::Good), says);
        page.blank();
        let Compared { orders, moves, replies, cells, waits, not_compared } = &self.compared;
        let compared = phrase!(
            "verify-compared",
            orders = *orders,
            scenarios = self.scenarios.len(),
            replies = *replies,
            cells = *cells,
            moves = *moves,
        );
        page.labelled(("", Tone::Plain), compared);
        if *waits > 0 {
            page.labelled(("", Tone::Plain), phrase!("verify-waited", moments = *waits));
        }
        if !not_compared.is_empty() {
            let places = Phrase::list(not_compared.iter().map(String::as_str));
            let says = phrase!("verify-not-compared", places = places);
            page.labelled((phrase!("verify-label-not"), Tone::Strong), says);
        }
        if !self.left_out.is_empty() {
            let says = phrase!("verify-left-out", parts = self.left_out());
            page.labelled((phrase!("verify-label-not"), Tone::Strong), says);
        }
        self.by(page);
    }

    /// What of the scenarios was not run.
    fn left_out(&self) -> Phrase {
        let parts = self.left_out.iter().map(|part| {
            let scenarios = Phrase::list(part.scenarios.iter().map(String::as_str));
            match part.what {
                LeftOut::Replicas => phrase!("verify-left-out-replicas", scenarios = scenarios),
            }
        });
        Phrase::joined("list-semicolon", parts)
    }

    fn differs(&self, page: &mut Page, it: &Differs) {
        page.labelled((phrase!("verify-label-differs"), Tone::Bad), &it.what);
        page.blank();
        if let (Some(line), Some(code)) = (it.line, &it.code) {
            page.line(&[(&format!("{line:>6}  "), Tone::Dim), (code.trim_end(), Tone::Plain)]);
            page.blank();
        }
        let names = phrase!(
            "verify-names",
            scenario = &it.scenario,
            strategy = &self.strategy,
            when = &it.when,
        );
        page.labelled(("", Tone::Plain), names);
        page.labelled((phrase!("verify-label-marks"), Tone::Strong), &it.marks);
        page.labelled((phrase!("verify-label-python"), Tone::Strong), &it.does);
        if !it.why.is_empty() {
            let why = Phrase::sentences(&it.why);
            page.labelled((phrase!("label-why"), Tone::Strong), why);
        }
        if let Some(command) = &it.command {
            page.command(phrase!("label-again"), command);
        }
        let differ = phrase!(
            "verify-differ",
            differ = self.differ,
            ran = self.ran,
            version = self.version(),
        );
        page.labelled(("", Tone::Plain), differ);
        if let Some(stopped) = &self.stopped {
            page.labelled(("", Tone::Plain), phrase!("verify-not-all", stopped = stopped));
        }
    }
}
