use super::*;
use crate::model::context::Mask;
use crate::model::made::{
    GLOBAL, HISTORY, LOCK, LOCKED, TWO_FUNCTIONS, cast, code, program, served_by,
};
use crate::model::op::Part;
use crate::model::program::Setting;

fn at(grain: Grain) -> Setting {
    Setting { grain, ..Setting::default() }
}

/// Moves these lanes from the start; gives the last step.
#[track_caller]
fn run(program: &Program, lanes: &[LaneId]) -> Moved<Mask> {
    let start = Moved { state: State::first(program), reply: None, touched: Vec::new() };
    lanes.iter().fold(start, |moved, &lane| step(program, &moved.state, lane).unwrap())
}

#[test]
fn a_step_is_as_long_as_its_grain() {
    for (grain, steps) in
        [(Grain::Line, 4), (Grain::Access, 2), (Grain::Await, 2), (Grain::Turn, 1)]
    {
        let program = program(&[1], &GLOBAL, at(grain));
        let moved = run(&program, &vec![0; steps]);
        assert!(moved.state.is_complete(&program), "{grain:?}");
        assert_eq!(moved.reply.map(|reply| reply.turn), Some(0), "{grain:?}: in its last step");
        assert!(!run(&program, &vec![0; steps - 1]).state.is_complete(&program), "{grain:?}");
    }
}

/// b copies the list before a stores, and stores after it: nothing of a's message is left.
#[test]
fn a_store_replaces_what_was_stored_since_the_copy() {
    let program = program(&[1, 1, 1], &GLOBAL, at(Grain::Access));
    let basis = |lanes: &[LaneId]| run(&program, lanes).reply.unwrap().answer.basis;
    assert_eq!(basis(&[0, 0]), Mask(0b001), "alone");
    assert_eq!(basis(&[0, 0, 1, 1]), Mask(0b011), "one after the other");
    assert_eq!(basis(&[0, 1, 0, 1, 2, 2]), Mask(0b110), "at once, and c later");
}

#[test]
fn who_wants_a_lock_that_is_held_waits_for_its_holder() {
    let program = program(&[1, 1], &LOCKED, at(Grain::Access));
    let held = run(&program, &[0]).state;
    assert_eq!(held.locks, [Some(0)]);
    let waits = Blocked::Lock { lock: 0, place: LOCK, holder: 0 };
    assert_eq!(step(&program, &held, 1).err(), Some(waits));
    let free = run(&program, &[0; 4]).state;
    assert_eq!(free.locks, [None]);
    assert_eq!(step(&program, &free, 0).err(), Some(Blocked::Finished));
    assert!(step(&program, &free, 1).is_ok());
}

/// On one event loop whoever waits for an ordinary lock lets nobody go on.
#[test]
fn an_ordinary_lock_can_stop_the_event_loop() {
    let mut stops = program(&[1, 1], &LOCKED, at(Grain::Await));
    let frozen = run(&stops, &[0, 1]).state;
    assert_eq!(frozen.frozen_by, Some(1));
    assert_eq!(step(&stops, &frozen, 0).err(), Some(Blocked::Frozen { by: 1 }));
    stops.code.places[LOCK].is_async = true;
    let waiting = run(&stops, &[0]).state;
    assert!(matches!(step(&stops, &waiting, 1).err(), Some(Blocked::Lock { .. })));
    assert!(step(&stops, &waiting, 0).is_ok());
}

/// a is through with the first function. Gradio 4 lets b enter it while a is in the second one, and
/// c into none of them; one queue for all lets nobody in.
#[test]
fn each_function_of_gradio_4_has_a_slot_of_its_own() {
    let of = |profile| {
        let setting = served_by(profile, at(Grain::Line));
        program(&[1, 1, 1], &TWO_FUNCTIONS, setting)
    };
    let full = Some(Blocked::Full { limit: 1 });
    let four = of("gradio-4");
    let in_both = run(&four, &[0, 0, 0, 1]).state;
    assert_eq!(in_both.inside(&four).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(step(&four, &in_both, 2).err(), full);
    let queue = of("gradio-3-queue");
    let in_second = run(&queue, &[0, 0, 0]).state;
    assert_eq!(step(&queue, &in_second, 1).err(), full);
    assert!(step(&of("gradio-3"), &in_both, 2).is_ok(), "no queue");
}

/// b's request ends where it waits, without a reply, and counts as cancelled from then on: at the
/// assistant alone, in the middle of a line, at every grain.
#[test]
fn a_request_is_cancelled_only_where_it_waits() {
    let fault = 2;
    let not_now = Some(Blocked::NothingToCancel);
    for (grain, before) in [(Grain::Line, 2), (Grain::Access, 1), (Grain::Await, 1)] {
        let (mut cast, mut code) = (cast(&[1, 1]), code(&GLOBAL));
        cast.cancels = vec![1];
        code.is_async = true;
        let program = Program::new(cast, code, at(grain)).unwrap();
        let after = |steps: usize| run(&program, &vec![1; steps]).state;
        for steps in (0..=before + 1).filter(|&steps| steps != before) {
            assert_eq!(step(&program, &after(steps), fault).err(), not_now, "{grain:?} {steps}");
        }
        let cancelled = step(&program, &after(before), fault).unwrap();
        assert!(cancelled.state.is_finished(&program, 1) && cancelled.reply.is_none());
        assert_eq!((cancelled.state.answered, cancelled.state.cancelled(&program)), (0, 0b10));
    }
}

/// Who waits for a lock of the event loop can be cancelled, and who can have it at once cannot.
#[test]
fn a_request_that_waits_for_an_async_lock_can_be_cancelled() {
    let lines: [&[Op]; 5] = [
        &[Op::Append(HISTORY, Part::Question)],
        &[Op::Acquire(LOCK)],
        &[Op::Infer],
        &[Op::Release(LOCK)],
        &[Op::Reply],
    ];
    let (mut cast, mut code) = (cast(&[1, 1]), code(&lines));
    cast.cancels = vec![1];
    code.is_async = true;
    code.places[LOCK].is_async = true;
    code.respond.lines[1].cancelled = Some(Vec::new());
    let program = Program::new(cast, code, at(Grain::Await)).unwrap();
    let fault = 2;
    let waits = run(&program, &[0, 1]).state;
    assert_eq!((waits.locks[0], waits.lanes[1].line), (Some(0), 1));
    let cancelled = step(&program, &waits, fault).unwrap().state;
    assert!(cancelled.is_finished(&program, 1) && cancelled.locks == [Some(0)]);
    let free = run(&program, &[0, 1, 0]).state;
    assert_eq!(step(&program, &free, fault).err(), Some(Blocked::NothingToCancel));
}
