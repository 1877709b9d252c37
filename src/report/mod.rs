//! What is shown: a plain value, then one file for each format.

pub mod assumptions;
pub mod chart;
pub mod check;
pub mod clean;
pub mod compare;
mod csv;
pub mod diagnose;
pub mod diagnosis;
pub mod heard;
pub mod incomplete;
pub mod json;
pub mod lanes;
pub mod list;
pub mod log;
pub mod numbers;
pub mod order;
pub mod orders;
pub mod page;
mod places;
pub mod run;
mod server;
pub mod stress;
pub mod sweep;
pub mod trouble;
pub mod verify;
pub mod verify_run;

use crate::explore::engine::WantedOrders;
use crate::explore::estimate::Estimate;
use crate::explore::graph::Stopped;
use crate::model::LaneId;
use crate::model::program::{Grain, Program, Setting};
use crate::model::schedule;
use crate::model::server::PROFILES;
use crate::phrase;
use crate::scenario::{Expectation, Scenario};
use crate::screen::escape;
use crate::verdict::{Surprise, Verdict};
use crate::words::Phrase;
use std::ffi::OsStr;

/// One scenario × one strategy, explored.
pub struct Entry<'a> {
    /// The scenario's name or path, as it was typed.
    pub scenario_name: &'a str,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The strategy's name or path, as it was typed.
    pub strategy_name: &'a str,
    /// How it was run.
    pub setting: Setting,
    /// Which orders were asked for.
    pub orders: WantedOrders,
    /// What was known before.
    pub estimate: Estimate,
    /// What was found.
    pub verdict: Verdict,
    /// What the author expects, if anything.
    pub expected: Option<Expectation>,
    /// What is not as expected.
    pub surprises: Vec<Surprise>,
    /// What the author says about this strategy.
    pub remark: Option<String>,
    /// A shipped strategy for which the same check does find something, and what it then does.
    pub contrast: Option<Contrast>,
    /// A shipped strategy to look at next.
    pub next: Option<&'static str>,
}

/// Proof that a check can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contrast {
    /// The strategy for which it does.
    pub strategy: &'static str,
    /// What its orders do: "leak".
    pub verb: &'static str,
}

impl<'a> Entry<'a> {
    /// The same, stopped not by the limit of a first try, but because nobody wanted to wait.
    pub fn interrupted(mut self) -> Entry<'a> {
        self.verdict.stopped = Some(Stopped::Interrupted);
        self
    }

    /// The command that replays some moves, with more options, each behind a space.
    pub fn replay_command(&self, moves: &[LaneId], options: &str) -> String {
        let typed = schedule::print(&self.verdict.program, moves);
        let run = self.command("replay", self.strategy_name);
        format!("{run}{options} --schedule \"{typed}\"")
    }

    /// A command on this scenario at this setting.
    pub fn command(&self, verb: &str, strategy: &str) -> String {
        let mut command = format!(
            "interleak {verb} {} -s {}",
            shell_word(self.scenario_name),
            shell_word(strategy)
        );
        if self.setting.grain != Grain::default() {
            command.push_str(&format!(" --grain {}", self.setting.grain.name()));
        }
        command + &server_options(self.setting, self.scenario.setting)
    }
}

/// The options that make a server like this one out of a scenario's own.
fn server_options(setting: Setting, own: Setting) -> String {
    let mut options = String::new();
    let (slots, own_slots) = (setting.slots, own.slots);
    let profile = PROFILES.iter().find(|it| (it.limit, it.slots) == (setting.limit, slots));
    match (setting.limit, profile) {
        _ if (setting.limit, slots) == (own.limit, own_slots) => {}
        (Some(limit), _) if slots == own_slots => options += &format!(" --limit {limit}"),
        (_, Some(profile)) => options += &format!(" --profile {}", profile.name),
        (limit, None) => {
            let limit = limit.map_or_else(String::new, |limit| format!(" --limit {limit}"));
            options += &limit;
        }
    }
    let amounts =
        [("workers", setting.workers, own.workers), ("replicas", setting.replicas, own.replicas)];
    for (name, amount, _) in amounts.into_iter().filter(|(_, amount, own)| amount != own) {
        options += &amount.map_or_else(String::new, |amount| format!(" --{name} {amount}"));
    }
    if setting.routing != own.routing {
        options += &format!(" --routing {}", setting.routing.name());
    }
    options
}

/// How the server runs requests, in words, where there is something to say.
pub fn server_words(program: &Program) -> String {
    let limits = server::server(program).limits();
    limits.iter().map(|limit| format!(" · {}", limit.english())).collect()
}

/// What stopped an exploration.
pub fn stopped_words(stopped: Stopped) -> Phrase {
    match stopped {
        Stopped::States { states_max } => phrase!("stopped-states", n = states_max),
        Stopped::Memory { bytes_max } => phrase!("stopped-memory", mib = bytes_max >> 20),
        Stopped::Time => phrase!("stopped-time"),
        Stopped::Interrupted => phrase!("stopped-interrupted"),
    }
}

/// A word as bash and zsh read it back, byte for byte, though nothing in it drives a terminal. So
/// nothing that escapes it again finds anything to escape.
pub fn shell_word(word: impl AsRef<OsStr>) -> String {
    let bytes = word.as_ref().as_encoded_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./@+:".contains(byte);
    let quoted = std::str::from_utf8(bytes).ok().map(|word| match word {
        _ if !word.is_empty() && bytes.iter().all(plain) => word.to_owned(),
        _ => format!("'{}'", word.replace('\'', "'\\''")),
    });
    let quoted = quoted.filter(|quoted| escape(quoted) == *quoted).unwrap_or_else(|| {
        let written = bytes.iter().map(|byte| match byte {
            b'\n' => "\\n".to_owned(),
            b'\t' => "\\t".to_owned(),
            _ if plain(byte) || *byte == b' ' => char::from(*byte).to_string(),
            _ => format!("\\x{byte:02x}"),
        });
        format!("$'{}'", written.collect::<String>())
    });
    // A word that begins with a dash would be read as an option; a dash alone is standard input.
    match bytes {
        [b'-', _, ..] => format!("./{quoted}"),
        _ => quoted,
    }
}
