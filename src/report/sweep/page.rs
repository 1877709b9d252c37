//! The page of `interleak sweep`: a table for each strategy, and a chart of all.

use super::picture::{note, panels};
use super::{Axis, Curve, Found, Point, Sweep};
use crate::report::chart::braille;
use crate::report::compare::{NO_REPLY, reasons};
use crate::report::numbers::{count, milliseconds, percent, percent_between, roughly, share};
use crate::report::page::{Page, Paper, Tone};
use crate::scenario::Frequency;
use crate::screen::{escape, width};
use crate::story::limit::why_stopped;

/// Lines of a chart.
const CHART_ROWS: usize = 14;
/// Columns of a table.
const CELLS: usize = 7;
/// What stands before each of them.
const GAP: &str = "  ";

/// The text.
pub fn render(sweep: &Sweep, paper: Paper) -> String {
    let mut page = Page::new(paper);
    let title = format!("{}: {}", sweep.scenario_name, sweep.scenario.title);
    page.wrapped(&title, Tone::Strong);
    page.wrapped(&note(sweep), Tone::Dim);
    if let Some(who) = who(sweep) {
        page.wrapped(&who, Tone::Dim);
    }
    for (index, curve) in sweep.curves.iter().enumerate() {
        page.blank();
        page.line(&[(&format!("{} {}", index + 1, curve.strategy), Tone::Strong)]);
        table(&mut page, sweep, curve);
    }
    for panel in panels(sweep) {
        page.blank();
        let lines = braille(&panel, page.columns(), CHART_ROWS);
        lines.iter().for_each(|line| page.line(&[(line, Tone::Plain)]));
    }
    page.blank();
    for (why, strategies) in reasons(&sweep.left_out) {
        let text = format!("{}: {why}", strategies.join(", "));
        page.labelled(("left out", Tone::Strong), &text);
    }
    page.paragraph(("", Tone::Plain), &gloss(sweep), Tone::Dim);
    page.finish()
}

/// Who the lanes are, if they come again as others.
fn who(sweep: &Sweep) -> Option<String> {
    let own = sweep.scenario.cast.lanes.len();
    let more = sweep.axis == Axis::Lanes && sweep.values.iter().any(|&lanes| lanes > own as u64);
    let names: Vec<&str> =
        sweep.scenario.cast.lanes.iter().map(|lane| lane.name.as_str()).collect();
    more.then(|| {
        let names = names.join(", ");
        format!("lanes: {names}; then the same again, as users of their own")
    })
}

fn gloss(sweep: &Sweep) -> String {
    let mut words = String::from(
        "chance: how likely such an order is if each next step is drawn at random; no rate in \
         production. Shares are rounded to a tenth of a per cent. mean, worst: reply times, from sending to reply in virtual time, where only \
         thinking and waiting take time",
    );
    if !sweep.scenario.cast.cancels.is_empty() {
        words += ", and nobody cancels";
    }
    let timed = sweep.curves.iter().flat_map(|curve| &curve.points);
    if timed.filter_map(|point| point.timed.as_ref()).any(|timed| timed.never() > 0) {
        words += &format!(". {NO_REPLY}: in that run some requests wait for ever");
    }
    words + "."
}

fn table(page: &mut Page, sweep: &Sweep, curve: &Curve) {
    let id = sweep.anomaly.id;
    let headings = [sweep.axis.name(), "orders", "states", id, "chance", "mean", "worst"];
    let headings = headings.map(str::to_owned);
    let rows: Vec<[String; CELLS]> = curve.points.iter().map(cells).collect();
    let all = || rows.iter().chain([&headings]);
    let widths: Vec<usize> =
        (0..CELLS).map(|column| all().map(|row| width(&row[column])).max().unwrap_or(0)).collect();
    for block in blocks(&widths, page.columns()) {
        for (index, row) in [&headings].into_iter().chain(&rows).enumerate() {
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
        let at = format!("at {value} {}: {}", sweep.axis.words(), why_stopped(stopped).english());
        let text = format!("{at}. Its numbers are bounds, and nothing beyond was looked at.");
        page.labelled(("stopped", Tone::Bad), &text);
    }
    if let Some((value, why)) = &curve.impossible {
        let text = format!("at {value} {}: {}", sweep.axis.words(), escape(why));
        page.labelled(("ends", Tone::Bad), &text);
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

fn cells(point: &Point) -> [String; CELLS] {
    let [orders, states, with, chance] = match &point.found {
        None => ["?"; 4].map(str::to_owned),
        Some(found) => found_cells(found),
    };
    let [mean, worst] = match &point.timed {
        None => ["?"; 2].map(str::to_owned),
        Some(timed) => [timed.mean_ms(), timed.worst_ms().map(Into::into)]
            .map(|ms| ms.map_or_else(|| NO_REPLY.into(), milliseconds)),
    };
    [point.value.to_string(), orders, states, with, chance, mean, worst]
}

fn found_cells(found: &Found) -> [String; 4] {
    let states = count(found.states);
    if found.stopped.is_some() {
        let with = if found.frequency.is_some() { "seen" } else { "unknown" };
        let chance = percent_between(&found.chance, &found.chance_max);
        return [
            format!("≥ {}", roughly(&found.orders)),
            format!("≥ {states}"),
            with.into(),
            chance,
        ];
    }
    let with = match found.frequency {
        Some(Frequency::Sometimes) => share(&found.with, &found.orders),
        Some(certain) => certain.name().into(),
        None => "unknown".into(),
    };
    [roughly(&found.orders), states, with, percent(&found.chance)]
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
