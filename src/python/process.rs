//! CPython, started once for one document.

use super::Subject;
use super::answer::{Answer, read};
use crate::problem::Problem;
use serde_json::Value;
use std::io::{ErrorKind, Write};
use std::process::{Child, Command, Output, Stdio};

/// The program that CPython runs; it is described there.
const RUNNER: &str = include_str!("../../tests/python/runner.py");
/// What CPython may be called, the likelier name first.
const NAMES: [&str; 2] = ["python3", "python"];

/// Has a document worked off. Everything that is wrong with the listing as Python is a problem.
pub(super) fn run(subject: &Subject, document: &Value) -> Result<Answer, Problem> {
    let (name, mut child) = start()?;
    if let Some(mut input) = child.stdin.take() {
        // If Python ended early, its own words say more than the broken pipe.
        let _ = input.write_all(document.to_string().as_bytes());
    }
    let output = child
        .wait_with_output()
        .map_err(|error| Problem::new(format!("cannot read what {name} answers: {error}")))?;
    let answer: Value =
        serde_json::from_slice(&output.stdout).map_err(|_| no_answer(name, &output))?;
    if let Some(refused) = answer["refused"].as_str() {
        let python = answer["python"].as_str().unwrap_or_default();
        return Err(refusal(subject, name, python, refused, answer["line"].as_u64()));
    }
    read(&answer).ok_or_else(|| no_answer(name, &output))
}

fn start() -> Result<(&'static str, Child), Problem> {
    for name in NAMES {
        let started = Command::new(name)
            .args(["-B", "-c", RUNNER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        match started {
            Ok(child) => return Ok((name, child)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Problem::new(format!("cannot start {name}: {error}"))),
        }
    }
    Err(Problem::new("there is no `python3` on this machine's PATH").help(NEEDED))
}

const NEEDED: &str = "`interleak verify` runs the listing as real Python; install Python 3.10 or \
                      newer so that `python3` starts it. All other commands work without";

fn refusal(
    subject: &Subject,
    name: &str,
    python: &str,
    refused: &str,
    line: Option<u64>,
) -> Problem {
    if refused == "too old" {
        return Problem::new(format!("`{name}` is Python {python}; 3.10 or newer is needed"))
            .help(NEEDED);
    }
    let what = format!("Python {python} cannot run {}: {refused}", subject.name);
    match line {
        None => Problem::new(what).help("run it with Python once, and repair what is reported"),
        Some(line) => {
            let text = &subject.listing.text;
            let before = text.split_inclusive('\n').take((line as usize).saturating_sub(1));
            let start: usize = before.map(str::len).sum();
            let length = text[start..].lines().next().unwrap_or_default().len();
            let code = &text[start..start + length];
            let start = start + code.len() - code.trim_start().len();
            Problem::new(what).at(subject.name, text, start..start + code.trim().len())
        }
    }
}

fn no_answer(name: &str, output: &Output) -> Problem {
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().rev().find(|line| !line.trim().is_empty());
    Problem::new(match last {
        Some(last) => format!("`{name}` ended without an answer: {last}"),
        None => format!("`{name}` ended without an answer"),
    })
    .help(format!("does the listing end Python itself? If not: {NEEDED}"))
}
