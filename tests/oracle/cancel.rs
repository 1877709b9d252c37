//! Requests that are cancelled, and waits of one event loop.

use crate::ONE_EACH;
use crate::common::{LIMITS, cast, code, orders_with, scenario, verdict};
use interleak::anomalies::ANOMALIES;
use interleak::listing::Listing;
use interleak::model::program::{Grain, Program, Setting};
use interleak::replay::machine::Machine;
use interleak::story::assumptions::assumptions;
use interleak::story::replay::Replay;
use interleak::verdict::{Question, Verdict, judge};
use interleak::words::Phrase;

/// The first request may be cancelled.
fn cancelled(listing: &str, grain: Grain) -> Verdict {
    let mut scenario = scenario(ONE_EACH, Setting { grain, ..Setting::default() });
    scenario.cast.cancels = vec![0];
    let code = code(listing);
    judge(&Question::new(&scenario, &code, LIMITS), &|_| ()).unwrap()
}

/// It is the only wait, and it is nowhere before a step at grain access or behind one at grain await.
#[test]
fn a_handler_that_waits_only_for_the_assistant_can_be_cancelled_there() {
    let holds_on = "
L = Lock()                                  #@ lock L async
async def respond(question, session):
    await L.acquire()                       #@ acquire L
    answer = await assistant([question])    #@ note question, infer
    L.release()                             #@ release L
    return answer                           #@ reply
";
    for grain in [Grain::Line, Grain::Access, Grain::Await] {
        let stuck = cancelled(holds_on, grain);
        assert_ne!(orders_with(&stuck, "deadlock"), 0, "{grain:?}: nobody gives the lock back");
        let plain = holds_on.replace("async def", "def");
        assert_eq!(cancelled(&plain, grain).found().count(), 0, "{grain:?}: runs on");
    }
    let block = "
L = Lock()                                  #@ lock L async
async def respond(question, session):
    async with L:                           #@ hold L
        return await assistant([question])  #@ note question, infer, reply
";
    // A `return` out of a block replies behind it.
    let block = block.replace("return await assistant([question])  #@ note question, infer, reply", "answer = await assistant([question])  #@ note question, infer\n    return answer  #@ reply");
    for grain in [Grain::Line, Grain::Access, Grain::Await] {
        assert_eq!(
            cancelled(&block, grain).found().count(),
            0,
            "{grain:?}: the block gives it back"
        );
    }
}

/// In the middle of its line: behind the assistant, before the reply.
#[test]
fn a_line_that_asks_and_replies_can_be_cancelled_in_between() {
    let listing = "
async def respond(question, session):
    return await assistant([question])      #@ note question, infer, reply
";
    // Cancelled or not, and the other request anywhere in between.
    for (grain, orders) in [(Grain::Access, 6), (Grain::Line, 6), (Grain::Await, 12)] {
        assert_eq!(cancelled(listing, grain).orders, u32::into(orders), "{grain:?}");
    }
}

/// Between two accesses the request sleeps, and the other one goes on.
#[test]
fn a_wait_that_is_not_the_assistant_is_a_place_to_switch_at_grain_await() {
    let listing = "
CURRENT = None                              #@ shared CURRENT
HISTORIES = {}                              #@ shared HISTORIES[id]
async def respond(question, session):
    CURRENT = session                       #@ put CURRENT session
    await asyncio.sleep(0.1)                #@ pause
    who = CURRENT                           #@ take CURRENT
    HISTORIES[who].append(question)         #@ append HISTORIES question
    history = list(HISTORIES[who])          #@ load HISTORIES
    answer = await assistant(history)       #@ infer
    return answer                           #@ reply
";
    let at = |listing: &str, grain| {
        let setting = Setting { grain, ..Setting::default() };
        orders_with(&verdict(ONE_EACH, listing, setting), "context-leak")
    };
    assert_ne!(at(listing, Grain::Await), 0);
    let without = listing.replace("#@ pause", "");
    assert_eq!(at(&without, Grain::Await), 0, "the event loop switches nowhere else");
    assert_ne!(at(&without, Grain::Access), 0, "threads do");
    assert_eq!(at(listing, Grain::Turn), 0);
}

/// `time.sleep` in a coroutine lets nobody go on, whatever its mark says.
#[test]
fn a_pause_of_a_coroutine_that_awaits_nothing_is_doubted() {
    let listing = |line: &str, kind: &str| {
        format!(
            "{kind} respond(question, session):\n    {line}  #@ pause\n    answer = assistant([])  #@ infer\n    return answer  #@ reply\n"
        )
    };
    let doubts =
        |line: &str, kind: &str| Listing::parse("t.py", &listing(line, kind)).unwrap().doubts;
    let told = doubts("time.sleep(1)", "async def");
    assert_eq!(told.len(), 1);
    assert!(told[0].english().starts_with("Line 2 is marked `pause`"));
    assert_eq!(doubts("await asyncio.sleep(1)", "async def"), []);
    assert_eq!(doubts("time.sleep(1)", "def"), [], "a thread sleeps alone");
}

/// What stands behind the assistant in its line happens when the thinking is over.
#[test]
fn on_one_event_loop_the_rest_of_a_line_comes_after_its_wait() {
    let listing = "
HISTORY = []                                #@ shared HISTORY
async def respond(question, session):
    HISTORY.append(question)                #@ append HISTORY question
    HISTORY.append(await assistant([]))     #@ infer, append HISTORY answer
    history = list(HISTORY)                 #@ load HISTORY
    return history[-1]                      #@ reply
";
    let setting = Setting { grain: Grain::Await, ..Setting::default() };
    assert_ne!(orders_with(&verdict(ONE_EACH, listing, setting), "torn-history"), 0);
    let program = Program::new(cast(ONE_EACH), code(listing), setting).unwrap();
    assert_eq!(program.code.respond.lines.len(), 5, "one line is two");
}

/// Told in what the result rests on, and in the order in which it happens; and judged nowhere.
#[test]
fn a_question_that_stays_without_an_answer_is_told_as_half_a_turn() {
    let at_once = "
HISTORY = []                                #@ shared HISTORY
async def respond(question, session):
    HISTORY.append(question)                #@ append HISTORY question
    answer = await assistant([question])    #@ note question, infer
    HISTORY.append(answer)                  #@ append HISTORY answer
    history = list(HISTORY)                 #@ load HISTORY
    return answer                           #@ reply
";
    let in_the_end = at_once
        .replace("    HISTORY.append(question)                #@ append HISTORY question\n", "");
    let told = |listing: &str| {
        let mut cast = cast(r#"{"user":"a","says":[{"text":"x"}]}"#);
        cast.cancels = vec![0];
        let program = Program::new(cast, code(listing), Setting::default()).unwrap();
        let record = Machine::run(&program, &[0, 0, 1]);
        let record = record.or_else(|_| Machine::run(&program, &[0, 1])).unwrap();
        let assumed = assumptions(&program).iter().map(|it| it.short.english()).collect::<Vec<_>>();
        let replay = Replay::of(("s", "l"), (&program, &record), ANOMALIES, &[], 2);
        (assumed, replay.half_turns.iter().map(Phrase::english).collect::<Vec<_>>())
    };
    let (assumed, left) = told(at_once);
    assert_eq!(assumed, ["a cancelled request may leave half a turn in HISTORY"]);
    assert_eq!(
        left,
        ["a's message \"x\" stays in HISTORY without an answer: its client cancelled. That is \
          told, and not judged."]
    );
    assert_eq!(told(&in_the_end), (Vec::new(), Vec::new()));
}

/// Where a client cancels is the only move of that place: it is a small value all the same.
#[test]
fn a_place_that_only_a_cancelled_request_writes_is_a_small_value() {
    let listing = "
LAST = None                                 #@ shared LAST
HISTORY = []                                #@ shared HISTORY
async def respond(question, session):
    try:
        answer = await assistant([])        #@ infer
    except CancelledError:                  #@ cancelled
        LAST = session                      #@ put LAST
    HISTORY.append(question)                #@ append HISTORY question
    return answer                           #@ reply
";
    for grain in [Grain::Line, Grain::Access, Grain::Await] {
        assert_eq!(cancelled(listing, grain).found().count(), 0, "{grain:?}");
    }
    let read = Listing::parse("test.py", listing).unwrap();
    assert_eq!(read.doubts, [], "a mark moves it");
}

/// What a worker does for a turn that may be cancelled ends nowhere else than for any other.
#[test]
fn a_worker_does_not_stop_where_its_asker_could_be_cancelled() {
    let listing = "
HISTORY = []                                #@ shared HISTORY
MAILBOX = Queue()                           #@ mailbox MAILBOX
async def respond(question, session):
    MAILBOX.put(question)                   #@ send MAILBOX
    return await replies.get()              #@ await, reply
async def work():                           #@ lane worker
    while True:
        question = await MAILBOX.get()      #@ receive MAILBOX
        history = list(HISTORY)             #@ load HISTORY
        await asyncio.sleep(1)              #@ pause
        answer = await assistant(history)   #@ infer
        HISTORY.append(answer)              #@ append HISTORY answer
        replies.put(answer)                 #@ answer
";
    let steps = |cancels: Vec<usize>| {
        let mut cast = cast(r#"{"user":"a","says":[{"text":"x"}]}"#);
        cast.cancels = cancels;
        let program = Program::new(cast, code(listing), Setting::default()).unwrap();
        Machine::run(&program, &[0, 1, 1, 1, 1, 0]).is_ok()
    };
    assert!(steps(Vec::new()) && steps(vec![0]));
}
