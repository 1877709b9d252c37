use super::*;
use crate::explore::Judge;
use crate::explore::fate::fates;
use crate::explore::plain::Plain;
use crate::explore::walk::{Limits, Wanted, walk};
use crate::model::context::Mask;
use crate::model::made::{GLOBAL, program};
use crate::model::program::{Grain, Program, Setting};
use crate::model::state::State;
use crate::model::step::Reply;

/// A reply is based on a question of somebody else.
const LEAK: Findings = 1;
/// At the end a question is not in the list: somebody stored an older copy over it.
const LOST: Findings = 2;

struct Leaks;

impl Judge<Mask> for Leaks {
    fn reply(&self, program: &Program, reply: &Reply<Mask>) -> Findings {
        let user = program.cast.user_of(reply.turn);
        let own = program.bits(|turn| program.cast.user_of(turn) == user);
        if reply.answer.basis.0 & !own == 0 { 0 } else { LEAK }
    }

    fn end(&self, program: &Program, state: &State<Mask>, _: bool) -> Findings {
        use crate::model::state::Cell::Messages;
        match state.cells[..] {
            [Messages(Mask(kept))] if kept != program.bits(|_| true) => LOST,
            _ => 0,
        }
    }
}

/// The simplest order with a finding and the fewest preemptions, searched for, and told by the pass
/// over the whole graph.
#[track_caller]
fn simplest(turns: &[usize], finding: Findings) -> (Witness, u64) {
    let grain = Grain::Access;
    let program = program(turns, &GLOBAL, Setting { grain, ..Setting::default() });
    let space = Plain::<Mask>::new(&program, &Leaks);
    let graph = walk(&space, &Wanted::within(Limits::new(10_000, 1 << 30))).graph;
    let fates = fates(&graph);
    let [searched, told] = [usize::MAX, 0].map(|bytes_max| {
        let search = Search { space: &space, graph: &graph, fates: &fates, bytes_max };
        (search.witness(finding).unwrap(), search.preemptions(finding).unwrap())
    });
    assert_eq!(searched, told);
    searched
}

/// a could go on with a second turn, but is in none: that is a switch, and no more.
#[test]
fn a_switch_between_two_turns_is_no_preemption() {
    let (witness, fewest) = simplest(&[2, 2], LEAK);
    assert_eq!(witness.moves, [0, 0, 1, 1]);
    assert_eq!(witness.cost, Cost { lanes: 2, preemptions: 0, switches: 1, steps: 4 });
    assert_eq!(fewest, 0);
}

#[test]
fn a_switch_inside_of_a_turn_is_a_preemption() {
    let (witness, fewest) = simplest(&[1, 1], LOST);
    assert_eq!(witness.moves, [0, 1, 1, 0]);
    assert_eq!(witness.cost, Cost { lanes: 2, preemptions: 1, switches: 2, steps: 4 });
    assert_eq!(fewest, 1);
}

/// Both have copied the empty list: whoever stores first is lost.
#[test]
fn an_order_is_lost_from_the_step_that_leaves_no_way_out() {
    assert_eq!(simplest(&[1, 1], LOST).0.lost_from, 2);
    // a is through and has stored its message: b can only read it.
    assert_eq!(simplest(&[1, 1], LEAK).0.lost_from, 2);
}
