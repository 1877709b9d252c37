//! No input panics, hangs or drives the terminal: shipped files, mutated at random, are read,
//! and whatever is accepted is explored.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use common::{LIMITS, explored_within};
use interleak::anomalies;
use interleak::explore::engine::Merging;
use interleak::explore::walk::Limits;
use interleak::listing::Listing;
use interleak::model::program::Program;
use interleak::scenario::{SHIPPED, Scenario, Vocabulary};
use interleak::screen::drives;
use interleak::strategy::{self, STRATEGIES};
use proptest::prelude::*;
use std::sync::LazyLock;

const KNOWN: Vocabulary =
    Vocabulary { strategies: &["global", "locked"], anomalies: &["deadlock"] };

/// Pieces that files of both kinds are likely to stumble over.
const PIECES: [&str; 40] = [
    "",
    "\n",
    "\r\n",
    "\t",
    " ",
    "\"",
    "'",
    "\"\"\"",
    "#@",
    "#@ ",
    ",",
    ":",
    "[",
    "]",
    "{",
    "}",
    "[session]",
    "shared H",
    "lock L",
    "hold L",
    "release LOCK",
    "acquire LOCK",
    "reply",
    "infer",
    "unless found",
    "repeat",
    "swap HISTORY",
    "lane w per session",
    "receive M",
    "await",
    "put X next",
    "take X",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{feff}",
    "小",
    "1e999",
    "-1",
    "null",
    "99999999999999999999",
];

#[derive(Clone, Debug)]
enum Mutation {
    Insert(prop::sample::Index, &'static str),
    Delete(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Swap(prop::sample::Index, prop::sample::Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = || any::<prop::sample::Index>();
    prop_oneof![
        (at(), prop::sample::select(&PIECES[..]))
            .prop_map(|(at, piece)| Mutation::Insert(at, piece)),
        (at(), 1..12_usize).prop_map(|(at, count)| Mutation::Delete(at, count)),
        (at(), 1..200_usize).prop_map(|(at, count)| Mutation::Repeat(at, count)),
        (at(), at()).prop_map(|(left, right)| Mutation::Swap(left, right)),
    ]
}

fn mutate(text: &str, mutations: &[Mutation]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for mutation in mutations {
        let length = characters.len() + 1;
        match mutation {
            Mutation::Insert(at, piece) => {
                let at = at.index(length);
                characters.splice(at..at, piece.chars());
            }
            Mutation::Delete(at, count) => {
                let at = at.index(length);
                characters.drain(at..(at + count).min(length - 1).max(at));
            }
            Mutation::Repeat(at, count) => {
                let at = at.index(length);
                let piece = characters[at..(at + count).min(length - 1).max(at)].to_vec();
                characters.splice(at..at, piece);
            }
            Mutation::Swap(left, right) if !characters.is_empty() => {
                let (left, right) = (left.index(length - 1), right.index(length - 1));
                characters.swap(left, right);
            }
            Mutation::Swap(..) => {}
        }
    }
    characters.into_iter().collect()
}

fn explore(scenario: &Scenario, listing: &Listing) {
    let cast = scenario.cast.clone();
    let setting = scenario.setting;
    if let Ok(program) = Program::new(cast, listing.code.clone(), setting) {
        explored_within(&program, Merging::Symmetric, Limits { states_max: 300, ..LIMITS });
    }
}

fn check_message(message: &str) {
    assert!(message.starts_with("error: "), "{message}");
    assert!(!message.chars().any(|c| c != '\n' && drives(c)), "{message:?}");
    assert!(message.len() < 8_000, "an error of {} bytes", message.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn mutated_listings(which in 0..STRATEGIES.len(), mutations in prop::collection::vec(mutation(), 1..6)) {
        let text = mutate(STRATEGIES[which].listing, &mutations);
        match Listing::parse("mutated.py", &text) {
            Ok(listing) => {
                let scenario = Scenario::parse("s", SHIPPED[0].text, all_known()).unwrap();
                explore(&scenario, &listing);
            }
            Err(problem) => check_message(&problem.render(interleak::words::Words::english(), false)),
        }
    }

    #[test]
    fn mutated_scenarios(which in 0..SHIPPED.len(), mutations in prop::collection::vec(mutation(), 1..6)) {
        let text = mutate(SHIPPED[which].text, &mutations);
        match Scenario::parse("mutated.json", &text, all_known()) {
            Ok(scenario) => {
                let listing = Listing::parse("global", STRATEGIES[0].listing).unwrap();
                explore(&scenario, &listing);
            }
            Err(problem) => check_message(&problem.render(interleak::words::Words::english(), false)),
        }
    }

    #[test]
    fn arbitrary_text(text in "(?s).{0,300}") {
        let _ = Listing::parse("any.py", &text).map_err(|problem| check_message(&problem.render(interleak::words::Words::english(), false)));
        let scenario = Scenario::parse("any.json", &text, KNOWN);
        let _ = scenario.map_err(|problem| check_message(&problem.render(interleak::words::Words::english(), false)));
    }
}

fn all_known() -> Vocabulary<'static> {
    static STRATEGIES: LazyLock<Vec<&str>> = LazyLock::new(strategy::names);
    static ANOMALIES: LazyLock<Vec<&str>> = LazyLock::new(anomalies::names);
    Vocabulary { strategies: &STRATEGIES, anomalies: &ANOMALIES }
}

/// What is wrong, and the words that must be in the message about it.
#[track_caller]
fn refused(body: &str, expected: &[&str]) {
    let text =
        format!("H = []  #@ shared H\nL = 0  #@ lock L\nM = 0  #@ mailbox M[session]\n{body}");
    match Listing::parse("mine.py", &text) {
        Ok(_) => panic!("this listing should be refused:\n{text}"),
        Err(problem) => {
            let message = problem.render(interleak::words::Words::english(), false);
            for words in expected {
                assert!(message.contains(words), "`{words}` is missing in:\n{message}");
            }
        }
    }
}

#[test]
fn listings_that_make_no_sense_are_refused_with_their_place() {
    let respond = "def respond(question, session):\n";
    let with = |lines: &str| format!("{respond}{lines}    r()  #@ reply\n");
    refused(
        &with("    a()  #@ load HH\n"),
        &["unknown cell HH", "mine.py:5:18", "did you mean H?"],
    );
    refused(&with("    a()  #@ load L\n"), &["needs a cell; L is a lock"]);
    refused(&with("    a()  #@ hold L\n"), &["`hold` belongs on a `with` line"]);
    refused(&with("    a()  #@ release L\n"), &["released by a lane that does not hold it"]);
    refused(&with(""), &["no answer yet", "mine.py:5:13"]);
    refused(&with("    a()  #@ infer\n    a()  #@ reply\n"), &["this line never runs"]);
    refused(&with("    a()  #@ infer\n    a()  #@ swap H\n"), &["outside of a `repeat` loop"]);
    refused(&with("    while x:  #@ repeat\n        a()  #@ infer\n"), &["has no `swap`"]);
    refused(
        &with("    while x:  #@ repeat\n        a()  #@ infer\n        a()  #@ swap H\n"),
        &["does not load it", "would fail for ever"],
    );
    refused(&with("    while x:\n        a()  #@ infer\n"), &["inside an unmarked `while`"]);
    refused(&with("    if x:  #@ unless found\n        a()  #@ infer\n"), &["without a `lookup`"]);
    refused(&with("    a()  #@ send M\n"), &["nobody receives from M"]);
    refused(&with("    a()  #@ await\n"), &["nobody answers"]);
    refused(&with("    a()  #@ lookup H\n    a()  #@ load H\n"), &["use H in two ways"]);
    refused(&with("    a()  #@ infer, note\n"), &["`note` is not complete", "note question"]);
    refused(&with("    a()  #@ load H, store H\n"), &["touches two shared places"]);
    let held = "    with L:  #@ hold L\n        a()  #@ infer\n";
    refused(
        &format!("{respond}{held}        return r()  #@ store H, reply\n"),
        &["`reply` stands alone"],
    );
    refused(
        &with("    with L:  #@ hold L\n        with L:  #@ hold L\n"),
        &["holds that lock already"],
    );
    refused(&with("    with L, K:  #@ hold L, hold L\n"), &["touches two shared places"]);
    refused(
        &with(
            "    a()  #@ infer\n    if a:  #@ unless found, note question\n        b()  #@ infer\n",
        ),
        &["is the last move of its line"],
    );
    refused(
        &format!(
            "{respond}    try:\n        return a()  #@ note question, infer, reply\n    finally:\n        l()  #@ release L\n"
        ),
        &["not simulated together with `finally`"],
    );
    refused(&with("    a()  #@ load H[question]\n"), &["declared with other keys"]);
    let worker = "def w():  #@ lane w\n    a()  #@ receive N\n    b()  #@ infer\n";
    refused(
        &format!(
            "N = 0  #@ mailbox N\n{}{worker}{}",
            with("    a()  #@ infer\n"),
            worker.replace("def w", "def v")
        ),
        &["two daemon lanes are called w"],
    );
    refused("x()  #@ infer\n", &["outside of every function"]);
    refused("def other():\n    x()  #@ infer\n", &["in `other`, which no lane runs"]);
    refused("def other():\n    x()\n", &["has no function `respond`"]);
    refused(&format!("{respond}    a()  #@ infer\n"), &["`respond` never replies"]);
    refused(
        &format!("{}def w():  #@ lane w\n    a()  #@ infer\n", with("    a()  #@ infer\n")),
        &["does not begin by receiving"],
    );
    refused(
        &format!("{}def w():  #@ lane w\n    a()  #@ receive M\n", with("    a()  #@ infer\n")),
        &["cannot know whose M to empty"],
    );
}
