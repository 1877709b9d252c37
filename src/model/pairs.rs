//! Which questions and answers of a list of messages stand together: what sets cannot tell.
//!
//! A list is known as far as this needs it, and no further. For every turn: whether its question
//! is in the list, whether its answer is, and whether its answer stands directly behind its
//! question somewhere. For the end of the list: the question that an answer could still join.
//!
//! ```text
//! alice#1  alice#1:a  bob#1  carol#1  bob#1:a      together alice#1   apart bob#1   asked carol#1
//! ```
//!
//! *Why this is exact.* A list is only ever made longer at its end, by one message, or copied as a
//! whole. What is known of the longer list follows from what is known of the shorter one and from
//! that message alone: a message is there if it was there or is the new one, and the only two
//! messages that can newly stand together are the last one and the new one. So two lists of which
//! the same is known can never be told apart by what becomes of them, whatever else is in them.
//!
//! *Copies.* A message may be in a list twice, as when a lane adds its question to the shared list,
//! loads that, and adds it again. It is enough, then, that one answer stands directly behind one
//! question: a turn is *torn* if both are there and no two of them stand together. So `q q a` and
//! `q a a` are whole, `q x a` and `a q` are torn. Once together, a turn stays together, so nothing
//! else is remembered of it.
//!
//! *What is settled.* Where no message of a turn can come any more, it is decided whether the turn
//! is torn. If it is, the whole list is torn for good, and so is every copy; if not, the turn can be
//! forgotten. [`Pairs::settle`] does both. It is never needed, but merges many states.
//!
//! *Several lists.* Where a session's stored context is several lists, a turn is *split* if its
//! question is in one of them, its answer in another, and nowhere do the two stand together:
//! [`Pairs::split`]. Then a turn that is over is still of interest: [`Pairs::settle_torn`].

use super::TurnId;
use super::context::{Answer, Context};
use super::program::Program;

/// Nobody's question: see [`Pairs::encode`].
const NOBODY: u8 = u8::MAX;

/// What is known of a list; each set has one bit for each turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pairs {
    /// Turns whose question is there, unless they are together.
    asked: u64,
    /// Turns whose answer is there, unless they are together.
    answered: u64,
    /// Turns whose answer stands directly behind their question.
    together: u64,
    /// The turn whose question is the last message, unless it is together.
    last: Option<u8>,
    /// Some turn is torn and stays so; then nothing else is known, or of interest.
    for_good: bool,
}

impl Pairs {
    /// Whether some question and answer of one turn are both there, and nowhere stand together.
    pub fn is_torn(&self) -> bool {
        self.for_good || self.asked & self.answered != 0
    }

    /// The turns that are split over some lists, one bit each; of one that is torn nothing is said.
    pub fn split<'a>(lists: impl Iterator<Item = &'a Pairs>) -> u64 {
        let [asked, answered, together] =
            lists.fold([0; 3], |[asked, answered, together], list| {
                [asked | list.asked, answered | list.answered, together | list.together]
            });
        asked & answered & !together
    }

    /// Forgets what is in a list that is torn for good: only these turns (one bit each) may still
    /// say something.
    pub fn settle_torn(&mut self, open: u64) {
        if self.for_good || self.asked & self.answered & !open != 0 {
            *self = Pairs { for_good: true, ..Pairs::default() };
        }
    }

    /// Forgets what can no longer change.
    pub fn settle(&mut self, open: u64) {
        self.settle_torn(open);
        self.asked &= open;
        self.answered &= open;
        self.together &= open;
        self.last = self.last.filter(|&turn| open & 1 << turn != 0);
    }

    fn ask(&mut self, turn: TurnId) {
        if self.for_good {
            return;
        }
        self.last = None;
        if self.together & 1 << turn == 0 {
            self.asked |= 1 << turn;
            self.last = Some(turn as u8);
        }
    }

    fn answer(&mut self, turn: TurnId) {
        if self.for_good {
            return;
        }
        let bit = 1 << turn;
        if self.last == Some(turn as u8) {
            self.together |= bit;
            self.asked &= !bit;
            self.answered &= !bit;
        } else if self.together & bit == 0 {
            self.answered |= bit;
        }
        self.last = None;
    }
}

impl Context for Pairs {
    const KEEPS_REPLIES: bool = false;

    fn add_question(&mut self, _: &Program, turn: TurnId) {
        self.ask(turn);
    }

    fn add_answer(&mut self, answer: &Answer<Self>) {
        self.answer(answer.turn);
    }

    /// Where a message stands does not depend on what an answer was computed from.
    fn basis(&self) -> Pairs {
        Pairs::default()
    }

    fn encode(&self, program: &Program, key: &mut Vec<u8>) {
        for set in [self.asked, self.answered, self.together] {
            key.extend_from_slice(&set.to_le_bytes()[..set_bytes(program)]);
        }
        key.push(self.last.unwrap_or(NOBODY));
        key.push(u8::from(self.for_good));
    }

    fn decode(program: &Program, key: &mut &[u8]) -> Pairs {
        let mut set = || {
            let mut bytes = [0; 8];
            let (mine, rest) = key.split_at(set_bytes(program));
            bytes[..mine.len()].copy_from_slice(mine);
            *key = rest;
            u64::from_le_bytes(bytes)
        };
        let (asked, answered, together) = (set(), set(), set());
        let mut byte = || key.split_off_first().copied().unwrap_or(NOBODY);
        let last = Some(byte()).filter(|&last| last != NOBODY);
        Pairs { asked, answered, together, last, for_good: byte() == 1 }
    }
}

fn set_bytes(program: &Program) -> usize {
    program.cast.turns.len().div_ceil(8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::op::Part;

    /// `q0 a0 q1`: questions and answers of turns.
    fn read(typed: &str) -> Vec<(Part, TurnId)> {
        let word = |word: &str| match word.split_at(1) {
            ("q", turn) => (Part::Question, turn.parse().unwrap_or(0)),
            (_, turn) => (Part::Answer, turn.parse().unwrap_or(0)),
        };
        typed.split_whitespace().map(word).collect()
    }

    /// What is known of a list, settled before each message if so wished.
    fn pairs(messages: &[(Part, TurnId)], settled: bool) -> Pairs {
        let mut pairs = Pairs::default();
        for (at, &(part, turn)) in messages.iter().enumerate() {
            if settled {
                let to_come = messages[at..].iter();
                pairs.settle(to_come.fold(0, |open, (_, turn)| open | 1 << turn));
            }
            match part {
                Part::Question => pairs.ask(turn),
                Part::Answer => pairs.answer(turn),
            }
        }
        pairs
    }

    #[track_caller]
    fn check(typed: &str, torn: &[TurnId]) {
        let Pairs { asked, answered, .. } = pairs(&read(typed), false);
        let torn = torn.iter().fold(0, |torn, turn| torn | 1 << turn);
        assert_eq!(asked & answered, torn, "{typed}");
    }

    #[test]
    fn a_turn_is_torn_if_both_are_there_and_never_together() {
        check("", &[]);
        check("q0 a0 q1 a1", &[]);
        check("q0 q1 a0", &[0]);
        check("q0 q1 a0 a1", &[0, 1]);
        check("q0 q1 a1 a0", &[0]);
        check("q0 q1", &[]);
        check("a0", &[]);
        check("a0 q0", &[0]);
        check("q0 q0 a0", &[]);
        check("q0 a0 a0", &[]);
        check("q0 a0 q0 q1 a0", &[]);
        check("q0 q1 a0 q0 a0", &[]);
    }

    #[test]
    fn a_turn_is_split_if_its_answer_is_in_another_list() {
        let split = |typed: &[&str]| {
            let lists: Vec<Pairs> = typed.iter().map(|typed| pairs(&read(typed), false)).collect();
            Pairs::split(lists.iter())
        };
        assert_eq!(split(&["q0 q1", "a1"]), 0b10);
        assert_eq!(split(&["q0", "q0 a0", "a0"]), 0, "somewhere together");
        assert_eq!(split(&["q0", "q1 a1"]), 0, "no answer");
        assert_eq!(split(&["a0", "", "q0 q1"]), 0b01, "in whatever order");
    }

    /// Every list of up to six messages, against looking at the list itself.
    #[test]
    fn what_is_known_is_exact() {
        let letters = read("q0 a0 q1 a1");
        for length in 0..=6 {
            for number in 0..4_usize.pow(length) {
                let list: Vec<_> =
                    (0..length).map(|at| letters[number / 4_usize.pow(at) % 4]).collect();
                let is_torn = |turn: &TurnId| {
                    let pair = [(Part::Question, *turn), (Part::Answer, *turn)];
                    let together = list.windows(2).any(|two| two == pair);
                    pair.iter().all(|message| list.contains(message)) && !together
                };
                let torn = (0..2).any(|turn| is_torn(&turn));
                assert_eq!(pairs(&list, false).is_torn(), torn, "{list:?}");
                assert_eq!(pairs(&list, true).is_torn(), torn, "{list:?}, settled");
            }
        }
    }
}
