//! `interleak new`: a scenario and a strategy of one's own, to start from.

use super::{Failure, Out, save};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::report::json::harmless;
use crate::report::page::Page;
use crate::report::shell_word;
use std::path::{Path, PathBuf};

const SCENARIO: &str = include_str!("new/scenario.json");
const STRATEGY: &str = include_str!("new/strategy.py");

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
        let problem = Problem::new(format!("{} is not a file name", name.display()));
        return Err(problem.help("for example: interleak new lunch").into());
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
            let text = text.replace("\"clean\"", "{ \"context-leak\": \"sometimes\", \"amnesia\": \"sometimes\", \"lost-update\": \"sometimes\" }");
            save::create(&[(name, &text)])?;
            wrote(&mut page, name);
            page.command("Try", &format!("interleak run {}", shell_word(name)));
        }
        Some("py") => {
            save::create(&[(name, STRATEGY)])?;
            wrote(&mut page, name);
            page.command("Try", &format!("interleak run voice-assistant -s {}", shell_word(name)));
        }
        Some(other) if name.file_name().is_some_and(|file| file != other) => {
            let problem =
                Problem::new(format!("files that end in .{other} are none of interleak's"));
            return Err(problem
                .help("NAME.json is a scenario, NAME.py a strategy, NAME both")
                .into());
        }
        _ => {
            let (scenario, strategy) = (name.with_extension("json"), name.with_extension("py"));
            let text = scenario_expecting(&format!("{stem}.py"));
            save::create(&[(&strategy, STRATEGY), (&scenario, &text)])?;
            wrote(&mut page, &scenario);
            wrote(&mut page, &strategy);
            let (scenario, strategy) = (shell_word(&scenario), shell_word(&strategy));
            page.command("Try", &format!("interleak run {scenario} -s {strategy}"));
            page.command("", &format!("interleak check {scenario}"));
        }
    }
    out.page(&page)?;
    Ok(Exit::AsExpected)
}

fn wrote(page: &mut Page, path: &Path) {
    page.text(&format!("wrote {}", path.display()));
}
