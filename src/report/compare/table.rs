//! The matrix as Markdown, for a page of notes, and as CSV, for a spreadsheet.

use super::{Comparison, LeftOut, NO_REPLY, Row};
use crate::report::csv;
use crate::report::numbers::{mean, milliseconds};
use crate::scenario::Frequency;
use crate::screen::escape;
use crate::story::limit::why_stopped;
use crate::story::server::{SERVER_FIELDS, server_fields};

/// One table for each comparison; `commands` adds those that show the cells again.
pub fn markdown(comparisons: &[Comparison], commands: bool) -> String {
    let table = |comparison| markdown_table(comparison, commands);
    comparisons.iter().map(table).collect::<Vec<_>>().join("\n")
}

fn markdown_table(comparison: &Comparison, commands: bool) -> String {
    let Some(first) = comparison.rows.first() else { return String::new() };
    let (name, title) = (first.entry.scenario_name, &first.entry.scenario.title);
    let (name, title) = (cell_text(name), cell_text(title));
    let mut text = format!("**{name}**: {title}\n\n{}\n\n", cell_text(&comparison.setting()));
    text += &rows(comparison, first);
    text += "\n";
    for (label, words) in comparison.legend() {
        text += &format!("- **{}**: {}\n", cell_text(&label), cell_text(&words));
    }
    for row in comparison.rows.iter().filter(|_| commands) {
        for command in comparison.shown().into_iter().filter_map(|anomaly| row.command(anomaly)) {
            text += &format!("\n```sh\n{}\n```\n", escape(&command));
        }
    }
    text
}

fn rows(comparison: &Comparison, first: &Row) -> String {
    let shown = comparison.shown();
    let mut headings = vec!["strategy", "believed", "actual"];
    headings.extend(shown.iter().map(|&anomaly| first.judged(anomaly).anomaly.id));
    headings.extend(["mean reply", "worst"]);
    let rule = vec!["---"; headings.len()];
    let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&headings) + &line(&rule);
    for row in &comparison.rows {
        let told = |told: &Option<String>| told.clone().unwrap_or_default();
        let mut cells =
            vec![row.entry.strategy_name.to_owned(), told(&row.believed), told(&row.actual)];
        cells.extend(shown.iter().map(|&anomaly| row.cell(anomaly)));
        let prices = [row.timed.mean_ms(), row.timed.worst_ms().map(Into::into)];
        cells.extend(prices.map(|price| price.map_or(NO_REPLY.into(), milliseconds)));
        let cells: Vec<String> = cells.iter().map(|cell| cell_text(cell)).collect();
        text += &format!("| {} |\n", cells.join(" | "));
    }
    text
}

/// A text that neither ends its cell nor begins something else.
fn cell_text(text: &str) -> String {
    let special = |c: char| "\\`*_{}[]<>|#".contains(c);
    escape(text).chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

/// One line for each strategy, and for each anomaly how often it shows, in how many orders, and
/// why; with `commands` also the command that shows it.
pub fn csv(comparisons: &[Comparison], commands: bool) -> Result<String, ::csv::Error> {
    let first = comparisons.iter().find_map(|comparison| comparison.rows.first());
    let mut table: Vec<Vec<String>> = first.iter().map(|row| headings(row, commands)).collect();
    let wide = table.first().map_or(0, Vec::len);
    for comparison in comparisons {
        table.extend(comparison.rows.iter().map(|row| fields(row, commands)));
        let name = comparison.rows.first().map_or("", |row| row.entry.scenario_name);
        for LeftOut { strategy, why } in &comparison.left_out {
            let mut fields = vec![name.to_owned(), strategy.clone(), why.clone()];
            fields.resize(wide, String::new());
            table.push(fields);
        }
    }
    csv::render(&table)
}

/// The headings of what is told before the server.
const BEFORE: [&str; 6] = ["scenario", "strategy", "left_out", "group", "believed", "actual"];
/// The headings of what is told behind it.
const BEHIND: [&str; 7] =
    ["infer_ms", "complete", "stopped", "interleavings", "mean_ms", "worst_ms", "never_answered"];

fn headings(row: &Row, commands: bool) -> Vec<String> {
    let anomalies = row.entry.verdict.anomalies.iter().flat_map(|judged| {
        let more = ["", " interleavings", " kind", " command"];
        let more = more.into_iter().take(if commands { 4 } else { 3 });
        more.map(|more| format!("{}{more}", judged.anomaly.id))
    });
    let fields = BEFORE.iter().chain(&SERVER_FIELDS).chain(&BEHIND);
    fields.map(|&field| field.to_owned()).chain(anomalies).collect()
}

fn fields(row: &Row, commands: bool) -> Vec<String> {
    let verdict = &row.entry.verdict;
    let told = |told: &Option<String>| told.clone().unwrap_or_default();
    let before = [
        row.entry.scenario_name.to_owned(),
        row.entry.strategy_name.to_owned(),
        String::new(),
        row.group().map_or("", |group| group.name()).to_owned(),
        told(&row.believed),
        told(&row.actual),
    ];
    let behind = [
        verdict.program.cast.infer_ms.to_string(),
        verdict.stopped.is_none().to_string(),
        verdict.stopped.map_or_else(String::new, |it| why_stopped(it).english()),
        verdict.orders.to_string(),
        row.timed.mean_ms().map_or_else(String::new, |ms| mean(ms).to_string()),
        row.timed.worst_ms().map_or_else(String::new, |ms| ms.to_string()),
        row.timed.never().to_string(),
    ];
    let anomalies = (0..verdict.anomalies.len()).flat_map(|index| {
        let judged = row.judged(index);
        let cells = [
            judged.frequency.map_or("unknown", Frequency::name).to_owned(),
            judged.orders.to_string(),
            judged.kind().map_or("", |kind| kind.name()).to_owned(),
        ];
        cells.into_iter().chain(commands.then(|| row.command(index).unwrap_or_default()))
    });
    let fields = before.into_iter().chain(server_fields(&verdict.program)).chain(behind);
    fields.chain(anomalies).collect()
}
