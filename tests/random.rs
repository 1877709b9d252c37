//! Larger random programs than can be enumerated. Whatever can be counted in two ways is: plain,
//! packed and symmetric keys, one thread and eight, sets and transcripts, the engine and the
//! recount. `brute_force` holds the same engine against plain enumeration.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::random::{DECLARED, LANES, listing};
use common::{LIMITS, cast, explored_within, judges, numbers, on_threads, program, with};
use interleak::explore::engine::Merging;
use interleak::explore::fate::fates;
use interleak::explore::packed::flow::Flow;
use interleak::explore::packed::layout::{CellFields, Layout};
use interleak::explore::packed::word::Word;
use interleak::explore::packed::{Packed, Packing, Symmetric};
use interleak::explore::plain::Plain;
use interleak::explore::space::Space;
use interleak::explore::tally::{Asked, Open, tally};
use interleak::explore::walk::{Limits, Wanted, walk};
use interleak::explore::witness::Search;
use interleak::explore::{Findings, Judge};
use interleak::model::TurnId;
use interleak::model::context::{Mask, Messages};
use interleak::model::op::Op;
use interleak::model::program::{Grain, Program};
use interleak::model::state::State;
use interleak::model::step::{Reply, step};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::process::{Command, Output};

/// Programs with more states are left out.
const FEW: Limits = Limits { states_max: 30_000, ..LIMITS };

/// More steps than can be enumerated.
const LARGER: [&str; 4] = [
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"x"},{"text":"y"}]}"#,
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"z"}]},{"user":"c","says":[{"text":"z"}]}"#,
    r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"x"}]},{"user":"c","says":[{"text":"x"}]}"#,
    r#"{"user":"a","name":"p","session":"s","says":[{"text":"x"},{"text":"y"}]},{"user":"a","name":"q","session":"s","says":[{"text":"x"}]},{"user":"b","says":[{"text":"x"}]}"#,
];

/// How many programs; more of them with PROPTEST_CASES=5000.
fn cases(usual: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let cases = cases.unwrap_or(usual);
    ProptestConfig { cases, max_global_rejects: 50_000, ..ProptestConfig::default() }
}

/// Judges the transcripts of a run that is over: each reply with all messages that it was computed
/// from, in order, and each answer among them with its own.
struct Transcripts;

/// A reply is based on a question of another user.
const LEAK: Findings = 1;
/// A reply is based on an answer that was not shown, so that its transcript is not known.
const UNKNOWN: Findings = 2;

impl Judge<Messages> for Transcripts {
    fn reply(&self, _: &Program, _: &Reply<Messages>) -> Findings {
        0
    }

    fn end(&self, program: &Program, state: &State<Messages>, _: bool) -> Findings {
        let shown = (0..state.replies.len()).filter(|&turn| state.replies[turn].is_some());
        let judge = |found: Findings, turn: TurnId| {
            let Some(questions) = questions(state, turn) else { return found | UNKNOWN };
            let user = |turn| program.cast.user_of(turn);
            let foreign = questions.into_iter().any(|asked| user(asked) != user(turn));
            found | if foreign { LEAK } else { 0 }
        };
        shown.fold(0, judge)
    }
}

/// The questions that a turn's reply was computed from, also by way of answers.
fn questions(state: &State<Messages>, turn: TurnId) -> Option<BTreeSet<TurnId>> {
    let (mut questions, mut answers) = (BTreeSet::new(), BTreeSet::from([turn]));
    let mut open = vec![turn];
    while let Some(turn) = open.pop() {
        for message in &state.replies[turn].as_ref()?.0 {
            let (asked, is_answer) = (usize::from(message >> 1), message & 1 == 1);
            match is_answer {
                false => _ = questions.insert(asked),
                true if answers.insert(asked) => open.push(asked),
                true => {}
            }
        }
    }
    Some(questions)
}

fn run(threads: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_interleak"));
    command.env("RAYON_NUM_THREADS", threads).args(arguments).output().unwrap()
}

fn write(folder: &Path, name: &str, text: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A state's packed key, read back, is a state that nothing can tell from it: what somebody reads
/// holds the same, and every lane can do the same, with the same reply, and comes to the same key.
fn keys_keep(program: &Program) -> Result<(), TestCaseError> {
    let judges = judges();
    let Some(layout) = Layout::new(program, &Flow::new(program), true) else { return Ok(()) };
    prop_assume!(layout.bits <= <[u64; 16]>::BITS);
    let key = |state: &State<Mask>| layout.encode::<[u64; 16]>(program, state);
    let said = |reply: Option<Reply<Mask>>| {
        reply.map(|it| (it.turn, judges.reply(program, &it), judges.heard(program, &it)))
    };
    let (mut open, mut known) = (vec![State::first(program)], HashSet::new());
    while let Some(state) = open.pop() {
        if known.len() > 2000 || !known.insert(state.clone()) {
            continue;
        }
        let read = layout.decode(program, &key(&state));
        prop_assert_eq!(&read.locks, &state.locks);
        prop_assert_eq!(&read.mailboxes, &state.mailboxes);
        prop_assert_eq!(read.answered, state.answered);
        let cells = layout.cells.iter().zip(read.cells.iter().zip(&state.cells));
        for (_, (read, cell)) in cells.filter(|(kept, _)| !matches!(kept, CellFields::Dead)) {
            prop_assert_eq!(read, cell);
        }
        for lane in 0..program.lanes.len() {
            let (moved, again) = (step(program, &state, lane), step(program, &read, lane));
            prop_assert_eq!(moved.as_ref().err(), again.as_ref().err());
            let (Ok(moved), Ok(again)) = (moved, again) else { continue };
            prop_assert_eq!(moved.touched, again.touched);
            prop_assert_eq!(said(moved.reply), said(again.reply));
            prop_assert_eq!(key(&moved.state), key(&again.state));
            open.push(moved.state);
        }
    }
    Ok(())
}

/// The simplest orders of a graph, searched for and told by the pass over all of it.
fn paths_agree<S: Space>(space: &S, limits: Limits) -> Result<(), TestCaseError> {
    let graph = walk(space, &Wanted::within(limits)).graph;
    let fates = fates(&graph);
    let search = |bytes_max| Search { space, graph: &graph, fates: &fates, bytes_max };
    let (searched, told) = (search(usize::MAX), search(0));
    for finding in (0..Findings::BITS).map(|bit| 1 << bit) {
        prop_assert_eq!(searched.witness(finding), told.witness(finding));
        prop_assert_eq!(searched.preemptions(finding), told.preemptions(finding));
    }
    Ok(())
}

/// Listings that need what random ones hardly ever do: a register that is read once more after it
/// seemed to be of no use, a small value as large as can be.
const RARE: [&str; 4] = [
    "    x()  #@ take N\n    x()  #@ append I question\n    x()  #@ load I\n    x()  #@ put N next\n",
    "    x()  #@ take U\n    x()  #@ load I\n    x()  #@ append I question\n    x()  #@ put U id\n",
    "    x()  #@ note question, append H question\n    x()  #@ load H, infer\n    x()  #@ load S\n\
     \x20   x()  #@ note answer\n",
    "    x()  #@ put N next\n    x()  #@ take N\n    x()  #@ append I question\n    x()  #@ load I\n",
];

#[test]
fn rare_listings_are_merged_right() {
    for body in RARE {
        let listing = format!(
            "{DECLARED}def respond(question, session):\n{body}\
             \x20   a()  #@ note question, infer\n    return a  #@ reply\n"
        );
        for lanes in LARGER {
            let program = program(cast(lanes), &listing, Grain::Access);
            keys_keep(&program).unwrap();
            let [plain, packed, symmetric] = [Merging::Plain, Merging::Packed, Merging::Symmetric]
                .map(|by| numbers(&explored_within(&program, by, LIMITS)));
            assert_eq!((&packed, &symmetric), (&plain, &plain), "{body}");
        }
    }
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn keys_keep_all_that_matters(
        listing in listing(),
        lanes in prop::sample::select(&LARGER[..]),
        grain in prop::sample::select(&Grain::ALL[..]),
        limit in prop::option::weighted(0.2, 1..4_usize),
    ) {
        let mut program = program(cast(lanes), &listing, grain);
        program.setting.limit = limit;
        keys_keep(&program)?;
    }

    #[test]
    fn every_merging_tells_the_same(
        listing in listing(),
        lanes in prop::sample::select(&LARGER[..]),
        grain in prop::sample::select(&Grain::ALL[..]),
        limit in prop::option::weighted(0.2, 1..4_usize),
    ) {
        let mut program = program(cast(lanes), &listing, grain);
        program.setting.limit = limit;
        let plain = explored_within(&program, Merging::Plain, FEW);
        prop_assume!(plain.stopped.is_none());
        for merging in [Merging::Packed, Merging::Symmetric] {
            let merged = explored_within(&program, merging, FEW);
            prop_assert_eq!(numbers(&merged), numbers(&plain), "{:?}", merging);
            prop_assert!(merged.states <= plain.states);
        }
    }

    /// Also where a walk was stopped, and where lanes have changed places.
    #[test]
    fn a_search_and_a_pass_find_the_same_simplest_orders(
        listing in listing(),
        lanes in prop::sample::select(&LARGER[..]),
        grain in prop::sample::select(&Grain::ALL[..]),
        states_max in prop::sample::select(&[400, 30_000][..]),
    ) {
        let program = program(cast(lanes), &listing, grain);
        let (judges, limits) = (judges(), Limits { states_max, ..LIMITS });
        paths_agree(&Plain::<Mask>::new(&program, &judges), limits)?;
        let packing = Packing::new(&program, &judges, Symmetric::Verified);
        if let Some(packing) = packing.filter(|packing| packing.bits() <= 512) {
            paths_agree(&Packed::<[u64; 8]>::new(packing), limits)?;
        }
    }

    /// An answer is named by its turn, so each turn must infer once for transcripts to be exact.
    #[test]
    fn sets_tell_the_same_as_transcripts(
        listing in listing(),
        lanes in prop::sample::select(&LANES[..]),
        grain in prop::sample::select(&Grain::ALL[..]),
    ) {
        let program = program(cast(lanes), &listing, grain);
        let ops = || program.code.ops();
        prop_assume!(ops().filter(|op| *op == Op::Infer).count() == 1);
        prop_assume!(ops().any(|op| matches!(op, Op::Load(_) | Op::Lookup(_))));
        let wanted = Wanted { traces_states_max: usize::MAX, ..Wanted::within(FEW) };
        let transcripts = walk(&Plain::new(&program, &Transcripts), &wanted);
        prop_assume!(transcripts.graph.stopped.is_none());
        let asked = Asked { findings: vec![LEAK, UNKNOWN], ..Asked::default() };
        let tallied = tally(&transcripts.graph, &asked, Open::Nothing);
        let sets = explored_within(&program, Merging::Symmetric, FEW);
        prop_assert_eq!(&tallied.orders, &sets.orders);
        prop_assert_eq!(transcripts.traces, sets.traces);
        prop_assume!(tallied.with[1].orders == 0_u32.into());
        prop_assert_eq!(&tallied.with[0], &with(&sets, 0));
    }
}

proptest! {
    #![proptest_config(cases(30))]

    /// Only layers of more than a thousand states are shared between threads.
    #[test]
    fn wide_layers_on_every_number_of_threads(
        listing in listing(),
        lanes in prop::sample::select(&LARGER[..]),
        grain in prop::sample::select(&[Grain::Line, Grain::Access][..]),
    ) {
        let program = program(cast(lanes), &listing, grain);
        let explored = || explored_within(&program, Merging::Packed, FEW);
        let eight = on_threads(8, explored);
        prop_assume!(eight.stopped.is_none() && eight.states > 1000 * eight.steps / 4);
        prop_assert_eq!(format!("{:?}", on_threads(1, explored)), format!("{eight:?}"));
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// The whole way, as users go it: the same bytes for each number of threads, and each number
    /// equal when it is counted again.
    #[test]
    fn reports_are_the_same_bytes_and_are_recounted(
        listing in listing(),
        lanes in prop::sample::select(&LANES[..]),
        grain in prop::sample::select(&Grain::ALL[..]),
        limit in prop::option::weighted(0.3, 1..3_usize),
    ) {
        let mut small = program(cast(lanes), &listing, grain);
        small.setting.limit = limit;
        prop_assume!(explored_within(&small, Merging::Plain, FEW).stopped.is_none());
        let folder = tempfile::tempdir().unwrap();
        let scenario = format!("{{\"format\": 1, \"title\": \"t\", \"lanes\": [{lanes}]}}");
        let scenario = write(folder.path(), "scenario.json", scenario.as_bytes());
        let strategy = write(folder.path(), "strategy.py", listing.as_bytes());
        let mut arguments = vec!["run", &scenario, "-s", &strategy, "--grain", grain.name()];
        let limit = limit.map(|limit| limit.to_string());
        arguments.extend(limit.iter().flat_map(|limit| ["--limit", limit]));
        arguments.extend(["--show", "2", "--format", "json"]);
        let [one, eight] = ["1", "8"].map(|threads| run(threads, &arguments));
        prop_assert_eq!(&one, &eight);
        let report = write(folder.path(), "report.json", &one.stdout);
        let recounted = run("2", &["verify-run", &report]);
        let said = String::from_utf8([recounted.stdout, recounted.stderr].concat()).unwrap();
        prop_assert!(recounted.status.success(), "{}", said);
        prop_assert!(said.contains("1 equal, 0 different, 0 open"), "{}", said);
    }
}
