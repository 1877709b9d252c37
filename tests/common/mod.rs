//! Programs to test with.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses some of these")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of tests")]

mod joined;
pub mod random;

use interleak::anomalies::{ANOMALIES, Judges};
use interleak::explore::NoJudge;
use interleak::explore::engine::{Ask, Explored, Merging, explore};
use interleak::explore::plain::Plain;
use interleak::explore::tally::{Ratio, With};
use interleak::explore::walk::{Limits, Wanted, walk};
use interleak::listing::Listing;
use interleak::model::cast::Cast;
use interleak::model::code::Code;
use interleak::model::context::Messages;
use interleak::model::program::{Grain, Program, Setting};
use interleak::scenario::{Scenario, Vocabulary};
use interleak::verdict::{Question, Verdict, judge};

pub const LIMITS: Limits = Limits::new(2_000_000, 4 << 30);

/// So many users, each with one lane of so many turns; the texts do not matter.
pub fn users(users: usize, turns: usize) -> Cast {
    let lanes = (0..users).map(|user| {
        let says = (0..turns).map(|turn| format!("{{\"text\": \"{user}.{turn}\"}}"));
        let says = says.collect::<Vec<_>>().join(",");
        format!("{{\"user\": \"u{user}\", \"says\": [{says}]}}")
    });
    cast(&lanes.collect::<Vec<_>>().join(","))
}

/// A cast of lanes given in JSON.
pub fn cast(lanes: &str) -> Cast {
    let text = format!("{{\"format\": 1, \"title\": \"t\", \"lanes\": [{lanes}]}}");
    let known = Vocabulary { strategies: &[], anomalies: &[] };
    Scenario::parse("test.json", &text, known)
        .unwrap_or_else(|e| panic!("{}", e.render(interleak::words::Words::english(), false)))
        .cast
}

pub fn program(cast: Cast, listing: &str, grain: Grain) -> Program {
    Program::new(cast, code(listing), Setting { grain, ..Setting::default() }).unwrap()
}

/// Lanes in JSON that a server of this kind serves, as a scenario in which nothing is expected.
pub fn scenario(lanes: &str, setting: Setting) -> Scenario {
    Scenario {
        title: String::new(),
        story: String::new(),
        cast: cast(lanes),
        setting,
        expect: Vec::new(),
        remarks: Vec::new(),
    }
}

/// What is found in every order of these lanes with this listing.
pub fn verdict(lanes: &str, listing: &str, setting: Setting) -> Verdict {
    let (scenario, code) = (scenario(lanes, setting), code(listing));
    judge(&Question::new(&scenario, &code, LIMITS), &|_| ()).unwrap()
}

/// In how many orders an anomaly shows.
pub fn orders_with(verdict: &Verdict, id: &str) -> u64 {
    let judged = verdict.anomalies.iter().find(|judged| judged.anomaly.id == id);
    u64::try_from(&judged.unwrap().orders).unwrap()
}

/// A listing of `tests/fixtures/listings`, with the steps that its numbers are about.
pub fn counted(cast: Cast, name: &str, grain: Grain) -> Program {
    let code = joined::as_counted(name, code(&fixture(name)));
    Program::new(cast, code, Setting { grain, ..Setting::default() }).unwrap()
}

pub fn code(listing: &str) -> Code {
    let listing = Listing::parse("test.py", listing);
    listing
        .unwrap_or_else(|e| panic!("{}", e.render(interleak::words::Words::english(), false)))
        .code
}

/// A listing of `tests/fixtures/listings`.
pub fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/listings/{name}.py", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// Every anomaly, one bit each, in the order of the registry.
pub fn judges() -> Judges {
    Judges { anomalies: ANOMALIES.to_vec() }
}

/// What the engine finds: every anomaly, and every number that it can tell.
pub fn explored(program: &Program) -> Explored {
    explored_by(program, Merging::Symmetric)
}

pub fn explored_by(program: &Program, merging: Merging) -> Explored {
    explored_within(program, merging, LIMITS)
}

pub fn explored_within(program: &Program, merging: Merging, limits: Limits) -> Explored {
    let judges = judges();
    let ask = Ask { merging, traces_states_max: usize::MAX, ..Ask::new(&judges, limits) };
    explore(program, &ask)
}

/// Everything but the sizes that depend on how states are merged.
pub fn numbers(explored: &Explored) -> String {
    let Explored { orders, traces, found, heard, .. } = explored;
    format!("{orders} {traces:?} {found:?} {heard:?}")
}

/// Does something on so many threads.
pub fn on_threads<T: Send>(threads: usize, task: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(task)
}

/// What was found of an anomaly: orders and chance, nought if it never shows.
pub fn with(explored: &Explored, anomaly: usize) -> With {
    let found = explored.found.iter().find(|found| found.finding == 1 << anomaly);
    let never = With { orders: 0_u32.into(), chance: Ratio::new(0_u32.into(), 1_u32.into()) };
    found.map_or(never, |found| found.with.clone())
}

pub fn outcomes(program: &Program) -> usize {
    walk(&Plain::<Messages>::new(program, &NoJudge), &Wanted::within(LIMITS)).outcomes.len()
}
