//! Commands, run in this process on files in a folder of its own.

use crate::promises::{harmless, refused};
use interleak::cli::Cli;
use interleak::commands::Failure;
use interleak::exit::Exit;
use interleak::scenario::Vocabulary;
use interleak::{anomalies, strategy};
use std::fs;
use std::sync::LazyLock;
use tempfile::TempDir;

/// Where the files of all inputs are, one after the other under the same names.
pub struct Folder;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().expect("there is room"));

impl Folder {
    /// The path of a file.
    pub fn path(name: &str) -> String {
        FOLDER.path().join(name).to_str().expect("a temporary folder has a plain name").to_owned()
    }

    /// Writes a file. Returns its path.
    pub fn file(name: &str, data: &[u8]) -> String {
        let path = Folder::path(name);
        fs::write(&path, data).expect("there is room");
        path
    }
}

/// Whether each command is told before it runs: for one input, looked at by a person.
static SAY: LazyLock<bool> = LazyLock::new(|| std::env::var_os("FUZZ_SAY").is_some());

/// The names that a scenario may use.
pub fn vocabulary() -> Vocabulary<'static> {
    static STRATEGIES: LazyLock<Vec<&str>> = LazyLock::new(strategy::names);
    static ANOMALIES: LazyLock<Vec<&str>> = LazyLock::new(anomalies::names);
    Vocabulary { strategies: &STRATEGIES, anomalies: &ANOMALIES }
}

/// One of so many, always the same one for the same bytes. It leaves the bytes as they are, so that
/// an input that breaks something is a file that anybody can try.
pub fn choose(data: &[u8], count: usize) -> usize {
    // FNV-1a, stirred with the count so that two choices are not one.
    let start = 0xcbf2_9ce4_8422_2325 ^ count as u64;
    let hash = data
        .iter()
        .fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    ((hash >> 32) % count as u64) as usize
}

/// Runs a command with its FILE, NAME and LOG filled in. What it writes is read again.
pub fn carry_out(command: &str, file: &str, name: &str) {
    let log = Folder::path("written.ndjson");
    let words = command.split(' ').map(|word| match word {
        "FILE" => file,
        "NAME" => name,
        "LOG" => &log,
        word => word,
    });
    let Some((_, said)) = interleak(&words.collect::<Vec<_>>()) else { return };
    if command.starts_with("run") && command.ends_with("json") {
        recounted(&said);
    }
    if command.contains("LOG")
        && let Ok(written) = fs::read_to_string(&log)
    {
        harmless(&written);
        interleak(&["diagnose", &log]);
        let _ = fs::remove_file(&log);
    }
}

/// Every number of a report, counted again by another way, is the same.
pub fn recounted(report: &str) {
    let file = Folder::file("report.json", report.as_bytes());
    let (exit, said) =
        interleak(&["verify-run", &file, "--max-states", "3000"]).expect("a report can be read");
    assert_ne!(exit, Exit::Unexpected, "{said}");
}

/// Runs a command line. Returns how it ended and its answer; nothing if it was refused.
pub fn interleak(arguments: &[&str]) -> Option<(Exit, String)> {
    if *SAY {
        eprintln!("interleak {arguments:?}");
    }
    let cli = match Cli::read([&["interleak"], arguments].concat()) {
        Ok(cli) => cli,
        Err(said) => panic!("these arguments are well-formed: {said}"),
    };
    let mut answer = Vec::new();
    match cli
        .answer(interleak::report::page::Paper::english(interleak::screen::COLUMNS), &mut answer)
    {
        Ok(exit) => {
            let answer = String::from_utf8(answer).expect("answers are text");
            harmless(&answer);
            Some((exit, answer))
        }
        Err(Failure::Input(problem)) => {
            refused(&problem);
            None
        }
        Err(Failure::Output(error)) => panic!("cannot write: {error}"),
    }
}
