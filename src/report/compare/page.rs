//! The page of `interleak compare`: one screen.

use super::{Comparison, NO_REPLY, PARTIAL, Row};
use crate::report::numbers::milliseconds;
use crate::report::page::{Page, Paper, Tone};
use crate::scenario::Frequency;
use crate::screen::{escape, fit, width};

/// Columns of a name; a longer one is a path, and its end says most.
const NAME_COLUMNS: usize = 30;
/// Columns between two columns of a matrix.
const BETWEEN: usize = 2;

/// The text for all comparisons.
pub fn render(comparisons: &[Comparison], commands: bool, paper: Paper) -> String {
    let mut page = Page::new(paper);
    for (index, comparison) in comparisons.iter().enumerate() {
        if index > 0 {
            page.rule();
        }
        heading(&mut page, comparison);
        for (index, columns) in blocks(comparison, paper.columns).iter().enumerate() {
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
    page.wrapped(&format!("{}: {}", entry.scenario_name, entry.scenario.title), Tone::Strong);
    page.wrapped(&comparison.setting(), Tone::Dim);
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
    let name = |row: &Row| (short_name(row.entry.strategy_name), Tone::Strong);
    Column { heading: String::new(), cells: comparison.rows.iter().map(name).collect() }
}

/// A name, or the end of it if it is the path of a file far away.
fn short_name(name: &str) -> String {
    let name = escape(name);
    if width(&name) <= NAME_COLUMNS {
        return name;
    }
    let tail = name.char_indices().map(|(at, _)| &name[at..]);
    let tail = tail.into_iter().find(|tail| width(tail) < NAME_COLUMNS);
    format!("…{}", tail.unwrap_or_default())
}

fn columns(comparison: &Comparison) -> Vec<Column> {
    let column = |heading: &str, cell: &dyn Fn(&Row) -> (String, Tone)| Column {
        heading: heading.into(),
        cells: comparison.rows.iter().map(cell).collect(),
    };
    let price = |told: Option<String>| match told {
        Some(price) => (price, Tone::Plain),
        None => (NO_REPLY.into(), Tone::Bad),
    };
    let mut columns: Vec<Column> = Vec::new();
    for anomaly in comparison.shown() {
        let id = comparison.rows[0].judged(anomaly).anomaly.id;
        let cell = |row: &Row| (row.cell(anomaly), tone(row.judged(anomaly).frequency));
        columns.push(column(id, &cell));
    }
    columns.push(column("mean reply", &|row| price(row.timed.mean_ms().map(milliseconds))));
    let worst = |row: &Row| price(row.timed.worst_ms().map(|ms| milliseconds(ms.into())));
    columns.push(column("worst", &worst));
    columns
}

fn tone(frequency: Option<Frequency>) -> Tone {
    match frequency {
        None => Tone::Strong,
        Some(Frequency::Never) => Tone::Good,
        Some(Frequency::Sometimes | Frequency::Always) => Tone::Bad,
    }
}

/// The columns, as many beside each other as fit the page.
fn blocks(comparison: &Comparison, room: usize) -> Vec<Vec<Column>> {
    let names = names(comparison).width();
    let mut blocks: Vec<Vec<Column>> = vec![Vec::new()];
    let mut used = names;
    for column in columns(comparison) {
        let needed = BETWEEN + column.width();
        match blocks.last_mut() {
            Some(block) if block.is_empty() || used + needed <= room => {
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
        if group != Some(row.group()) {
            group = Some(row.group());
            page.text(&comparison.group_title(row.group()));
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
    match (&row.believed, &row.actual) {
        (Some(believed), Some(actual)) => {
            let one_line = format!("{believed} → {actual}");
            if width(&escape(&one_line)) + 2 <= page.columns() {
                page.indented(("  ", "  "), &one_line, Tone::Dim);
            } else {
                page.indented(("  ", "  "), believed, Tone::Dim);
                page.indented(("  → ", "    "), actual, Tone::Dim);
            }
        }
        (Some(told), None) | (None, Some(told)) => page.indented(("  ", "  "), told, Tone::Dim),
        (None, None) => {}
    }
}

fn legend(page: &mut Page, comparison: &Comparison) {
    if comparison.rows.iter().any(|row| row.believed.is_some() && row.actual.is_some()) {
        let told = "what one believes of it → what is actual";
        page.labelled(("\"…\" →", Tone::Strong), told);
    }
    for (label, text) in comparison.legend() {
        let tone = if label == PARTIAL { Tone::Bad } else { Tone::Strong };
        page.labelled((&label, tone), &text);
    }
    let cut = |row: &&Row| short_name(row.entry.strategy_name) != escape(row.entry.strategy_name);
    for row in comparison.rows.iter().filter(cut) {
        let label = short_name(row.entry.strategy_name);
        page.labelled((&label, Tone::Strong), row.entry.strategy_name);
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
