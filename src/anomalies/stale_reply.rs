//! Somebody asks again, and is given the answer from before.
//!
//! "Where do I live?" "In Rome." "I moved to Oslo." "Where do I live?" "In Rome.": a cache that
//! knows the question, and not what was said since, answers from the past. Nobody else's data is
//! in it, so no leak shows; that is why a cache for each session is so often called the repair.

use super::facts::{Mark, MarkFact, Message, Reply, Said};
use super::reason::Reason;
use super::{Anomaly, Finding, Judgement};
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::step;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, Record, Shown, Value};

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "stale-reply",
    mark: "STALE",
    detail: Detail::Questions,
    about_data: true,
    judge: Judgement::Reply(judge),
    find,
    say,
    why,
    mark_at,
};

fn judge(program: &Program, reply: &step::Reply<Mask>) -> bool {
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

fn say(program: &Program, record: &Record, finding: &Finding) -> Said {
    let (missing, more) = finding.about();
    let kept = shown(record, finding).map_or(missing, |shown| shown.said.turn);
    Said::KeptAnswer {
        reply: Reply::of(program, finding.turn()),
        kept: Message::of(program, kept),
        about: Message::of(program, missing),
        more,
    }
}

fn why(program: &Program, record: &Record, finding: &Finding) -> Vec<Reason> {
    let Some(shown) = shown(record, finding) else { return Vec::new() };
    let name = |lane: LaneId| program.lanes[lane].name.clone();
    let kept = record.events().find_map(|(step, lane, event)| match event {
        Event::Wrote { name, value: Value::Answer(Some(said)), .. }
            if said.turn == shown.said.turn && step <= finding.step =>
        {
            Some((step, lane, name))
        }
        _ => None,
    });
    let kept = kept.zip(read(record, finding)).map(|((put, writer, place), read)| Reason::Kept {
        place: place.clone(),
        writer: name(writer),
        put: put + 1,
        reader: name(read.1),
        read: read.0 + 1,
    });
    kept.into_iter().chain([Reason::OnlyThen]).collect()
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let (step, lane, place) = read(record, finding)?;
    let says = MarkFact::ReadsKept { lane: program.lanes[lane].name.clone() };
    Some(Mark { step, lane, writes: false, place: place.to_owned(), says })
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
