//! What a word on a page means: an anomaly, or a term of the glossary.

use crate::anomalies::{ANOMALIES, Anomaly, Judgement};
use crate::commands::load;
use crate::glossary::Term;
use crate::report::page::{Page, Tone};
use crate::scenario::{Expectation, Frequency, SHIPPED, Shipped};

/// The anomaly with this name, or with this word at the beginning of a page.
pub(super) fn anomaly(name: &str) -> Option<&'static Anomaly> {
    let is = |it: &&&'static Anomaly| {
        name.eq_ignore_ascii_case(it.id) || name.eq_ignore_ascii_case(it.mark)
    };
    ANOMALIES.iter().find(is).copied()
}

/// The page of a term.
pub(super) fn explain(page: &mut Page, term: &Term) {
    page.line(&[(term.name(), Tone::Strong)]);
    page.blank();
    page.text(&term.text);
    page.blank();
    let rows = [("Example", &term.example), ("Field", &term.field)];
    for (label, text) in rows {
        if let Some(text) = text {
            page.labelled((label, Tone::Strong), text);
        }
    }
    if let Some(command) = &term.try_it {
        page.command("Try", command);
    }
}

/// The page of an anomaly.
pub(super) fn explain_anomaly(page: &mut Page, anomaly: &Anomaly) {
    page.line(&[(anomaly.id, Tone::Strong)]);
    page.blank();
    page.labelled(("What", Tone::Strong), anomaly.what());
    page.labelled(("How", Tone::Strong), anomaly.judged());
    let mark = match anomaly.judge {
        Judgement::Reply(_) => {
            "A verdict about it begins with, and a diagram marks the reply with:"
        }
        Judgement::End(_) | Judgement::Pairs(_) => "A verdict about it begins with:",
    };
    page.labelled(("Mark", Tone::Strong), &format!("{mark} {}", anomaly.mark));
    page.command("Try", &shown_by(anomaly));
}

/// A command that shows an anomaly: a shipped scenario with a strategy that is expected to, the
/// class first; or the class with every strategy if there is none.
fn shown_by(anomaly: &Anomaly) -> String {
    let (class, others): (Vec<&Shipped>, Vec<&Shipped>) =
        SHIPPED.iter().partition(|shipped| shipped.name == "voice-assistant");
    let shows = class.into_iter().chain(others).find_map(|shipped: &Shipped| {
        let expect = load::scenario(shipped.name).ok()?.scenario.expect;
        let shows = |(_, expected): &&(_, Expectation)| expected.of(anomaly.id) != Frequency::Never;
        let (strategy, _) = expect.iter().find(shows)?;
        Some(format!("interleak run {} -s {strategy} --only {}", shipped.name, anomaly.id))
    });
    let all = || format!("interleak run voice-assistant -s all --only {}", anomaly.id);
    shows.unwrap_or_else(all)
}
