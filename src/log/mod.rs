//! Logs of apps: one JSON object for each line says what a request read, wrote and replied.
//!
//! The format is in `docs/LOGS.md`.

pub mod line;
