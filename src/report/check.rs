//! The page of `interleak check`: one line for each expectation.

use super::numbers::{count, grouped, plural};
use super::page::{Page, Tone};
use super::{Entry, stopped_words};
use crate::verdict::Judged;

/// The text for all entries.
pub fn render(entries: &[Entry], columns: usize) -> String {
    let mut page = Page::new(columns);
    let mut failed = 0;
    let mut open = 0;
    for entry in entries {
        let name = format!("{} × {}", entry.scenario_name, entry.strategy_name);
        if let Some(stopped) = entry.verdict.stopped {
            open += 1;
            page.labelled(("open", Tone::Strong), &format!("{name}: {}", stopped_words(stopped)));
        } else if entry.surprises.is_empty() {
            page.labelled(("ok", Tone::Good), &format!("{name}: {}", summary(entry)));
        } else {
            failed += 1;
            fail(&mut page, entry, &name);
        }
    }
    let held = entries.len() - failed - open;
    let open_words = if open > 0 { format!(", {} open", count(open)) } else { String::new() };
    page.blank();
    page.text(&format!(
        "{}: {} hold, {} fail{open_words}",
        plural(&entries.len().into(), "expectation", "expectations"),
        count(held),
        count(failed)
    ));
    page.finish()
}

fn fail(page: &mut Page, entry: &Entry, name: &str) {
    for surprise in &entry.surprises {
        let mut judged = entry.verdict.anomalies.iter();
        let judged = judged.find(|judged| judged.anomaly.id == surprise.anomaly);
        let found = judged.map_or_else(String::new, |judged| orders(entry, judged));
        page.labelled(
            ("fails", Tone::Bad),
            &format!(
                "{name}: {} was expected {}, but shows {}: {found}",
                surprise.anomaly,
                surprise.expected.name(),
                surprise.found.name(),
            ),
        );
    }
    page.command("", &entry.command("run", entry.strategy_name));
}

fn summary(entry: &Entry) -> String {
    let found: Vec<String> = entry
        .verdict
        .found()
        .map(|judged| format!("{} in {}", judged.anomaly.id, orders(entry, judged)))
        .collect();
    match found.is_empty() {
        true => format!("clean in {}", plural(&entry.verdict.orders, "order", "orders")),
        false => found.join(", "),
    }
}

fn orders(entry: &Entry, judged: &Judged) -> String {
    let all = &entry.verdict.orders;
    match judged.orders == *all {
        true => format!("all {}", plural(all, "order", "orders")),
        false => format!("{} of {}", grouped(&judged.orders), plural(all, "order", "orders")),
    }
}
