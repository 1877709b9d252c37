//! Logs that name the user on some lines only: whose a request is, a later line may say.

use super::*;

/// Two tabs of one user, and a reply that is built from what the other tab said. `A` and `B` stand for
/// `@alice` or nothing, and say which lines name the user.
fn tabs(a: [&str; 2], b: [&str; 2]) -> String {
    let ([ask1, say1], [ask2, say2]) = (a, b);
    format!(
        "tab1{ask1} r1 request
         tab1 r1 append CHAT r1
         tab2{ask2} r2 request
         tab2 r2 read CHAT r1
         tab2{say2} r2 reply
         tab1 r1 append CHAT r1:a
         tab1{say1} r1 reply = r1"
    )
}

#[test]
fn a_user_may_be_named_on_the_request_on_the_reply_or_on_both() {
    let alice = [["@alice", "@alice"], ["@alice", ""], ["", "@alice"]];
    let bob = [["@bob", "@bob"], ["@bob", ""], ["", "@bob"]];
    for a in alice {
        for b in alice {
            check(&tabs(a, b), "clean");
        }
        for b in bob {
            check(&tabs(a, b), "context-leak 2-4");
        }
        // A tab that nobody names is its own user.
        check(&tabs(a, ["", ""]), "context-leak 2-4");
        check(&tabs(["", ""], a), "context-leak 2-4");
    }
}

#[test]
fn a_user_who_is_named_long_after_a_reply_was_the_readers_all_the_time() {
    let late = |reader: &str, other: &str| {
        tabs(["", ""], ["", ""]) + &format!("\n tab1{other} r3 request\n tab2{reader} r4 request")
    };
    check(&late("@alice", "@alice"), "clean");
    check(&late("@alice", "@bob"), "context-leak 2-4");
    check(&late("", "@alice"), "context-leak 2-4");
    check(&late("@alice", ""), "context-leak 2-4");
}

#[test]
fn what_is_told_late_is_told_in_the_order_of_the_lines() {
    // The first reply of bob is known to leak only after all others.
    let mut text = String::from("alice r0 request\n alice@alice r0 append CHAT r0\n")
        + &tabs(["", ""], ["@bob", ""]);
    for turn in 3..9 {
        write!(text, "\n bob@bob r{turn} request\n bob r{turn} read CHAT r0\n bob r{turn} reply")
            .unwrap();
    }
    let lines = |text: &str| {
        let found = diagnose(log(text).as_bytes());
        assert_eq!(found.leaks, 7);
        found.findings.iter().map(|finding| finding.line).collect::<Vec<_>>()
    };
    assert_eq!(lines(&text), [7, 12, 15, 18, 21]);
    assert_eq!(lines(&text.replace("tab1 ", "tab1@alice ")), [7, 12, 15, 18, 21]);
}

#[test]
fn whose_a_request_is_may_be_said_after_somebody_was_answered_with_it() {
    let named = |user: &str| {
        format!(
            "tab@alice r1 request
             tab r1 reply = r1
             tab r2 request
             tab r2 append CHAT r2
             other@alice r3 request
             other r3 read CHAT r2
             other r3 reply
             tab{user} r2 reply = r2"
        )
    };
    check(&named("@alice"), "clean");
    check(&named(""), "clean");
    check(&named("@bob"), "context-leak 4-6");
}

#[test]
fn many_tabs_of_the_reader_do_not_hide_the_message_of_another() {
    let read = |count: usize, reply: &str| {
        let mut text = String::from("");
        for tab in 0..count {
            writeln!(text, "tab{tab}@alice q{tab} request\n tab{tab} q{tab} reply = q{tab}")
                .unwrap();
        }
        let ids: Vec<String> = (0..count).map(|tab| format!("q{tab}")).collect();
        text + &format!(
            "bob r1 request\n bob r1 reply = r1\n late r2 request
             late r2 read CHAT {} r1\n {reply}",
            ids.join(" ")
        )
    };
    check(&read(20, "late@alice r2 reply"), "context-leak 41-44");
    check(&read(20, "late@alice r2 reply").replace(" r1\n late", "\n late"), "clean");
}

/// The session of a browser that two people use, one after the other.
#[test]
fn a_session_that_changes_hands_is_the_users_whom_the_replies_name() {
    let hands = |read: &str| {
        format!(
            "tab r1 request
             tab r1 read CHAT
             tab r1 append CHAT r1
             tab@alice r1 reply
             tab r2 request
             tab r2 read CHAT{read}
             tab r2 append CHAT[bob] r2
             tab@bob r2 reply
             tab r3 request
             tab r3 read CHAT[bob] r2 r2:a
             tab@bob r3 reply"
        )
    };
    check(&hands(""), "clean");
    check(&hands(" r1"), "context-leak 1-6");
}

#[test]
fn a_request_stays_its_users_when_the_session_changes_hands_meanwhile() {
    check(
        "tab@alice r1 request
         tab r1 read CHAT
         tab@alice r2 request
         tab r2 append CHAT r2
         tab r1 read CHAT r2
         tab@bob r3 request
         tab r1 reply
         tab r2 reply = r2
         tab r3 reply = r3",
        "clean",
    );
}

#[test]
fn a_question_of_one_user_that_is_answered_to_another_leaks() {
    let asked = |user: &str| {
        format!(
            "tab{user} r1 request
             tab r1 read CHAT
             tab@bob r1 reply"
        )
    };
    check(&asked("@bob"), "clean");
    check(&asked(""), "clean");
    let found = check(&asked("@alice"), "context-leak 1-3");
    let [leak] = found.findings.as_slice() else { panic!("{found:#?}") };
    assert_eq!((leak.who.name(), leak.other.name()), (Some("bob"), Some("alice")));
    let [output, _] = ends(log(&asked("@alice")).as_bytes(), 1);
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("\"r1\" is alice's question (line 1)"), "{page}");
}

#[test]
fn a_job_that_works_for_many_users_says_for_whom() {
    let job = |user: &str| {
        format!(
            "alice r1 request
             alice r1 append CHAT[alice] r1
             alice r1 reply = r1
             job{user} j1 request
             job j1 read CHAT[alice] r1 r1:a
             job j1 write MEMORY[alice] summary
             job j1 reply
             job@bob j2 request
             job j2 read CHAT[bob]
             job j2 reply
             alice r2 request
             alice r2 read MEMORY[alice] summary
             alice r2 reply"
        )
    };
    check(&job("@alice"), "clean");
    check(&job("@carl"), "context-leak 2-5, context-leak 6-12");
}

#[test]
fn replies_that_wait_for_a_name_are_bounded_and_the_rest_is_said_to_be_open() {
    let text = |named: &str| {
        let mut text = String::new();
        for tab in 0..9 {
            writeln!(text, "tab{tab} r{tab} request\n tab{tab} r{tab} append CHAT r{tab}").unwrap();
            writeln!(text, "tab{tab} r{tab} read CHAT r{}\n tab{tab} r{tab} reply", (tab + 8) % 9)
                .unwrap();
        }
        for tab in 0..9 {
            writeln!(text, "tab{tab}{named} q{tab} request").unwrap();
        }
        text
    };
    let read = |text: &str, waiting: usize| {
        scan(log(text).as_bytes(), Limits { waiting, ..Limits::default() }, &|_| {}).unwrap()
    };
    assert_eq!(told(&read(&text("@alice"), 100)), "unknown", "r8 is read before it comes in");
    let found = read(&text("@alice"), 5);
    assert_eq!((found.leaks, found.open.unnamed.count), (0, 3));
    assert!(!found.is_complete());
    // Where no user is named at all, each session is its own, and nothing is open.
    let found = read(&text(""), 5);
    assert_eq!((found.leaks, found.open.unnamed.count), (8, 0));
}

#[test]
fn who_was_named_is_not_waited_for_any_more() {
    let mut text = String::new();
    for turn in 0..20 {
        let named = tabs(["", ""], ["", "@alice"]) + "\n tab1@alice q request\n";
        let named = named.replace("tab", &format!("t{turn}-")).replace("r1", &format!("a{turn}"));
        text += &named.replace("r2", &format!("b{turn}"));
    }
    let limits = Limits { waiting: 1, ..Limits::default() };
    let found = scan(log(&text).as_bytes(), limits, &|_| {}).unwrap();
    assert_eq!(told(&found), "clean", "{found:#?}");
}

/// The rest of the log may name her.
#[test]
fn where_reading_was_interrupted_nobody_is_accused_who_may_be_named_later() {
    struct Waits;
    impl Read for Waits {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::WouldBlock.into())
        }
    }
    let read = |text: &str| {
        let found = scan(log(text).as_bytes().chain(Waits), Limits::default(), &|_| {}).unwrap();
        assert!(found.interrupted);
        (found.leaks, found.open.unnamed.count)
    };
    assert_eq!(read(&tabs(["", ""], ["@alice", ""])), (0, 1));
    assert_eq!(read(&tabs(["@bob", ""], ["@alice", ""])), (1, 0));
    // Nobody was named so far, and nobody may ever be.
    assert_eq!(read(&tabs(["", ""], ["", ""])), (1, 0));
}

proptest! {
    /// Whichever lines name the user, if each session does once, the answer is the same.
    #[test]
    fn it_does_not_matter_which_lines_name_the_user(
        turns in proptest::collection::vec((0..6_usize, any::<bool>()), 1..40),
        named in proptest::collection::vec(0..3_u8, 6),
    ) {
        let play = |names: &dyn Fn(usize, &str) -> bool| {
            let (mut text, mut all) = (String::new(), Vec::new());
            for (turn, &(session, reads_all)) in turns.iter().enumerate() {
                let line = |event: &str| {
                    let user = if names(session, event) { ["@alice", "@bob"][session % 2] } else { "" };
                    format!("s{session}{user} r{turn} {event}")
                };
                let seen = if reads_all { all.join(" ") } else { String::new() };
                all.push(format!("r{turn}"));
                for event in ["request", &format!("read CHAT {seen}"), &format!("append CHAT r{turn}"), "reply"] {
                    writeln!(text, "{}", line(event)).unwrap();
                }
            }
            // So that each session names its user at least once.
            diagnose(log(&text).as_bytes())
        };
        let everywhere = play(&|_, _| true);
        let somewhere = play(&|session, event| match named[session] {
            0 => event == "request",
            1 => event == "reply",
            _ => event.starts_with("append"),
        });
        prop_assert_eq!(told(&everywhere), told(&somewhere));
        prop_assert_eq!(everywhere.leaks, somewhere.leaks);
    }
}
