//! `interleak list`: what is there to try.

use super::{Failure, Out, load};
use crate::anomalies::ANOMALIES;
use crate::exit::Exit;
use crate::report::page::{Page, Tone};
use crate::scenario::SHIPPED;
use crate::strategy::{self, STRATEGIES};

/// List scenarios, strategies and anomalies
#[derive(clap::Args, Debug)]
pub struct Options {
    /// What to list [default: everything]
    #[arg(value_enum)]
    what: Option<What>,
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

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let mut page = Page::new(out.columns);
    let wanted = |what| options.what.is_none_or(|asked| asked == what);
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
    out.page(&page)?;
    Ok(Exit::AsExpected)
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
    for (index, line) in textwrap::wrap(&text, page.columns() - NAME - 2).iter().enumerate() {
        let name = if index == 0 { name } else { "" };
        let name = crate::screen::fit(name, NAME);
        page.line(&[("  ", Tone::Plain), (&name, tone), (line, Tone::Plain)]);
    }
}
