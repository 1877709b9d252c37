//! What `interleak compare` tells: strategies side by side, what each does wrong and what it costs.
//! These are facts, and the document for programs is made of them; the other files find the words.

pub mod json;
mod legend;
pub mod page;
pub mod table;

use super::numbers::{digits, float, fraction, mean, share};
use super::typed;
use crate::anomalies::Anomaly;
use crate::phrase;
use crate::scenario::Frequency;
use crate::story::Entry;
use crate::story::limit::why_stopped;
use crate::story::server::Server;
use crate::strategy::{self, Group};
use crate::timing::Timed;
use crate::verdict::{Judged, Kind, Surprise};
use crate::words::Phrase;
use num_bigint::BigUint;
use num_rational::Ratio;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

pub use legend::{named, reasons};

/// One scenario.
#[derive(Serialize, JsonSchema)]
pub struct Comparison {
    /// Name or path of the scenario.
    pub scenario: String,
    /// What it is about.
    #[serde(skip)]
    pub title: String,
    #[serde(flatten)]
    pub(super) server: Server,
    /// How long the assistant thinks about one question, in milliseconds of virtual time.
    pub infer_ms: u64,
    /// Who talks.
    #[serde(skip)]
    pub talk: Talk,
    /// What is judged, in the order of the registry.
    #[serde(skip)]
    pub judged: Vec<&'static Anomaly>,
    /// One for each strategy, in lesson order.
    #[serde(rename = "strategies")]
    pub rows: Vec<Row>,
    /// The strategies that cannot be run on this scenario.
    pub left_out: Vec<LeftOut>,
}

/// Who talks, and how.
#[derive(Default)]
pub struct Talk {
    /// How many users.
    pub users: usize,
    /// In how many lanes.
    pub lanes: usize,
    /// Whether somebody may cancel.
    pub cancels: bool,
    /// Whether some requests are sent later than at the beginning.
    pub later: bool,
}

/// A strategy that cannot be run.
#[derive(Clone, Serialize, JsonSchema)]
pub struct LeftOut {
    /// Its name.
    pub strategy: String,
    /// Why it cannot.
    pub why: Phrase,
}

/// One strategy.
#[derive(Serialize, JsonSchema)]
pub struct Row {
    /// Name or path of the strategy.
    pub strategy: String,
    /// What it is good for; null for a strategy that is not shipped.
    #[serde(serialize_with = "group_name")]
    #[schemars(with = "Option<String>")]
    pub group: Option<Group>,
    /// What one believes of it.
    pub believed: Option<String>,
    /// What is true of it.
    pub actual: Option<String>,
    /// Whether every order was looked at. If not, every number of orders is a lower bound.
    pub complete: bool,
    /// What stopped the exploration, in words; null if nothing did.
    pub stopped: Option<Phrase>,
    /// What the strategy may do that its marks do not say, and so was not looked at.
    pub doubts: Vec<Phrase>,
    /// Which of several idle threads takes a request: the one that has been idle longest, or the one
    /// that became idle latest; null where that makes no difference.
    pub idle: Option<&'static str>,
    /// How many states were looked at.
    pub states: usize,
    /// How many orders there are, in decimal digits.
    #[serde(rename = "interleavings", serialize_with = "digits")]
    #[schemars(with = "String")]
    pub orders: BigUint,
    /// Every judged anomaly, also those that never show.
    #[serde(rename = "anomalies", serialize_with = "by_name")]
    #[schemars(with = "BTreeMap<String, Cell>")]
    pub cells: Vec<Cell>,
    /// What it costs.
    pub price: Price,
    /// What is not as the scenario's author expects.
    #[serde(skip)]
    pub surprises: Vec<Surprise>,
}

/// One anomaly of one strategy.
#[derive(Serialize, JsonSchema)]
pub struct Cell {
    /// The anomaly.
    #[serde(skip)]
    pub anomaly: &'static str,
    /// How often it shows: never, sometimes, always, or unknown where not all was looked at.
    #[serde(rename = "verdict", serialize_with = "verdict")]
    #[schemars(with = "String")]
    pub frequency: Option<Frequency>,
    /// In how many orders, in decimal digits.
    #[serde(rename = "interleavings", serialize_with = "digits")]
    #[schemars(with = "String")]
    pub orders: BigUint,
    /// How likely, when each next lane is drawn uniformly from those that can move.
    pub probability: f64,
    /// The same, exact.
    pub probability_exact: String,
    /// Why: sharing, chain, race, or null.
    #[serde(serialize_with = "kind_name")]
    #[schemars(with = "Option<String>")]
    pub kind: Option<Kind>,
    /// Whether it needs two requests that overlap, as long as nobody cancels one; none if that is not
    /// known.
    #[serde(skip)]
    pub needs_overlap: Option<bool>,
    /// The command that shows it again; null if no order shows it.
    pub command: Option<String>,
}

/// Reply times, from the sending of a request to its reply, in milliseconds of virtual time.
#[derive(Clone, Serialize, JsonSchema)]
pub struct Price {
    /// Their mean; null if a reply never comes.
    #[serde(serialize_with = "mean_or_null")]
    #[schemars(with = "Option<f64>")]
    pub mean_ms: Option<Ratio<u64>>,
    /// The longest; null if a reply never comes.
    pub worst_ms: Option<u64>,
    /// How many turns never get a reply.
    pub never_answered: usize,
    /// For each turn, lane by lane; null if the reply never comes.
    pub reply_ms: Vec<Option<u64>>,
}

fn group_name<S: Serializer>(group: &Option<Group>, serializer: S) -> Result<S::Ok, S::Error> {
    group.map(Group::name).serialize(serializer)
}

fn kind_name<S: Serializer>(kind: &Option<Kind>, serializer: S) -> Result<S::Ok, S::Error> {
    kind.map(Kind::name).serialize(serializer)
}

fn verdict<S: Serializer>(often: &Option<Frequency>, serializer: S) -> Result<S::Ok, S::Error> {
    frequency_name(*often).serialize(serializer)
}

fn mean_or_null<S: Serializer>(ms: &Option<Ratio<u64>>, serializer: S) -> Result<S::Ok, S::Error> {
    ms.map(mean).serialize(serializer)
}

fn by_name<S: Serializer>(cells: &[Cell], serializer: S) -> Result<S::Ok, S::Error> {
    let cells: BTreeMap<&str, &Cell> = cells.iter().map(|cell| (cell.anomaly, cell)).collect();
    cells.serialize(serializer)
}

/// How often something shows, as documents say it.
pub fn frequency_name(frequency: Option<Frequency>) -> &'static str {
    frequency.map_or("unknown", Frequency::name)
}

/// What stands in place of a reply time that never comes to an end.
pub fn no_reply() -> Phrase {
    phrase!("no-reply")
}

impl Comparison {
    /// A comparison of what was found: each entry with its row. There is at least one.
    pub fn new(rows: Vec<(&Entry, Row)>, left_out: Vec<LeftOut>) -> Option<Comparison> {
        let (first, _) = rows.first()?;
        let cast = &first.scenario.cast;
        let program = &first.verdict.program;
        Some(Comparison {
            scenario: first.scenario_name.to_owned(),
            title: first.scenario.title.clone(),
            server: Server::of(program),
            infer_ms: program.cast.infer_ms,
            talk: Talk {
                users: program.cast.users.len(),
                lanes: program.clients(),
                cancels: !cast.cancels.is_empty(),
                later: cast.turns.iter().any(|turn| turn.at_ms > 0),
            },
            judged: first.verdict.anomalies.iter().map(|judged| judged.anomaly).collect(),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            left_out,
        })
    }

    /// The judged anomalies, by number, of which the predicate holds in some row.
    fn anomalies(&self, some: impl Fn(&Cell) -> bool) -> Vec<usize> {
        let all = 0..self.judged.len();
        all.filter(|&it| self.rows.iter().any(|row| some(&row.cells[it]))).collect()
    }

    /// The anomalies that some strategy shows, or of which it is not known.
    pub fn shown(&self) -> Vec<usize> {
        self.anomalies(|cell| cell.frequency != Some(Frequency::Never))
    }

    /// The anomalies that no strategy shows.
    pub fn never_shown(&self) -> Vec<&'static str> {
        let shown = self.shown();
        let all = (0..self.judged.len()).filter(|it| !shown.contains(it));
        all.map(|it| self.judged[it].id).collect()
    }

    /// Whether an anomaly of this kind is shown.
    fn has(&self, kind: Kind) -> bool {
        !self.anomalies(|cell| cell.kind == Some(kind)).is_empty()
    }
}

impl Row {
    /// What was found of a strategy, and what one believes and what is true of it.
    pub fn new(entry: &Entry, timed: &Timed, told: [Option<String>; 2]) -> Row {
        let verdict = &entry.verdict;
        let [believed, actual] = told;
        let rests_on_threads = verdict.program.tracks_workers();
        Row {
            strategy: entry.strategy_name.to_owned(),
            group: strategy::named(entry.strategy_name).map(|strategy| strategy.group),
            believed,
            actual,
            complete: verdict.stopped.is_none(),
            stopped: verdict.stopped.map(why_stopped),
            doubts: entry.doubts.to_vec(),
            idle: rests_on_threads.then(|| verdict.program.idle().name()),
            states: verdict.states,
            orders: verdict.orders.clone(),
            cells: verdict.anomalies.iter().map(|judged| Cell::new(entry, judged)).collect(),
            price: Price::of(timed),
            surprises: match entry.expected {
                Some(_) => entry.surprises.clone(),
                None => Vec::new(),
            },
        }
    }

    /// In how many orders an anomaly shows that shows in some, if all were looked at: `54/90`.
    fn share(&self, cell: &Cell) -> Option<String> {
        let some = cell.frequency == Some(Frequency::Sometimes) && self.complete;
        some.then(|| share(&cell.orders, &self.orders))
    }

    /// Whether an anomaly shows in some order, and in how many is not known.
    fn is_only_seen(&self, cell: &Cell) -> bool {
        cell.frequency == Some(Frequency::Sometimes) && !self.complete
    }

    /// How often an anomaly shows, and why: `54/90 sharing`.
    pub fn cell(&self, anomaly: usize) -> Phrase {
        let cell = &self.cells[anomaly];
        let often = match self.share(cell) {
            Some(share) => share.into(),
            None if self.is_only_seen(cell) => phrase!("compare-seen"),
            None => phrase!("often", often = frequency_name(cell.frequency)),
        };
        match cell.kind {
            Some(kind) => phrase!("compare-cell", often = often, kind = kind_phrase(kind)),
            None => often,
        }
    }
}

fn kind_phrase(kind: Kind) -> Phrase {
    phrase!("compare-kind", kind = kind.name())
}

impl Cell {
    fn new(entry: &Entry, judged: &Judged) -> Cell {
        let witness = judged.witness.as_ref();
        Cell {
            anomaly: judged.anomaly.id,
            frequency: judged.frequency,
            orders: judged.orders.clone(),
            probability: float(&judged.chance),
            probability_exact: fraction(&judged.chance),
            kind: judged.kind,
            needs_overlap: judged.needs_overlap,
            command: witness.map(|it| typed(&entry.replay(&it.moves, Some(judged.anomaly.id)))),
        }
    }
}

impl Price {
    /// What a run in virtual time costs.
    pub fn of(timed: &Timed) -> Price {
        Price {
            mean_ms: timed.mean_ms(),
            worst_ms: timed.worst_ms(),
            never_answered: timed.never(),
            reply_ms: timed.turns.iter().map(|turn| turn.reply_ms()).collect(),
        }
    }
}
