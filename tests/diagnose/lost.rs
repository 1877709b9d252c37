//! Writes that are lost, and writes that only look so.

use super::*;

#[test]
fn a_write_from_an_old_copy_loses_what_was_written_since() {
    let found = check(LOST, "lost-update 5-6");
    assert_eq!((found.lost, found.leaks, found.compared), (1, 0, 2));
    let lost = &found.findings[0];
    assert_eq!(
        (lost.who.session.as_deref(), lost.other.session.as_deref()),
        (Some("tab2"), Some("tab1"))
    );
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
    // r3 was not seen either, but it is there.
    check(
        &trimmed("alice r2 read CHAT r1 r1:a").replace("CHAT r3 r2", "CHAT r2"),
        "lost-update 7-8",
    );
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

/// Two requests that overlap; nobody reads.
const BLIND: &str = "tab1@alice r1 request
                     tab2@bob r2 request
                     tab1@alice r1 write CHAT r1 r1:a
                     tab2@bob r2 write CHAT r2 r2:a
                     tab1@alice r1 reply = r1
                     tab2@bob r2 reply = r2";

#[test]
fn who_overwrites_without_reading_what_was_written_meanwhile_loses_it() {
    let found = check(BLIND, "lost-update 3-4");
    assert_eq!((found.lost, found.stale, found.compared), (1, 0, 0));
    check(&BLIND.replace("r1 write", "r1 append"), "lost-update 3-4");
    // Of one user, in two tabs or by a double click.
    check(&BLIND.replace("bob", "alice"), "lost-update 3-4");
    check(&BLIND.replace("tab2@bob", "tab1@alice"), "lost-update 3-4");
    // What is there is not lost, and appending loses nothing.
    check(&BLIND.replace("CHAT r2", "CHAT r1 r1:a r2"), "clean");
    check(&BLIND.replace("r2 write", "r2 append"), "clean");
    let [output, _] = ends(log(BLIND).as_bytes(), 1);
    let page = String::from_utf8(output.stdout).unwrap();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        page.contains("bob's request r2 was under way at the same time and wrote it"),
        "{page}"
    );
}

#[test]
fn requests_overlap_as_long_as_the_first_is_not_answered() {
    let later = "tab1@alice r1 request
                 tab1@alice r1 write CHAT r1 r1:a
                 tab2@bob r2 request
                 tab2@bob r2 write CHAT r2 r2:a
                 tab2@bob r2 reply = r2
                 tab1@alice r1 reply = r1";
    check(later, "lost-update 2-4");
}

/// Alice's request is over before the other one begins, which writes without reading.
fn one_after_the_other(second: &str) -> String {
    format!(
        "tab1@alice r1 request
         tab1@alice r1 write CHAT r1 r1:a
         tab1@alice r1 reply = r1
         {second} r2 request
         {second} r2 write CHAT r2 r2:a
         {second} r2 reply = r2"
    )
}

#[test]
fn who_overwrites_without_reading_what_was_there_before_may_mean_it_so() {
    for second in ["tab2@bob", "tab2@alice"] {
        let found = check(&one_after_the_other(second), "stale-write 2-5");
        assert_eq!((found.lost, found.is_complete()), (0, false));
    }
    let [output, _] = ends(log(&one_after_the_other("tab2@bob")).as_bytes(), 3);
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("without reading it (line 5)"), "{page}");
    // The log does not say what is there now.
    let untold = one_after_the_other("tab2@bob").replace("CHAT r2 r2:a", "CHAT ?");
    check(&untold, "stale-write 2-5");
}

#[test]
fn a_session_may_overwrite_what_it_wrote_or_read_itself() {
    check(&one_after_the_other("tab1@alice"), "clean");
    let knows = one_after_the_other("tab2@bob").replace(
        "tab2@bob r2 request",
        "tab2@bob r0 request
         tab2@bob r0 read CHAT r1 r1:a
         tab2@bob r0 reply = r0
         tab2@bob r2 request",
    );
    check(&knows.replace("read CHAT r1 r1:a", "read CHAT"), "clean");
    // It has read too early.
    let early = "tab2@bob r0 request\n tab2@bob r0 read CHAT\n tab2@bob r0 reply = r0\n";
    check(&(early.to_owned() + &one_after_the_other("tab2@bob")), "stale-write 5-8");
}

#[test]
fn a_user_who_empties_a_place_begins_anew() {
    for at_once in [BLIND.to_owned(), one_after_the_other("tab2@bob")] {
        let emptied = at_once.replace("CHAT r2 r2:a", "CHAT");
        check(&emptied.replace("bob", "alice"), "clean");
        let of_another = diagnose(log(&emptied).as_bytes());
        assert!(of_another.lost + of_another.stale > 0, "{of_another:?}");
    }
    // A prompt that others begin with, too, is put there again.
    let begun = "tab1@alice r0 request
                 tab1@alice r0 append CHAT system
                 tab1@alice r0 reply = r0
                 carl r9 request
                 carl r9 append CHAT[carl] system
                 carl r9 reply = r9\n";
    let again = BLIND.replace("bob", "alice").replace("CHAT r2 r2:a", "CHAT system");
    check(&(begun.to_owned() + &again), "clean");
}

#[test]
fn who_streams_without_reading_overwrites_what_others_write_meanwhile() {
    check(
        "alice r1 request
         alice r1 write CHAT r1
         bob r2 request
         bob r2 append CHAT r2
         alice r1 write CHAT r1 r1:a
         alice r1 reply = r1
         bob r2 reply = r2",
        "lost-update 4-5",
    );
}

#[test]
fn writes_of_others_that_are_not_remembered_leave_a_write_without_a_read_open() {
    let text = |others: usize| {
        let mut text = String::from("bob b request\n bob b append CHAT b\n bob b reply = b\n");
        for index in 0..others {
            writeln!(text, "alice r{index} request\n alice r{index} append CHAT r{index}").unwrap();
            writeln!(text, "alice r{index} reply = r{index}").unwrap();
        }
        text + "alice q request\n alice q write CHAT q\n alice q reply = q"
    };
    let open = |text: &str, expected: &str| check(text, expected).open.too_long_ago.count;
    // alice has written there herself since, and knows.
    assert_eq!(open(&text(20), "clean"), 0);
    let of = |first: &str, last: &str| {
        text(20).replace("alice q ", &format!("{last} q ")).replace("alice", first)
    };
    assert_eq!(open(&of("bob", "bob"), "clean"), 0);
    assert_eq!(open(&of("bob", "carl"), "stale-write 62-65"), 1);
    assert_eq!(open(&of("alice", "bob"), "stale-write 62-65"), 1);
}
