//! The merged walk against plain enumeration: every order of small random programs, one by one,
//! through the plain replay machine.
//!
//! Nothing is shared between the two but the program itself: the walk uses `step`, sets and
//! merging; the enumeration uses the machine, lists and no merging. Compared are what each lane
//! may do, the number of orders, the orders with each anomaly, the probabilities, who heard whom,
//! the essentially different orders, the outcomes, the simplest order and its point of no return:
//! for plain keys, for packed ones, and with interchangeable lanes put into one order.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::random::{LANES, listing, server};
use common::{LIMITS, cast, explored, explored_within, outcomes, program, with};
use interleak::anomalies::{ANOMALIES, Judgement, Judges};
use interleak::explore::engine::{Ask, Explored, Merging, explore};
use interleak::explore::tally::{Ratio, With};
use interleak::explore::walk::Limits;
use interleak::explore::witness::Cost;
use interleak::listing::Listing;
use interleak::model::LaneId;
use interleak::model::context::Messages;
use interleak::model::program::{Grain, Program, Setting};
use interleak::model::server::Slots;
use interleak::model::state::State;
use interleak::model::step::{Moved, step};
use interleak::model::touch::{Touch, dependent};
use interleak::replay::machine::Machine;
use interleak::replay::record::Record;
use num_bigint::BigUint;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Programs with more orders are left out: they are enumerated one by one.
const ORDERS_MAX: u64 = 1500;
/// Nor is it waited for programs that have too many states to have so few orders.
const STATES_MAX: usize = 3000;

/// Everything that the enumeration finds.
struct Enumerated {
    orders: u64,
    with: Vec<u64>,
    /// Probability mass, over `scale` to the power of the longest order.
    mass: Vec<u128>,
    outcomes: BTreeSet<Vec<Vec<(usize, bool)>>>,
    simplest: Vec<Option<(Cost, Vec<LaneId>)>>,
    /// For each anomaly, the first steps of orders that do not show it.
    avoid: Vec<BTreeSet<Vec<LaneId>>>,
    /// For each reply and other user: orders in which it is based on a question of that user.
    heard: BTreeMap<(usize, usize), (u64, u128)>,
    /// One order of each kind that differ by more than swapping independent neighbours, as the
    /// steps that can be made at once, as early as possible (Foata normal form).
    traces: BTreeSet<Vec<BTreeSet<(LaneId, usize)>>>,
    scale: u128,
    depth: u32,
}

impl Enumerated {
    fn visit(
        &mut self,
        program: &Program,
        machine: &Machine,
        state: &State<Messages>,
        share: u128,
        touched: &mut Vec<(LaneId, Vec<Touch>)>,
    ) {
        let depth = touched.len() as u32;
        let movable = machine.movable();
        for lane in 0..program.lanes.len() {
            let stepped = step(program, state, lane);
            let complete = machine.is_complete();
            if !complete {
                let moved = machine.clone().step(lane);
                assert_eq!(stepped.as_ref().err(), moved.as_ref().err(), "what a lane may do");
                assert_eq!(movable.contains(&lane), moved.is_ok());
            }
        }
        if movable.is_empty() {
            self.traces.insert(foata(touched));
            self.finish(program, &machine.record(), share * self.scale.pow(self.depth - depth));
            return;
        }
        let share = share * (self.scale / movable.len() as u128);
        for lane in movable {
            let mut machine = machine.clone();
            machine.step(lane).unwrap();
            let moved = step(program, state, lane).unwrap();
            touched.push((lane, moved.touched));
            self.visit(program, &machine, &moved.state, share, touched);
            touched.pop();
        }
    }

    fn ratio(&self, mass: u128) -> Ratio {
        Ratio::new(mass.into(), BigUint::from(self.scale).pow(self.depth))
    }

    fn hear(&mut self, program: &Program, record: &Record, mass: u128) {
        for reply in &record.replies {
            let own = program.cast.user_of(reply.turn);
            let users = reply.said.basis().into_iter().map(|turn| program.cast.user_of(turn));
            for user in users.filter(|&user| user != own).collect::<BTreeSet<_>>() {
                let heard = self.heard.entry((reply.turn, user)).or_default();
                heard.0 += 1;
                heard.1 += mass;
            }
        }
    }

    fn finish(&mut self, program: &Program, record: &Record, mass: u128) {
        self.orders += 1;
        self.outcomes.insert(outcome(program, record));
        self.hear(program, record, mass);
        let all: Vec<LaneId> = record.steps.iter().map(|step| step.lane).collect();
        for (index, anomaly) in ANOMALIES.iter().enumerate() {
            let findings = (anomaly.find)(program, record);
            let Some(first) = findings.iter().map(|finding| finding.step).min() else {
                self.avoid[index].extend((0..=all.len()).map(|steps| all[..steps].to_vec()));
                continue;
            };
            self.with[index] += 1;
            self.mass[index] += mass;
            let shown = match anomaly.judge {
                Judgement::Reply(_) => first + 1,
                Judgement::End(_) | Judgement::Pairs(_) => record.steps.len(),
            };
            let moves: Vec<LaneId> = record.steps[..shown].iter().map(|step| step.lane).collect();
            let candidate = (cost(program, record, &moves), moves);
            let best = &mut self.simplest[index];
            if best.as_ref().is_none_or(|best| candidate < *best) {
                *best = Some(candidate);
            }
        }
    }
}

/// The steps of an order in layers: each step in the first layer after all that it depends on.
fn foata(touched: &[(LaneId, Vec<Touch>)]) -> Vec<BTreeSet<(LaneId, usize)>> {
    let mut layers: Vec<BTreeSet<(LaneId, usize)>> = Vec::new();
    let mut depths: Vec<usize> = Vec::new();
    for (index, (lane, touches)) in touched.iter().enumerate() {
        let before = touched[..index].iter().zip(&depths);
        let after = before
            .filter(|((other, theirs), _)| other == lane || dependent(theirs, touches))
            .map(|(_, depth)| depth + 1);
        let depth = after.max().unwrap_or(0);
        let number = touched[..index].iter().filter(|(other, _)| other == lane).count();
        layers.resize(layers.len().max(depth + 1), BTreeSet::new());
        layers[depth].insert((*lane, number));
        depths.push(depth);
    }
    layers
}

fn outcome(program: &Program, record: &Record) -> Vec<Vec<(usize, bool)>> {
    let mut outcome = vec![vec![(usize::MAX, false)]; program.cast.turns.len()];
    for reply in &record.replies {
        let context = reply.said.context.iter();
        outcome[reply.turn] = context
            .map(|message| (message.turn, message.part == interleak::model::op::Part::Answer))
            .collect();
    }
    outcome
}

fn cost(program: &Program, record: &Record, moves: &[LaneId]) -> Cost {
    let mut clients: Vec<LaneId> =
        moves.iter().copied().filter(|&lane| !program.is_daemon(lane)).collect();
    clients.sort_unstable();
    clients.dedup();
    let steps = &record.steps[..moves.len()];
    Cost {
        lanes: clients.len() as u64,
        preemptions: steps.iter().filter(|step| step.preempts).count() as u64,
        switches: moves.windows(2).filter(|pair| pair[0] != pair[1]).count() as u64,
        steps: moves.len() as u64,
    }
}

/// What every number of lanes divides.
fn scale(program: &Program) -> u128 {
    (1..=program.lanes.len() as u128).fold(1, num_integer::lcm)
}

fn enumerate(program: &Program, depth: usize) -> Enumerated {
    let scale = scale(program);
    let mut enumerated = Enumerated {
        orders: 0,
        with: vec![0; ANOMALIES.len()],
        mass: vec![0; ANOMALIES.len()],
        outcomes: BTreeSet::new(),
        simplest: vec![None; ANOMALIES.len()],
        avoid: vec![BTreeSet::new(); ANOMALIES.len()],
        heard: BTreeMap::new(),
        traces: BTreeSet::new(),
        scale,
        depth: depth as u32,
    };
    let (machine, state) = (Machine::new(program), State::first(program));
    enumerated.visit(program, &machine, &state, 1, &mut Vec::new());
    enumerated
}

fn compare(program: &Program) -> Result<(), TestCaseError> {
    let few = Limits { states_max: STATES_MAX, ..LIMITS };
    let plain = explored_within(program, Merging::Plain, few);
    prop_assume!(plain.stopped.is_none());
    prop_assume!(plain.orders <= BigUint::from(ORDERS_MAX));
    // Probabilities are added up in 128 bits here.
    let bits = (scale(program) as f64).log2().max(1.0);
    prop_assume!(plain.steps as f64 * bits < 120.0);
    let enumerated = enumerate(program, plain.steps);
    compare_numbers(&enumerated, &plain)?;
    for merging in [Merging::Packed, Merging::Symmetric] {
        let merged = explored_within(program, merging, few);
        prop_assert!(merged.states <= plain.states, "{:?}", merging);
        compare_numbers(&enumerated, &merged)?;
    }
    compare_alone(&enumerated, program, few)?;
    prop_assert_eq!(outcomes(program), enumerated.outcomes.len(), "outcomes");
    if program.setting.grain == Grain::Line && !program.shows_local_lines() {
        let coarser = program.clone().with_grain(Grain::Access);
        prop_assert_eq!(outcomes(&coarser), enumerated.outcomes.len(), "outcomes at grain access");
    }
    Ok(())
}

/// Each anomaly by itself, with contexts only as fine as it needs.
fn compare_alone(
    enumerated: &Enumerated,
    program: &Program,
    limits: Limits,
) -> Result<(), TestCaseError> {
    for (index, &anomaly) in ANOMALIES.iter().enumerate() {
        let judges = Judges { anomalies: vec![anomaly] };
        let coarse = program.clone().with_detail(judges.detail());
        let alone = explore(&coarse, &Ask::new(&judges, limits));
        let ratio = enumerated.ratio(enumerated.mass[index]);
        let with = with(&alone, 0);
        prop_assert_eq!(&with.orders, &BigUint::from(enumerated.with[index]), "{}", anomaly.id);
        prop_assert_eq!(&with.chance, &ratio, "{}", anomaly.id);
        let simplest = alone.found.first().map(|it| (it.witness.cost, it.witness.moves.clone()));
        prop_assert_eq!(&simplest, &enumerated.simplest[index], "{}", anomaly.id);
    }
    Ok(())
}

fn compare_numbers(enumerated: &Enumerated, explored: &Explored) -> Result<(), TestCaseError> {
    let ratio = |mass| enumerated.ratio(mass);
    prop_assert_eq!(&explored.orders, &BigUint::from(enumerated.orders));
    if let Some(traces) = explored.traces {
        prop_assert_eq!(traces, enumerated.traces.len() as u128, "traces");
    }
    for (index, anomaly) in ANOMALIES.iter().enumerate() {
        let id = anomaly.id;
        let with = with(explored, index);
        prop_assert_eq!(&with.orders, &BigUint::from(enumerated.with[index]), "orders with {}", id);
        prop_assert_eq!(&with.chance, &ratio(enumerated.mass[index]), "chance of {}", id);
        let found = explored.found.iter().find(|found| found.finding == 1 << index);
        let simplest = found.map(|it| (it.witness.cost, it.witness.moves.clone()));
        prop_assert_eq!(&simplest, &enumerated.simplest[index], "simplest order with {}", id);
        if let Some(found) = found {
            let moves = &found.witness.moves;
            let avoids = |steps: &usize| enumerated.avoid[index].contains(&moves[..*steps]);
            let lost_from = (0..moves.len()).find(|steps| !avoids(steps)).unwrap_or(moves.len());
            prop_assert_eq!(found.witness.lost_from, lost_from, "{} is inevitable", id);
        }
    }
    let heard = explored.heard.iter().flatten();
    let heard: Vec<_> = heard.map(|it| (it.turn, it.user, it.with.clone())).collect();
    let expected = enumerated.heard.iter().map(|(&(turn, user), &(orders, mass))| {
        (turn, user, With { orders: orders.into(), chance: ratio(mass) })
    });
    prop_assert_eq!(heard, expected.collect::<Vec<_>>(), "who heard whom");
    Ok(())
}

/// How many programs; more of them with PROPTEST_CASES=5000.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(250)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_global_rejects: 50_000, ..ProptestConfig::default() })]

    #[test]
    fn random_programs(
        listing in listing(),
        lanes in prop::sample::select(&LANES[..]),
        grain in prop::sample::select(&Grain::ALL[..]),
        server in server(),
        cancels in prop::option::weighted(0.3, 0..2_usize),
    ) {
        let mut cast = cast(lanes);
        cast.cancels = cancels.into_iter().collect();
        let code = Listing::parse("random.py", &listing).unwrap().code;
        let program = Program::new(cast, code, Setting { grain, ..server });
        // Workers of the app's own are not in several processes.
        prop_assume!(program.is_ok());
        compare(&program.unwrap())?;
    }
}

/// The enumeration is a judge itself; it must be able to say no.
#[test]
fn a_wrong_count_is_noticed() {
    let mut wrong = program(cast(LANES[0]), &common::fixture("global"), Grain::Access);
    let right = enumerate(&wrong, 4);
    assert_eq!((right.orders, right.with[0]), (6, 2));
    wrong.setting.grain = Grain::Line;
    assert_ne!(enumerate(&wrong, 10).orders, right.orders);
    assert!(explored(&wrong).states < LIMITS.states_max);
}

/// A daemon that nobody waits for may still have work when the run is over. Essentially different
/// orders are then not counted, and only then.
#[test]
fn daemons_that_lag_behind() {
    let listing = "\
B = {}  #@ mailbox B[session]
H = []  #@ shared H
def respond(question, session):
    s()  #@ send B
    a()  #@ note question, infer
    return a  #@ reply
def work():  #@ lane worker per session
    while True:
        r()  #@ receive B
        h()  #@ append H question
";
    for lanes in [LANES[0], LANES[2], LANES[4]] {
        for grain in [Grain::Access, Grain::Await, Grain::Turn] {
            let lagging = program(cast(lanes), listing, grain);
            compare(&lagging).unwrap();
            assert_eq!(explored(&lagging).traces.is_none(), grain != Grain::Turn);
        }
        let waited_for = program(cast(lanes), &common::fixture("actor"), Grain::Access);
        assert!(explored(&waited_for).traces.is_some());
    }
}

/// Requests that wait for a batch.
const BATCH: &str = "\
Q = 0   #@ mailbox Q
H = []  #@ shared H
C = {}  #@ shared C[session]
def respond(question, session):
    s()  #@ send Q
    return a  #@ await, reply
def work():  #@ lane worker
    while True:
        r()  #@ receive Q batch
        for e in r:  #@ each
            a()  #@ note question, infer, answer
        h()  #@ append H question
";

/// Programs in which what the server works on is limited, and some of it is a batch; a longer one
/// has no name.
fn batches(lanes: &str) -> Vec<(Program, &'static str)> {
    // For a moment it is worked on before.
    let before = BATCH.replace("    s()", "    l()  #@ append C question\n    s()");
    let on_a_thread = before.replace("C[session]", "C[worker]");
    let at_once = BATCH.replace("        h()  #@ append H question\n", "");
    // Who found an answer waits for no batch.
    let kept = "    l()  #@ lookup C\n    if l:  #@ unless found\n        s()  #@ send Q\n        \
                a()  #@ await\n    h()  #@ append H answer\n    return a  #@ reply\n";
    let kept = BATCH.replace("    s()  #@ send Q\n    return a  #@ await, reply\n", kept);
    let listings =
        [(BATCH, "lagging"), (&at_once, "at once"), (&on_a_thread, ""), (&before, ""), (&kept, "")];
    let servers = [
        (Some(1), Slots::Shared, None),
        (Some(1), Slots::PerFunction, None),
        (Some(2), Slots::Shared, None),
        (None, Slots::Shared, Some(1)),
        (None, Slots::Shared, Some(2)),
    ];
    let mut programs = Vec::new();
    for (limit, slots, workers) in servers {
        for grain in Grain::ALL {
            for (listing, name) in listings {
                let mut limited = program(cast(lanes), listing, grain);
                limited.setting = Setting { limit, slots, workers, ..limited.setting };
                programs.push((limited, name));
            }
        }
    }
    programs
}

/// What the server works on is counted: not who waits for a batch, and the batch once.
#[test]
fn a_batch_and_the_limits_of_a_server() {
    for (limited, name) in batches(LANES[0]) {
        let is_small = explored(&limited).orders <= BigUint::from(ORDERS_MAX);
        assert!(is_small || name.is_empty(), "{name} {:?}", limited.setting);
        if is_small {
            compare(&limited).unwrap();
        }
    }
}

/// What two steps touch tells whether they can change places: also where one of them gives back
/// the place in the server that the other one needs.
#[test]
fn steps_of_a_batch_that_touch_nothing_in_common_can_change_places() {
    let clicks =
        r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"z"}]}"#;
    for (program, _) in batches(clicks) {
        let mut todo = vec![State::<Messages>::first(&program)];
        let mut seen: HashSet<State<Messages>> = todo.iter().cloned().collect();
        while let Some(state) = todo.pop() {
            let lanes = 0..program.lanes.len();
            for one in lanes.clone() {
                let Ok(first) = step(&program, &state, one) else { continue };
                if first.state.is_complete(&program) {
                    continue;
                }
                for other in lanes.clone().filter(|&other| other != one) {
                    change_places(&program, &state, (one, &first), other);
                }
                if seen.insert(first.state.clone()) {
                    todo.push(first.state);
                }
            }
        }
    }
}

/// A lane has made a step out of a state: a step of another one that does not depend on it is the
/// same before and after it, and leads to the same state.
fn change_places(
    program: &Program,
    state: &State<Messages>,
    (one, first): (LaneId, &Moved<Messages>),
    other: LaneId,
) {
    let (before, after) = (step(program, state, other), step(program, &first.state, other));
    let depends = |moved: &Moved<Messages>| dependent(&first.touched, &moved.touched);
    match (before, after) {
        (Ok(before), after) if !depends(&before) => {
            let after = after.unwrap();
            assert_eq!(before.touched, after.touched);
            let then = step(program, &before.state, one);
            assert!(before.state.is_complete(program) || then.unwrap().state == after.state);
        }
        (Err(_), Ok(after)) => assert!(depends(&after), "{:?} lets {after:?} go", first.touched),
        _ => {}
    }
}

/// A cache, keyed by session and question, or by question alone.
const CACHE: &str = "\
C = {}  #@ shared C[KEYS]
H = []  #@ shared H[session]
def respond(question, session):
    a()  #@ lookup C
    if not a:  #@ unless found
        l()  #@ load H, note question, infer
        s()  #@ save C
    h()  #@ append H question
    return a  #@ reply
";

/// A history that is written to in place.
const IN_PLACE: &str = "\
H = []  #@ shared H[session]
def respond(question, session):
    q()  #@ append H question
    a()  #@ load H, infer
    b()  #@ append H answer
    return a  #@ reply
";

/// An answer gets into the history only when it is taken from the cache: turns later.
const FROM_CACHE: &str = "\
H = []  #@ shared H[session]
C = {}  #@ shared C[question]
def respond(question, session):
    q()  #@ append H question
    a()  #@ lookup C
    if not a:  #@ unless found
        a()  #@ load H, infer
        s()  #@ save C
        return a  #@ reply
    h()  #@ append H answer
    return a  #@ reply
";

/// A worker that nobody waits for writes into the history when the turn is long over.
const LAGGING: &str = "\
H = []  #@ shared H[session]
B = {}  #@ mailbox B[session]
def respond(question, session):
    q()  #@ append H question
    s()  #@ send B
    a()  #@ load H, infer
    return a  #@ reply
def work():  #@ lane worker per session
    while True:
        r()  #@ receive B
        a()  #@ load H, infer
        h()  #@ append H answer
";

/// Two sessions that ask the same again, and may change places.
const BOTH_ASK_AGAIN: &str = r#"{"user":"a","says":[{"text":"x"},{"text":"y"},{"text":"x"}]},{"user":"b","says":[{"text":"x"},{"text":"y"},{"text":"x"}]}"#;
/// One session that asks again in two lanes.
const DOUBLE_CLICK: &str = r#"{"user":"a","name":"p","says":[{"text":"x"},{"text":"y"}]},{"user":"a","name":"q","says":[{"text":"y"},{"text":"x"}]}"#;

/// Random programs seldom answer from a cache when it matters, or tear a turn apart. These do.
#[test]
fn stale_replies_and_torn_histories() {
    let shows = |program: &Program, id: &str| {
        let explored = explored(program);
        let index = ANOMALIES.iter().position(|anomaly| anomaly.id == id).unwrap();
        assert!(with(&explored, index).orders > 0_u32.into(), "{id} is shown");
    };
    let short = CACHE.replace("    h()  #@ append H question\n", "").replace("load H, ", "");
    for keys in ["session, question", "question"] {
        let cached = program(cast(BOTH_ASK_AGAIN), &short.replace("KEYS", keys), Grain::Access);
        shows(&cached, "stale-reply");
        compare(&cached).unwrap();
    }
    let cached = CACHE.replace("KEYS", "session, question");
    for lanes in [LANES[5], LANES[7], DOUBLE_CLICK] {
        for grain in [Grain::Await, Grain::Turn] {
            compare(&program(cast(lanes), &cached, grain)).unwrap();
        }
    }
    let shared = IN_PLACE.replace("[session]", "");
    for (listing, lanes) in [(IN_PLACE, DOUBLE_CLICK), (IN_PLACE, LANES[4]), (&*shared, LANES[2])] {
        let torn = program(cast(lanes), listing, Grain::Access);
        shows(&torn, "torn-history");
        compare(&torn).unwrap();
    }
    // A message may come when its turn is over.
    let alone =
        |text: &str| format!(r#"{{"user":"a","says":[{{"text":"x"}},{{"text":"{text}"}}]}}"#);
    let clicks = r#"{"user":"a","name":"p","says":[{"text":"x"},{"text":"x"}]},{"user":"a","name":"q","says":[{"text":"x"}]}"#;
    let late = [(FROM_CACHE, alone("x")), (FROM_CACHE, clicks.into()), (LAGGING, alone("y"))];
    for (listing, lanes) in late {
        let late = program(cast(&lanes), listing, Grain::Access);
        shows(&late, "torn-history");
        compare(&late).unwrap();
    }
    // A question in one list, its answer in another, and the turn over long before the end.
    let split = "\
I = {}  #@ shared I[id]
U = 0   #@ shared U
def respond(question, session):
    u()  #@ put U
    l()  #@ load I, note question, infer
    q()  #@ append I question
    t()  #@ take U
    a()  #@ append I answer
    return a  #@ reply
";
    let minted = split.replace("take U", "mint").replace("    u()  #@ put U\n", "");
    for (listing, lanes) in [(split, LANES[0]), (&minted, LANES[2])] {
        let split = program(cast(lanes), listing, Grain::Access);
        shows(&split, "torn-history");
        compare(&split).unwrap();
    }
    // A copy that is stored may bring a torn turn along, or leave it behind.
    let copied =
        IN_PLACE.replace("b()  #@ append H answer", "n()  #@ note answer\n    s()  #@ store H");
    compare(&program(cast(LANES[4]), &copied, Grain::Line)).unwrap();
    compare(&program(cast(LANES[2]), &copied.replace("[session]", ""), Grain::Access)).unwrap();
}
