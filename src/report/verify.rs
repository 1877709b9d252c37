//! The page of `interleak verify`: a listing and its Python, side by side.

use super::numbers::{count, plural};
use super::page::{self, Tone};
use super::shell_word;
use crate::model::schedule;
use crate::python::limits::{self, Stopped};
use crate::python::{Difference, Job, LeftOut, Told, Verified};

/// What a page is about.
pub struct Page<'a> {
    /// The strategy, as it was typed.
    pub strategy: &'a str,
    /// The text of its listing.
    pub text: &'a str,
    /// The scenarios, as they were typed.
    pub scenarios: Vec<&'a str>,
    /// The orders of each scenario.
    pub jobs: &'a [Job],
    /// What came of it.
    pub verified: &'a Verified,
}

/// The text.
pub fn render(it: &Page, columns: usize) -> String {
    let mut page = page::Page::new(columns);
    match (&it.verified.difference, it.verified.stopped) {
        (None, None) => same(&mut page, it),
        (None, Some(stopped)) => unknown(&mut page, it, stopped),
        (Some((job, difference, told)), _) => differs(&mut page, it, *job, difference, told),
    }
    page.finish()
}

/// What is said when work ended before so many strategies were begun.
pub fn not_begun(strategies: usize) -> Option<String> {
    let left = plural(&strategies.into(), "strategy was", "strategies were");
    (strategies > 0).then(|| format!("It was interrupted: {left} not begun.\n"))
}

fn unknown(page: &mut page::Page, it: &Page, stopped: Stopped) {
    let ran = it.verified.ran;
    let says = format!(
        "whether {} does what its marks say: {}, {}.",
        it.strategy,
        stopped_words(stopped),
        during(it)
    );
    page.labelled(("UNKNOWN", Tone::Strong), &says);
    page.blank();
    let before = match ran {
        0 => "No order was run to its end before.".to_owned(),
        ran => format!(
            "In {} before it, Python does what the marks say.",
            plural(&ran.into(), "order", "orders")
        ),
    };
    page.labelled(("", Tone::Plain), &before);
    page.labelled(("By", Tone::Strong), &format!("Python {}", it.verified.proof.python));
}

/// The order that was not run to its end.
fn during(it: &Page) -> String {
    let mut before = 0;
    let ran = it.verified.ran;
    let all: usize = it.jobs.iter().map(|job| job.orders.len()).sum();
    let job = it.jobs.iter().position(|job| {
        before += job.orders.len();
        ran < before
    });
    match job {
        Some(job) => {
            let (number, all) = (count(ran + 1), count(all));
            format!("in order {number} of {all}, one of {}", it.scenarios[job])
        }
        None => "after the last order".into(),
    }
}

/// What stopped Python, in words.
fn stopped_words(stopped: Stopped) -> String {
    let at = |line: Option<usize>| line.map_or_else(String::new, |line| format!(" at line {line}"));
    let seconds = |seconds: u64| plural(&seconds.into(), "second", "seconds");
    match stopped {
        Stopped::Time(time) => {
            format!("the limit of {} was hit (--seconds)", seconds(time.as_secs()))
        }
        Stopped::Interrupted => "it was interrupted".into(),
        Stopped::Processor(time) => {
            format!("the limit of {} of processor time was hit", seconds(time))
        }
        Stopped::Answer => {
            let most = limits::ANSWER_BYTES_MAX >> 20;
            format!("the shared places and replies of one order have more than {most} MiB")
        }
        Stopped::Memory { line } => {
            let most = limits::MEMORY_BYTES_MAX >> 30;
            format!("Python needs more than {most} GiB of memory{}", at(line))
        }
        Stopped::File { line } => {
            let most = limits::FILE_BYTES_MAX >> 20;
            format!("Python writes a file of more than {most} MiB{}", at(line))
        }
        Stopped::Files { line } => {
            let most = limits::FILES_MAX;
            format!("Python opens more than {most} files{}", at(line))
        }
    }
}

fn same(page: &mut page::Page, it: &Page) {
    let proof = &it.verified.proof;
    let says = format!("in Python, {} does what its marks say.", it.strategy);
    page.labelled(("SAME", Tone::Good), &says);
    page.blank();
    let counted = |number: usize, one, many| plural(&number.into(), one, many);
    let orders = counted(proof.orders, "order", "orders");
    let scenarios = counted(it.scenarios.len(), "scenario", "scenarios");
    let replies = counted(proof.replies, "reply", "replies");
    let cells = counted(proof.cells, "cell", "cells");
    let moves = counted(proof.moves, "move", "moves");
    page.labelled(
        ("", Tone::Plain),
        &format!(
            "{orders} of {scenarios} were run at grain line, on real threads. {replies}, word \
             by word, and {cells} at the end, element by element, are those of the simulation, \
             and so is every shared place after each of {moves}."
        ),
    );
    if proof.waits > 0 {
        let waits = counted(proof.waits, "moment", "moments");
        let says = format!("At {waits} a lane had to wait for another one, and did.");
        page.labelled(("", Tone::Plain), &says);
    }
    if !proof.not_compared.is_empty() {
        let names: Vec<&str> = proof.not_compared.iter().map(String::as_str).collect();
        page.labelled(
            ("Not", Tone::Strong),
            &format!(
                "compared: {}. Python holds it under another name, or in a form that cannot be \
                 looked at.",
                names.join(", ")
            ),
        );
    }
    if let Some(left_out) = left_out(it) {
        page.labelled(("Not", Tone::Strong), &left_out);
    }
    page.labelled(("By", Tone::Strong), &format!("Python {}", proof.python));
}

/// What of the scenarios was not run, in one sentence.
fn left_out(it: &Page) -> Option<String> {
    let parts = LeftOut::ALL.into_iter().filter_map(|what| {
        let jobs = it.scenarios.iter().zip(it.jobs);
        let of: Vec<&str> = jobs
            .filter(|(_, job)| job.left_out.contains(&what))
            .map(|(scenario, _)| *scenario)
            .collect();
        let what = match what {
            LeftOut::Cancellations => "requests that their client cancels",
            LeftOut::Replicas => "several copies of the server",
        };
        (!of.is_empty()).then(|| format!("{what} (in {})", of.join(", ")))
    });
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| format!("run: {}.", parts.join("; ")))
}

fn differs(page: &mut page::Page, it: &Page, job: usize, difference: &Difference, told: &Told) {
    page.labelled(("DIFFERS", Tone::Bad), &told.head);
    page.blank();
    let code = told.line.and_then(|line| it.text.lines().nth(line.saturating_sub(1)));
    if let (Some(line), Some(code)) = (told.line, code) {
        page.line(&[(&format!("{line:>6}  "), Tone::Dim), (code.trim_end(), Tone::Plain)]);
        page.blank();
    }
    let scenario = it.scenarios[job];
    let names = format!("{scenario} × {} · grain line · {}", it.strategy, told.when);
    page.labelled(("", Tone::Plain), &names);
    page.labelled(("Marks", Tone::Strong), &told.marks);
    page.labelled(("Python", Tone::Strong), &told.python);
    if !told.why.is_empty() {
        page.labelled(("Why", Tone::Strong), &told.why.join(" "));
    }
    let moves = difference.order.moves();
    let moves = &moves[..difference.step.map_or(0, |step| step + 1)];
    if !moves.is_empty() {
        let typed = schedule::print(&it.jobs[job].program, moves);
        page.command(
            "Again",
            &format!(
                "interleak replay {} -s {} --grain line --schedule \"{typed}\"",
                shell_word(scenario),
                shell_word(it.strategy)
            ),
        );
    }
    let says = format!(
        "{} of {} that Python {} ran differ.",
        count(it.verified.differ),
        plural(&it.verified.ran.into(), "order", "orders"),
        it.verified.proof.python
    );
    page.labelled(("", Tone::Plain), &says);
    if let Some(stopped) = it.verified.stopped {
        let says = format!("Not all were run: {}.", stopped_words(stopped));
        page.labelled(("", Tone::Plain), &says);
    }
}
