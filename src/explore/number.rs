//! Exact whole numbers that are never wrong: as wide as a graph needs, and checked all the same.

use num_bigint::BigUint;
use num_traits::{One, Zero};

/// A whole number whose operations say so when the result does not fit.
pub trait Number: Clone + Send + Sync {
    /// Nought.
    fn zero() -> Self;
    /// One.
    fn one() -> Self;
    /// Adds another number; `None` if the sum does not fit.
    fn add(&mut self, other: &Self) -> Option<()>;
    /// The product with a small number, or `None` if it does not fit.
    fn times(&self, factor: u64) -> Option<Self>;
    /// The same number, of any size.
    fn big(&self) -> BigUint;
}

impl Number for u128 {
    fn zero() -> Self {
        0
    }

    fn one() -> Self {
        1
    }

    fn add(&mut self, other: &Self) -> Option<()> {
        *self = self.checked_add(*other)?;
        Some(())
    }

    fn times(&self, factor: u64) -> Option<Self> {
        self.checked_mul(u128::from(factor))
    }

    fn big(&self) -> BigUint {
        BigUint::from(*self)
    }
}

/// A number of so many 64-bit words, the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wide<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Number for Wide<WORDS> {
    fn zero() -> Self {
        Wide([0; WORDS])
    }

    fn one() -> Self {
        let mut words = [0; WORDS];
        words[0] = 1;
        Wide(words)
    }

    fn add(&mut self, other: &Self) -> Option<()> {
        let mut carry = false;
        for (word, other) in self.0.iter_mut().zip(other.0) {
            let (sum, over) = word.overflowing_add(other);
            let (sum, over_again) = sum.overflowing_add(u64::from(carry));
            *word = sum;
            carry = over || over_again;
        }
        (!carry).then_some(())
    }

    fn times(&self, factor: u64) -> Option<Self> {
        let mut words = self.0;
        let mut carry = 0;
        for word in &mut words {
            let product = u128::from(*word) * u128::from(factor) + carry;
            *word = product as u64;
            carry = product >> 64;
        }
        (carry == 0).then_some(Wide(words))
    }

    fn big(&self) -> BigUint {
        let bytes: Vec<u8> = self.0.iter().flat_map(|word| word.to_le_bytes()).collect();
        BigUint::from_bytes_le(&bytes)
    }
}

impl Number for BigUint {
    fn zero() -> Self {
        Zero::zero()
    }

    fn one() -> Self {
        One::one()
    }

    fn add(&mut self, other: &Self) -> Option<()> {
        *self += other;
        Some(())
    }

    fn times(&self, factor: u64) -> Option<Self> {
        Some(self * factor)
    }

    fn big(&self) -> BigUint {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Powers of a number, and sums of them, until they do not fit.
    fn powers<N: Number>(factor: u64) -> Vec<BigUint> {
        let mut powers = Vec::new();
        let mut power = Some(N::one());
        while let Some(fits) = power.filter(|_| powers.len() < 100) {
            let mut doubled = fits.clone();
            powers.push(fits.big());
            if doubled.add(&fits).is_some() {
                powers.push(doubled.big());
            }
            power = fits.times(factor);
        }
        powers
    }

    #[test]
    fn wide_numbers_are_right_until_they_do_not_fit() {
        let exact = powers::<BigUint>(u64::MAX - 2);
        for found in [powers::<u128>(u64::MAX - 2), powers::<Wide<2>>(u64::MAX - 2)] {
            assert_eq!(found, exact[..found.len()]);
            // 1 and 2, the factor and its double; its square still fits, but not twice.
            assert_eq!(found.len(), 5);
        }
        let found = powers::<Wide<5>>(u64::MAX - 2);
        assert_eq!(found, exact[..found.len()]);
        assert_eq!(found.len(), 11);
    }

    #[test]
    fn a_sum_that_does_not_fit_is_noticed() {
        let mut largest = Wide([u64::MAX, u64::MAX]);
        assert_eq!(largest.add(&Wide::one()), None);
        let mut fits = Wide([u64::MAX, 0]);
        assert_eq!(fits.add(&Wide::one()), Some(()));
        assert_eq!(fits, Wide([0, 1]));
    }
}
