//! Who is answered with whose message: where that is told, and where it must not be.

use super::*;

#[test]
fn a_reply_from_another_users_message_leaks() {
    let found = check(LEAK, "context-leak 3-6");
    let [leak] = found.findings.as_slice() else { panic!("{found:#?}") };
    assert_eq!((leak.who.name(), leak.other.name()), (Some("bob"), Some("alice")));
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
    assert_eq!(
        (found.findings[0].who.name(), found.findings[0].other.name()),
        (Some("bob"), Some("alice"))
    );
    assert_eq!(with("\"al\"").findings[0].other.name(), Some("al"));
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
    assert_eq!((leak.who.name(), leak.other.name()), (Some("bob"), Some("alice")));
    // Who is two users ago is no longer known, and is not taken for another.
    let between = theft.replace("tab@bob r2 request", "tab@carl r3 request\n tab@bob r2 request");
    let found = check(&between, "context-leak 2-6");
    assert_eq!(found.findings[0].other.name(), Some("tab"));
    let sold = "tab1@bob r3 request\n tab2@alice r2 write";
    let late = check(&LOST.replace("tab2@alice r2 write", sold), "lost-update 5-7");
    assert_eq!(late.findings[0].other.name(), Some("alice"));
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

/// Before its user is named, a session was that user already: whoever has two tabs does not leak to
/// herself, whichever of them is named late.
#[test]
fn a_tab_that_is_named_late_was_its_users_all_the_time() {
    let said_first = |user: &str| {
        format!(
            "tab1 r1 request
             tab1 r1 append CHAT r1
             tab1{user} r2 request
             tab2@alice r3 request
             tab2@alice r3 read CHAT r1
             tab2@alice r3 reply = r1"
        )
    };
    check(&said_first("@alice"), "clean");
    check(&said_first("@bob"), "context-leak 2-5");
    check(&said_first(""), "context-leak 2-5");
    let read_first = |user: &str| {
        format!(
            "tab2@alice r3 request
             tab2@alice r3 append CHAT r3
             tab1 r1 request
             tab1 r1 read CHAT r3
             tab1{user} r1 reply"
        )
    };
    check(&read_first("@alice"), "clean");
    check(&read_first("@bob"), "context-leak 2-4");
    check(&read_first(""), "context-leak 2-4");
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

#[test]
fn what_stands_in_a_place_that_is_shared_on_purpose_leaks_nowhere() {
    let public = LEAK.replace("CHAT", "ROOM*");
    let found = check(&public, "clean");
    assert_eq!(found.public, 3);
    // It does not matter whether the basis is named, or which of the lines say it.
    check(&public.replace("bob r2 reply", "bob r2 reply = r1 r1:a r2"), "clean");
    check(&public.replace("bob r2 read ROOM*", "bob r2 read ROOM"), "clean");
    // What nobody remembers is everybody's too, if it is read there.
    check("bob r2 request\n bob r2 read ROOM* old\n bob r2 reply", "clean");
    check("bob r2 request\n bob r2 read ROOM old\n bob r2 reply", "unknown");
    // Another place that is not shared on purpose still leaks.
    let both = LEAK.replace("bob r2 read CHAT", "bob r2 read ROOM*\n bob r2 read CHAT");
    check(&both, "context-leak 3-7");
}

#[test]
fn a_place_that_is_shared_on_purpose_can_still_lose_an_update() {
    check(&LOST.replace("CHAT", "ROOM*"), "lost-update 5-6");
}
