//! The matrix as Markdown, for a page of notes, and as CSV, for a spreadsheet.

use super::{Comparison, LeftOut, Row, frequency_name, no_reply};
use crate::phrase;
use crate::report::csv;
use crate::report::numbers::{mean, milliseconds};
use crate::screen::escape;
use crate::story::server::SERVER_FIELDS;
use crate::words::{Phrase, Words};

/// One table for each comparison; `commands` adds those that show the cells again.
pub fn markdown(comparisons: &[Comparison], commands: bool, words: &Words) -> String {
    let table = |comparison| markdown_table(comparison, commands, words);
    comparisons.iter().map(table).collect::<Vec<_>>().join("\n")
}

fn markdown_table(comparison: &Comparison, commands: bool, words: &Words) -> String {
    let said = |phrase: &Phrase| cell_text(&words.say(phrase));
    let named = |name: Phrase, what: &Phrase| {
        let name = format!("**{}**", said(&name));
        words.say(&phrase!("named", name = name, what = said(what)))
    };
    let (name, title) = (comparison.scenario.as_str().into(), comparison.title.as_str().into());
    let mut text = format!("{}\n\n{}\n\n", named(name, &title), said(&comparison.setting()));
    text += &rows(comparison, &said);
    text += "\n";
    for sign in comparison.legend() {
        text += &format!("- {}\n", named(sign.label, &sign.text));
    }
    for row in comparison.rows.iter().filter(|_| commands) {
        let shown = comparison.shown().into_iter();
        for command in shown.filter_map(|anomaly| row.cells[anomaly].command.as_ref()) {
            text += &format!("\n```sh\n{}\n```\n", escape(command));
        }
    }
    text
}

fn rows(comparison: &Comparison, said: &dyn Fn(&Phrase) -> String) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let shown = comparison.shown();
    let told =
        [phrase!("compare-strategy"), phrase!("compare-believed"), phrase!("compare-actual")];
    let ids = shown.iter().map(|&anomaly| Phrase::from(comparison.judged[anomaly].id));
    let prices = [phrase!("compare-mean-reply"), phrase!("compare-worst")];
    // Names of anomalies hold nothing that Markdown reads.
    let headings = told.into_iter().chain(ids).chain(prices);
    let headings: Vec<String> = headings.map(|heading| said(&heading)).collect();
    let mut text = line(&headings) + &line(&vec!["---".to_owned(); headings.len()]);
    for row in &comparison.rows {
        let told = |told: &Option<String>| Phrase::from(told.clone().unwrap_or_default());
        let names = [row.strategy.as_str().into(), told(&row.believed), told(&row.actual)];
        let prices = [row.price.mean_ms, row.price.worst_ms.map(Into::into)];
        let prices = prices.map(|price| price.map_or_else(no_reply, |ms| milliseconds(ms).into()));
        let cells = names.into_iter().chain(shown.iter().map(|&anomaly| row.cell(anomaly)));
        let cells: Vec<String> = cells.chain(prices).map(|cell| said(&cell)).collect();
        text += &line(&cells);
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
    let first = comparisons.first();
    let mut table: Vec<Vec<String>> = first.iter().map(|it| headings(it, commands)).collect();
    let wide = table.first().map_or(0, Vec::len);
    for comparison in comparisons {
        table.extend(comparison.rows.iter().map(|row| fields(comparison, row, commands)));
        for LeftOut { strategy, why } in &comparison.left_out {
            let mut fields = vec![comparison.scenario.clone(), strategy.clone(), why.english()];
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

fn headings(comparison: &Comparison, commands: bool) -> Vec<String> {
    let anomalies = comparison.judged.iter().flat_map(|anomaly| {
        let more = ["", " interleavings", " kind", " command"];
        let more = more.into_iter().take(if commands { 4 } else { 3 });
        more.map(|more| format!("{}{more}", anomaly.id))
    });
    let fields = BEFORE.iter().chain(&SERVER_FIELDS).chain(&BEHIND);
    fields
        .map(|&field| field.to_owned())
        .chain(anomalies)
        .chain(["doubts", "idle"].map(String::from))
        .collect()
}

fn fields(comparison: &Comparison, row: &Row, commands: bool) -> Vec<String> {
    let told = |told: &Option<String>| told.clone().unwrap_or_default();
    let phrase = |told: Option<Phrase>| told.map_or_else(String::new, |told| told.english());
    let before = [
        comparison.scenario.clone(),
        row.strategy.clone(),
        String::new(),
        phrase(row.group.map(|group| group.name())),
        told(&row.believed),
        told(&row.actual),
    ];
    let behind = [
        comparison.infer_ms.to_string(),
        row.complete.to_string(),
        phrase(row.stopped.clone()),
        row.orders.to_string(),
        row.price.mean_ms.map_or_else(String::new, |ms| mean(ms).to_string()),
        row.price.worst_ms.map_or_else(String::new, |ms| ms.to_string()),
        row.price.never_answered.to_string(),
    ];
    let anomalies = row.cells.iter().flat_map(|cell| {
        let cells = [
            frequency_name(cell.frequency).to_owned(),
            cell.orders.to_string(),
            cell.kind.map_or("", |kind| kind.name()).to_owned(),
        ];
        cells.into_iter().chain(commands.then(|| told(&cell.command)))
    });
    let fields = before.into_iter().chain(comparison.server.fields()).chain(behind);
    fields
        .chain(anomalies)
        .chain([Phrase::sentences(&row.doubts).english(), row.idle.unwrap_or_default().to_owned()])
        .collect()
}
