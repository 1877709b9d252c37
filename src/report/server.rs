//! How a program was run, for documents and tables: what every number of theirs depends on.

use crate::model::program::Program;
use crate::phrase;
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;

/// How the server runs requests.
#[derive(Serialize, JsonSchema)]
pub(super) struct ServerDocument {
    /// How much of a lane is one step: access, line, await or turn.
    grain: &'static str,
    /// The most requests inside handlers at once; null for no limit.
    limit: Option<usize>,
    /// What the limit counts: "shared" for all requests, "per-function" for those of each function
    /// of the app.
    slots: &'static str,
    /// How many threads run requests; null for as many as there are requests at once.
    workers: Option<usize>,
    /// How many processes serve requests.
    replicas: usize,
    /// Which of them serves a request: sticky or round-robin.
    routing: &'static str,
}

impl ServerDocument {
    /// The grain, and what else there is to say of the server.
    pub(super) fn phrases(&self) -> Vec<Phrase> {
        let grain = phrase!("server-grain", grain = self.grain);
        [grain].into_iter().chain(self.limits()).collect()
    }

    /// How requests are run, where there is something to say.
    pub(super) fn limits(&self) -> Vec<Phrase> {
        let limit = self.limit.map(|limit| phrase!("server-limit", n = limit, slots = self.slots));
        let workers = self.workers.map(|workers| phrase!("server-workers", n = workers));
        let replicas = (self.replicas > 1)
            .then(|| phrase!("server-replicas", n = self.replicas, routing = self.routing));
        limit.into_iter().chain(workers).chain(replicas).collect()
    }

    /// What stands under [`SERVER_FIELDS`]; empty for no limit, and for as many threads as are needed.
    pub(super) fn fields(&self) -> [String; 6] {
        let amount = |amount: Option<usize>| amount.map_or_else(String::new, |it| it.to_string());
        [
            self.grain.into(),
            amount(self.limit),
            self.slots.into(),
            amount(self.workers),
            self.replicas.to_string(),
            self.routing.into(),
        ]
    }
}

/// How a program is run.
pub(super) fn server(program: &Program) -> ServerDocument {
    let setting = program.setting;
    ServerDocument {
        grain: setting.grain.name(),
        limit: setting.limit,
        slots: setting.slots.name(),
        workers: setting.workers,
        replicas: program.replicas(),
        routing: program.routing().name(),
    }
}

/// The headings of a table that says how programs were run.
pub(super) const SERVER_FIELDS: [&str; 6] =
    ["grain", "limit", "slots", "workers", "replicas", "routing"];
