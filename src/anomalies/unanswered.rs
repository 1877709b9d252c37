//! Somebody asked and never got a reply, though nobody is stuck.

use super::facts::{Message, Said};
use super::reason::Reason;
use super::{Anomaly, Finding, Judgement, no_mark};
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::state::State;
use crate::replay::record::{Ending, Record};

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "unanswered",
    mark: "SILENT",
    detail: Detail::Nothing,
    about_data: false,
    judge: Judgement::End(judge),
    find,
    say,
    why,
    mark_at: no_mark,
};

fn judge(program: &Program, state: &State<Mask>, stuck: bool) -> bool {
    let done = state.answered | state.cancelled(program);
    !stuck && done.count_ones() as usize != program.cast.turns.len()
}

fn find(program: &Program, record: &Record) -> Vec<Finding> {
    if record.ending != Ending::Complete {
        return Vec::new();
    }
    let step = record.steps.len().saturating_sub(1);
    let turns = 0..program.cast.turns.len();
    turns
        .filter(|&turn| !record.answered(turn) && !record.cancelled(turn))
        .map(|turn| Finding { step, turn: Some(turn), about: vec![turn] })
        .collect()
}

fn say(program: &Program, _: &Record, finding: &Finding) -> Said {
    Said::NoReply { about: Message::of(program, finding.turn()) }
}

fn why(_: &Program, _: &Record, _: &Finding) -> Vec<Reason> {
    vec![Reason::NoReplyLine]
}
