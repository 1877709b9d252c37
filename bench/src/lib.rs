//! What the benchmarks share: scenarios of any size, and interleak as a whole process.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that cannot run says so by stopping"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What one run of the program cost and said.
pub struct Run {
    /// Wall time.
    pub time: Duration,
    /// The most memory that it had, in KiB; 0 where the system does not tell.
    pub memory_kib: u64,
    /// Its JSON document.
    pub document: String,
}

impl Run {
    /// A number of the document, by its name; the first one.
    pub fn number(&self, name: &str) -> u64 {
        let key = format!("\"{name}\": ");
        let start = self.document.find(&key).map_or(0, |at| at + key.len());
        let digits: String =
            self.document[start..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    }

    /// Whether everything was looked at.
    pub fn complete(&self) -> bool {
        self.document.contains("\"complete\": true")
    }
}

/// So many users, each with one lane of so many turns; the texts do not matter.
pub fn scenario(users: usize, turns: usize) -> String {
    let lanes = (0..users).map(|user| {
        let says = (0..turns).map(|turn| format!("{{\"text\": \"{user}.{turn}\"}}"));
        let says = says.collect::<Vec<_>>().join(",");
        format!("{{\"user\": \"u{user}\", \"says\": [{says}]}}")
    });
    let lanes = lanes.collect::<Vec<_>>().join(",");
    format!("{{\"format\": 1, \"title\": \"t\", \"lanes\": [{lanes}]}}")
}

/// A listing of `tests/fixtures/listings`.
pub fn listing(name: &str) -> PathBuf {
    root().join(format!("tests/fixtures/listings/{name}.py"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Builds the release program once.
pub fn build() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--locked"])
        .current_dir(root())
        .status()
        .unwrap();
    assert!(built.success(), "the release build failed");
}

/// Runs the program: users × turns, a listing, and more options.
pub fn run(users: usize, turns: usize, name: &str, options: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scenario.json");
    std::fs::write(&path, scenario(users, turns)).unwrap();
    let out = folder.path().join("out.json");
    let started = Instant::now();
    let mut child = Command::new(root().join("target/release/interleak"))
        .arg("run")
        .arg(&path)
        .arg("-s")
        .arg(listing(name))
        .args(["--format", "json", "--max-memory", "8G"])
        .args(options)
        .stdout(std::fs::File::create(&out).unwrap())
        .spawn()
        .unwrap();
    // The highest mark so far is read again and again: once the process is gone it cannot be.
    let status = format!("/proc/{}/status", child.id());
    let mut memory_kib = 0;
    let time = loop {
        if child.try_wait().unwrap().is_some() {
            break started.elapsed();
        }
        memory_kib = high_mark(&status).unwrap_or(memory_kib);
        std::thread::sleep(Duration::from_micros(200));
    };
    Run { time, memory_kib, document: std::fs::read_to_string(&out).unwrap() }
}

/// The middle one of five runs.
pub fn median(users: usize, turns: usize, name: &str, options: &[&str]) -> Run {
    let mut runs: Vec<Run> = (0..5).map(|_| run(users, turns, name, options)).collect();
    runs.sort_by_key(|run| run.time);
    runs.swap_remove(2)
}

/// The most memory that a process had, in KiB.
pub fn high_mark(status: &str) -> Option<u64> {
    let status = std::fs::read_to_string(status).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Processor and cores, for the record.
pub fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": ?");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {cores} cores", model.trim_start_matches([' ', '\t', ':']))
}
