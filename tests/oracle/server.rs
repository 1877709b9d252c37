//! Threads and replicas.

use crate::ONE_EACH;
use crate::common::{LIMITS, cast, code, orders_with, scenario, verdict};
use interleak::anomalies::{ANOMALIES, named};
use interleak::model::program::{Grain, Program, Setting};
use interleak::model::server::{Idle, Routing};
use interleak::story::assumptions::assumptions;
use interleak::verdict::{Question, judge, judge_as_set};

const TWICE_AND_ONCE: &str =
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"z"}]}"#;

fn two_threads(grain: Grain) -> Setting {
    Setting { grain, workers: Some(2), ..Setting::default() }
}

/// Real threads: 0 of 200 leak.
#[test]
fn a_worker_has_a_thread_of_its_own() {
    let listing = "
LOCAL = local()                             #@ shared LOCAL[worker]
MAILBOX = {}                                #@ mailbox MAILBOX[session]
def respond(question, session):
    MAILBOX[session].put(question)          #@ send MAILBOX
    return replies.get()                    #@ await, reply
def work(session):                          #@ lane worker per session
    while True:
        question = MAILBOX[session].get()   #@ receive MAILBOX
        history = list(LOCAL.history)       #@ load LOCAL
        history.append(question)            #@ note question
        answer = assistant(history)         #@ infer
        history.append(answer)              #@ note answer
        LOCAL.history = history             #@ store LOCAL
        replies.put(answer)                 #@ answer
";
    for grain in [Grain::Line, Grain::Access, Grain::Turn] {
        let verdict = verdict(ONE_EACH, listing, two_threads(grain));
        assert_eq!(verdict.found().count(), 0, "{grain:?}");
    }
    let one_loop = verdict(ONE_EACH, listing, two_threads(Grain::Await));
    assert_ne!(orders_with(&one_loop, "context-leak"), 0, "one event loop is one thread");
    let shared = listing.replace("[session]", "").replace(" per session", "");
    let shared = verdict(ONE_EACH, &shared, two_threads(Grain::Access));
    assert_ne!(orders_with(&shared, "context-leak"), 0, "one worker is one thread");
}

/// The counts of an enumeration that knows nothing of the engine: the second function of a turn is
/// served by the next replica.
#[test]
fn a_function_behind_then_is_served_by_the_next_replica() {
    let setting = Setting { replicas: Some(2), routing: Routing::RoundRobin, ..Setting::default() };
    let listing = interleak::strategy::named("two-step").unwrap().listing;
    let verdict = verdict(TWICE_AND_ONCE, listing, setting);
    let found = ["context-leak", "amnesia", "lost-update"].map(|id| orders_with(&verdict, id));
    assert_eq!((verdict.orders, found), (495_u32.into(), [368, 277, 103]));
}

#[test]
fn a_function_behind_then_runs_on_the_next_thread() {
    let listing = "
LOCAL = local()                             #@ shared LOCAL[worker]
def respond(question, session):
    LOCAL.history.append(question)          #@ append LOCAL question
    the_browser_calls_the_next()            #@ then
    answer = assistant(LOCAL.history)       #@ load LOCAL, infer
    return answer                           #@ reply
";
    let verdict = verdict(ONE_EACH, listing, two_threads(Grain::Turn));
    // In a b b a and in b a a b each second function meets what the other user left.
    assert_eq!((verdict.orders.clone(), orders_with(&verdict, "context-leak")), (6_u32.into(), 2));
}

#[test]
fn a_clean_verdict_holds_whichever_idle_thread_takes_a_request() {
    let listing = interleak::strategy::named("thread-local").unwrap().listing;
    let (scenario, code) = (scenario(ONE_EACH, Setting::default()), code(listing));
    let question = Question::new(&scenario, &code, LIMITS);
    // The thread that has been idle longest never worked before.
    let longest = judge_as_set(&question, &|_| ()).unwrap();
    assert_eq!((longest.found().count(), longest.doubts.len()), (0, 1));
    let told = longest.doubts[0].english();
    assert_eq!(told, "If other idle threads take the requests, LEAK can show too.");
    // So the one is shown that worked for another user.
    let latest = judge(&question, &|_| ()).unwrap();
    assert_eq!(latest.program.setting.idle, Some(Idle::Latest));
    assert_eq!(orders_with(&latest, "context-leak"), 2);
}

/// One request after the other, always on the thread that worked last: nobody is forgotten, unless
/// the other thread takes the second request.
#[test]
fn every_idle_thread_is_tried_and_not_only_the_first_one() {
    let setting = Setting { idle: Some(Idle::Latest), ..two_threads(Grain::Turn) };
    let listing = interleak::strategy::named("thread-local").unwrap().listing;
    let (scenario, code) = (scenario(TWICE_AND_ONCE, setting), code(listing));
    let amnesia = [named("amnesia").unwrap()];
    let question = Question { anomalies: &amnesia, ..Question::new(&scenario, &code, LIMITS) };
    let latest = judge_as_set(&question, &|_| ()).unwrap();
    assert_eq!((latest.found().count(), latest.doubts.len()), (0, 1));
}

/// Whoever empties the thread's list first reads nothing of others, on any thread.
#[test]
fn a_thread_local_that_is_emptied_first_is_clean() {
    let listing = "
LOCAL = local()                             #@ shared LOCAL[worker]
def respond(question, session):
    LOCAL.history = []                      #@ store LOCAL
    LOCAL.history.append(question)          #@ append LOCAL question
    answer = assistant(LOCAL.history)       #@ load LOCAL, infer
    return answer                           #@ reply
";
    let (scenario, code) = (scenario(TWICE_AND_ONCE, Setting::default()), code(listing));
    let leak = [named("context-leak").unwrap()];
    let question = Question { anomalies: &leak, ..Question::new(&scenario, &code, LIMITS) };
    let verdict = judge(&question, &|_| ()).unwrap();
    assert_eq!((verdict.found().count(), verdict.doubts.len()), (0, 0));
    let all = Question { anomalies: ANOMALIES, ..question };
    assert_ne!(judge(&all, &|_| ()).unwrap().found().count(), 0, "it forgets, of course");
}

/// Three threads and one user at a time: the second request can run on another thread than the first.
#[test]
fn more_threads_than_lanes_are_no_fewer() {
    let listing = interleak::strategy::named("thread-local").unwrap().listing;
    let alone = r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]}"#;
    let setting = Setting { workers: Some(3), ..Setting::default() };
    assert_ne!(orders_with(&verdict(alone, listing, setting), "amnesia"), 0);
    let one = Setting { workers: Some(1), ..Setting::default() };
    assert_eq!(orders_with(&verdict(alone, listing, one), "amnesia"), 0);
}

/// Coroutines run on the thread of their event loop, at every grain.
#[test]
fn what_is_async_has_no_thread_of_its_own() {
    let listing = "
LOCAL = local()                             #@ shared LOCAL[worker]
MAILBOX = {}                                #@ mailbox MAILBOX[session]
async def respond(question, session):
    await MAILBOX[session].put(question)    #@ send MAILBOX
    return await replies.get()              #@ await, reply
async def work(session):                    #@ lane worker per session
    while True:
        question = await MAILBOX.get()      #@ receive MAILBOX
        history = list(LOCAL.history)       #@ load LOCAL
        history.append(question)            #@ note question
        answer = await assistant(history)   #@ infer
        history.append(answer)              #@ note answer
        LOCAL.history = history             #@ store LOCAL
        await replies.put(answer)           #@ answer
";
    for grain in [Grain::Line, Grain::Access, Grain::Await, Grain::Turn] {
        let leaks = |listing: &str| {
            orders_with(&verdict(ONE_EACH, listing, two_threads(grain)), "context-leak") > 0
        };
        assert!(leaks(listing), "{grain:?}");
        let workers = listing.replace("async def respond", "def respond");
        assert!(leaks(&workers), "{grain:?}: the workers share one event loop");
        assert_eq!(leaks(&listing.replace("async ", "")), grain == Grain::Await, "{grain:?}");
    }
}

/// Something else goes wrong, and that one does not with the thread that was idle longest.
#[test]
fn never_is_doubted_where_another_idle_thread_shows_it() {
    let lanes = r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},
                   {"user":"b","says":[{"text":"z"}]}"#;
    let listing = interleak::strategy::named("thread-local").unwrap().listing;
    let setting = Setting { grain: Grain::Turn, workers: Some(3), ..Setting::default() };
    let found = verdict(lanes, listing, setting);
    assert_ne!(orders_with(&found, "amnesia"), 0);
    assert_eq!(orders_with(&found, "context-leak"), 0);
    let told = found.doubts.iter().map(interleak::words::Phrase::english).collect::<Vec<_>>();
    assert_eq!(told, ["If other idle threads take the requests, LEAK can show too."]);
}

/// Whole requests run one after the other: nobody is there to cancel one.
#[test]
fn that_nobody_cancels_in_whole_requests_is_said() {
    let listing = "
async def respond(question, session):
    return await assistant([question])      #@ note question, infer, reply
";
    let mut cast = cast(ONE_EACH);
    cast.cancels = vec![0];
    let told = |grain| {
        let setting = Setting { grain, ..Setting::default() };
        let program = Program::new(cast.clone(), code(listing), setting).unwrap();
        assumptions(&program).iter().map(|it| it.short.english()).collect::<Vec<_>>()
    };
    assert_eq!(told(Grain::Access), [""; 0]);
    assert_eq!(told(Grain::Turn), ["no request is cancelled at grain turn"]);
    assert_eq!(told(Grain::Chain), ["no request is cancelled at grain chain"]);
}

/// A request that waited for its batch goes on in its own thread, whoever has that by now; and what a
/// worker kept in its thread is kept, whosever question it was.
#[test]
fn what_lies_in_threads_is_found_where_it_was_put() {
    let batched = "
LOCAL = local()                             #@ shared LOCAL[worker]
QUEUE = Queue()                             #@ mailbox QUEUE
def respond(question, session):
    LOCAL.h.append(question)                #@ append LOCAL question
    QUEUE.put(question)                     #@ send QUEUE
    answer = replies.get()                  #@ await
    LOCAL.h.append(answer)                  #@ append LOCAL answer
    return answer                           #@ reply
def work():                                 #@ lane worker
    while True:
        batch = take_all(QUEUE)             #@ receive QUEUE batch
        for question in batch:              #@ each
            history = list(LOCAL.h)         #@ load LOCAL
            answer = assistant(history)     #@ infer
            replies.put(answer)             #@ answer
";
    for grain in [Grain::Line, Grain::Access, Grain::Turn] {
        let setting = Setting { grain, ..Setting::default() };
        let found = verdict(ONE_EACH, batched, setting);
        assert_eq!(orders_with(&found, "torn-history") > 0, grain != Grain::Turn, "{grain:?}");
    }
    let any_worker = "
LOCAL = local()                             #@ shared LOCAL[worker]
QUEUE = Queue()                             #@ mailbox QUEUE
def respond(question, session):
    QUEUE.put(question)                     #@ send QUEUE
    return replies.get()                    #@ await, reply
def work():                                 #@ lane worker per session
    while True:
        question = QUEUE.get()              #@ receive QUEUE
        history = list(LOCAL.h)             #@ load LOCAL
        history.append(question)            #@ note question
        answer = assistant(history)         #@ infer
        history.append(answer)              #@ note answer
        LOCAL.h = history                   #@ store LOCAL
        replies.put(answer)                 #@ answer
";
    for grain in [Grain::Access, Grain::Chain] {
        let setting = Setting { grain, ..Setting::default() };
        assert_eq!(orders_with(&verdict(ONE_EACH, any_worker, setting), "lost-update"), 0);
    }
}
