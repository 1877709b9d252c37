//! The way of one question through an order: which access brought it to whoever has it.

use super::follow::follow;
use super::reason::Reason;
use crate::model::program::Program;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, Record, Value};
use std::collections::BTreeSet;

/// Something that happened.
pub(super) struct At<'r> {
    /// In which step, from 0.
    pub(super) step: usize,
    /// Who did it.
    pub(super) lane: LaneId,
    /// The turn that it was done for.
    pub(super) turn: Option<TurnId>,
    /// What was done.
    pub(super) event: &'r Event,
}

/// How a question came to a lane.
#[derive(Clone, Copy)]
pub(super) enum Came {
    /// It is the question of the turn that the lane worked for.
    Said,
    /// With this event.
    By(usize),
}

/// What is known of an answer.
#[derive(Clone, Copy, Default)]
pub(super) struct Answer {
    /// How the question came into it, if it is based on it.
    pub(super) came: Option<Came>,
    /// The read of the history that it was computed from.
    pub(super) loaded: Option<usize>,
    /// The write that kept it and the read that found it, if it was not computed anew.
    pub(super) kept: Option<(usize, usize)>,
    /// How it went through a pipe: in, and out.
    pub(super) piped: Option<(usize, usize)>,
}

/// What is known of an event beyond what the record says.
#[derive(Clone, Copy, Default)]
pub(super) struct Node {
    /// How the question had come to the lane that passes it on here.
    pub(super) came: Option<Came>,
    /// The read that the history began with that is stored here.
    pub(super) loaded: Option<usize>,
    /// The answer that is passed on here.
    pub(super) answer: Answer,
}

/// A question on its way.
pub(super) struct Way<'r> {
    /// The question.
    pub(super) question: TurnId,
    /// Everything that happened, in order.
    pub(super) at: Vec<At<'r>>,
    pub(super) nodes: Vec<Node>,
    /// The turns in which the assistant was asked.
    pub(super) asked: BTreeSet<TurnId>,
}

/// Into a place and out of it again.
#[derive(Clone, Copy)]
pub(super) struct Hop {
    /// The event that put it there.
    pub(super) put: usize,
    /// The event that got it from there.
    pub(super) read: usize,
}

impl<'r> Way<'r> {
    /// Follows a question through an order.
    pub(super) fn of(program: &Program, record: &'r Record, question: TurnId) -> Way<'r> {
        let (at, nodes, asked) = (Vec::new(), Vec::new(), BTreeSet::new());
        follow(program, record, Way { question, at, nodes, asked })
    }

    /// The event that shows the reply of a turn, and the answer.
    pub(super) fn reply(&self, turn: TurnId) -> Option<(usize, Answer)> {
        let shows = |at: &At| matches!(at.event, Event::Replied { turn: of, .. } if *of == turn);
        let event = self.at.iter().position(shows)?;
        Some((event, self.nodes[event].answer))
    }

    /// The read that the history began with that an event stores.
    pub(super) fn loaded(&self, event: usize) -> Option<usize> {
        self.nodes[event].loaded
    }

    /// Whether a value holds the question.
    pub(super) fn is_in(&self, value: &Value) -> bool {
        value.questions().contains(&self.question)
    }

    /// Each write that changes whether the question is in a cell: its number, and whether it is in
    /// there now.
    pub(super) fn changes(&self) -> impl DoubleEndedIterator<Item = (usize, usize, bool)> {
        self.at.iter().enumerate().filter_map(|(event, at)| match at.event {
            Event::Wrote { cell, before, value, .. } => {
                let (had, has) = (self.is_in(before), self.is_in(value));
                (had != has).then_some((event, *cell, has))
            }
            _ => None,
        })
    }

    /// The last write before an event that put the question into a cell.
    pub(super) fn put(&self, cell: usize, before: usize) -> Option<usize> {
        let mut puts = self.changes().rev().filter(|(.., has)| *has);
        puts.find(|(event, to, _)| *to == cell && *event < before).map(|(event, ..)| event)
    }

    /// The places that the question went through to whoever passes it on with an event.
    pub(super) fn hops(&self, event: usize) -> Vec<Hop> {
        let mut hops = Vec::new();
        let mut came = self.nodes[event].came;
        while let Some(Came::By(read)) = came {
            let put = match self.at[read].event {
                Event::Read { cell, .. } => self.put(*cell, read),
                Event::Unpiped { .. } => self.nodes[read].answer.piped.map(|(put, _)| put),
                // Handed from lane to lane.
                _ => {
                    came = self.nodes[read].came;
                    continue;
                }
            };
            let Some(put) = put else { break };
            hops.push(Hop { put, read });
            came = self.nodes[put].came;
        }
        hops.reverse();
        hops
    }

    /// A way through a place, as a reason.
    pub(super) fn through(&self, program: &Program, hop: Hop) -> Option<Reason> {
        let (put, read) = (&self.at[hop.put], &self.at[hop.read]);
        let name = |at: &At| program.lanes[at.lane].name.clone();
        let (writer, reader) = (name(put), name(read));
        let (put, step) = (put.step + 1, read.step + 1);
        match read.event {
            Event::Read { name, .. } => {
                Some(Reason::Through { place: name.clone(), writer, put, reader, read: step })
            }
            Event::Unpiped { name, .. } => {
                Some(Reason::Piped { place: name.clone(), writer, put, reader, read: step })
            }
            _ => None,
        }
    }

    /// Where an answer came from that was not computed for the turn that it ends, as a reason.
    pub(super) fn got(&self, program: &Program, answer: &Answer) -> Option<Reason> {
        let is_old = |put: usize, read: usize| self.at[put].turn != self.at[read].turn;
        if let Some((put, read)) = answer.piped.filter(|(put, read)| is_old(*put, *read)) {
            return self.through(program, Hop { put, read });
        }
        let (put, read) = answer.kept.filter(|(put, read)| is_old(*put, *read))?;
        let was_asked = self.at[read].turn.is_some_and(|turn| self.asked.contains(&turn));
        match self.through(program, Hop { put, read })? {
            Reason::Through { place, writer, put, reader, read } => Some(match was_asked {
                true => Reason::KeptAnyway { place, writer, put, reader, read },
                false => Reason::Kept { place, writer, put, reader, read },
            }),
            other => Some(other),
        }
    }
}
