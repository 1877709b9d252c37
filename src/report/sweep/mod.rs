//! What `interleak sweep` tells: how a scenario grows, for each strategy. These are facts; the other
//! files find the words.

pub mod page;
pub mod picture;
pub mod table;

use super::compare::{LeftOut, Price};
use super::numbers::{float, mean};
use crate::anomalies::Anomaly;
use crate::explore::graph::Stopped;
use crate::explore::tally::Ratio;
use crate::model::program::Program;
use crate::phrase;
use crate::scenario::{Frequency, Scenario};
use crate::story::server::Server;
use crate::words::Phrase;
use num_bigint::BigUint;
use num_traits::Zero;

/// A scenario that grows.
pub struct Sweep {
    /// The scenario.
    pub about: About,
    /// What grows.
    pub axis: Axis,
    /// How far, from the smallest to the largest.
    pub values: Vec<u64>,
    /// What is judged.
    pub anomaly: &'static Anomaly,
    /// One for each strategy, in lesson order; at least one.
    pub curves: Vec<Curve>,
    /// The strategies that cannot be run on this scenario.
    pub left_out: Vec<LeftOut>,
}

/// The scenario, as its file has it.
pub struct About {
    /// Its name or path, as it was typed.
    pub scenario: String,
    /// What it is about.
    pub title: String,
    /// Its lanes.
    pub lanes: Vec<String>,
    /// How long its assistant thinks, in milliseconds.
    pub infer_ms: u64,
    /// Whether somebody may cancel.
    pub cancels: bool,
    /// How it is run.
    pub server: Server,
}

/// What grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// How many lanes talk.
    Lanes,
    /// How many turns each lane has.
    Turns,
    /// How long the assistant thinks, in milliseconds.
    InferMs,
}

impl Axis {
    /// Its name, as it is typed and written in files.
    pub fn name(self) -> &'static str {
        match self {
            Axis::Lanes => "lanes",
            Axis::Turns => "turns",
            Axis::InferMs => "infer-ms",
        }
    }

    /// What its values are.
    pub fn what(self) -> Phrase {
        match self {
            Axis::Lanes => phrase!("sweep-axis-lanes"),
            Axis::Turns => phrase!("sweep-axis-turns"),
            Axis::InferMs => phrase!("sweep-axis-infer-ms"),
        }
    }
}

/// One strategy.
pub struct Curve {
    /// Its name or path, as it was typed.
    pub strategy: String,
    /// One for each value.
    pub points: Vec<Point>,
    /// The value at which it cannot be run, and why.
    pub impossible: Option<(u64, Phrase)>,
    /// What it may do that its marks do not say, and so was not looked at.
    pub doubts: Vec<Phrase>,
}

/// One strategy at one value.
pub struct Point {
    /// The value.
    pub value: u64,
    /// What was explored; `None` behind a value that was too much.
    pub found: Option<Found>,
    /// What it costs in virtual time; `None` if it cannot be run.
    pub price: Option<Price>,
}

/// What was found in all orders, or in those that were looked at.
#[derive(Clone)]
pub struct Found {
    /// What stopped the exploration. Then all numbers are lower bounds.
    pub stopped: Option<Stopped>,
    /// States that were looked at.
    pub states: usize,
    /// All orders.
    pub orders: BigUint,
    /// Orders that show the anomaly.
    pub with: BigUint,
    /// How often it shows; `None` if that is not known.
    pub frequency: Option<Frequency>,
    /// How likely it is when each next lane is drawn uniformly.
    pub chance: Ratio,
    /// It is at most this likely: the same number, unless something stopped the exploration.
    pub chance_max: Ratio,
    /// Why it is not certain that it never shows, though every order was looked at.
    pub doubts: Vec<Phrase>,
}

impl About {
    /// The scenario of this name. Some program of it tells how it is run.
    pub fn new(name: &str, scenario: &Scenario, program: &Program) -> About {
        let cast = &scenario.cast;
        About {
            scenario: name.to_owned(),
            title: scenario.title.clone(),
            lanes: cast.lanes.iter().map(|lane| lane.name.clone()).collect(),
            infer_ms: cast.infer_ms,
            cancels: !cast.cancels.is_empty(),
            server: Server::of(program),
        }
    }
}

impl Curve {
    /// Whether nothing was found at any value, and not everything was understood.
    pub fn is_doubtful(&self) -> bool {
        let mut found = self.points.iter().filter_map(|point| point.found.as_ref());
        !self.doubts.is_empty() && found.all(|found| found.with.is_zero())
    }

    /// The value at which the exploration had to stop, and what stopped it.
    pub fn stopped(&self) -> Option<(u64, Stopped)> {
        self.points.iter().find_map(|point| {
            let found = point.found.as_ref()?;
            Some((point.value, found.stopped?))
        })
    }
}

impl Point {
    /// The mean reply time in seconds; `None` if a reply never comes.
    pub fn mean_s(&self) -> Option<f64> {
        Some(mean(self.price.as_ref()?.mean_ms?) / 1000.0)
    }

    /// How likely the anomaly is, where that is known exactly.
    pub fn chance(&self) -> Option<f64> {
        let found = self.found.as_ref().filter(|found| found.stopped.is_none())?;
        Some(float(&found.chance))
    }
}
