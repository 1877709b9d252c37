//! The orders that were asked for: one by its number, some drawn from all, or every one in a list.

use super::numbers::{count, grouped, plural};
use super::page::{Page, Tone};
use super::{Entry, order, stopped_words};
use crate::explore::engine::{RANKED_STATES_MAX, WantedOrders};
use crate::model::LaneId;
use crate::replay::machine::Machine;
use crate::verdict::Example;

/// The orders that were asked for.
pub fn examples(page: &mut Page, entry: &Entry) {
    let Some(examples) = &entry.verdict.examples else {
        page.blank();
        page.text(&match entry.verdict.stopped {
            Some(stopped) => format!(
                "No order can be shown by its number: {}, so the orders were not counted.",
                stopped_words(stopped).english()
            ),
            None => format!(
                "Orders are only looked up by their number for at most {} states.",
                count(RANKED_STATES_MAX)
            ),
        });
        return;
    };
    match entry.orders {
        WantedOrders::All { .. } => list(page, entry, examples),
        WantedOrders::None | WantedOrders::Number(_) | WantedOrders::Drawn { .. } => {
            examples.iter().for_each(|example| one(page, entry, example));
        }
    }
    if !examples.is_empty() {
        page.blank();
    }
}

fn one(page: &mut Page, entry: &Entry, example: &Example) {
    page.blank();
    let of = plural(&entry.verdict.orders, "order", "orders");
    let title = format!("Order {} of {of}{}", grouped(&example.number), shows(example));
    page.line(&[(&title, Tone::Strong)]);
    page.command("", &entry.replay_command(&example.moves, ""));
    // It was replayed before, so it can be again.
    if let Ok(record) = Machine::run(&entry.verdict.program, &example.moves) {
        order::replies(page, &entry.verdict.program, &record);
    }
}

/// Every order in one line, one letter for each step.
fn list(page: &mut Page, entry: &Entry, examples: &[Example]) {
    let lanes = &entry.verdict.program.lanes;
    let names =
        lanes.iter().enumerate().map(|(lane, own)| format!("{} {}", letter(lane), own.name));
    page.blank();
    page.line(&[("Every order, one letter for each step", Tone::Strong)]);
    page.labelled(("", Tone::Plain), &names.collect::<Vec<_>>().join(" · "));
    let width = examples.len().to_string().len();
    for example in examples {
        let letters: String = example.moves.iter().map(|&lane| letter(lane)).collect();
        let number = format!("{:>width$}", example.number.to_string());
        page.labelled(("", Tone::Plain), &format!("{number}  {letters}{}", shows(example)));
    }
}

fn shows(example: &Example) -> String {
    let shows: Vec<&str> = example.shows.iter().map(|anomaly| anomaly.id).collect();
    match shows.is_empty() {
        true => String::new(),
        false => format!(" · {}", shows.join(", ")),
    }
}

/// `a` for the first lane, then the alphabet, then capitals and digits.
fn letter(lane: LaneId) -> char {
    let letters = ('a'..='z').chain('A'..='Z').chain('0'..='9');
    letters.chain(['+', '/']).nth(lane).unwrap_or('?')
}
