//! How a server runs requests: how many at once, on which threads, in which processes.

/// Which of several replicas serves a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Routing {
    /// Always the same one for a session.
    #[default]
    Sticky,
    /// One after the other, whoever asks.
    RoundRobin,
}

impl Routing {
    /// Every routing.
    pub const ALL: [Routing; 2] = [Routing::Sticky, Routing::RoundRobin];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Routing::Sticky => "sticky",
            Routing::RoundRobin => "round-robin",
        }
    }
}

/// Which of several idle threads takes the next request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Idle {
    /// The one that has been idle longest, as in a queue.
    #[default]
    Longest,
    /// The one that became idle last, as on a stack; one that never worked only if no other is idle.
    Latest,
}

impl Idle {
    /// Both.
    pub const ALL: [Idle; 2] = [Idle::Longest, Idle::Latest];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Idle::Longest => "longest",
            Idle::Latest => "latest",
        }
    }
}

/// What a limit on requests counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Slots {
    /// All requests together.
    #[default]
    Shared,
    /// The requests of each function of the app apart.
    PerFunction,
}

impl Slots {
    /// Both.
    pub const ALL: [Slots; 2] = [Slots::Shared, Slots::PerFunction];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Slots::Shared => "shared",
            Slots::PerFunction => "per-function",
        }
    }
}

/// The highest limit that makes sense, and the most threads.
pub const REQUESTS_MAX: usize = 1000;
/// The most processes that can serve requests.
pub const REPLICAS_MAX: usize = 8;

/// A server that people really use, as far as it limits requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The word for it.
    pub name: &'static str,
    /// At most so many requests at once; `None` for no limit.
    pub limit: Option<usize>,
    /// What the limit counts.
    pub slots: Slots,
}

/// The known servers: Gradio 3 without a queue (40 threads, which no class fills) and with one, and
/// Gradio from version 4 on, where every function has a queue of its own.
pub const PROFILES: [Profile; 3] = [
    Profile { name: "gradio-3", limit: None, slots: Slots::Shared },
    Profile { name: "gradio-3-queue", limit: Some(1), slots: Slots::Shared },
    Profile { name: "gradio-4", limit: Some(1), slots: Slots::PerFunction },
];
