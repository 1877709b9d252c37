//! `interleak diagnose`: looks for leaks and lost updates in the log of a real app.

use super::options::FormatOption;
use super::progress::Progress;
use super::{Failure, Out};
use crate::exit::Exit;
use crate::input::{Log, cannot_read};
use crate::log::blocks::LINE_BYTES_MAX;
use crate::log::diagnosis::Diagnosis;
use crate::log::entry::Odd;
use crate::log::judge::{Limits, MESSAGES};
use crate::log::scan;
use crate::platform;
use crate::problem::Problem;
use crate::report;
use crate::report::diagnose::Read;
use std::io;
use std::path::Path;

/// Find leaks and lost updates in the log of a real app
#[derive(clap::Args, Debug)]
#[command(after_help = HELP)]
pub struct Options {
    /// The log, one JSON object in each line; - for standard input
    log: String,
    /// Remember so many messages of each session
    #[arg(long, value_name = "N", default_value_t = MESSAGES as u64, value_parser = clap::value_parser!(u64).range(2..=REMEMBER_MAX))]
    remember: u64,
    #[command(flatten)]
    format: FormatOption,
}

/// The most that can be asked for; a quarter of a million sessions would then need some 15 GiB.
const REMEMBER_MAX: u64 = 1000;

const HELP: &str = r#"The least that a log has to say (docs/LOGS.md says how an app writes it):
{"event":"request","session":"bob","request":2}
{"event":"read","session":"bob","request":2,"cell":"CHAT","messages":["1","1:a"]}
{"event":"write","session":"bob","request":2,"cell":"CHAT","messages":["2","2:a"]}
{"event":"reply","session":"bob","request":2}

Exit: 0 nothing found, 1 a leak or a lost update, 2 no such log,
      3 nothing found, but not everything could be told"#;

/// Runs the command.
pub fn run(options: &Options, out: &mut Out) -> Result<Exit, Failure> {
    let limits = Limits { messages: options.remember as usize, ..Limits::default() };
    let progress = Progress::start();
    platform::interruptible();
    let name = if options.log == "-" { "standard input" } else { &options.log };
    let mut log = match options.log.as_str() {
        "-" => Log::standard_input().map_err(|error| cannot_read(Path::new(name), &error))?,
        path => Log::open(Path::new(path))?,
    };
    let diagnosis =
        judge(&mut log, limits, &progress).map_err(|error| cannot_read(Path::new(name), &error))?;
    drop(progress);
    if diagnosis.entries() == 0 && !diagnosis.interrupted {
        return Err(no_log(name, &diagnosis).into());
    }
    let read = Read { log: &options.log, remember: limits.messages, diagnosis: &diagnosis };
    let paper = out.paper;
    let page = || report::diagnose::render(&read, paper);
    options.format.print(out, page, || report::diagnosis::render(&read))?;
    Ok(match (diagnosis.is_bad(), diagnosis.is_complete()) {
        (true, _) => Exit::Unexpected,
        (false, true) => Exit::AsExpected,
        (false, false) => Exit::Inconclusive,
    })
}

/// Judges a log, and looks back at the lines that its findings name, if they are still there.
fn judge(log: &mut Log, limits: Limits, progress: &Progress) -> io::Result<Diagnosis> {
    let size = log.size;
    let tell = |done: scan::Progress| progress.read(done.bytes, size, done.lines);
    let mut diagnosis = scan::scan(&mut *log, limits, &tell)?;
    if size.is_some() {
        look_back(log, &mut diagnosis)?;
    }
    Ok(diagnosis)
}

fn look_back(log: &mut Log, diagnosis: &mut Diagnosis) -> io::Result<()> {
    for finding in &mut diagnosis.findings {
        let mut line = |at: usize| log.line_at(finding.pair[at].spot.offset, LINE_BYTES_MAX);
        let [first, second] = [line(0)?, line(1)?];
        finding.look_back([&first, &second]);
    }
    Ok(())
}

/// A file in which nothing is of the format.
fn no_log(name: &str, diagnosis: &Diagnosis) -> Problem {
    let help = "`interleak diagnose --help` shows the least that a log has to say, docs/LOGS.md \
                all of it";
    let Some((line, text, odd)) = &diagnosis.first_odd else {
        return Problem::new(format!("{name} has nothing in it")).help(help);
    };
    let what = match odd {
        Odd::Skipped(skip) => skip.words(),
        Odd::Other | Odd::Blank => "its \"event\" is none of request, read, write, append, reply",
    };
    let problem = Problem::new(format!("{name} has no line that says what an app did"));
    problem.at_line(name, *line as usize, text).label(what).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the blank lines before it there may be more than memory holds.
    #[test]
    fn a_line_far_down_is_told_as_quickly_as_the_first() {
        let first_odd = Some((1 << 60, "hello".into(), Odd::Other));
        let shown = no_log("app.ndjson", &Diagnosis { first_odd, ..Diagnosis::default() });
        let shown = shown.render(crate::words::Words::english(), false);
        assert!(shown.contains("app.ndjson:1152921504606846976:1"), "{shown}");
        assert!(shown.contains("| hello"), "{shown}");
    }
}
