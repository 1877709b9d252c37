//! What a result rests on besides the scenario and the strategy, where a real server could differ.

use crate::model::code::Key;
use crate::model::program::{Grain, Program};
use crate::model::server::Routing;
use crate::phrase;
use crate::words::Phrase;

/// Each in one sentence or two; the same in every format.
pub fn assumptions(program: &Program) -> Vec<Phrase> {
    let (setting, replicas) = (program.setting, program.replicas() > 1);
    // What a strategy says itself counts, whatever was asked for.
    let routing = program.routing();
    let sticky = replicas && routing == Routing::Sticky && program.code.is_keyed_by(Key::Replica);
    let runs_on = !program.cast.cancels.is_empty() && !program.code.is_async;
    let all = [
        sticky.then(|| phrase!("assume-sticky")),
        (!replicas && routing == Routing::RoundRobin).then(|| phrase!("assume-one-replica")),
        program.tracks_workers().then(|| phrase!("assume-idle-threads")),
        (setting.workers.is_some() && setting.grain == Grain::Await)
            .then(|| phrase!("assume-one-loop")),
        runs_on.then(|| phrase!("assume-runs-on")),
    ];
    all.into_iter().flatten().collect()
}
