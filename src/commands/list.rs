//! `interleak list`: what is there to try.

use super::{Failure, load, schema};
use crate::anomalies::ANOMALIES;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::report::list::{self, Listed, ListedAnomaly, ListedScenario, ListedStrategy};
use crate::report::page::{Page, Tone};
use crate::scenario::SHIPPED;
use crate::screen::COLUMNS;
use crate::strategy::{self, STRATEGIES};
use std::io::Write;

/// List scenarios, strategies and anomalies
#[derive(clap::Args, Debug)]
#[command(after_help = super::SHOWS)]
pub struct Options {
    /// What to list [default: everything]
    #[arg(value_enum)]
    what: Option<What>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// A page for people
    Text,
    /// A document for programs: see `interleak schema list`
    Json,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Who says what
    Scenarios,
    /// How an app keeps its state, in lesson order
    Strategies,
    /// What can go wrong
    Anomalies,
}

impl Options {
    fn wants(&self, what: What) -> bool {
        self.what.is_none_or(|asked| asked == what)
    }
}

/// Runs the command.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Exit, Failure> {
    if matches!(options.format, Format::Json) {
        let text = list::render(&listed(options)?).map_err(schema::unwritable)?;
        out.write_all(text.as_bytes())?;
        return Ok(Exit::AsExpected);
    }
    let mut page = Page::new();
    let wanted = |what| options.wants(what);
    if wanted(What::Scenarios) {
        scenarios(&mut page)?;
    }
    if wanted(What::Strategies) {
        strategies(&mut page, options.what.is_some())?;
    }
    if wanted(What::Anomalies) {
        let rows = ANOMALIES.iter().map(|anomaly| (anomaly.id, anomaly.what.to_owned()));
        section(&mut page, "Anomalies", rows);
    }
    page.blank();
    page.text("More about one of them: interleak explain NAME");
    out.write_all(page.finish().as_bytes())?;
    Ok(Exit::AsExpected)
}

/// The same for programs. Nothing is left out of it to keep a page short.
fn listed(options: &Options) -> Result<Listed, Problem> {
    let mut listed = Listed { format: 1, ..Listed::default() };
    for shipped in SHIPPED.iter().filter(|_| options.wants(What::Scenarios)) {
        let title = load::scenario(shipped.name)?.scenario.title;
        listed.scenarios.push(ListedScenario { name: shipped.name, topic: shipped.topic, title });
    }
    for shipped in STRATEGIES.iter().filter(|_| options.wants(What::Strategies)) {
        let listing = load::strategy(shipped.name)?.listing;
        listed.strategies.push(ListedStrategy {
            name: shipped.name,
            group: shipped.group.name(),
            summary: listing.summary(),
            believed: strategy::told(&listing.lesson, "believed"),
            actual: strategy::told(&listing.lesson, "actual"),
        });
    }
    let anomalies = ANOMALIES.iter().filter(|_| options.wants(What::Anomalies));
    listed.anomalies = anomalies.map(|it| ListedAnomaly { name: it.id, what: it.what }).collect();
    Ok(listed)
}

/// Topic by topic.
fn scenarios(page: &mut Page) -> Result<(), Failure> {
    heading(page, "Scenarios");
    let mut topic = "";
    for shipped in SHIPPED {
        if topic != shipped.topic {
            topic = shipped.topic;
            // 01-the-class
            let title = topic.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
            heading(page, &capitalised(&title.replace('-', " ")));
        }
        let title = load::scenario(shipped.name)?.scenario.title;
        row(page, (shipped.name, Tone::Plain), &title);
    }
    Ok(())
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    first + letters.as_str()
}

/// Group by group, in lesson order. `wholly` also says what one believes of each, and what is
/// actual; the list of everything would get too long by it.
fn strategies(page: &mut Page, wholly: bool) -> Result<(), Failure> {
    heading(page, "Strategies, in lesson order");
    let mut group = None;
    for strategy in STRATEGIES {
        if group != Some(strategy.group) {
            group = Some(strategy.group);
            heading(page, strategy.group.title());
        } else if wholly {
            page.blank();
        }
        let lesson = load::strategy(strategy.name)?.listing;
        row(page, (strategy.name, Tone::Plain), &lesson.summary());
        for word in ["believed", "actual"].into_iter().filter(|_| wholly) {
            let Some(told) = strategy::told(&lesson.lesson, word) else { continue };
            row(page, (&format!("  {word}"), Tone::Dim), &told);
        }
    }
    Ok(())
}

fn section<'a>(page: &mut Page, title: &str, rows: impl Iterator<Item = (&'a str, String)>) {
    heading(page, title);
    for (name, text) in rows {
        row(page, (name, Tone::Plain), &text);
    }
}

fn heading(page: &mut Page, title: &str) {
    if !page.is_empty() {
        page.blank();
    }
    page.line(&[(title, Tone::Strong)]);
}

fn row(page: &mut Page, (name, tone): (&str, Tone), text: &str) {
    const NAME: usize = 20;
    let text = crate::screen::escape(text);
    if crate::screen::width(name) >= NAME {
        // A name is there to be typed, so it is never cut.
        page.line(&[("  ", Tone::Plain), (name, tone)]);
        return row(page, ("", tone), &text);
    }
    for (index, line) in textwrap::wrap(&text, COLUMNS - NAME - 2).iter().enumerate() {
        let name = if index == 0 { name } else { "" };
        let name = crate::screen::fit(name, NAME);
        page.line(&[("  ", Tone::Plain), (&name, tone), (line, Tone::Plain)]);
    }
}
