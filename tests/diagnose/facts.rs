//! What a diagnosis tells as facts, the page says and the document holds.

use super::*;
use interleak::log::diagnosis::{Counted, Finding, How, Kind, Place, Who};
use interleak::log::entry::Id;
use interleak::report::diagnose::{self, Read};
use interleak::report::diagnosis;
use interleak::report::page::Paper;
use interleak::words::Phrase;
use serde::Serialize;
use std::collections::BTreeSet;

/// The page, its words one space apart.
fn page(found: &Diagnosis) -> String {
    let read = Read { log: "-app.ndjson", diagnosis: found };
    let page = diagnose::render(&read, Paper::english(COLUMNS));
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn document(found: &Diagnosis) -> serde_json::Value {
    let read = Read { log: "-app.ndjson", diagnosis: found };
    serde_json::from_str(&diagnosis::render(&read).unwrap()).unwrap()
}

/// A log after which everything is open, each thing so often.
fn open(count: u64) -> Diagnosis {
    let counted = Counted { count, ids: 3 * count, first_line: Some(1234) };
    let mut found = Diagnosis { interrupted: true, lines: 5000, remember: 2, ..Default::default() };
    (found.judged, found.unjudged, found.other, found.public) = (count, count, count, count);
    (found.open.unknown, found.open.unsure, found.open.too_long_ago) = (counted, counted, counted);
    (found.open.requests, found.open.looks, found.requests_alike) = (counted, counted, counted);
    (found.open.unnamed, found.open.forgotten) = (counted, count);
    (found.open.skipped, found.open.used_twice, found.open.messages) = (count, count, count);
    (found.clock.back, found.clock.unreadable) = (count, count);
    found.clock.farthest = Some((1.5, 77));
    found
}

fn said<F: Serialize>(kind: &str, facts: &[F]) -> Vec<String> {
    facts.iter().map(|fact| Phrase::of(kind, fact).english()).collect()
}

#[test]
fn every_fact_is_on_the_page_and_in_the_document() {
    for count in [1, 2, 4321] {
        let found = open(count);
        let (page, document) = (page(&found), document(&found));
        let limits = said("diagnose-limit", &found.limits());
        let notes = said("diagnose-note", &found.notes());
        assert_eq!((limits.len(), notes.len()), (10, 6), "each of them once");
        for sentence in limits.iter().chain(&notes) {
            assert!(page.contains(sentence.as_str()), "{sentence}\n{page}");
        }
        assert_eq!(document["limits"], serde_json::to_value(found.limits()).unwrap());
        assert_eq!(document["notes"], serde_json::to_value(found.notes()).unwrap());
        assert_eq!(document["grounds"], serde_json::json!([]));
        let command = ["interleak", "diagnose", "./-app.ndjson", "--remember", "20"];
        assert_eq!(document["next"], serde_json::json!(command));
        assert!(page.ends_with(&command.join(" ")), "{page}");
    }
}

#[test]
fn a_clean_log_tells_why_and_nothing_else() {
    let grounds = |compared, public| {
        let found = Diagnosis { judged: 3, compared, public, ..Diagnosis::default() };
        assert!(found.limits().is_empty());
        let said = said("diagnose-ground", &found.grounds());
        assert!(page(&found).contains(&said.join(" ")), "{}", page(&found));
        assert_eq!(document(&found)["grounds"], serde_json::to_value(found.grounds()).unwrap());
        said
    };
    let all = [grounds(0, 0), grounds(1, 0), grounds(0, 1), grounds(1, 1)];
    let all: BTreeSet<String> = all.into_iter().flatten().collect();
    assert_eq!(all.len(), 5, "{all:#?}");
}

/// A word that stands for something missing is a name like any other.
#[test]
fn names_may_be_any_word() {
    for name in ["none", "other", "somebody", "[one]", "{ $who }"] {
        let named = LEAK.replace("alice", "session").replace("CHAT", "cell");
        let text =
            log(&named).replace("\"session\":\"session\"", &format!("\"session\":\"{name}\""));
        let text = text.replace("\"cell\":\"cell\"", &format!("\"cell\":\"{name}\""));
        let page = page(&diagnose(text.replace("\"r1\"", &format!("\"{name}\"")).as_bytes()));
        let expected = format!("was built from {name}'s message \"{name}\".");
        assert!(page.contains(&expected), "{page}");
        assert!(page.contains(&format!("read it from {name} (line 6)")), "{page}");
    }
}

#[test]
fn a_session_that_was_forgotten_is_somebody() {
    let finding = Finding {
        kind: Kind::Lost,
        who: Who { session: Some("tab1".into()), user: None },
        request: "r1".into(),
        how: How::OldCopy,
        other: Who::default(),
        other_request: None,
        cell: None,
        message: None,
        id: Id::default(),
        line: 9,
        pair: [Place::default(), Place::default()],
    };
    let found = Diagnosis { lost: 1, findings: vec![finding], ..Diagnosis::default() };
    let told = "tab1's request r1 (line 9) wiped out what somebody had put into the cell.";
    assert!(page(&found).contains(told), "{}", page(&found));
    assert_eq!(document(&found)["findings"][0]["other"]["session"], "somebody");
}
