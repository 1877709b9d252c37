//! The registry of shipped strategies, one line each, in lesson order: each answers the question
//! that the one before it leaves open.

use crate::listing::Listing;
use crate::phrase;
use crate::words::Phrase;

/// A shipped strategy.
#[derive(Clone, Copy, Debug)]
pub struct Strategy {
    /// What it is good for.
    pub group: Group,
    /// Its name on the command line and in files.
    pub name: &'static str,
    /// Its listing.
    pub listing: &'static str,
    /// Its twin.
    pub twin: Twin,
}

/// A strategy as real Rust.
#[derive(Clone, Copy, Debug)]
pub enum Twin {
    /// Its source; `crate::twins::opener` runs it.
    Source(&'static str),
    /// There is none, and why.
    None(NoTwin),
}

/// Why a strategy has no twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTwin {
    /// Its listing does what that of this other strategy does.
    SameAs(&'static str),
    /// It is about the server, which a twin does not have.
    Server,
    /// It is about a request that is cancelled; a thread cannot be.
    Cancel,
    /// What the first request of a session does depends on what it reads.
    FirstContact,
    /// It looks whether more waits, for which loom does not try all ways.
    Batches,
}

impl NoTwin {
    /// The same, in words.
    pub fn phrase(self) -> Phrase {
        match self {
            NoTwin::SameAs(other) => phrase!("no-twin-same", other = other),
            NoTwin::Server => phrase!("no-twin-server"),
            NoTwin::Cancel => phrase!("no-twin-cancel"),
            NoTwin::FirstContact => phrase!("no-twin-first-contact"),
            NoTwin::Batches => phrase!("no-twin-batches"),
        }
    }
}

impl Strategy {
    /// Whether its listing says itself which replica serves a request.
    pub fn routes(&self) -> bool {
        let listing = Listing::parse(self.name, self.listing);
        listing.is_ok_and(|listing| listing.code.routing.is_some())
    }
}

/// What a strategy is good for, in lesson order. `tests/shipped.rs` holds each strategy to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// It leaks, also when requests never overlap.
    Sharing,
    /// It is proposed as a repair, and leaks all the same.
    FalseRepair,
    /// It leaks only when requests overlap.
    RaceOnly,
    /// It never leaks, but one session can overwrite its own turn.
    Isolated,
    /// It never leaks and loses nothing.
    Right,
}

impl Group {
    /// The group in a word or two.
    pub fn name(self) -> Phrase {
        match self {
            Group::Sharing => phrase!("group-sharing"),
            Group::FalseRepair => phrase!("group-false-repair"),
            Group::RaceOnly => phrase!("group-race-only"),
            Group::Isolated => phrase!("group-isolated"),
            Group::Right => phrase!("group-right"),
        }
    }

    /// What its strategies have in common, in a sentence.
    pub fn title(self) -> Phrase {
        match self {
            Group::Sharing => phrase!("group-title-sharing"),
            Group::FalseRepair => phrase!("group-title-false-repair"),
            Group::RaceOnly => phrase!("group-title-race-only"),
            Group::Isolated => phrase!("group-title-isolated"),
            Group::Right => phrase!("group-title-right"),
        }
    }

    /// The same where not all of it shows.
    pub fn title_where_not_all_shows(self) -> Phrase {
        match self {
            Group::Sharing => phrase!("group-mostly-sharing"),
            Group::FalseRepair => phrase!("group-mostly-false-repair"),
            Group::RaceOnly => phrase!("group-mostly-race-only"),
            Group::Isolated => phrase!("group-mostly-isolated"),
            Group::Right => phrase!("group-mostly-right"),
        }
    }
}

/// A strategy's two texts, by the names of their files.
macro_rules! strategy {
    ($group:ident, $name:literal, none: $why:expr) => {
        Strategy {
            group: Group::$group,
            name: $name,
            listing: include_str!(concat!("../strategies/", $name, ".py")),
            twin: Twin::None($why),
        }
    };
    ($group:ident, $name:literal, $twin:literal) => {
        Strategy {
            group: Group::$group,
            name: $name,
            listing: include_str!(concat!("../strategies/", $name, ".py")),
            twin: Twin::Source(include_str!(concat!("twins/", $twin, ".rs"))),
        }
    };
}

/// Every shipped strategy.
pub const STRATEGIES: &[Strategy] = &[
    strategy!(Sharing, "global", "global"),
    strategy!(Sharing, "global-append", "global_append"),
    strategy!(Sharing, "mutable-default", "mutable_default"),
    strategy!(Sharing, "class-attribute", "class_attribute"),
    strategy!(Sharing, "by-address", none: NoTwin::SameAs("session-map")),
    strategy!(Sharing, "cache-by-question", "cache_by_question"),
    strategy!(Sharing, "thread-local", none: NoTwin::Server),
    strategy!(Sharing, "session-none", none: NoTwin::SameAs("global")),
    // It leaks only when questions wait together; what they then share is the fault all the same.
    strategy!(Sharing, "framework-batch", none: NoTwin::Batches),
    strategy!(FalseRepair, "locked-global", "locked_global"),
    strategy!(FalseRepair, "narrow-lock", "narrow_lock"),
    strategy!(FalseRepair, "wrong-lock", "wrong_lock"),
    strategy!(FalseRepair, "state-alias", "state_alias"),
    strategy!(FalseRepair, "actor-shared-slot", "actor_shared_slot"),
    strategy!(FalseRepair, "queue-global", "queue_global"),
    strategy!(FalseRepair, "two-step", none: NoTwin::Server),
    // It does not leak, it forgets.
    strategy!(FalseRepair, "replicas-unsticky", none: NoTwin::Server),
    strategy!(RaceOnly, "current-user", "current_user"),
    strategy!(RaceOnly, "racy-id", none: NoTwin::FirstContact),
    // It needs a request that is cancelled.
    strategy!(RaceOnly, "pooled-connection", none: NoTwin::Cancel),
    strategy!(Isolated, "gr-state", "gr_state"),
    strategy!(Isolated, "session-map", "session_map"),
    strategy!(Isolated, "store-shared", none: NoTwin::SameAs("session-map")),
    // Nobody hears another user, but as with session-map a double click loses a turn.
    strategy!(Isolated, "cache-by-session", "cache_by_session"),
    strategy!(Right, "session-map-append", "session_map_append"),
    strategy!(Right, "session-lock", "session_lock"),
    strategy!(Right, "locked", "locked"),
    strategy!(Right, "actor", "actor"),
    strategy!(Right, "store-swap", "store_swap"),
    strategy!(Right, "uuid-id", none: NoTwin::FirstContact),
    strategy!(Right, "pooled-connection-dropped", none: NoTwin::Cancel),
    strategy!(Right, "replicas-sticky", none: NoTwin::Server),
    strategy!(Right, "context-variable", "context_variable"),
];

/// The strategies that together tell the lesson, in its order: what leaks, what does not repair it,
/// what does, and what that costs.
pub const LESSON: [&str; 8] = [
    "global",
    "locked-global",
    "narrow-lock",
    "current-user",
    "session-map",
    "session-lock",
    "locked",
    "actor",
];

/// The strategy with this name.
pub fn named(name: &str) -> Option<&'static Strategy> {
    STRATEGIES.iter().find(|strategy| strategy.name == name)
}

/// The names of all strategies, in lesson order.
pub fn names() -> Vec<&'static str> {
    STRATEGIES.iter().map(|strategy| strategy.name).collect()
}

/// What a lesson says behind `Believed:` or `Actual:`, given as `believed` or `actual`: its first
/// sentence, without the full stop.
pub fn told(lesson: &str, word: &str) -> Option<String> {
    let said = |line: &str| {
        let (label, text) = line.split_once(':')?;
        label.eq_ignore_ascii_case(word).then(|| text.trim().to_owned())
    };
    let text = lesson.lines().find_map(said)?;
    let sentence = text.split_once(". ").map_or(text.as_str(), |(first, _)| first);
    Some(sentence.trim_end_matches('.').to_owned())
}
