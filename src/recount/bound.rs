//! How many orders there were if no lane ever had to wait: the bound of a report that is not
//! complete.
//!
//! Counted apart from [`crate::explore::estimate`]: the steps of each lane are those of a run in the
//! plain machine, and (Σk)! / Πk! is put together from its primes, without a division.

use crate::model::program::Program;
use crate::replay::driver::{self, FirstLane};
use crate::replay::machine::Machine;
use num_bigint::BigUint;
use std::iter::successors;

/// The bound for a program.
pub(super) fn orders(program: &Program) -> BigUint {
    let mut machine = Machine::new(program);
    driver::finish(&mut machine, &mut FirstLane);
    let mut steps = vec![0; program.lanes.len()];
    machine.record().steps.iter().for_each(|step| steps[step.lane] += 1);
    multinomial(&steps)
}

fn multinomial(steps: &[usize]) -> BigUint {
    let all = steps.iter().sum();
    let powers = primes(all).map(|prime| {
        let below: usize = steps.iter().map(|&own| in_factorial(own, prime)).sum();
        BigUint::from(prime).pow((in_factorial(all, prime) - below) as u32)
    });
    powers.product()
}

/// How often a prime divides the factorial of a number. (Legendre, 1808.)
fn in_factorial(number: usize, prime: usize) -> usize {
    successors(Some(number / prime), |rest| Some(rest / prime)).take_while(|&rest| rest > 0).sum()
}

fn primes(most: usize) -> impl Iterator<Item = usize> {
    let divided = |number: usize| {
        (2..).take_while(move |by| by * by <= number).any(|by| number.is_multiple_of(by))
    };
    (2..=most).filter(move |&number| !divided(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_of_lanes_that_never_wait_are_multinomial() {
        for (steps, orders) in [
            (&[5, 5][..], 252_u32),
            (&[10, 10], 184_756),
            (&[5, 5, 5], 756_756),
            (&[0, 3], 1),
            (&[1, 2, 3], 60),
            (&[], 1),
        ] {
            assert_eq!(multinomial(steps), BigUint::from(orders), "{steps:?}");
        }
    }
}
