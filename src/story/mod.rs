//! Facts before words: everything that a verdict has to tell, as owned, plain values.
//!
//! A story has no text of ours in it, no colour and no width. Pages draw it, and `--format json` is
//! its serialisation, so whatever one shows the other has.

pub mod assumptions;
pub mod clean;
pub mod command;
pub mod diagnosis;
pub mod did;
pub mod entry;
pub mod found;
pub mod half;
pub mod limit;
pub mod numbers;
pub mod order;
pub mod replay;
pub mod server;
mod shown;

pub use entry::{Contrast, Entry};
pub use found::Found;
pub use shown::{Answered, Shown, replies};

use crate::explore::engine::{Heard as Pair, RANKED_STATES_MAX, WantedOrders};
use crate::explore::graph::Stopped;
use crate::verdict::TRACE_STATES_MAX;
use crate::words::Phrase;
use assumptions::Assumption;
use command::Command;
use num_bigint::BigUint;
use numbers::{Chance, digits, digits_or_null};
use schemars::JsonSchema;
use serde::Serialize;
use server::Server;
use std::collections::BTreeMap;

/// One scenario × one strategy.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ResultDocument")]
pub struct Story {
    /// Name or path of the scenario.
    pub scenario: String,
    /// Name or path of the strategy.
    pub strategy: String,
    /// How the server runs requests.
    #[serde(flatten)]
    pub server: Server,
    /// What the result rests on besides, where a real server could differ; in words.
    #[serde(serialize_with = "in_full")]
    #[schemars(with = "Vec<String>")]
    pub assumptions: Vec<Assumption>,
    /// Whether every order was looked at. If not, every number is a lower bound, and an anomaly
    /// that was seen is `sometimes` though it may be in every order.
    pub complete: bool,
    /// The limit that was hit, in words; null if none was.
    pub stopped: Option<Phrase>,
    /// What it was that stopped the exploration.
    #[serde(skip)]
    pub stop: Option<Stopped>,
    /// How many states were looked at.
    pub states: usize,
    /// How many bytes were kept for them.
    pub bytes: usize,
    /// How many steps the longest order has that was followed.
    pub steps: usize,
    /// How many orders there were if no lane ever had to wait, in decimal digits. Known before
    /// anything was explored.
    #[serde(serialize_with = "digits")]
    #[schemars(with = "String")]
    pub multinomial: BigUint,
    /// How many orders there are, in decimal digits.
    #[serde(serialize_with = "digits")]
    #[schemars(with = "String")]
    pub interleavings: BigUint,
    /// How many orders differ by more than swapping independent neighbours, in decimal digits;
    /// null: not computed.
    #[serde(serialize_with = "digits_or_null")]
    #[schemars(with = "Option<String>")]
    pub traces: Option<BigUint>,
    /// Whether traces could have been counted; they are not defined where a worker lags behind.
    #[serde(skip)]
    pub traces_undefined: bool,
    /// How many different sets of replies there are, each reply with the messages that it was
    /// computed from; null: not computed.
    pub outcomes: Option<usize>,
    /// Which replies are based on questions of which other users, and how often; pairs that never
    /// occur are left out; null: not computed.
    pub heard: Option<Vec<Heard>>,
    /// The orders that were drawn at random because a limit was hit; null if none were.
    pub sampled: Option<Sampled>,
    /// Every judged anomaly, also those that never show.
    #[serde(serialize_with = "by_name")]
    #[schemars(with = "BTreeMap<String, Found>")]
    pub anomalies: Vec<Found>,
    /// Why nothing goes wrong, if that can be read off the program; null if something does.
    pub why_clean: Option<Vec<Phrase>>,
    /// Whether no place is there for more than one lane.
    #[serde(skip)]
    pub shares_nothing: bool,
    /// Whether the scenario has requests that are cancelled.
    #[serde(skip)]
    pub cancels: bool,
    /// Whether the scenario's author expects anything of this strategy.
    #[serde(skip)]
    pub expects: bool,
    /// What is not as the scenario's author expects.
    pub surprises: Vec<Surprise>,
    /// What the scenario's author says about this strategy.
    pub remark: Option<String>,
    /// What the strategy may do that its marks do not say, and so was not looked at. With any of it
    /// nothing that was found is no proof, and the exit code is 3.
    pub doubts: Vec<Phrase>,
    /// Proof that the check can fail, if nothing was found: a shipped strategy for which it does.
    pub contrast: Option<Contrast>,
    /// What repairs it; null if that was not looked up.
    pub repairs: Option<Repairs>,
    /// What to type next, word by word; null if there is nothing in particular.
    pub next: Option<Command>,
    /// What tells everything about this result, word by word.
    pub more: Command,
    /// The names of the lanes.
    pub lanes: Vec<String>,
    /// How many of them send requests.
    #[serde(skip)]
    pub clients: usize,
    /// Which orders were asked for.
    #[serde(skip)]
    pub wanted: WantedOrders,
    /// The orders that were asked for by --order, --show or --all; null if there were too many
    /// states.
    pub shown: Option<Vec<Shown>>,
}

/// A reply that is based on questions of another user.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "HeardDocument")]
pub struct Heard {
    /// The reply: the lane and the number of its turn, "alice#2".
    pub reply: String,
    /// The other user.
    pub from: String,
    /// In how many orders, in decimal digits.
    #[serde(serialize_with = "digits")]
    #[schemars(with = "String")]
    pub interleavings: BigUint,
    /// How likely that is.
    #[serde(flatten)]
    pub chance: Chance,
}

/// Orders that were drawn at random.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SampledDocument")]
pub struct Sampled {
    /// How many.
    pub samples: u64,
    /// So many were wanted; fewer were drawn where one takes long.
    pub samples_wanted: u64,
    /// The seed that they were drawn from.
    pub seed: u64,
    /// Whether fewer were drawn because it was interrupted; left out otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
}

/// Something that is not as the scenario's author expects.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Surprise {
    /// The anomaly.
    pub anomaly: &'static str,
    /// How often it was expected: never, sometimes or always.
    pub expected: &'static str,
    /// How often it was found.
    pub found: &'static str,
}

/// What a quick look says of the shipped repairs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Repairs {
    /// Those with which the same check finds nothing in any order: those of the lesson first.
    pub clean: Vec<&'static str>,
    /// So many have too many states for a quick look.
    pub undecided: usize,
}

impl Story {
    /// Everything that there is to tell about an entry. `repairs` are its repairs, if they were looked
    /// up.
    pub fn of(entry: &Entry, repairs: Option<Repairs>) -> Story {
        let verdict = &entry.verdict;
        let program = &verdict.program;
        let clean = verdict.found().next().is_none() && verdict.stopped.is_none();
        let heard = verdict.heard.as_ref();
        Story {
            scenario: entry.scenario_name.to_owned(),
            strategy: entry.strategy_name.to_owned(),
            server: Server::of(program),
            assumptions: assumptions::assumptions(program),
            complete: verdict.stopped.is_none(),
            stopped: verdict.stopped.map(limit::why_stopped),
            stop: verdict.stopped,
            states: verdict.states,
            bytes: verdict.bytes,
            steps: verdict.steps,
            multinomial: entry.estimate.orders.clone(),
            interleavings: verdict.orders.clone(),
            traces: verdict.traces.map(BigUint::from),
            traces_undefined: verdict.traces.is_none() && verdict.states <= TRACE_STATES_MAX,
            outcomes: verdict.outcomes,
            heard: heard.map(|all| all.iter().map(|pair| Heard::of(entry, pair)).collect()),
            sampled: verdict.sampled.as_ref().map(|sampled| Sampled {
                samples: sampled.samples,
                samples_wanted: sampled.samples_wanted,
                seed: sampled.seed,
                interrupted: sampled.interrupted,
            }),
            anomalies: verdict.anomalies.iter().map(|judged| Found::of(entry, judged)).collect(),
            why_clean: clean.then(|| clean::why(program)),
            shares_nothing: clean::shares_nothing(program),
            cancels: !entry.scenario.cast.cancels.is_empty(),
            expects: entry.expected.is_some(),
            doubts: entry.doubts.to_vec(),
            surprises: entry.surprises.iter().map(Surprise::of).collect(),
            remark: entry.remark.clone(),
            contrast: entry.contrast.clone(),
            repairs,
            next: entry.next.map(|next| entry.command("run", next)),
            more: entry.command("run", entry.strategy_name).option("--full", None),
            clients: program.clients(),
            lanes: program.lanes.iter().map(|lane| lane.name.clone()).collect(),
            wanted: entry.orders.clone(),
            shown: verdict
                .examples
                .as_ref()
                .map(|all| all.iter().map(|example| Shown::of(entry, example)).collect()),
        }
    }

    /// What was found in some order, the anomaly that hurts a user most first.
    pub fn found(&self) -> impl Iterator<Item = &Found> {
        self.anomalies.iter().filter(|found| found.witness.is_some())
    }

    /// How many states there may be for orders to be looked up by their number.
    pub const RANKED_STATES_MAX: usize = RANKED_STATES_MAX;
}

impl Heard {
    fn of(entry: &Entry, pair: &Pair) -> Heard {
        let cast = &entry.verdict.program.cast;
        Heard {
            reply: cast.label(pair.turn),
            from: cast.users[pair.user].clone(),
            interleavings: pair.with.orders.clone(),
            chance: Chance::of(&pair.with.chance),
        }
    }
}

impl Surprise {
    fn of(surprise: &crate::verdict::Surprise) -> Surprise {
        Surprise {
            anomaly: surprise.anomaly,
            expected: surprise.expected.name(),
            found: surprise.found.name(),
        }
    }
}

fn in_full<S: serde::Serializer>(all: &[Assumption], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(all.iter().map(|assumption| &assumption.told))
}

/// The anomalies as an object, by name.
fn by_name<S: serde::Serializer>(all: &[Found], serializer: S) -> Result<S::Ok, S::Error> {
    let by_name: BTreeMap<&str, &Found> = all.iter().map(|found| (found.id, found)).collect();
    serializer.collect_map(by_name)
}
