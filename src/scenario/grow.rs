//! A scenario with more lanes or turns than its file has, or with fewer.

use crate::model::cast::{Cast, ClientLane, Session, Turn};
use crate::model::{LaneId, TurnId, UserId};

/// The same cast with so many lanes and, if that is given, with so many turns in each.
///
/// The first lanes stay as they are. When all have been taken, they come again, with users and
/// sessions of their own: `alice-2` is to `bob-2` what `alice` is to `bob`, and says her own name.
/// The turns of a lane come again in the same way. A network address that several users share
/// stays the one of all; any other is a user's own.
pub fn grown(cast: &Cast, lanes: usize, turns: Option<usize>) -> Cast {
    let mut grown = Growing {
        template: cast,
        cast: Cast {
            users: Vec::new(),
            addresses: Vec::new(),
            sessions: Vec::new(),
            lanes: Vec::new(),
            turns: Vec::new(),
            cancels: Vec::new(),
            ..cast.clone()
        },
        taken: Vec::new(),
    };
    for lane in 0..lanes {
        let (template, round) = (lane % cast.lanes.len(), lane / cast.lanes.len());
        grown.lane(template, round, turns);
    }
    grown.cast
}

struct Growing<'a> {
    template: &'a Cast,
    cast: Cast,
    /// For each user that is there: the one of the template, and which of its copies this is.
    taken: Vec<(UserId, usize)>,
}

impl Growing<'_> {
    fn lane(&mut self, template: LaneId, round: usize, turns: Option<usize>) {
        let lane = &self.template.lanes[template];
        let session = &self.template.sessions[lane.session];
        let user = self.user(session.user, round);
        let session = self.session(&session.name, user, round);
        let address = self.address(lane, round);
        let first = self.cast.turns.len();
        let own = lane.turns.clone().count();
        for number in 0..turns.unwrap_or(own) {
            self.turn(lane.turns.start + number % own, number, round);
        }
        let names = self.template.lanes.iter().map(|lane| lane.name.as_str());
        let name = copy_name(&lane.name, round, names);
        let turns = first..self.cast.turns.len();
        self.cast.lanes.push(ClientLane { name, session, address, turns });
    }

    fn turn(&mut self, template: TurnId, number: usize, round: usize) {
        let turn = &self.template.turns[template];
        let mut copy = Turn { lane: self.cast.lanes.len(), number: number + 1, ..turn.clone() };
        if round > 0 {
            for (_, value) in &mut copy.tells {
                let own = format!("{value} {}", round + 1);
                copy.text = copy.text.replace(value.as_str(), &own);
                *value = own;
            }
        }
        // A turn that comes again is not cancelled again.
        let may_be_cancelled = self.template.cancels.contains(&template);
        if may_be_cancelled && number + 1 == turn.number {
            self.cast.cancels.push(self.cast.turns.len());
        }
        self.cast.turns.push(copy);
    }

    fn user(&mut self, template: UserId, round: usize) -> UserId {
        let known = self.taken.iter().position(|taken| *taken == (template, round));
        known.unwrap_or_else(|| {
            self.taken.push((template, round));
            let names = self.template.users.iter().map(String::as_str);
            self.cast.users.push(copy_name(&self.template.users[template], round, names));
            self.taken.len() - 1
        })
    }

    fn session(&mut self, name: &str, user: UserId, round: usize) -> usize {
        let names = self.template.sessions.iter().map(|session| session.name.as_str());
        let name = copy_name(name, round, names);
        let known = self.cast.sessions.iter().position(|session| session.name == name);
        known.unwrap_or_else(|| {
            self.cast.sessions.push(Session { name, user });
            self.cast.sessions.len() - 1
        })
    }

    fn address(&mut self, lane: &ClientLane, round: usize) -> usize {
        let template = self.template;
        let of_user = template.sessions[lane.session].user;
        let others = template.lanes.iter().filter(|other| other.address == lane.address);
        let is_shared =
            others.into_iter().any(|other| template.sessions[other.session].user != of_user);
        let names = template.addresses.iter().map(String::as_str);
        let round = if is_shared { 0 } else { round };
        let name = copy_name(&template.addresses[lane.address], round, names);
        let known = self.cast.addresses.iter().position(|address| *address == name);
        known.unwrap_or_else(|| {
            self.cast.addresses.push(name);
            self.cast.addresses.len() - 1
        })
    }
}

/// The name of a copy: `alice-2`, unless somebody of the template is called so.
fn copy_name<'a>(
    name: &str,
    round: usize,
    template: impl Iterator<Item = &'a str> + Clone,
) -> String {
    if round == 0 {
        return name.to_owned();
    }
    let mut copy = format!("{name}-{}", round + 1);
    while template.clone().any(|known| known == copy) {
        copy.push('+');
    }
    copy
}
