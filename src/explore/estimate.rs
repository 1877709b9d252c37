//! What can be known before a walk: how long the lanes are, and so how many orders there can be.
//!
//! One run, the first lane that can move always first, tells the steps of each lane. If no lane
//! ever had to wait, there were (Σk)! / Πk! orders of lanes with k steps, and Π(k + 1) positions
//! of all lanes together, each of them at least one state.

use crate::model::context::Mask;
use crate::model::program::Program;
use crate::model::state::State;
use crate::model::step::step;
use num_bigint::BigUint;

/// A run with more steps than this is not followed to its end.
const STEPS_MAX: usize = 1 << 20;

/// What can be known before a walk.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// The steps of each lane, in one run.
    pub steps: Vec<usize>,
    /// How many orders there were if no lane ever had to wait.
    pub orders: BigUint,
    /// How many positions of all lanes together there were.
    pub positions: BigUint,
    /// For each number of steps, the share of the positions that are not beyond it.
    shares: Vec<f64>,
}

impl Estimate {
    /// Runs a program once.
    pub fn new(program: &Program) -> Estimate {
        let mut state = State::<Mask>::first(program);
        let mut steps = vec![0; program.lanes.len()];
        for _ in 0..STEPS_MAX {
            let complete = state.is_complete(program);
            let mut lanes = 0..if complete { 0 } else { program.lanes.len() };
            let moved = lanes.find_map(|lane| Some((lane, step(program, &state, lane).ok()?)));
            let Some((lane, moved)) = moved else { break };
            steps[lane] += 1;
            state = moved.state;
        }
        let positions = steps.iter().map(|&steps| BigUint::from(steps + 1)).product();
        Estimate { orders: multinomial(&steps), positions, shares: shares(&steps), steps }
    }

    /// The steps of all lanes together.
    pub fn depth(&self) -> usize {
        self.steps.iter().sum()
    }

    /// How much of the positions lies at or before this many steps, from 0 to 1.
    pub fn share(&self, steps: usize) -> f64 {
        self.shares.get(steps).copied().unwrap_or(1.0)
    }
}

fn multinomial(steps: &[usize]) -> BigUint {
    let mut orders = BigUint::from(1_u32);
    let mut all = 0_usize;
    for &own in steps {
        // One more step of this lane among all that are there already: C(all, own) ways.
        for step in 1..=own {
            all += 1;
            orders = orders * all / step;
        }
    }
    orders
}

/// The positions after each number of steps, added up: how many ways there are to write the
/// number as a sum of one position for each lane.
fn shares(steps: &[usize]) -> Vec<f64> {
    let mut ways = vec![1.0];
    for &own in steps {
        let mut wider = vec![0.0; ways.len() + own];
        for (sum, way) in ways.iter().enumerate() {
            for step in 0..=own {
                wider[sum + step] += way;
            }
        }
        ways = wider;
    }
    let all: f64 = ways.iter().sum();
    ways.iter()
        .scan(0.0, |sum, way| {
            *sum += way / all;
            Some(*sum)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multinomials() {
        assert_eq!(multinomial(&[5, 5]), BigUint::from(252_u32));
        assert_eq!(multinomial(&[10, 10]), BigUint::from(184_756_u32));
        assert_eq!(multinomial(&[5, 5, 5]), BigUint::from(756_756_u32));
        assert_eq!(multinomial(&[0, 3]), BigUint::from(1_u32));
    }

    #[test]
    fn shares_grow_to_one() {
        let shares = shares(&[1, 1]);
        assert_eq!(shares, [0.25, 0.75, 1.0]);
    }
}
