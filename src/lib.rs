//! interleak replays scripted multi-user scenarios against selectable ways of keeping state,
//! explores every interleaving, and shows the ones in which one user is answered with another
//! user's data.
//!
//! The bird's eye view is in `docs/dev/ARCHITECTURE.md`. In one picture:
//!
//! ```text
//! scenarios/*.json ──► scenario ──┐
//!                                 ├─► model::program ──► explore ──► verdict ──► report
//! strategies/*.py ──► listing ────┘
//! ```

pub mod exit;
pub mod input;
pub mod pager;
pub mod platform;
pub mod problem;
pub mod screen;
pub mod words;

pub mod listing;
pub mod log;
pub mod model;
pub mod scenario;

pub mod anomalies;
pub mod explore;
pub mod recount;
pub mod replay;
pub mod timing;
pub mod twins;

pub mod glossary;
pub mod strategy;

pub mod python;
pub mod stress;

pub mod verdict;

pub mod story;

pub mod report;

pub mod commands;

pub mod cli;
