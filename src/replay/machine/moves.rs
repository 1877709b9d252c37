//! What each move does in the plain machine.

use super::{LaneState, Machine};
use crate::model::op::{Op, Part, Small};
use crate::model::state::Id;
use crate::model::{LaneId, PlaceId, TurnId};
use crate::platform::Arc;
use crate::replay::assistant;
use crate::replay::record::{Event, Message, Messages, Said, Value};

impl Machine<'_> {
    /// Does one move of a lane; those that decide which line is next are the caller's.
    pub(super) fn run_op(&mut self, lane: LaneId, op: Op, events: &mut Vec<Event>) {
        match op {
            Op::Load(place) => {
                let (cell, name) = self.named(lane, place);
                let value = self.cells[cell].clone();
                if let Value::Messages(messages) = &value {
                    self.lanes[lane].history = Arc::clone(messages);
                }
                self.lanes[lane].loaded.insert(cell, self.versions[cell]);
                events.push(Event::Read { cell, name, value });
            }
            Op::Store(place) => {
                let (cell, name) = self.named(lane, place);
                let value = Value::Messages(self.lanes[lane].history.clone());
                self.write(cell, name, value, events);
            }
            Op::Append(place, part) => {
                let (cell, name) = self.named(lane, place);
                let mut messages = match &self.cells[cell] {
                    Value::Messages(messages) => Arc::clone(messages),
                    Value::Answer(_) | Value::Small(_) => Messages::default(),
                };
                Arc::make_mut(&mut messages).extend(self.message(lane, part));
                self.write(cell, name, Value::Messages(messages), events);
            }
            Op::Acquire(place) => {
                let (lock, name) = self.named(lane, place);
                self.locks[lock] = Some(lane);
                events.push(Event::Acquired { name });
            }
            Op::Release(place) => {
                let (lock, name) = self.named(lane, place);
                self.locks[lock] = None;
                events.push(Event::Released { name });
            }
            Op::Send(place) => {
                let (mailbox, name) = self.named(lane, place);
                if let Some(turn) = self.lanes[lane].turn {
                    self.mailboxes[mailbox].push(turn);
                    events.push(Event::Sent { name, turn });
                }
            }
            Op::Receive(place) => {
                let (mailbox, name) = self.named(lane, place);
                let turn = self.mailboxes[mailbox].remove(0);
                self.serve(lane, turn);
                events.push(Event::Received { name, turn });
            }
            Op::Gather(place) => {
                let (mailbox, name) = self.named(lane, place);
                let all = std::mem::take(&mut self.mailboxes[mailbox]);
                let received = all.iter().map(|&turn| Event::Received { name: name.clone(), turn });
                events.extend(received);
                self.serve(lane, all[0]);
                self.lanes[lane].batch = all[1..].to_vec();
            }
            Op::Write(place) => {
                let (pipe, name) = self.named(lane, place);
                if let Some(said) = self.lanes[lane].answer.clone() {
                    events.push(Event::Piped { name, turn: said.turn });
                    self.pipes[pipe].push(said);
                }
            }
            Op::Read(place) => {
                let (pipe, name) = self.named(lane, place);
                let said = self.pipes[pipe].remove(0);
                events.push(Event::Unpiped { name, turn: said.turn });
                self.lanes[lane].answer = Some(said);
            }
            Op::Drop(place) => {
                let (pipe, name) = self.named(lane, place);
                let turns = self.pipes[pipe].drain(..).map(|said| said.turn).collect();
                events.push(Event::Dropped { name, turns });
            }
            Op::Lookup(place) => {
                let (cell, name) = self.named(lane, place);
                let value = self.cells[cell].clone();
                if let Value::Answer(cached) = &value {
                    self.lanes[lane].found = cached.is_some();
                    if cached.is_some() {
                        self.lanes[lane].answer.clone_from(cached);
                    }
                }
                events.push(Event::Read { cell, name, value });
            }
            Op::Save(place) => {
                let (cell, name) = self.named(lane, place);
                let value = Value::Answer(self.lanes[lane].answer.clone());
                self.write(cell, name, value, events);
            }
            Op::Put(place, small) => {
                let (cell, name) = self.named(lane, place);
                let value = Value::Small(self.small(lane, small));
                self.write(cell, name, value, events);
            }
            Op::Take(place) => {
                let (cell, name) = self.named(lane, place);
                let value = self.cells[cell].clone();
                if let Value::Small(id) = value {
                    self.lanes[lane].id = id;
                    self.lanes[lane].known = id != Id::Unset;
                }
                events.push(Event::Read { cell, name, value });
            }
            Op::Settle(place) => {
                let (cell, name) = self.named(lane, place);
                match self.cells[cell].clone() {
                    Value::Small(Id::Unset) => {
                        let value = Value::Small(self.lanes[lane].id);
                        self.write(cell, name, value, events);
                    }
                    value => {
                        if let Value::Small(id) = value {
                            self.lanes[lane].id = id;
                        }
                        events.push(Event::Read { cell, name, value });
                    }
                }
            }
            Op::Mint(mint) => {
                if let Some(turn) = self.lanes[lane].turn {
                    self.lanes[lane].id = self.program.drawn(turn, mint);
                }
            }
            Op::Then => {
                // Another function has variables of its own.
                let own = std::mem::take(&mut self.lanes[lane]);
                let session = self.program.cast.lanes[lane].session;
                self.lanes[lane] = LaneState {
                    turns_done: own.turns_done,
                    position: own.position,
                    turn: own.turn,
                    earlier: own.earlier,
                    worker: own.worker,
                    id: Id::Session(session as u8),
                    ..LaneState::default()
                };
            }
            Op::Answer => self.hand_back(lane, events),
            Op::Await => self.lanes[lane].answer = self.lanes[lane].inbox.take(),
            Op::Note(part) => {
                let message = self.message(lane, part);
                Arc::make_mut(&mut self.lanes[lane].history).extend(message);
            }
            Op::Infer => {
                let own = &mut self.lanes[lane];
                let text = assistant::answer(&self.program.cast, &own.history).into();
                let context = Arc::clone(&own.history);
                own.answer = own.turn.map(|turn| Said { turn, context, text });
            }
            // These decide which line is next, or end the turn: see `run_line`.
            Op::UnlessFound { .. }
            | Op::UnlessKnown { .. }
            | Op::Swap { .. }
            | Op::Next { .. }
            | Op::Pause
            | Op::Reply => {}
        }
    }

    /// The instance of a place that a lane means now, and its name.
    fn named(&self, lane: LaneId, place: PlaceId) -> (usize, String) {
        let at = self.instance_in(lane, place, self.lanes[lane].replica);
        (at, self.program.instance_name(place, at))
    }

    /// Makes a daemon work on a question.
    pub(super) fn serve(&mut self, lane: LaneId, turn: TurnId) {
        let replica = self.lanes[self.program.cast.turns[turn].lane].replica;
        let session = self.program.cast.session_of(turn);
        let own = &mut self.lanes[lane];
        own.turn = Some(turn);
        own.replica = replica;
        own.id = Id::Session(session as u8);
    }

    fn write(&mut self, cell: usize, name: String, value: Value, events: &mut Vec<Event>) {
        let before = std::mem::replace(&mut self.cells[cell], value.clone());
        self.versions[cell] += 1;
        events.push(Event::Wrote { cell, name, before, value });
    }

    pub(super) fn swap(&mut self, lane: LaneId, place: PlaceId, events: &mut Vec<Event>) -> bool {
        let (cell, name) = self.named(lane, place);
        let loaded = self.lanes[lane].loaded.remove(&cell);
        let unchanged = loaded == Some(self.versions[cell]);
        match unchanged {
            true => {
                let value = Value::Messages(self.lanes[lane].history.clone());
                self.write(cell, name, value, events);
            }
            false => events.push(Event::SwapFailed { name }),
        }
        unchanged
    }

    fn message(&self, lane: LaneId, part: Part) -> Option<Message> {
        let own = &self.lanes[lane];
        match part {
            Part::Question => own.turn.map(|turn| Message { turn, part, basis: [turn].into() }),
            Part::Answer => own.answer.as_ref().map(Said::message),
        }
    }

    fn hand_back(&mut self, lane: LaneId, events: &mut Vec<Event>) {
        let (Some(turn), said) = (self.lanes[lane].turn, self.lanes[lane].answer.clone()) else {
            return;
        };
        let to = self.program.cast.turns[turn].lane;
        if self.lanes[to].turn == Some(turn) {
            self.lanes[to].inbox = said;
            events.push(Event::HandedBack { to });
        }
    }

    fn small(&self, lane: LaneId, small: Small) -> Id {
        let own = &self.lanes[lane];
        match small {
            Small::Id => own.id,
            Small::Session => {
                let session = own.turn.map(|turn| self.program.cast.session_of(turn));
                session.map_or(Id::Unset, |session| Id::Session(session as u8))
            }
            Small::Next => match own.id {
                Id::Number(number) => Id::Number((number + 1).min(self.program.number_max())),
                Id::Unset | Id::Session(_) | Id::Fresh(_) => {
                    Id::Number(1.min(self.program.number_max()))
                }
            },
        }
    }
}
