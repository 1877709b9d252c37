//! The orders that were asked for: one by its number, some drawn from all, or every one in a list.

use crate::explore::engine::WantedOrders;
use crate::model::LaneId;
use crate::phrase;
use crate::report::page::{Page, Tone};
use crate::report::{order, typed};
use crate::story::{Shown, Story};
use crate::words::Phrase;

/// The orders that were asked for.
pub(super) fn draw(page: &mut Page, story: &Story) {
    let Some(shown) = &story.shown else {
        page.blank();
        page.text(match &story.stopped {
            Some(stopped) => phrase!("shown-stopped", stopped = stopped),
            None => phrase!("shown-too-many", states = Story::RANKED_STATES_MAX),
        });
        return;
    };
    match story.wanted {
        WantedOrders::All { .. } => list(page, story, shown),
        WantedOrders::None | WantedOrders::Number(_) | WantedOrders::Drawn { .. } => {
            shown.iter().for_each(|one| draw_one(page, story, one));
        }
    }
    if !shown.is_empty() {
        page.blank();
    }
}

fn draw_one(page: &mut Page, story: &Story, shown: &Shown) {
    page.blank();
    let orders = &story.interleavings;
    let title = phrase!("shown", number = &shown.number, orders = orders, shows = shows(shown));
    let title = page.said(title);
    page.line(&[(&title, Tone::Strong)]);
    page.command("", &typed(&shown.again));
    order::replies(page, shown.replies.as_deref().unwrap_or_default());
}

/// Every order in one line, one letter for each step.
fn list(page: &mut Page, story: &Story, shown: &[Shown]) {
    let names = story.lanes.iter().enumerate().map(|(lane, own)| format!("{} {own}", letter(lane)));
    page.blank();
    let title = page.said(phrase!("shown-list"));
    page.line(&[(&title, Tone::Strong)]);
    page.labelled(("", Tone::Plain), names.collect::<Vec<_>>().join(" · "));
    let width = shown.len().to_string().len();
    for one in shown {
        let letters: String = one.moves.iter().map(|&lane| letter(lane)).collect();
        let number = format!("{:>width$}", one.number.to_string());
        let shows = page.said(shows(one));
        page.labelled(("", Tone::Plain), format!("{number}  {letters}{shows}"));
    }
}

/// The anomalies that an order shows, behind a dot.
fn shows(shown: &Shown) -> Phrase {
    match shown.shows.is_empty() {
        true => Phrase::nothing(),
        false => phrase!("behind-dot", text = Phrase::list(shown.shows.iter().copied())),
    }
}

/// `a` for the first lane, then the alphabet, then capitals and digits.
fn letter(lane: LaneId) -> char {
    let letters = ('a'..='z').chain('A'..='Z').chain('0'..='9');
    letters.chain(['+', '/']).nth(lane).unwrap_or('?')
}
