//! The attack: what must hold whatever bytes interleak is given. One function for each kind of
//! bytes, and a binary of its name in which libFuzzer looks for some that break it.
//!
//! Nothing may panic, hang, take memory without bound, drive the terminal, or give an answer that
//! another way of finding it does not give. `run`, beside this folder, starts it.
#![forbid(unsafe_code)]

mod commands;
mod differential;
mod promises;
mod small;
mod threads;

pub use differential::differential;

use commands::{Folder, carry_out, choose, interleak, vocabulary};
use interleak::cli::Cli;
use interleak::listing::Listing;
use interleak::log::blocks::{Blocks, LINE_BYTES_MAX};
use interleak::log::diagnosis::Diagnosis;
use interleak::log::judge::Limits;
use interleak::log::scan::{scan, scan_blocks};
use interleak::model::program::{Grain, Program, Setting};
use interleak::model::schedule;
use interleak::replay::machine::Machine;
use interleak::report::diagnose::{self, Read};
use interleak::report::diagnosis;
use interleak::scenario::{SHIPPED, Scenario};
use interleak::strategy::{self, STRATEGIES};
use promises::{harmless, refused};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::str::from_utf8;

/// Lets one of the functions below loose on some bytes.
pub fn attack(target: fn(&[u8]), data: &[u8]) {
    threads::ONE.install(|| target(data));
}

/// A scenario file. What is accepted goes the way of one command, with one strategy.
pub fn scenario(data: &[u8]) {
    const COMMANDS: [&str; 13] = [
        "run FILE -s NAME --max-states 300 --max-memory 64M --samples 20 --show 2",
        "run FILE -s NAME --max-states 300 --max-memory 1M --samples 20 --grain line",
        "run FILE -s NAME --max-states 300 --samples 5 --grain await --order 1",
        "run FILE -s NAME --max-states 300 --samples 5 --grain turn --all",
        "run FILE -s NAME --max-states 300 --samples 20 --log LOG --format json",
        "compare FILE -s NAME -s locked --max-states 300",
        "compare FILE -s NAME --max-states 300 --format csv",
        "sweep FILE -s NAME --turns 1..2 --max-states 300 --format json",
        "check FILE --max-states 300",
        "replay FILE -s NAME --log LOG",
        "replay FILE -s NAME --grain turn",
        "stress FILE -s NAME --runs 3 --infer-us 0 --seconds 2 --max-states 300",
        "explain FILE",
    ];
    let Ok(text) = from_utf8(data) else { return };
    match Scenario::parse("scenario.json", text, vocabulary()) {
        Err(problem) => refused(&problem),
        Ok(_) => {
            let strategy = STRATEGIES[choose(data, STRATEGIES.len())].name;
            let command = COMMANDS[choose(data, COMMANDS.len())];
            carry_out(command, &Folder::file("scenario.json", data), strategy);
        }
    }
}

/// A listing. What is accepted goes the way of one command, with one scenario.
pub fn listing(data: &[u8]) {
    const COMMANDS: [&str; 7] = [
        "run NAME -s FILE --max-states 300 --max-memory 64M --samples 20 --show 2",
        "run NAME -s FILE --max-states 300 --max-memory 1M --samples 20 --grain line",
        "run NAME -s FILE --max-states 300 --samples 5 --grain await --format json",
        "run NAME -s FILE --max-states 300 --samples 5 --workers 1 --replicas 2",
        "compare NAME -s FILE --max-states 300",
        "replay NAME -s FILE --log LOG",
        "explain FILE",
    ];
    let Ok(text) = from_utf8(data) else { return };
    match Listing::parse("listing.py", text) {
        Err(problem) => refused(&problem),
        Ok(_) => {
            let scenario = SHIPPED[choose(data, SHIPPED.len())].name;
            let command = COMMANDS[choose(data, COMMANDS.len())];
            carry_out(command, &Folder::file("listing.py", data), scenario);
        }
    }
}

/// A schedule: a byte that says of which program, then its text.
pub fn schedule(data: &[u8]) {
    const PROGRAMS: [(&str, &str); 4] = [
        ("voice-assistant", "global"),
        ("double-click", "locked"),
        ("voice-assistant", "actor"),
        ("cancel", "pooled-connection"),
    ];
    /// A longer one is not played here.
    const MOVES_MAX: usize = 10_000;
    let Some((&first, text)) = data.split_first() else { return };
    let Ok(text) = from_utf8(text) else { return };
    let (scenario, strategy) = PROGRAMS[usize::from(first) % PROGRAMS.len()];
    let grain = Grain::ALL[usize::from(first) / PROGRAMS.len() % Grain::ALL.len()];
    let program = shipped(scenario, strategy, grain);
    if let Ok(moves) = schedule::moves(&program, text)
        && moves.len() <= MOVES_MAX
    {
        let printed = schedule::print(&program, &moves);
        let read = schedule::moves(&program, &printed).ok();
        assert_eq!(read.as_ref(), Some(&moves), "what is printed can be read: {printed}");
        let _ = Machine::run(&program, &moves);
    }
    let typed = format!("--schedule={text}");
    interleak(&["replay", scenario, "-s", strategy, "--grain", grain.name(), &typed]);
}

fn shipped(scenario: &str, strategy: &str, grain: Grain) -> Program {
    let scenario = SHIPPED.iter().find(|it| it.name == scenario).expect("it is shipped");
    let scenario = Scenario::parse(scenario.name, scenario.text, vocabulary());
    let scenario = scenario.expect("what is shipped can be read");
    let strategy = strategy::named(strategy).expect("it is shipped");
    let code = Listing::parse(strategy.name, strategy.listing).expect("it can be read").code;
    let setting = Setting { grain, ..scenario.setting };
    Program::new(scenario.cast, code, setting).expect("what is shipped fits")
}

/// A log of a real app: the same diagnosis in blocks of every size, much and little remembered.
pub fn log(data: &[u8]) {
    let few = Limits { messages: 2, sessions: 2, cells: 2, waiting: 2 };
    // Blocks are longer than a line may be, or than it can be here.
    let sizes = if data.len() <= 8192 { &[3, 64, 1000][..] } else { &[LINE_BYTES_MAX + 1] };
    for limits in [Limits::default(), few] {
        let diagnosed = scan(data, limits, &|_| {}).expect("bytes can be read");
        let said = all_but_excerpts(&diagnosed);
        for &block_bytes in sizes {
            let blocks = Blocks::sized(data, block_bytes, LINE_BYTES_MAX);
            let again = scan_blocks(blocks, limits, &|_| {}).expect("bytes can be read");
            assert_eq!(all_but_excerpts(&again), said, "in blocks of {block_bytes} bytes");
        }
        let read = Read { log: "app.ndjson", diagnosis: &diagnosed };
        harmless(&diagnose::render(
            &read,
            interleak::report::page::Paper::english(interleak::screen::COLUMNS),
        ));
        harmless(&diagnosis::render(&read).expect("it can be written as JSON"));
    }
    interleak(&["diagnose", &Folder::file("app.ndjson", data)]);
}

/// Of a line that is too long, another part is at hand in other blocks.
fn all_but_excerpts(diagnosed: &Diagnosis) -> String {
    let Diagnosis { first_odd, .. } = diagnosed;
    let excerpt = first_odd.as_ref().map_or("", |(_, excerpt, _)| excerpt);
    format!("{diagnosed:?}").replacen(&format!("{excerpt:?}"), "", 1)
}

/// A saved report.
pub fn report(data: &[u8]) {
    let file = Folder::file("report.json", data);
    interleak(&["verify-run", &file, "--max-states", "300"]);
}

/// A command line: its words, with a NUL between them. It is read, and not run.
pub fn arguments(data: &[u8]) {
    let typed = data.split(|&byte| byte == 0).map(|word| OsString::from_vec(word.to_vec()));
    if let Err(said) = Cli::read([OsString::from("interleak")].into_iter().chain(typed)) {
        harmless(&said);
        assert!(said.len() < 20_000, "an answer of {} bytes", said.len());
    }
}
