//! What the benchmarks share: scenarios of any size, and interleak as a whole process.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that cannot run says so by stopping"
)]

#[path = "../../tests/common/joined.rs"]
mod joined;

use interleak::listing::Listing;
use interleak::model::code::Code;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// How long something took. Where other work shares the cores, wall time says little; processor
/// time then says what a quiet machine would have to do, on however many cores.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// From start to end.
    pub wall: Duration,
    /// On processors, over all threads; in steps of ten milliseconds.
    pub cpu: Duration,
}

impl Cost {
    /// Of something that other processes do.
    pub fn of_children<T>(work: impl FnOnce() -> T) -> (T, Cost) {
        // Fields 16 and 17: the time of children that are over.
        measured(work, 13)
    }

    /// Of something that this process does itself.
    pub fn of_this<T>(work: impl FnOnce() -> T) -> (T, Cost) {
        // Fields 14 and 15.
        measured(work, 11)
    }

    /// How many times as long as another: by the clock, and on processors.
    pub fn times(&self, other: &Cost) -> String {
        let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
        let (wall, cpu) = (ratio(self.wall, other.wall), ratio(self.cpu, other.cpu));
        format!("{wall:6.1} × ({cpu:6.1} × cpu)")
    }

    /// Seconds, by the clock and on processors.
    pub fn seconds(&self) -> String {
        format!("{:8.3} s ({:8.3} s cpu)", self.wall.as_secs_f64(), self.cpu.as_secs_f64())
    }
}

/// `first` is the position, after the name, of the two fields of `/proc/self/stat` to be read.
fn measured<T>(work: impl FnOnce() -> T, first: usize) -> (T, Cost) {
    let ticks = || {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let two = fields.skip(first).take(2).filter_map(|field| field.parse::<u64>().ok());
        two.sum::<u64>()
    };
    let (before, started) = (ticks(), Instant::now());
    let done = work();
    let wall = started.elapsed();
    (done, Cost { wall, cpu: Duration::from_millis(10 * (ticks() - before)) })
}

/// What one run of the program cost and said.
pub struct Run {
    /// How long it took.
    pub cost: Cost,
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

    /// Bytes that it kept for each state.
    pub fn bytes_per_state(&self) -> f64 {
        self.number("bytes") as f64 / self.number("states") as f64
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

/// The code of a listing, with the steps that its numbers are about.
pub fn code(name: &str) -> Code {
    let source = std::fs::read_to_string(listing(name)).unwrap();
    match Listing::parse(name, &source) {
        Ok(listing) => joined::as_counted(name, listing.code),
        Err(problem) => panic!("{}", problem.render(false)),
    }
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
    let mut command = Command::new(root().join("target/release/interleak"));
    command
        .arg("run")
        .arg(&path)
        .arg("-s")
        .arg(listing(name))
        .args(["--format", "json", "--max-memory", "8G"])
        .args(options)
        .stdout(std::fs::File::create(&out).unwrap());
    let (memory_kib, cost) = Cost::of_children(|| run_to_end(&mut command));
    Run { cost, memory_kib, document: std::fs::read_to_string(&out).unwrap() }
}

/// The most memory that the process had.
fn run_to_end(command: &mut Command) -> u64 {
    let mut child = command.spawn().unwrap();
    // The highest mark so far is read again and again: once the process is gone it cannot be.
    let status = format!("/proc/{}/status", child.id());
    let mut memory_kib = 0;
    while child.try_wait().unwrap().is_none() {
        memory_kib = high_mark(&status).unwrap_or(memory_kib);
        std::thread::sleep(Duration::from_micros(200));
    }
    memory_kib
}

/// The middle one of five runs, by the clock; with the mean of their processor times, each of which
/// is too coarse.
pub fn median(users: usize, turns: usize, name: &str, options: &[&str]) -> Run {
    let mut runs: Vec<Run> = (0..5).map(|_| run(users, turns, name, options)).collect();
    let cpu = runs.iter().map(|run| run.cost.cpu).sum::<Duration>() / 5;
    runs.sort_by_key(|run| run.cost.wall);
    let mut middle = runs.swap_remove(2);
    middle.cost.cpu = cpu.max(Duration::from_millis(1));
    middle
}

/// The two questions that peers which keep states are measured beside.
pub struct Own {
    lanes: usize,
    turns: usize,
    /// What the peers' models record: whose messages are where.
    leak: Run,
    /// Every anomaly, which needs more of each state.
    all: Run,
}

impl Own {
    /// Runs both, line by line, and prints what they cost.
    pub fn measured(lanes: usize, turns: usize) -> Own {
        let own = Own::again(lanes, turns);
        for (what, run) in [("context-leak", &own.leak), ("every anomaly", &own.all)] {
            assert!(run.complete(), "everything was looked at");
            println!(
                "global {lanes}×{turns}  interleak, {what:13}  {}  {:>9} states  {:3.0} B/state",
                run.cost.seconds(),
                run.number("states"),
                run.bytes_per_state(),
            );
        }
        own
    }

    fn again(lanes: usize, turns: usize) -> Own {
        let line = ["--grain", "line"];
        let only = [&line[..], &["--only", "context-leak"]].concat();
        let leak = median(lanes, turns, "global", &only);
        Own { lanes, turns, leak, all: median(lanes, turns, "global", &line) }
    }

    /// Prints what a peer cost, and how many times as much that is. A peer may have run for
    /// minutes, in which other work came and went, so both are run again right after it.
    pub fn peer(&self, what: &str, cost: Cost, states: u64, bytes_per_state: f64) {
        let now = Own::again(self.lanes, self.turns);
        println!(
            "            {what:24}  {}  {states:>9} states  {bytes_per_state:3.0} B/state",
            cost.seconds()
        );
        println!(
            "            {:24}  context-leak {}   every anomaly {}",
            "",
            cost.times(&now.leak.cost),
            cost.times(&now.all.cost),
        );
    }
}

/// Prints a peer that executes real code, and interleak beside it. It keeps no states, so what is
/// told of it is how often it ran the code and the most memory that it had.
pub fn beside_executions(
    peer: &str,
    (lanes, turns): (usize, usize),
    (executions, cost): (usize, Cost),
) {
    let own = median(lanes, turns, "global", &["--only", "context-leak"]);
    assert!(own.complete(), "everything was looked at");
    let memory = high_mark("/proc/self/status").unwrap_or(0) / 1024;
    println!(
        "global {lanes}×{turns}  {peer:9}  {}  {executions:>9} executions, no states kept, {memory} MiB",
        cost.seconds(),
    );
    println!(
        "            interleak  {}  {:>9} states, {:.0} B/state, whole process   {}",
        own.cost.seconds(),
        own.number("states"),
        own.bytes_per_state(),
        cost.times(&own.cost),
    );
}

/// The fastest of three runs, with the most memory that one of them was seen to have: a short run
/// can be over before it is looked at.
pub fn fastest(users: usize, turns: usize, name: &str, options: &[&str]) -> Run {
    let mut runs: Vec<Run> = (0..3).map(|_| run(users, turns, name, options)).collect();
    let memory_kib = runs.iter().map(|run| run.memory_kib).max().unwrap();
    runs.sort_by_key(|run| run.cost.wall);
    Run { memory_kib, ..runs.swap_remove(0) }
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
