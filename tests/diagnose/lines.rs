//! Lines that cannot be read, and words that are made of what can.

use super::*;

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
    assert!(page.contains("\" \"'s request r2") && page.contains("from \"\""), "{page}");
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
