//! Logs of real apps: one JSON object for each line says what a request read, wrote and replied.
//!
//! ```text
//! bytes ──► blocks ──► entry ──► judge ──► diagnosis ──► facts
//!           whole      ids as    session,  what was      what there is
//!           lines      numbers   cell      counted       to tell of it
//!           └── side by side ──┘ └─ in the order of the lines
//! ```
//!
//! The order of the lines is taken for the order of events. The format, the rules and what is
//! remembered are told in `docs/LOGS.md`.

pub mod blocks;
pub mod cell;
pub mod diagnosis;
pub mod entry;
pub mod facts;
pub mod judge;
pub mod line;
pub mod met;
pub mod origins;
mod owners;
pub mod recent;
mod replies;
pub mod request;
mod rules;
pub mod scan;
pub mod session;
mod stores;
pub mod time;
mod writes;
