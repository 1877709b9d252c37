//! The page of `interleak sweep`: a table for each strategy, and a chart of all.

use super::picture::{note, panels};
use super::{Axis, Curve, Found, Point, Sweep};
use crate::phrase;
use crate::report::chart::braille;
use crate::report::compare::{frequency_name, named, no_reply, reasons};
use crate::report::numbers::{count, milliseconds, percent, percent_between, roughly, share};
use crate::report::page::{Page, Paper, Tone};
use crate::scenario::Frequency;
use crate::screen::width;
use crate::story::limit::why_stopped;
use crate::words::Phrase;

/// Lines of a chart.
const CHART_ROWS: usize = 14;
/// Columns of a table.
const CELLS: usize = 7;
/// What stands before each of them.
const GAP: &str = "  ";

/// The text.
pub fn render(sweep: &Sweep, paper: Paper) -> String {
    let mut page = Page::new(paper);
    let about = &sweep.about;
    let title = phrase!("named", name = &about.scenario, what = &about.title);
    page.wrapped(&title, Tone::Strong);
    page.wrapped(note(sweep), Tone::Dim);
    if let Some(who) = who(sweep) {
        page.wrapped(&who, Tone::Dim);
    }
    for (index, curve) in sweep.curves.iter().enumerate() {
        page.blank();
        page.line(&[(&format!("{} {}", index + 1, curve.strategy), Tone::Strong)]);
        table(&mut page, sweep, curve);
    }
    for panel in panels(sweep, paper.words) {
        page.blank();
        let lines = braille(&panel, page.columns(), CHART_ROWS, paper.words);
        lines.iter().for_each(|line| page.line(&[(line, Tone::Plain)]));
    }
    page.blank();
    for (why, strategies) in reasons(&sweep.left_out) {
        page.labelled((phrase!("left-out"), Tone::Strong), named(&strategies, why));
    }
    page.paragraph(("", Tone::Plain), gloss(sweep), Tone::Dim);
    page.finish()
}

/// Who the lanes are, if they come again as others.
fn who(sweep: &Sweep) -> Option<Phrase> {
    let lanes = &sweep.about.lanes;
    let own = lanes.len() as u64;
    let more = sweep.axis == Axis::Lanes && sweep.values.iter().any(|&lanes| lanes > own);
    let names = || Phrase::list(lanes.iter().map(String::as_str));
    more.then(|| phrase!("sweep-lanes", names = names()))
}

fn gloss(sweep: &Sweep) -> Phrase {
    let times = phrase!("sweep-times", cancels = sweep.about.cancels.to_string());
    let mut sentences = vec![phrase!("sweep-chance"), phrase!("sweep-rounded"), times];
    let mut prices = sweep.curves.iter().flat_map(|curve| &curve.points);
    if prices.any(|point| point.price.as_ref().is_some_and(|price| price.never_answered > 0)) {
        sentences.push(phrase!("sweep-no-reply", sign = no_reply()));
    }
    Phrase::sentences(sentences)
}

fn table(page: &mut Page, sweep: &Sweep, curve: &Curve) {
    let headings: [Phrase; CELLS] = [
        sweep.axis.name().into(),
        phrase!("sweep-head-orders"),
        phrase!("sweep-head-states"),
        sweep.anomaly.id.into(),
        phrase!("sweep-head-chance"),
        phrase!("sweep-head-mean"),
        phrase!("sweep-head-worst"),
    ];
    let rows = [headings].into_iter().chain(curve.points.iter().map(cells));
    let rows: Vec<[String; CELLS]> = rows.map(|row| row.map(|cell| page.said(cell))).collect();
    let widest = |column: usize| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..CELLS).map(widest).collect();
    for block in blocks(&widths, page.columns()) {
        for (index, row) in rows.iter().enumerate() {
            let tone = if index == 0 { Tone::Dim } else { Tone::Plain };
            // Numbers stand under each other, so they are ranged right.
            let cells = block.iter().map(|&column| {
                let space = " ".repeat(widths[column].saturating_sub(width(&row[column])));
                format!("{GAP}{space}{}", row[column])
            });
            page.line(&[(&cells.collect::<String>(), tone)]);
        }
    }
    if let Some((value, stopped)) = curve.stopped() {
        let (what, why) = (sweep.axis.what(), why_stopped(stopped));
        let text = phrase!("sweep-stopped-at", value = value.to_string(), what = what, why = why);
        page.labelled((phrase!("sweep-stopped"), Tone::Bad), &text);
    }
    for doubt in &curve.doubts {
        page.labelled((phrase!("label-doubt"), Tone::Strong), doubt);
    }
    if let Some((value, why)) = &curve.impossible {
        let (value, what) = (value.to_string(), sweep.axis.what());
        let text = phrase!("sweep-ends-at", value = value, what = what, why = why);
        page.labelled((phrase!("sweep-ends"), Tone::Bad), &text);
    }
}

/// The columns of a table, as many beside each other as fit; each block begins with the first one.
fn blocks(widths: &[usize], columns: usize) -> Vec<Vec<usize>> {
    let wide = |block: &[usize]| block.iter().map(|&it| GAP.len() + widths[it]).sum::<usize>();
    let mut blocks = vec![vec![0]];
    for column in 1..widths.len() {
        match blocks.last_mut() {
            Some(block) if block.len() == 1 || wide(block) + wide(&[column]) <= columns => {
                block.push(column);
            }
            _ => blocks.push(vec![0, column]),
        }
    }
    blocks
}

fn cells(point: &Point) -> [Phrase; CELLS] {
    let [orders, states, with, chance] = match &point.found {
        None => ["?"; 4].map(Phrase::from),
        Some(found) => found_cells(found),
    };
    let [mean, worst] = match &point.price {
        None => ["?"; 2].map(Phrase::from),
        Some(price) => [price.mean_ms, price.worst_ms.map(Into::into)]
            .map(|ms| ms.map_or_else(no_reply, |ms| milliseconds(ms).into())),
    };
    [point.value.to_string().into(), orders, states, with, chance, mean, worst]
}

fn found_cells(found: &Found) -> [Phrase; 4] {
    let (orders, states) = (roughly(&found.orders), count(found.states));
    let often = phrase!("often", often = frequency_name(found.frequency));
    if found.stopped.is_some() {
        let with = if found.frequency.is_some() { phrase!("compare-seen") } else { often };
        let chance = percent_between(&found.chance, &found.chance_max);
        return [format!("≥ {orders}").into(), format!("≥ {states}").into(), with, chance];
    }
    let with = match found.frequency {
        Some(Frequency::Sometimes) => share(&found.with, &found.orders).into(),
        Some(_) | None => often,
    };
    [orders.into(), states.into(), with, percent(&found.chance).into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_is_too_wide_goes_on_below() {
        assert_eq!(blocks(&[5, 6, 6], 23), [[0, 1, 2]]);
        assert_eq!(blocks(&[5, 6, 6], 22), [[0, 1], [0, 2]]);
        assert_eq!(blocks(&[5, 60, 6], 22), [[0, 1], [0, 2]]);
    }
}
