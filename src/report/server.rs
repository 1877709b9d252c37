//! How a program was run, for documents and tables: what every number of theirs depends on.

use crate::model::program::Program;
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

/// What stands under them; empty for no limit, and for as many threads as are needed.
pub(super) fn server_fields(program: &Program) -> [String; 6] {
    let ServerDocument { grain, limit, slots, workers, replicas, routing } = server(program);
    let amount = |amount: Option<usize>| amount.map_or_else(String::new, |it| it.to_string());
    [
        grain.into(),
        amount(limit),
        slots.into(),
        amount(workers),
        replicas.to_string(),
        routing.into(),
    ]
}
