//! Somebody is answered with what another user said.

use super::facts::{Mark, MarkFact, Message, Reply, Said};
use super::reason::Reason;
use super::way::{At, Hop, Way};
use super::{Anomaly, Finding, Judgement};
use crate::model::TurnId;
use crate::model::context::Mask;
use crate::model::program::{Detail, Program};
use crate::model::step;
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
    let (leaked, _) = finding.about();
    let way = Way::of(program, record, leaked);
    let Some((shown, _)) = way.reply(finding.turn()) else { return Vec::new() };
    let hops = way.hops(shown);
    let told = match (crossing(program, &way, &hops, leaked), hops.last()) {
        // What happened before and in between is no news.
        (Some(first), Some(last)) if first + 1 < hops.len() => vec![hops[first], *last],
        (Some(first), _) => vec![hops[first]],
        (None, Some(last)) => vec![*last],
        (None, None) => return held(program, record, leaked).into_iter().collect(),
    };
    told.into_iter().filter_map(|hop| way.through(program, hop)).collect()
}

/// The first place through which a message came to a turn of another user. What that turn then did
/// with it is not where the leak is.
fn crossing(program: &Program, way: &Way, hops: &[Hop], leaked: TurnId) -> Option<usize> {
    let user = program.cast.user_of(leaked);
    let is_foreign = |turn: TurnId| program.cast.user_of(turn) != user;
    hops.iter().position(|hop| way.at[hop.read].turn.is_some_and(is_foreign))
}

/// The worker that took the message, if it went through no place to whoever is told of it.
fn held(program: &Program, record: &Record, leaked: TurnId) -> Option<Reason> {
    record.events().find_map(|(step, lane, event)| match event {
        Event::Received { name, turn } if *turn == leaked => Some(Reason::Held {
            about: Message::of(program, leaked),
            lane: program.lanes[lane].name.clone(),
            place: name.clone(),
            step: step + 1,
        }),
        _ => None,
    })
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let (leaked, _) = finding.about();
    let way = Way::of(program, record, leaked);
    let hops = way.hops(way.reply(finding.turn())?.0);
    let hop =
        hops.get(crossing(program, &way, &hops, leaked).unwrap_or(hops.len().checked_sub(1)?))?;
    let At { step, lane, event, .. } = way.at[hop.read];
    let Event::Read { name, .. } = event else { return None };
    let said = program.cast.lane_name_of(leaked).to_owned();
    let says = MarkFact::ReadsWhatSaid { lane: program.lanes[lane].name.clone(), said };
    Some(Mark { step, lane, writes: false, place: name.clone(), says })
}
