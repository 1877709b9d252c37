//! What a result rests on besides the scenario and the strategy, where a real server could differ.

use super::half;
use crate::model::code::Key;
use crate::model::program::Program;
use crate::model::server::Routing;
use crate::phrase;
use crate::words::Phrase;

/// Something that is taken for granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// In a sentence or two; the same in every format.
    pub told: Phrase,
    /// In a few words, for a page with little room.
    pub short: Phrase,
}

/// Everything that is taken for granted.
pub fn assumptions(program: &Program) -> Vec<Assumption> {
    let (setting, replicas) = (program.setting, program.replicas() > 1);
    // What a strategy says itself counts, whatever was asked for.
    let routing = program.routing();
    let sticky = replicas && routing == Routing::Sticky && program.code.is_keyed_by(Key::Replica);
    let cancels = !program.cast.cancels.is_empty() && program.code.is_async;
    let runs_on = !program.cast.cancels.is_empty() && !program.code.is_async;
    let half = half::can_be_left(program).filter(|_| !setting.grain.is_serial());
    let all = [
        (sticky, phrase!("assume-sticky"), phrase!("assume-sticky-short")),
        (
            !replicas && routing == Routing::RoundRobin,
            phrase!("assume-one-replica"),
            phrase!("assume-one-replica-short"),
        ),
        (
            program.tracks_workers(),
            phrase!("assume-idle-threads", idle = program.idle().name()),
            phrase!("assume-idle-threads-short", idle = program.idle().name()),
        ),
        (
            setting.workers.is_some() && program.on_loop,
            phrase!("assume-one-loop"),
            phrase!("assume-one-loop-short"),
        ),
        (
            cancels && setting.grain.is_serial(),
            phrase!("assume-whole-requests", grain = setting.grain.name()),
            phrase!("assume-whole-requests-short", grain = setting.grain.name()),
        ),
        (
            half.is_some(),
            phrase!("assume-half-turn", place = half.unwrap_or_default()),
            phrase!("assume-half-turn-short", place = half.unwrap_or_default()),
        ),
        (runs_on, phrase!("assume-runs-on"), phrase!("assume-runs-on-short")),
    ];
    let holds = all.into_iter().filter(|(holds, ..)| *holds);
    holds.map(|(_, told, short)| Assumption { told, short }).collect()
}
