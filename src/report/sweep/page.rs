//! The page of `interleak sweep`: a table for each strategy, and a chart of all.

use super::picture::{self, panels};
use super::{Curve, Found, Point, Sweep};
use crate::report::chart::braille;
use crate::report::numbers::{count, milliseconds, probability, roughly, share};
use crate::report::page::{Page, Tone};
use crate::report::stopped_words;
use crate::scenario::Frequency;
use crate::screen::{COLUMNS, width};

/// Lines of a chart.
const CHART_ROWS: usize = 14;

/// The text.
pub fn render(sweep: &Sweep) -> String {
    let mut page = Page::new();
    let name = format!("{}: ", sweep.scenario_name);
    page.line(&[(&name, Tone::Strong), (&sweep.scenario.title, Tone::Plain)]);
    page.paragraph(("", Tone::Plain), &picture::note(sweep), Tone::Dim);
    for curve in &sweep.curves {
        page.blank();
        table(&mut page, sweep, curve);
    }
    for panel in panels(sweep) {
        page.blank();
        braille(&panel, COLUMNS, CHART_ROWS)
            .iter()
            .for_each(|line| page.line(&[(line, Tone::Plain)]));
    }
    page.blank();
    for left_out in &sweep.left_out {
        let text = format!("{}: {}", left_out.strategy, left_out.why);
        page.labelled(("left out", Tone::Strong), &text);
    }
    page.paragraph(("", Tone::Plain), GLOSS, Tone::Dim);
    page.finish()
}

const GLOSS: &str = "coin flip: how likely such an order is if each next step is drawn at random; \
                     no rate in production. reply: the time from sending to reply in virtual \
                     time, where only thinking and waiting take time.";

fn table(page: &mut Page, sweep: &Sweep, curve: &Curve) {
    page.line(&[(&curve.strategy, Tone::Strong)]);
    let id = sweep.anomaly.id;
    let headings = [sweep.axis.name(), "orders", "states", id, "coin flip", "mean reply", "worst"];
    let headings = headings.map(str::to_owned);
    let rows: Vec<[String; 7]> = curve.points.iter().map(cells).collect();
    let all = || rows.iter().chain([&headings]);
    let widths: Vec<usize> = (0..headings.len())
        .map(|column| all().map(|row| width(&row[column])).max().unwrap_or(0))
        .collect();
    for (index, row) in [&headings].into_iter().chain(&rows).enumerate() {
        let tone = if index == 0 { Tone::Dim } else { Tone::Plain };
        let cells = row.iter().zip(&widths).map(|(cell, &wide)| {
            let space = " ".repeat(wide.saturating_sub(width(cell)));
            format!("{space}{cell}")
        });
        page.line(&[("  ", tone), (&cells.collect::<Vec<_>>().join("  "), tone)]);
    }
    if let Some((value, stopped)) = curve.stopped() {
        let text = format!(
            "at {value} {}: {}. What is said there are bounds, and nothing beyond was looked at.",
            sweep.axis.words(),
            stopped_words(stopped)
        );
        page.labelled(("stopped", Tone::Bad), &text);
    }
}

/// What a line says. Numbers stand under each other, so they are ranged right.
fn cells(point: &Point) -> [String; 7] {
    let [orders, states, with, chance] = match &point.found {
        None => ["?"; 4].map(str::to_owned),
        Some(found) => found_cells(found),
    };
    let time = |ms: Option<String>| ms.unwrap_or_else(|| "never".into());
    let mean = time(point.timed.mean_ms().map(milliseconds));
    let worst = time(point.timed.worst_ms().map(|ms| milliseconds(ms.into())));
    [point.value.to_string(), orders, states, with, chance, mean, worst]
}

fn found_cells(found: &Found) -> [String; 4] {
    let states = count(found.states);
    let (low, high) = (short(&probability(&found.chance)), short(&probability(&found.chance_max)));
    if found.stopped.is_some() {
        let orders = format!("≥ {}", roughly(&found.orders));
        let with = if found.frequency.is_some() { "seen" } else { "unknown" };
        return [orders, format!("≥ {states}"), with.into(), format!("{low} to {high}")];
    }
    let with = match found.frequency {
        Some(Frequency::Sometimes) => share(&found.with, &found.orders),
        Some(certain) => certain.name().into(),
        None => "unknown".into(),
    };
    [roughly(&found.orders), states, with, low]
}

/// A probability without its fraction: `≈ 0.735352`.
fn short(probability: &str) -> String {
    let decimal = probability.split_once(" = ").map_or(probability, |(_, decimal)| decimal);
    let start = decimal.find(['≈', '<', '>']).unwrap_or(0);
    decimal[start..].to_owned()
}
