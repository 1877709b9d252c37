//! `interleak list`: what is there to try.

use super::options::FormatOption;
use super::{Failure, Out, load};
use crate::anomalies::{ANOMALIES, Anomaly};
use crate::exit::Exit;
use crate::glossary;
use crate::problem::Problem;
use crate::report::list::{self, Listed, ListedAnomaly, ListedScenario, ListedStrategy};
use crate::report::page::{Page, Paper, Tone};
use crate::scenario::{SHIPPED, Shipped};
use crate::strategy::{self, STRATEGIES, Strategy};
use clap::ValueEnum;

/// List scenarios, strategies, anomalies and terms
#[derive(clap::Args, Debug)]
#[command(after_help = super::SHOWS)]
pub struct Options {
    /// What to list [default: everything]
    #[arg(value_enum)]
    what: Option<What>,
    /// Say of each what it is; of a strategy also what one believes of it, and what is actual
    #[arg(long)]
    long: bool,
    #[command(flatten)]
    format: FormatOption,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Who says what
    Scenarios,
    /// How an app keeps its state, in lesson order
    Strategies,
    /// What can go wrong
    Anomalies,
    /// Words that stand on pages
    Terms,
}

/// Names under one heading, each with what is said about it.
struct Group<'a> {
    title: String,
    rows: Vec<Row<'a>>,
}

/// A name, a sentence, and what else is said, each behind a word.
struct Row<'a> {
    name: &'a str,
    says: String,
    more: Vec<(&'static str, String)>,
}

impl Options {
    fn wants(&self, what: What) -> bool {
        self.what.is_none_or(|asked| asked == what)
    }
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let (page, listed) = (page(options, out.paper)?, listed(options)?);
    options.format.print(out, || page.finish(), || list::render(&listed))?;
    Ok(Exit::AsExpected)
}

/// The page.
fn page(options: &Options, paper: Paper) -> Result<Page, Failure> {
    let mut page = Page::new(paper);
    let wanted = |what| options.wants(what);
    let mut list = |title: &str, groups: Vec<Group>| {
        heading(&mut page, title);
        groups.iter().for_each(|group| match options.long {
            true => rows(&mut page, group),
            false => names(&mut page, group),
        });
    };
    if wanted(What::Scenarios) {
        list("Scenarios", scenarios()?);
    }
    if wanted(What::Strategies) {
        list("Strategies, in lesson order", strategies()?);
    }
    if wanted(What::Anomalies) {
        list("Anomalies: what can go wrong", anomalies());
    }
    if wanted(What::Terms) {
        list("Terms: words that stand on pages", terms());
    }
    page.blank();
    let kind = options.what.and_then(|what| what.to_possible_value());
    let kind = kind.map_or_else(String::new, |kind| format!(" {}", kind.get_name()));
    page.text("More about one of them: interleak explain NAME");
    if !options.long {
        page.text(&format!("What each of them is:    interleak list{kind} --long"));
    }
    Ok(page)
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
    listed.anomalies = anomalies.map(|it| ListedAnomaly { name: it.id, what: it.what() }).collect();
    Ok(listed)
}

/// Topic by topic.
fn scenarios() -> Result<Vec<Group<'static>>, Failure> {
    let topics = SHIPPED.chunk_by(|left, right| left.topic == right.topic);
    let group = |topic: &'static [Shipped]| {
        let rows = topic.iter().map(|shipped| {
            let says = load::scenario(shipped.name)?.scenario.title;
            Ok(Row { name: shipped.name, says, more: Vec::new() })
        });
        // 01-the-class
        let title = topic[0].topic.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        let title = capitalised(&title.replace('-', " "));
        Ok(Group { title, rows: rows.collect::<Result<_, Failure>>()? })
    };
    topics.map(group).collect()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    first + letters.as_str()
}

/// Group by group, in lesson order.
fn strategies() -> Result<Vec<Group<'static>>, Failure> {
    let groups = STRATEGIES.chunk_by(|left, right| left.group == right.group);
    let group = |group: &'static [Strategy]| {
        let rows = group.iter().map(|strategy| {
            let lesson = load::strategy(strategy.name)?.listing;
            let told = |word| Some((word, strategy::told(&lesson.lesson, word)?));
            let more = ["believed", "actual"].into_iter().filter_map(told).collect();
            Ok(Row { name: strategy.name, says: lesson.summary(), more })
        });
        let title = group[0].group.title().to_owned();
        Ok(Group { title, rows: rows.collect::<Result<_, Failure>>()? })
    };
    groups.map(group).collect()
}

fn anomalies() -> Vec<Group<'static>> {
    let row =
        |it: &&'static Anomaly| Row { name: it.id, says: it.what().english(), more: Vec::new() };
    vec![Group { title: String::new(), rows: ANOMALIES.iter().map(row).collect() }]
}

fn terms() -> Vec<Group<'static>> {
    let row = |term: glossary::Term| {
        let says = term.text.split_once(". ").map_or(term.text.as_str(), |(first, _)| first);
        let says = format!("{}.", says.trim_end_matches('.'));
        Row { name: term.name(), says, more: Vec::new() }
    };
    vec![Group { title: String::new(), rows: glossary::terms().into_iter().map(row).collect() }]
}

/// The names of a group, so short that each kind fits a screen.
fn names(page: &mut Page, group: &Group) {
    if !group.title.is_empty() {
        page.indented(("  ", "  "), &group.title, Tone::Plain);
    }
    let names: Vec<&str> = group.rows.iter().map(|row| row.name).collect();
    // A name of several words stays in one piece.
    let names = names.join(", ").replace(' ', "\u{a0}").replace(",\u{a0}", ", ");
    let options = textwrap::Options::new(page.columns() - 4)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    for line in textwrap::wrap(&names, options) {
        let line = line.replace('\u{a0}', " ");
        page.line(&[("    ", Tone::Plain), (&line, Tone::Strong)]);
    }
}

/// The names of a group, each with all that is said about it.
fn rows(page: &mut Page, group: &Group) {
    if !group.title.is_empty() {
        heading(page, &group.title);
    }
    for (index, it) in group.rows.iter().enumerate() {
        if index > 0 && !it.more.is_empty() {
            page.blank();
        }
        row(page, (it.name, Tone::Plain), &it.says);
        for (word, told) in &it.more {
            row(page, (&format!("  {word}"), Tone::Dim), told);
        }
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
