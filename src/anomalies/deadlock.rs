//! Everybody waits for somebody, for ever.

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
    verb: "get stuck",
    what: "Somebody is unfinished and nobody can move.",
    judged: "Judged in every state that nothing leads out of: some client lane is unfinished.",
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

fn say(program: &Program, record: &Record, _: &Finding) -> String {
    let Ending::Stuck(waiting) = &record.ending else { return "nobody can move".into() };
    let reasons = waiting.iter().map(|&(lane, reason)| waits(program, lane, reason));
    let reasons = reasons.collect::<Vec<_>>().join("; ");
    match program.setting.grain {
        // Here a move is a whole turn, and a turn that cannot end does not begin.
        Grain::Turn => format!("no turn can be brought to its end: inside of it, {reasons}"),
        Grain::Access | Grain::Line | Grain::Await => format!("nobody can move: {reasons}"),
    }
}

fn why(program: &Program, record: &Record, _: &Finding) -> Vec<String> {
    let Ending::Stuck(waiting) = &record.ending else { return Vec::new() };
    let mut sentences: Vec<String> = Vec::new();
    if let Some(sentence) = waiting.iter().find_map(|(lane, why)| frozen(program, *lane, *why)) {
        return vec![sentence];
    }
    for &(lane, reason) in waiting {
        let Blocked::Lock { lock, place, holder } = reason else { continue };
        let lock = program.instance_name(place, lock);
        let holder_name = &program.lanes[holder].name;
        let waits_too = waiting.iter().any(|(other, _)| *other == holder);
        let sentence = match (holder == lane, waits_too) {
            (true, _) => format!(
                "{holder_name} took {lock} and did not give it back before taking it again."
            ),
            (false, false) => format!("{holder_name} is through and never gave {lock} back."),
            (false, true) => continue,
        };
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    if sentences.is_empty() {
        let circle = "Each of them waits for what only another one, who waits too, could give.";
        sentences.push(circle.into());
    }
    sentences
}

/// On one event loop, a lane that waits for an ordinary lock lets nobody go on, not even the one
/// that could give the lock back.
fn frozen(program: &Program, lane: LaneId, reason: Blocked) -> Option<String> {
    let Blocked::Lock { lock, place, holder } = reason else { return None };
    let frozen = program.setting.grain == Grain::Await && !program.code.places[place].is_async;
    frozen.then(|| {
        let lock = program.instance_name(place, lock);
        let (name, holder) = (&program.lanes[lane].name, &program.lanes[holder].name);
        format!(
            "All requests share one event loop. {holder} held {lock} while it waited for the \
             assistant. {name} then waited for {lock}, and an ordinary lock waits without giving \
             the event loop back. So {holder} can never go on and free it. A lock made for the \
             event loop (asyncio.Lock) would let it go on."
        )
    })
}

/// Why a lane cannot move: `bob waits for LOCK, held by alice`.
pub fn waits(program: &Program, lane: LaneId, reason: Blocked) -> String {
    let name = &program.lanes[lane].name;
    match reason {
        Blocked::Finished => format!("{name} has no turn left"),
        Blocked::Full { limit } => {
            let requests = if limit == 1 { "1 request" } else { &format!("{limit} requests") };
            format!("{name} waits for the server, which works on {requests} at once")
        }
        Blocked::Lock { lock, place, holder } => {
            let lock = program.instance_name(place, lock);
            let holder = match holder == lane {
                true => "itself".into(),
                false => program.lanes[holder].name.clone(),
            };
            format!("{name} waits for {lock}, held by {holder}")
        }
        Blocked::Empty { mailbox, place } => {
            let mailbox = program.instance_name(place, mailbox);
            format!("{name} waits for a message in {mailbox}")
        }
        Blocked::NoAnswer => format!("{name} waits for an answer"),
        Blocked::NothingToRead { pipe, place } => {
            let pipe = program.instance_name(place, pipe);
            format!("{name} waits for an answer in {pipe}")
        }
        Blocked::Frozen { by } => {
            let by = &program.lanes[by].name;
            format!("{name} cannot move while {by} stops the event loop")
        }
        Blocked::NothingToCancel => format!("{name} has nothing to cancel now"),
        Blocked::PartOfTurns => {
            format!("{name} moves only as part of the requests that it serves (grain turn)")
        }
    }
}
