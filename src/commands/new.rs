//! `interleak new`: a scenario and a strategy of one's own, to start from.

use super::{Failure, Out, save};
use crate::exit::Exit;
use crate::phrase;
use crate::problem::Problem;
use crate::report::json::harmless;
use crate::report::page::Page;
use crate::report::shell_word;
use std::path::{Path, PathBuf};

const SCENARIO: &str = include_str!("new/scenario.json");
const STRATEGY: &str = include_str!("new/strategy.py");
/// What goes wrong with it and the shipped strategy `global`.
const OF_GLOBAL: &str =
    r#"{ "context-leak": "sometimes", "amnesia": "sometimes", "lost-update": "sometimes" }"#;

/// Write a scenario and a strategy to start from
#[derive(clap::Args, Debug)]
#[command(after_help = super::WRITES)]
pub struct Options {
    /// NAME.json writes a scenario, NAME.py a strategy, NAME both
    name: PathBuf,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let name = &options.name;
    let stem = name.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if stem.is_empty() || stem.starts_with('.') {
        let what = phrase!("new-no-file-name", name = name.display().to_string());
        let help = phrase!("new-for-example", command = command_line(&["new", "lunch"]));
        return Err(Problem::new(what).help(help).into());
    }
    let ending = name.extension().and_then(|ending| ending.to_str());
    let scenario_expecting = |strategy: &str| {
        let quoted = harmless(serde_json::Value::from(strategy).to_string());
        SCENARIO.replace("\"STRATEGY.py\"", &quoted)
    };
    let mut page = Page::new(out.paper);
    match ending {
        Some("json") => {
            let text = scenario_expecting("global");
            let text = text.replace("\"clean\"", OF_GLOBAL);
            save::create(&[(name, &text)])?;
            wrote(&mut page, name);
            try_it(&mut page, &["run", &shell_word(name)]);
        }
        Some("py") => {
            save::create(&[(name, STRATEGY)])?;
            wrote(&mut page, name);
            try_it(&mut page, &["run", "voice-assistant", "-s", &shell_word(name)]);
        }
        Some(other) if name.file_name().is_some_and(|file| file != other) => {
            let problem = Problem::new(phrase!("new-other-ending", ending = other));
            return Err(problem.help(phrase!("new-endings")).into());
        }
        _ => {
            let (scenario, strategy) = (name.with_extension("json"), name.with_extension("py"));
            let text = scenario_expecting(&format!("{stem}.py"));
            save::create(&[(&strategy, STRATEGY), (&scenario, &text)])?;
            wrote(&mut page, &scenario);
            wrote(&mut page, &strategy);
            let (scenario, strategy) = (shell_word(&scenario), shell_word(&strategy));
            try_it(&mut page, &["run", &scenario, "-s", &strategy]);
            page.command("", &command_line(&["check", &scenario]));
        }
    }
    out.page(&page)?;
    Ok(Exit::AsExpected)
}

fn wrote(page: &mut Page, path: &Path) {
    page.text(phrase!("save-wrote", file = path.display().to_string()));
}

/// A command of interleak, of words that a shell takes as they are; a path need not be UTF-8.
fn command_line(words: &[&str]) -> String {
    format!("interleak {}", words.join(" "))
}

fn try_it(page: &mut Page, words: &[&str]) {
    page.command(phrase!("label-try"), &command_line(words));
}
