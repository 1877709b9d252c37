//! States by their plain keys: every register, whole bytes, no symmetry.
//!
//! Slow and obviously exact. It serves contexts of any kind, programs whose states do not fit a
//! packed key, and every test that holds packed keys against something.

use super::space::{Move, Moves, Over, Places, Space, Touches, mark};
use super::{Judge, key};
use crate::model::context::Context;
use crate::model::program::Program;
use crate::model::state::State;
use crate::model::step::step;
use std::marker::PhantomData;

/// Changes a state into one that has the same future.
pub type Tidy<'a, C> = Box<dyn Fn(&mut State<C>) + Sync + 'a>;

/// States by their plain keys.
pub struct Plain<'a, C> {
    program: &'a Program,
    judge: &'a dyn Judge<C>,
    /// Makes states equal that nothing can tell apart from here on; does nothing by default.
    tidy: Tidy<'a, C>,
    context: PhantomData<fn() -> C>,
}

impl<'a, C: Context> Plain<'a, C> {
    /// The states of a program.
    pub fn new(program: &'a Program, judge: &'a dyn Judge<C>) -> Plain<'a, C> {
        Plain { program, judge, tidy: Box::new(|_| ()), context: PhantomData }
    }

    /// The same, with states made equal first that differ only in what makes no difference.
    pub fn tidied(self, tidy: Tidy<'a, C>) -> Plain<'a, C> {
        Plain { tidy, ..self }
    }

    fn encode(&self, mut state: State<C>) -> key::Key {
        (self.tidy)(&mut state);
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
            let lanes = 0..self.program.lanes.len();
            moves.moves.extend(lanes.filter_map(|lane| {
                let moved = step(self.program, &state, lane).ok()?;
                let before = &state.lanes[lane];
                let is_client = !self.program.is_daemon(lane);
                Some(Move {
                    inside: moved.state.is_inside(self.program, lane),
                    to: self.encode(moved.state),
                    lane: lane as u8,
                    first: is_client && before.turn.is_none() && before.turns_done == 0,
                    mark: moved.reply.and_then(|reply| {
                        let findings = self.judge.reply(self.program, &reply);
                        mark(findings, reply.turn, self.judge.heard(self.program, &reply))
                    }),
                    touched: touches.number(&moved.touched),
                })
            }));
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
