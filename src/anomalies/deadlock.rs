//! Everybody waits for somebody, for ever.

use super::facts::{Message, Said, Wait};
use super::reason::Reason;
use super::{Anomaly, Finding, Judgement, no_mark};
use crate::model::code::Line;
use crate::model::context::Mask;
use crate::model::program::{Detail, Grain, Program};
use crate::model::state::State;
use crate::model::step::Blocked;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Ending, Event, Record};
use std::collections::BTreeMap;

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
        Grain::Turn | Grain::Chain => Said::TurnStuck { waits },
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
    if let Some(reason) = waiting.iter().find_map(|it| frozen(program, record, *it)) {
        return vec![reason];
    }
    let mut reasons: Vec<Reason> = Vec::new();
    for &(lane, reason) in waiting {
        let why = match reason {
            Blocked::Lock { lock, place, holder } => {
                held(program, record, lane, (program.instance_name(place, lock), holder))
            }
            Blocked::NothingToRead { pipe, place } => {
                Some(nothing_in(program, record, program.instance_name(place, pipe)))
            }
            Blocked::NoAnswer => unserved(program, record, lane),
            _ => None,
        };
        reasons.extend(why.filter(|why| !reasons.contains(why)));
    }
    if reasons.is_empty() {
        reasons = left_held(program, record);
    }
    // Only then each of them waits for another one of them.
    let in_circle =
        |(_, why): &(LaneId, Blocked)| matches!(why, Blocked::Lock { .. } | Blocked::Full { .. });
    if reasons.is_empty() && waiting.iter().all(in_circle) {
        reasons.push(Reason::Circle);
    }
    reasons
}

/// On one event loop, a lane that waits for an ordinary lock lets nobody go on, not even the one
/// that could give the lock back.
fn frozen(program: &Program, record: &Record, waits: (LaneId, Blocked)) -> Option<Reason> {
    let (lane, Blocked::Lock { lock, place, holder }) = waits else { return None };
    let by_loop = program.setting.grain == Grain::Await && !program.code.places[place].is_async;
    let place = program.instance_name(place, lock);
    if !by_loop || lane == holder || is_through(program, record, holder, &place) {
        return None;
    }
    let name = |lane: LaneId| program.lanes[lane].name.clone();
    let (own, holder_name) = (name(lane), name(holder));
    Some(match was_asking(program, record, holder) {
        true => Reason::LoopStopped { lane: own, place, holder: holder_name },
        false => Reason::LoopStoppedAnyway { lane: own, place, holder: holder_name },
    })
}

/// Whether a lane has ended the request in which it took a lock, or a worker what it did for a
/// question: then it will never give it back.
fn is_through(program: &Program, record: &Record, lane: LaneId, lock: &str) -> bool {
    let lines = || record.steps.iter().flat_map(|step| &step.lines).filter(|it| it.lane == lane);
    let takes = |event: &Event| matches!(event, Event::Acquired { name } if name == lock);
    let taken = lines().rfind(|line| line.events.iter().any(takes));
    let (Some(taken), Some(last)) = (taken, lines().next_back()) else { return true };
    let ends = |event: &Event| matches!(event, Event::Replied { .. } | Event::Cancelled(_));
    let is_last = |own: &Line| (own.number, &own.text) == (last.number, &last.text);
    taken.turn != last.turn
        || last.events.iter().any(ends)
        || program.routine(lane).lines.last().is_some_and(is_last)
}

/// Whether the last line that a lane ran asked the assistant.
fn was_asking(program: &Program, record: &Record, lane: LaneId) -> bool {
    let mut lines = record.steps.iter().flat_map(|step| &step.lines);
    let last = lines.rfind(|line| line.lane == lane);
    last.is_some_and(|last| {
        let mut lines = program.routine(lane).lines.iter();
        lines.any(|line| line.infers() && (line.number, &line.text) == (last.number, &last.text))
    })
}

/// Why a lock is not given back, unless its holder waits for another one.
fn held(
    program: &Program,
    record: &Record,
    lane: LaneId,
    (place, holder): (String, LaneId),
) -> Option<Reason> {
    if holder == lane {
        return Some(Reason::TakenTwice { lane: program.lanes[holder].name.clone(), place });
    }
    let waits = waiting(record).iter().any(|(other, _)| *other == holder);
    let is_kept = !waits || is_through(program, record, holder, &place);
    is_kept.then(|| left(program, record, holder, place))
}

/// The locks of lanes that wait for nobody. At grain `turn` nothing else may be seen of the turn that
/// cannot end.
fn left_held(program: &Program, record: &Record) -> Vec<Reason> {
    let mut holds: BTreeMap<LaneId, &[String]> = BTreeMap::new();
    for line in record.steps.iter().flat_map(|step| &step.lines) {
        holds.insert(line.lane, &line.holds);
    }
    let waiting = waiting(record);
    let idle = holds.into_iter().filter(|(lane, _)| !waiting.iter().any(|(it, _)| it == lane));
    let held = idle.flat_map(|(holder, locks)| locks.iter().map(move |lock| (holder, lock)));
    held.map(|(holder, place)| left(program, record, holder, place.clone())).collect()
}

/// A lock that a lane holds and that it will not give back.
fn left(program: &Program, record: &Record, holder: LaneId, place: String) -> Reason {
    let lane = program.lanes[holder].name.clone();
    let has_more = waiting(record).iter().any(|(other, _)| *other == holder);
    match program.is_daemon(holder) {
        true => Reason::NotFreed { lane, place },
        false if has_more => Reason::EndedHolding { lane, place },
        false => Reason::NeverFreed { lane, place },
    }
}

/// Why a pipe is empty.
fn nothing_in(program: &Program, record: &Record, place: String) -> Reason {
    let emptied = record.events().filter(|(_, _, event)| match event {
        Event::Unpiped { name, .. } => *name == place,
        Event::Dropped { name, turns } => *name == place && !turns.is_empty(),
        _ => false,
    });
    let Some((step, lane, event)) = emptied.last() else { return Reason::PipeUnused { place } };
    let (lane, step) = (program.lanes[lane].name.clone(), step + 1);
    match event {
        Event::Dropped { .. } => Reason::PipeDropped { lane, place, step },
        _ => Reason::PipeTaken { lane, place, step },
    }
}

/// Why a lane that sent its message to a worker has no answer.
fn unserved(program: &Program, record: &Record, lane: LaneId) -> Option<Reason> {
    let waits = |turn: TurnId| {
        let own = program.cast.turns[turn].lane == lane;
        own && !record.answered(turn) && !record.cancelled(turn)
    };
    let mut last = None;
    for (step, by, event) in record.events() {
        match event {
            Event::Sent { name, turn } if waits(*turn) => {
                last = Some((step, by, name, *turn, false))
            }
            Event::Received { name, turn } if waits(*turn) => {
                last = Some((step, by, name, *turn, true));
            }
            // It was answered, and waits once more.
            Event::HandedBack { to } if *to == lane => last = None,
            _ => {}
        }
    }
    let (step, by, place, turn, received) = last?;
    let (about, place) = (Message::of(program, turn), place.clone());
    let (by, step) = (program.lanes[by].name.clone(), step + 1);
    Some(match received {
        true => Reason::NotAnswered { about, lane: by, place, step },
        false => Reason::NotReceived { about, writer: by, place, step },
    })
}
