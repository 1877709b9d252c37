//! The registry of shipped strategies, one line each, in lesson order: each answers the question
//! that the one before it leaves open.

/// A shipped strategy.
#[derive(Clone, Copy, Debug)]
pub struct Strategy {
    /// Its name on the command line and in files.
    pub name: &'static str,
    /// Its listing.
    pub listing: &'static str,
}

/// Every shipped strategy.
pub const STRATEGIES: &[Strategy] = &[
    Strategy { name: "global", listing: include_str!("../strategies/global.py") },
    Strategy { name: "global-append", listing: include_str!("../strategies/global-append.py") },
    Strategy { name: "locked-global", listing: include_str!("../strategies/locked-global.py") },
    Strategy { name: "session-map", listing: include_str!("../strategies/session-map.py") },
    Strategy { name: "locked", listing: include_str!("../strategies/locked.py") },
    Strategy { name: "actor", listing: include_str!("../strategies/actor.py") },
];

/// The strategy with this name.
pub fn named(name: &str) -> Option<&'static Strategy> {
    STRATEGIES.iter().find(|strategy| strategy.name == name)
}

/// The names of all strategies, in lesson order.
pub fn names() -> Vec<&'static str> {
    STRATEGIES.iter().map(|strategy| strategy.name).collect()
}
