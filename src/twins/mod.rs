//! The strategies as real Rust, with real locks, channels and threads: one file for each.
//!
//! A twin is written as one would ship it. It touches what lanes share only through the
//! primitives of [`places`], which write down each access themselves, inside their critical
//! section. [`follow`] then holds such a trace against the simulated program, step by step.

pub mod actor;
pub mod actor_shared_slot;
pub mod cache_by_question;
pub mod cache_by_session;
pub mod class_attribute;
pub mod context_variable;
pub mod current_user;
pub mod drift;
pub mod follow;
pub mod global;
pub mod global_append;
pub mod gr_state;
pub mod locked;
pub mod locked_global;
pub mod mutable_default;
pub mod narrow_lock;
pub mod places;
pub mod play;
pub mod queue_global;
pub mod session_lock;
pub mod session_map;
pub mod session_map_append;
pub mod stage;
pub mod state_alias;
pub mod store_swap;
pub mod turns;
pub mod wrong_lock;

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
        "mutable-default" => |stage| Box::new(mutable_default::MutableDefault::open(stage)),
        "class-attribute" => |stage| Box::new(class_attribute::ClassAttribute::open(stage)),
        "cache-by-question" => |stage| Box::new(cache_by_question::CacheByQuestion::open(stage)),
        "locked-global" => |stage| Box::new(locked_global::LockedGlobal::open(stage)),
        "narrow-lock" => |stage| Box::new(narrow_lock::NarrowLock::open(stage)),
        "wrong-lock" => |stage| Box::new(wrong_lock::WrongLock::open(stage)),
        "state-alias" => |stage| Box::new(state_alias::StateAlias::open(stage)),
        "actor-shared-slot" => |stage| Box::new(actor_shared_slot::ActorSharedSlot::open(stage)),
        "queue-global" => |stage| Box::new(queue_global::QueueGlobal::open(stage)),
        "current-user" => |stage| Box::new(current_user::CurrentUser::open(stage)),
        "gr-state" => |stage| Box::new(gr_state::GrState::open(stage)),
        "session-map" => |stage| Box::new(session_map::SessionMap::open(stage)),
        "cache-by-session" => |stage| Box::new(cache_by_session::CacheBySession::open(stage)),
        "session-map-append" => |stage| Box::new(session_map_append::SessionMapAppend::open(stage)),
        "session-lock" => |stage| Box::new(session_lock::SessionLock::open(stage)),
        "locked" => |stage| Box::new(locked::Locked::open(stage)),
        "actor" => |stage| Box::new(actor::Actor::open(stage)),
        "store-swap" => |stage| Box::new(store_swap::StoreSwap::open(stage)),
        "context-variable" => |stage| Box::new(context_variable::ContextVariable::open(stage)),
        _ => return None,
    })
}
