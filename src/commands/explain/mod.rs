//! `interleak explain`: the lesson behind a name, and the meaning of a word.

mod scenario;
mod strategy;
mod term;

use super::{Failure, Out, load};
use crate::exit::Exit;
use crate::glossary;
use crate::problem::{Problem, nearest};
use crate::report::page::Page;
use crate::report::shell_word;
use crate::scenario::SHIPPED;
use strategy::{Code, Wanted};

/// Explain a scenario, strategy, anomaly, or a word on a page
#[derive(clap::Args, Debug)]
pub struct Options {
    /// A name that `interleak list` shows, a word such as race, LEAK or chance, or the path of
    /// a scenario or listing
    name: String,
    /// Only the code of a strategy, without a word that gives the answer away [default: python]
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "python")]
    code: Option<Code>,
    /// With --code: the lesson too
    #[arg(long)]
    lesson: bool,
    /// The word, where something shipped has the same name
    #[arg(long, conflicts_with_all = ["code", "lesson"])]
    term: bool,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let name = options.name.as_str();
    let mut page = Page::new(out.paper);
    if options.term {
        if !word(&mut page, name) {
            return Err(unknown(name, words()).into());
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
        let known = shipped.chain(crate::strategy::names()).chain(words());
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
    } else if let Some(term) = glossary::named(name) {
        term::explain(page, &term);
    } else {
        return false;
    }
    true
}

/// How to get at a word that is called like something shipped.
fn other_meaning(page: &mut Page, name: &str) {
    if glossary::named(name).is_some() {
        page.command("Word", &format!("interleak explain {} --term", shell_word(name)));
    }
}

fn words() -> impl Iterator<Item = &'static str> {
    let terms = glossary::terms().into_iter().flat_map(|term| term.names);
    crate::anomalies::names().into_iter().chain(terms)
}

/// All names would be more than a screen, so they are left to `list`.
fn unknown<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Problem {
    let near = nearest(name, known);
    let near = near.map_or_else(String::new, |near| format!("did you mean {near}? "));
    Problem::new(format!("nothing is called {name}"))
        .help(format!("{near}what can be explained: interleak list"))
}
