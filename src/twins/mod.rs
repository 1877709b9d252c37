//! The strategies as real Rust, with real locks, channels and threads: one file for each.
//!
//! A twin is written as one would ship it. It touches what lanes share only through the
//! primitives of [`places`], which write down each access themselves, inside their critical
//! section. [`follow`] then holds such a trace against the simulated program, step by step.

pub mod actor;
pub mod follow;
pub mod global;
pub mod global_append;
pub mod locked;
pub mod locked_global;
pub mod places;
pub mod session_map;
pub mod stage;

use crate::platform::Platform;
use crate::replay::record::Said;
use stage::{Request, Stage};

/// A strategy, running.
pub trait Twin<P: Platform>: Send + Sync {
    /// Answers one request. Called by the lane's own thread, once for each turn.
    fn respond(&self, request: &Request) -> Said;

    /// Ends the threads that it started, after the last request.
    fn stop(&self) {}
}

/// Opens the twin of a shipped strategy; `None` if there is none of that name.
pub fn open<P: Platform>(strategy: &str, stage: Stage<P>) -> Option<Box<dyn Twin<P>>> {
    Some(match strategy {
        "global" => Box::new(global::Global::open(stage)),
        "global-append" => Box::new(global_append::GlobalAppend::open(stage)),
        "locked-global" => Box::new(locked_global::LockedGlobal::open(stage)),
        "session-map" => Box::new(session_map::SessionMap::open(stage)),
        "locked" => Box::new(locked::Locked::open(stage)),
        "actor" => Box::new(actor::Actor::open(stage)),
        _ => return None,
    })
}
