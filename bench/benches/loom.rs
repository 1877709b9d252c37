//! Beside loom, in one run: `cargo bench -p bench --bench loom [-- --full]`.
//!
//! The same program as real threads: each turn locks the shared history once to copy it and once
//! to store it back. Local lines are no scheduling points there, so interleak runs at grain
//! `access`. Who shares the history is counted by std, not by loom, which would make every count a
//! step and loom many times slower.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use bench::Cost;
use loom::sync::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn main() {
    let full = std::env::args().any(|argument| argument == "--full");
    bench::build();
    println!("{}", bench::machine());
    println!("loom: all executions; interleak: whole process, JSON, median of 5\n");
    let sizes = [(3, 1), (2, 2), (3, 2)];
    for (lanes, turns) in sizes.into_iter().filter(|&(lanes, turns)| full || lanes * turns < 6) {
        bench::beside_executions("loom", (lanes, turns), explore(lanes, turns));
    }
    println!("loom does not tell: how likely a leak is, in how many orders, or the simplest one.");
}

fn explore(lanes: usize, turns: usize) -> (usize, Cost) {
    let executions = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&executions);
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
        let others: Vec<_> = (1..lanes).map(|lane| loom::thread::spawn(talk(lane))).collect();
        talk(0)();
        others.into_iter().for_each(|other| other.join().unwrap());
    };
    let ((), cost) = Cost::of_this(|| all_executions(program));
    (executions.load(Ordering::Relaxed), cost)
}

/// Every bound is set, and to nothing.
fn all_executions(program: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.max_branches = 100_000;
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.preemption_bound = None;
    builder.check(program);
}
