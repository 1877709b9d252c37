//! What an order can be asked: what happened in a step, who did it, and what was where.

use interleak::anomalies::Finding;
use interleak::anomalies::facts::{Message, Reply};
use interleak::model::op::Part;
use interleak::model::program::{Grain, Program};
use interleak::model::step::Blocked;
use interleak::model::{LaneId, TurnId};
use interleak::replay::record::{self, Ending, Event, Record, Shown, Value};

/// One order, and what was found in it.
pub(crate) struct Order<'a> {
    pub(crate) program: &'a Program,
    pub(crate) record: &'a Record,
    pub(crate) finding: &'a Finding,
}

/// An event with the number of its step, from 1, its lane, and the turn of its line.
pub(super) type Happened<'a> = (usize, LaneId, Option<TurnId>, &'a Event);

impl<'a> Order<'a> {
    pub(super) fn events(&self) -> Vec<Happened<'a>> {
        let mut all = Vec::new();
        for (index, step) in self.record.steps.iter().enumerate() {
            for line in &step.lines {
                all.extend(line.events.iter().map(|it| (index + 1, line.lane, line.turn, it)));
            }
        }
        all
    }

    /// The message that "it" stands for.
    pub(super) fn it(&self) -> TurnId {
        self.finding.about[0]
    }

    pub(super) fn holds_it(&self, value: &Value) -> bool {
        value.questions().contains(&self.it())
    }

    pub(super) fn shown(&self) -> Option<&Shown> {
        self.record.replies.iter().find(|reply| Some(reply.turn) == self.finding.turn)
    }

    pub(super) fn is_it(&self, about: &Message) -> bool {
        self.is(about, self.it())
    }

    pub(super) fn is(&self, about: &Message, turn: TurnId) -> bool {
        let cast = &self.program.cast;
        about.lane == cast.lane_name_of(turn) && about.text == cast.turns[turn].text
    }

    pub(super) fn turn_of(&self, about: &Message) -> Vec<TurnId> {
        (0..self.program.cast.turns.len()).filter(|&turn| self.is(about, turn)).collect()
    }

    pub(super) fn is_reply(&self, reply: &Reply) -> bool {
        let turn = self.finding.turn.unwrap();
        let cast = &self.program.cast;
        reply.lane == cast.lane_name_of(turn) && reply.number == cast.turns[turn].number
    }

    /// The positions of the events of a lane in a step that are as wanted.
    pub(super) fn at(
        &self,
        step: usize,
        lane: &str,
        wanted: impl Fn(&Event) -> bool,
    ) -> Vec<usize> {
        let events = self.events().into_iter().enumerate();
        let matches = events.filter(|(_, (at, by, _, event))| {
            *at == step && self.program.lanes[*by].name == lane && wanted(event)
        });
        matches.map(|(position, _)| position).collect()
    }

    pub(super) fn puts(&self, step: usize, lane: &str, place: &str) -> Vec<usize> {
        self.at(step, lane, |event| match event {
            Event::Wrote { name, before, value, .. } => {
                name == place && !self.holds_it(before) && self.holds_it(value)
            }
            _ => false,
        })
    }

    pub(super) fn takes_out(&self, step: usize, lane: &str, place: &str) -> Vec<usize> {
        self.at(step, lane, |event| match event {
            Event::Wrote { name, before, value, .. } => {
                name == place && self.holds_it(before) && !self.holds_it(value)
            }
            _ => false,
        })
    }

    /// Reads of a place with the message in it, or without.
    pub(super) fn reads(&self, step: usize, lane: &str, place: &str, with: bool) -> Vec<usize> {
        self.at(step, lane, |event| match event {
            Event::Read { name, value, .. } => name == place && self.holds_it(value) == with,
            _ => false,
        })
    }

    /// Whether nothing between two events puts the message into a place or takes it out.
    pub(super) fn unchanged(&self, place: &str, from: usize, to: usize) -> bool {
        let changes = |(.., event): &Happened| match event {
            Event::Wrote { name, before, value, .. } => {
                name == place && self.holds_it(before) != self.holds_it(value)
            }
            _ => false,
        };
        !self.events()[from + 1..to].iter().any(changes)
    }

    /// Whether a write of a place is the one after which the message is missing: from where the answer
    /// was computed, or at the end.
    pub(super) fn misses_it_since(&self, place: &str, write: usize) -> bool {
        let events = self.events();
        if self.finding.turn == Some(self.it()) {
            return self.unchanged(place, write, events.len());
        }
        let reads = |(_, (_, _, turn, event)): &(usize, &Happened)| match event {
            Event::Read { name, .. } => name == place && *turn == self.finding.turn,
            _ => false,
        };
        let mut reads = events.iter().enumerate().filter(reads).map(|(at, _)| at);
        reads.any(|read| write < read && self.unchanged(place, write, read))
    }

    /// Whether nothing behind an event puts the message anywhere.
    pub(super) fn is_last_put(&self, put: usize) -> bool {
        let puts = |(.., event): &Happened| match event {
            Event::Wrote { before, value, .. } => !self.holds_it(before) && self.holds_it(value),
            _ => false,
        };
        !self.events()[put + 1..].iter().any(puts)
    }

    /// Whether nothing between two events writes a place.
    pub(super) fn unwritten(&self, place: &str, from: usize, to: usize) -> bool {
        let writes = |event: &Event| matches!(event, Event::Wrote { name, .. } if name == place);
        !self.events()[from + 1..to].iter().any(|(.., event)| writes(event))
    }

    /// Whether the assistant was asked in a turn.
    pub(super) fn asked_in(&self, turn: Option<TurnId>) -> bool {
        let mut lines = self.record.steps.iter().flat_map(|step| &step.lines);
        lines.any(|line| {
            let mut code = self.program.routine(line.lane).lines.iter();
            let stops = |event: &Event| matches!(event, Event::Froze | Event::Cancelled(_));
            line.turn == turn
                && !line.events.iter().any(stops)
                && code.any(|it| it.number == line.number && it.infers())
        })
    }

    /// Whether the message was put into a place, or any instance of it, within a part of the order.
    pub(super) fn ever_put(&self, place: &str, events: &[Happened]) -> bool {
        let keyed = format!("{place}[");
        events.iter().any(|(.., event)| match event {
            Event::Wrote { name, before, value, .. } => {
                let is_there = name == place || name.starts_with(&keyed);
                is_there && !self.holds_it(before) && self.holds_it(value)
            }
            _ => false,
        })
    }

    /// Whether this is where the message would be stored.
    pub(super) fn is_stored(&self, place: &str) -> bool {
        let cells = self.program.stored_cells(self.program.cast.session_of(self.it()));
        let of = self.program.code.stored.unwrap();
        let named = cells.iter().any(|&cell| self.program.instance_name(of, cell) == place);
        named || (cells.len() > 1 && self.program.code.places[of].name == place)
    }

    /// What a place held after so many events.
    pub(super) fn held(&self, place: &str, events: usize) -> Option<&'a Value> {
        self.events()[..events].iter().rev().find_map(|(.., event)| match event {
            Event::Wrote { name, value, .. } if name == place => Some(value),
            _ => None,
        })
    }

    /// Events of the turn that the finding is about, up to its reply.
    pub(super) fn reads_of_turn(&self) -> Vec<&'a Event> {
        let step = self.finding.step + 1;
        let own = |(at, _, turn, event): &Happened| {
            *at <= step && *turn == self.finding.turn && matches!(event, Event::Read { .. })
        };
        self.events().into_iter().filter(own).map(|(.., event)| event).collect()
    }

    /// Whether the request has ended in which a lane last took a lock.
    pub(super) fn ended_with(&self, lane: &str, lock: &str) -> bool {
        let own = self.lane(lane);
        let events = self.events();
        let takes = |event: &Event| matches!(event, Event::Acquired { name } if name == lock);
        let taken = events.iter().rposition(|(_, by, _, it)| Some(*by) == own && takes(it));
        // A whole turn that cannot end does not begin: what is held was taken in one that ended.
        let Some(taken) = taken else { return self.program.setting.grain == Grain::Turn };
        let Some(turn) = events[taken].2 else { return false };
        let began_again = events[taken..].iter().any(
            |(_, by, _, it)| matches!(it, Event::Began(next) if Some(*by) == own && *next != turn),
        );
        let mut lines = self.record.steps.iter().flat_map(|step| &step.lines);
        let last = lines.rfind(|line| Some(line.lane) == own).unwrap();
        let end = self.program.routine(last.lane).lines.last().unwrap();
        self.record.answered(turn)
            || self.record.cancelled(turn)
            || began_again
            || (end.number, &end.text) == (last.number, &last.text)
    }

    /// The locks that a lane took and did not give back.
    pub(super) fn has(&self, lane: &str) -> Vec<String> {
        let mut has = Vec::new();
        let events = self.events().into_iter();
        for (.., event) in events.filter(|(_, by, ..)| Some(*by) == self.lane(lane)) {
            match event {
                Event::Acquired { name } => has.push(name.clone()),
                Event::Released { name } => has.retain(|held| held != name),
                _ => {}
            }
        }
        has
    }

    pub(super) fn waiting(&self) -> &'a [(LaneId, Blocked)] {
        match &self.record.ending {
            Ending::Stuck(waiting) => waiting,
            Ending::Open | Ending::Complete => &[],
        }
    }

    pub(super) fn lane(&self, name: &str) -> Option<LaneId> {
        self.program.lanes.iter().position(|lane| lane.name == name)
    }

    /// Whether a lane waits for a lock, and who holds that.
    pub(super) fn holder(&self, lane: &str, place: &str) -> Option<&'a str> {
        self.waiting().iter().find_map(|&(own, why)| match why {
            Blocked::Lock { lock, place: of, holder }
                if Some(own) == self.lane(lane)
                    && self.program.instance_name(of, lock) == place =>
            {
                Some(self.program.lanes[holder].name.as_str())
            }
            _ => None,
        })
    }

    pub(super) fn receives(&self, about: &Message, place: &str, event: &Event) -> bool {
        match event {
            Event::Received { name, turn } => name == place && self.is(about, *turn),
            _ => false,
        }
    }

    /// Who wrote a place in a step; a step is one lane's, but a daemon's lines may run in it.
    pub(super) fn writer_in(&self, step: usize, place: &str) -> String {
        let wrote = self.events().into_iter().filter(|(at, _, _, event)| {
            *at == step
                && matches!(event, Event::Wrote { name, before, value, .. }
                if name == place && !self.holds_it(before) && self.holds_it(value))
        });
        let lane = wrote.map(|(_, lane, ..)| lane).next_back();
        lane.map_or_else(String::new, |lane| self.program.lanes[lane].name.clone())
    }

    /// Whether what one event stored begins with what another one read, and nothing that begins
    /// another history was read in between by the same lane.
    pub(super) fn grew_from(&self, read: usize, stored: usize) -> bool {
        let events = self.events();
        match (events[read].3, events[stored].3) {
            (Event::Read { value: from, .. }, Event::Wrote { value: to, .. }) => {
                list(to).starts_with(list(from))
            }
            _ => false,
        }
    }

    pub(super) fn is_part(&self, message: &record::Message, part: Part) -> bool {
        (message.turn, message.part) == (self.it(), part)
    }

    /// Whether a write brings the question or the answer of the turn into a list.
    pub(super) fn brings(&self, event: &Event, place: Option<&String>, part: Part) -> bool {
        let has = |value: &Value| list(value).iter().any(|message| self.is_part(message, part));
        match event {
            Event::Wrote { name, before, value, .. } => {
                place.is_none_or(|place| place == name) && !has(before) && has(value)
            }
            _ => false,
        }
    }

    pub(super) fn goes_behind(
        &self,
        about: &Message,
        part: Part,
        writer: &str,
        step: usize,
    ) -> bool {
        let turns = self.turn_of(about);
        let behind = |value: &Value| {
            list(value).windows(2).any(|two| {
                self.is_part(&two[0], Part::Question)
                    && two[1].part == part
                    && turns.contains(&two[1].turn)
            })
        };
        let goes_there = |event: &Event| match event {
            Event::Wrote { before, value, .. } => !behind(before) && behind(value),
            _ => false,
        };
        // The last one before the answer came.
        let events = self.events();
        let place = |at: usize| match events[at].3 {
            Event::Wrote { name, .. } => Some(name),
            _ => None,
        };
        let is_last = |at: usize, since: usize| {
            let mut later = at + 1..since;
            at < since
                && place(at) == place(since)
                && !later.any(|it| place(it) == place(at) && goes_there(events[it].3))
        };
        let since = self.torn_since();
        let puts = self.at(step, writer, goes_there);
        puts.iter().any(|&at| since.iter().any(|&since| is_last(at, since)))
    }

    pub(super) fn is_torn(&self, value: &Value) -> bool {
        let list = list(value);
        let has = |part| list.iter().any(|message| self.is_part(message, part));
        let together = list.windows(2).any(|two| {
            self.is_part(&two[0], Part::Question) && self.is_part(&two[1], Part::Answer)
        });
        has(Part::Question) && has(Part::Answer) && !together
    }

    /// The events since which the question and the answer stand apart in some place.
    pub(super) fn torn_since(&self) -> Vec<usize> {
        let events = self.events();
        let last = |of: &String| {
            events.iter().rposition(|(.., event)| match event {
                Event::Wrote { name, before, value, .. } => {
                    name == of && !self.is_torn(before) && self.is_torn(value)
                }
                _ => false,
            })
        };
        let stays = |at: usize, of: &String| {
            events[at..].iter().all(|(.., event)| match event {
                Event::Wrote { name, value, .. } => name != of || self.is_torn(value),
                _ => true,
            })
        };
        let names = events.iter().filter_map(|(.., event)| match event {
            Event::Wrote { name, .. } => Some(name),
            _ => None,
        });
        names.filter_map(|name| last(name).filter(|&at| stays(at, name))).collect()
    }

    /// Whether nothing behind an event brings the question or the answer into a place once more.
    pub(super) fn is_last_brought(&self, at: usize, place: &String, part: Part) -> bool {
        !self.events()[at + 1..].iter().any(|(.., event)| self.brings(event, Some(place), part))
    }

    pub(super) fn stops_loop(&self, lane: &str, place: &str, holder: &str) -> bool {
        let froze = self
            .events()
            .iter()
            .any(|(_, by, _, event)| Some(*by) == self.lane(lane) && **event == Event::Froze);
        let goes_on = !self.ended_with(holder, place);
        froze && lane != holder && self.holder(lane, place) == Some(holder) && goes_on
    }

    pub(super) fn asks_last(&self, lane: &str) -> bool {
        let mut lines = self.record.steps.iter().flat_map(|step| &step.lines);
        let last = lines.rfind(|line| Some(line.lane) == self.lane(lane));
        last.is_some_and(|last| {
            let mut code = self.program.routine(last.lane).lines.iter();
            code.any(|line| (line.number, &line.text) == (last.number, &last.text) && line.infers())
        })
    }

    /// Whether nothing is put into a pipe after an event.
    pub(super) fn stays_empty(&self, place: &str, at: usize) -> bool {
        let puts = |event: &Event| matches!(event, Event::Piped { name, .. } if name == place);
        !self.events()[at..].iter().any(|(.., event)| puts(event))
    }
}

pub(super) fn list(value: &Value) -> &[record::Message] {
    match value {
        Value::Messages(messages) => messages,
        Value::Answer(_) | Value::Small(_) => &[],
    }
}
