//! Somebody is answered with what another user said.

use super::facts::{Mark, MarkFact, Message, Reply, Said};
use super::reason::Reason;
use super::{Anomaly, Finding, Judgement};
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::step;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, Record};

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "context-leak",
    mark: "LEAK",
    detail: Detail::Users,
    about_data: true,
    judge: Judgement::Reply(judge),
    find,
    say,
    why,
    mark_at,
};

fn judge(program: &Program, reply: &step::Reply<Mask>) -> bool {
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

fn say(program: &Program, _: &Record, finding: &Finding) -> Said {
    let (leaked, more) = finding.about();
    let reply = Reply::of(program, finding.turn());
    Said::BuiltFrom { reply, about: Message::of(program, leaked), more }
}

fn why(program: &Program, record: &Record, finding: &Finding) -> Vec<Reason> {
    let Some(&leaked) = finding.about.first() else { return Vec::new() };
    way(program, record, finding.step, leaked)
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let &leaked = finding.about.first()?;
    let (step, lane, (_, place)) = foreign_read(program, record, finding.step, leaked)?;
    let said = program.cast.lane_name_of(leaked).to_owned();
    let says = MarkFact::ReadsWhatSaid { lane: program.lanes[lane].name.clone(), said };
    Some(Mark { step, lane, writes: false, place, says })
}

/// The read that brought the leaked question to the lane that replied, and the write before it.
fn way(program: &Program, record: &Record, step: usize, leaked: TurnId) -> Vec<Reason> {
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
    let name = |lane: LaneId| program.lanes[lane].name.clone();
    let through = written.map(|(step, writer)| Reason::Through {
        place: cell.1,
        writer: name(writer),
        put: step + 1,
        reader: name(reader),
        read: read_at + 1,
    });
    through.into_iter().collect()
}

/// The answer that came out of a pipe, and how it got in.
fn piped(program: &Program, record: &Record, step: usize, leaked: TurnId) -> Vec<Reason> {
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
    let name_of = |lane: LaneId| program.lanes[lane].name.clone();
    let piped = put.map(|(at, lane)| Reason::Piped {
        place: name.clone(),
        writer: name_of(lane),
        put: at + 1,
        reader: name_of(taker),
        read: taken_at + 1,
    });
    piped.into_iter().collect()
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
