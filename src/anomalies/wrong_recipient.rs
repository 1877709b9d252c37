//! Somebody gets the reply that was meant for another lane.

use super::words::{message, reply};
use super::{Anomaly, Finding, Judgement, no_mark};
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::step::Reply;
use crate::replay::record::Record;

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "wrong-recipient",
    mark: "WRONG",
    verb: "answer the wrong lane",
    what: "The reply that a lane gets was computed for a turn of another lane.",
    judged: "Judged when the reply is shown: the answer was computed in a turn of another lane. A \
             cached answer keeps the turn that it was computed for.",
    detail: Detail::Nothing,
    about_data: true,
    judge: Judgement::Reply(judge),
    find,
    say,
    why,
    mark_at: no_mark,
};

fn judge(program: &Program, reply: &Reply<Mask>) -> bool {
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

fn say(program: &Program, _: &Record, finding: &Finding) -> String {
    let whose = finding.turn.map_or_else(String::new, |turn| reply(program, turn));
    let meant = finding.about.first().map_or_else(String::new, |&turn| message(program, turn));
    format!("{whose} was computed for {meant}")
}

fn why(program: &Program, _: &Record, finding: &Finding) -> Vec<String> {
    let Some(&meant) = finding.about.first() else { return Vec::new() };
    let lane = program.cast.lane_name_of(meant);
    vec![format!(
        "The answer was computed in a turn of {lane} and reached another lane. Nothing tied the \
         answer to the request that it was for."
    )]
}
