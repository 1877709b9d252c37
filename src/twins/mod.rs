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
pub mod play;
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

/// What opens a twin.
pub type Opener<P> = fn(Stage<P>) -> Box<dyn Twin<P>>;

/// What opens the twin of a shipped strategy; `None` if there is none of that name.
pub fn opener<P: Platform>(strategy: &str) -> Option<Opener<P>> {
    Some(match strategy {
        "global" => |stage| Box::new(global::Global::open(stage)),
        "global-append" => |stage| Box::new(global_append::GlobalAppend::open(stage)),
        "locked-global" => |stage| Box::new(locked_global::LockedGlobal::open(stage)),
        "session-map" => |stage| Box::new(session_map::SessionMap::open(stage)),
        "locked" => |stage| Box::new(locked::Locked::open(stage)),
        "actor" => |stage| Box::new(actor::Actor::open(stage)),
        _ => return None,
    })
}
