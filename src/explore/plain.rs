//! States by their plain keys: every register, whole bytes, no symmetry.
//!
//! Slow and obviously exact. It serves contexts of any kind, programs whose states do not fit a
//! packed key, and every test that holds packed keys against something.

use super::space::{Move, Moves, Over, Places, Space, Touches, mark};
use super::{Judge, key};
use crate::model::LaneId;
use crate::model::context::Context;
use crate::model::program::Program;
use crate::model::state::State;
use crate::model::step::{Moved, step};
use std::marker::PhantomData;

/// Changes a state into one that has the same future.
pub type Tidy<'a, C> = Box<dyn Fn(&mut State<C>) + Sync + 'a>;

/// States by their plain keys.
pub struct Plain<'a, C> {
    program: &'a Program,
    judge: &'a dyn Judge<C>,
    /// The same program, for each other idle thread that a request can be given to.
    picks: Vec<Program>,
    /// Makes states equal that nothing can tell apart from here on; does nothing by default.
    tidy: Tidy<'a, C>,
    context: PhantomData<fn() -> C>,
}

impl<'a, C: Context> Plain<'a, C> {
    /// The states of a program.
    pub fn new(program: &'a Program, judge: &'a dyn Judge<C>) -> Plain<'a, C> {
        Plain { program, judge, picks: Vec::new(), tidy: Box::new(|_| ()), context: PhantomData }
    }

    /// The same, with states made equal first that differ only in what makes no difference.
    pub fn tidied(self, tidy: Tidy<'a, C>) -> Plain<'a, C> {
        Plain { tidy, ..self }
    }

    /// The same, but any idle thread can take a request, so that one lane can have several moves.
    /// Such a walk tells what can happen, and no number of orders.
    pub fn on_any_thread(self) -> Plain<'a, C> {
        let picked = |thread| self.program.clone().with_idle_picked(thread);
        Plain { picks: (1..self.program.workers()).map(picked).collect(), ..self }
    }

    /// The program, as often as a lane can be given to another idle thread.
    fn programs(&self, state: &State<C>, lane: LaneId) -> impl Iterator<Item = &Program> {
        let picks = state.idle.len().saturating_sub(1);
        let begins = lane < self.program.clients() && !state.is_inside(self.program, lane);
        let others = self.picks.iter().take(if begins { picks } else { 0 });
        std::iter::once(self.program).chain(others)
    }

    fn a_move(
        &self,
        touches: &mut Touches,
        before: &State<C>,
        moved: Moved<C>,
        lane: LaneId,
    ) -> Move<key::Key> {
        let own = &before.lanes[lane];
        let is_client = !self.program.is_daemon(lane);
        Move {
            inside: moved.state.is_inside(self.program, lane),
            to: self.encode(moved.state),
            lane: lane as u8,
            first: is_client && own.turn.is_none() && own.turns_done == 0,
            mark: moved.reply.and_then(|reply| {
                let findings = self.judge.reply(self.program, &reply);
                mark(findings, reply.turn, self.judge.heard(self.program, &reply))
            }),
            touched: touches.number(&moved.touched),
        }
    }

    fn encode(&self, mut state: State<C>) -> key::Key {
        (self.tidy)(&mut state);
        if !self.picks.is_empty() {
            // Any of them may be taken next.
            state.idle.make_contiguous().sort_unstable();
        }
        key::encode(self.program, &state)
    }
}

impl<C: Context> Space for Plain<'_, C> {
    type Key = key::Key;
    type Memo = Touches;

    fn first(&self) -> key::Key {
        key::encode(self.program, &State::<C>::first(self.program))
    }

    fn bytes(&self, key: &key::Key) -> usize {
        // An allocator hands out more than it is asked for: an eighth, or a word.
        key.len() + key.len() / 8 + size_of::<usize>()
    }

    fn memo_bytes(&self, touches: &Touches) -> usize {
        touches.bytes()
    }

    fn moves(&self, touches: &mut Touches, key: &key::Key, moves: &mut Moves<key::Key>) {
        let state = key::decode::<C>(self.program, key);
        moves.moves.clear();
        let complete = state.is_complete(self.program);
        if !complete {
            for lane in 0..self.program.lanes.len() {
                let programs = self.programs(&state, lane);
                let moved = programs.filter_map(|program| step(program, &state, lane).ok());
                moves.moves.extend(moved.map(|moved| self.a_move(touches, &state, moved, lane)));
            }
        }
        let over = moves.moves.is_empty();
        moves.end = over.then(|| Over::new(self.program, self.judge, &state));
    }

    fn independent(&self, touches: &Touches, moves: &Moves<key::Key>, independent: &mut Vec<u64>) {
        touches.independent(&moves.moves, independent);
    }

    fn canonical(&self, key: key::Key, _: &mut Places) -> key::Key {
        key
    }

    fn outcome(&self, key: &key::Key) -> Option<Box<[u8]>> {
        C::KEEPS_REPLIES.then(|| {
            let state = key::decode::<C>(self.program, key);
            key::replies(self.program, &state.replies)
        })
    }
}
