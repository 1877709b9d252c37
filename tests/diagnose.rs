//! `interleak diagnose`: each rule with a log in which it fires and one in which it must not; and
//! logs that are none.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::log::diagnosis::Diagnosis;
use interleak::log::entry::Skip;
use interleak::log::judge::Limits;
use interleak::log::line::{Event, Line, Name};
use interleak::log::scan::scan;
use interleak::screen::{COLUMNS, drives, width};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::{self, Read, Write as _};
use std::process::{Command, Output, Stdio};

/// A log from shorthand: `tab1@alice r1 write CHAT q1 a1`. Behind `=` stands the basis of a reply;
/// `?` is a read or a write of which the log does not say what was in it.
fn log(shorthand: &str) -> String {
    let mut bytes = Vec::new();
    for text in shorthand.lines().map(str::trim).filter(|text| !text.is_empty()) {
        let mut words = text.split_whitespace();
        let (session, request) = (words.next().unwrap(), words.next().unwrap());
        let (session, user) = session.split_once('@').unwrap_or((session, ""));
        let event = Event::of(words.next().unwrap()).unwrap();
        let mut line = Line::new(event, session, request);
        line.user = (!user.is_empty()).then(|| user.into());
        if event.has_cell() {
            line.cell = words.next().map(Name::from);
        }
        let rest: Vec<&str> = words.collect();
        let names = rest.iter().filter(|word| **word != "=").map(|&word| word.into()).collect();
        match event {
            Event::Reply if rest.first() == Some(&"=") => line.basis = Some(names),
            Event::Reply | Event::Request => line.message = rest.first().map(|&word| word.into()),
            _ if rest == ["?"] => {}
            _ => line.messages = Some(names),
        }
        line.write(&mut bytes).unwrap();
    }
    String::from_utf8(bytes).unwrap()
}

fn diagnose(bytes: &[u8]) -> Diagnosis {
    scan(bytes, Limits::default(), &|_| {}).unwrap()
}

/// The findings, each with its pair of lines; or else how clean the log is.
fn told(found: &Diagnosis) -> String {
    let findings = found.findings.iter().map(|finding| {
        let [first, second] = finding.pair.each_ref().map(|place| place.spot.line);
        format!("{} {first}-{second}", finding.kind.name())
    });
    let findings: Vec<String> = findings.collect();
    match (findings.is_empty(), found.is_complete()) {
        (false, _) => findings.join(", "),
        (true, true) => "clean".into(),
        (true, false) => "unknown".into(),
    }
}

#[track_caller]
fn check(shorthand: &str, expected: &str) -> Diagnosis {
    let found = diagnose(log(shorthand).as_bytes());
    assert_eq!(told(&found), expected, "{shorthand}\n{found:#?}");
    found
}

/// A history for everybody: bob's reply is built from alice's question.
const LEAK: &str = "alice r1 request
                    alice r1 read CHAT
                    alice r1 append CHAT r1 r1:a
                    alice r1 reply
                    bob r2 request
                    bob r2 read CHAT r1 r1:a
                    bob r2 reply";

#[test]
fn a_reply_from_another_users_message_leaks() {
    let found = check(LEAK, "context-leak 3-6");
    let [leak] = found.findings.as_slice() else { panic!("{found:#?}") };
    assert_eq!((leak.who.name(), leak.other.name()), ("bob", "alice"));
    assert_eq!((leak.request.as_str(), leak.line), ("r2", 7));
    assert_eq!((leak.message.as_deref(), leak.cell.as_deref()), (Some("r1"), Some("CHAT")));
    assert_eq!(found.leaks, 1);
}

#[test]
fn own_messages_do_not_leak() {
    let found = check(
        "alice r1 request
         alice r1 read CHAT[alice]
         alice r1 write CHAT[alice] r1 r1:a
         alice r1 reply
         alice r2 request
         alice r2 read CHAT[alice] r1 r1:a
         alice r2 reply",
        "clean",
    );
    assert_eq!(found.judged, 2);
}

#[test]
fn two_tabs_of_one_user_do_not_leak_to_each_other_but_to_others() {
    let tabs = |second: &str| {
        format!(
            "tab1@alice r1 request
             tab1@alice r1 append CHAT r1 r1:a
             tab1@alice r1 reply = r1
             {second} r2 request
             {second} r2 read CHAT r1 r1:a
             {second} r2 reply"
        )
    };
    check(&tabs("tab2@alice"), "clean");
    check(&tabs("tab2@bob"), "context-leak 2-5");
    // A tab without a user is its own.
    check(&tabs("tab2"), "context-leak 2-5");
}

#[test]
fn an_empty_user_is_nobody() {
    let with = |user: &str| {
        let user = format!("\"session\":\"alice\",\"user\":{user}");
        let text = log(LEAK).replace("\"session\":\"alice\"", &user);
        diagnose(
            text.replace("\"session\":\"bob\"", "\"session\":\"bob\",\"user\":\"\"").as_bytes(),
        )
    };
    // If it were a user, both would be the same one.
    let found = with("\"\"");
    assert_eq!(told(&found), "context-leak 3-6");
    assert_eq!((found.findings[0].who.name(), found.findings[0].other.name()), ("bob", "alice"));
    assert_eq!(with("\"al\"").findings[0].other.name(), "al");
}

#[test]
fn the_other_user_is_named_as_at_that_time() {
    let theft = "tab@alice r1 request
                 tab@alice r1 append CHAT r1
                 tab@alice r1 reply = r1
                 tab@bob r2 request
                 tab@bob r2 read CHAT r1
                 tab@bob r2 reply";
    let found = check(theft, "context-leak 2-5");
    let [leak] = found.findings.as_slice() else { panic!("{found:#?}") };
    assert_eq!((leak.who.name(), leak.other.name()), ("bob", "alice"));
    // Who is two users ago is no longer known, and is not taken for another.
    let between = theft.replace("tab@bob r2 request", "tab@carl r3 request\n tab@bob r2 request");
    let found = check(&between, "context-leak 2-6");
    assert_eq!(found.findings[0].other.name(), "tab");
    let sold = "tab1@bob r3 request\n tab2@alice r2 write";
    let late = check(&LOST.replace("tab2@alice r2 write", sold), "lost-update 5-7");
    assert_eq!(late.findings[0].other.name(), "alice");
}

#[test]
fn a_session_that_changes_hands_leaks_and_one_that_logs_in_does_not() {
    let session = |first: &str, second: &str| {
        format!(
            "{first} r1 request
             {first} r1 append CHAT r1
             {first} r1 reply = r1
             {second} r2 request
             {second} r2 read CHAT r1
             {second} r2 reply"
        )
    };
    check(&session("tab", "tab@alice"), "clean");
    check(&session("tab@alice", "tab"), "clean");
    check(&session("tab@alice", "tab@bob"), "context-leak 2-5");
}

#[test]
fn an_answer_is_the_message_of_whoever_got_it() {
    let by = |answer: &str, read: &str| {
        format!(
            "alice r1 request q1
             alice r1 reply {answer}
             bob r2 request q2
             bob r2 read CACHE {read}
             bob r2 reply"
        )
    };
    check(&by("x1", "x1"), "context-leak 2-4");
    check(&by("", "r1:a"), "context-leak 2-4");
    check(&by("x1", "q1"), "context-leak 1-4");
    // Nobody brought this one in.
    check(&by("x1", "r1:a"), "unknown");
}

#[test]
fn an_answer_that_is_stored_before_it_is_shown_has_an_owner_already() {
    check(
        "alice r1 request
         alice r1 read CHAT
         alice r1 write CHAT r1 x1
         bob r2 request
         bob r2 read CHAT x1
         bob r2 reply
         alice r1 reply x1",
        "context-leak 3-5",
    );
}

#[test]
fn what_was_read_and_not_used_is_no_leak() {
    let with = |basis: &str| LEAK.replace("bob r2 reply", &format!("bob r2 reply {basis}"));
    check(&with("= r2"), "clean");
    check(&with("= r2 r1"), "context-leak 3-6");
    // The second of two foreign messages that were read.
    check(&with("= r1:a"), "context-leak 3-6");
}

#[test]
fn a_basis_that_was_never_read_is_judged_too() {
    let basis = |basis: &str| {
        format!(
            "alice r1 request
             alice r1 reply = r1
             bob r2 request
             bob r2 reply = {basis}"
        )
    };
    check(&basis("r2"), "clean");
    let found = check(&basis("r2 r1"), "context-leak 1-4");
    assert_eq!(found.findings[0].cell, None);
    check(&basis("r2 r7"), "unknown");
}

#[test]
fn interleaved_sessions_are_kept_apart() {
    check(
        "alice r1 request
         bob r2 request
         alice r1 read A
         bob r2 read B
         alice r1 write A r1 r1:a
         bob r2 write B r2 r2:a
         bob r2 reply
         alice r1 reply
         bob r4 request
         alice r3 request
         bob r4 read B r2 r2:a
         alice r3 read A r1 r1:a
         bob r4 reply
         alice r3 reply",
        "clean",
    );
}

/// Two requests read, both write; the second has not seen what the first wrote.
const LOST: &str = "tab1@alice r1 request
                    tab2@alice r2 request
                    tab1@alice r1 read CHAT
                    tab2@alice r2 read CHAT
                    tab1@alice r1 write CHAT r1 r1:a
                    tab2@alice r2 write CHAT r2 r2:a
                    tab1@alice r1 reply
                    tab2@alice r2 reply";

#[test]
fn a_write_from_an_old_copy_loses_what_was_written_since() {
    let found = check(LOST, "lost-update 5-6");
    assert_eq!((found.lost, found.leaks, found.compared), (1, 0, 2));
    let lost = &found.findings[0];
    assert_eq!((lost.who.session.as_str(), lost.other.session.as_str()), ("tab2", "tab1"));
}

#[test]
fn a_double_click_in_one_session_loses_too() {
    check(&LOST.replace("tab2", "tab1"), "lost-update 5-6");
}

#[test]
fn a_write_that_holds_what_others_added_loses_nothing() {
    check(&LOST.replace("CHAT r2 r2:a", "CHAT r1 r1:a r2 r2:a"), "clean");
    // One of the two is still gone.
    check(&LOST.replace("CHAT r2 r2:a", "CHAT r1 r2 r2:a"), "lost-update 5-6");
}

#[test]
fn what_was_appended_can_be_lost_and_appending_loses_nothing() {
    check(&LOST.replace("r1 write", "r1 append"), "lost-update 5-6");
    check(&LOST.replace("r2 write", "r2 append"), "clean");
    check(&LOST.replace("write", "append"), "clean");
}

#[test]
fn a_retry_after_a_failed_swap_loses_nothing() {
    let retry = "tab2@alice r2 read CHAT r1 r1:a\n tab2@alice r2 write CHAT r1 r1:a r2 r2:a";
    check(&LOST.replace("tab2@alice r2 write CHAT r2 r2:a", retry), "clean");
}

#[test]
fn trimming_an_up_to_date_history_loses_nothing() {
    let trimmed = |read: &str| {
        format!(
            "alice r1 request
             alice r1 append CHAT r1 r1:a
             alice r1 reply = r1
             alice r2 request
             {read}
             alice r3 request
             alice r3 append CHAT r3
             alice r2 write CHAT r3 r2 r2:a
             alice r2 reply = r2"
        )
    };
    check(&trimmed("alice r2 read CHAT r1 r1:a"), "clean");
    // r3 was not seen either, but it is there; and who never reads, has no old copy.
    check(&trimmed("").replace("CHAT r3 r2", "CHAT r2"), "clean");
}

#[test]
fn what_somebody_else_dropped_is_not_lost_again() {
    check(
        "alice r1 request
         bob@alice r2 request
         carol@alice r3 request
         alice r1 read CHAT
         bob@alice r2 append CHAT r2
         carol@alice r3 read CHAT r2
         carol@alice r3 write CHAT
         alice r1 write CHAT r1
         alice r1 reply
         bob@alice r2 reply = r2
         carol@alice r3 reply",
        "clean",
    );
}

#[test]
fn a_lost_write_is_told_once() {
    let again = format!("{LOST}\n tab2@alice r2 write CHAT r2 r2:a");
    let found = check(&again, "lost-update 5-6");
    assert_eq!(found.lost, 1);
}

#[test]
fn a_request_may_drop_what_it_wrote_itself() {
    check(
        "alice r1 request
         alice r1 read CHAT
         alice r1 write CHAT r1
         alice r1 write CHAT r1:a
         alice r1 reply",
        "clean",
    );
}

#[test]
fn what_was_read_and_written_back_is_not_ones_own() {
    let back = |written: &str| {
        format!(
            "bob r1 request
             bob r1 read CHAT old
             bob r1 write CHAT {written}
             bob r1 reply = r1
             alice r2 request
             alice r2 read CHAT {written}
             alice r2 reply"
        )
    };
    check(&back("old"), "unknown");
    check(&back("new"), "context-leak 3-6");
}

#[test]
fn writes_without_messages_may_have_overwritten_something() {
    for (old, new) in [("CHAT r1 r1:a", "CHAT ?"), ("CHAT r2 r2:a", "CHAT ?")] {
        let found = check(&LOST.replace(old, new), "stale-write 5-6");
        assert_eq!((found.stale, found.lost), (1, 0));
        assert!(!found.is_complete(), "nothing is certain");
    }
    // A read in between, and nothing is stale.
    let fresh =
        LOST.replace("tab2@alice r2 write", "tab2@alice r2 read CHAT ?\n tab2@alice r2 write");
    let found = diagnose(log(&fresh.replace("CHAT r2 r2:a", "CHAT ?")).as_bytes());
    assert_eq!((found.stale, found.lost), (0, 0));
}

#[test]
fn a_read_so_long_ago_that_the_writes_since_are_forgotten_is_not_trusted() {
    let writes = |count: usize| {
        let mut text = String::from("alice r0 request\n alice r0 read CHAT\n");
        for index in 1..=count {
            writeln!(text, "tab{index}@alice r{index} write CHAT").unwrap();
        }
        text + "alice r0 write CHAT r0\n alice r0 reply = r0"
    };
    // Eight writes of a cell are remembered.
    check(&writes(8), "clean");
    let found = check(&writes(9), "unknown");
    assert_eq!(found.open.too_long_ago.count, 1);
}

#[test]
fn an_app_that_streams_writes_once_for_each_request() {
    let stream = |written: &str| {
        let mut text = String::from("alice r0 request\n alice r0 read CHAT\n bob r9 request\n");
        (0..20).for_each(|_| writeln!(text, "bob r9 write CHAT {written}").unwrap());
        text + "alice r0 write CHAT r9 r9:a r0\n alice r0 reply = r0"
    };
    let found = check(&stream("r9 r9:a"), "clean");
    assert_eq!(found.remembered.writes, 2);
    check(&stream("r9 x r9:a"), "lost-update 4-24");
    check(&stream("?"), "stale-write 23-24");
    let appended = stream("r9 r9:a").replace("write CHAT r9 r9:a\n", "append CHAT r9\n");
    check(&appended, "clean");
}

#[test]
fn a_stream_that_adds_ids_is_told_apart_where_somebody_reads() {
    let stream = |between: &str, last: &str| {
        format!(
            "bob@alice r2 request
             alice r1 request
             alice r1 read CHAT
             alice r1 write CHAT r1
             {between}
             alice r1 write CHAT r1 r1:a
             bob@alice r2 write CHAT {last}
             alice r1 reply = r1
             bob@alice r2 reply = r2"
        )
    };
    // bob has seen r1 and may leave it out, but not the answer.
    let read = "bob@alice r2 read CHAT r1";
    check(&stream(read, "r1:a r2"), "clean");
    check(&stream(read, "r2"), "lost-update 6-7");
    let early =
        |last: &str| stream("", last).replace("r2 request", "r2 request\n bob@alice r2 read CHAT");
    let found = check(&early("r2"), "lost-update 6-7");
    assert_eq!((found.lost, found.remembered.writes), (1, 2));
}

#[test]
fn where_writes_are_forgotten_what_was_lost_is_a_least_number() {
    let lost = |count: usize| {
        let mut text = String::from("alice r0 request\n alice r0 read CHAT\n");
        for index in 1..=count {
            writeln!(text, "tab{index}@alice r{index} append CHAT r{index}").unwrap();
        }
        text + "alice r0 write CHAT r0\n alice r0 reply = r0"
    };
    let page = |count| {
        let [output, _] = ends(log(&lost(count)).as_bytes(), 1);
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(page(8).contains("lost-update: 8 lost"), "{}", page(8));
    assert!(page(10).contains("lost-update: at least 8 lost"), "{}", page(10));
}

#[test]
fn replies_of_which_nothing_is_known_are_not_judged() {
    let found = check("alice r1 request\n alice r1 reply", "unknown");
    assert_eq!((found.judged, found.unjudged), (0, 1));
    // A read of which the log does not say what it gave.
    check("alice r1 request\n alice r1 read CHAT ?\n alice r1 reply", "unknown");
    check("alice r1 request\n alice r1 read A\n alice r1 read B ?\n alice r1 reply", "unknown");
    // A log that begins in the middle of a request.
    check("alice r1 read CHAT\n alice r1 reply", "unknown");
    // One that can be judged among them.
    let found = check(
        "alice r1 request\n alice r1 reply\n alice r2 request\n alice r2 reply = r2",
        "clean",
    );
    assert_eq!((found.judged, found.unjudged), (1, 1));
}

#[test]
fn messages_from_before_the_log_are_of_unknown_origin() {
    let found = check("alice r1 request\n alice r1 read CHAT r0 r0:a\n alice r1 reply", "unknown");
    assert_eq!(
        (found.open.unknown.count, found.open.unknown.ids, found.open.unknown.first),
        (1, 2, 3)
    );
}

#[test]
fn a_message_that_is_no_longer_remembered_is_of_unknown_origin() {
    let talk = |turns: usize| {
        let mut text = String::new();
        for turn in 0..turns {
            writeln!(text, "alice r{turn} request\n alice r{turn} reply = r{turn}").unwrap();
        }
        text + "alice last request\n alice last read CHAT r1\n alice last reply"
    };
    let remembering = |messages: usize| {
        let limits = Limits { messages, ..Limits::default() };
        scan(log(&talk(20)).as_bytes(), limits, &|_| {}).unwrap()
    };
    // The first message of a session stays, and the last 127.
    check(&talk(64), "clean");
    check(&talk(65), "unknown");
    assert_eq!(told(&remembering(100)), "clean");
    assert_eq!(remembering(6).remembered.messages, 6);
}

/// Ids that begin anew in each session.
fn counters(alice_turns: usize, global: bool) -> String {
    let cell = |session: &str| if global { "CHAT".into() } else { format!("CHAT[{session}]") };
    let mut text = String::new();
    let mut history = Vec::new();
    for turn in 1..=alice_turns {
        let cell = cell("alice");
        writeln!(text, "alice {turn} request\n alice {turn} read {cell} {}", history.join(" "))
            .unwrap();
        history.extend([turn.to_string(), format!("{turn}:a")]);
        writeln!(text, "alice {turn} write {cell} {}\n alice {turn} reply", history.join(" "))
            .unwrap();
    }
    let cell = cell("bob");
    let seen = if global { history.join(" ") } else { String::new() };
    text + &format!(
        "bob 1 request\n bob 1 read {cell} {seen}\n bob 1 write {cell} 1\n bob 1 reply\n"
    )
}

#[test]
fn ids_that_are_used_by_two_sessions_accuse_nobody() {
    let found = check(&counters(3, false), "clean");
    assert_eq!(found.open.used_twice, 2, "the question and the answer");
    // What bob did not bring in himself is alice's, for certain.
    check(&counters(3, true), "context-leak 3-14");
}

#[test]
fn ids_that_are_used_twice_accuse_nobody_after_they_are_forgotten() {
    // alice's second message is forgotten when bob brings one of the same id in.
    let text = counters(80, false)
        + "bob 2 request\n bob 2 reply = 1\n alice 81 request\n alice 81 reply = 2";
    let found = diagnose(log(&text).as_bytes());
    assert_eq!(found.leaks, 0, "{:#?}", found.findings);
    assert!(found.open.unsure.count > 0, "{:?}", found.open);
}

#[test]
fn lines_that_are_there_twice_change_nothing() {
    let twice = |text: &str| {
        log(text)
            .lines()
            .flat_map(|line| [line, line, "\n"])
            .fold(String::new(), |all, line| all + line.trim() + "\n")
    };
    let found = diagnose(twice(LEAK).as_bytes());
    assert_eq!((found.leaks, found.blank, found.open.used_twice), (2, 7, 0));
    let found = diagnose(twice(LOST).as_bytes());
    assert_eq!((found.lost, found.leaks), (1, 0));
}

#[test]
fn the_request_of_one_session_is_not_that_of_another() {
    // Both are called 1; bob's has read nothing.
    check(
        "alice 1 request q1
         alice 1 read CHAT
         bob 1 request q2
         bob 1 reply = q2
         alice 1 reply",
        "clean",
    );
    let both = LOST.replace(" r1 request", " 1 request r1").replace(" r2 request", " 1 request r2");
    let both = both.replace("alice r1 ", "alice 1 ").replace("alice r2 ", "alice 1 ");
    check(&both, "lost-update 5-6");
}

#[test]
fn more_than_sixteen_open_requests_of_a_session_are_not_remembered() {
    let opened = |count: usize| {
        (0..count).fold(String::new(), |text, index| {
            text + &format!("alice r{index} request\n alice r{index} read CHAT\n")
        }) + "alice r0 reply"
    };
    check(&opened(16), "clean");
    let found = check(&opened(17), "unknown");
    // The seventeenth, and the first when it comes back.
    assert_eq!((found.open.requests.count, found.unjudged), (2, 1));
    let another = "\n bob q request\n bob q reply = q";
    // One reply can be judged, and still that of the forgotten one is open.
    let text = opened(17) + another;
    check(&text, "unknown");
    let [output, _] = ends(log(&text).as_bytes(), 3);
    let page = String::from_utf8(output.stdout).unwrap();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("2 requests were forgotten because their session had more"), "{page}");
    assert!(page.contains("16 open (first: line 33)"), "{page}");
    // Forgotten, but all replies are judged.
    check(&(opened(17).replace("alice r0 reply", "") + another), "clean");
}

#[test]
fn an_answered_request_that_makes_room_is_not_missed() {
    let mut text = String::from("alice r0 request\n alice r0 read CHAT\n alice r0 reply\n");
    (1..=16).for_each(|index| writeln!(text, "alice r{index} request").unwrap());
    let found = check(&text, "clean");
    assert_eq!(found.open.requests.count, 0);
}

#[test]
fn a_request_that_reads_many_cells_remembers_the_first_and_says_when_it_does_not() {
    let reads = |cells: usize| {
        let mut text = String::from("alice r1 request\n");
        (0..cells).for_each(|cell| writeln!(text, "alice r1 read C{cell}").unwrap());
        text + "bob r2 append C0 r2\n alice r1 write C0 r1\n alice r1 reply"
    };
    check(&reads(16), "lost-update 18-19");
    let found = check(&reads(17), "unknown");
    assert_eq!((found.open.looks.count, found.open.looks.first), (1, 18));
    let [output, _] = ends(log(&reads(17)).as_bytes(), 3);
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("1 read was forgotten because"), "{page}");
    // One cell that is read again and again is one.
    check(&reads(17).replace("read C16", "read C0"), "lost-update 19-20");
}

#[test]
fn an_answer_may_be_stored_after_it_was_shown() {
    let late = LOST.replace("tab2@alice r2 write CHAT r2 r2:a\n", "")
        + "\n tab2@alice r2 write CHAT r2 r2:a";
    check(&late, "lost-update 5-8");
}

/// Every kind of line that is none, each once more than the one before it.
#[test]
fn skipped_lines_are_counted_exactly() {
    let long = "x".repeat(interleak::log::blocks::LINE_BYTES_MAX + 1);
    let endless =
        format!("{{\"event\":\"read\",\"text\":\"{}\"}}", "y".repeat((8 << 20) + (1 << 18)));
    let own = |rest: &str| format!("{{\"event\":\"read\"{rest}}}").into_bytes();
    let junk: [(Skip, Vec<Vec<u8>>); 10] = [
        (Skip::TooLong, vec![endless.into_bytes(), long.into_bytes()]),
        (Skip::NotText, vec![b"\xff\xfe\0".to_vec(), b"{\"event\":\"re\x80d\"}".to_vec()]),
        (Skip::CutOff, vec![b"{\"event\":\"rea".to_vec(), "{\"a\":\"小".as_bytes()[..8].to_vec()]),
        (Skip::NotJson, vec![b"\0\0\0".to_vec(), b"Traceback:".to_vec(), b"{]".to_vec()]),
        (Skip::NotObject, vec![b"[1]".to_vec(), b"null".to_vec()]),
        (Skip::WrongField, vec![own(",\"session\":1.5"), own(",\"event\":\"read\"")]),
        (Skip::NoEvent, vec![b"{}".to_vec()]),
        (Skip::NoSession, vec![own("")]),
        (Skip::NoRequest, vec![own(",\"session\":1")]),
        (Skip::NoCell, vec![own(",\"session\":1,\"request\":1")]),
    ];
    let good = log(LEAK);
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    let (mut lines, mut expected) = (0, Vec::new());
    for (round, (skip, examples)) in junk.iter().enumerate() {
        // A good line, with the line end of Windows, before each kind of junk.
        if let Some(line) = good.lines().nth(round) {
            bytes.extend(format!("{line}\r\n").as_bytes());
            lines += 1;
        }
        expected.push((*skip, (round + 2) as u64, lines + 1));
        for index in 0..round + 2 {
            bytes.extend(&examples[index % examples.len()]);
            bytes.push(b'\n');
            lines += 1;
        }
    }
    // The last line has no end.
    bytes.extend(b" \t\n{\"event\":\"http\"}\n{\"event\":\"wri");
    let found = diagnose(&bytes);
    assert_eq!((found.lines, found.blank, found.other), (lines + 3, 1, 1));
    expected[Skip::CutOff as usize].1 += 1;
    for (skip, count, first) in expected {
        assert_eq!(found.skipped[skip as usize], (count, first), "{skip:?}");
    }
    assert_eq!(found.entries(), 7);
    assert_eq!(found.leaks, 1, "the good lines among them are judged");
}

/// A log in which nothing is wrong, and one more line.
#[track_caller]
fn beside(line: &[u8], expected: &str, skipped: u64) {
    let clean = log("alice r1 request\n alice r1 reply = r1");
    for bytes in [[clean.as_bytes(), line].concat(), [line, b"\n", clean.as_bytes()].concat()] {
        // At the end of the log it has no line end.
        let is_last = bytes.ends_with(line);
        let is_written = is_last && expected == "unknown unless last";
        let found = diagnose(&bytes);
        let wanted = if is_written { "clean" } else { expected.split(' ').next().unwrap() };
        assert_eq!(told(&found), wanted, "{}", line[..line.len().min(80)].escape_ascii());
        assert_eq!(found.skipped_lines(), skipped);
    }
}

#[test]
fn a_skipped_line_that_may_say_something_leaves_the_answer_open() {
    let long = "x".repeat(interleak::log::blocks::LINE_BYTES_MAX + 1);
    let endless = format!("{{\"event\":\"read\",\"text\":\"{}\"}}", "y".repeat(9 << 20));
    for line in [
        long.as_bytes(),
        endless.as_bytes(),
        b" {\"event\":\"re\xffd\"}",
        b"{\"event\":\"read\"}{\"event\":\"read\"}",
        b"{\"event\":\"read\",\"session\":1.5}",
        b"{\"event\":\"read\"}",
        b"{\"event\":\"read\",\"session\":1}",
        b"{\"event\":\"read\",\"session\":1,\"request\":1}",
        b"{\"session\":1,\"request\":1}",
    ] {
        beside(line, "unknown", 1);
    }
    beside(b"{\"event\":\"read\",\"mess", "unknown unless last", 1);
    beside("{\"event\":\"小".as_bytes().split_last().unwrap().1, "unknown unless last", 1);
}

#[test]
fn what_another_logger_writes_leaves_nothing_open() {
    for line in [
        &b"INFO: Started server process"[..],
        b"\xff\xfe\0",
        b"[1]",
        b"{\"level\":\"info\",\"user\":{\"id\":1}}",
        "INFO: 小".as_bytes().split_last().unwrap().1,
    ] {
        beside(line, "clean", 1);
    }
    beside(b"{\"event\":\"http\"}", "clean", 0);
}

#[test]
fn the_page_says_how_many_skipped_lines_may_say_something() {
    let clean = log("alice r1 request\n alice r1 reply = r1");
    let [output, _] = ends(format!("{{\"event\":\"read\"}}\n{clean}").as_bytes(), 3);
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("1 line was skipped that may say something: see Skipped."), "{page}");
    ends(format!("Traceback:\n{clean}").as_bytes(), 0);
}

#[test]
fn the_offset_of_a_line_leads_back_to_it() {
    let text = format!("\u{feff}\r\n{}", log(LEAK).replace('\n', "\r\n"));
    let found = diagnose(text.as_bytes());
    let mut finding = found.findings[0].clone();
    let lines = finding
        .pair
        .each_ref()
        .map(|place| text[place.spot.offset as usize..].lines().next().unwrap());
    assert_eq!(lines, [2, 5].map(|line| log(LEAK).lines().nth(line).unwrap().to_owned()));
    finding.look_back(lines.map(str::as_bytes));
    assert_eq!(finding.other_request.as_deref(), Some("r1"));
    let excerpts = finding.pair.each_ref().map(|place| place.excerpt.as_deref());
    assert_eq!(excerpts, lines.map(Some));
}

#[test]
fn a_clock_that_goes_back_is_told_and_changes_nothing() {
    let times = ["5", "\"1970-01-01T00:00:06Z\"", "4.5", "1e300", "-7", "null", "\"noon\""];
    let lines = log(LEAK);
    let timed = lines
        .lines()
        .zip(times)
        .map(|(line, time)| format!("{{\"time\":{time},{}\n", line.trim_start_matches('{')));
    let found = diagnose(timed.collect::<String>().as_bytes());
    assert_eq!(told(&found), "context-leak 3-6");
    assert_eq!((found.clock.timed, found.clock.back, found.clock.unreadable), (4, 2, 2));
}

#[test]
fn a_clock_that_goes_back_a_little_is_told_in_words() {
    let page = |second: &str| {
        let lines = log(LEAK);
        let timed = lines.lines().zip(["5", second, "null", "null", "null", "null", "null"]);
        let timed = timed
            .map(|(line, time)| format!("{{\"time\":{time},{}\n", line.trim_start_matches('{')));
        let [output, _] = ends(timed.collect::<String>().as_bytes(), 1);
        let page = String::from_utf8(output.stdout).unwrap();
        page.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(page("4.9999").contains("by less than 0.001 s (line 2)"), "{}", page("4.9999"));
    assert!(page("4.5").contains("by up to 0.500 s (line 2)"), "{}", page("4.5"));
    assert!(!page("-1e300").contains("earlier"), "{}", page("-1e300"));
}

#[test]
fn an_excerpt_ends_between_two_characters() {
    for pad in 0..4 {
        let name = "x".repeat(pad) + &"明".repeat(200);
        let found = diagnose(log(&LEAK.replace("bob", &name)).as_bytes());
        let excerpt = found.findings[0].pair[1].excerpt.clone().unwrap();
        assert!(excerpt.ends_with("明…") && !excerpt.contains('\u{fffd}'), "{excerpt}");
    }
    let short = diagnose(log(LEAK).as_bytes());
    assert!(short.findings[0].pair[1].excerpt.as_ref().unwrap().ends_with('}'));
}

#[test]
fn names_that_cannot_be_seen_are_in_quotes() {
    let text = log(LEAK).replace("\"bob\"", "\" \"").replace("\"CHAT\"", "\"\"");
    let [output, _] = ends(text.as_bytes(), 1);
    let page = String::from_utf8(output.stdout).unwrap();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("\" \"'s reply r2") && page.contains("from \"\""), "{page}");
}

#[test]
fn to_remember_more_is_proposed_only_if_something_was_forgotten() {
    let page = |turns: usize, read: &str| {
        let mut text = String::new();
        (0..turns).for_each(|turn| {
            writeln!(text, "alice r{turn} request\n alice r{turn} reply = r{turn}").unwrap();
        });
        writeln!(text, "alice q request\n alice q read CHAT {read}\n alice q reply").unwrap();
        let [output, _] = ends(log(&text).as_bytes(), 3);
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(!page(1, "old").contains("--remember"), "{}", page(1, "old"));
    assert!(page(70, "r1").contains("--remember 1000"), "{}", page(70, "r1"));
}

/// Gives a few bytes at a time, as pipes do.
struct Drops<'a>(&'a [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let few = buffer.len().min(self.1);
        self.0.read(&mut buffer[..few])
    }
}

/// An app that talks to many and stores everything in one place, or in one for each.
fn busy(sessions: usize, lines: usize, global: bool) -> String {
    let mut text = String::new();
    for line in 0..lines / 4 {
        let session = (line * 7919) % sessions;
        let cell = if global { "ALL".into() } else { format!("C{session}") };
        for what in ["request", &format!("read {cell}"), &format!("append {cell} r{line}"), "reply"]
        {
            writeln!(text, "s{session} r{line} {what}").unwrap();
        }
    }
    log(&text)
}

#[test]
fn what_is_remembered_does_not_grow_with_the_log() {
    let limits = Limits { messages: 5, sessions: 40, cells: 30 };
    let read = |lines: usize| {
        let found = scan(busy(1000, lines, false).as_bytes(), limits, &|_| {}).unwrap();
        assert_eq!(found.leaks, 0);
        found
    };
    let (short, long) = (read(20_000), read(200_000));
    assert_eq!(long.lines, 200_000);
    for kept in [short.remembered, long.remembered] {
        assert!(kept.sessions <= 40 && kept.cells <= 30, "{kept:?}");
        assert!(kept.messages <= 40 * 5 && kept.requests <= 40 * 16, "{kept:?}");
        assert!(kept.writes <= 30 * 8, "{kept:?}");
    }
    assert!(long.open.sessions > short.open.sessions, "who is silent for long is forgotten");
    // Nothing is forgotten where there is room.
    let roomy = scan(busy(1000, 20_000, false).as_bytes(), Limits::default(), &|_| {}).unwrap();
    assert_eq!((roomy.open.sessions, roomy.open.cells), (0, 0));
    assert!(roomy.remembered.sessions == 1000, "the bound above is one: {:?}", roomy.remembered);
}

#[test]
fn however_the_bytes_arrive_the_answer_is_the_same() {
    let bytes = busy(50, 40_000, true) + &log(LEAK) + &log(LOST);
    let whole = format!("{:?}", diagnose(bytes.as_bytes()));
    for few in [1000, 65_537, 5 << 20] {
        let found = scan(Drops(bytes.as_bytes(), few), Limits::default(), &|_| {}).unwrap();
        assert_eq!(format!("{found:?}"), whole, "{few} bytes at a time");
    }
}

#[test]
fn a_log_that_cannot_be_read_on_is_an_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let log = log(LEAK);
    let broken = log.as_bytes().chain(Broken);
    assert!(scan(broken, Limits::default(), &|_| {}).is_err());
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_interleak"));
    command.args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

/// How `diagnose` ends with a log, given as a file, and through a pipe.
#[track_caller]
fn ends(bytes: &[u8], expected: i32) -> [Output; 2] {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.ndjson");
    std::fs::write(&path, bytes).unwrap();
    let by_file = command(&["diagnose", path.to_str().unwrap()]).output().unwrap();
    let mut child = command(&["diagnose", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever finds something in the first bytes still reads the rest.
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let by_pipe = child.wait_with_output().unwrap();
    for output in [&by_file, &by_pipe] {
        assert_eq!(output.status.code(), Some(expected), "{output:?}");
        assert_eq!(output.stdout.is_empty(), expected == 2, "{output:?}");
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            assert!(width(line) <= COLUMNS, "{line}");
            assert!(!line.chars().any(drives), "{line:?}");
        }
    }
    [by_file, by_pipe]
}

#[test]
fn the_exit_code_says_what_was_found() {
    ends(log(LEAK).as_bytes(), 1);
    ends(log(LOST).as_bytes(), 1);
    ends(
        log(LEAK)
            .replace("r2\",\"event\":\"reply\"", "r2\",\"event\":\"reply\",\"basis\":[]")
            .as_bytes(),
        0,
    );
    ends(log("alice r1 request\n alice r1 reply").as_bytes(), 3);
    for none in [&b""[..], b"\n\n\r\n", b"\xff\xfe", b"{\"event\":\"http\"}\n", b"[1]"] {
        let [by_file, _] = ends(none, 2);
        let message = String::from_utf8(by_file.stderr).unwrap();
        assert!(message.contains("docs/LOGS.md"), "{message}");
    }
}

#[test]
fn nothing_in_a_log_can_drive_the_terminal() {
    let evil = "\u{1b}]0;x\u{7}\u{202e}";
    let named = LEAK.replace("alice", "a\u{9b}2J").replace("CHAT", "C\u{1b}[2J");
    let log = log(&named.replace("r1", "r\u{202e}1"));
    let log = format!("{evil}\n{log}{{\"event\":\"read\",\"x\":\"{evil}\"}}\n");
    ends(log.as_bytes(), 1);
    ends(evil.as_bytes(), 2);
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read_like_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let child =
        command(&["diagnose", path.to_str().unwrap()]).stdout(Stdio::piped()).spawn().unwrap();
    std::fs::write(&path, log(LEAK)).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
}

/// The snippet of `docs/LOGS.md`, run as it stands there.
#[test]
fn the_python_of_the_docs_writes_a_log_that_can_be_read() {
    let docs = include_str!("../docs/LOGS.md");
    let (_, after) = docs.split_once("```python\n").unwrap();
    let (snippet, _) = after.split_once("```").unwrap();
    let played = |turns: &str| {
        let folder = tempfile::tempdir().unwrap();
        let program = format!("{snippet}\ndef assistant(history):\n    return 'yes'\n\n{turns}\n");
        let python =
            Command::new("python3").args(["-c", &program]).current_dir(folder.path()).output();
        let python =
            python.expect("as README says, the tests need Python 3.10 or newer as `python3`");
        assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
        diagnose(&std::fs::read(folder.path().join("app.ndjson")).unwrap())
    };
    let alone = played("respond('Hi', 1)\nrespond('And?', 1)\nrespond('And?', 2, user='1')");
    assert_eq!((told(&alone).as_str(), alone.lines, alone.skipped_lines()), ("clean", 12, 0));
    let both = played("respond('I am Alice.', 's1', 'alice')\nrespond('Who am I?', 's2', 'bob')");
    assert_eq!(told(&both), "context-leak 3-6");
    let at_once = "import threading\nboth = threading.Barrier(2)\n\
                   def assistant(history):\n    both.wait()\n    return 'yes'\n\
                   tabs = [threading.Thread(target=respond, args=('Hi', tab, 'a')) for tab in (1, 2)]\n\
                   [tab.start() for tab in tabs]\n[tab.join() for tab in tabs]";
    let lost = played(at_once);
    assert_eq!((lost.lost, lost.leaks), (1, 0), "{lost:#?}");
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let found = diagnose(&bytes);
        let lines = bytes.split_inclusive(|&byte| byte == b'\n').count() as u64;
        prop_assert_eq!(found.lines, lines);
        prop_assert_eq!(
            found.skipped_lines() + found.other + found.blank + found.entries(),
            lines
        );
    }

    /// Good logs, of which some bytes are changed, left out or doubled.
    #[test]
    fn broken_logs_never_panic(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..30),
        which in 0..3_usize,
    ) {
        let mut bytes = [log(LEAK), log(LOST), counters(20, true)][which].clone().into_bytes();
        for (at, byte, how) in edits {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        let found = diagnose(&bytes);
        let lines = bytes.split_inclusive(|&byte| byte == b'\n').count() as u64;
        prop_assert_eq!(found.lines, lines);
        prop_assert_eq!(
            found.skipped_lines() + found.other + found.blank + found.entries(),
            lines
        );
    }

    /// Whoever talks in whatever order: places of one's own never leak, one for all does as soon as
    /// a second user reads it.
    #[test]
    fn places_of_ones_own_never_leak(turns in proptest::collection::vec(0..4_usize, 1..60)) {
        let play = |global: bool| {
            let mut cells: [Vec<String>; 4] = Default::default();
            let mut text = String::new();
            for (turn, &session) in turns.iter().enumerate() {
                let cell = if global { 0 } else { session };
                let start = cells[cell].len().saturating_sub(6);
                let seen = cells[cell][start..].join(" ");
                writeln!(text, "s{session} r{turn} request").unwrap();
                writeln!(text, "s{session} r{turn} read C{cell} {seen}").unwrap();
                cells[cell].extend([format!("r{turn}"), format!("r{turn}:a")]);
                let start = cells[cell].len().saturating_sub(6);
                writeln!(text, "s{session} r{turn} write C{cell} {}", cells[cell][start..].join(" ")).unwrap();
                writeln!(text, "s{session} r{turn} reply").unwrap();
            }
            diagnose(log(&text).as_bytes())
        };
        prop_assert_eq!(told(&play(false)), "clean");
        let foreign = turns.windows(2).any(|pair| pair[0] != pair[1]);
        let shared = play(true);
        prop_assert_eq!(shared.leaks > 0, foreign, "{:?}", shared);
        prop_assert_eq!(shared.lost, 0);
    }
}

/// A log that never ends, until Ctrl-C is pressed; a program that cannot know of it yet is ended by
/// it, and then it is pressed later in a next try.
#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_was_read() {
    for delay_ms in [500, 2_000, 8_000, 30_000] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_interleak"))
            .args(["diagnose", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = child.stdin.take().unwrap();
        let endless = std::thread::spawn(move || {
            let line = "{\"event\":\"request\",\"session\":1,\"request\":1}\n";
            let lines =
                (line.repeat(100) + &line.replace("request\",\"s", "reply\",\"s")).repeat(100);
            while log.write_all(lines.as_bytes()).is_ok() {}
        });
        interleak::platform::pause(std::time::Duration::from_millis(delay_ms));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        endless.join().unwrap();
        let Some(code) = output.status.code() else { continue };
        let page = String::from_utf8(output.stdout).unwrap();
        assert_eq!(code, 3, "{page}");
        assert!(
            page.contains("UNKNOWN") && page.contains("It was interrupted: only the first"),
            "{page}"
        );
        return;
    }
    unreachable!("the program never knew of Ctrl-C")
}
