//! What a result rests on besides the scenario and the strategy, where a real server could differ.

use crate::model::code::Key;
use crate::model::program::{Grain, Program};
use crate::model::server::Routing;

/// Each in one sentence; the same in every format.
pub fn assumptions(program: &Program) -> Vec<&'static str> {
    let (setting, replicas) = (program.setting, program.replicas() > 1);
    // What a strategy says itself counts, whatever was asked for.
    let routing = program.routing();
    let all = [
        (
            replicas && routing == Routing::Sticky && program.code.is_keyed_by(Key::Replica),
            "Sticky routing: the first session goes to replica 1, the second to replica 2, and so \
             on, then from the first again. Another placement can show other things.",
        ),
        (
            !replicas && routing == Routing::RoundRobin,
            "There is one replica, so routing makes no difference.",
        ),
        (
            program.tracks_workers(),
            "Idle threads take turns. Which thread a real server takes depends on what else it does.",
        ),
        (
            setting.workers.is_some() && setting.grain == Grain::Await,
            "At grain await one thread runs everything, however many there are.",
        ),
        (
            !program.cast.cancels.is_empty() && !program.code.is_async,
            "This strategy is not an `async def`: a request runs on in its thread when its client is \
             gone, so nothing is cancelled.",
        ),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words).collect()
}
