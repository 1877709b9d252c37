use super::*;
use crate::model::made::{GLOBAL, LOCK, LOCKED, TWO_FUNCTIONS, program, served_by};
use crate::model::program::{Grain, Setting};
use crate::replay::record::Event;

const BY_ACCESS: Setting = Setting {
    grain: Grain::Access,
    limit: None,
    slots: crate::model::server::Slots::Shared,
    workers: None,
    replicas: None,
    routing: crate::model::server::Routing::Sticky,
    idle: None,
};

#[test]
fn a_record_tells_what_was_read_and_written() {
    let program = program(&[1, 1], &GLOBAL, BY_ACCESS);
    let record = Machine::run(&program, &[0, 0, 1, 1]).unwrap();
    let told = record.events().map(|(step, lane, event)| match event {
        Event::Began(turn) => format!("{step} {lane} began {turn}"),
        Event::Read { name, value, .. } => {
            format!("{step} {lane} read {name} {:?}", value.questions())
        }
        Event::Wrote { name, before, value, .. } => {
            let (before, value) = (before.questions(), value.questions());
            format!("{step} {lane} wrote {name} {before:?} {value:?}")
        }
        Event::Replied { turn, said } => {
            format!("{step} {lane} replied {turn} {:?} {:?}", said.basis(), said.text)
        }
        other => format!("{other:?}"),
    });
    let expected = [
        "0 0 began 0",
        "0 0 read HISTORY []",
        "1 0 wrote HISTORY [] [0]",
        r#"1 0 replied 0 [0] "Messages heard so far: 1.""#,
        "2 1 began 1",
        "2 1 read HISTORY [0]",
        "3 1 wrote HISTORY [0] [0, 1]",
        r#"3 1 replied 1 [0, 1] "Messages heard so far: 2.""#,
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    assert_eq!(record.ending, Ending::Complete);
}

/// Between its two turns a lane could go on, and is interrupted in nothing.
#[test]
fn a_switch_between_two_turns_is_no_preemption() {
    let program = program(&[2, 1], &GLOBAL, BY_ACCESS);
    let preempts = |moves: &[LaneId]| {
        let record = Machine::run(&program, moves).unwrap();
        record.steps.iter().map(|step| step.preempts).collect::<Vec<_>>()
    };
    assert_eq!(preempts(&[0, 0, 1, 1, 0, 0]), [false; 6]);
    assert_eq!(preempts(&[0, 1, 1, 0]), [false, true, false, false], "b is through");
    assert_eq!(preempts(&[0, 1, 0, 1]), [false, true, true, false], "a is through with a turn");
}

/// Whoever waits cannot go on, so nothing is taken away from it.
#[test]
fn a_switch_away_from_one_who_waits_is_no_preemption() {
    let program = program(&[1, 1, 1], &LOCKED, BY_ACCESS);
    let record = Machine::run(&program, &[0, 1]);
    assert_eq!(record.err(), Some((1, Blocked::Lock { lock: 0, place: LOCK, holder: 0 })));
    let mut machine = Machine::new(&program);
    machine.step(0).unwrap();
    assert_eq!(machine.movable(), [0]);
    (0..3).for_each(|_| machine.step(0).unwrap());
    assert_eq!((machine.movable(), machine.locks()), (vec![1, 2], &[None][..]));
}

#[test]
fn a_schedule_that_does_not_fit_is_refused_at_its_move() {
    let program = program(&[1, 1], &GLOBAL, BY_ACCESS);
    let moves = [0, 0, 0, 1];
    assert_eq!(Machine::run(&program, &moves).err(), Some((2, Blocked::Finished)));
    assert_eq!(Machine::run(&program, &moves[..2]).unwrap().ending, Ending::Open);
}

#[test]
fn a_chain_is_one_step_at_grain_chain_alone() {
    let ran = |grain, moves: &[LaneId]| {
        let program = program(&[1, 1], &TWO_FUNCTIONS, Setting { grain, ..BY_ACCESS });
        Machine::run(&program, moves).map(|record| record.ending)
    };
    assert_eq!(ran(Grain::Turn, &[0, 1, 0, 1]), Ok(Ending::Complete));
    assert_eq!(ran(Grain::Chain, &[0, 1]), Ok(Ending::Complete));
    assert_eq!(ran(Grain::Chain, &[0, 1, 0]), Err((2, Blocked::Finished)));
}

#[test]
fn each_function_of_gradio_4_has_a_slot_of_its_own() {
    let by_line = Setting { grain: Grain::Line, ..BY_ACCESS };
    let movable = |profile, moves: &[LaneId]| {
        let program = program(&[1, 1, 1], &TWO_FUNCTIONS, served_by(profile, by_line));
        let mut machine = Machine::new(&program);
        moves.iter().for_each(|&lane| machine.step(lane).unwrap());
        machine.movable()
    };
    assert_eq!(movable("gradio-4", &[0, 0, 0]), [0, 1, 2]);
    assert_eq!(movable("gradio-4", &[0, 0, 0, 1]), [0, 1]);
    assert_eq!(movable("gradio-3-queue", &[0, 0, 0]), [0]);
    assert_eq!(movable("gradio-3", &[0, 0, 0, 1]), [0, 1, 2]);
}
