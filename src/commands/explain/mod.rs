//! `interleak explain`: the lesson behind a name, and the meaning of a word.

mod scenario;
mod strategy;
mod term;

use super::{Failure, Out, load};
use crate::exit::Exit;
use crate::glossary;
use crate::phrase;
use crate::problem::{Problem, nearest};
use crate::report::page::Page;
use crate::report::shell_word;
use crate::scenario::SHIPPED;
use crate::words::Words;
use strategy::Wanted;

pub(super) use strategy::Code;

/// What may be typed.
#[derive(clap::Args, Debug)]
pub struct Options {
    name: String,
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "python")]
    code: Option<Code>,
    #[arg(long)]
    lesson: bool,
    #[arg(long, conflicts_with_all = ["code", "lesson"])]
    term: bool,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let name = options.name.as_str();
    let mut page = Page::new(out.paper);
    if options.term {
        if !word(&mut page, name) {
            return Err(unknown(name, words(out.paper.words)).into());
        }
    } else if is_strategy(name) {
        let lesson = options.lesson || options.code.is_none();
        let wanted = Wanted { code: options.code.unwrap_or(Code::Python), lesson };
        strategy::explain(&mut page, &load::strategy(name)?, wanted);
        other_meaning(&mut page, name);
    } else if is_scenario(name) {
        scenario::explain(&mut page, &load::scenario(name)?);
        other_meaning(&mut page, name);
    } else if !word(&mut page, name) {
        let shipped = SHIPPED.iter().map(|shipped| shipped.name);
        let shipped = shipped.chain(crate::strategy::names()).map(str::to_owned);
        let known = shipped.chain(words(out.paper.words)).collect();
        return Err(unknown(name, known).into());
    }
    out.page(&page)?;
    Ok(Exit::AsExpected)
}

fn is_strategy(name: &str) -> bool {
    crate::strategy::named(name).is_some() || name.ends_with(".py")
}

fn is_scenario(name: &str) -> bool {
    SHIPPED.iter().any(|shipped| shipped.name == name) || name.ends_with(".json")
}

/// The page of an anomaly or a term, if a word is one.
fn word(page: &mut Page, name: &str) -> bool {
    if let Some(anomaly) = term::anomaly(name) {
        term::explain_anomaly(page, anomaly);
    } else if let Some(term) = glossary::named(page.paper().words, name) {
        term::explain(page, &term);
    } else {
        return false;
    }
    true
}

/// How to get at a word that is called like something shipped.
fn other_meaning(page: &mut Page, name: &str) {
    if glossary::named(page.paper().words, name).is_some() {
        page.command(
            phrase!("explain-word"),
            &format!("interleak explain {} --term", shell_word(name)),
        );
    }
}

/// The names of anomalies and terms.
fn words(words: &Words) -> Vec<String> {
    let terms = glossary::terms(words).into_iter().flat_map(|term| term.names);
    crate::anomalies::names().into_iter().map(str::to_owned).chain(terms).collect()
}

/// All names would be more than a screen, so they are left to `list`.
fn unknown(name: &str, known: Vec<String>) -> Problem {
    let help = match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => phrase!("explain-near", near = near),
        None => phrase!("explain-known"),
    };
    Problem::new(phrase!("explain-unknown", name = name)).help(help)
}
