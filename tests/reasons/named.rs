//! Sentences that were once told of orders of which they are not true, and those that are.

use crate::common::{cast, program};
use interleak::anomalies::named;
use interleak::anomalies::reason::Reason;
use interleak::model::LaneId;
use interleak::model::program::Grain;
use interleak::replay::machine::Machine;
use interleak::words::Phrase;

/// Two or three users, with one request each.
const TWO: &str = r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"x"}]}"#;
const THREE: &str = r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y"}]},{"user":"c","says":[{"text":"z"}]}"#;
/// The first user has two.
const AGAIN: &str =
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"z"}]}"#;

/// What is said of the first case of an anomaly: why it came about in an order.
#[track_caller]
fn why(
    anomaly: &str,
    (lanes, listing, grain): (&str, &str, Grain),
    order: impl IntoIterator<Item = (LaneId, usize)>,
) -> String {
    let program = program(cast(lanes), listing, grain);
    let moves = order.into_iter().flat_map(|(lane, times)| vec![lane; times]);
    let record = Machine::run(&program, &moves.collect::<Vec<LaneId>>()).unwrap();
    let anomaly = named(anomaly).unwrap();
    let found = (anomaly.find)(&program, &record);
    let finding = found.first().unwrap_or_else(|| panic!("no {}: {record:?}", anomaly.id));
    let reasons = (anomaly.why)(&program, &record, finding);
    Phrase::sentences(reasons.iter().map(Reason::phrase)).english()
}

const ASKS_FIRST: &str = "
CACHE = {}                                  #@ shared CACHE[question]
def respond(question, session):
    answer = assistant([question])          #@ note question, infer
    answer = CACHE.get(question, answer)    #@ lookup CACHE
    CACHE[question] = answer                #@ save CACHE
    return answer                           #@ reply
";

/// The cache is looked at behind the call, and not before it.
#[test]
fn who_asked_the_assistant_and_took_a_kept_answer_is_not_told_that_it_was_not_asked() {
    assert_eq!(
        why("wrong-recipient", (TWO, ASKS_FIRST, Grain::Access), [(0, 2), (1, 2)]),
        "a kept this answer in CACHE[\"x\"] in step 2. b took it from CACHE[\"x\"] in step 3, \
         though the assistant was asked too. Nothing tied the answer to the request that it was \
         for."
    );
}

#[test]
fn who_found_a_kept_answer_is_told_that_the_assistant_was_not_asked() {
    let guarded = ASKS_FIRST
        .replace("    answer = assistant([question])          #@ note question, infer\n", "")
        .replace(
            "    CACHE[question] = answer ",
            "    if answer is None:                      #@ unless found\n        \
             answer = assistant([question])      #@ note question, infer\n        \
             CACHE[question] = answer",
        );
    assert_eq!(
        why("wrong-recipient", (TWO, &guarded, Grain::Access), [(0, 2), (1, 1)]),
        "a kept this answer in CACHE[\"x\"] in step 2. b took it from CACHE[\"x\"] in step 3, so \
         the assistant was not asked. Nothing tied the answer to the request that it was for."
    );
}

const ANSWER_FIRST: &str = "
H = []          #@ shared H
S = []          #@ shared S
def respond(question, session):
    h = list(H)             #@ load H
    a = assistant(h)        #@ note question, infer
    H.append(a)             #@ append H answer
    H.append(question)      #@ append H question
    S.append(question)      #@ append S question
    h = list(S)             #@ load S
    H[:] = h                #@ store H
    h = list(H)             #@ load H
    H[:] = h                #@ store H
    return a                #@ reply
";

/// b brings back a list in which the answer stands before its question.
#[test]
fn an_answer_that_stands_before_its_question_is_not_told_as_too_late() {
    let order = [
        (1, 6),
        (2, 2),
        (0, 3),
        (2, 1),
        (1, 1),
        (0, 1),
        (2, 1),
        (0, 2),
        (2, 2),
        (1, 1),
        (0, 2),
        (2, 2),
    ];
    assert_eq!(
        why("torn-history", (THREE, ANSWER_FIRST, Grain::Access), order),
        "a put a's message \"x\" into H in step 11. Since step 20, in which b wrote H, the two do \
         not stand together there."
    );
}

const HEALED: &str = "
H = []          #@ shared H
def respond(question, session):
    H.append(question)      #@ append H question
    a = assistant(question) #@ note question, infer
    H.append(a)             #@ append H answer
    h = list(H)             #@ load H
    H.append(question)      #@ append H question
    H.append(a)             #@ append H answer
    H[:] = h                #@ store H
    return a                #@ reply
";

/// It is torn in step 3, stands together since step 6, and the older copy is stored in step 7.
#[test]
fn torn_once_more_is_told_with_the_last_write_and_not_the_first() {
    assert_eq!(
        why("torn-history", (TWO, HEALED, Grain::Access), [(0, 1), (1, 1), (0, 5), (1, 5)]),
        "Since step 7, in which a wrote H, the two do not stand together there."
    );
}

const ASKED_AGAIN: &str = "
H = []          #@ shared H
def respond(question, session):
    h = list(H)             #@ load H
    H.append(question)      #@ append H question
    H[:] = h                #@ store H
    H.append(question)      #@ append H question
    a = assistant(question) #@ note question, infer
    H.append(a)             #@ append H answer
    return a                #@ reply
";

/// The question was there in step 5 already, and gone in step 6.
#[test]
fn a_question_that_was_put_twice_is_told_with_the_last_write_and_not_the_first() {
    assert_eq!(
        why(
            "torn-history",
            (TWO, ASKED_AGAIN, Grain::Access),
            [(1, 3), (0, 4), (1, 1), (0, 1), (1, 1)]
        ),
        "a put a's message \"x\" into H in step 7. In step 8 b put b's message \"x\" behind it. In \
         step 9 a put the answer to \"x\" there, too late to stand behind its question."
    );
}

const NOT_GIVEN_BACK: &str = "
L = 0           #@ lock L
def respond(question, session):
    L.acquire()             #@ acquire L
    a = assistant(question) #@ note question, infer
    return a                #@ reply
";

/// Its first request is through, and it has another one: it is none that could go on and free it.
#[test]
fn a_lane_whose_request_is_through_is_not_told_as_one_that_could_free_its_lock() {
    let told = "a ended a request and did not give L back.";
    let order = [(0, 2), (1, 1)];
    assert_eq!(why("deadlock", (AGAIN, NOT_GIVEN_BACK, Grain::Await), order), told);
    let twice = "a took L and did not give it back before taking it again.";
    assert_eq!(
        why("deadlock", (AGAIN, NOT_GIVEN_BACK, Grain::Access), [(0, 1)]),
        format!("{twice} {told}")
    );
    // That of a lane without another request is through for good.
    assert_eq!(
        why("deadlock", (AGAIN, NOT_GIVEN_BACK, Grain::Access), [(1, 1)]),
        "b is through and never gave L back."
    );
}

const TAKEN_TWICE: &str = "
L = 0           #@ lock L
def respond(question, session):
    L.acquire()             #@ acquire L
    L.acquire()             #@ acquire L
    a = assistant(question) #@ note question, infer
    return a                #@ reply
";

#[test]
fn one_lane_that_waits_is_not_told_as_a_circle() {
    let one = r#"{"user":"a","says":[{"text":"x"}]}"#;
    let twice = "a took L and did not give it back before taking it again.";
    assert_eq!(why("deadlock", (one, TAKEN_TWICE, Grain::Access), [(0, 1)]), twice);
    assert_eq!(why("deadlock", (one, TAKEN_TWICE, Grain::Turn), []), twice);
}

const WORKER: &str = "
Q = 0           #@ mailbox Q
async def respond(question, session):
    Q.put(question)         #@ send Q
    a = await box()         #@ await
    return a                #@ reply
L = 0           #@ lock L
def work():     #@ lane worker
    q = Q.get()             #@ receive Q
    a = assistant(q)        #@ note question, infer
    reply(a)                #@ answer
    L.acquire()             #@ acquire L
    L.acquire()             #@ acquire L
";

/// The worker answers the request that was cancelled, and is stuck. The next one waits on.
#[test]
fn an_answer_to_a_cancelled_request_is_not_told_as_one_to_the_next() {
    let mut again = cast(AGAIN);
    again.cancels = vec![0];
    let program = program(again, WORKER, Grain::Access);
    let [a, b, worker, cancel] = [0, 1, 2, 3];
    let moves = [a, cancel, a, worker, worker, worker, b];
    let record = Machine::run(&program, &moves).unwrap();
    let deadlock = named("deadlock").unwrap();
    let reasons = (deadlock.why)(&program, &record, &(deadlock.find)(&program, &record)[0]);
    assert_eq!(
        Phrase::sentences(reasons.iter().map(Reason::phrase)).english(),
        "a put a's message \"y\" into Q in step 3, and nobody has taken it out. b put b's message \
         \"z\" into Q in step 7, and nobody has taken it out. worker:all took L and did not give \
         it back before taking it again."
    );
}
