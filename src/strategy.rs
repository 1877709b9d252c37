//! The registry of shipped strategies, one line each, in lesson order: each answers the question
//! that the one before it leaves open.

/// A shipped strategy.
#[derive(Clone, Copy, Debug)]
pub struct Strategy {
    /// Its name on the command line and in files.
    pub name: &'static str,
    /// Its listing.
    pub listing: &'static str,
    /// The source of its twin; `crate::twins::opener` runs it.
    pub twin: &'static str,
}

/// A strategy's two texts, by the names of their files.
macro_rules! strategy {
    ($name:literal, $twin:literal) => {
        Strategy {
            name: $name,
            listing: include_str!(concat!("../strategies/", $name, ".py")),
            twin: include_str!(concat!("twins/", $twin, ".rs")),
        }
    };
}

/// Every shipped strategy.
pub const STRATEGIES: &[Strategy] = &[
    strategy!("global", "global"),
    strategy!("global-append", "global_append"),
    strategy!("locked-global", "locked_global"),
    strategy!("session-map", "session_map"),
    strategy!("locked", "locked"),
    strategy!("actor", "actor"),
];

/// The strategy with this name.
pub fn named(name: &str) -> Option<&'static Strategy> {
    STRATEGIES.iter().find(|strategy| strategy.name == name)
}

/// The names of all strategies, in lesson order.
pub fn names() -> Vec<&'static str> {
    STRATEGIES.iter().map(|strategy| strategy.name).collect()
}
