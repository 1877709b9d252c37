//! What the engine promises besides right numbers, which `brute_force` and `facts` hold: no lane
//! is exchanged that may not be, nothing depends on threads, limits are kept and bounds hold.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::{LIMITS, cast, explored, explored_by, explored_within, fixture, judges, program};
use common::{numbers, on_threads, outcomes, users, with};
use interleak::anomalies::{ANOMALIES, Judges, named};
use interleak::explore::Findings;
use interleak::explore::engine::{Ask, Explored, Merging, WantedOrders, explore};
use interleak::explore::graph::{Graph, Layer, Stopped};
use interleak::explore::packed::{Packing, Symmetric};
use interleak::explore::sample::{Draws, Sampling, draw, interval, sample};
use interleak::explore::space::{Mark, Move};
use interleak::explore::tally::{Asked, Open, Ratio, tally};
use interleak::explore::walk::Limits;
use interleak::listing::Listing;
use interleak::model::LaneId;
use interleak::model::code::{Key, PlaceKind};
use interleak::model::context::Mask;
use interleak::model::program::{Detail, Grain, Grain::Line, Program, Setting};
use interleak::replay::driver::{self, AsDrawn};
use interleak::replay::machine::Machine;
use interleak::replay::record::Record;
use num_bigint::BigUint;

/// Context leak is the first anomaly of the registry.
const LEAK: usize = 0;

fn interchangeable(program: &Program) -> Vec<Vec<LaneId>> {
    Packing::new(program, &judges(), Symmetric::Verified).unwrap().interchangeable()
}

/// Takes a lock and does not give it back. Which lock is told by the question: see [`asks`].
const LOCK_BY_QUESTION: &str = "\
L = {}  #@ lock L[session]
def respond(question, session):
    L[question].acquire()  #@ acquire L
    answer = assistant([question])  #@ note question, infer
    return answer  #@ reply
";

fn asks(first: [&str; 2], second: [&str; 2]) -> Program {
    let says = |texts: [&str; 2]| texts.map(|text| format!("{{\"text\":\"{text}\"}}")).join(",");
    let lanes = format!(
        "{{\"user\":\"a\",\"says\":[{}]}},{{\"user\":\"b\",\"says\":[{}]}}",
        says(first),
        says(second)
    );
    // No listing can say this yet, but a program can be it.
    let mut code = Listing::parse("test.py", LOCK_BY_QUESTION).unwrap().code;
    code.places[0].keys = vec![Key::Question];
    Program::new(cast(&lanes), code, Setting { grain: Line, ..Setting::default() }).unwrap()
}

#[test]
fn lanes_that_take_locks_in_opposite_order_are_not_exchanged() {
    let alike = asks(["x", "y"], ["x", "y"]);
    let opposite = asks(["x", "y"], ["y", "x"]);
    assert_eq!(interchangeable(&alike), [vec![0, 1]]);
    assert!(interchangeable(&opposite).is_empty());
    for program in [alike, opposite] {
        let plain = explored_by(&program, Merging::Plain);
        let merged = explored_by(&program, Merging::Symmetric);
        assert_eq!(numbers(&merged), numbers(&plain));
    }
}

#[test]
fn only_lanes_that_nothing_tells_apart_are_exchanged() {
    let global = fixture("global");
    let of = |lanes: &str, listing: &str| interchangeable(&program(cast(lanes), listing, Line));
    let say = |count: usize| vec!["{\"text\":\"x\"}"; count].join(",");
    let lane = |user: &str, more: &str, turns: usize| {
        format!("{{\"user\":\"{user}\"{more},\"says\":[{}]}}", say(turns))
    };
    let (a, b) = (lane("a", "", 1), lane("b", "", 1));
    assert_eq!(of(&[a.clone(), b.clone()].join(","), &global), [vec![0, 1]]);
    let longer = [a.clone(), lane("b", "", 2), lane("c", "", 1)].join(",");
    assert_eq!(of(&longer, &global), [vec![0, 2]], "not with more turns");
    let two_lanes = [lane("a", ",\"name\":\"p\"", 1), lane("a", ",\"name\":\"q\"", 1), b].join(",");
    assert_eq!(of(&two_lanes, &global), [vec![0, 1]], "not with another user");
    let of_session = |name| lane("a", &format!(",\"name\":\"{name}\",\"session\":\"s\""), 1);
    let three_lanes =
        [of_session("p"), of_session("q"), lane("a", ",\"session\":\"t\"", 1)].join(",");
    assert_eq!(of(&three_lanes, &global), [vec![0, 1]], "not with another session");
    let actor = program(users(3, 1), &fixture("actor"), Line);
    assert_eq!(interchangeable(&actor), [vec![0, 1, 2]]);
    assert!(interchangeable(&actor.with_grain(Grain::Turn)).is_empty(), "daemons in lane order");
}

#[test]
fn symmetry_merges_states_and_changes_no_number() {
    for (listing, lanes, turns) in [
        ("global", 3, 1),
        ("locked", 3, 2),
        ("actor", 3, 1),
        ("actor", 2, 2),
        ("narrow-lock", 2, 2),
    ] {
        let program = program(users(lanes, turns), &fixture(listing), Line);
        let [plain, packed, merged] = [Merging::Plain, Merging::Packed, Merging::Symmetric]
            .map(|by| explored_by(&program, by));
        assert_eq!(numbers(&packed), numbers(&plain), "{listing}");
        assert_eq!(numbers(&merged), numbers(&plain), "{listing}");
        assert!(2 * merged.states < packed.states + 100, "{listing}");
        assert!(packed.states <= plain.states, "{listing}");
    }
}

#[test]
fn nothing_depends_on_threads() {
    let program = program(users(3, 2), &fixture("global"), Line);
    let found =
        [1, 2, 8].map(|threads| on_threads(threads, || format!("{:?}", explored(&program))));
    assert_eq!(found[0], found[1]);
    assert_eq!(found[0], found[2]);
    assert!(found[0].contains("5550996791340"), "the number of orders");
}

#[test]
fn a_state_takes_few_bytes() {
    let judges = Judges { anomalies: vec![named("context-leak").unwrap()] };
    let program = program(users(3, 3), &fixture("global"), Line).with_detail(Detail::Users);
    let explored = explore(&program, &Ask::new(&judges, LIMITS));
    assert_eq!(explored.orders.to_string(), "53494979785374631680");
    assert!(explored.bytes <= 24 * explored.states, "{} / {}", explored.bytes, explored.states);
}

/// Whether the left one is not the larger one.
fn at_most(left: &Ratio, right: &Ratio) -> bool {
    &left.numerator * &right.denominator <= &right.numerator * &left.denominator
}

#[test]
fn bounds_hold_wherever_a_limit_stops() {
    let program = program(users(2, 2), &fixture("global"), Line);
    let exact = explored(&program);
    let leak = with(&exact, LEAK);
    for states_max in (1..exact.states).step_by(7) {
        let limits = Limits { states_max, ..LIMITS };
        let cut = explored_within(&program, Merging::Symmetric, limits);
        assert_eq!(cut.stopped, Some(Stopped::States { states_max }));
        assert!(cut.states <= states_max);
        assert!(cut.orders <= exact.orders && cut.heard.is_none() && cut.traces.is_none());
        for found in cut.found.iter().filter(|found| found.finding == 1 << LEAK) {
            assert!(found.with.orders <= leak.orders);
            assert!(at_most(&found.with.chance, &leak.chance));
            assert!(at_most(&leak.chance, &found.chance_max));
        }
    }
}

#[test]
fn memory_is_a_limit_too() {
    let program = program(users(3, 3), &fixture("global"), Line);
    let limits = Limits { bytes_max: 1 << 20, ..LIMITS };
    let cut = explored_within(&program, Merging::Symmetric, limits);
    assert_eq!(cut.stopped, Some(Stopped::Memory { bytes_max: 1 << 20 }));
}

/// By rank come all orders, once each, sorted, and each of them runs.
#[test]
fn every_order_has_its_number() {
    for (listing, lanes) in [("global", 3), ("locked", 3), ("actor", 2)] {
        let program = program(users(lanes, 1), &fixture(listing), Grain::Access);
        let judges = judges();
        let orders = WantedOrders::All { max: 10_000 };
        let all = explore(&program, &Ask { orders, ..Ask::new(&judges, LIMITS) });
        let drawn = all.drawn.unwrap();
        assert_eq!(BigUint::from(drawn.len()), all.orders, "{listing}");
        for (index, (number, moves)) in drawn.iter().enumerate() {
            assert_eq!(*number, BigUint::from(index + 1));
            assert!(index == 0 || drawn[index - 1].1 < *moves, "sorted");
            assert!(Machine::run(&program, moves).is_ok());
            let orders = WantedOrders::Number(number.clone());
            let one = explore(&program, &Ask { orders, ..Ask::new(&judges, LIMITS) });
            assert_eq!(one.drawn.unwrap(), [(number.clone(), moves.clone())]);
        }
    }
}

#[test]
fn samples_agree_with_the_exact_chance_on_any_number_of_threads() {
    let program = program(users(2, 2), &fixture("global"), Line);
    let judges = judges();
    let silent = ANOMALIES.iter().position(|anomaly| anomaly.id == "unanswered").unwrap();
    let silent = 1 << silent;
    let drawn = |findings: &[Findings], seed| {
        let draw = |draws: &dyn Fn() -> Draws| draw::<Mask>(&program, &judges, draws());
        let sampling = Sampling { samples: 4000, work_max: u64::MAX, seed };
        sample(&draw, (findings, &|_| ()), sampling)
    };
    let seen = [1, 8].map(|threads| on_threads(threads, || drawn(&[1 << LEAK, silent], 1)));
    assert_eq!(seen[0], seen[1]);
    let (low, high) = interval(seen[0].hits[0], seen[0].samples);
    assert!((low..high).contains(&(753.0 / 1024.0)), "{low} to {high}");
    assert_eq!(seen[0].hits[1], 0, "no turn is left without a reply");
    assert_ne!(drawn(&[1], 2).hits[0], seen[0].hits[0], "another seed");
}

/// A worker for all that waits at mailboxes of sessions waits at the first session's: whose lane
/// that is, tells it from the others. No listing can say this, but a program can be it.
#[test]
fn lanes_are_not_exchanged_if_a_worker_prefers_a_session() {
    let listing = "\
H = []  #@ shared H
B = []  #@ mailbox B
def respond(question, session):
    B.put(question)  #@ send B
    return assistant([question])  #@ note question, infer, reply
def work():  #@ lane worker
    while True:
        question = B.get()  #@ receive B
        history = list(H)  #@ load H
";
    let mut code = Listing::parse("test.py", listing).unwrap().code;
    let mailboxes = code.places.iter_mut().filter(|place| place.kind == PlaceKind::Mailbox);
    mailboxes.for_each(|place| place.keys = vec![Key::Session]);
    let program =
        Program::new(users(3, 1), code, Setting { grain: Line, ..Setting::default() }).unwrap();
    assert!(interchangeable(&program).is_empty());
    merged_as_plain(&program);
}

/// A cell of two sessions at once, one of them read from a shared place, belongs to two lanes.
#[test]
fn lanes_are_not_exchanged_if_a_cell_is_of_two_sessions() {
    let listing = "\
USER = None  #@ shared USER
H = {}  #@ shared H[session, id]
def respond(question, session):
    USER = session  #@ put USER session
    user = USER  #@ take USER
    history = H[session, user]  #@ load H
    history = history + [question]  #@ note question
    answer = assistant(history)  #@ infer
    H[session, user] = history  #@ store H
    return answer  #@ reply
";
    let program = program(users(2, 2), listing, Line);
    assert!(interchangeable(&program).is_empty());
    merged_as_plain(&program);
}

fn merged_as_plain(program: &Program) {
    let plain = explored_by(program, Merging::Plain);
    for merging in [Merging::Packed, Merging::Symmetric] {
        assert_eq!(numbers(&explored_by(program, merging)), numbers(&plain), "{merging:?}");
    }
}

/// Reads much that it never uses: a history, an answer, an id and what a lookup found are each
/// overwritten before they are read.
const WASTEFUL: &str = "\
H = []    #@ shared H
S = []    #@ shared S
U = None  #@ shared U
C = {}    #@ shared C[question]
D = {}    #@ shared D[session]
I = {}    #@ shared I[id]
def respond(question, session):
    x()  #@ append H question
    h = list(H)  #@ load H
    h = list(S)  #@ load S
    a = assistant(h)  #@ infer
    u = U  #@ take U
    U = session  #@ put U session
    u = U  #@ take U
    a = C[question]  #@ lookup C
    a = D[session]  #@ lookup D
    if not a:  #@ unless found
        a = assistant(h)  #@ note question, infer
        C[question] = a  #@ save C
        D[session] = a  #@ save D
    h = I[u]  #@ load I
    a = assistant(h)  #@ infer
    return a  #@ reply
";

/// A register or a cell that is kept though nobody can read it any more changes no number, but
/// splits states. The least numbers of states that were reached are held here.
#[test]
fn what_nobody_can_read_splits_no_states() {
    let states = |listing: &str| {
        let program = program(users(2, 2), listing, Line);
        [Merging::Packed, Merging::Symmetric].map(|by| explored_by(&program, by).states)
    };
    let programs = ["global", "current-context", "narrow-lock", "session-map", "locked", "actor"];
    let found = programs.map(|listing| states(&fixture(listing)));
    assert_eq!(found, [[523, 266], [5748, 2889], [1029, 519], [121, 66], [125, 65], [265, 136]]);
    assert_eq!(states(WASTEFUL), [1955, 1955]);
}

#[test]
fn as_many_states_as_there_are_is_enough() {
    let program = program(users(2, 2), &fixture("global"), Line);
    let exact = explored(&program);
    let limits = Limits { states_max: exact.states, ..LIMITS };
    let within = explored_within(&program, Merging::Symmetric, limits);
    assert_eq!(within.stopped, None);
    assert_eq!(numbers(&within), numbers(&exact));
}

/// What shows only at the end of a run is seen in samples too.
#[test]
fn samples_are_judged_at_their_end() {
    let deadlock = 1 << ANOMALIES.iter().position(|anomaly| anomaly.id == "deadlock").unwrap();
    for (program, always) in
        [(asks(["x", "x"], ["y", "y"]), 100), (asks(["x", "y"], ["z", "w"]), 0)]
    {
        let judges = judges();
        let draw = |draws: &dyn Fn() -> Draws| draw::<Mask>(&program, &judges, draws());
        let sampling = Sampling { samples: 100, work_max: u64::MAX, seed: 1 };
        let sampled = sample(&draw, (&[deadlock], &|_| ()), sampling);
        assert_eq!((sampled.samples, sampled.hits), (100, vec![always]));
    }
}

/// Long orders are not drawn for minutes: how many pay is told by their length, so it is the same
/// everywhere.
#[test]
fn no_more_orders_are_drawn_than_pay() {
    let program = program(users(2, 2), &fixture("global"), Line);
    let judges = judges();
    let draw = |draws: &dyn Fn() -> Draws| draw::<Mask>(&program, &judges, draws());
    let one = draw(&|| Draws::new(1, 0)).work;
    let drawn = |work_max| {
        let sampling = Sampling { samples: 5_000, work_max, seed: 1 };
        sample(&draw, (&[1], &|_| ()), sampling).samples
    };
    assert!(one > 20, "{one}");
    assert_eq!(drawn(1), 200);
    assert!((400..=1600).contains(&drawn(800 * one)), "{}", drawn(800 * one));
    assert_eq!(drawn(u64::MAX), 5_000);
}

/// Layers can be so wide that the numbers of all findings at once would take too much memory.
#[test]
fn findings_that_do_not_fit_in_one_pass_are_counted_in_several() {
    let mut first = Layer::filling();
    first.push_state(3);
    for (lane, findings) in [0b001, 0b011, 0b100].into_iter().enumerate() {
        let (lane, mark) = (lane as u8, Some(Mark { findings, ..Mark::default() }));
        let step = Move { to: (), lane, inside: true, first: true, mark, touched: 0 };
        first.push_move(&step, lane);
        first.lead(usize::from(lane), u32::from(lane));
    }
    let wide = Layer::unexpanded(3 << 20);
    let graph = Graph { layers: vec![first, wide], stopped: None };
    let asked = Asked { findings: vec![1, 2, 4], bytes_max: usize::MAX, ..Asked::default() };
    let orders = tally(&graph, &asked, Open::Nothing).with;
    let orders: Vec<String> = orders.iter().map(|with| with.orders.to_string()).collect();
    assert_eq!(orders, ["2", "1", "1"]);
}

/// With contexts only as fine as it needs, and without the cells that no end is judged by.
#[test]
fn an_anomaly_alone_has_the_same_numbers() {
    for listing in ["global", "current-context", "narrow-lock", "session-map", "actor"] {
        let program = program(users(2, 2), &fixture(listing), Line);
        let all = explored(&program);
        for (index, &anomaly) in ANOMALIES.iter().enumerate() {
            let judges = Judges { anomalies: vec![anomaly] };
            let coarse = program.clone().with_detail(judges.detail());
            let alone = explore(&coarse, &Ask::new(&judges, LIMITS));
            assert_eq!(with(&alone, 0), with(&all, index), "{listing}: {}", anomaly.id);
        }
    }
}

/// What one function of the app had in its variables, the next one does not have.
#[test]
fn a_function_has_variables_of_its_own() {
    let listing = "H = []  #@ shared H\ndef respond(question, session):\n    H.append(question)  #@ append H question\n    h = list(H)  #@ load H\n    t()  #@ then\n    a = assistant(h)  #@ infer\n    return a  #@ reply\n";
    let leaking =
        |listing: &str| with(&explored(&program(users(2, 1), listing, Line)), LEAK).orders;
    assert_eq!(leaking(listing), 0_u32.into());
    assert_ne!(leaking(&listing.replace("    t()  #@ then\n", "")), 0_u32.into());
}

/// A request that is cancelled while it waits for its worker. The worker goes on, and its answer is
/// for nobody: the next turn of the same lane waits for its own.
#[test]
fn an_answer_for_a_cancelled_turn_is_not_handed_to_the_next_one() {
    let listing = "M = {}  #@ mailbox M[session]\nasync def respond(question, session):\n    M[session].put(question)  #@ send M\n    answer = await r.get()  #@ await\n    return answer  #@ reply\n\ndef worker(session):  #@ lane worker per session\n    question = M[session].get()  #@ receive M\n    answer = assistant([question])  #@ note question, infer\n    r.put(answer)  #@ answer\n";
    let mut cast = users(1, 2);
    cast.cancels = vec![0];
    let program = program(cast, listing, Line);
    assert_eq!(outcomes(&program), 2, "the first turn is answered or cancelled, nothing else");
    let answered =
        |record: &Record| record.replies.iter().all(|shown| shown.said.turn == shown.turn);
    assert!(records(&program).iter().all(answered));
    assert!(records(&program).iter().any(|record| record.cancelled(0) && record.answered(1)));
}

/// What `take` read belongs to the function that took it.
#[test]
fn behind_a_then_the_id_is_the_session_again() {
    let listing = "S = None  #@ shared S\nH = {}  #@ shared H[id]\ndef respond(question, session):\n    S = session  #@ put S session\n    who = S  #@ take S\n    t()  #@ then\n    h = list(H[who])  #@ load H\n    h.append(question)  #@ note question\n    a = assistant(h)  #@ infer\n    H[who] = h  #@ store H\n    return a  #@ reply\n";
    let leaks = |listing: &str| {
        let program = program(users(2, 1), listing, Line);
        let leak = named("context-leak").unwrap();
        let replayed = records(&program).iter().any(|it| !(leak.find)(&program, it).is_empty());
        (found(&explored(&program), "context-leak") > 0_u32.into(), replayed)
    };
    assert_eq!(leaks(listing), (false, false));
    let one_function = listing.replace("    t()  #@ then\n", "");
    assert_eq!(leaks(&one_function), (true, true), "in one function it is kept");
}

/// In how many orders an anomaly was found.
fn found(explored: &Explored, anomaly: &str) -> BigUint {
    with(explored, ANOMALIES.iter().position(|it| it.id == anomaly).unwrap()).orders
}

/// Many orders of a program, run by the plain machine.
fn records(program: &Program) -> Vec<Record> {
    let drawn = (0..200).map(|seed| {
        let mut machine = Machine::new(program);
        driver::finish(&mut machine, &mut AsDrawn::new(seed, seed as usize % 7));
        machine.record()
    });
    drawn.collect()
}
