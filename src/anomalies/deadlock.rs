//! Everybody waits for somebody, for ever.

use super::facts::{Said, Wait};
use super::reason::Reason;
use super::{Anomaly, Finding, Judgement, no_mark};
use crate::model::LaneId;
use crate::model::context::Mask;
use crate::model::program::{Detail, Grain, Program};
use crate::model::state::State;
use crate::model::step::Blocked;
use crate::replay::record::{Ending, Record};

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "deadlock",
    mark: "STUCK",
    detail: Detail::Nothing,
    about_data: false,
    judge: Judgement::End(judge),
    find,
    say,
    why,
    mark_at: no_mark,
};

fn judge(_: &Program, _: &State<Mask>, stuck: bool) -> bool {
    stuck
}

fn find(_: &Program, record: &Record) -> Vec<Finding> {
    let step = record.steps.len().saturating_sub(1);
    match record.ending {
        Ending::Stuck(_) => vec![Finding { step, turn: None, about: Vec::new() }],
        Ending::Open | Ending::Complete => Vec::new(),
    }
}

fn say(program: &Program, record: &Record, _: &Finding) -> Said {
    let waiting = waiting(record).iter();
    let waits = waiting.map(|&(lane, reason)| Wait::of(program, lane, reason)).collect();
    match program.setting.grain {
        // Here a move is a whole turn, and a turn that cannot end does not begin.
        Grain::Turn => Said::TurnStuck { waits },
        Grain::Access | Grain::Line | Grain::Await => Said::Stuck { waits },
    }
}

/// Who waits for ever, and why.
fn waiting(record: &Record) -> &[(LaneId, Blocked)] {
    match &record.ending {
        Ending::Stuck(waiting) => waiting,
        Ending::Open | Ending::Complete => &[],
    }
}

fn why(program: &Program, record: &Record, _: &Finding) -> Vec<Reason> {
    let waiting = waiting(record);
    if let Some(reason) = waiting.iter().find_map(|(lane, why)| frozen(program, *lane, *why)) {
        return vec![reason];
    }
    let mut reasons: Vec<Reason> = Vec::new();
    for &(lane, reason) in waiting {
        let Blocked::Lock { lock, place, holder } = reason else { continue };
        let place = program.instance_name(place, lock);
        let name = program.lanes[holder].name.clone();
        let waits_too = waiting.iter().any(|(other, _)| *other == holder);
        let reason = match (holder == lane, waits_too) {
            (true, _) => Reason::TakenTwice { lane: name, place },
            (false, false) => Reason::NeverFreed { lane: name, place },
            (false, true) => continue,
        };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    if reasons.is_empty() {
        reasons.push(Reason::Circle);
    }
    reasons
}

/// On one event loop, a lane that waits for an ordinary lock lets nobody go on, not even the one
/// that could give the lock back.
fn frozen(program: &Program, lane: LaneId, reason: Blocked) -> Option<Reason> {
    let Blocked::Lock { lock, place, holder } = reason else { return None };
    let frozen = program.setting.grain == Grain::Await && !program.code.places[place].is_async;
    frozen.then(|| Reason::LoopStopped {
        lane: program.lanes[lane].name.clone(),
        place: program.instance_name(place, lock),
        holder: program.lanes[holder].name.clone(),
    })
}
