//! The page of `interleak stress`.

use super::{Possible, SeenRow, Share, Stressed};
use crate::phrase;
use crate::report::numbers::probability;
use crate::report::page::{Page, Paper, Tone};
use crate::report::typed;
use crate::story::command::Command;
use crate::stress::Cut;
use crate::words::Phrase;

/// The text.
pub fn render(stressed: &Stressed, paper: Paper) -> String {
    let mut page = Page::new(paper);
    if let Some(drift) = &stressed.drift {
        page.labelled(
            (phrase!("stress-label-bug"), Tone::Bad),
            phrase!("stress-drift", drift = drift),
        );
    }
    for row in stressed.shown() {
        let tone = if row.runs > 0 { Tone::Bad } else { Tone::Strong };
        page.labelled((row.anomaly.mark, tone), stressed.sentence(row));
    }
    if stressed.shown().next().is_none() && stressed.drift.is_none() {
        stressed.nothing(&mut page);
    }
    if let Some(stopped) = &stressed.stopped {
        page.labelled(("", Tone::Plain), phrase!("stress-not-complete", stopped = stopped));
    }
    page.blank();
    page.labelled(("", Tone::Plain), stressed.names());
    for row in stressed.shown() {
        page.labelled(("", Tone::Plain), stressed.numbers(row));
    }
    if stressed.limit_ignored {
        page.labelled(("", Tone::Plain), phrase!("stress-limit"));
    }
    page.paragraph(("", Tone::Plain), phrase!("stress-gloss"), Tone::Dim);
    let run = Command::interleak("run").name(&stressed.scenario);
    let run = run.option("-s", None).name(&stressed.strategy);
    page.command(phrase!("label-try"), &typed(&run));
    page.finish()
}

impl Stressed {
    fn nothing(&self, page: &mut Page) {
        match self.complete && self.runs > 0 {
            true => {
                let says = phrase!("stress-clean", runs = self.runs, orders = &self.interleavings);
                page.labelled((phrase!("label-clean"), Tone::Good), says);
            }
            // What was not looked at may still go wrong.
            false => {
                let says = phrase!("stress-unknown", runs = self.runs);
                page.labelled((phrase!("label-unknown"), Tone::Strong), says);
            }
        }
    }

    /// Whether all orders were counted, or only some.
    fn counted(&self) -> &'static str {
        if self.complete { "all" } else { "some" }
    }

    fn sentence(&self, row: &SeenRow) -> Phrase {
        let possible = match row.possible {
            Possible::Possible => phrase!(
                "stress-possible",
                counted = self.counted(),
                showing = &row.interleavings,
                orders = &self.interleavings,
            ),
            Possible::NotSeen => phrase!("stress-not-seen"),
            Possible::RuledOut => phrase!("stress-ruled-out"),
        };
        let seen = phrase!(
            "stress-seen",
            seen = row.runs,
            runs = self.runs,
            do = row.anomaly.verb(),
            possible = possible,
        );
        match row.runs {
            0 => Phrase::sentences([seen, phrase!("stress-moral")]),
            _ => seen,
        }
    }

    fn names(&self) -> Phrase {
        phrase!(
            "stress-names",
            scenario = &self.scenario,
            strategy = &self.strategy,
            runs = self.runs,
            cut = self.cut.map_or("none", Cut::name),
            thinking = self.infer_us,
            seed = self.seed.to_string(),
        )
    }

    fn numbers(&self, row: &SeenRow) -> Phrase {
        let share = row.runs as f64 / self.runs.max(1) as f64;
        let Share { at_least, at_most } = row.share;
        let percent = |share: f64| format!("{:.1}", 100.0 * share);
        phrase!(
            "stress-numbers",
            anomaly = row.anomaly.id,
            share = percent(share),
            low = percent(at_least),
            high = percent(at_most),
            counted = self.counted(),
            showing = &row.interleavings,
            orders = &self.interleavings,
            chance = probability(&row.chance.ratio),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anomalies::ANOMALIES;
    use crate::explore::tally::Ratio;
    use crate::scenario::Frequency;
    use crate::story::numbers::Chance;
    use crate::twins::drift::{Apart, Drift};

    /// So many of ten runs showed it; three of nine orders do, or none.
    fn seen(runs: u64, frequency: Frequency, stopped: bool) -> Stressed {
        let is_possible = frequency != Frequency::Never;
        let row = SeenRow {
            anomaly: ANOMALIES[0],
            runs,
            share: Share::of(runs, 10),
            verdict: frequency.name(),
            interleavings: if is_possible { 3_u32 } else { 0 }.into(),
            chance: Chance::of(&Ratio::new(1_u32.into(), 2_u32.into())),
            possible: if is_possible { Possible::Possible } else { Possible::RuledOut },
        };
        Stressed {
            scenario: "class".into(),
            strategy: "global".into(),
            runs_wanted: 10,
            runs: 10,
            cut: None,
            infer_us: 300,
            seed: 1,
            limit_ignored: false,
            contradicted: row.is_contradiction(),
            drift: None,
            drift_fact: None,
            complete: !stopped,
            stopped: stopped.then(|| "stopped".into()),
            interleavings: 9_u32.into(),
            anomalies: vec![row],
        }
    }

    fn told(stressed: &Stressed) -> String {
        render(stressed, Paper::english(400))
    }

    #[test]
    fn a_run_that_no_order_allows_is_called_a_bug() {
        let impossible = seen(2, Frequency::Never, false);
        assert!(impossible.contradicted);
        assert!(told(&impossible).contains("2 of 10 runs leak; no order does: "));
        let mut drifted = seen(0, Frequency::Never, false);
        assert!(!drifted.contradicted);
        assert!(told(&drifted).starts_with("CLEAN   nothing went wrong in 10 runs, and none of"));
        let drift = Drift::new(3, Apart::Panicked);
        drifted.drift = Some((&drift).into());
        let page = told(&drifted);
        assert!(page.starts_with("BUG     a real run is not what the listing says: step 3: a thr"));
        assert!(!page.contains("CLEAN"), "{page}");
    }

    #[test]
    fn what_was_not_looked_at_makes_every_number_a_bound() {
        let page = told(&seen(0, Frequency::Sometimes, false));
        assert!(
            page.contains("0 of 10 runs leak; 3 of 9 orders do. A test that passes proves lit")
        );
        assert!(page.contains("3 of 9 orders · "), "{page}");
        let page = told(&seen(4, Frequency::Sometimes, true));
        assert!(
            page.contains("4 of 10 runs leak; at least 3 of at least 9 orders do.\n"),
            "{page}"
        );
        assert!(page.contains("at least 3 of at least 9 orders · "), "{page}");
        assert!(page.contains("Not complete: stopped."), "{page}");
    }
}
