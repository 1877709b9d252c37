//! Beside stateright, in one run: `cargo bench -p bench --bench stateright [-- --full]`.
//!
//! The same five steps of a turn (load, note question, infer, store, reply) on one shared context,
//! hand-packed into a small value: which users' messages are in the shared context, in each lane's
//! copy and in its answer, and where each lane stands. Three times: with every reply that was shown
//! kept, as one needs it to tell which reply leaks; with the last one kept, which is enough to tell
//! that some reply does; and with dead registers emptied by hand, which does part of interleak's
//! work for it. A search is not allowed to stop at the first leak: a property that always holds
//! keeps it going through every state.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use stateright::{Checker, Model, Property};
use std::time::{Duration, Instant};

const LANES_MAX: usize = 4;
const TURNS_MAX: usize = 3;
const STEPS: u8 = 5;

/// What a state keeps that no later step reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// What registers held, and every reply.
    EveryReply,
    /// What registers held, and each lane's last reply.
    LastReply,
    /// Nothing.
    Nothing,
}

struct Global {
    lanes: usize,
    turns: u8,
    keeps: Keeps,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
struct Packed {
    position: [u8; LANES_MAX],
    copy: [u8; LANES_MAX],
    answer: [u8; LANES_MAX],
    shown: [[u8; TURNS_MAX]; LANES_MAX],
    shared: u8,
}

impl Packed {
    /// Whether some lane is about to show an answer that holds another user's message.
    fn leaks(&self) -> bool {
        (0..LANES_MAX).any(|lane| {
            let ready = self.position[lane] % STEPS == STEPS - 1;
            let next = if ready { self.answer[lane] } else { 0 };
            let shown = self.shown[lane].iter().fold(next, |all, shown| all | shown);
            shown & !(1 << lane) != 0
        })
    }
}

impl Model for Global {
    type State = Packed;
    type Action = usize;

    fn init_states(&self) -> Vec<Packed> {
        let none = [0; LANES_MAX];
        let shown = [[0; TURNS_MAX]; LANES_MAX];
        vec![Packed { position: none, copy: none, answer: none, shown, shared: 0 }]
    }

    fn actions(&self, state: &Packed, actions: &mut Vec<usize>) {
        let end = STEPS * self.turns;
        actions.extend((0..self.lanes).filter(|&lane| state.position[lane] < end));
    }

    fn next_state(&self, last: &Packed, lane: usize) -> Option<Packed> {
        let mut state = *last;
        let turn = match self.keeps {
            Keeps::EveryReply => usize::from(state.position[lane] / STEPS),
            Keeps::LastReply | Keeps::Nothing => 0,
        };
        match state.position[lane] % STEPS {
            0 => state.copy[lane] = state.shared,
            1 => state.copy[lane] |= 1 << lane,
            2 => state.answer[lane] = state.copy[lane],
            3 => state.shared = state.copy[lane],
            // Registers are emptied with the turn, so that nothing dead keeps states apart.
            _ if self.keeps == Keeps::Nothing => (state.copy[lane], state.answer[lane]) = (0, 0),
            _ => state.shown[lane][turn] = state.answer[lane],
        }
        state.position[lane] += 1;
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::sometimes("leak", |_, state| state.leaks()),
            Property::<Self>::always("goes on", |_, _| true),
        ]
    }
}

fn main() {
    // A peer runs as a process of its own, so that its memory can be told.
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, peer, lanes, turns] = arguments.as_slice()
        && peer.starts_with("--peer-")
    {
        search(peer, lanes.parse().unwrap(), turns.parse().unwrap());
        return;
    }
    let full = arguments.iter().any(|argument| argument == "--full");
    bench::build();
    println!("{}", bench::machine());
    println!("interleak: whole process, JSON, median of 5; stateright: the search alone\n");
    let sizes = [(3, 2), (3, 3), (4, 2)];
    for (lanes, turns) in sizes.into_iter().filter(|&(lanes, _)| full || lanes < 4) {
        beside(lanes, turns);
    }
    println!("stateright does not tell: how many orders there are, in how many something goes");
    println!("wrong, how likely that is, who heard whom, or the simplest order (DFS).");
}

fn beside(lanes: usize, turns: usize) {
    let own = bench::Own::measured(lanes, turns);
    for peer in ["--peer-dfs", "--peer-bfs", "--peer-dfs-last", "--peer-dfs-emptied"] {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args([peer, &lanes.to_string(), &turns.to_string()]);
        let (child, cost) = bench::Cost::of_children(|| command.output().unwrap());
        let told = String::from_utf8_lossy(&child.stdout).into_owned();
        let numbers: Vec<f64> = told.split_whitespace().filter_map(|it| it.parse().ok()).collect();
        let [seconds, states, bytes] = numbers[..] else {
            println!("            stateright {} did not finish", &peer[7..]);
            continue;
        };
        let cost = bench::Cost { wall: Duration::from_secs_f64(seconds), ..cost };
        own.peer(&format!("stateright {}", told_name(peer)), cost, states as u64, bytes);
    }
    println!();
}

fn told_name(peer: &str) -> &str {
    match peer {
        "--peer-dfs-last" => "dfs, last reply",
        "--peer-dfs-emptied" => "dfs, emptied",
        _ => &peer[7..],
    }
}

/// Seconds, states, and bytes of memory for each.
fn search(peer: &str, lanes: usize, turns: u8) {
    let started = Instant::now();
    let keeps = match peer {
        "--peer-dfs-last" => Keeps::LastReply,
        "--peer-dfs-emptied" => Keeps::Nothing,
        _ => Keeps::EveryReply,
    };
    let checker = Global { lanes, turns, keeps }.checker();
    let states = match peer {
        "--peer-bfs" => checker.spawn_bfs().join().unique_state_count(),
        _ => checker.spawn_dfs().join().unique_state_count(),
    };
    let time: Duration = started.elapsed();
    let bytes = bench::high_mark("/proc/self/status").unwrap_or(0) * 1024 / states as u64;
    println!("{} {states} {bytes}", time.as_secs_f64());
}
