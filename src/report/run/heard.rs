//! Who heard whom: which replies are based on questions of which other users, and how often.

use crate::phrase;
use crate::report::numbers::{probability, roughly};
use crate::report::page::{Page, Tone};
use crate::story::{Heard, Story};
use crate::words::Phrase;

/// More pairs than this are left to the JSON document.
const LINES_MAX: usize = 8;

/// One line for each pair, if anybody heard anybody.
pub(super) fn draw(page: &mut Page, story: &Story) {
    let heard = story.heard.as_deref().unwrap_or_default();
    for (index, one) in heard.iter().take(LINES_MAX).enumerate() {
        let label = if index == 0 { phrase!("label-heard") } else { Phrase::nothing() };
        page.labelled((label, Tone::Strong), line(story, one));
    }
    if let Some(more) = heard.len().checked_sub(LINES_MAX).filter(|&more| more > 0) {
        page.labelled(("", Tone::Plain), phrase!("heard-more", more = more));
    }
    if heard.len() > 1 {
        page.paragraph(("", Tone::Plain), phrase!("heard-twice"), Tone::Dim);
    }
}

fn line(story: &Story, heard: &Heard) -> Phrase {
    let all = &story.interleavings;
    let orders = match heard.interleavings == *all {
        true => phrase!("heard-in-all"),
        false => {
            phrase!("heard-in-some", some = roughly(&heard.interleavings), orders = roughly(all))
        }
    };
    let chance = probability(&heard.chance.ratio);
    phrase!("heard", reply = &heard.reply, from = &heard.from, orders = orders, chance = chance)
}
