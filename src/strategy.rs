//! The registry of shipped strategies, one line each, in lesson order: each answers the question
//! that the one before it leaves open.

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
    None(&'static str),
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
    pub fn name(self) -> &'static str {
        match self {
            Group::Sharing => "sharing",
            Group::FalseRepair => "false repair",
            Group::RaceOnly => "race only",
            Group::Isolated => "isolated",
            Group::Right => "right",
        }
    }

    /// What its strategies have in common, in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Group::Sharing => "Sharing: what is one user's is given to all",
            Group::FalseRepair => "False repairs: they look like one, and it still goes wrong",
            Group::RaceOnly => "Races only: clean until requests overlap, or one is cancelled",
            Group::Isolated => "Isolated, but a double click loses a turn",
            Group::Right => "Right: nothing leaks, and nothing is lost",
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

const SAME_AS_GLOBAL: &str = "with its one key it is the twin of global";
const SAME_AS_SESSION_MAP: &str = "but for its key it is the twin of session-map";
const SERVER: &str = "what it is about happens in the server, which a twin does not have: threads that are used again, copies of the app, or two requests of one turn";
const CANCEL: &str = "a thread cannot be cancelled where it waits; that takes async code";
const FIRST_CONTACT: &str = "what a twin does may not depend on what it reads; here the first request of a session does more than the later ones";

/// Every shipped strategy.
pub const STRATEGIES: &[Strategy] = &[
    strategy!(Sharing, "global", "global"),
    strategy!(Sharing, "global-append", "global_append"),
    strategy!(Sharing, "mutable-default", "mutable_default"),
    strategy!(Sharing, "class-attribute", "class_attribute"),
    strategy!(Sharing, "by-address", none: SAME_AS_SESSION_MAP),
    strategy!(Sharing, "cache-by-question", "cache_by_question"),
    strategy!(Sharing, "thread-local", none: SERVER),
    strategy!(Sharing, "session-none", none: SAME_AS_GLOBAL),
    // It leaks only when questions wait together; what they then share is the fault all the same.
    strategy!(Sharing, "framework-batch", none: "a batch is taken by looking whether more questions wait, and loom does not try all ways for that"),
    strategy!(FalseRepair, "locked-global", "locked_global"),
    strategy!(FalseRepair, "narrow-lock", "narrow_lock"),
    strategy!(FalseRepair, "wrong-lock", "wrong_lock"),
    strategy!(FalseRepair, "state-alias", "state_alias"),
    strategy!(FalseRepair, "actor-shared-slot", "actor_shared_slot"),
    strategy!(FalseRepair, "queue-global", "queue_global"),
    strategy!(FalseRepair, "two-step", none: SERVER),
    // It does not leak, it forgets.
    strategy!(FalseRepair, "replicas-unsticky", none: SERVER),
    strategy!(RaceOnly, "current-user", "current_user"),
    strategy!(RaceOnly, "racy-id", none: FIRST_CONTACT),
    // It needs a request that is cancelled.
    strategy!(RaceOnly, "pooled-connection", none: CANCEL),
    strategy!(Isolated, "gr-state", "gr_state"),
    strategy!(Isolated, "session-map", "session_map"),
    strategy!(Isolated, "store-shared", none: SAME_AS_SESSION_MAP),
    // Nobody hears another user, but as with session-map a double click loses a turn.
    strategy!(Isolated, "cache-by-session", "cache_by_session"),
    strategy!(Right, "session-map-append", "session_map_append"),
    strategy!(Right, "session-lock", "session_lock"),
    strategy!(Right, "locked", "locked"),
    strategy!(Right, "actor", "actor"),
    strategy!(Right, "store-swap", "store_swap"),
    strategy!(Right, "uuid-id", none: FIRST_CONTACT),
    strategy!(Right, "pooled-connection-dropped", none: CANCEL),
    strategy!(Right, "replicas-sticky", none: SERVER),
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
