//! Beside shuttle, in one run: `cargo bench -p bench --bench shuttle`.
//!
//! The same program as real threads: each turn locks the shared history once to copy it and once
//! to store it back. Local lines are no scheduling points there, so interleak runs at grain
//! `access`. Its depth-first search runs every order of scheduling points, so 3×2 is left out: it
//! would take days.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use bench::Cost;
use shuttle::sync::{Arc, Mutex};
use std::sync::atomic::{AtomicUsize, Ordering};

fn main() {
    bench::build();
    println!("{}", bench::machine());
    println!("shuttle: all executions; interleak: whole process, JSON, median of 5\n");
    for (lanes, turns) in [(3, 1), (2, 2)] {
        bench::beside_executions("shuttle", (lanes, turns), explore(lanes, turns));
    }
    println!(
        "shuttle does not tell: how likely a leak is, in how many orders, or the simplest one."
    );
}

fn explore(lanes: usize, turns: usize) -> (usize, Cost) {
    let executions = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&executions);
    let program = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        let history = Arc::new(Mutex::new(Vec::new()));
        let talk = |lane: usize| {
            let history = Arc::clone(&history);
            move || {
                for turn in 0..turns {
                    let mut copy: Vec<(usize, usize)> = history.lock().unwrap().clone();
                    copy.push((lane, turn));
                    *history.lock().unwrap() = copy;
                }
            }
        };
        let others: Vec<_> = (1..lanes).map(|lane| shuttle::thread::spawn(talk(lane))).collect();
        talk(0)();
        others.into_iter().for_each(|other| other.join().unwrap());
    };
    let ((), cost) = Cost::of_this(|| all_executions(program));
    (executions.load(Ordering::Relaxed), cost)
}

fn all_executions(program: impl Fn() + Send + Sync + 'static) {
    shuttle::check_dfs(program, None);
}
