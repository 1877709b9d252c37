//! The page of one order: `interleak replay`, and the examples of `run --show`.

use super::lanes::{self, Lines};
use super::page::{Page, Paper, Tone};
use crate::phrase;
use crate::story::Answered;
use crate::story::order::Ending;
use crate::story::replay::Replay;
use crate::words::Phrase;

/// The text of a replay.
pub fn render(replay: &Replay, paper: Paper) -> String {
    let mut page = Page::new(paper);
    for case in &replay.findings {
        page.labelled((case.mark, Tone::Bad), &case.sentence);
    }
    if replay.findings.is_empty() {
        let clean = match is_open(replay) {
            true => phrase!("replay-clean-so-far"),
            false => phrase!("replay-clean"),
        };
        page.labelled((&phrase!("label-clean"), Tone::Good), clean);
    }
    page.blank();
    let ran = phrase!(
        "replay-what",
        scenario = &replay.scenario,
        strategy = &replay.strategy,
        grain = replay.grain,
        steps = replay.order.steps.len(),
        ends = ends(replay)
    );
    page.labelled(("", Tone::Plain), ran);
    for note in replay.half_turns.iter().cloned().chain(not_judged(replay)) {
        page.paragraph(("", Tone::Plain), &note, Tone::Dim);
    }
    page.blank();
    lanes::draw(&mut page, &replay.order, Lines::All);
    if !replay.why.is_empty() {
        page.blank();
        let why = Phrase::sentences(&replay.why);
        page.labelled((&phrase!("label-why"), Tone::Strong), why);
    }
    page.finish()
}

/// Whether there are steps behind the last one that is shown.
fn is_open(replay: &Replay) -> bool {
    replay.order.ending == Ending::Open
}

/// Where the schedule ends, if that is not where the run does.
fn ends(replay: &Replay) -> Phrase {
    match replay.asked {
        asked if asked == replay.order.steps.len() => match is_open(replay) {
            true => phrase!("replay-ends"),
            false => Phrase::nothing(),
        },
        0 => phrase!("replay-no-schedule"),
        asked => phrase!("replay-went-on", asked = asked),
    }
}

/// What else could be wrong here, and was not looked at.
fn not_judged(replay: &Replay) -> Vec<Phrase> {
    let only = replay.judged_only.as_ref();
    let only =
        only.map(|only| phrase!("replay-judged-only", only = Phrase::list(only.iter().copied())));
    let doubts = replay.doubts.iter().map(|doubt| phrase!("replay-doubt", doubt = doubt));
    let later = &replay.judged_at_end;
    let later = (is_open(replay) && !later.is_empty())
        .then(|| phrase!("replay-judged-later", later = Phrase::list(later.iter().copied())));
    only.into_iter().chain(later).chain(doubts).collect()
}

/// Every reply of an order, in the order in which they were shown.
pub fn replies(page: &mut Page, replies: &[Answered]) {
    for Answered { lane, question, reply } in replies {
        let line = phrase!("shown-reply", lane = lane, question = question, reply = reply);
        page.labelled(("", Tone::Plain), line);
    }
}
