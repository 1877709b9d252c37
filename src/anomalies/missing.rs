//! Why a question is missing: from an answer, or from what is stored at the end.

use super::facts::{Mark, MarkFact, Message};
use super::reason::Reason;
use super::way::{At, Way};
use super::words::stored_name;
use crate::model::program::Program;
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Event, Record};

/// A question that is missing.
pub(super) struct Missing<'r> {
    program: &'r Program,
    question: TurnId,
    way: Way<'r>,
}

impl<'r> Missing<'r> {
    /// Follows the question through an order.
    pub(super) fn of(program: &'r Program, record: &'r Record, question: TurnId) -> Missing<'r> {
        Missing { program, question, way: Way::of(program, record, question) }
    }

    /// Why the answer that a turn got does not know it.
    pub(super) fn why_not_in_answer(&self, turn: TurnId) -> Vec<Reason> {
        let Some((shown, answer)) = self.way.reply(turn) else { return Vec::new() };
        if let Some(got) = self.way.got(self.program, &answer) {
            let why = if answer.kept.is_some() { Reason::OnlyThen } else { Reason::Untied };
            return vec![got, why];
        }
        let taken_out = answer.loaded.and_then(|read| self.taken_out_before(read));
        vec![match (taken_out, answer.loaded) {
            (Some(write), _) => self.overwritten(write),
            (None, Some(read)) => self.not_read(read),
            (None, None) => self.not_computed_from(turn, shown),
        }]
    }

    /// The write that took it out of what the answer to a turn was computed from.
    pub(super) fn overwritten_before(&self, turn: TurnId) -> Option<usize> {
        let (_, answer) = self.way.reply(turn)?;
        let is_new = self.way.got(self.program, &answer).is_none();
        self.taken_out_before(answer.loaded.filter(|_| is_new)?)
    }

    fn taken_out_before(&self, read: usize) -> Option<usize> {
        self.taken_out(&[self.cell(read)?], read)
    }

    /// Why it is not stored at the end.
    pub(super) fn why_not_stored(&self) -> Vec<Reason> {
        if let Some(write) = self.overwritten_at_end() {
            return vec![self.overwritten(write)];
        }
        let place = stored_name(self.program, self.question);
        let about = Message::of(self.program, self.question);
        if let Some((at, other)) = self.last_put() {
            let (writer, step) = (self.name(at.lane), at.step + 1);
            // One of several that have the place's name, but none of this session's.
            let is_one_of_it = other.split('[').next() == Some(place.as_str());
            return vec![match is_one_of_it {
                true => Reason::PutAside { other, writer, step },
                false => Reason::PutElsewhere { place, other, writer, step },
            }];
        }
        let received = self.find(|event| match event {
            Event::Received { name, turn } if *turn == self.question => Some(name.clone()),
            _ => None,
        });
        if let Some((at, mailbox)) = received {
            let (lane, step) = (self.name(at.lane), at.step + 1);
            let received = Reason::Received { about, lane, place: mailbox, step };
            return vec![received, Reason::NeverPut { place }];
        }
        let sent = self.find(|event| match event {
            Event::Sent { name, turn } if *turn == self.question => Some(name.clone()),
            _ => None,
        });
        match sent {
            Some((at, mailbox)) => {
                let (writer, step) = (self.name(at.lane), at.step + 1);
                vec![Reason::NotReceived { about, writer, place: mailbox, step }]
            }
            None => vec![Reason::NeverPut { place }],
        }
    }

    /// The last write that took it out of what is stored for its session.
    pub(super) fn overwritten_at_end(&self) -> Option<usize> {
        let session = self.program.cast.session_of(self.question);
        self.taken_out(&self.program.stored_cells(session), self.way.at.len())
    }

    /// A write that took it out, to be marked.
    pub(super) fn mark(&self, write: usize) -> Option<Mark> {
        let At { step, lane, event, .. } = self.way.at[write];
        let Event::Wrote { name, .. } = event else { return None };
        let said = self.program.cast.lane_name_of(self.question).to_owned();
        let writer = self.name(lane);
        let says = match self.way.loaded(write) {
            Some(_) => MarkFact::StoresWithout { lane: writer, said },
            None => MarkFact::Overwrites { lane: writer, said },
        };
        Some(Mark { step, lane, writes: true, place: name.clone(), says })
    }

    fn name(&self, lane: LaneId) -> String {
        self.program.lanes[lane].name.clone()
    }

    /// The last event of some kind.
    fn find<T>(&self, of: impl Fn(&'r Event) -> Option<T>) -> Option<(&At<'r>, T)> {
        self.way.at.iter().rev().find_map(|at| Some((at, of(at.event)?)))
    }

    /// The last write before an event that put it anywhere, and where.
    fn last_put(&self) -> Option<(&At<'r>, String)> {
        let (write, ..) = self.way.changes().rev().find(|(.., has)| *has)?;
        Some((&self.way.at[write], self.place(write)))
    }

    /// The last write before an event that took it out of one of some cells.
    fn taken_out(&self, cells: &[usize], before: usize) -> Option<usize> {
        let mut out = self.way.changes().rev().filter(|(.., has)| !has);
        out.find(|(write, cell, _)| *write < before && cells.contains(cell)).map(|(it, ..)| it)
    }

    /// The place that an event reads or writes.
    fn place(&self, event: usize) -> String {
        match self.way.at[event].event {
            Event::Read { name, .. } | Event::Wrote { name, .. } => name.clone(),
            _ => String::new(),
        }
    }

    /// The cell that an event reads or writes.
    fn cell(&self, event: usize) -> Option<usize> {
        match self.way.at[event].event {
            Event::Read { cell, .. } | Event::Wrote { cell, .. } => Some(*cell),
            _ => None,
        }
    }

    /// How a write came to be without it. What a lane copied before it was there, it stores without
    /// it; a copy that was made later would have it.
    fn overwritten(&self, write: usize) -> Reason {
        let about = Message::of(self.program, self.question);
        let At { step, lane, .. } = self.way.at[write];
        let (place, writer, step) = (self.place(write), self.name(lane), step + 1);
        let cell = self.cell(write);
        let stored = cell.and_then(|cell| self.way.put(cell, write));
        match (self.way.loaded(write), stored) {
            (Some(copy), Some(stored)) if self.cell(copy) == cell => {
                let stored = self.way.at[stored].step + 1;
                let copied = self.way.at[copy].step + 1;
                Reason::Overtaken { about, place, writer, copied, stored, step }
            }
            (Some(copy), _) => {
                let (other, copied) = (self.place(copy), self.way.at[copy].step + 1);
                Reason::OtherCopy { about, place, other, writer, copied, step }
            }
            (None, _) => Reason::Overwrote { about, place, writer, step },
        }
    }

    /// Why a read did not bring it, though nobody had taken it out.
    fn not_read(&self, event: usize) -> Reason {
        let At { step, lane, .. } = self.way.at[event];
        let (place, reader, read) = (self.place(event), self.name(lane), step + 1);
        let cells = self.program.cells();
        let own = self.cell(event);
        let declared = |cell: usize| cells.get(cell).map(|(place, _)| *place);
        let is_twin = |cell: usize| own.is_some_and(|own| declared(cell) == declared(own));
        // Where it stood at that moment: the last change of a cell had put it there.
        let holds = |write: usize, cell: usize| self.taken_out(&[cell], event) < Some(write);
        let puts = || self.way.changes().filter(|(.., has)| *has);
        let there = || puts().filter(|&(write, cell, _)| write < event && holds(write, cell));
        let twin = there().rfind(|(_, cell, _)| is_twin(*cell));
        let later = puts().find(|(write, cell, _)| *write > event && Some(*cell) == own);
        let said = |write: usize| {
            let At { step, lane, .. } = self.way.at[write];
            (self.name(lane), step + 1)
        };
        match (twin, later, there().next_back()) {
            (Some((write, ..)), _, _) | (None, None, Some((write, ..))) => {
                let (other, (writer, put)) = (self.place(write), said(write));
                Reason::ElsewhereThen { place, reader, read, other, writer, put }
            }
            (None, Some((write, ..)), _) => {
                let (writer, put) = said(write);
                Reason::PutLater { place, reader, read, writer, put }
            }
            (None, None, None) => Reason::NotThere { place, reader, read },
        }
    }

    /// Why an answer that no history was read for does not know it.
    fn not_computed_from(&self, turn: TurnId, shown: usize) -> Reason {
        let reads = self.way.at[..shown].iter().filter(|at| at.turn == Some(turn));
        let reads = reads.filter_map(|at| match at.event {
            Event::Read { name, value, .. } => Some((at, name, self.way.is_in(value))),
            _ => None,
        });
        let reads: Vec<_> = reads.collect();
        match (reads.iter().find(|(.., holds)| *holds), reads.is_empty()) {
            (Some((at, name, _)), _) => Reason::ReadUnused {
                place: (*name).clone(),
                reader: self.name(at.lane),
                read: at.step + 1,
            },
            (None, true) => Reason::NothingRead,
            (None, false) => Reason::NoneUsed,
        }
    }
}
