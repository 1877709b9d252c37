//! What is remembered, what is said of what is not, and that it stays bounded.

use super::*;

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
        (found.open.unknown.count, found.open.unknown.ids, found.open.unknown.first_line),
        (1, 2, Some(3))
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
    assert_eq!((found.open.looks.count, found.open.looks.first_line), (1, Some(18)));
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
    let limits = Limits { messages: 5, sessions: 40, cells: 30, ..Limits::default() };
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
