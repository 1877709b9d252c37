//! What a lane, a cell or an answer knows: a context, kept only as finely as a question needs.
//!
//! What a lane may do never depends on a context, so every grain of context gives the same
//! interleavings; a coarser one merges more states.

use super::program::Program;
use super::{TurnId, op::Part};

/// Which messages somebody has seen, at some fineness.
pub trait Context: Clone + Default + Eq + Send + Sync {
    /// Whether replies are remembered in the state, so that runs with different replies differ.
    const KEEPS_REPLIES: bool;

    /// Adds the question of a turn.
    fn add_question(&mut self, program: &Program, turn: TurnId);

    /// Adds an answer, and with it everything that the answer is based on.
    fn add_answer(&mut self, answer: &Answer<Self>);

    /// What an answer that is computed from this one keeps of it: by default all.
    fn basis(&self) -> Self {
        self.clone()
    }

    /// Appends an exact encoding to `key`.
    fn encode(&self, program: &Program, key: &mut Vec<u8>);

    /// Reads back what [`Context::encode`] wrote, from the front of `key`.
    fn decode(program: &Program, key: &mut &[u8]) -> Self;

    /// Adds one message of a turn; an answer that is not there yet adds nothing.
    fn add(&mut self, program: &Program, part: Part, turn: TurnId, answer: Option<&Answer<Self>>) {
        match part {
            Part::Question => self.add_question(program, turn),
            Part::Answer => {
                if let Some(answer) = answer {
                    self.add_answer(answer);
                }
            }
        }
    }
}

/// What the assistant said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Answer<C> {
    /// The turn that it was computed for.
    pub turn: TurnId,
    /// The context that it was computed from.
    pub basis: C,
}

/// A set of questions or of users: bit *n* is whatever [`Program::bit`] says. An answer adds its
/// basis, so a fact cannot hide behind an answer that repeats it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mask(pub u64);

impl Context for Mask {
    const KEEPS_REPLIES: bool = false;

    fn add_question(&mut self, program: &Program, turn: TurnId) {
        self.0 |= program.bit(turn);
    }

    fn add_answer(&mut self, answer: &Answer<Self>) {
        self.0 |= answer.basis.0;
    }

    fn encode(&self, program: &Program, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.0.to_le_bytes()[..program.mask_bytes()]);
    }

    fn decode(program: &Program, key: &mut &[u8]) -> Self {
        let mut bytes = [0; 8];
        let (mine, rest) = key.split_at(program.mask_bytes());
        bytes[..mine.len()].copy_from_slice(mine);
        *key = rest;
        Mask(u64::from_le_bytes(bytes))
    }
}

/// The full, ordered sequence of messages: twice the turn, plus one for an answer.
///
/// An answer is named by the turn that it was computed for. That is exact, because the replies,
/// each with its own sequence, are part of the state too.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Messages(pub Vec<u8>);

impl Context for Messages {
    const KEEPS_REPLIES: bool = true;

    fn add_question(&mut self, _: &Program, turn: TurnId) {
        self.0.push((turn as u8) << 1);
    }

    fn add_answer(&mut self, answer: &Answer<Self>) {
        self.0.push(((answer.turn as u8) << 1) | 1);
    }

    fn encode(&self, _: &Program, key: &mut Vec<u8>) {
        key.extend_from_slice(&(self.0.len() as u32).to_le_bytes());
        key.extend_from_slice(&self.0);
    }

    fn decode(_: &Program, key: &mut &[u8]) -> Self {
        let (length, rest) = key.split_at(4);
        let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let (mine, rest) = rest.split_at(length);
        *key = rest;
        Messages(mine.to_vec())
    }
}
