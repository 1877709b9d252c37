//! The matrix as Markdown, for a page of notes, and as CSV, for a spreadsheet.

use super::{Comparison, NO_REPLY, Row};
use crate::report::numbers::{mean, milliseconds};
use crate::scenario::Frequency;
use crate::screen::escape;

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
pub fn csv(comparisons: &[Comparison], commands: bool) -> Result<String, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    if let Some(first) = comparisons.iter().find_map(|comparison| comparison.rows.first()) {
        table.write_record(headings(first, commands))?;
        let fields_of_all = headings(first, commands).len();
        for comparison in comparisons {
            for row in &comparison.rows {
                table.write_record(fields(row, commands))?;
            }
            for left_out in &comparison.left_out {
                let name = comparison.rows.first().map_or("", |row| row.entry.scenario_name);
                let mut fields = vec![String::new(); fields_of_all];
                let told = [name, &left_out.strategy, &left_out.why];
                for (at, text) in [(0, told[0]), (1, told[1]), (LEFT_OUT, told[2])] {
                    fields[at] = escape(text);
                }
                table.write_record(fields)?;
            }
        }
    }
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Where it says why a strategy is left out.
const LEFT_OUT: usize = 17;

const FIELDS: [&str; 18] = [
    "scenario",
    "strategy",
    "group",
    "believed",
    "actual",
    "grain",
    "limit",
    "slots",
    "workers",
    "replicas",
    "routing",
    "infer_ms",
    "complete",
    "interleavings",
    "mean_ms",
    "worst_ms",
    "never_answered",
    "left_out",
];

fn headings(row: &Row, commands: bool) -> Vec<String> {
    let anomalies = row.entry.verdict.anomalies.iter().flat_map(|judged| {
        let more = ["", " interleavings", " kind", " command"];
        let more = more.into_iter().take(if commands { 4 } else { 3 });
        more.map(|more| format!("{}{more}", judged.anomaly.id))
    });
    FIELDS.iter().map(|&field| field.to_owned()).chain(anomalies).collect()
}

fn fields(row: &Row, commands: bool) -> Vec<String> {
    let (verdict, setting) = (&row.entry.verdict, row.entry.setting);
    let program = &verdict.program;
    let amount = |amount: Option<usize>| amount.map_or_else(String::new, |it| it.to_string());
    let told = |told: &Option<String>| told.clone().unwrap_or_default();
    let fields = [
        row.entry.scenario_name.to_owned(),
        row.entry.strategy_name.to_owned(),
        row.group().map_or("", |group| group.name()).to_owned(),
        told(&row.believed),
        told(&row.actual),
        setting.grain.name().to_owned(),
        amount(setting.limit),
        setting.slots.name().to_owned(),
        amount(setting.workers),
        program.replicas().to_string(),
        program.routing().name().to_owned(),
        program.cast.infer_ms.to_string(),
        verdict.stopped.is_none().to_string(),
        verdict.orders.to_string(),
        row.timed.mean_ms().map_or_else(String::new, |ms| mean(ms).to_string()),
        row.timed.worst_ms().map_or_else(String::new, |ms| ms.to_string()),
        row.timed.never().to_string(),
        String::new(),
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
    // A name of a file may hold what drives a terminal.
    fields.into_iter().chain(anomalies).map(|field| escape(&field)).collect()
}
