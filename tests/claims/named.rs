//! Sentences that were once told of runs of which they are not true, and those that are.

use crate::common::{cast, program};
use interleak::anomalies::{ANOMALIES, Anomaly, named};
use interleak::cli::Cli;
use interleak::model::program::{Grain, Program, Setting};
use interleak::model::server::Slots;
use interleak::report::page::Paper;
use interleak::screen::COLUMNS;
use interleak::story::clean::{Apart, WhyClean, why};

const ONE: &str = r#"{"user":"a","says":[{"text":"x"}]}"#;
const TWO: &str = r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y"}]}"#;
const AGAIN: &str =
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"z"}]}"#;
const THREE: &str = r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y"}]},{"user":"c","says":[{"text":"z"}]}"#;
const DOUBLE_CLICK: &str = r#"{"user":"a","name":"p","says":[{"text":"x"}]},{"user":"a","name":"q","says":[{"text":"y"}]}"#;

/// The pages of a run of some lanes, brief and full.
fn pages(lanes: &str, listing: &str, more: &str) -> [String; 2] {
    with_files(lanes, listing, |scenario, strategy| run(scenario, strategy, more))
}

/// Writes a scenario of some lanes, and a listing that has no name.
fn with_files<T>(lanes: &str, listing: &str, look: impl FnOnce(&str, &str) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let scenario = format!("{{\"format\": 1, \"title\": \"t\", \"lanes\": [{lanes}]}}");
    let scenario = file("s.json", &scenario);
    match listing.contains('\n') {
        true => look(&scenario, &file("app.py", listing)),
        false => look(&scenario, listing),
    }
}

fn run(scenario: &str, strategy: &str, more: &str) -> [String; 2] {
    ["", "--full"].map(|full| page("run", scenario, strategy, &format!("{more} {full}")))
}

fn page(command: &str, scenario: &str, strategy: &str, more: &str) -> String {
    let typed = ["interleak", command, scenario, "-s", strategy];
    let typed = typed.into_iter().chain(more.split_whitespace());
    let mut page = Vec::new();
    let _ = Cli::read(typed).unwrap().answer(Paper::english(COLUMNS), &mut page);
    String::from_utf8(page).unwrap()
}

fn joined(page: &str) -> String {
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(page: &str, words: &str) {
    assert!(joined(page).contains(words), "`{words}` is missing in:\n{page}");
}

#[track_caller]
fn says_not(page: &str, words: &str) {
    assert!(!joined(page).contains(words), "`{words}` is in:\n{page}");
}

fn shipped(name: &str) -> &'static str {
    interleak::strategy::named(name).unwrap().listing
}

fn only(anomaly: &str) -> Vec<&'static Anomaly> {
    vec![named(anomaly).unwrap()]
}

/// Why a clean run is clean, at grain `access`.
fn clean(lanes: &str, listing: &str, judged: &[&Anomaly]) -> Vec<WhyClean> {
    why(&program(cast(lanes), listing, Grain::Access), judged)
}

#[test]
fn that_replies_out_of_a_pipe_are_ones_own_is_said_only_where_that_was_judged() {
    let pipe = WhyClean::OwnReplies { pipe: "CONNECTION".into() };
    let listing = shipped("pooled-connection");
    assert_eq!(clean(TWO, listing, ANOMALIES), [pipe]);
    assert_eq!(clean(TWO, listing, &only("deadlock")), []);
}

#[test]
fn a_lock_is_said_to_let_one_turn_after_the_other_in_only_if_it_is_held_throughout() {
    let leak = only("context-leak");
    let is_locked = |listing: &str| clean(DOUBLE_CLICK, listing, &leak).contains(&WhyClean::Locked);
    assert!(is_locked(shipped("locked")));
    assert!(is_locked(shipped("session-lock")));
    // It is given back between the two, or another one is taken.
    assert!(!is_locked(shipped("narrow-lock")));
    let other = "
H = []  #@ shared H
L = 0   #@ lock L
M = 0   #@ lock M
def respond(question, session):
    with L:                     #@ hold L
        h = list(H)             #@ load H
    with M:                     #@ hold M
        a = assistant(h)        #@ note question, infer
        H[:] = h                #@ store H
    return a                    #@ reply
";
    assert!(!is_locked(other));
    // What is read before it is taken is read beside the others.
    let late = other.replace("    with M:                     #@ hold M\n", "    if True:\n");
    assert!(!is_locked(&late.replace("if True:", "with M:                     #@ hold M")));
    // Each of the two takes a lock of its own.
    let own = shipped("session-lock").replace("#@ lock LOCKS[session]", "#@ lock LOCKS[address]");
    assert_ne!(own, shipped("session-lock"));
    let there = DOUBLE_CLICK.replace(r#""name":"q""#, r#""name":"q","address":"there""#);
    assert!(!clean(&there, &own, &leak).contains(&WhyClean::Locked));
}

const CHAIN: &str = "
H = []  #@ shared H
def respond(question, session):
    H.append(question)          #@ append H question
    later()                     #@ then
    a = assistant(H)            #@ load H, infer
    H.append(a)                 #@ append H answer
    return a                    #@ reply
";

#[test]
fn functions_with_slots_of_their_own_are_not_said_to_be_worked_on_one_after_the_other() {
    let clean = |listing: &str, slots| {
        let code = interleak::listing::Listing::parse("t.py", listing).unwrap().code;
        let setting = Setting { limit: Some(1), slots, ..Setting::default() };
        let program = Program::new(cast(DOUBLE_CLICK), code, setting).unwrap();
        why(&program, &only("context-leak")).pop().unwrap()
    };
    assert_eq!(clean(CHAIN, Slots::Shared), WhyClean::OneByOne);
    assert_eq!(clean(CHAIN, Slots::PerFunction), WhyClean::Appended);
    let whole = CHAIN.replace("    later()                     #@ then\n", "");
    assert_eq!(clean(&whole, Slots::PerFunction), WhyClean::OneByOne);
}

#[test]
fn a_worker_that_lags_behind_is_not_said_to_work_on_one_request_after_the_other() {
    let send = "    Q.put(question)             #@ send Q\n";
    let first = "    H.append(question)          #@ append H question\n";
    let both = LAGS.replace(send, &format!("{first}{send}"));
    let code = interleak::listing::Listing::parse("t.py", &both).unwrap().code;
    let setting = Setting { limit: Some(1), ..Setting::default() };
    let program = Program::new(cast(DOUBLE_CLICK), code, setting).unwrap();
    let why = why(&program, &only("context-leak"));
    assert!(matches!(why.as_slice(), [WhyClean::UsedBy { .. }]), "{why:?}");
}

#[test]
fn what_keeps_a_cell_in_order_is_said_of_each_cell_that_is_shared() {
    let beside = |mark: &str| {
        format!(
            "
H = []  #@ shared H
C = {{}}  #@ shared C
def respond(question, session):
    H.append(question)          #@ append H question
    a = assistant(H)            #@ load H, infer
    H.append(a)                 #@ append H answer
    x()                         #@ {mark}
    return a                    #@ reply
"
        )
    };
    let leak = only("context-leak");
    let appended = |mark| clean(DOUBLE_CLICK, &beside(mark), &leak).contains(&WhyClean::Appended);
    assert!(appended("append C answer"));
    assert!(!appended("save C"));
    assert!(!appended("put C"));
}

#[test]
fn a_lock_that_two_users_share_is_a_place_that_they_share() {
    let apart = |listing| match &clean(TWO, listing, ANOMALIES)[0] {
        WhyClean::UsedBy { apart, .. } => *apart,
        other => panic!("{other:?}"),
    };
    assert_eq!(apart(shipped("session-lock")), Some(Apart::Places));
    assert_eq!(apart(shipped("locked")), Some(Apart::Cells));
}

const LAGS: &str = "
H = []  #@ shared H
Q = 0   #@ mailbox Q
def respond(question, session):
    Q.put(question)             #@ send Q
    a = box()                   #@ await
    return a                    #@ reply
def work():                     #@ lane worker
    q = Q.get()                 #@ receive Q
    h = list(H)                 #@ load H
    a = assistant(h)            #@ note question, infer
    answer(a)                   #@ answer
    H[:] = h                    #@ store H
";

/// The run is over before the worker has stored it.
#[test]
fn a_finding_of_one_request_is_not_said_to_need_two_that_overlap() {
    for page in pages(ONE, LAGS, "--only lost-update") {
        says(&page, "never happens when whole requests run one after the other.");
        says_not(&page, "overlap");
    }
    with_files(ONE, LAGS, |scenario, strategy| {
        let matrix = page("compare", scenario, strategy, "");
        says(&matrix, "never when whole requests run one after the other");
        says_not(&matrix, "overlap");
    });
    // Of requests that must overlap it is said.
    for page in pages(DOUBLE_CLICK, "session-map", "--only lost-update") {
        says(&page, "only when requests overlap.");
    }
}

/// The answer that nobody fetched waits for whoever comes next.
#[test]
fn where_a_request_that_is_cancelled_is_enough_that_is_said() {
    for page in run("cancel", "pooled-connection", "") {
        says(&page, "only when requests overlap, or");
        says(&page, "one is cancelled");
    }
}

/// One thread runs them all, one after the other: the second reads what the first has left there.
#[test]
fn what_whole_requests_show_on_one_event_loop_is_sharing() {
    for page in pages(TWO, "thread-local", "--grain await --only context-leak") {
        says_not(&page, "overlap.");
        says_not(&page, "switch inside a turn.");
    }
    let [_, full] = pages(TWO, "thread-local", "--grain await --only context-leak");
    says(&full, "sharing: needs no preemption (no switch inside a turn).");
}

/// On threads, `thread-local` forgets also where no two requests overlap. On one event loop it does
/// not, and nothing else does.
#[test]
fn what_is_said_to_fail_the_same_check_fails_it_at_this_grain() {
    let says = |grain| {
        let more = format!("--grain {grain} --limit 1 --only amnesia");
        joined(&pages(AGAIN, "session-map", &more)[0])
    };
    assert!(says("access").contains("the same check does forget with thread-local"));
    assert!(!says("await").contains("thread-local"), "{}", says("await"));
}

#[test]
fn what_is_proposed_after_a_fault_is_not_stuck_too() {
    // `locked` and `locked-global` hold an ordinary lock while they wait for the assistant.
    for (strategy, next) in
        [("narrow-lock", "session-map"), ("global", "session-map"), ("locked", "actor")]
    {
        let [page, _] = pages(TWO, strategy, "--grain await");
        let tried = page.lines().find(|line| line.starts_with("Try")).unwrap();
        assert!(tried.contains(&format!("-s {next} ")), "{strategy}: {tried}");
    }
    let [page, _] = pages(TWO, "global", "");
    assert!(page.lines().any(|line| line.starts_with("Try") && line.contains("locked-global")));
    // A session map loses one of two clicks.
    let [page, _] = pages(DOUBLE_CLICK, "narrow-lock", "");
    assert!(page.lines().any(|line| line.starts_with("Try") && line.contains("session-lock")));
}

const OVERWRITES: &str = "
H = []  #@ shared H
Q = 0   #@ mailbox Q
def respond(question, session):
    Q.put(question)             #@ send Q
    a = box()                   #@ await
    return a                    #@ reply
def work():                     #@ lane worker
    q = Q.get()                 #@ receive Q
    a = assistant(q)            #@ note question, infer
    H[:] = [q]                  #@ store H
    h = list(H)                 #@ load H
    answer(a)                   #@ answer
";

/// The worker runs inside of b's step, and only what it does there has to do with what a lost.
#[test]
fn a_worker_is_drawn_without_the_requests_of_lanes_that_have_no_column() {
    for page in pages(THREE, OVERWRITES, "--grain turn --only lost-update") {
        let header = page.lines().find(|line| line.contains('│')).unwrap();
        assert!(header.contains(" a ") && !header.contains(" b "), "{page}");
        let first = |line: &str| line.split('│').next().unwrap_or_default().to_owned();
        let drawn = page.lines().filter(|line| line.contains('│'));
        let first: Vec<String> = drawn.map(first).collect();
        assert!(first.iter().any(|cell| cell.contains("\"x\"")), "{page}");
        assert!(!first.iter().any(|cell| cell.contains("\"y\"")), "{page}");
        assert!(page.lines().filter(|line| line.contains("H[:] = [q]")).count() > 1, "{page}");
    }
}

const SLOT: &str = "
C = {}  #@ shared C[question]
P = 0   #@ pipe P
def respond(question, session):
    a = C.get(question)         #@ lookup C
    if a is None:               #@ unless found
        a = assistant(question) #@ note question, infer
        C[question] = a         #@ save C
        P.put(a)                #@ write P
    later()                     #@ then
    number = uuid4()            #@ mint
    a = P.get()                 #@ read P
    return a                    #@ reply
";

/// A request that takes the only slot with a line of its own, and then waits, keeps others out. At
/// grain `access` it takes the slot when there is something to read.
#[test]
fn outcomes_with_a_limit_at_grain_line_are_those_of_grain_line() {
    let lanes = r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"x"}]},{"user":"c","says":[{"text":"z"}]}"#;
    let code = interleak::listing::Listing::parse("t.py", SLOT).unwrap().code;
    let outcomes = |grain| {
        let setting = Setting { grain, limit: Some(1), ..Setting::default() };
        let program = Program::new(cast(lanes), code.clone(), setting).unwrap();
        crate::common::outcomes(&program)
    };
    assert_ne!(outcomes(Grain::Line), outcomes(Grain::Access));
    let [_, full] = pages(lanes, SLOT, "--grain line --limit 1");
    says(&full, &format!("{} outcomes", outcomes(Grain::Line)));
}
