//! Somebody gets the reply that was meant for another lane.

use super::facts::{Message, Reply, Said};
use super::reason::Reason;
use super::{Anomaly, Finding, Judgement, no_mark};
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::step;
use crate::replay::record::Record;

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "wrong-recipient",
    mark: "WRONG",
    detail: Detail::Nothing,
    about_data: true,
    judge: Judgement::Reply(judge),
    find,
    say,
    why,
    mark_at: no_mark,
};

fn judge(program: &Program, reply: &step::Reply<Mask>) -> bool {
    program.cast.turns[reply.answer.turn].lane != program.cast.turns[reply.turn].lane
}

fn find(program: &Program, record: &Record) -> Vec<Finding> {
    let lane = |turn: usize| program.cast.turns[turn].lane;
    let wrong = record.replies.iter().filter(|reply| lane(reply.said.turn) != lane(reply.turn));
    wrong
        .map(|reply| Finding {
            step: reply.step,
            turn: Some(reply.turn),
            about: vec![reply.said.turn],
        })
        .collect()
}

fn say(program: &Program, _: &Record, finding: &Finding) -> Said {
    let (meant, _) = finding.about();
    let reply = Reply::of(program, finding.turn());
    Said::ComputedFor { reply, about: Message::of(program, meant) }
}

fn why(program: &Program, _: &Record, finding: &Finding) -> Vec<Reason> {
    let (meant, _) = finding.about();
    vec![Reason::Crossed { lane: program.cast.lane_name_of(meant).to_owned() }]
}
