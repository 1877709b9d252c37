//! Each anomaly on a program that shows it and on one that does not: broken must break, and
//! fixed must be clean.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use common::{LIMITS, cast, code, scenario};
use interleak::anomalies::reason::Reason;
use interleak::anomalies::{ANOMALIES, Anomaly, named};
use interleak::exit::Exit;
use interleak::explore::Judge;
use interleak::explore::graph::Stopped;
use interleak::explore::sample::Sampling;
use interleak::explore::walk::Limits;
use interleak::model::pairs::Pairs;
use interleak::model::program::{Grain, Setting};
use interleak::replay::machine::Machine;
use interleak::replay::record::Ending;
use interleak::scenario::{Frequency, Frequency::Always, Frequency::Never, Frequency::Sometimes};
use interleak::verdict::{Deep, Kind, Question, Verdict, judge};
use interleak::words::Phrase;

const TWO_USERS: &str =
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"z"}]}"#;
const SAME_QUESTION: &str =
    r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"x"}]}"#;
const DOUBLE_CLICK: &str = r#"{"user":"a","name":"p","says":[{"text":"x"}]},{"user":"a","name":"q","says":[{"text":"y"}]}"#;

fn verdict(lanes: &str, listing: &str, setting: Setting) -> Verdict {
    verdict_within(lanes, listing, setting, (LIMITS, None, ANOMALIES))
}

fn verdict_within(
    lanes: &str,
    listing: &str,
    setting: Setting,
    (limits, sampling, anomalies): (Limits, Option<Sampling>, &[&'static Anomaly]),
) -> Verdict {
    let (scenario, code) = (scenario(lanes, setting), code(listing));
    let base = Question::new(&scenario, &code, limits);
    let question = Question { anomalies, deep: Deep::No, sampling, ..base };
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

/// What some reasons say.
fn sentences(reasons: &[Reason]) -> String {
    Phrase::sentences(reasons.iter().map(Reason::phrase)).english()
}

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

const ASKS_AGAIN: &str = r#"{"user":"a","says":[{"text":"x"},{"text":"y"},{"text":"x"}]},{"user":"b","says":[{"text":"z"}]}"#;

/// A cache for each session leaks nothing, and still answers from before what was said since.
#[test]
fn stale_reply_of_a_cache_that_does_not_know_the_history() {
    let by_session = CACHE.replace("KEYS", "session, question");
    let stale = [("stale-reply", Always, SHARING), ("amnesia", Always, SHARING)];
    let verdict = check(ASKS_AGAIN, &by_session, &stale);
    let judged = verdict.found().next().unwrap();
    let witness = judged.witness.as_ref().unwrap();
    let (program, record, finding) = (&verdict.program, &witness.record, &witness.finding);
    assert_eq!(
        (judged.anomaly.say)(program, record, finding).phrase().english(),
        "a's 3rd reply is the kept answer to a's message \"x\". It does not know of a's message \
         \"y\", answered before"
    );
    assert_eq!(
        sentences(&(judged.anomaly.why)(program, record, finding)),
        "a kept this answer in CACHE[a, \"x\"] in step 2. a took it from CACHE[a, \"x\"] in step \
         5, so the assistant was not asked. An answer holds only for what had been said when it \
         was computed."
    );
    assert_eq!((judged.anomaly.mark_at)(program, record, finding).unwrap().step, 4);
    // Nothing was said in between: the kept answer is as good as a new one.
    let at_once = r#"{"user":"a","says":[{"text":"x"},{"text":"x"}]}"#;
    check(at_once, &by_session, &[]);
    // No cache: the answer is new, and forgetful.
    let no_cache = "
def respond(question, session):
    answer = assistant([question])          #@ note question, infer
    return answer                           #@ reply
";
    check(ASKS_AGAIN, no_cache, &[("amnesia", Always, SHARING)]);
    // The answer of another session is a leak to the wrong recipient, and not stale.
    let of_another =
        r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y"},{"text":"x"}]}"#;
    let leaks = [
        ("context-leak", Sometimes, SHARING),
        ("wrong-recipient", Sometimes, SHARING),
        ("amnesia", Always, SHARING),
    ];
    check(of_another, &CACHE.replace("KEYS", "question"), &leaks);
}

/// A kept answer that knows all that was said before it is stale once more has been said.
#[test]
fn stale_reply_of_a_cache_behind_a_history() {
    let remembers = "
CACHE = {}                                  #@ shared CACHE[session, question]
HISTORIES = {}                              #@ shared HISTORIES[session]
def respond(question, session):
    answer = CACHE.get(question)            #@ lookup CACHE
    if answer is None:                      #@ unless found
        history = HISTORIES[session]        #@ load HISTORIES
        answer = assistant(history)         #@ note question, infer
        HISTORIES[session] = history        #@ store HISTORIES
        CACHE[question] = answer            #@ save CACHE
    return answer                           #@ reply
";
    let stale = [
        ("stale-reply", Always, SHARING),
        ("amnesia", Always, SHARING),
        // The question that was answered from the cache was never noted.
        ("lost-update", Always, SHARING),
    ];
    check(ASKS_AGAIN, remembers, &stale);
    check(TWO_USERS, remembers, &[]);
}

const IN_PLACE: &str = "
HISTORIES = {}                              #@ shared HISTORIES[session]
def respond(question, session):
    HISTORIES[session].append(question)     #@ append HISTORIES question
    answer = assistant(HISTORIES[session])  #@ load HISTORIES, infer
    HISTORIES[session].append(answer)       #@ append HISTORIES answer
    return answer                           #@ reply
";

/// Appending loses nothing, but two turns at once are mixed. A lock round the turn repairs it.
#[test]
fn torn_history_of_a_list_that_is_appended_to_in_place() {
    let verdict = check(DOUBLE_CLICK, IN_PLACE, &[("torn-history", Sometimes, RACE)]);
    let judged = verdict.found().next().unwrap();
    let witness = judged.witness.as_ref().unwrap();
    let (program, record, finding) = (&verdict.program, &witness.record, &witness.finding);
    assert_eq!(
        (judged.anomaly.say)(program, record, finding).phrase().english(),
        "p's message \"x\" and its answer do not stand together in HISTORIES[a] at the end"
    );
    assert_eq!(
        sentences(&(judged.anomaly.why)(program, record, finding)),
        "p put p's message \"x\" into HISTORIES[a] in step 1. In step 3 q put q's message \"y\" \
         behind it. In step 6 p put the answer to \"x\" there, too late to stand behind its \
         question."
    );
    assert_eq!((judged.anomaly.mark_at)(program, record, finding).unwrap().step, 2);
    check(TWO_USERS, IN_PLACE, &[]);
    let shared = IN_PLACE.replace("HISTORIES[session]", "HISTORIES");
    let mixed = [("context-leak", Always, SHARING), ("torn-history", Sometimes, RACE)];
    check(TWO_USERS, &shared, &mixed);
    // Written down the other way round, each turn tears itself apart, and no lock helps.
    let turned = "
HISTORIES = {}                              #@ shared HISTORIES[session]
def respond(question, session):
    answer = assistant(HISTORIES[session])  #@ load HISTORIES, note question, infer
    HISTORIES[session].append(answer)       #@ append HISTORIES answer
    HISTORIES[session].append(question)     #@ append HISTORIES question
    return answer                           #@ reply
";
    check(TWO_USERS, turned, &[("torn-history", Always, SHARING)]);
    let locked = IN_PLACE
        .replace("def ", "LOCKS = {}  #@ lock LOCKS[session]\ndef ")
        .replace("    HISTORIES[session].append(question) ", "    L()  #@ acquire LOCKS\n    h() ")
        .replace("    return", "    L()  #@ release LOCKS\n    return");
    check(DOUBLE_CLICK, &locked, &[]);
}

/// That nothing can be torn is said only of code that cannot do it.
#[test]
fn code_that_cannot_tear_a_turn_apart_is_told_from_code_that_could() {
    let could_tear = |listing: &str| {
        let program = common::program(cast(TWO_USERS), listing, Grain::Access);
        !Judge::<Pairs>::is_idle(&common::judges(), &program)
    };
    let body = |lines: &[&str]| {
        let lines: String = lines.iter().map(|line| format!("    x()  #@ {line}\n")).collect();
        format!(
            "H = []  #@ shared H\nC = {{}}  #@ shared C[question]\n\
             def respond(question, session):\n{lines}    return a  #@ reply\n"
        )
    };
    for name in ["global", "locked", "session-map", "actor", "locked-global"] {
        assert!(!could_tear(shipped(name)), "{name}");
    }
    let never: [&[&str]; 4] = [
        &["load H", "note question", "infer", "note answer", "store H"],
        &["load H", "note question", "store H", "infer", "note answer", "store H"],
        &["load H, infer", "note question, note answer", "store H", "lookup C"],
        &["load H", "note question", "lookup C", "infer", "note answer", "store H"],
    ];
    for lines in never {
        assert!(!could_tear(&body(lines)), "{lines:?}");
    }
    let perhaps: [&[&str]; 6] = [
        &["append H question", "load H, infer"],
        &["load H", "note question", "infer", "load H", "note answer", "store H"],
        &["load H, infer", "note answer", "store H"],
        &["load H", "note question", "infer", "note answer", "note answer", "store H"],
        &["load H", "note question", "infer", "lookup C", "note answer", "store H"],
        &["load H, infer", "note answer", "note question", "store H"],
    ];
    for lines in perhaps {
        assert!(could_tear(&body(lines)), "{lines:?}");
    }
    let no_history = CACHE.replace("KEYS", "question").replace("note question, ", "");
    assert!(!could_tear(&no_history.replace("save CACHE", "save CACHE, note answer")));
}

/// The second walk keeps the same limits, and says so as the first one does.
#[test]
fn a_limit_on_the_second_walk_is_a_limit() {
    let shared = IN_PLACE.replace("HISTORIES[session]", "HISTORIES");
    let judged = |states_max, anomalies: &[&'static Anomaly]| {
        let limits = Limits { states_max, ..LIMITS };
        let sampling = Some(Sampling { samples: 200, work_max: u64::MAX, seed: 1 });
        verdict_within(TWO_USERS, &shared, Setting::default(), (limits, sampling, anomalies))
    };
    let leak = named("context-leak").unwrap();
    let both = [leak, named("torn-history").unwrap()];
    let whole = judged(LIMITS.states_max, &both);
    assert!(whole.stopped.is_none());
    let states_max = whole.states;
    let cut = judged(states_max, &both);
    assert_eq!(cut.stopped, Some(Stopped::States { states_max }), "the first walk fits");
    assert_eq!(cut.exit(&[]), Exit::Inconclusive);
    assert_eq!(cut.orders, whole.orders);
    let (torn, exact) = (&cut.anomalies[1], &whole.anomalies[1]);
    assert_ne!(torn.frequency, Some(Never));
    assert!(torn.orders < exact.orders);
    assert!(torn.hits.unwrap() > 0, "drawn orders are judged, too");
    assert!(judged(states_max, &[leak]).stopped.is_none(), "nobody asked for it");
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

/// Whoever cancels a request waits for no reply.
#[test]
fn a_cancelled_request_is_not_unanswered() {
    let listing = "
HISTORIES = {}                              #@ shared HISTORIES[session]
async def respond(question, session):
    history = HISTORIES[session]            #@ load HISTORIES
    answer = await assistant(history)       #@ note question, infer
    return answer                           #@ reply
";
    let mut cast = cast(SAME_QUESTION);
    cast.cancels = vec![0];
    let program = common::program(cast, listing, Grain::Line);
    let unanswered = ANOMALIES.iter().position(|anomaly| anomaly.id == "unanswered").unwrap();
    let explored = common::explored(&program);
    // 20 without the cancel; in 10 it comes behind a's first line, and a's other two never do.
    assert_eq!(explored.orders, 30_u32.into());
    assert_eq!(common::with(&explored, unanswered).orders, 0_u32.into());
    let record = Machine::run(&program, &[0, 2, 1, 1, 1]).unwrap();
    assert!(record.cancelled(0) && !record.answered(0) && record.ending == Ending::Complete);
    assert_eq!((ANOMALIES[unanswered].find)(&program, &record), []);
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
    assert_eq!(said.phrase().english(), "nobody can move: b waits for L, held by a");
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
    let setting = Setting { grain: Grain::Access, limit: Some(1), ..Setting::default() };
    let verdict = verdict(TWO_USERS, shipped("global"), setting);
    let of =
        |id| verdict.anomalies.iter().find(|judged| judged.anomaly.id == id).unwrap().frequency;
    assert_eq!(of("context-leak"), Some(Always));
    assert_eq!(of("amnesia"), Some(Never));
    assert_eq!(of("lost-update"), Some(Never));
}

/// What is said of how the simplest case of an anomaly came about.
#[track_caller]
fn why(verdict: &Verdict, id: &str) -> String {
    let judged = verdict.anomalies.iter().find(|judged| judged.anomaly.id == id).unwrap();
    let witness = judged.witness.as_ref().unwrap();
    sentences(&(judged.anomaly.why)(&verdict.program, &witness.record, &witness.finding))
}

const ONE_EACH: &str = r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"z"}]}"#;
const TWICE: &str = r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]}"#;

/// What a turn keeps for itself it may have read where everybody reads.
#[test]
fn the_reason_of_a_leak_names_the_shared_place_before_the_private_one() {
    let listing = "
DRAFT = []                                  #@ shared DRAFT
OWN = {}                                    #@ shared OWN[session]
def respond(question, session):
    DRAFT.append(question)                  #@ append DRAFT question
    OWN[session] = list(DRAFT)              #@ load DRAFT
    OWN[session] = list(DRAFT)              #@ store OWN
    answer = assistant(OWN[session])        #@ load OWN, infer
    return answer                           #@ reply
";
    let verdict = verdict(ONE_EACH, listing, Setting::default());
    assert_eq!(
        why(&verdict, "context-leak"),
        "a put it into DRAFT in step 1. b read it from there in step 6. b put it into OWN[b] in \
         step 7. b read it from there in step 8."
    );
}

/// Each replica has a copy of its own, and so has each thread.
#[test]
fn the_reason_of_forgetting_names_the_copy_that_was_read_and_the_one_that_was_written() {
    let listing = IN_PLACE.replace("HISTORIES", "H");
    let routing = interleak::model::server::Routing::RoundRobin;
    let setting = Setting { replicas: Some(2), routing, ..Setting::default() };
    assert_eq!(
        why(&verdict(TWICE, &listing, setting), "amnesia"),
        "a read H[a, replica 2] in step 5, but it was in H[a, replica 1], where a had put it in \
         step 1."
    );
    let by_thread = listing.replace("[session]", "[worker]");
    let setting = Setting { workers: Some(2), ..Setting::default() };
    assert_eq!(
        why(&verdict(TWO_USERS, &by_thread, setting), "amnesia"),
        "a read H[thread 2] in step 5, but it was in H[thread 1], where a had put it in step 1."
    );
}

/// A cache was looked into, so something was read.
#[test]
fn nothing_was_read_is_not_said_beside_a_read() {
    let by_session = CACHE.replace("KEYS", "session, question");
    let verdict = verdict(TWICE, &by_session, Setting::default());
    assert_eq!(
        why(&verdict, "amnesia"),
        "Nothing that was read in this turn went into the answer."
    );
    let no_cache = "
def respond(question, session):
    answer = assistant([question])          #@ note question, infer
    return answer                           #@ reply
";
    assert_eq!(
        why(&self::verdict(TWICE, no_cache, Setting::default()), "amnesia"),
        "Nothing was read in this turn, so the answer could not know it."
    );
}

/// A worker writes things down; the run may be over before it does.
#[test]
fn the_reason_of_a_loss_names_the_mailbox_that_nobody_has_emptied() {
    let listing = "
LOG = {}                                    #@ shared LOG[session]
Q = Queue()                                 #@ mailbox Q
def respond(question, session):
    Q.put(question)                         #@ send Q
    answer = assistant([question])          #@ note question, infer
    return answer                           #@ reply
def work():                                 #@ lane worker
    while True:
        question = Q.get()                  #@ receive Q
        log = LOG[session]                  #@ load LOG
        log.append(question)                #@ note question
        LOG[session] = log                  #@ store LOG
        answer = assistant(log)             #@ infer
        done()                              #@ answer
";
    let lane = r#"{"user":"a","says":[{"text":"x"}]}"#;
    let verdict = verdict(lane, listing, Setting::default());
    assert_eq!(
        why(&verdict, "lost-update"),
        "a put a's message \"x\" into Q in step 1, and nobody has taken it out."
    );
}

/// Who is stuck need not stand in a circle.
#[test]
fn the_reason_of_being_stuck_is_that_of_what_is_waited_for() {
    let listing = "
P = Pipe()                                  #@ pipe P
def respond(question, session):
    P.write(assistant([question]))          #@ note question, infer, write P
    answer = P.read()                       #@ read P
    answer = P.read()                       #@ read P
    return answer                           #@ reply
";
    let lane = r#"{"user":"a","says":[{"text":"x"}]}"#;
    let verdict = verdict(lane, listing, Setting::default());
    assert_eq!(why(&verdict, "deadlock"), "a took the last answer out of P in step 2.");
    let circle = "
L = Lock()                                  #@ lock L[session]
def respond(question, session):
    L.acquire()                             #@ acquire L
    answer = assistant([question])          #@ note question, infer
    L.acquire()                             #@ acquire L
    return answer                           #@ reply
";
    let twice = self::verdict(SAME_QUESTION, circle, Setting::default());
    assert_eq!(
        why(&twice, "deadlock"),
        "a took L[a] and did not give it back before taking it again. b took L[b] and did not \
         give it back before taking it again."
    );
}

/// An answer that is written down first is not too late.
#[test]
fn the_reason_of_a_torn_turn_is_told_in_the_order_of_time() {
    let turned = "
HISTORIES = {}                              #@ shared HISTORIES[session]
def respond(question, session):
    answer = assistant(HISTORIES[session])  #@ load HISTORIES, note question, infer
    HISTORIES[session].append(answer)       #@ append HISTORIES answer
    HISTORIES[session].append(question)     #@ append HISTORIES question
    return answer                           #@ reply
";
    let verdict = verdict(TWICE, turned, Setting::default());
    assert_eq!(
        why(&verdict, "torn-history"),
        "a put the answer to a's message \"x\" into HISTORIES[a] in step 2. In step 3 a put the \
         question there, after its answer."
    );
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
