//! The matrix as Markdown, for a page of notes, and as CSV, for a spreadsheet.

use super::{Comparison, Row};
use crate::report::numbers::{mean, milliseconds};
use crate::scenario::Frequency;
use crate::screen::escape;

/// One table for each comparison.
pub fn markdown(comparisons: &[Comparison]) -> String {
    comparisons.iter().map(markdown_table).collect::<Vec<_>>().join("\n")
}

fn markdown_table(comparison: &Comparison) -> String {
    let Some(first) = comparison.rows.first() else { return String::new() };
    let shown = comparison.shown();
    let mut headings = vec!["strategy", "believed", "actual"];
    headings.extend(shown.iter().map(|&anomaly| first.judged(anomaly).anomaly.id));
    headings.extend(["mean reply", "worst"]);
    let rule = vec!["---"; headings.len()];
    let mut text = format!("**{}**\n\n", cell_text(first.entry.scenario_name));
    for row in [headings, rule] {
        text += &format!("| {} |\n", row.join(" | "));
    }
    for row in &comparison.rows {
        let mut cells = vec![
            row.entry.strategy_name.to_owned(),
            row.believed.clone().unwrap_or_default(),
            row.actual.clone().unwrap_or_default(),
        ];
        cells.extend(shown.iter().map(|&anomaly| row.cell(anomaly)));
        let prices = [row.timed.mean_ms(), row.timed.worst_ms().map(Into::into)];
        cells.extend(prices.map(|price| price.map_or("never".into(), milliseconds)));
        let cells: Vec<String> = cells.iter().map(|cell| cell_text(cell)).collect();
        text += &format!("| {} |\n", cells.join(" | "));
    }
    let never = comparison.never_shown();
    if !never.is_empty() {
        text += &format!("\nNever, in every row: {}.\n", never.join(", "));
    }
    let partial = comparison.rows.iter().filter_map(|row| {
        let stopped = crate::report::stopped_words(row.entry.verdict.stopped?);
        Some(format!("\nPartial: {}: {stopped}.\n", cell_text(row.entry.strategy_name)))
    });
    let left_out = comparison.left_out.iter().map(|left_out| {
        format!("\nLeft out: {}: {}.\n", cell_text(&left_out.strategy), cell_text(&left_out.why))
    });
    text + &partial.chain(left_out).collect::<String>()
}

/// A text that neither ends its cell nor begins something else.
fn cell_text(text: &str) -> String {
    let special = |c: char| "\\`*_{}[]<>|#".contains(c);
    escape(text).chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

/// One line for each strategy, and for each anomaly three fields: how often it shows, in how many
/// orders, and why.
pub fn csv(comparisons: &[Comparison]) -> Result<String, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    if let Some(first) = comparisons.iter().find_map(|comparison| comparison.rows.first()) {
        table.write_record(csv_headings(first))?;
    }
    for row in comparisons.iter().flat_map(|comparison| &comparison.rows) {
        table.write_record(csv_fields(row))?;
    }
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

const FIELDS: [&str; 10] = [
    "scenario",
    "strategy",
    "group",
    "believed",
    "actual",
    "complete",
    "interleavings",
    "mean_ms",
    "worst_ms",
    "never_answered",
];

fn csv_headings(row: &Row) -> Vec<String> {
    let anomalies = row.entry.verdict.anomalies.iter().flat_map(|judged| {
        let id = judged.anomaly.id;
        [id.to_owned(), format!("{id} interleavings"), format!("{id} kind")]
    });
    FIELDS.iter().map(|&field| field.to_owned()).chain(anomalies).collect()
}

fn csv_fields(row: &Row) -> Vec<String> {
    let verdict = &row.entry.verdict;
    let anomalies = verdict.anomalies.iter().flat_map(|judged| {
        [
            judged.frequency.map_or("unknown", Frequency::name).to_owned(),
            judged.orders.to_string(),
            judged.kind().map_or("", |kind| kind.name()).to_owned(),
        ]
    });
    let fields = [
        row.entry.scenario_name.to_owned(),
        row.entry.strategy_name.to_owned(),
        row.group().map_or("", |group| group.name()).to_owned(),
        row.believed.clone().unwrap_or_default(),
        row.actual.clone().unwrap_or_default(),
        verdict.stopped.is_none().to_string(),
        verdict.orders.to_string(),
        row.timed.mean_ms().map_or_else(String::new, |ms| mean(ms).to_string()),
        row.timed.worst_ms().map_or_else(String::new, |ms| ms.to_string()),
        row.timed.never().to_string(),
    ];
    // A name of a file may hold what drives a terminal.
    fields.into_iter().chain(anomalies).map(|field| escape(&field)).collect()
}
