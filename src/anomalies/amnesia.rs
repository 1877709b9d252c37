//! Somebody is answered as if an earlier message had never been said.

use super::words::{message, messages, overwrite, reply, stored_name};
use super::{Anomaly, Finding, Judgement, Mark};
use crate::model::TurnId;
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::step::Reply;
use crate::replay::record::{Event, Record};

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "amnesia",
    mark: "AMNESIA",
    verb: "forget",
    what: "A reply is not based on an earlier, already answered question of the same session.",
    judged: "Judged when the reply is shown: a question of the session that had been answered \
             when this turn began is missing from the context that the reply was computed from.",
    detail: Detail::Questions,
    about_data: true,
    judge: Judgement::Reply(judge),
    find,
    say,
    why,
    mark_at,
};

fn judge(_: &Program, reply: &Reply<Mask>) -> bool {
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

fn say(program: &Program, _: &Record, finding: &Finding) -> String {
    let whose = finding.turn.map_or_else(String::new, |turn| reply(program, turn));
    format!("{whose} does not know of {}, answered before", messages(program, &finding.about))
}

fn why(program: &Program, record: &Record, finding: &Finding) -> Vec<String> {
    let Some(&forgotten) = finding.about.first() else { return Vec::new() };
    match overwrite(program, record, forgotten, finding.step) {
        Some(overwrite) => overwrite.sentences(program, &message(program, forgotten)),
        None => vec![without_overwrite(program, record, finding, forgotten)],
    }
}

/// Why an answer does not know a question that nobody overwrote.
fn without_overwrite(
    program: &Program,
    record: &Record,
    finding: &Finding,
    forgotten: TurnId,
) -> String {
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
        return "It was read in this turn, but the answer was not computed from it.".into();
    }
    match reads.is_empty() {
        true => "Nothing was read in this turn, so the answer could not know it.".into(),
        false => format!(
            "What was read from {} did not hold it: nothing had put it there.",
            stored_name(program, forgotten)
        ),
    }
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let &forgotten = finding.about.first()?;
    overwrite(program, record, forgotten, finding.step)
        .map(|overwrite| overwrite.mark(program, forgotten))
}
