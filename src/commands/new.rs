//! `interleak new`: a scenario and a strategy of one's own, to start from.

use super::Failure;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::report::page::Page;
use crate::report::shell_word;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

const SCENARIO: &str = include_str!("new/scenario.json");
const STRATEGY: &str = include_str!("new/strategy.py");

/// Write a scenario and a strategy to start from
#[derive(clap::Args, Debug)]
pub struct Options {
    /// NAME.json writes a scenario, NAME.py a strategy, NAME both
    name: PathBuf,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Exit, Failure> {
    let name = &options.name;
    let stem = name.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if stem.is_empty() || stem.starts_with('.') {
        let problem = Problem::new(format!("{} is not a file name", name.display()));
        return Err(problem.help("for example: interleak new lunch").into());
    }
    let ending = name.extension().and_then(|ending| ending.to_str());
    let scenario_expecting = |strategy: &str| {
        let quoted = serde_json::Value::from(strategy).to_string();
        SCENARIO.replace("\"STRATEGY.py\"", &quoted)
    };
    let mut page = Page::new();
    match ending {
        Some("json") => {
            let text = scenario_expecting("global");
            let text = text.replace("\"clean\"", "{ \"context-leak\": \"sometimes\", \"amnesia\": \"sometimes\", \"lost-update\": \"sometimes\" }");
            write_new(&[(name, &text)])?;
            wrote(&mut page, name);
            page.command("Try", &format!("interleak run {}", word(name)));
        }
        Some("py") => {
            write_new(&[(name, STRATEGY)])?;
            wrote(&mut page, name);
            page.command("Try", &format!("interleak run voice-assistant -s {}", word(name)));
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
            write_new(&[(&scenario, &text), (&strategy, STRATEGY)])?;
            wrote(&mut page, &scenario);
            wrote(&mut page, &strategy);
            let (scenario, strategy) = (word(&scenario), word(&strategy));
            page.command("Try", &format!("interleak run {scenario} -s {strategy}"));
            page.command("", &format!("interleak check {scenario}"));
        }
    }
    out.write_all(page.finish().as_bytes())?;
    Ok(Exit::AsExpected)
}

fn word(path: &Path) -> String {
    let shown = path.display().to_string();
    // A name that begins with a dash would be read as an option.
    shell_word(&if shown.starts_with('-') { format!("./{shown}") } else { shown })
}

fn wrote(page: &mut Page, path: &Path) {
    page.text(&format!("wrote {}", path.display()));
}

/// Writes files that are not there yet: all of them or none.
fn write_new(files: &[(&Path, &str)]) -> Result<(), Problem> {
    for (path, _) in files {
        if path.exists() {
            return Err(Problem::new(format!("{} is there already", path.display()))
                .help("choose another name, or move that file away; nothing was written"));
        }
    }
    for (path, text) in files {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| {
                let problem = Problem::new(format!("cannot write {}: {error}", path.display()));
                match error.kind() {
                    ErrorKind::NotFound => problem.help("make its folder first"),
                    _ => problem,
                }
            })?;
    }
    Ok(())
}
