//! The page of `interleak stress`: three numbers side by side, and what they mean.

pub mod json;

use super::numbers::{count, grouped, plural, probability};
use super::page::{Page, Paper, Tone};
use crate::scenario::Frequency;
use crate::stress::{Cut, Plan, Seen};
use crate::verdict::{Judged, Verdict};

/// What was run, what was seen, and what the explorer says.
pub struct Stressed<'a> {
    /// As it was typed.
    pub scenario_name: &'a str,
    /// As it was typed.
    pub strategy_name: &'a str,
    /// Whether the scenario has a limit, which real threads here do not keep.
    pub limited: bool,
    /// What the explorer says.
    pub verdict: &'a Verdict,
    /// What was asked.
    pub plan: &'a Plan<'a>,
    /// What was seen.
    pub seen: &'a Seen,
}

impl Stressed<'_> {
    /// Each anomaly with the runs that showed it.
    fn rows(&self) -> impl Iterator<Item = (&Judged, u64)> {
        self.verdict.anomalies.iter().zip(self.seen.with.iter().copied())
    }

    /// Whether real threads did what the explorer rules out.
    pub fn is_contradicted(&self) -> bool {
        let never = |judged: &Judged| judged.frequency == Some(Frequency::Never);
        self.seen.drift.is_some() || self.rows().any(|(judged, seen)| never(judged) && seen > 0)
    }
}

/// The text.
pub fn render(stressed: &Stressed, paper: Paper) -> String {
    let mut page = Page::new(paper);
    let Stressed { seen, verdict, plan, .. } = stressed;
    if let Some(drift) = &seen.drift {
        page.labelled(
            ("BUG", Tone::Bad),
            &format!("a real run is not what the listing says: {drift}"),
        );
    }
    for (judged, runs) in stressed.rows() {
        let interesting = runs > 0 || judged.witness.is_some();
        if interesting {
            sentence(&mut page, stressed, judged, runs);
        }
    }
    let all_clean = stressed.rows().all(|(judged, runs)| runs == 0 && judged.witness.is_none());
    if all_clean && seen.drift.is_none() {
        let runs = plural(&seen.runs.into(), "run", "runs");
        let orders = plural(&verdict.orders, "order", "orders");
        match verdict.stopped {
            None if seen.runs > 0 => {
                let what =
                    format!("nothing went wrong in {runs}, and none of all {orders} allows it.");
                page.labelled(("CLEAN", Tone::Good), &what);
            }
            // What was not looked at may still go wrong.
            _ => {
                page.labelled(("UNKNOWN", Tone::Strong), &format!("nothing went wrong in {runs}."))
            }
        }
    }
    if let Some(stopped) = verdict.stopped {
        let stopped = crate::story::limit::why_stopped(stopped).english();
        let what =
            format!("Not complete: {stopped}. The other orders may do what was not seen in these.");
        page.labelled(("", Tone::Plain), &what);
    }
    page.blank();
    let outcome = match seen.cut {
        None => "",
        Some(Cut::Time) => ", stopped by --seconds",
        Some(Cut::Interrupted) => ", interrupted",
    };
    page.labelled(
        ("", Tone::Plain),
        &format!(
            "{} × {} · real threads · {}{outcome} · thinking up to {} µs · seed {}",
            stressed.scenario_name,
            stressed.strategy_name,
            plural(&seen.runs.into(), "run", "runs"),
            count(plan.infer_us as usize),
            plan.seed,
        ),
    );
    for (judged, runs) in
        stressed.rows().filter(|(judged, runs)| *runs > 0 || judged.witness.is_some())
    {
        page.labelled(("", Tone::Plain), &numbers(stressed, judged, runs));
    }
    if stressed.limited {
        page.labelled(("", Tone::Plain), "The scenario's limit is not kept here.");
    }
    page.paragraph(("", Tone::Plain), GLOSS, Tone::Dim);
    let command = format!(
        "interleak run {} -s {}",
        super::shell_word(stressed.scenario_name),
        super::shell_word(stressed.strategy_name)
    );
    page.command("Try", &command);
    page.finish()
}

/// The interval is one of sampling only: on another load the same command gave 89 % and 48 %.
const GLOSS: &str = "runs: what happened on this machine, now, with this load. In brackets: how far \
                     chance alone may have moved the share in runs under exactly these conditions \
                     (95 %, Wilson). Another load, machine or day can give quite another share. \
                     orders: what can happen. chance: if each next step is drawn at random.";

fn sentence(page: &mut Page, stressed: &Stressed, judged: &Judged, runs: u64) {
    let all = count(stressed.seen.runs as usize);
    let seen = count(runs as usize);
    let verb = judged.anomaly.verb().english();
    let orders = plural(&stressed.verdict.orders, "order", "orders");
    let possible = match (judged.witness.is_some(), judged.frequency) {
        (true, _) if stressed.verdict.stopped.is_some() => {
            format!("at least {} of at least {orders} do", grouped(&judged.orders))
        }
        (true, _) => format!("{} of {orders} do", grouped(&judged.orders)),
        (false, None) => "in the orders that were explored this was not seen".into(),
        (false, Some(_)) => "no order does: real threads did what the explorer rules out. This is \
                             a bug in interleak; please report it"
            .into(),
    };
    let moral = if runs == 0 { " A test that passes proves little." } else { "" };
    let text = format!("{seen} of {all} runs {verb}; {possible}.{moral}");
    page.labelled((judged.anomaly.mark, if runs > 0 { Tone::Bad } else { Tone::Strong }), &text);
}

fn numbers(stressed: &Stressed, judged: &Judged, runs: u64) -> String {
    let all = stressed.seen.runs;
    let (low, high) = wilson(runs, all);
    let share = 100.0 * runs as f64 / all.max(1) as f64;
    let at_least = if stressed.verdict.stopped.is_some() { "at least " } else { "" };
    format!(
        "{}: {share:.1} % of runs ({low:.1} to {high:.1} %) · {at_least}{} of {at_least}{} orders · chance {at_least}{}",
        judged.anomaly.id,
        grouped(&judged.orders),
        grouped(&stressed.verdict.orders),
        probability(&judged.chance),
    )
}

/// The 95 % interval of a share, in percent (E. B. Wilson 1927).
fn wilson(hits: u64, runs: u64) -> (f64, f64) {
    if runs == 0 {
        return (0.0, 100.0);
    }
    let (z, n) = (1.959_964_f64, runs as f64);
    let share = hits as f64 / n;
    let centre = share + z * z / (2.0 * n);
    let spread = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + z * z / n;
    let percent = |value: f64| (100.0 * value / whole).clamp(0.0, 100.0);
    let low = if hits == 0 { 0.0 } else { percent(centre - spread) };
    let high = if hits == runs { 100.0 } else { percent(centre + spread) };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_the_share_and_shrink_with_more_runs() {
        let (low, high) = wilson(0, 1000);
        assert!(low == 0.0 && high > 0.3 && high < 0.5, "{low} {high}");
        let (low, high) = wilson(500, 1000);
        assert!(low > 46.0 && low < 50.0 && high > 50.0 && high < 54.0, "{low} {high}");
        assert_eq!(wilson(0, 0), (0.0, 100.0));
    }
}
