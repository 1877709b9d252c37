//! How a program was run, for documents and tables: what every number of theirs depends on.

use crate::model::program::Program;
use crate::model::server::Slots;
use crate::phrase;
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;

/// How the server runs requests.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Server {
    /// How much of a lane is one step: access, line, await, turn or chain.
    pub grain: &'static str,
    /// The most requests inside handlers at once; null for no limit.
    pub limit: Option<usize>,
    /// What the limit counts: "shared" for all requests, "per-function" for those of each function
    /// of the app.
    pub slots: &'static str,
    /// How many threads run requests; null for as many as there are requests at once.
    pub workers: Option<usize>,
    /// How many processes serve requests.
    pub replicas: usize,
    /// Which of them serves a request: sticky or round-robin.
    pub routing: &'static str,
    /// Which of several idle threads takes a request: the one that has been idle longest, or the one
    /// that became idle latest.
    pub idle: &'static str,
}

impl Server {
    /// How a program is run.
    pub fn of(program: &Program) -> Server {
        let setting = program.setting;
        Server {
            grain: setting.grain.name(),
            limit: setting.limit,
            slots: setting.slots.name(),
            workers: setting.workers,
            replicas: program.replicas(),
            routing: program.routing().name(),
            idle: program.idle().name(),
        }
    }

    /// What there is to say of it behind the grain, each part behind a dot; often nothing.
    pub fn phrase(&self) -> Phrase {
        let limit = self.limit.map(|limit| match self.slots == Slots::PerFunction.name() {
            false => phrase!("server-limit", limit = limit),
            true => phrase!("server-limit-function", limit = limit),
        });
        let workers = self.workers.map(|workers| phrase!("server-workers", workers = workers));
        let replicas = (self.replicas > 1)
            .then(|| phrase!("server-replicas", replicas = self.replicas, routing = self.routing));
        Phrase::joined("together", [limit, workers, replicas].into_iter().flatten())
    }

    /// What stands under [`SERVER_FIELDS`]; empty for no limit, and for as many threads as are needed.
    pub fn fields(&self) -> [String; 6] {
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

/// The headings of a table that says how programs were run.
pub const SERVER_FIELDS: [&str; 6] = ["grain", "limit", "slots", "workers", "replicas", "routing"];
