//! Somebody is answered as if an earlier message had never been said.

use super::facts::{Mark, Message, Reply, Said};
use super::reason::Reason;
use super::words::{overwrite, stored_name};
use super::{Anomaly, Finding, Judgement};
use crate::model::TurnId;
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::step;
use crate::replay::record::{Event, Record};

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "amnesia",
    mark: "AMNESIA",
    detail: Detail::Questions,
    about_data: true,
    judge: Judgement::Reply(judge),
    find,
    say,
    why,
    mark_at,
};

fn judge(_: &Program, reply: &step::Reply<Mask>) -> bool {
    reply.earlier & !reply.answer.basis.0 != 0
}

fn find(_: &Program, record: &Record) -> Vec<Finding> {
    let found = record.replies.iter().filter_map(|reply| {
        let basis = reply.said.basis();
        let mut about = reply.earlier.clone();
        about.retain(|turn| !basis.contains(turn));
        about.sort_unstable();
        let forgets = !about.is_empty();
        forgets.then_some(Finding { step: reply.step, turn: Some(reply.turn), about })
    });
    found.collect()
}

fn say(program: &Program, _: &Record, finding: &Finding) -> Said {
    let (forgotten, more) = finding.about();
    let reply = Reply::of(program, finding.turn());
    Said::Forgets { reply, about: Message::of(program, forgotten), more }
}

fn why(program: &Program, record: &Record, finding: &Finding) -> Vec<Reason> {
    let Some(&forgotten) = finding.about.first() else { return Vec::new() };
    match overwrite(program, record, forgotten, finding.step) {
        Some(overwrite) => vec![overwrite.reason(program, forgotten)],
        None => vec![without_overwrite(program, record, finding, forgotten)],
    }
}

/// Why an answer does not know a question that nobody overwrote.
fn without_overwrite(
    program: &Program,
    record: &Record,
    finding: &Finding,
    forgotten: TurnId,
) -> Reason {
    let began = record.events().find_map(|(step, _, event)| match event {
        Event::Began(turn) if Some(*turn) == finding.turn => Some(step),
        _ => None,
    });
    let replier = finding.turn.map(|turn| program.cast.turns[turn].lane);
    let reads = record.events().filter_map(|(step, lane, event)| match event {
        Event::Read { value, .. }
            if began.is_some_and(|began| (began..=finding.step).contains(&step))
                && (Some(lane) == replier || program.is_daemon(lane)) =>
        {
            Some(value.questions().contains(&forgotten))
        }
        _ => None,
    });
    let reads: Vec<bool> = reads.collect();
    if reads.contains(&true) {
        return Reason::ReadUnused;
    }
    match reads.is_empty() {
        true => Reason::NothingRead,
        false => Reason::NotThere { place: stored_name(program, forgotten) },
    }
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let &forgotten = finding.about.first()?;
    overwrite(program, record, forgotten, finding.step)
        .map(|overwrite| overwrite.mark(program, forgotten))
}
