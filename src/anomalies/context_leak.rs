//! Somebody is answered with what another user said.

use super::words::{messages, reply};
use super::{Anomaly, Finding, Judgement, Mark};
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::step::Reply;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, Record};

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "context-leak",
    mark: "LEAK",
    verb: "leak",
    what: "A reply that is shown to a session is based on a question of another user.",
    judged: "Judged when the reply is shown: the context that it was computed from, answers with \
             everything they are based on included, holds a question of another user. Two \
             sessions of one user do not leak to each other.",
    detail: Detail::Users,
    about_data: true,
    judge: Judgement::Reply(judge),
    find,
    say,
    why,
    mark_at,
};

fn judge(program: &Program, reply: &Reply<Mask>) -> bool {
    let user = program.cast.user_of(reply.turn);
    let own = program.bits(|turn| program.cast.user_of(turn) == user);
    reply.answer.basis.0 & !own != 0
}

fn find(program: &Program, record: &Record) -> Vec<Finding> {
    let found = record.replies.iter().filter_map(|reply| {
        let user = program.cast.user_of(reply.turn);
        let mut about = reply.said.basis();
        about.retain(|&turn| program.cast.user_of(turn) != user);
        let leaks = !about.is_empty();
        leaks.then_some(Finding { step: reply.step, turn: Some(reply.turn), about })
    });
    found.collect()
}

fn say(program: &Program, _: &Record, finding: &Finding) -> String {
    let whose = finding.turn.map_or_else(String::new, |turn| reply(program, turn));
    format!("{whose} was built from {}", messages(program, &finding.about))
}

fn why(program: &Program, record: &Record, finding: &Finding) -> Vec<String> {
    let Some(&leaked) = finding.about.first() else { return Vec::new() };
    way(program, record, finding.step, leaked)
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let &leaked = finding.about.first()?;
    let (step, lane, _) = foreign_read(program, record, finding.step, leaked)?;
    let (reader, said) = (&program.lanes[lane].name, program.cast.lane_name_of(leaked));
    Some(Mark { step, lane, writes: false, says: format!("{reader} reads what {said} said") })
}

/// The read that brought the leaked question to the lane that replied, and the write before it.
fn way(program: &Program, record: &Record, step: usize, leaked: TurnId) -> Vec<String> {
    let Some((read_at, reader, cell)) = foreign_read(program, record, step, leaked) else {
        return piped(program, record, step, leaked);
    };
    let writes = record.events().filter(|(written, _, _)| *written <= read_at);
    let written = writes
        .filter_map(|(step, lane, event)| match event {
            Event::Wrote { cell: to, before, value, .. }
                if *to == cell.0
                    && value.questions().contains(&leaked)
                    && !before.questions().contains(&leaked) =>
            {
                Some((step, lane))
            }
            _ => None,
        })
        .last();
    let (name, reader) = (cell.1, &program.lanes[reader].name);
    let read = format!("{reader} read it from there in step {}.", read_at + 1);
    match written {
        Some((step, writer)) => {
            let writer = &program.lanes[writer].name;
            vec![format!("{writer} put it into {name} in step {}.", step + 1), read]
        }
        None => vec![read],
    }
}

/// The answer that came out of a pipe, and how it got in.
fn piped(program: &Program, record: &Record, step: usize, leaked: TurnId) -> Vec<String> {
    let before = record.events().filter(|(at, _, _)| *at <= step);
    let taken = before.filter_map(|(at, lane, event)| match event {
        Event::Unpiped { name, turn } if *turn == leaked => Some((at, lane, name)),
        _ => None,
    });
    let Some((taken_at, taker, name)) = taken.last() else { return Vec::new() };
    let put = record.events().find_map(|(at, lane, event)| match event {
        Event::Piped { turn, .. } if *turn == leaked => Some((at, lane)),
        _ => None,
    });
    let name_of = |lane: LaneId| &program.lanes[lane].name;
    let put = put.map(|(at, lane)| {
        format!("{} left its answer in {name} in step {}.", name_of(lane), at + 1)
    });
    let took = format!("{} took it out in step {}.", name_of(taker), taken_at + 1);
    put.into_iter().chain([took]).collect()
}

/// The last read before a step that handed a question to the lane that replies in that step, or
/// to the daemon that answered it: when, who, and from which cell (number and name).
fn foreign_read(
    program: &Program,
    record: &Record,
    step: usize,
    leaked: TurnId,
) -> Option<(usize, LaneId, (usize, String))> {
    let replier = record.steps.get(step)?.lane;
    record
        .events()
        .filter(|(read, lane, _)| *read <= step && (*lane == replier || program.is_daemon(*lane)))
        .filter_map(|(read, lane, event)| match event {
            Event::Read { cell, name, value } if value.questions().contains(&leaked) => {
                Some((read, lane, (*cell, name.clone())))
            }
            _ => None,
        })
        .last()
}
