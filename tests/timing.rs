//! Virtual time: cases that can be calculated by hand, laws that hold for every run, and the real
//! threads of the twins.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use common::random::{LANES, listing, server};
use common::{cast, program, users};
use interleak::listing::Listing;
use interleak::model::cast::Cast;
use interleak::model::context::Mask;
use interleak::model::program::{Grain, Program, Setting};
use interleak::model::server::Slots;
use interleak::model::state::State;
use interleak::model::step::step;
use interleak::platform::{Arc, Log, Real, pause};
use interleak::replay::record::Said;
use interleak::strategy;
use interleak::timing::{Timed, run};
use interleak::twins::play::Play;
use interleak::twins::stage::{Request, Stage};
use interleak::twins::{self, Twin};
use num_rational::Ratio;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Two clicks of one session, and another user, all at the same moment.
const CLASS: &str = r#"{"user":"a","name":"p","says":[{"text":"x"}]},{"user":"a","name":"q","says":[{"text":"y"}]},{"user":"b","says":[{"text":"z"}]}"#;

/// Two functions that both ask the assistant.
const TWO_FUNCTIONS: &str = "H = []  #@ shared H\ndef respond(question, session):\n    h = list(H)  #@ load H\n    assistant(h)  #@ infer\n    t()  #@ then\n    h = list(H)  #@ load H\n    a = assistant(h)  #@ infer\n    return a  #@ reply\n";

/// So many users of one turn, the second one half a second later, and so on.
fn staggered(users: u64) -> Cast {
    let lane = |user| {
        let at = user * 500;
        format!("{{\"user\":\"u{user}\",\"says\":[{{\"text\":\"{user}\",\"at_ms\":{at}}}]}}")
    };
    cast(&(0..users).map(lane).collect::<Vec<_>>().join(","))
}

fn shipped(name: &str, cast: Cast, setting: Setting) -> Program {
    let shipped = strategy::named(name).unwrap();
    let code = Listing::parse(name, shipped.listing).unwrap().code;
    Program::new(cast, code, setting).unwrap()
}

fn limited(limit: usize, slots: Slots) -> Setting {
    Setting { limit: Some(limit), slots, ..Setting::default() }
}

/// The reply times in thousandths of a second, turn by turn; `None` for a reply that never comes.
fn times(program: &Program) -> Vec<Option<u64>> {
    run(program).turns.iter().map(|turn| turn.reply_ms()).collect()
}

#[track_caller]
fn check(name: &str, cast: Cast, setting: Setting, expected: &[u64]) {
    let expected: Vec<Option<u64>> = expected.iter().copied().map(Some).collect();
    assert_eq!(times(&shipped(name, cast, setting)), expected, "{name}");
}

#[test]
fn who_shares_no_lock_waits_for_nobody() {
    for name in ["global", "session-map", "current-user", "gr-state", "context-variable"] {
        check(name, users(3, 1), Setting::default(), &[1000; 3]);
    }
    check("session-map", users(2, 2), Setting::default(), &[1000; 4]);
}

#[test]
fn one_lock_for_all_makes_a_queue_of_all() {
    for name in ["locked-global", "locked", "queue-global"] {
        check(name, users(3, 1), Setting::default(), &[1000, 2000, 3000]);
    }
    check("actor-shared-slot", users(3, 1), Setting::default(), &[1000, 2000, 3000]);
    // The narrow locks are free while the assistant thinks.
    check("narrow-lock", users(3, 1), Setting::default(), &[1000; 3]);
}

#[test]
fn a_lock_or_a_worker_for_each_session_makes_only_that_session_wait() {
    for name in ["session-lock", "actor", "wrong-lock", "store-swap"] {
        check(name, cast(CLASS), Setting::default(), &[1000, 2000, 1000]);
    }
}

/// b comes while a is answered: it waits for the half second that is left, then for its own.
#[test]
fn who_comes_later_waits_for_less() {
    check("locked", staggered(3), Setting::default(), &[1000, 1500, 2000]);
    check("session-map", staggered(3), Setting::default(), &[1000; 3]);
}

#[test]
fn who_waits_longest_is_served_first() {
    // a's second request comes behind b's first and c's first.
    check("locked", users(3, 2), Setting::default(), &[1000, 3000, 2000, 3000, 3000, 3000]);
}

#[test]
fn a_limit_serves_in_groups() {
    let two = limited(2, Slots::Shared);
    check("session-map", users(5, 1), two, &[1000, 1000, 2000, 2000, 3000]);
    check("session-map", users(3, 1), limited(1, Slots::Shared), &[1000, 2000, 3000]);
    let workers = Setting { workers: Some(2), ..Setting::default() };
    check("session-map", users(3, 1), workers, &[1000, 1000, 2000]);
}

/// Three clicks and b with two places: the first click has one, the second one waits in the other
/// for the lock, the third one and b wait for a place.
#[test]
fn who_waits_for_a_lock_keeps_its_place() {
    let lanes = r#"{"user":"a","name":"p","says":[{"text":"x"}]},{"user":"a","name":"q","says":[{"text":"y"}]},{"user":"a","name":"r","says":[{"text":"z"}]},{"user":"b","says":[{"text":"w","at_ms":500}]}"#;
    let workers = Setting { workers: Some(2), ..Setting::default() };
    for setting in [limited(2, Slots::Shared), workers] {
        for name in ["session-lock", "actor"] {
            check(name, cast(lanes), setting, &[1000, 2000, 3000, 2500]);
        }
    }
}

/// a's second request is sent when a has the reply, at the moment of b's first one: b, who has run
/// nothing so far, goes first, whichever lane it is.
#[test]
fn at_one_moment_the_lane_that_ran_longest_ago_goes_first() {
    let lanes = r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"z","at_ms":1000}]}"#;
    check("session-map", cast(lanes), limited(1, Slots::Shared), &[1000, 2000, 1000]);
    let other = r#"{"user":"b","says":[{"text":"x","at_ms":1000}]},{"user":"a","says":[{"text":"y"},{"text":"z","at_ms":1000}]}"#;
    check("session-map", cast(other), limited(1, Slots::Shared), &[1000, 1000, 2000]);
}

/// Two functions that both ask the assistant: with a queue for each they are a belt, with one
/// queue for both the second function of a waits behind the first one of b.
#[test]
fn each_function_has_a_queue_of_its_own() {
    let timed = |slots| {
        let mut program = program(users(2, 1), TWO_FUNCTIONS, Grain::Access);
        program.setting = limited(1, slots);
        times(&program)
    };
    assert_eq!(timed(Slots::PerFunction), [Some(2000), Some(3000)]);
    assert_eq!(timed(Slots::Shared), [Some(3000), Some(4000)]);
}

#[test]
fn a_line_that_asks_and_replies_holds_its_slot_while_it_thinks() {
    let listing = "def respond(question, session):\n    return assistant([question])  #@ note question, infer, reply\n";
    let mut program = program(users(2, 1), listing, Grain::Access);
    program.setting = limited(1, Slots::Shared);
    assert_eq!(times(&program), [Some(1000), Some(2000)]);
}

#[test]
fn a_hit_in_the_cache_takes_no_time() {
    let lanes = r#"{"user":"a","says":[{"text":"x"},{"text":"x"},{"text":"y"}]}"#;
    check("cache-by-session", cast(lanes), Setting::default(), &[1000, 0, 1000]);
}

/// Two lines that go on behind their thinking are split; the jump behind them still leads to the
/// reply.
#[test]
fn jumps_lead_to_the_same_lines() {
    let listing = "C = {}  #@ shared C[question]\ndef respond(question, session):\n    a = f()  #@ note question, infer, note answer\n    a = f()  #@ infer, note answer\n    a = C.get(question)  #@ lookup C\n    if a is None:  #@ unless found\n        a = f()  #@ infer\n        C[question] = a  #@ save C\n    return a  #@ reply\n";
    let lanes = r#"{"user":"a","says":[{"text":"x"},{"text":"x"}]}"#;
    let program = program(cast(lanes), listing, Grain::Access);
    assert_eq!(times(&program), [Some(3000), Some(2000)]);
}

/// A turn that ends without a reply has no time, and the lane goes on with its next one.
#[test]
fn no_reply_has_no_time() {
    let listing = "C = {}  #@ shared C[question]\ndef respond(question, session):\n    a = C.get(question)  #@ lookup C\n    if a is None:  #@ unless found\n        a = f()  #@ note question, infer\n        C[question] = a  #@ save C\n        return a  #@ reply\n";
    let lanes = r#"{"user":"a","says":[{"text":"x"},{"text":"x"},{"text":"y"}]}"#;
    let program = program(cast(lanes), listing, Grain::Access);
    assert_eq!(times(&program), [Some(1000), None, Some(1000)]);
    assert_eq!(run(&program).never(), 1);
}

#[test]
fn the_assistant_thinks_as_long_as_the_scenario_says() {
    let mut cast = users(2, 1);
    cast.infer_ms = 70;
    check("locked", cast.clone(), Setting::default(), &[70, 140]);
    cast.infer_ms = 0;
    check("locked", cast, Setting::default(), &[0, 0]);
}

#[test]
fn at_grain_turn_one_request_is_worked_on_at_a_time() {
    let turns = Setting { grain: Grain::Turn, ..Setting::default() };
    check("session-map", users(3, 1), turns, &[1000, 2000, 3000]);
}

/// Also where each function has a queue of its own.
#[test]
fn at_grain_turn_two_functions_are_not_worked_on_at_once() {
    let mut program = program(users(2, 1), TWO_FUNCTIONS, Grain::Turn);
    program.setting.slots = Slots::PerFunction;
    assert_eq!(times(&program), [Some(3000), Some(4000)]);
}

#[test]
fn at_grain_chain_one_chain_is_worked_on_at_a_time() {
    let program = program(users(2, 1), TWO_FUNCTIONS, Grain::Chain);
    assert_eq!(times(&program), [Some(2000), Some(4000)]);
}

/// On one event loop whoever waits for an ordinary lock keeps the loop; an async lock gives it
/// back.
#[test]
fn on_one_event_loop_a_lock_can_stop_everybody() {
    let loop_ = Setting { grain: Grain::Await, ..Setting::default() };
    assert_eq!(times(&shipped("locked", users(2, 1), loop_)), [None, None]);
    assert_eq!(times(&shipped("locked", users(1, 2), loop_)), [Some(1000); 2]);
    check("session-map", users(3, 1), loop_, &[1000; 3]);
    let listing = strategy::named("locked").unwrap().listing;
    let listing = listing.replace("#@ lock LOCK", "#@ lock LOCK async");
    let program = program(users(2, 1), &listing, Grain::Await);
    assert_eq!(times(&program), [Some(1000), Some(2000)]);
}

/// The loop does not count threads.
#[test]
fn on_one_event_loop_there_are_no_threads_to_wait_for() {
    let one = Setting { grain: Grain::Await, workers: Some(1), ..Setting::default() };
    check("session-map", users(3, 1), one, &[1000; 3]);
}

/// b is sent just when a comes back from thinking. On one event loop b keeps the loop until it has
/// the lock; with threads a is at the lock before b is.
#[test]
fn a_lane_keeps_the_event_loop_until_it_waits() {
    let listing = "T = 0  #@ lock T async\nH = []  #@ shared H\ndef respond(question, session):\n    h = list(H)  #@ load H\n    T.acquire()  #@ acquire T\n    assistant(h)  #@ infer\n    T.release()  #@ release T\n    assistant(h)  #@ infer\n    T.acquire()  #@ acquire T\n    a = assistant(h)  #@ infer\n    T.release()  #@ release T\n    return a  #@ reply\n";
    let lanes =
        r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y","at_ms":2000}]}"#;
    let timed = |grain| times(&program(cast(lanes), listing, grain));
    assert_eq!(timed(Grain::Await), [Some(4000), Some(3000)]);
    assert_eq!(timed(Grain::Access), [Some(3000), Some(4000)]);
}

#[test]
fn who_waits_for_ever_has_no_time() {
    let listing = "A = 0  #@ lock A\nH = []  #@ shared H\ndef respond(question, session):\n    A.acquire()  #@ acquire A\n    h = list(H)  #@ load H\n    a = assistant(h)  #@ infer\n    return a  #@ reply\n";
    let program = program(users(2, 2), listing, Grain::Access);
    let timed = run(&program);
    assert_eq!(times(&program), [Some(1000), None, None, None]);
    assert_eq!((timed.never(), timed.mean_ms(), timed.worst_ms()), (3, None, None));
    assert_eq!(timed.turns[3].sent_ms, None, "the turn before it has no reply");
}

#[test]
fn mean_and_worst() {
    let timed = run(&shipped("session-lock", cast(CLASS), Setting::default()));
    assert_eq!(timed.mean_ms(), Some(Ratio::new(4000, 3)));
    assert_eq!(timed.worst_ms(), Some(2000));
}

/// A state of the run and when it was entered.
type Moment = (u64, State<Mask>);

/// The lines of a run, stepped again: every one must be a step that the program allows.
fn moments(timed: &Timed) -> Vec<Moment> {
    let mut moments = vec![(0, State::first(&timed.program))];
    for &(at_ms, lane) in &timed.lines {
        let moved = step(&timed.program, &moments.last().unwrap().1, lane);
        moments.push((at_ms, moved.unwrap_or_else(|why| panic!("{why:?}")).state));
    }
    moments
}

/// How many requests are sent and not answered, in a state at some moment.
fn waiting(timed: &Timed, at_ms: u64, state: &State<Mask>) -> u64 {
    let sent = |turn: &usize| timed.turns[*turn].sent_ms.is_some_and(|sent_ms| sent_ms <= at_ms);
    let cast = &timed.program.cast;
    let ended = |turn: usize| {
        let (lane, number) = (cast.turns[turn].lane, cast.turns[turn].number);
        state.lanes[lane].turns_done >= number
    };
    (0..cast.turns.len()).filter(|turn| sent(turn) && !ended(*turn)).count() as u64
}

/// Little's law (J. D. C. Little 1961): the mean number of waiting requests is the rate at which
/// they come times their mean time. Counted here from the states, second for second, and
/// multiplied by the length of the run.
fn little(timed: &Timed) -> (u64, u64) {
    let moments = moments(timed);
    let end = moments.last().unwrap().0;
    let mut area = 0;
    let mut at = 0;
    for now in 0..end {
        while at + 1 < moments.len() && moments[at + 1].0 <= now {
            at += 1;
        }
        area += waiting(timed, now, &moments[at].1);
    }
    let times = timed.turns.iter().map(|turn| turn.reply_ms().unwrap());
    (area, times.sum())
}

#[test]
fn littles_law_holds_for_every_shipped_strategy() {
    for shipped_one in strategy::STRATEGIES {
        let mut cast = cast(CLASS);
        cast.infer_ms = 7;
        cast.turns[1].at_ms = 3;
        let timed = run(&shipped(shipped_one.name, cast, Setting::default()));
        let (area, times) = little(&timed);
        assert_eq!(area, times, "{}", shipped_one.name);
        assert!(times >= 21, "{}: everybody asked the assistant", shipped_one.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Of every random program: each line is a step that the program allows, time never goes back,
    /// the limit holds, and Little's law, with requests that come at random moments.
    #[test]
    fn laws_of_every_run(
        listing in listing(),
        lanes in prop::sample::select(&LANES[..]),
        setting in server(),
        grain in prop::sample::select(&Grain::ALL[..]),
        at in prop::collection::vec(0..30_u64, 6),
        infer_ms in 0..20_u64,
    ) {
        let mut cast = cast(lanes);
        cast.infer_ms = infer_ms;
        for (turn, at_ms) in cast.turns.iter_mut().zip(at) {
            turn.at_ms = at_ms;
        }
        let code = Listing::parse("random.py", &listing).unwrap().code;
        let built = Program::new(cast, code, Setting { grain, ..setting });
        prop_assume!(built.is_ok());
        let timed = run(&built.unwrap());
        prop_assert!(timed.lines.is_sorted_by_key(|(at_ms, _)| *at_ms));
        for (_, state) in moments(&timed) {
            let inside = state.inside(&timed.program).count();
            let shared = timed.program.setting.slots == Slots::Shared;
            let limit = timed.program.setting.limit.filter(|_| shared);
            prop_assert!(inside <= limit.unwrap_or(usize::MAX));
        }
        if timed.never() == 0 {
            let (area, times) = little(&timed);
            prop_assert_eq!(area, times);
        }
    }
}

/// A twin with a watch.
struct Watched {
    twin: Box<dyn Twin<Real>>,
    times: Arc<Log<Duration>>,
}

impl Twin<Real> for Watched {
    fn respond(&self, request: &Request) -> Said {
        let sent = Instant::now();
        let said = self.twin.respond(request);
        self.times.push(sent.elapsed());
        said
    }

    fn stop(&self) {
        self.twin.stop();
    }
}

/// The mean reply time of a twin whose assistant really thinks, in milliseconds.
fn measured_ms(name: &str, program: &Program) -> f64 {
    let thinks = Duration::from_millis(program.cast.infer_ms);
    let times = Arc::new(Log::default());
    let play =
        Play { program, thinks: Arc::new(move |_| pause(thinks)), hesitates: Arc::new(|_| ()) };
    let open = twins::opener::<Real>(name).unwrap();
    let watched = |stage: Stage<Real>| {
        Box::new(Watched { twin: open(stage), times: Arc::clone(&times) }) as Box<dyn Twin<Real>>
    };
    play.once(watched).unwrap_or_else(|drift| panic!("{drift}"));
    let times = times.take();
    times.iter().map(Duration::as_secs_f64).sum::<f64>() * 1000.0 / times.len() as f64
}

/// How far above virtual time real threads may be: they also start, wake up and run lines. Of up
/// to so many runs the fastest counts, so that a busy machine does not decide.
const TOLERANCE: f64 = 1.25;
const RUNS_MAX: usize = 40;

/// Every twin on real threads takes as long as virtual time says, and so their order is the same.
#[test]
fn real_threads_take_as_long() {
    let mut cast = cast(CLASS);
    cast.infer_ms = 20;
    let mut both = Vec::new();
    for shipped_one in strategy::STRATEGIES {
        let name = shipped_one.name;
        if twins::opener::<Real>(name).is_none() {
            continue;
        }
        let program = shipped(name, cast.clone(), Setting::default());
        let mean = run(&program).mean_ms().unwrap();
        let expected = *mean.numer() as f64 / *mean.denom() as f64;
        let mut fastest = f64::INFINITY;
        for _ in 0..RUNS_MAX {
            fastest = fastest.min(measured_ms(name, &program));
            if fastest <= expected * TOLERANCE {
                break;
            }
        }
        // Threads do not start at the very same moment, so a wait may be a little shorter.
        assert!(fastest > expected * 0.9, "{name}: {fastest} ms, virtually {expected}");
        assert!(fastest <= expected * TOLERANCE, "{name}: {fastest} ms, virtually {expected}");
        both.push((expected, fastest, name));
    }
    assert!(both.len() > 15, "the twins were found");
    for (expected, measured, name) in &both {
        for (more, longer, other) in both.iter().filter(|(more, _, _)| *more > expected * 1.3) {
            assert!(measured < longer, "{name} {expected} {measured}, {other} {more} {longer}");
        }
    }
}
