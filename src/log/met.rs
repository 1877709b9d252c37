//! What was met before in a log: a set that never forgets and stops growing.
//!
//! "No" is certain. "Yes" is certain while the log is short; in one of millions of ids it may be wrong,
//! about once among a thousand. So whoever asks must be on the safe side with "yes".

use super::entry::Id;
use rustc_hash::FxHashSet;

/// So many are kept one by one.
const FEW: usize = 1 << 14;
/// 16 MiB, for more than that. A word holds a few ids.
const WORDS: usize = 1 << 21;
/// Bits that stand for one id, all in one word, so that one look at the memory is enough.
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
        let (word, bits) = place(id);
        self.words[word] |= bits;
    }

    /// Whether it was met.
    pub fn has(&self, id: Id) -> bool {
        if self.words.is_empty() {
            return self.few.contains(&id);
        }
        let (word, bits) = place(id);
        self.words[word] & bits == bits
    }
}

/// Where the bits of an id are. An id is a hash, so its bits are as good as drawn.
fn place(id: Id) -> (usize, u64) {
    let bits = (0..BITS).fold(0, |bits, index| bits | 1 << ((id.0 >> (40 + 6 * index)) & 63));
    (id.0 as usize % WORDS, bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_met_is_never_denied_and_what_was_not_is_seldom_claimed() {
        let mut met = Met::default();
        let id = |number: usize| Id::of(&number.to_string());
        for count in [FEW, 100_000] {
            (0..count).for_each(|number| met.meet(id(number)));
            assert!((0..count).all(|number| met.has(id(number))));
            let wrong = (count..200_000).filter(|number| met.has(id(*number))).count();
            let most = if count == FEW { 0 } else { 20 };
            assert!(wrong <= most, "{wrong} after {count}");
        }
    }
}
