//! The commands of `interleak check --format github`, which GitHub Actions shows beside the lines
//! of a pull request.

use super::{Case, Counted, Outcome, words};
use crate::screen::escape;

/// GitHub shows so many of each level for a step, and drops the others without a word.
const EACH_MAX: usize = 10;

/// The commands, and a last line for the log. Nothing in it but commands begins with a name: GitHub
/// looks for commands everywhere.
pub fn render(cases: &[Case]) -> String {
    let mut lines = Vec::new();
    for level in ["error", "warning"] {
        let of_level: Vec<&Case> =
            cases.iter().filter(|case| self::level(case) == Some(level)).collect();
        let shown = of_level.iter().take(EACH_MAX);
        lines.extend(shown.map(|case| annotation(level, case)));
        let rest = of_level.len().saturating_sub(EACH_MAX);
        if rest > 0 {
            lines.push(command("notice", &[("title", TITLE)], &words::more(rest, level).english()));
        }
    }
    lines.push(words::counted(Counted::of(cases)).english());
    lines.join("\n") + "\n"
}

/// The name of this program, as the title of an annotation that is about no case.
const TITLE: &str = "interleak check";

/// What is open may still be right; the exit code fails the step all the same.
fn level(case: &Case) -> Option<&'static str> {
    match case.outcome {
        Outcome::Holds => None,
        Outcome::Fails | Outcome::Broken => Some("error"),
        Outcome::Open => Some("warning"),
    }
}

fn annotation(level: &str, case: &Case) -> String {
    let line = case.line.map(|line| line.to_string());
    let title = format!("interleak: {}", words::name(case));
    let mut properties = Vec::new();
    // A line without a file is no place.
    if let Some(file) = &case.file {
        properties.push(("file", file.as_str()));
        properties.extend(line.iter().map(|line| ("line", line.as_str())));
    }
    properties.push(("title", &title));
    let said = words::says(case).into_iter().map(|said| said.english());
    let said = said.chain(case.command.clone());
    command(level, &properties, &said.collect::<Vec<_>>().join("\n"))
}

/// A command as GitHub reads it: `::error file=a.json,line=3::text`.
fn command(level: &str, properties: &[(&str, &str)], message: &str) -> String {
    let property = |(name, value): &(&str, &str)| {
        let value = data(&escape(value)).replace(':', "%3A").replace(',', "%2C");
        format!("{name}={value}")
    };
    let properties: Vec<String> = properties.iter().map(property).collect();
    let lines: Vec<String> = message.lines().map(escape).collect();
    format!("::{level} {}::{}", properties.join(","), data(&lines.join("\n")))
}

/// What GitHub turns back in every text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
