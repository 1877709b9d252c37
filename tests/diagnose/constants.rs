//! Messages that several sessions bring in, such as a system prompt; and lists that are made anew, such as
//! a summarised history.

use super::*;

/// Two sessions, each with a place of its own, which it begins so.
fn begun(begin: &str) -> String {
    let session = |user: &str, request: &str| {
        let begin = begin.replace("ME", user).replace("NEW", request);
        format!(
            "{user} {request} request
             {begin}
             {user} {request} read CHAT[{user}] system
             {user} {request} append CHAT[{user}] {request} {request}:a
             {user} {request} reply
             {user} {request}2 request
             {user} {request}2 read CHAT[{user}] system {request} {request}:a
             {user} {request}2 reply\n"
        )
    };
    session("alice", "r1") + &session("bob", "r2") + &session("carl", "r3")
}

#[test]
fn a_system_prompt_that_each_session_appends_itself_is_its_own() {
    let found = check(&begun("ME NEW append CHAT[ME] system"), "clean");
    assert_eq!(found.open.used_twice, 2);
    check(&begun("ME NEW read CHAT[ME]\n ME NEW append CHAT[ME] system"), "clean");
}

#[test]
fn a_system_prompt_that_each_session_writes_itself_is_its_own() {
    check(&begun("ME NEW write CHAT[ME] system"), "clean");
    check(&begun("ME NEW read CHAT[ME]\n ME NEW write CHAT[ME] system"), "clean");
}

#[test]
fn a_system_prompt_may_be_written_together_with_the_first_turn() {
    let turn = |user: &str, request: &str| {
        format!(
            "{user} {request} request
             {user} {request} read CHAT[{user}]
             {user} {request} write CHAT[{user}] system tools {request} {request}:a
             {user} {request} reply
             {user} {request}2 request
             {user} {request}2 read CHAT[{user}] system tools {request} {request}:a
             {user} {request}2 reply\n"
        )
    };
    check(&(turn("alice", "r1") + &turn("bob", "r2")), "clean");
}

/// The prompts of all users are the same, their messages are not.
#[test]
fn beside_a_system_prompt_another_users_message_still_leaks() {
    let leaky = begun("ME NEW append CHAT[ME] system")
        .replace("read CHAT[bob] system r2 r2:a", "read CHAT[bob] system r1 r2 r2:a");
    check(&leaky, "context-leak 1-15");
}

/// Ids of prompts are used twice, those of questions are not: nobody takes alice's question for bob's.
#[test]
fn a_system_prompt_does_not_hide_a_leak_to_a_session_that_has_said_much() {
    let mut text = begun("ME NEW append CHAT[ME] system");
    for turn in 0..5 {
        writeln!(text, "bob b{turn} request\n bob b{turn} reply = b{turn}").unwrap();
    }
    text += "bob q request\n bob q read CHAT r1\n bob q reply";
    let limits = Limits { messages: 6, ..Limits::default() };
    let found = scan(log(&text).as_bytes(), limits, &|_| {}).unwrap();
    assert_eq!((found.leaks, found.open.unsure.count), (1, 0), "{found:#?}");
}

#[test]
fn who_has_read_anothers_message_does_not_bring_it_in_by_storing_it() {
    let copied = |read: &str| {
        format!(
            "alice r1 request
             alice r1 read CHAT
             alice r1 write CHAT q1 x1
             alice r1 reply
             bob r2 request
             bob r2 read {read}
             bob r2 reply = r2
             bob r3 request
             bob r3 append CHAT[bob] x1
             bob r3 read CHAT[bob] x1
             bob r3 reply"
        )
    };
    check(&copied("CHAT q1 x1"), "context-leak 3-10");
    // The log does not say what was read: it may have been this.
    check(&copied("CHAT ?"), "unknown");
    // Whoever has never read it, brings it in.
    check(&copied("CHAT[bob]"), "clean");
}

/// Nobody reads, but what stands in the place already is not new.
#[test]
fn who_writes_on_what_stands_in_a_place_does_not_bring_it_in() {
    check(
        "alice r1 request
         alice r1 write CHAT q1 x1
         alice r1 reply = r1
         bob r2 request
         bob r2 write CHAT q1 x1 q2 x2
         bob r2 read CHAT q1 x1 q2 x2
         bob r2 reply",
        "context-leak 2-6",
    );
    check(
        "alice r1 request
         alice r1 append CHAT[alice] q1 x1
         alice r1 write CHAT q1 x1
         alice r1 reply = r1
         bob r2 request
         bob r2 write CHAT q1 x1 q2 x2
         bob r2 read CHAT q1 x1 q2 x2
         bob r2 reply",
        "context-leak 3-7",
    );
}

#[test]
fn a_question_or_an_answer_is_nobodys_prompt() {
    let stored = |message: &str| {
        format!(
            "alice r1 request
             alice r1 append CHAT[alice] r1
             alice r1 reply = r1
             bob r2 request
             bob r2 append CHAT[bob] {message}
             bob r2 read CHAT[bob] {message}
             bob r2 reply"
        )
    };
    check(&stored("r1"), "context-leak 1-6");
    check(&stored("r1:a"), "context-leak 3-6");
}

#[test]
fn a_third_who_reads_a_prompt_of_two_others_is_not_accused() {
    let third = begun("ME NEW append CHAT[ME] system")
        + "dora r9 request\n dora r9 read CHAT[bob] system\n dora r9 reply";
    check(&third, "unknown");
}

#[test]
fn a_prompt_in_a_place_that_is_shared_on_purpose_is_everybodys_also_elsewhere() {
    let copied = |shared: &str| {
        format!(
            "alice r1 request
             alice r1 read PROMPT{shared} system
             alice r1 read CHAT[alice]
             alice r1 write CHAT[alice] system r1 r1:a
             alice r1 reply
             alice r2 request
             alice r2 read CHAT[alice] system r1 r1:a
             alice r2 reply"
        )
    };
    check(&copied("*"), "clean");
    check(&copied(""), "unknown");
    // Nobody of this log has brought it in, or somebody who copied it.
    for copies in ["", "alice r1 append CHAT system"] {
        let elsewhere = |shared: &str| {
            format!(
                "alice r1 request
                 alice r1 read PROMPT{shared} system
                 {copies}
                 bob r2 request
                 bob r2 read CHAT system
                 bob r2 reply"
            )
        };
        check(&elsewhere("*"), "clean");
        check(&elsewhere(""), "unknown");
    }
}

#[test]
fn a_summary_is_brought_in_by_whoever_writes_it_first() {
    let summary = |user: &str| {
        let mut text = String::new();
        let mut history = Vec::new();
        for turn in 1..6 {
            writeln!(text, "alice r{turn} request\n alice r{turn} read CHAT {}", history.join(" "))
                .unwrap();
            history.extend([format!("r{turn}"), format!("r{turn}:a")]);
            writeln!(text, "alice r{turn} write CHAT {}", history.join(" ")).unwrap();
            writeln!(text, "alice r{turn} reply").unwrap();
        }
        text + &format!(
            "alice r6 request
             alice r6 read CHAT {}
             alice r6 write CHAT summary r5 r5:a r6 r6:a
             alice r6 reply
             {user} r7 request
             {user} r7 read CHAT summary
             {user} r7 reply",
            history.join(" ")
        )
    };
    let found = check(&summary("alice"), "clean");
    assert_eq!(found.open.unknown.count, 0);
    check(&summary("bob"), "context-leak 23-26");
}

#[test]
fn what_stood_in_a_place_before_the_log_began_is_not_taken_for_new() {
    // bob may have said it.
    let began = |before: &str| {
        format!(
            "alice r1 request
             {before}
             alice r1 write CHAT old r1 r1:a
             alice r1 reply = r1
             alice r2 request
             alice r2 read CHAT old r1 r1:a
             alice r2 reply"
        )
    };
    check(&began(""), "unknown");
    check(&began("alice r1 read CHAT old"), "unknown");
    check(&began("alice r1 read CHAT"), "clean");
}

#[test]
fn it_is_said_why_the_origin_of_a_message_is_unknown() {
    let page = |text: &str| {
        let [output, _] = ends(log(text).as_bytes(), 3);
        let page = String::from_utf8(output.stdout).unwrap();
        page.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (before, forgotten) = ("No line of this log says", "longer ago than is remembered");
    let old = page("alice r1 request\n alice r1 read CHAT old\n alice r1 reply");
    assert!(old.contains(before) && !old.contains(forgotten), "{old}");
    let mut long = String::new();
    for turn in 0..70 {
        writeln!(long, "alice r{turn} request\n alice r{turn} reply = r{turn}").unwrap();
    }
    let long = |read: &str| {
        page(&format!("{long}alice q request\n alice q read CHAT {read}\n alice q reply"))
    };
    let gone = long("r1");
    assert!(!gone.contains(before) && gone.contains(forgotten), "{gone}");
    let both = long("r1 old");
    assert!(both.contains(before) && both.contains(forgotten), "{both}");
}
