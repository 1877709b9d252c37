//! Somebody asks again, and is given the answer from before.
//!
//! "Where do I live?" "In Rome." "I moved to Oslo." "Where do I live?" "In Rome.": a cache that
//! knows the question, and not what was said since, answers from the past. Nobody else's data is
//! in it, so no leak shows; that is why a cache for each session is so often called the repair.

use super::words::{message, messages, reply};
use super::{Anomaly, Finding, Judgement, Mark};
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::step::Reply;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, Record, Shown, Value};

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "stale-reply",
    mark: "STALE",
    verb: "give a stale reply",
    what: "A reply was computed for another turn of the same session, and it is not based on a \
           question of that session that was already answered.",
    judged: "Judged when the reply is shown: its answer was computed in another turn of this \
             session (a cache had kept it), and a question of the session that had been answered \
             when this turn began is missing from what the answer was computed from.",
    detail: Detail::Questions,
    about_data: true,
    judge: Judgement::Reply(judge),
    find,
    say,
    why,
    mark_at,
};

fn judge(program: &Program, reply: &Reply<Mask>) -> bool {
    kept(program, reply.turn, reply.answer.turn) && reply.earlier & !reply.answer.basis.0 != 0
}

/// Whether an answer to one turn was computed for another one of its session.
fn kept(program: &Program, turn: TurnId, computed_for: TurnId) -> bool {
    turn != computed_for && program.cast.session_of(turn) == program.cast.session_of(computed_for)
}

fn find(program: &Program, record: &Record) -> Vec<Finding> {
    let found = record.replies.iter().filter_map(|reply| {
        let basis = reply.said.basis();
        let mut about = reply.earlier.clone();
        about.retain(|turn| !basis.contains(turn));
        about.sort_unstable();
        let stale = kept(program, reply.turn, reply.said.turn) && !about.is_empty();
        stale.then_some(Finding { step: reply.step, turn: Some(reply.turn), about })
    });
    found.collect()
}

fn say(program: &Program, record: &Record, finding: &Finding) -> String {
    let Some(shown) = shown(record, finding) else { return "a reply is stale".into() };
    format!(
        "{} is the kept answer to {}. It does not know of {}, answered before",
        reply(program, shown.turn),
        message(program, shown.said.turn),
        messages(program, &finding.about)
    )
}

fn why(program: &Program, record: &Record, finding: &Finding) -> Vec<String> {
    let Some(shown) = shown(record, finding) else { return Vec::new() };
    let kept = record.events().find_map(|(step, lane, event)| match event {
        Event::Wrote { name, value: Value::Answer(Some(said)), .. }
            if said.turn == shown.said.turn && step <= finding.step =>
        {
            let lane = &program.lanes[lane].name;
            Some(format!("{lane} kept this answer in {name} in step {}.", step + 1))
        }
        _ => None,
    });
    let read = read(record, finding).map(|(step, lane, name)| {
        let lane = &program.lanes[lane].name;
        format!("{lane} took it from {name} in step {}, so the assistant was not asked.", step + 1)
    });
    let new = "An answer holds only for what had been said when it was computed.".to_owned();
    kept.into_iter().chain(read).chain([new]).collect()
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let (step, lane, _) = read(record, finding)?;
    let says = format!("{} reads an answer from before", program.lanes[lane].name);
    Some(Mark { step, lane, writes: false, says })
}

/// The reply that is stale.
fn shown<'r>(record: &'r Record, finding: &Finding) -> Option<&'r Shown> {
    record.replies.iter().find(|reply| Some(reply.turn) == finding.turn)
}

/// The last read of the kept answer before it was shown: when, who, and from where.
fn read<'r>(record: &'r Record, finding: &Finding) -> Option<(usize, LaneId, &'r str)> {
    let shown = shown(record, finding)?;
    let lane = record.steps.get(finding.step)?.lane;
    let reads = record.events().filter_map(|(step, reader, event)| match event {
        Event::Read { name, value: Value::Answer(Some(said)), .. }
            if reader == lane && said.turn == shown.said.turn && step <= finding.step =>
        {
            Some((step, reader, name.as_str()))
        }
        _ => None,
    });
    reads.last()
}
