//! What a page says in words, where the numbers behind it are known by hand. The goldens hold the
//! pages as they are; this holds what they mean.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::cli::Cli;
use interleak::report::page::Paper;
use interleak::screen::COLUMNS;

/// Two users, one request each.
const TWO: &str = r#"{"format": 1, "title": "t", "lanes": [
    {"user": "a", "says": [{"text": "x"}]}, {"user": "b", "says": [{"text": "y"}]}]}"#;

/// The page of a strategy for two users, its lines joined.
fn page(strategy: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.json");
    std::fs::write(&path, TWO).unwrap();
    let arguments = ["interleak", "run", path.to_str().unwrap(), "-s", strategy, "--full"];
    let mut page = Vec::new();
    let cli = Cli::read(arguments).unwrap();
    cli.answer(Paper::english(COLUMNS), &mut page).unwrap_or_else(|_| panic!("{strategy}"));
    String::from_utf8(page).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(page: &str, words: &str) {
    assert!(page.contains(words), "`{words}` is missing in:\n{page}");
}

/// Each loads and stores: six orders, in one of which b is through before a begins. A coin chooses
/// b twice; from then on only a is left.
#[test]
fn who_heard_whom_is_told_with_its_orders_and_its_chance() {
    let page = page("global");
    says(&page, "a#1 hears b in 1 of 6 orders · chance 1/4 = 0.25");
    says(&page, "b#1 hears a in 1 of 6 orders · chance 1/4 = 0.25");
}

/// Everybody appends the question before reading, so whoever reads last reads everything. With
/// copies, b must be through before a reads.
#[test]
fn what_is_lost_from_the_start_is_told_so() {
    let from_the_start = "No order avoids";
    says(&page("global-append"), from_the_start);
    let later = page("global");
    says(&later, "After step 2 no order can avoid LEAK any more.");
    assert!(!later.contains(from_the_start), "{later}");
}

/// A mark that leaves out what its line reads would make a leak clean.
#[test]
fn a_listing_that_is_not_understood_is_not_called_clean() {
    let listing = "messages = []  #@ shared messages\n\n\ndef respond(question, session):\n    \
                   messages.append(question)  #@ append messages question\n    \
                   answer = client.chat(messages)  #@ infer\n    return answer  #@ reply\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.py");
    std::fs::write(&file, listing).unwrap();
    let file = file.to_str().unwrap();
    let only = "--only context-leak";
    for (typed, formats) in [
        (format!("run voice-assistant -s {file} {only}"), &["text", "json"][..]),
        (format!("compare voice-assistant -s {file} {only}"), &["text", "json", "csv", "markdown"]),
        (format!("sweep voice-assistant --turns 1..2 -s {file} {only}"), &["text", "json", "csv"]),
        (format!("replay voice-assistant -s {file} {only}"), &[""]),
    ] {
        for format in formats {
            let format =
                if format.is_empty() { String::new() } else { format!(" --format {format}") };
            let typed = typed.clone() + &format;
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_interleak"));
            let output = command.args(typed.split(' ')).output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains("Line 6 names messages"), "{typed}: {said}");
            assert_eq!(output.status.code(), Some(3), "{typed}: {said}");
            let text = typed.starts_with("run") && typed.ends_with("text");
            assert!(!text || said.starts_with("UNKNOWN nothing was found"), "{said}");
        }
    }
}

/// On one event loop a thread-local is a global: it is shared, and what is lost needs a switch. And a
/// worker answers two requests at once without any switch.
#[test]
fn what_a_kind_needs_is_true_of_what_was_found() {
    let page = |strategy: &str, more: &[&str]| {
        let arguments = [&["interleak", "run", "voice-assistant", "--full", "-s", strategy], more];
        let cli = Cli::read(arguments.concat()).unwrap();
        let mut page = Vec::new();
        cli.answer(Paper::english(COLUMNS), &mut page).unwrap_or_else(|_| panic!("{strategy}"));
        String::from_utf8(page).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let shared = page("thread-local", &["--grain", "await"]);
    says(&shared, "sharing: needs no preemption");
    says(&shared, "race: needs a switch inside a turn");
    says(&page("global", &[]), "sharing: needs no preemption");
    let worker = page("actor-shared-slot", &[]);
    says(&worker, "race: it happens only when requests overlap.");
    assert!(!worker.contains("needs a switch inside a turn"), "{worker}");
    says(&page("narrow-lock", &["--only", "lost-update"]), "race: needs a switch inside a turn");
    let chain = page("two-step", &["--only", "torn-history"]);
    says(&chain, "chain: it needs no overlap, but another request between two functions");
    assert!(!chain.contains("sharing:") && !chain.contains("race:"), "{chain}");
}

/// Where each function has a queue of its own, two of them run at once.
#[test]
fn one_by_one_is_said_only_where_one_request_is_worked_on() {
    let listing = "H = {}  #@ shared H[session]\ndef respond(question, session):\n    \
                   H.append(question)  #@ append H question\n    next()  #@ then\n    \
                   h = list(H)  #@ load H\n    a = assistant(h)  #@ infer\n    return a  #@ reply\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.py");
    std::fs::write(&file, listing).unwrap();
    let page = |profile: &str| {
        let file = file.to_str().unwrap();
        let arguments = ["interleak", "run", "double-click", "-s", file, "--profile", profile];
        let mut page = Vec::new();
        let cli = Cli::read(arguments).unwrap();
        cli.answer(Paper::english(COLUMNS), &mut page).unwrap_or_else(|_| panic!("{profile}"));
        String::from_utf8(page).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let one_by_one = "Here one request is worked on after the other.";
    says(&page("gradio-3-queue"), one_by_one);
    let apart = page("gradio-4");
    assert!(apart.starts_with("CLEAN") && !apart.contains(one_by_one), "{apart}");
}
