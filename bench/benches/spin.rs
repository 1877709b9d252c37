//! Beside Spin, in one run: `cargo bench -p bench --bench spin [-- --full]`.
//!
//! The same models as stateright's, step for step and bit for bit, so both have the same states: a
//! byte for whose messages are in the shared context, in each lane's copy and in its answer; with
//! every reply that was shown, with the last one, or with dead registers emptied by hand. Turns are
//! written one after the other, so that where a lane stands needs no counter. The search may not
//! stop at the first leak: it visits every state.
//!
//! Each once with every step and every state, once with what makes Spin fast: steps that only
//! their own lane can notice are merged, and partial-order reduction leaves orders out. Then it can
//! still tell that something leaks; what it visits says nothing about how many orders do.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use bench::{Cost, Own};
use std::path::Path;
use std::process::{Command, Output};

/// What Spin may take, in MiB; its own default is less than 4×2 needs.
const MEMORY_MAX_MIB: usize = 6000;

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

/// A way to search.
struct Way {
    name: &'static str,
    keeps: Keeps,
    reduced: bool,
}

const WAYS: [Way; 6] = [
    Way { name: "spin", keeps: Keeps::EveryReply, reduced: false },
    Way { name: "spin reduced", keeps: Keeps::EveryReply, reduced: true },
    Way { name: "spin, last reply", keeps: Keeps::LastReply, reduced: false },
    Way { name: "spin reduced, last reply", keeps: Keeps::LastReply, reduced: true },
    Way { name: "spin, emptied", keeps: Keeps::Nothing, reduced: false },
    Way { name: "spin reduced, emptied", keeps: Keeps::Nothing, reduced: true },
];

impl Way {
    /// For Spin. Without `-o3` it makes one step of neighbouring steps that only their lane can
    /// notice.
    fn options(&self) -> &[&str] {
        if self.reduced { &["-a"] } else { &["-o3", "-a"] }
    }

    /// For the C compiler.
    fn defines(&self) -> &[&str] {
        if self.reduced { &[] } else { &["-DNOREDUCE"] }
    }

    /// How large its table of states is to be: one that fits costs the least time.
    fn table(&self) -> &str {
        if self.reduced { "-w20" } else { "-w24" }
    }
}

fn main() {
    if let Some(missing) = ["spin", "cc"].into_iter().find(|tool| !is_installed(tool)) {
        println!("Skipped: `{missing}` is not installed (on Debian: apt-get install spin gcc).");
        return;
    }
    let full = std::env::args().any(|argument| argument == "--full");
    bench::build();
    println!("{}", bench::machine());
    println!("interleak: whole process, JSON, median of 5; Spin: the search alone, and beside it");
    println!("what it took to make and compile that search\n");
    let sizes = [(3, 2), (3, 3), (4, 2)];
    for (lanes, turns) in sizes.into_iter().filter(|&(lanes, _)| full || lanes < 4) {
        let own = Own::measured(lanes, turns);
        WAYS.iter().for_each(|way| beside(&own, lanes, turns, way));
        println!();
    }
    println!(
        "Spin does not tell: how many orders there are, in how many something goes wrong, how"
    );
    println!("likely that is, who heard whom, or the simplest order.");
}

fn is_installed(tool: &str) -> bool {
    let version = if tool == "spin" { "-V" } else { "--version" };
    Command::new(tool).arg(version).output().is_ok_and(|output| output.status.success())
}

fn beside(own: &Own, lanes: usize, turns: usize, way: &Way) {
    let folder = tempfile::tempdir().unwrap();
    let compiled = compile(folder.path(), &model(lanes, turns, way.keeps), way);
    let depth = format!("-m{}", 5 * lanes * turns + 2 * lanes + 10);
    let mut search = Command::new(folder.path().join("pan"));
    // No number of errors ends the search.
    search.args(["-c0", way.table(), &depth]);
    let (pan, cost) = Cost::of_children(|| run(&mut search));
    let told = String::from_utf8_lossy(&pan.stdout);
    // Spin calls a search that hit a limit finished, and exits with 0.
    let whole = !told.contains("max search depth too small") && !told.contains("out of memory");
    let leaks = !told.contains("errors: 0");
    let (Some(states), true, true) = (before(&told, " states, stored"), whole, leaks) else {
        println!("            {} did not finish:\n{told}", way.name);
        return;
    };
    let memory = before(&told, "\tactual memory usage for states").unwrap_or(0.0);
    own.peer(way.name, cost, states as u64, memory * 1_048_576.0 / states);
    println!(
        "            {:24}  {}  to make and compile it; {:.0} MiB in all",
        "",
        compiled.seconds(),
        before(&told, "\ttotal actual memory usage").unwrap_or(0.0),
    );
}

/// The Promela model. A lane that is through stays where it is: that it would go away is no step
/// of the scenario.
fn model(lanes: usize, turns: usize, keeps: Keeps) -> String {
    let replies = match keeps {
        Keeps::EveryReply => turns,
        Keeps::LastReply => 1,
        Keeps::Nothing => 0,
    };
    let turn = |turn: usize| {
        let then = match keeps {
            Keeps::Nothing => "copy = 0; answer = 0".into(),
            Keeps::EveryReply | Keeps::LastReply => {
                format!("shown{} = answer", turn.min(replies - 1))
            }
        };
        format!(
            "    copy = shared;\n    \
                 copy = copy | (1 << _pid);\n    \
                 answer = copy;\n    \
                 shared = copy;\n    \
                 d_step {{ assert((answer & ~(1 << _pid)) == 0); {then} }};\n"
        )
    };
    let shown: String = (0..replies).map(|reply| format!(", shown{reply}")).collect();
    let turns: String = (0..turns).map(turn).collect();
    format!(
        "byte shared;\n\
         active [{lanes}] proctype lane() {{\n    byte copy, answer{shown};\n{turns}end: false\n}}\n"
    )
}

fn compile(folder: &Path, model: &str, way: &Way) -> Cost {
    std::fs::write(folder.join("global.pml"), model).unwrap();
    let memory = format!("-DMEMLIM={MEMORY_MAX_MIB}");
    let mut spin = Command::new("spin");
    spin.args(way.options()).arg("global.pml").current_dir(folder);
    let mut cc = Command::new("cc");
    cc.args(way.defines()).args(["-O2", "-DSAFETY", &memory, "-o", "pan", "pan.c"]);
    cc.current_dir(folder);
    let both = || {
        run(&mut spin);
        run(&mut cc);
    };
    Cost::of_children(both).1
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The number before some words.
fn before(told: &str, words: &str) -> Option<f64> {
    let head = &told[..told.find(words)?];
    head.split_whitespace().last()?.parse().ok()
}
