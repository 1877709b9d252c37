//! A message was answered, and then the app forgot it.

use super::facts::{Mark, Message, Said};
use super::reason::Reason;
use super::words::{overwrite, stored_name};
use super::{Anomaly, Finding, Judgement};
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::state::{Cell, State};
use crate::replay::record::{Ending, Record, Value};

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "lost-update",
    mark: "LOST",
    detail: Detail::Questions,
    about_data: true,
    judge: Judgement::End(judge),
    find,
    say,
    why,
    mark_at,
};

fn judge(program: &Program, state: &State<Mask>, _: bool) -> bool {
    (0..program.cast.sessions.len()).any(|session| {
        let cells = program.stored_cells(session);
        let stored = cells.iter().fold(0, |all, &cell| match &state.cells[cell] {
            Cell::Messages(Mask(mask)) => all | mask,
            Cell::Answer(_) | Cell::Id(_) => all,
        });
        let own = program.bits(|turn| program.cast.session_of(turn) == session);
        !cells.is_empty() && state.answered & own & !stored != 0
    })
}

fn find(program: &Program, record: &Record) -> Vec<Finding> {
    if record.ending == Ending::Open || program.code.stored.is_none() {
        return Vec::new();
    }
    let mut about: Vec<usize> = record.replies.iter().map(|reply| reply.turn).collect();
    about.sort_unstable();
    about.retain(|&turn| {
        let cells = program.stored_cells(program.cast.session_of(turn));
        let holds = |&cell: &usize| match &record.cells[cell] {
            value @ Value::Messages(_) => value.questions().contains(&turn),
            Value::Answer(_) | Value::Small(_) => false,
        };
        !cells.iter().any(holds)
    });
    let step = record.steps.len().saturating_sub(1);
    about.into_iter().map(|turn| Finding { step, turn: Some(turn), about: vec![turn] }).collect()
}

fn say(program: &Program, _: &Record, finding: &Finding) -> Said {
    let lost = finding.turn();
    Said::Lost { about: Message::of(program, lost), place: stored_name(program, lost) }
}

fn why(program: &Program, record: &Record, finding: &Finding) -> Vec<Reason> {
    let Some(&lost) = finding.about.first() else { return Vec::new() };
    match overwrite(program, record, lost, finding.step) {
        Some(overwrite) => vec![overwrite.reason(program, lost)],
        None => vec![Reason::NeverPut { place: stored_name(program, lost) }],
    }
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let &lost = finding.about.first()?;
    overwrite(program, record, lost, finding.step).map(|overwrite| overwrite.mark(program, lost))
}
