//! The page of `interleak compare`: one screen of 100 columns.

use super::{Comparison, Row};
use crate::report::numbers::{milliseconds, plural};
use crate::report::page::{Page, Tone};
use crate::report::{server_words, stopped_words};
use crate::scenario::Frequency;
use crate::screen::{escape, fit, width};
use crate::verdict::Kind;

/// Columns of a page: a matrix needs more of them than an order does.
const COLUMNS: usize = 100;
/// Columns between two columns of a matrix.
const BETWEEN: usize = 2;

/// The text for all comparisons.
pub fn render(comparisons: &[Comparison], commands: bool) -> String {
    let mut page = Page::new();
    for (index, comparison) in comparisons.iter().enumerate() {
        if index > 0 {
            page.blank();
            page.line(&[(&"═".repeat(COLUMNS), Tone::Dim)]);
            page.blank();
        }
        heading(&mut page, comparison);
        for (index, columns) in blocks(comparison).iter().enumerate() {
            page.blank();
            matrix(&mut page, comparison, columns, index == 0);
        }
        page.blank();
        legend(&mut page, comparison);
        surprises(&mut page, comparison);
        if commands {
            page.blank();
            commands_of(&mut page, comparison);
        }
    }
    page.finish()
}

fn heading(page: &mut Page, comparison: &Comparison) {
    let Some(Row { entry, .. }) = comparison.rows.first() else { return };
    let name = format!("{}: ", entry.scenario_name);
    page.line(&[(&name, Tone::Strong), (&entry.scenario.title, Tone::Plain)]);
    let program = &entry.verdict.program;
    page.line(&[(
        &format!(
            "{} · {} · grain {}{} · the assistant thinks {}",
            plural(&program.cast.users.len().into(), "user", "users"),
            plural(&program.clients().into(), "lane", "lanes"),
            entry.setting.grain.name(),
            server_words(program),
            milliseconds(program.cast.infer_ms.into()),
        ),
        Tone::Dim,
    )]);
}

/// A column of the matrix: its heading, and what it says of each row.
struct Column {
    heading: String,
    cells: Vec<(String, Tone)>,
}

impl Column {
    fn width(&self) -> usize {
        let cells = self.cells.iter().map(|(cell, _)| width(cell));
        cells.chain([width(&self.heading)]).max().unwrap_or(0)
    }
}

fn names(comparison: &Comparison) -> Column {
    let name = |row: &Row| (escape(row.entry.strategy_name), Tone::Strong);
    Column { heading: String::new(), cells: comparison.rows.iter().map(name).collect() }
}

fn columns(comparison: &Comparison) -> Vec<Column> {
    let anomalies = comparison.shown().into_iter().map(|anomaly| Column {
        heading: comparison.rows[0].judged(anomaly).anomaly.id.into(),
        cells: comparison
            .rows
            .iter()
            .map(|row| (row.cell(anomaly), tone(row.judged(anomaly).frequency)))
            .collect(),
    });
    let prices: [(&str, fn(&Row) -> Option<String>); 2] = [
        ("mean reply", |row| Some(milliseconds(row.timed.mean_ms()?))),
        ("worst", |row| Some(milliseconds(row.timed.worst_ms()?.into()))),
    ];
    let prices = prices.into_iter().map(|(heading, price)| Column {
        heading: heading.into(),
        cells: comparison
            .rows
            .iter()
            .map(|row| price(row).map_or(("never".into(), Tone::Bad), |price| (price, Tone::Plain)))
            .collect(),
    });
    anomalies.chain(prices).collect()
}

fn tone(frequency: Option<Frequency>) -> Tone {
    match frequency {
        None => Tone::Strong,
        Some(Frequency::Never) => Tone::Good,
        Some(Frequency::Sometimes | Frequency::Always) => Tone::Bad,
    }
}

/// The columns, as many beside each other as fit the page.
fn blocks(comparison: &Comparison) -> Vec<Vec<Column>> {
    let names = names(comparison).width();
    let mut blocks: Vec<Vec<Column>> = vec![Vec::new()];
    let mut used = names;
    for column in columns(comparison) {
        let needed = BETWEEN + column.width();
        match blocks.last_mut() {
            Some(block) if block.is_empty() || used + needed <= COLUMNS => {
                used += needed;
                block.push(column);
            }
            _ => {
                used = names + needed;
                blocks.push(vec![column]);
            }
        }
    }
    blocks
}

/// The matrix, or as many columns of it as fit; what is told of each strategy stands in the first
/// part.
fn matrix(page: &mut Page, comparison: &Comparison, columns: &[Column], first: bool) {
    let names = names(comparison);
    let name_width = names.width();
    let space = " ".repeat(name_width);
    let headings: Vec<String> =
        columns.iter().map(|column| fit(&column.heading, column.width() + BETWEEN)).collect();
    let between = " ".repeat(BETWEEN);
    let mut spans = vec![(space.as_str(), Tone::Plain), (&between, Tone::Plain)];
    spans.extend(headings.iter().map(|heading| (heading.as_str(), Tone::Dim)));
    page.line(&spans);
    let mut group = None;
    for (index, row) in comparison.rows.iter().enumerate() {
        if row.group() != group {
            group = row.group();
            page.line(&[(group.map_or("Of your own", |group| group.title()), Tone::Plain)]);
        }
        let mut cells = vec![(fit(&names.cells[index].0, name_width + BETWEEN), Tone::Strong)];
        cells.extend(columns.iter().map(|column| {
            let (cell, tone) = &column.cells[index];
            (fit(cell, column.width() + BETWEEN), *tone)
        }));
        let spans: Vec<(&str, Tone)> =
            cells.iter().map(|(cell, tone)| (cell.as_str(), *tone)).collect();
        page.line(&spans);
        if first {
            told(page, row);
        }
    }
}

/// What one believes, and what is true: on one line if that fits.
fn told(page: &mut Page, row: &Row) {
    let believed = row.believed.as_ref().map(|told| format!("believed: {told}"));
    let actual = row.actual.as_ref().map(|told| format!("actual: {told}"));
    let both: Vec<String> = believed.into_iter().chain(actual).collect();
    let one_line = format!("  {}", both.join("; "));
    if width(&one_line) <= COLUMNS {
        page.line(&[(&one_line, Tone::Dim)]);
    } else {
        both.iter().for_each(|told| page.line(&[("  ", Tone::Dim), (told, Tone::Dim)]));
    }
}

fn legend(page: &mut Page, comparison: &Comparison) {
    let never = comparison.never_shown();
    if !never.is_empty() {
        page.labelled(("never", Tone::Good), &format!("in every row: {}", never.join(", ")));
    }
    let shown = comparison.shown();
    let cells = comparison.rows.iter().flat_map(|row| shown.iter().map(|&it| row.how_often(it)));
    let cells: Vec<String> = cells.collect();
    if let Some((some, all)) = cells.iter().find_map(|cell| cell.split_once('/')) {
        let text = format!("in {some} of all {all} orders of steps");
        page.labelled((&format!("{some}/{all}"), Tone::Strong), &text);
    }
    if let Some(share) = cells.iter().find(|cell| cell.ends_with('%')) {
        page.labelled((share, Tone::Strong), "of all orders of steps, rounded");
    }
    let first = comparison.rows.first();
    let cancels = first.is_some_and(|row| !row.entry.scenario.cast.cancels.is_empty());
    for kind in [Kind::Sharing, Kind::Race].into_iter().filter(|kind| comparison.has(*kind)) {
        let means = match kind {
            Kind::Sharing => "also when whole requests run one after the other: no lock repairs it",
            Kind::Race if cancels => "only when requests overlap, or when one is cancelled",
            Kind::Race => "only when requests overlap",
        };
        page.labelled((kind.name(), Tone::Strong), means);
    }
    page.labelled(
        ("reply", Tone::Strong),
        "the time from sending to reply in virtual time, where only thinking and waiting take time",
    );
    for left_out in &comparison.left_out {
        let text = format!("{}: {}", left_out.strategy, left_out.why);
        page.labelled(("left out", Tone::Strong), &text);
    }
    let stopped = comparison.rows.iter().filter_map(|row| Some((row, row.entry.verdict.stopped?)));
    for (row, stopped) in stopped {
        let text = format!("{}: {}", row.entry.strategy_name, stopped_words(stopped));
        page.labelled(("partial", Tone::Bad), &text);
    }
}

/// What is not as the scenario's author expects.
fn surprises(page: &mut Page, comparison: &Comparison) {
    for row in &comparison.rows {
        for surprise in row.entry.surprises.iter().filter(|_| row.entry.expected.is_some()) {
            let (expected, found) = (surprise.expected.name(), surprise.found.name());
            let text = format!(
                "{} is expected to show {} {expected}, and shows it {found}.",
                row.entry.strategy_name, surprise.anomaly
            );
            page.labelled(("But", Tone::Bad), &text);
        }
    }
}

/// The commands that show each cell again.
fn commands_of(page: &mut Page, comparison: &Comparison) {
    for row in &comparison.rows {
        for anomaly in comparison.shown() {
            let Some(command) = row.command(anomaly) else { continue };
            page.command(row.judged(anomaly).anomaly.mark, &command);
        }
    }
}
