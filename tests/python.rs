//! The listings as real Python: CPython runs them on forced schedules, and everything is compared
//! with the simulation, move by move. Honest listings are the same; lying ones are refused by line.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use interleak::commands::load;
use interleak::listing::Listing;
use interleak::python::limits::Limits;
use interleak::python::{
    Job, LeftOut, Proof, Python, RunsOn, Step, Subject, Told, Verified, verify,
};
use interleak::strategy::STRATEGIES;
use interleak::words::{Phrase, Words};
use rayon::prelude::*;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// Random orders of each scenario, besides the witnesses.
const RUNS: usize = 25;

/// So many listings are run at once where most of them wait.
const WAITING: usize = 6;

/// A session that asks the same again, while another one does too: caches are hit.
const ASKED_AGAIN: &str = "tests/fixtures/asked-again.json";

/// The scenarios that listings are run with: one for each thing that people can do. The other
/// shipped ones say the same in other words, or are about the server.
const SCENARIOS: [&str; 7] = [
    "voice-assistant",
    "voice-assistant-zh",
    "three-students",
    "two-tabs",
    "double-click",
    "first-contact",
    ASKED_AGAIN,
];

/// More than any listing here takes.
const LIMITS: Limits = Limits { time_max: Duration::from_secs(600) };

/// The interpreter, looked for once: a `python3` may be a script that takes longer than a listing.
fn python() -> &'static Python {
    static PYTHON: LazyLock<Python> = LazyLock::new(|| {
        Python::find(LIMITS.time_max).unwrap_or_else(|problem| {
            panic!(
                "this suite runs listings as real Python; as README says, it needs Python 3.10 \
                 or newer on the PATH as `python3`: {}",
                problem.render(Words::english(), false)
            )
        })
    });
    &PYTHON
}

fn parse(name: &str, text: &str) -> Listing {
    Listing::parse(name, text).unwrap_or_else(|e| panic!("{}", e.render(Words::english(), false)))
}

/// The orders of a listing in some scenarios.
fn jobs(listing: &Listing, scenarios: &[&str], runs: usize) -> Vec<Job> {
    let jobs = scenarios.par_iter().enumerate().map(|(index, name)| {
        let scenario = load::scenario(name).unwrap().scenario;
        Job::new(scenario.cast, listing.code.clone(), scenario.setting, runs, index as u64).unwrap()
    });
    jobs.collect()
}

/// Runs a listing in some orders.
#[track_caller]
fn run_in(name: &str, listing: &Listing, jobs: &[Job]) -> Verified {
    let subject = Subject { name, folder: None, listing };
    let verified = verify(python(), &subject, jobs, &LIMITS, &|_| {});
    let verified = verified
        .unwrap_or_else(|problem| panic!("{name}: {}", problem.render(Words::english(), false)));
    assert_eq!(verified.stopped, None, "{name}");
    verified
}

/// Runs a listing with some scenarios.
#[track_caller]
fn run(name: &str, text: &str, scenarios: &[&str], runs: usize) -> Verified {
    let listing = parse(name, text);
    run_in(name, &listing, &jobs(&listing, scenarios, runs))
}

/// The listing does what its marks say; says what was compared.
#[track_caller]
fn same(name: &str, text: &str, runs: usize) -> Proof {
    let verified = run(name, text, &SCENARIOS, runs);
    if let Some((_, _, told)) = &verified.difference {
        panic!("{name} differs: {told:#?}");
    }
    let proof = verified.proof;
    assert!(
        proof.orders >= 5 * runs && proof.replies > proof.orders && proof.cells > 0,
        "{proof:?}"
    );
    // Not `println!`, which is shown only when a test fails.
    let _ = writeln!(
        std::io::stderr(),
        "python {}: {name}: {} schedules, {} moves, {} replies, {} cells and {} waits compared",
        proof.python,
        proof.orders,
        proof.moves,
        proof.replies,
        proof.cells,
        proof.waits
    );
    proof
}

/// The listing does something else, and is told so.
#[track_caller]
fn lies(name: &str, text: &str, scenarios: &[&str]) -> Told {
    match run(name, text, scenarios, 10).difference {
        Some((_, _, told)) => told,
        None => panic!("{name} was believed:\n{text}"),
    }
}

fn files(folder: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        (format!("{folder}/{name}"), std::fs::read_to_string(path).unwrap())
    };
    let mut files: Vec<_> = entries.map(|path| read(&path)).collect();
    files.sort();
    files
}

/// Every shipped listing.
#[test]
fn shipped_listings_do_what_their_marks_say() {
    for strategy in STRATEGIES {
        let proof = same(strategy.name, strategy.listing, RUNS);
        assert!(proof.not_compared.is_empty(), "every place can be looked at: {proof:?}");
        let waits = ["#@ hold", "#@ await"].iter().any(|mark| strategy.listing.contains(mark));
        assert_eq!(proof.waits > 0, waits, "{}", strategy.name);
    }
}

/// What a server decides is played: which thread runs a request, and which replica.
#[test]
fn the_server_is_played() {
    for (name, scenario) in [
        ("thread-local", "threads"),
        ("replicas-unsticky", "replicas"),
        ("replicas-sticky", "tests/fixtures/bob-in-two-tabs.json"),
    ] {
        let strategy = STRATEGIES.iter().find(|strategy| strategy.name == name).unwrap();
        let verified = run(name, strategy.listing, &[scenario], RUNS);
        assert!(verified.difference.is_none(), "{name}: {:#?}", verified.difference);
        assert!(verified.proof.not_compared.is_empty(), "{name}: {:?}", verified.proof);
        let scenario = load::scenario(scenario).unwrap().scenario;
        let code = Listing::parse(name, strategy.listing).unwrap().code;
        let job = Job::new(scenario.cast, code, scenario.setting, RUNS, 0).unwrap();
        let steps = job.orders.iter().flat_map(|order| &order.steps);
        let second = |on: RunsOn| on.worker == 1 || on.replica == 1;
        let seconds = steps.filter(|step| step.begins.is_some_and(second)).count();
        assert!(seconds > 0, "{name} uses a second thread or replica");
    }
}

/// What one process of Python cannot play is left out, and that is known.
#[test]
fn what_is_left_out_is_known() {
    let left_out = |name: &str, scenario: &str| {
        let strategy = STRATEGIES.iter().find(|strategy| strategy.name == name).unwrap();
        let code = Listing::parse(name, strategy.listing).unwrap().code;
        let scenario = load::scenario(scenario).unwrap().scenario;
        Job::new(scenario.cast, code, scenario.setting, 0, 0).unwrap().left_out
    };
    assert_eq!(left_out("pooled-connection", "cancel"), []);
    assert_eq!(left_out("global", "replicas"), [LeftOut::Replicas]);
    assert_eq!(left_out("replicas-unsticky", "replicas"), []);
    assert_eq!(left_out("store-shared", "replicas"), []);
    assert_eq!(left_out("thread-local", "threads"), []);
}

/// The listings of the other tests, listings in unusual forms, and those of the documentation.
#[test]
fn other_listings_do_what_their_marks_say() {
    let docs = std::fs::read_to_string(format!("{}/docs/LISTINGS.md", env!("CARGO_MANIFEST_DIR")));
    let docs = docs.unwrap();
    let blocks = docs.split("```python\n").skip(1).map(|block| block.split("```").next().unwrap());
    let shown: Vec<(String, String)> = blocks
        .filter(|block| block.contains("def respond"))
        .enumerate()
        .map(|(index, block)| (format!("docs/LISTINGS.md, block {}", index + 1), block.to_owned()))
        .collect();
    assert!(shown.len() >= 4, "the documentation has listings");
    let new = include_str!("../src/commands/new/strategy.py");
    let others = [("interleak new".to_owned(), new.to_owned())];
    let all = [files("listings"), files("honest"), shown, others.to_vec()].concat();
    for (name, text) in all {
        same(&name, &text, 12);
    }
}

/// What the marks say is altered by hand, as a wrong simulation would have it. The stand-ins are what a
/// server gives, so Python does not follow.
#[track_caller]
fn a_wrong_simulation_is_noticed(text: &str, scenario: &str, alter: fn(&mut Step)) {
    let listing = parse("honest.py", text);
    let mut jobs = jobs(&listing, &[scenario], RUNS);
    assert!(run_in("honest.py", &listing, &jobs).difference.is_none());
    jobs.iter_mut()
        .flat_map(|job| &mut job.orders)
        .flat_map(|order| &mut order.steps)
        .for_each(alter);
    assert!(run_in("altered", &listing, &jobs).difference.is_some(), "it was confirmed");
}

/// The ids of one order are renamed, each to the id that this says.
fn rename(step: &mut Step, to: fn(&str) -> &str) {
    let cells = step.after.0[0].iter_mut().flatten();
    cells.chain(step.read.iter_mut().flatten()).for_each(|label| *label = to(label).to_owned());
}

const DRAWN: &str = include_str!("fixtures/honest/drawn-ids.py");

#[test]
fn an_id_that_was_drawn_is_no_number_of_a_counter() {
    a_wrong_simulation_is_noticed(DRAWN, "two-tabs", |step| {
        rename(step, |label| label.strip_prefix("id-").unwrap_or(label));
    });
}

#[test]
fn two_ids_that_were_drawn_are_never_one() {
    a_wrong_simulation_is_noticed(DRAWN, "voice-assistant", |step| {
        rename(step, |label| if label.starts_with("id-") { "id-1" } else { label });
        step.draws = step.draws.as_ref().map(|_| "id-1".to_owned());
    });
}

/// It ends where it waits, gives its locks back, runs what is marked for it, and says nothing.
#[test]
fn a_request_that_its_client_cancels_is_cancelled_in_python_too() {
    let actor = include_str!("fixtures/honest/async-actor.py");
    let paused = include_str!("fixtures/honest/paused.py");
    let listing = |name: &str| STRATEGIES.iter().find(|it| it.name == name).unwrap().listing;
    let pooled = ["pooled-connection", "pooled-connection-dropped"].map(listing);
    for text in [&[actor, paused], &pooled].into_iter().flatten() {
        let listing = parse("cancelled.py", text);
        let jobs = jobs(&listing, &["cancel", "tests/fixtures/cancelled-then-asked.json"], RUNS);
        for job in &jobs {
            let steps = job.orders.iter().flat_map(|order| &order.steps);
            assert!(steps.filter(|step| step.cancels()).count() > 10);
        }
        let verified = run_in("cancelled.py", &listing, &jobs);
        assert!(verified.difference.is_none(), "{:#?}", verified.difference);
    }
    // The same, as if nothing were thrown away with the connection.
    let kept = listing("pooled-connection-dropped").replace("    reconnect()  ", "    pass  ");
    assert!(kept.contains("    pass  "));
    let told = lies("kept.py", &kept, &["cancel"]);
    let said = Phrase::from(&told.what).english();
    assert!(said.contains("the client cancels while it waits at line"), "{said}");
}

#[test]
fn lying_listings_are_refused_by_line() {
    let expected = [
        ("aliased-load", 5, "makes a copy, but in Python `history` is HISTORY itself"),
        ("asks-twice", 7, "`infer`, but Python asks the assistant 2 times"),
        ("blocking-wait", 12, "`await`, which lets the others go on, but in Python"),
        ("early-return", 8, "line 8 has no mark, but in Python the turn ends there"),
        ("error-without-words", 6, "line 6 has no mark, but Python stops with an error there"),
        ("extending-store", 9, "`store HISTORY`, but Python does something else to HISTORY"),
        ("hidden-wait", 7, "line 7 has no mark, but Python waits, or never ends there"),
        ("lookup-any", 11, "`lookup CACHE`, but in Python its variable has something else"),
        ("lookup-nothing", 11, "`lookup CACHE`, but in Python its variable has something else"),
        ("lookup-other-key", 11, "`lookup CACHE`, but in Python its variable has something else"),
        ("loop-lock", 5, "`lock LOCK`, and whoever waits stops the whole server, but in Python"),
        ("mint-counter", 10, "`mint`, but in Python its variable has something else"),
        ("mint-once", 11, "`mint`, but in Python its variable has something else"),
        ("no-lock", 9, "`hold LOCK`, but in Python LOCK is free after it"),
        ("no-wait", 7, "`hold LOCK`, but Python does not wait there"),
        ("own-lock-async", 21, "stops them too: a real server stands still here"),
        ("put-other-key", 14, "`put NUMBERS id`, but Python does something else to NUMBERS"),
        ("save-elsewhere", 14, "`save CACHE`, but Python does something else to CACHE"),
        ("save-nothing", 26, "`save CACHE`, but Python does something else to CACHE"),
        ("save-other-key", 14, "`save CACHE`, but Python does something else to CACHE"),
        ("take-any", 10, "`take NUMBERS`, but in Python its variable has something else"),
        ("take-other-key", 10, "`take NUMBERS`, but in Python its variable has something else"),
        ("thread-lock-async", 5, "stops them too: a real server stands still here"),
        ("unless-never", 12, "`unless found`, but Python goes on elsewhere"),
        ("unmarked-write", 7, "line 7 has no mark, but Python changes HISTORY there"),
        ("wrong-note", 8, "`note answer`, but Python makes something else of `history`"),
    ];
    let files = files("lying");
    assert_eq!(files.len(), expected.len(), "each lying listing is expected to be caught");
    let caught = |(file, expected): (&(String, String), (&str, usize, &str))| {
        let ((name, text), (expected_name, line, words)) = (file, expected);
        assert_eq!(*name, format!("lying/{expected_name}.py"));
        let told = lies(name, text, &SCENARIOS);
        assert_eq!(told.line, Some(line), "{name}: {told:#?}");
        let said = Phrase::from(&told.what).english();
        assert!(said.contains(words), "{name}: {said}, {told:#?}");
        assert!(said.contains(&format!("line {line} ")), "{name}: {said}, {told:#?}");
    };
    common::on_threads(WAITING, || files.par_iter().zip(expected).for_each(caught));
}

/// Each marked line of each shipped listing is broken by hand: its mark stays, its code does
/// nothing. The difference is traced back to exactly this line.
#[test]
fn every_marked_line_matters() {
    let scenarios = ["voice-assistant", "double-click", ASKED_AGAIN];
    let broken = STRATEGIES.par_iter().flat_map_iter(|strategy| {
        // The marks stay, so the orders do.
        let whole = parse(strategy.name, strategy.listing);
        let jobs = Arc::new(jobs(&whole, &scenarios, 10));
        let lines: Vec<&str> = strategy.listing.lines().collect();
        let broken = lines.clone().into_iter().enumerate().filter_map(move |(index, line)| {
            let idle = idle(line)?;
            let text = [&lines[..index], &[&*idle], &lines[index + 1..]].concat().join("\n");
            let name = format!("{} without its line {}", strategy.name, index + 1);
            Some((name, text, index + 1, Arc::clone(&jobs)))
        });
        broken.collect::<Vec<_>>()
    });
    let broken: Vec<_> = broken.collect();
    assert!(broken.len() > 150, "{} lines were broken", broken.len());
    let missed = |(name, text, line, jobs): &(String, String, usize, Arc<Vec<Job>>)| {
        let listing = parse(name, text);
        let found = run_in(name, &listing, jobs).difference.map(|(_, _, told)| told);
        let line_found = found.as_ref().and_then(|told| told.line);
        (line_found != Some(*line)).then(|| format!("{name}: {found:#?}"))
    };
    // Most of them only wait until it is clear that nobody moves.
    let missed: Vec<String> =
        common::on_threads(WAITING, || broken.par_iter().filter_map(missed).collect());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// The same line, doing nothing; `None` if no move is marked on it, or if it does nothing anyway.
fn idle(line: &str) -> Option<String> {
    let (code, mark) = line.split_once("#@")?;
    let indent = &code[..code.len() - code.trim_start().len()];
    let code = code.trim();
    let code = match mark.split_whitespace().next()? {
        "shared" | "lock" | "mailbox" | "pipe" | "lane" | "repeat" | "each" | "route" => {
            return None;
        }
        // The `.then` of a browser: in the file it is a line that does nothing.
        "then" => return None,
        // What a request does that is cancelled: none is here, so these lines never run.
        "cancelled" | "drop" => return None,
        "unless" | "swap" => "if True:",
        "hold" => "with memoryview(b''):",
        "receive" if code.starts_with("batch = ") => "batch = [('', '', Queue())]",
        "receive" => "question, reply_box = '', Queue()",
        "load" if code.starts_with("history = ") => "history = []",
        "load" if code.starts_with("state = ") => "state = []",
        "load" if code.starts_with("before = ") => "before = ()",
        "lookup" => "answer = None",
        "take" | "mint" if code.starts_with("number = ") => "number = None",
        "take" => "user = None",
        _ if code.starts_with("answer = ") => "answer = ''",
        _ => "pass",
    };
    Some(format!("{indent}{code}  #@{mark}"))
}

/// What cannot be looked at is said, and the rest is compared all the same.
#[test]
fn places_that_cannot_be_looked_at_are_named() {
    let text = "def respond(question, session, kept=[]):\n    \
                history = list(kept)  #@ load HISTORY, shared HISTORY\n    \
                history.append(question)  #@ note question\n    \
                answer = assistant(history)  #@ infer\n    \
                kept[:] = history  #@ store HISTORY\n    \
                return answer  #@ reply\n";
    let verified = run("hidden.py", text, &["voice-assistant"], 10);
    assert!(verified.difference.is_none());
    assert_eq!(verified.proof.cells, 0);
    assert!(verified.proof.not_compared.contains("HISTORY"));
}

/// Two runs compare the same orders.
#[test]
fn the_orders_are_the_same_each_time() {
    let text = common::fixture("global");
    let once = run("global.py", &text, &["voice-assistant"], 10).proof;
    assert_eq!(once, run("global.py", &text, &["voice-assistant"], 10).proof);
}
