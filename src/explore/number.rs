//! Exact whole numbers that are never wrong: fast while they fit, and exact when they do not.

use num_bigint::BigUint;
use num_traits::{One, Zero};

/// A whole number whose operations say so when the result does not fit.
pub trait Number: Clone + Send + Sync {
    /// Nought.
    fn zero() -> Self;
    /// One.
    fn one() -> Self;
    /// The sum, or `None` if it does not fit.
    fn plus(&self, other: &Self) -> Option<Self>;
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

    fn plus(&self, other: &Self) -> Option<Self> {
        self.checked_add(*other)
    }

    fn times(&self, factor: u64) -> Option<Self> {
        self.checked_mul(u128::from(factor))
    }

    fn big(&self) -> BigUint {
        BigUint::from(*self)
    }
}

impl Number for BigUint {
    fn zero() -> Self {
        Zero::zero()
    }

    fn one() -> Self {
        One::one()
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        Some(self + other)
    }

    fn times(&self, factor: u64) -> Option<Self> {
        Some(self * factor)
    }

    fn big(&self) -> BigUint {
        self.clone()
    }
}
