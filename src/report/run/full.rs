//! Everything that is known about a scenario × strategy: the verdict in words, all numbers, the
//! order that shows it line by line, why.

use super::{
    clean, clean_label, doubts, heard, incomplete, kinds, of_all, shown, surprises, what_ran, why,
    why_label,
};
use crate::explore::graph::Stopped;
use crate::model::program::Grain;
use crate::phrase;
use crate::report::lanes::{self, Lines};
use crate::report::numbers::probability;
use crate::report::page::{Page, Tone};
use crate::report::typed;
use crate::story::{Found, Story};
use crate::verdict::Kind;
use crate::words::Phrase;

/// Tells everything.
pub(super) fn draw(page: &mut Page, story: &Story) {
    verdict_lines(page, story);
    page.blank();
    numbers(page, story);
    page.blank();
    let mut found = story.found();
    match found.next() {
        Some(first) => witness(page, first),
        None => why_label(page, &Phrase::sentences(story.why_clean.iter().flatten())),
    }
    found.for_each(|other| also(page, other));
    heard::draw(page, story);
    shown::draw(page, story);
    advice(page, story);
}

fn verdict_lines(page: &mut Page, story: &Story) {
    for found in story.found() {
        if let Some(sentence) = &found.sentence {
            page.labelled((found.mark, Tone::Bad), sentence);
        }
    }
    let any = story.found().next().is_some();
    match &story.stopped {
        Some(stopped) => {
            let unknown = phrase!("label-unknown");
            let label = if any { Phrase::nothing() } else { unknown };
            page.labelled((label, Tone::Strong), incomplete::words(story, stopped));
        }
        None if !any => page.labelled(clean_label(story), clean(story)),
        None => {}
    }
}

fn numbers(page: &mut Page, story: &Story) {
    let sizes = match story.complete {
        true => sizes(story),
        false => phrase!("orders-at-least", orders = &story.interleavings),
    };
    let ran = phrase!("run-what-and-size", ran = what_ran(story), sizes = sizes);
    page.labelled(("", Tone::Plain), ran);
    match story.complete {
        true => {
            story.found().for_each(|it| page.labelled(("", Tone::Plain), number_line(story, it)))
        }
        false => incomplete::numbers(page, story),
    }
    doubts(page, story);
    let chance = story.found().next().map(|_| phrase!("run-chance-means"));
    let assumed = story.assumptions.iter().map(|assumption| assumption.told.clone());
    for dim in assumed.chain(kinds::in_full(story)).chain(chance) {
        page.paragraph(("", Tone::Plain), dim, Tone::Dim);
    }
}

/// The three views of size: `184,756 orders, 34 essentially different, 19 outcomes`.
fn sizes(story: &Story) -> Phrase {
    let traces = match &story.traces {
        Some(traces) => phrase!("traces", traces = traces),
        None if story.traces_undefined => phrase!("traces-undefined"),
        None => phrase!("traces-not-counted"),
    };
    let outcomes = match story.outcomes {
        Some(outcomes) => phrase!("outcomes", outcomes = outcomes),
        None => phrase!("outcomes-not-counted"),
    };
    Phrase::list([phrase!("orders", orders = &story.interleavings), traces, outcomes])
}

fn number_line(story: &Story, found: &Found) -> Phrase {
    let kind = match (found.is, found.preemptions) {
        (Some(Kind::Sharing), _) => phrase!("run-number-sharing"),
        (Some(Kind::Chain), _) => phrase!("run-number-chain"),
        // The gloss of a race speaks of one preemption; more of them are rare, and said.
        (Some(Kind::Race), Some(many @ 2..)) => phrase!("run-number-race-many", preemptions = many),
        (Some(Kind::Race), _) => phrase!("run-number-race"),
        (None, _) => Phrase::nothing(),
    };
    let orders = of_all(story, found);
    let chance = probability(&found.chance.ratio);
    phrase!("run-number", anomaly = found.id, orders = orders, kind = kind, chance = chance)
}

fn witness(page: &mut Page, found: &Found) {
    let Some(witness) = &found.witness else { return };
    lanes::draw(page, &witness.order, Lines::All);
    page.blank();
    why_label(page, &why(found, witness));
    page.command(phrase!("label-again"), &typed(&witness.again));
}

/// The order that shows another finding, behind its mark.
fn also(page: &mut Page, found: &Found) {
    if let Some(witness) = &found.witness {
        page.command(found.mark, &typed(&witness.again_only));
    }
}

fn advice(page: &mut Page, story: &Story) {
    if let Some(stopped) = story.stop {
        let more = match stopped {
            Stopped::States { .. } => phrase!("advice-more-states"),
            Stopped::Memory { .. } => phrase!("advice-more-memory"),
            Stopped::Time | Stopped::Interrupted => phrase!("advice-again"),
        };
        let coarser = story.server.grain == Grain::Line.name();
        let coarser = coarser.then(|| phrase!("advice-coarser"));
        let less = (story.anomalies.len() > 1).then(|| phrase!("advice-less"));
        let parts = [Some(more), coarser, less].into_iter().flatten();
        let told = phrase!("advice-or-fewer-lanes", parts = Phrase::list(parts));
        page.labelled((&phrase!("label-try"), Tone::Strong), told);
    } else if let Some(next) = &story.next {
        page.command(phrase!("label-try"), &typed(next));
    }
    if let Some(remark) = &story.remark {
        page.labelled((&phrase!("label-remark"), Tone::Strong), remark);
    }
    surprises(page, story);
}
