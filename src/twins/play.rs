//! A twin, played once: a thread for each lane, and what they left behind.

use super::Twin;
use super::drift::{Apart, Drift};
use super::follow::follow;
use super::stage::{Request, Stage, Thinks};
use crate::model::program::Program;
use crate::platform::{Arc, Log, Platform};
use crate::replay::record::Record;

/// How a twin is played.
pub struct Play<'a> {
    /// The program that it must be a path of; at grain `access`.
    pub program: &'a Program,
    /// What happens while the assistant thinks.
    pub thinks: Thinks,
    /// What happens before each request.
    pub hesitates: Thinks,
}

impl Play<'_> {
    /// Opens a twin, lets every lane send its requests, and follows what really happened through
    /// the program. The calling thread is the last lane: loom has no thread to spare.
    pub fn once<P: Platform>(
        &self,
        open: impl Fn(Stage<P>) -> Box<dyn Twin<P>>,
    ) -> Result<Record, Drift> {
        let cast = Arc::new(self.program.cast.clone());
        let (trace, replies) = (Arc::new(Log::default()), Arc::new(Log::default()));
        let stage = Stage::new(Arc::clone(&cast))
            .traced(Arc::clone(&trace))
            .thinking(Arc::clone(&self.thinks));
        let twin: Arc<Box<dyn Twin<P>>> = Arc::new(open(stage));
        let lane = |lane: usize| {
            let (cast, twin) = (Arc::clone(&cast), Arc::clone(&twin));
            let (replies, hesitates) = (Arc::clone(&replies), Arc::clone(&self.hesitates));
            move || {
                let session = cast.lanes[lane].session;
                for turn in cast.lanes[lane].turns.clone() {
                    let request = Request { lane, session, turn };
                    hesitates(&request);
                    replies.push((turn, twin.respond(&request)));
                }
            }
        };
        let last = self.program.clients() - 1;
        let threads: Vec<P::Thread> = (0..last).map(|it| P::spawn(lane(it))).collect();
        lane(last)();
        // Every thread is waited for, also behind one that panicked.
        let ended: Vec<bool> = threads.into_iter().map(P::join).collect();
        twin.stop();
        match ended.into_iter().all(|ended| ended) {
            true => follow(self.program, &trace.take(), &replies.take()),
            false => Err(Drift::new(None, Apart::Panicked)),
        }
    }
}
