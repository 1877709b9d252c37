//! Somebody asked and never got a reply, though nobody is stuck.

use super::words::message;
use super::{Anomaly, Finding, Judgement, no_mark};
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::state::State;
use crate::replay::record::{Ending, Record};

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "unanswered",
    mark: "SILENT",
    verb: "leave a message unanswered",
    what: "A turn never gets a reply, though the run is over.",
    judged: "Judged when every client lane is through: some turn ended without a reply, and not \
             because its client cancelled it. A run that is stuck is a deadlock instead.",
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

fn say(program: &Program, _: &Record, finding: &Finding) -> String {
    let whose = finding.turn.map_or_else(String::new, |turn| message(program, turn));
    format!("{whose} never got a reply")
}

fn why(_: &Program, _: &Record, _: &Finding) -> Vec<String> {
    vec!["There is a way through `respond` that ends without a line marked `reply`.".into()]
}
