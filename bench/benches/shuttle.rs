//! Beside shuttle, in one run: `cargo bench -p bench --bench shuttle [-- --full]`.
//!
//! The same program as real threads: each turn locks the shared history once to copy it and once
//! to store it back. Local lines are no scheduling points there, so interleak runs at grain
//! `access`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use shuttle::sync::{Arc, Mutex};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn main() {
    let full = std::env::args().any(|argument| argument == "--full");
    bench::build();
    println!("{}", bench::machine());
    let sizes = [(3, 1), (2, 2), (3, 2)];
    for (lanes, turns) in sizes.into_iter().filter(|&(lanes, turns)| full || lanes * turns < 6) {
        let (executions, time) = explore(lanes, turns);
        let own = bench::median(lanes, turns, "global", &["--only", "context-leak"]);
        println!(
            "global {lanes}×{turns}  shuttle {executions:>8} executions {:8.3} s   interleak, whole process {:.3} s   {:8.1} ×",
            time.as_secs_f64(),
            own.time.as_secs_f64(),
            time.as_secs_f64() / own.time.as_secs_f64(),
        );
    }
    println!(
        "shuttle does not tell: how likely a leak is, in how many orders, or the simplest one."
    );
}

fn explore(lanes: usize, turns: usize) -> (usize, Duration) {
    let executions = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&executions);
    let started = Instant::now();
    all_executions(move || {
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
    });
    (executions.load(Ordering::Relaxed), started.elapsed())
}

fn all_executions(program: impl Fn() + Send + Sync + 'static) {
    shuttle::check_dfs(program, None);
}
