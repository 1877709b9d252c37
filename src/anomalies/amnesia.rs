//! Somebody is answered as if an earlier message had never been said.

use super::facts::{Mark, Message, Reply, Said};
use super::missing::Missing;
use super::reason::Reason;
use super::{Anomaly, Finding, Judgement};
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::step;
use crate::replay::record::Record;

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
    let (forgotten, _) = finding.about();
    Missing::of(program, record, forgotten).why_not_in_answer(finding.turn())
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let (forgotten, _) = finding.about();
    let missing = Missing::of(program, record, forgotten);
    missing.mark(missing.overwritten_before(finding.turn())?)
}
