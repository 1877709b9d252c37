//! The page of `interleak stress`.

use super::{Possible, SeenRow, Stressed};
use crate::phrase;
use crate::report::numbers::probability;
use crate::report::page::{Page, Paper, Tone};
use crate::report::shell_word;
use crate::stress::Cut;
use crate::words::Phrase;

/// The text.
pub fn render(stressed: &Stressed, paper: Paper) -> String {
    let mut page = Page::new(paper);
    if let Some(drift) = &stressed.drift {
        let says = phrase!("stress-drift", drift = Phrase::from(drift));
        page.labelled((phrase!("stress-label-bug"), Tone::Bad), says);
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
    let Stressed { scenario, strategy, .. } = stressed;
    let command = ["interleak", "run", &shell_word(scenario), "-s", &shell_word(strategy)];
    page.command(phrase!("stress-label-try"), &command.join(" "));
    page.finish()
}

impl Stressed {
    fn nothing(&self, page: &mut Page) {
        match self.stopped {
            None if self.runs > 0 => {
                let says = phrase!("stress-clean", runs = self.runs, orders = &self.orders);
                page.labelled((phrase!("stress-label-clean"), Tone::Good), says);
            }
            // What was not looked at may still go wrong.
            _ => {
                let says = phrase!("stress-unknown", runs = self.runs);
                page.labelled((phrase!("stress-label-unknown"), Tone::Strong), says);
            }
        }
    }

    fn sentence(&self, row: &SeenRow) -> Phrase {
        let (showing, orders) = (&row.orders, &self.orders);
        let possible = match self.possible(row) {
            Possible::SomeDo => phrase!("stress-some-do", showing = showing, orders = orders),
            Possible::AtLeastSomeDo => {
                phrase!("stress-at-least-do", showing = showing, orders = orders)
            }
            Possible::NotSeen => phrase!("stress-not-seen"),
            Possible::RuledOut => phrase!("stress-ruled-out"),
        };
        let seen = phrase!(
            "stress-seen",
            seen = row.runs,
            runs = self.runs,
            do = row.anomaly.verb,
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
        let share = 100.0 * row.runs as f64 / self.runs.max(1) as f64;
        let told = |percent: f64| format!("{percent:.1}");
        let (id, low, high) = (row.anomaly.id, told(row.share.low), told(row.share.high));
        let (showing, orders, chance) = (&row.orders, &self.orders, probability(&row.chance));
        phrase!(
            "stress-numbers",
            anomaly = id,
            share = told(share),
            low = low,
            high = high,
            counted = if self.stopped.is_some() { "some" } else { "all" },
            showing = showing,
            orders = orders,
            chance = chance,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anomalies::ANOMALIES;
    use crate::explore::tally::Ratio;
    use crate::report::stress::Interval;
    use crate::scenario::Frequency;
    use crate::twins::drift::{Apart, Drift};

    /// So many of ten runs showed it; three of nine orders do, or none.
    fn seen(runs: u64, frequency: Frequency, stopped: bool) -> Stressed {
        let is_possible = frequency != Frequency::Never;
        let row = SeenRow {
            anomaly: ANOMALIES[0],
            runs,
            share: Interval::of(runs, 10),
            frequency: Some(frequency),
            orders: if is_possible { 3_u32 } else { 0 }.into(),
            chance: Ratio::new(1_u32.into(), 2_u32.into()),
            is_possible,
        };
        Stressed {
            scenario: "class".into(),
            strategy: "global".into(),
            limit_ignored: false,
            runs_wanted: 10,
            runs: 10,
            cut: None,
            infer_us: 300,
            seed: 1,
            drift: None,
            stopped: stopped.then(|| "stopped".into()),
            orders: 9_u32.into(),
            rows: vec![row],
        }
    }

    fn told(stressed: &Stressed) -> String {
        render(stressed, Paper::english(400))
    }

    #[test]
    fn a_run_that_no_order_allows_is_called_a_bug() {
        let impossible = seen(2, Frequency::Never, false);
        assert!(impossible.is_contradicted());
        assert!(told(&impossible).contains("2 of 10 runs leak; no order does: "));
        let mut drifted = seen(0, Frequency::Never, false);
        assert!(!drifted.is_contradicted());
        assert!(told(&drifted).starts_with("CLEAN   nothing went wrong in 10 runs, and none of"));
        drifted.drift = Some(Drift { step: Some(3), what: Apart::Panicked });
        assert!(drifted.is_contradicted());
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
