//! Keys of fixed width: whole numbers whose bits are cut into fields.

use std::hash::Hash;

/// A key of fixed width.
pub trait Word: Copy + Eq + Ord + Hash + Send + Sync {
    /// How many bits it has.
    const BITS: u32;

    /// No bit set.
    const ZERO: Self;

    /// The bits of a field.
    fn get(&self, field: BitSpan) -> u64;

    /// Replaces the bits of a field. `value` fits it.
    fn set(&mut self, field: BitSpan, value: u64);

    /// Bits set in both.
    fn and(&self, other: &Self) -> Self;

    /// Bits set in either.
    fn or(&self, other: &Self) -> Self;

    /// Bits set here and not there.
    fn without(&self, other: &Self) -> Self;
}

/// Where a field lies in a key: it never crosses a multiple of 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BitSpan {
    /// The first bit.
    pub at: u32,
    /// How many bits, up to 64.
    pub bits: u32,
}

impl BitSpan {
    /// The field's largest value.
    pub fn ones(self) -> u64 {
        match self.bits {
            64 => u64::MAX,
            bits => (1 << bits) - 1,
        }
    }
}

impl Word for u64 {
    const BITS: u32 = 64;
    const ZERO: Self = 0;

    fn get(&self, field: BitSpan) -> u64 {
        // A field without bits may begin where the key ends.
        self.checked_shr(field.at).unwrap_or(0) & field.ones()
    }

    fn set(&mut self, field: BitSpan, value: u64) {
        if field.bits > 0 {
            *self = *self & !(field.ones() << field.at) | value << field.at;
        }
    }

    fn and(&self, other: &Self) -> Self {
        self & other
    }

    fn or(&self, other: &Self) -> Self {
        self | other
    }

    fn without(&self, other: &Self) -> Self {
        self & !other
    }
}

impl<const WORDS: usize> Word for [u64; WORDS] {
    const BITS: u32 = 64 * WORDS as u32;
    const ZERO: Self = [0; WORDS];

    fn get(&self, field: BitSpan) -> u64 {
        match field.bits {
            0 => 0,
            _ => self[field.at as usize / 64] >> (field.at % 64) & field.ones(),
        }
    }

    fn set(&mut self, field: BitSpan, value: u64) {
        if field.bits > 0 {
            let word = &mut self[field.at as usize / 64];
            let shift = field.at % 64;
            *word = *word & !(field.ones() << shift) | value << shift;
        }
    }

    fn and(&self, other: &Self) -> Self {
        std::array::from_fn(|word| self[word] & other[word])
    }

    fn or(&self, other: &Self) -> Self {
        std::array::from_fn(|word| self[word] | other[word])
    }

    fn without(&self, other: &Self) -> Self {
        std::array::from_fn(|word| self[word] & !other[word])
    }
}
