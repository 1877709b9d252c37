//! The pages of `interleak run`: one screen, or everything.

mod brief;
mod full;
mod heard;
mod incomplete;
mod kinds;
mod shown;

use super::page::{Page, Paper, Tone};
use crate::phrase;
use crate::story::found::Witness;
use crate::story::{Found, Story};
use crate::words::Phrase;
use num_traits::One;

/// How much a page tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// What fits a screen.
    Brief,
    /// Everything.
    Full,
}

/// The pages of all results, one behind the other.
pub fn render(stories: &[Story], tells: Tells, paper: Paper) -> String {
    let mut page = Page::new(paper);
    for (index, story) in stories.iter().enumerate() {
        if index > 0 {
            page.rule();
        }
        match tells {
            Tells::Brief => brief::draw(&mut page, story),
            Tells::Full => full::draw(&mut page, story),
        }
    }
    page.finish()
}

/// What is said of a run in which nothing goes wrong.
fn clean(story: &Story) -> Phrase {
    let only = match story.anomalies.as_slice() {
        [only] => only.id,
        _ => "none",
    };
    let contrast = match &story.contrast {
        Some(contrast) => {
            phrase!("run-contrast", does = &contrast.verb, strategy = contrast.strategy)
        }
        None => Phrase::nothing(),
    };
    if !story.doubts.is_empty() {
        return phrase!("run-doubtful", orders = &story.interleavings);
    }
    phrase!("run-clean", only = only, orders = &story.interleavings, contrast = contrast)
}

/// What a run is called in which nothing was found.
fn clean_label(story: &Story) -> (Phrase, Tone) {
    match story.doubts.is_empty() {
        true => (phrase!("label-clean"), Tone::Good),
        false => (phrase!("label-unknown"), Tone::Strong),
    }
}

/// What the strategy may do that its marks do not say.
fn doubts(page: &mut Page, story: &Story) {
    for doubt in &story.doubts {
        page.labelled((phrase!("label-doubt"), Tone::Strong), doubt);
    }
}

/// What is not as the scenario's author expects.
fn surprises(page: &mut Page, story: &Story) {
    let but = phrase!("label-but");
    if !story.expects && !story.surprises.is_empty() {
        let told = phrase!("run-nothing-expected", strategy = &story.strategy);
        page.labelled((&but, Tone::Bad), &told);
        return;
    }
    for surprise in &story.surprises {
        let told = phrase!(
            "run-surprise",
            scenario = &story.scenario,
            anomaly = surprise.anomaly,
            expected = surprise.expected,
            found = surprise.found
        );
        page.labelled((&but, Tone::Bad), &told);
    }
}

/// Scenario, strategy, and how they were run.
fn what_ran(story: &Story) -> Phrase {
    phrase!(
        "run-what",
        scenario = &story.scenario,
        strategy = &story.strategy,
        grain = story.server.grain,
        server = story.server.phrase()
    )
}

/// Why an order goes wrong, and from when on it could not be saved.
fn why(found: &Found, witness: &Witness) -> Phrase {
    Phrase::sentences(found.why.iter().cloned().chain(no_return(found.mark, witness)))
}

/// When the witness could no longer be saved.
fn no_return(mark: &str, witness: &Witness) -> Option<Phrase> {
    Some(match witness.lost_from? {
        0 => phrase!("run-lost-from-the-start", mark = mark),
        lost if lost == witness.order.steps.len() => phrase!("run-lost-at-the-end", mark = mark),
        lost => phrase!("run-lost-after", step = lost, mark = mark),
    })
}

/// A label of the page.
fn why_label(page: &mut Page, why: &Phrase) {
    if !why.is_empty() {
        page.labelled((&phrase!("label-why"), Tone::Strong), why);
    }
}

/// `9 of 15 orders`
fn of_all(story: &Story, found: &Found) -> Phrase {
    let all = &story.interleavings;
    match found.in_all(all) {
        true if all.is_one() => phrase!("orders-only"),
        true => phrase!("orders-all", orders = all),
        false => phrase!("orders-some", some = &found.interleavings, orders = all),
    }
}
