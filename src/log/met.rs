//! What was met before in a log: a set that never forgets and stops growing.
//!
//! "No" is certain. "Yes" is certain while the log is short; in one of two million ids it may be wrong once
//! among ten millions, in one of six million once among a hundred thousand. So whoever asks must be on the
//! safe side with "yes".

use super::entry::Id;
use rustc_hash::FxHashSet;

/// So many are kept one by one.
const FEW: usize = 1 << 14;
/// 32 MiB, for more than that; the system gives what is used of it. A word holds a few ids.
const WORDS: usize = 1 << 22;
/// Bits that stand for one id in each of two words, so that two looks at the memory are enough.
const BITS: u32 = 4;

/// The set.
#[derive(Debug, Default)]
pub struct Met {
    few: FxHashSet<Id>,
    words: Vec<u64>,
}

impl Met {
    /// Meets something.
    pub fn meet(&mut self, id: Id) {
        if self.words.is_empty() {
            self.few.insert(id);
            if self.few.len() > FEW {
                self.words = vec![0; WORDS];
                std::mem::take(&mut self.few).into_iter().for_each(|id| self.meet(id));
            }
            return;
        }
        places(id).into_iter().for_each(|(word, bits)| self.words[word] |= bits);
    }

    /// Whether it was met.
    pub fn has(&self, id: Id) -> bool {
        if self.words.is_empty() {
            return self.few.contains(&id);
        }
        places(id).into_iter().all(|(word, bits)| self.words[word] & bits == bits)
    }
}

/// Where the bits of an id are. An id is a hash, so its bits are as good as drawn.
fn places(id: Id) -> [(usize, u64); 2] {
    // The golden ratio, for a second draw.
    let again = id.0.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    [id.0, again ^ (again >> 32)].map(|hash| {
        let bit = |index: u32| 1 << ((hash >> (40 + 6 * index)) & 63);
        (hash as usize % WORDS, (0..BITS).fold(0, |bits, index| bits | bit(index)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_met_is_never_denied_and_what_was_not_is_hardly_ever_claimed() {
        let mut met = Met::default();
        let id = |number: usize| Id::of(&number.to_string());
        for count in [FEW, 500_000] {
            (0..count).for_each(|number| met.meet(id(number)));
            assert!((0..count).all(|number| met.has(id(number))));
            let wrong = (count..600_000).filter(|number| met.has(id(*number))).count();
            assert_eq!(wrong, 0, "after {count}");
        }
    }
}
