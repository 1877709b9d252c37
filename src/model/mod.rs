//! The meaning of a run: what lanes may do, and what a step does to the shared state.
//!
//! ```text
//! listing ──► Code ──┐
//!                    ├──► Program ──► State ── step(lane) ──► State ── step(lane) ──► …
//! scenario ─► Cast ──┘
//! ```
//!
//! Everything here is pure: no files, no clock, no threads, and nothing that can fail once a
//! program was built.

pub mod cast;
pub mod code;
pub mod context;
#[cfg(test)]
pub(crate) mod made;
pub mod op;
pub mod pairs;
pub mod program;
pub mod schedule;
pub mod server;
pub mod state;
pub mod step;
pub mod touch;

/// Position of a user in [`cast::Cast::users`].
pub type UserId = usize;
/// Position of a session in [`cast::Cast::sessions`].
pub type SessionId = usize;
/// Position of a lane in [`program::Program::lanes`]: clients first, then daemons.
pub type LaneId = usize;
/// Position of a turn in [`cast::Cast::turns`], counted over all lanes.
pub type TurnId = usize;
/// Position of a declared place in [`code::Code::places`].
pub type PlaceId = usize;
