//! Each anomaly on a program that shows it and on one that does not: broken must break, and
//! fixed must be clean.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use common::{LIMITS, cast};
use interleak::anomalies::{ANOMALIES, named};
use interleak::explore::engine::WantedOrders;
use interleak::listing::Listing;
use interleak::model::program::{Grain, Setting};
use interleak::scenario::{
    Frequency, Frequency::Always, Frequency::Never, Frequency::Sometimes, Scenario,
};
use interleak::verdict::{Deep, Kind, Question, Verdict, judge};

const TWO_USERS: &str =
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"z"}]}"#;
const SAME_QUESTION: &str =
    r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"x"}]}"#;
const DOUBLE_CLICK: &str = r#"{"user":"a","name":"p","says":[{"text":"x"}]},{"user":"a","name":"q","says":[{"text":"y"}]}"#;

fn verdict(lanes: &str, listing: &str, setting: Setting) -> Verdict {
    let scenario = Scenario {
        title: String::new(),
        story: String::new(),
        cast: cast(lanes),
        limit: None,
        expect: Vec::new(),
        remarks: Vec::new(),
    };
    let listing = Listing::parse("test.py", listing);
    let code = listing.unwrap_or_else(|problem| panic!("{}", problem.render(false))).code;
    let question = Question {
        scenario: &scenario,
        code: &code,
        setting,
        anomalies: ANOMALIES,
        limits: LIMITS,
        orders: WantedOrders::None,
        deep: Deep::No,
        sampling: None,
    };
    judge(&question, &|_| ()).unwrap()
}

/// The named anomalies show as said, and no other one does.
#[track_caller]
fn check(lanes: &str, listing: &str, expected: &[(&str, Frequency, Option<Kind>)]) -> Verdict {
    let verdict = verdict(lanes, listing, Setting::default());
    for judged in &verdict.anomalies {
        let id = judged.anomaly.id;
        let wanted = expected.iter().find(|(name, ..)| *name == id);
        let (frequency, kind) =
            wanted.map_or((Never, None), |(_, frequency, kind)| (*frequency, *kind));
        assert_eq!(judged.frequency, Some(frequency), "{id}");
        assert_eq!(judged.kind(), kind, "{id}");
    }
    verdict
}

const SHARING: Option<Kind> = Some(Kind::Sharing);
const RACE: Option<Kind> = Some(Kind::Race);

fn shipped(name: &str) -> &'static str {
    interleak::strategy::named(name).unwrap().listing
}

#[test]
fn context_leak_amnesia_and_lost_update_of_a_global() {
    let both = [
        ("context-leak", Sometimes, SHARING),
        ("amnesia", Sometimes, RACE),
        ("lost-update", Sometimes, RACE),
    ];
    check(TWO_USERS, shipped("global"), &both);
    check(TWO_USERS, shipped("session-map"), &[]);
    check(DOUBLE_CLICK, shipped("session-map"), &[("lost-update", Sometimes, RACE)]);
    check(DOUBLE_CLICK, shipped("locked"), &[]);
    check(DOUBLE_CLICK, shipped("actor"), &[]);
}

const CACHE: &str = "
CACHE = {}  #@ shared CACHE[KEYS]
def respond(question, session):
    answer = CACHE.get(question)            #@ lookup CACHE
    if answer is None:                      #@ unless found
        answer = assistant([question])      #@ note question, infer
        CACHE[question] = answer            #@ save CACHE
    return answer                           #@ reply
";

#[test]
fn wrong_recipient_of_a_cache_without_the_session_in_its_key() {
    let by_question = CACHE.replace("KEYS", "question");
    let expected = [("wrong-recipient", Sometimes, SHARING), ("context-leak", Sometimes, SHARING)];
    let verdict = check(SAME_QUESTION, &by_question, &expected);
    // With everybody at once no cache is filled yet: more concurrency, fewer leaks.
    let leak = verdict.anomalies.iter().find(|judged| judged.anomaly.id == "context-leak").unwrap();
    assert!(leak.orders < verdict.orders);
    check(SAME_QUESTION, &CACHE.replace("KEYS", "session, question"), &[]);
}

/// A place with two keys has one instance for each pair of values, and no two pairs share one.
#[test]
fn two_keys_do_not_collide() {
    let lanes =
        r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"x"}]}"#;
    let both = CACHE.replace("KEYS", "session, question");
    let verdict = check(lanes, &both, &[("amnesia", Always, SHARING)]);
    let program = &verdict.program;
    let mut names: Vec<String> =
        program.instances(0).map(|instance| program.instance_name(0, instance)).collect();
    assert_eq!(names, ["CACHE[a, \"x\"]", "CACHE[a, \"y\"]", "CACHE[b, \"x\"]", "CACHE[b, \"y\"]"]);
    names.dedup();
    assert_eq!(names.len(), program.instances(0).len());
}

#[test]
fn amnesia_of_a_handler_without_a_history() {
    let listing = "
def respond(question, session):
    answer = assistant([question])          #@ note question, infer
    return answer                           #@ reply
";
    check(TWO_USERS, listing, &[("amnesia", Always, SHARING)]);
}

#[test]
fn unanswered_when_a_way_ends_without_a_reply() {
    let forgets =
        CACHE.replace("KEYS", "question").replace("    return answer", "        return answer");
    let expected = [("unanswered", Sometimes, None)];
    check(SAME_QUESTION, &forgets, &expected);
    check(TWO_USERS, &forgets, &[("amnesia", Always, SHARING)]);
}

#[test]
fn deadlock_when_a_lock_is_not_given_back() {
    let forgets = "
L = Lock()                                  #@ lock L
def respond(question, session):
    L.acquire()                             #@ acquire L
    answer = assistant([question])          #@ note question, infer
    return answer                           #@ reply
";
    let verdict = check(SAME_QUESTION, forgets, &[("deadlock", Always, None)]);
    let judged = verdict.found().next().unwrap();
    let witness = judged.witness.as_ref().unwrap();
    let said = (judged.anomaly.say)(&verdict.program, &witness.record, &witness.finding);
    assert_eq!(said, "nobody can move: b waits for L, held by a");
    check(
        SAME_QUESTION,
        &forgets.replace("    return", "    L.release()  #@ release L\n    return"),
        &[],
    );
}

/// A swap that fails loads again, so that nothing is lost and the loop ends.
#[test]
fn a_compare_and_store_loses_nothing() {
    let swap = "
STORE = {}                                  #@ shared STORE[session]
def respond(question, session):
    while True:                             #@ repeat
        history = STORE.load(session)       #@ load STORE
        history.append(question)            #@ note question
        answer = assistant(history)         #@ infer
        if STORE.swap(session, history):    #@ swap STORE
            break
    return answer                           #@ reply
";
    check(DOUBLE_CLICK, swap, &[]);
    check(TWO_USERS, &swap.replace("[session]", ""), &[("context-leak", Always, SHARING)]);
}

/// Who is asking goes through one shared variable: a pure race.
#[test]
fn a_current_user_variable_is_a_race() {
    let current = "
CURRENT = None                              #@ shared CURRENT
HISTORIES = {}                              #@ shared HISTORIES[id]
def respond(question, session):
    CURRENT = session                       #@ put CURRENT
    user = CURRENT                          #@ take CURRENT
    history = list(HISTORIES[user])         #@ load HISTORIES
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    HISTORIES[user] = history               #@ store HISTORIES
    return answer                           #@ reply
";
    let expected = [
        ("context-leak", Sometimes, RACE),
        ("amnesia", Sometimes, RACE),
        ("lost-update", Sometimes, RACE),
    ];
    check(TWO_USERS, current, &expected);
}

/// Two first contacts read the same counter: both get the same id.
#[test]
fn an_unguarded_counter_is_a_race() {
    let racy = "
NEXT = 0                                    #@ shared NEXT
HISTORIES = {}                              #@ shared HISTORIES[id]
def respond(question, session):
    number = NEXT                           #@ take NEXT
    NEXT = number + 1                       #@ put NEXT next
    history = list(HISTORIES[number])       #@ load HISTORIES
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    HISTORIES[number] = history             #@ store HISTORIES
    return answer                           #@ reply
";
    let expected = [("context-leak", Sometimes, RACE), ("lost-update", Sometimes, RACE)];
    check(SAME_QUESTION, racy, &expected);
}

/// A limit of one request at a time repairs a race, and no sharing.
#[test]
fn a_limit_repairs_races_only() {
    let setting = Setting { grain: Grain::Access, limit: Some(1) };
    let verdict = verdict(TWO_USERS, shipped("global"), setting);
    let of =
        |id| verdict.anomalies.iter().find(|judged| judged.anomaly.id == id).unwrap().frequency;
    assert_eq!(of("context-leak"), Some(Always));
    assert_eq!(of("amnesia"), Some(Never));
    assert_eq!(of("lost-update"), Some(Never));
}

#[test]
fn every_anomaly_is_named_once_and_shown_above() {
    let source = include_str!("anomalies.rs");
    for (index, anomaly) in ANOMALIES.iter().enumerate() {
        let first = ANOMALIES.iter().position(|other| other.id == anomaly.id);
        assert_eq!(first, Some(index), "{} is named twice", anomaly.id);
        assert_eq!(named(anomaly.id).map(|found| found.id), Some(anomaly.id));
        let shown = [Sometimes, Always].map(|it| format!("(\"{}\", {it:?}", anomaly.id));
        assert!(shown.iter().any(|shown| source.contains(shown)), "{} is never shown", anomaly.id);
    }
}
