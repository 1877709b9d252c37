//! Random apps that keep a history for each session, each in its own manner: nothing is found in the log of a
//! right one, and what is planted is found.

use super::*;

/// How an app keeps its histories.
#[derive(Clone, Copy, Debug)]
struct Manner {
    /// A prompt begins each history.
    has_prompt: bool,
    /// Each request reads its history before it writes it.
    reads: bool,
    /// It adds to the history, and does not write all of it.
    appends: bool,
    /// What is older than two turns is summarised.
    summarises: bool,
    /// Which line of a request names its user: the first, the second, the last one.
    names: usize,
}

fn manners() -> impl Strategy<Value = Manner> {
    (any::<[bool; 4]>(), 0..4_usize).prop_map(
        |([has_prompt, reads, appends, summarises], names)| Manner {
            has_prompt,
            reads: reads || appends,
            appends,
            summarises,
            names,
        },
    )
}

/// What an app with so many sessions logs, in which requests of different sessions overlap. `planted`: in this
/// turn a session reads, or overwrites, what another user has said last.
fn run(manner: Manner, turns: &[usize], planted: Option<(usize, &str)>) -> String {
    let mut histories: [Vec<String>; 4] = Default::default();
    let mut open: [Vec<String>; 4] = Default::default();
    let mut text = String::new();
    for (turn, &session) in turns.iter().enumerate() {
        // Each session has at most one request at a time; its lines are written when the next turn begins.
        text += &std::mem::take(&mut open[session]).concat();
        let history = &mut histories[session];
        let line = |at: usize, what: String| {
            let user =
                if manner.names == at { format!("@u{}", session % 2) } else { String::new() };
            format!("s{session}{user} r{turn} {what}\n")
        };
        let foreign = turns[..turn].iter().rposition(|&other| other % 2 != session % 2);
        let (seen, cell) = match (planted, foreign) {
            (Some((at, "read")), Some(other)) if at == turn => {
                (format!("r{other}"), "LEAKY".into())
            }
            _ => (history.join(" "), format!("CHAT[{session}]")),
        };
        text += &line(0, "request".into());
        if manner.reads || planted.is_some_and(|(at, what)| at == turn && what == "read") {
            text += &line(1, format!("read {cell} {seen}"));
        }
        if let (Some((at, "overwrite")), Some(other)) = (planted, foreign)
            && at == turn
        {
            text += &std::mem::take(&mut open[turns[other]]).concat();
            text += &line(1, format!("write CHAT[{}] r{turn}", turns[other]));
        }
        let mut new = vec![format!("r{turn}"), format!("r{turn}:a")];
        if manner.has_prompt && history.is_empty() {
            new.insert(0, "prompt".into());
        }
        let is_long = manner.summarises && !manner.appends && history.len() > 5;
        if is_long {
            *history = vec![format!("summary{turn}")];
        }
        history.extend(new.iter().cloned());
        open[session].push(match manner.appends {
            true => line(1, format!("append CHAT[{session}] {}", new.join(" "))),
            false => line(1, format!("write CHAT[{session}] {}", history.join(" "))),
        });
        let basis =
            if manner.reads || planted.is_some() { String::new() } else { format!("= r{turn}") };
        open[session].push(line(2, format!("reply {basis}")));
    }
    text + &open.concat().concat()
}

proptest! {
    #[test]
    fn a_right_app_is_not_accused(
        manner in manners(),
        turns in proptest::collection::vec(0..4_usize, 1..40),
    ) {
        let text = run(manner, &turns, None);
        let found = diagnose(log(&text).as_bytes());
        prop_assert!(!found.is_bad() && found.stale == 0, "{}\n{:#?}", text, found);
        // What a session begins with and writes without having read may be older than the log.
        if manner.reads || !manner.has_prompt {
            prop_assert_eq!(told(&found), "clean", "{}", text);
        }
    }

    #[test]
    fn a_planted_leak_and_a_planted_overwriting_are_found(
        manner in manners(),
        turns in proptest::collection::vec(0..4_usize, 2..40),
        at in any::<prop::sample::Index>(),
    ) {
        let at = at.index(turns.len());
        prop_assume!(manner.names < 3);
        prop_assume!(turns[..at].iter().any(|&other| other % 2 != turns[at] % 2));
        let found = diagnose(log(&run(manner, &turns, Some((at, "read")))).as_bytes());
        prop_assert!(found.leaks > 0, "{:#?}", found);
        let found = diagnose(log(&run(manner, &turns, Some((at, "overwrite")))).as_bytes());
        prop_assert!(found.lost + found.stale > 0, "{:#?}", found);
    }
}
