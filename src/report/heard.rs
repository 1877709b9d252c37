//! Who heard whom: which replies are based on questions of which other users, and how often.

use super::Entry;
use super::numbers::{plural, probability, roughly};
use super::page::{Page, Tone};
use crate::explore::engine::Heard;

/// More pairs than this are left to the JSON document.
const LINES_MAX: usize = 8;

/// One line for each pair, if anybody heard anybody.
pub fn lines(page: &mut Page, entry: &Entry) {
    let heard = entry.verdict.heard.as_deref().unwrap_or_default();
    for (index, one) in heard.iter().take(LINES_MAX).enumerate() {
        let label = if index == 0 { "Heard" } else { "" };
        page.labelled((label, Tone::Strong), &line(entry, one));
    }
    if let Some(more) = heard.len().checked_sub(LINES_MAX).filter(|&more| more > 0) {
        let pairs = plural(&more.into(), "more pair", "more pairs");
        page.labelled(("", Tone::Plain), &format!("and {pairs}: --format json lists all"));
    }
}

fn line(entry: &Entry, heard: &Heard) -> String {
    let cast = &entry.verdict.program.cast;
    let all = &entry.verdict.orders;
    let orders = match heard.with.orders == *all {
        true => "all orders".into(),
        false => format!("{} of {} orders", roughly(&heard.with.orders), roughly(all)),
    };
    format!(
        "{}#{} hears {} in {orders} · chance {}",
        cast.lane_name_of(heard.turn),
        cast.turns[heard.turn].number,
        cast.users[heard.user],
        probability(&heard.with.chance)
    )
}
