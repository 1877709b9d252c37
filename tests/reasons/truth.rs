//! Whether a fact is true of an order, told from the record alone and from nothing that the code
//! under test has followed.

use interleak::anomalies::Finding;
use interleak::anomalies::facts::{Mark, MarkFact, Message, Reply, Said, Wait};
use interleak::anomalies::reason::Reason;
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
type Happened<'a> = (usize, LaneId, Option<TurnId>, &'a Event);

impl<'a> Order<'a> {
    fn events(&self) -> Vec<Happened<'a>> {
        let mut all = Vec::new();
        for (index, step) in self.record.steps.iter().enumerate() {
            for line in &step.lines {
                all.extend(line.events.iter().map(|it| (index + 1, line.lane, line.turn, it)));
            }
        }
        all
    }

    /// The message that "it" stands for.
    fn it(&self) -> TurnId {
        self.finding.about[0]
    }

    fn holds_it(&self, value: &Value) -> bool {
        value.questions().contains(&self.it())
    }

    fn shown(&self) -> Option<&Shown> {
        self.record.replies.iter().find(|reply| Some(reply.turn) == self.finding.turn)
    }

    fn is_it(&self, about: &Message) -> bool {
        self.is(about, self.it())
    }

    fn is(&self, about: &Message, turn: TurnId) -> bool {
        let cast = &self.program.cast;
        about.lane == cast.lane_name_of(turn) && about.text == cast.turns[turn].text
    }

    fn turn_of(&self, about: &Message) -> Vec<TurnId> {
        (0..self.program.cast.turns.len()).filter(|&turn| self.is(about, turn)).collect()
    }

    fn is_reply(&self, reply: &Reply) -> bool {
        let turn = self.finding.turn.unwrap();
        let cast = &self.program.cast;
        reply.lane == cast.lane_name_of(turn) && reply.number == cast.turns[turn].number
    }

    /// The positions of the events of a lane in a step that are as wanted.
    fn at(&self, step: usize, lane: &str, wanted: impl Fn(&Event) -> bool) -> Vec<usize> {
        let events = self.events().into_iter().enumerate();
        let matches = events.filter(|(_, (at, by, _, event))| {
            *at == step && self.program.lanes[*by].name == lane && wanted(event)
        });
        matches.map(|(position, _)| position).collect()
    }

    fn puts(&self, step: usize, lane: &str, place: &str) -> Vec<usize> {
        self.at(step, lane, |event| match event {
            Event::Wrote { name, before, value, .. } => {
                name == place && !self.holds_it(before) && self.holds_it(value)
            }
            _ => false,
        })
    }

    fn takes_out(&self, step: usize, lane: &str, place: &str) -> Vec<usize> {
        self.at(step, lane, |event| match event {
            Event::Wrote { name, before, value, .. } => {
                name == place && self.holds_it(before) && !self.holds_it(value)
            }
            _ => false,
        })
    }

    /// Reads of a place with the message in it, or without.
    fn reads(&self, step: usize, lane: &str, place: &str, with: bool) -> Vec<usize> {
        self.at(step, lane, |event| match event {
            Event::Read { name, value, .. } => name == place && self.holds_it(value) == with,
            _ => false,
        })
    }

    /// Whether the message was put into a place, or any instance of it, within a part of the order.
    fn ever_put(&self, place: &str, events: &[Happened]) -> bool {
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
    fn is_stored(&self, place: &str) -> bool {
        let cells = self.program.stored_cells(self.program.cast.session_of(self.it()));
        let of = self.program.code.stored.unwrap();
        let named = cells.iter().any(|&cell| self.program.instance_name(of, cell) == place);
        named || (cells.len() > 1 && self.program.code.places[of].name == place)
    }

    /// What a place held after so many events.
    fn held(&self, place: &str, events: usize) -> Option<&'a Value> {
        self.events()[..events].iter().rev().find_map(|(.., event)| match event {
            Event::Wrote { name, value, .. } if name == place => Some(value),
            _ => None,
        })
    }

    /// Events of the turn that the finding is about, up to its reply.
    fn reads_of_turn(&self) -> Vec<&'a Event> {
        let step = self.finding.step + 1;
        let own = |(at, _, turn, event): &Happened| {
            *at <= step && *turn == self.finding.turn && matches!(event, Event::Read { .. })
        };
        self.events().into_iter().filter(own).map(|(.., event)| event).collect()
    }

    /// The locks that a lane took and did not give back.
    fn has(&self, lane: &str) -> Vec<String> {
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

    fn waiting(&self) -> &'a [(LaneId, Blocked)] {
        match &self.record.ending {
            Ending::Stuck(waiting) => waiting,
            Ending::Open | Ending::Complete => &[],
        }
    }

    fn lane(&self, name: &str) -> Option<LaneId> {
        self.program.lanes.iter().position(|lane| lane.name == name)
    }

    /// Whether a lane waits for a lock, and who holds that.
    fn holder(&self, lane: &str, place: &str) -> Option<&'a str> {
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

    /// Whether a reason is true.
    pub(crate) fn holds(&self, reason: &Reason) -> bool {
        let events = self.events();
        match reason {
            Reason::Through { place, writer, put, reader, read } => {
                let put = self.puts(*put, writer, place);
                let read = self.reads(*read, reader, place, true);
                before(&put, &read)
            }
            Reason::Piped { place, writer, put, reader, read } => {
                let turn = |at: usize| match events[at].3 {
                    Event::Piped { turn, .. } | Event::Unpiped { turn, .. } => *turn,
                    _ => unreachable!(),
                };
                let is_in =
                    |event: &Event| matches!(event, Event::Piped { name, .. } if name == place);
                let is_out =
                    |event: &Event| matches!(event, Event::Unpiped { name, .. } if name == place);
                let (put, read) = (self.at(*put, writer, is_in), self.at(*read, reader, is_out));
                put.iter()
                    .any(|&put| read.iter().any(|&read| put < read && turn(put) == turn(read)))
            }
            Reason::Kept { place, writer, put, reader, read } => {
                let shown = self.shown().unwrap();
                let is_it = |value: &Value| matches!(value, Value::Answer(Some(said)) if said.turn == shown.said.turn);
                let put = self.at(*put, writer, |event| match event {
                    Event::Wrote { name, value, .. } => name == place && is_it(value),
                    _ => false,
                });
                let read = self.at(*read, reader, |event| match event {
                    Event::Read { name, value, .. } => name == place && is_it(value),
                    _ => false,
                });
                before(&put, &read)
            }
            Reason::OnlyThen => {
                let shown = self.shown().unwrap();
                shown.earlier.iter().any(|turn| !shown.said.basis().contains(turn))
            }
            Reason::Crossed { lane } => {
                let shown = self.shown().unwrap();
                let cast = &self.program.cast;
                let meant = cast.lane_name_of(shown.said.turn);
                meant == lane && meant != cast.lane_name_of(shown.turn)
            }
            Reason::Untied => {
                let shown = self.shown().unwrap();
                shown.said.turn != shown.turn
            }
            Reason::Held { about, lane, place, step } => {
                let at = self.at(*step, lane, |event| self.receives(about, place, event));
                let answers = |(_, by, _, event): &Happened| {
                    let to = self.finding.turn.map(|turn| self.program.cast.turns[turn].lane);
                    Some(*by) == self.lane(lane)
                        && matches!(event, Event::HandedBack { to: lane } if Some(*lane) == to)
                };
                self.is_it(about) && at.iter().any(|&at| events[at..].iter().any(answers))
            }
            Reason::Overtaken { about, place, writer, copied, stored, step } => {
                let copy = self.reads(*copied, writer, place, false);
                let stored = self.puts(*stored, &self.writer_in(*stored, place), place);
                let over = self.takes_out(*step, writer, place);
                self.is_it(about)
                    && copy.iter().any(|&copy| {
                        stored.iter().any(|&stored| {
                            over.iter().any(|&over| {
                                copy < stored && stored < over && self.grew_from(copy, over)
                            })
                        })
                    })
            }
            Reason::OtherCopy { about, place, other, writer, copied, step } => {
                let copy = self.reads(*copied, writer, other, false);
                let over = self.takes_out(*step, writer, place);
                self.is_it(about)
                    && other != place
                    && copy.iter().any(|&copy| {
                        over.iter().any(|&over| copy < over && self.grew_from(copy, over))
                    })
            }
            Reason::Overwrote { about, place, writer, step } => {
                self.is_it(about) && !self.takes_out(*step, writer, place).is_empty()
            }
            Reason::NeverPut { place } => self.is_stored(place) && !self.ever_put(place, &events),
            Reason::PutElsewhere { place, other, writer, step } => {
                self.is_stored(place)
                    && !self.puts(*step, writer, other).is_empty()
                    && !self.ever_put(place, &events)
            }
            Reason::NotReceived { about, writer, place, step } => {
                let sent = self.at(*step, writer, |event| match event {
                    Event::Sent { name, turn } => name == place && self.is(about, *turn),
                    _ => false,
                });
                let mut after = events.iter().skip(sent.first().map_or(0, |at| at + 1));
                !sent.is_empty() && !after.any(|(.., event)| self.receives(about, place, event))
            }
            Reason::Received { about, lane, place, step } => {
                !self.at(*step, lane, |event| self.receives(about, place, event)).is_empty()
            }
            Reason::NotAnswered { about, lane, place, step } => {
                let at = self.at(*step, lane, |event| self.receives(about, place, event));
                let client = self.lane(&about.lane);
                let answers = |(.., event): &Happened| matches!(event, Event::HandedBack { to } if Some(*to) == client);
                at.last().is_some_and(|&at| !events[at..].iter().any(answers))
            }
            Reason::NothingRead => self.reads_of_turn().is_empty(),
            Reason::NoneUsed => {
                let context = &self.shown().unwrap().said.context;
                let reads = self.reads_of_turn();
                // What is also said in the turn itself need not have been read.
                let own = [self.finding.turn.unwrap()];
                let went_in = |event: &&Event| match event {
                    Event::Read { value: value @ Value::Messages(list), .. } => {
                        !list.is_empty() && value.questions() != own && context.starts_with(list)
                    }
                    _ => false,
                };
                !reads.is_empty() && !reads.iter().any(went_in)
            }
            Reason::ReadUnused { place, reader, read } => {
                let basis = self.shown().unwrap().said.basis();
                let is_own = |&at: &usize| events[at].2 == self.finding.turn;
                let read = self.reads(*read, reader, place, true);
                !basis.contains(&self.it()) && read.iter().any(is_own)
            }
            Reason::NotThere { place, reader, read } => {
                let read = self.reads(*read, reader, place, false);
                read.iter().any(|&read| !self.ever_put(place, &events[..read]))
            }
            Reason::ElsewhereThen { place, reader, read, other, writer, put } => {
                let put = self.puts(*put, writer, other);
                let read = self.reads(*read, reader, place, false);
                let is_there = |read: &usize| {
                    self.held(other, *read).is_some_and(|value| self.holds_it(value))
                };
                before(&put, &read) && read.iter().any(is_there)
            }
            Reason::PutLater { place, reader, read, writer, put } => {
                let put = self.puts(*put, writer, place);
                let read = self.reads(*read, reader, place, false);
                before(&read, &put)
            }
            Reason::Asked { about, place, writer, step } => {
                let brings = |event: &Event| self.brings(event, Some(place), Part::Question);
                self.is_it(about) && !self.at(*step, writer, brings).is_empty()
            }
            Reason::MessageBetween { about, writer, step } => {
                self.goes_behind(about, Part::Question, writer, *step)
            }
            Reason::AnswerBetween { about, writer, step } => {
                self.goes_behind(about, Part::Answer, writer, *step)
            }
            Reason::TooLate { text, writer, step } => {
                let late = self.at(*step, writer, |event| match event {
                    Event::Wrote { before, .. } => {
                        let own = |it: &record::Message| {
                            (it.turn, it.part) == (self.it(), Part::Question)
                        };
                        let at = list(before).iter().position(own);
                        self.brings(event, None, Part::Answer)
                            && at.is_some_and(|at| at + 1 < list(before).len())
                    }
                    _ => false,
                });
                *text == self.program.cast.turns[self.it()].text && !late.is_empty()
            }
            Reason::AnsweredFirst { about, place, writer, step } => {
                let brings = |event: &Event| self.brings(event, Some(place), Part::Answer);
                self.is_it(about) && !self.at(*step, writer, brings).is_empty()
            }
            Reason::AskedAfter { writer, step } => {
                let after = self.at(*step, writer, |event| match event {
                    Event::Wrote { before, .. } => {
                        self.brings(event, None, Part::Question)
                            && list(before).iter().any(|it| self.is_part(it, Part::Answer))
                    }
                    _ => false,
                });
                !after.is_empty()
            }
            Reason::WrittenApart { place, writer, step } => {
                let apart = self.at(*step, writer, |event| match event {
                    Event::Wrote { name, before, value, .. } => {
                        name == place && !self.is_torn(before) && self.is_torn(value)
                    }
                    _ => false,
                });
                apart.iter().any(|&at| {
                    events[at..].iter().all(|(.., event)| match event {
                        Event::Wrote { name, value, .. } if name == place => self.is_torn(value),
                        _ => true,
                    })
                })
            }
            Reason::NoReplyLine { function } => {
                let turn = self.finding.turn.unwrap();
                *function == self.program.code.respond.name
                    && !self.record.answered(turn)
                    && self.record.ending == Ending::Complete
            }
            Reason::LoopStopped { lane, place, holder } => {
                self.stops_loop(lane, place, holder) && self.asks_last(holder)
            }
            Reason::LoopStoppedAnyway { lane, place, holder } => {
                self.stops_loop(lane, place, holder) && !self.asks_last(holder)
            }
            Reason::TakenTwice { lane, place } => {
                // A whole turn that cannot end does not begin: what it would take is in no step.
                let is_inside = self.program.setting.grain == Grain::Turn;
                self.holder(lane, place) == Some(lane)
                    && (is_inside || self.has(lane).contains(place))
            }
            Reason::NeverFreed { lane, place } => {
                let is_daemon = self.lane(lane).is_none_or(|it| self.program.is_daemon(it));
                let is_through = !self.waiting().iter().any(|(it, _)| Some(*it) == self.lane(lane));
                !is_daemon && is_through && self.has(lane).contains(place)
            }
            Reason::NotFreed { lane, place } => {
                let is_daemon = self.lane(lane).is_some_and(|it| self.program.is_daemon(it));
                is_daemon && self.has(lane).contains(place)
            }
            Reason::PipeTaken { lane, place, step } => {
                let taken =
                    |event: &Event| matches!(event, Event::Unpiped { name, .. } if name == place);
                let at = self.at(*step, lane, taken);
                at.last().is_some_and(|&at| self.stays_empty(place, at))
            }
            Reason::PipeDropped { lane, place, step } => {
                let dropped = |event: &Event| match event {
                    Event::Dropped { name, turns } => name == place && !turns.is_empty(),
                    _ => false,
                };
                let at = self.at(*step, lane, dropped);
                at.last().is_some_and(|&at| self.stays_empty(place, at))
            }
            Reason::PipeUnused { place } => !events
                .iter()
                .any(|(.., event)| matches!(event, Event::Piped { name, .. } if name == place)),
            Reason::Circle => {
                let waiting = self.waiting();
                !waiting.is_empty()
                    && waiting.iter().all(|(_, why)| match why {
                        Blocked::Lock { holder, .. } => {
                            waiting.iter().any(|(other, _)| other == holder)
                        }
                        Blocked::Full { .. } => waiting.len() > 1,
                        _ => false,
                    })
            }
        }
    }

    fn receives(&self, about: &Message, place: &str, event: &Event) -> bool {
        match event {
            Event::Received { name, turn } => name == place && self.is(about, *turn),
            _ => false,
        }
    }

    /// Who wrote a place in a step; a step is one lane's, but a daemon's lines may run in it.
    fn writer_in(&self, step: usize, place: &str) -> String {
        let wrote = self.events().into_iter().filter(|(at, _, _, event)| {
            *at == step
                && matches!(event, Event::Wrote { name, before, value, .. }
                if name == place && !self.holds_it(before) && self.holds_it(value))
        });
        let lane = wrote.map(|(_, lane, ..)| lane).last();
        lane.map_or_else(String::new, |lane| self.program.lanes[lane].name.clone())
    }

    /// Whether what one event stored begins with what another one read, and nothing that begins
    /// another history was read in between by the same lane.
    fn grew_from(&self, read: usize, stored: usize) -> bool {
        let events = self.events();
        match (events[read].3, events[stored].3) {
            (Event::Read { value: from, .. }, Event::Wrote { value: to, .. }) => {
                list(to).starts_with(list(from))
            }
            _ => false,
        }
    }

    fn is_part(&self, message: &record::Message, part: Part) -> bool {
        (message.turn, message.part) == (self.it(), part)
    }

    /// Whether a write brings the question or the answer of the turn into a list.
    fn brings(&self, event: &Event, place: Option<&String>, part: Part) -> bool {
        let has = |value: &Value| list(value).iter().any(|message| self.is_part(message, part));
        match event {
            Event::Wrote { name, before, value, .. } => {
                place.is_none_or(|place| place == name) && !has(before) && has(value)
            }
            _ => false,
        }
    }

    fn goes_behind(&self, about: &Message, part: Part, writer: &str, step: usize) -> bool {
        let turns = self.turn_of(about);
        let behind = |value: &Value| {
            list(value).windows(2).any(|two| {
                self.is_part(&two[0], Part::Question)
                    && two[1].part == part
                    && turns.contains(&two[1].turn)
            })
        };
        let puts = self.at(step, writer, |event| match event {
            Event::Wrote { before, value, .. } => !behind(before) && behind(value),
            _ => false,
        });
        !puts.is_empty()
    }

    fn is_torn(&self, value: &Value) -> bool {
        let list = list(value);
        let has = |part| list.iter().any(|message| self.is_part(message, part));
        let together = list.windows(2).any(|two| {
            self.is_part(&two[0], Part::Question) && self.is_part(&two[1], Part::Answer)
        });
        has(Part::Question) && has(Part::Answer) && !together
    }

    fn stops_loop(&self, lane: &str, place: &str, holder: &str) -> bool {
        let froze = self
            .events()
            .iter()
            .any(|(_, by, _, event)| Some(*by) == self.lane(lane) && **event == Event::Froze);
        froze && lane != holder && self.holder(lane, place) == Some(holder)
    }

    fn asks_last(&self, lane: &str) -> bool {
        let lines = self.record.steps.iter().flat_map(|step| &step.lines);
        let last = lines.filter(|line| Some(line.lane) == self.lane(lane)).last();
        last.is_some_and(|last| {
            let mut code = self.program.routine(last.lane).lines.iter();
            code.any(|line| line.number == last.number && line.infers())
        })
    }

    /// Whether nothing is put into a pipe after an event.
    fn stays_empty(&self, place: &str, at: usize) -> bool {
        let puts = |event: &Event| matches!(event, Event::Piped { name, .. } if name == place);
        !self.events()[at..].iter().any(|(.., event)| puts(event))
    }

    /// Whether a headline is true.
    pub(crate) fn says(&self, said: &Said) -> bool {
        let finding = self.finding;
        let rest = |more: &usize| finding.about.len() == more + 1;
        let basis = || self.shown().map(|shown| shown.said.basis()).unwrap_or_default();
        match said {
            Said::BuiltFrom { reply, about, more } => {
                let cast = &self.program.cast;
                let foreign = cast.user_of(self.it()) != cast.user_of(finding.turn.unwrap());
                let in_it = finding.about.iter().all(|turn| basis().contains(turn));
                self.is_reply(reply) && self.is_it(about) && rest(more) && foreign && in_it
            }
            Said::ComputedFor { reply, about } => {
                let shown = self.shown().unwrap();
                self.is_reply(reply) && self.is(about, shown.said.turn)
            }
            Said::KeptAnswer { reply, kept, about, more } => {
                let shown = self.shown().unwrap();
                self.is_reply(reply)
                    && self.is(kept, shown.said.turn)
                    && self.forgets(about)
                    && rest(more)
            }
            Said::Forgets { reply, about, more } => {
                self.is_reply(reply) && self.forgets(about) && rest(more)
            }
            Said::Lost { about, place } => {
                self.is_stored(place)
                    && self.is_it(about)
                    && self.record.answered(self.it())
                    && self.missing_in_stored()
            }
            Said::Torn { about, place } => {
                let cells = self.program.cells();
                let cell = (0..cells.len())
                    .find(|&cell| self.program.instance_name(cells[cell].0, cell) == *place);
                self.is_it(about) && cell.is_some_and(|it| self.is_torn(&self.record.cells[it]))
            }
            Said::NoReply { about } => self.is_it(about) && !self.record.answered(self.it()),
            Said::Stuck { waits } | Said::TurnStuck { waits } => {
                let waiting = self.waiting();
                waits.len() == waiting.len()
                    && waits.iter().zip(waiting).all(|(wait, &it)| self.waits(wait, it))
            }
        }
    }

    fn forgets(&self, about: &Message) -> bool {
        let shown = self.shown().unwrap();
        self.is_it(about)
            && shown.earlier.contains(&self.it())
            && !shown.said.basis().contains(&self.it())
    }

    fn missing_in_stored(&self) -> bool {
        let session = self.program.cast.session_of(self.it());
        let cells = self.program.stored_cells(session);
        cells.iter().all(|&cell| !self.holds_it(&self.record.cells[cell]))
    }

    fn waits(&self, wait: &Wait, (own, why): (LaneId, Blocked)) -> bool {
        let name = |lane: LaneId| &self.program.lanes[lane].name;
        let place = |of, at| self.program.instance_name(of, at);
        match (wait, why) {
            (Wait::Finished { lane }, Blocked::Finished)
            | (Wait::NoAnswer { lane }, Blocked::NoAnswer)
            | (Wait::NothingToCancel { lane }, Blocked::NothingToCancel)
            | (Wait::PartOfTurns { lane }, Blocked::PartOfTurns) => lane == name(own),
            (Wait::Full { lane, limit }, Blocked::Full { limit: at }) => {
                lane == name(own) && *limit == at
            }
            (Wait::Lock { lane, place: lock, holder }, Blocked::Lock { .. }) => {
                lane == name(own) && lane != holder && self.holder(lane, lock) == Some(holder)
            }
            (Wait::OwnLock { lane, place: lock }, Blocked::Lock { .. }) => {
                lane == name(own) && self.holder(lane, lock) == Some(lane)
            }
            (Wait::Empty { lane, place: at }, Blocked::Empty { mailbox, place: of }) => {
                lane == name(own) && *at == place(of, mailbox)
            }
            (
                Wait::NothingToRead { lane, place: at },
                Blocked::NothingToRead { pipe, place: of },
            ) => lane == name(own) && *at == place(of, pipe),
            (Wait::Frozen { lane, by }, Blocked::Frozen { by: other }) => {
                lane == name(own) && by == name(other)
            }
            _ => false,
        }
    }

    /// Whether a mark stands at an access that does what it says.
    pub(crate) fn marks(&self, mark: &Mark) -> bool {
        let lane = &self.program.lanes[mark.lane].name;
        let said = self.program.cast.lane_name_of(self.it());
        let step = mark.step + 1;
        let is_torn_apart = || {
            self.at(step, lane, |event| match event {
                Event::Wrote { name, before, value, .. } => {
                    *name == mark.place && !self.is_torn(before) && self.is_torn(value)
                }
                _ => false,
            })
        };
        let (does, writes, names) = match &mark.says {
            MarkFact::ReadsWhatSaid { lane: by, said: of } => (
                !self.reads(step, lane, &mark.place, true).is_empty(),
                false,
                by == lane && of == said,
            ),
            MarkFact::StoresWithout { lane: by, said: of }
            | MarkFact::Overwrites { lane: by, said: of } => (
                !self.takes_out(step, lane, &mark.place).is_empty(),
                true,
                by == lane && of == said,
            ),
            MarkFact::ReadsKept { lane: by } => {
                let shown = self.shown().unwrap();
                let kept = self.at(step, lane, |event| match event {
                    Event::Read { name, value: Value::Answer(Some(it)), .. } => {
                        *name == mark.place && it.turn == shown.said.turn
                    }
                    _ => false,
                });
                (!kept.is_empty(), false, by == lane)
            }
            MarkFact::PutsBehind { lane: by, said: of } => {
                let behind = |value: &Value| {
                    list(value).iter().rposition(|it| self.is_part(it, Part::Question))
                };
                let puts = self.at(step, lane, |event| match event {
                    Event::Wrote { name, value, .. } => {
                        *name == mark.place
                            && behind(value).is_some_and(|at| at + 1 < list(value).len())
                    }
                    _ => false,
                });
                (!puts.is_empty(), true, by == lane && of == said)
            }
            MarkFact::WritesApart { lane: by, said: of } => {
                (!is_torn_apart().is_empty(), true, by == lane && of == said)
            }
        };
        does && names && writes == mark.writes
    }
}

/// Whether some event of the one kind comes before some of the other.
fn before(first: &[usize], second: &[usize]) -> bool {
    first.first().zip(second.last()).is_some_and(|(first, second)| first < second)
}

fn list(value: &Value) -> &[record::Message] {
    match value {
        Value::Messages(messages) => messages,
        Value::Answer(_) | Value::Small(_) => &[],
    }
}

/// Whether the steps of a chain of reasons are told in the order of time.
pub(crate) fn in_time(reasons: &[Reason]) -> bool {
    let times: Vec<Vec<usize>> = reasons.iter().map(steps).collect();
    let rises = |steps: &[usize]| steps.windows(2).all(|two| two[0] <= two[1]);
    let firsts: Vec<usize> = times.iter().filter_map(|steps| steps.first().copied()).collect();
    times.iter().all(|steps| rises(steps)) && rises(&firsts)
}

/// The steps of a reason, in the order in which they have to be.
fn steps(reason: &Reason) -> Vec<usize> {
    match reason {
        Reason::Through { put, read, .. }
        | Reason::Piped { put, read, .. }
        | Reason::Kept { put, read, .. }
        | Reason::ElsewhereThen { put, read, .. } => vec![*put, *read],
        Reason::PutLater { read, put, .. } => vec![*read, *put],
        Reason::Overtaken { copied, stored, step, .. } => vec![*copied, *stored, *step],
        Reason::OtherCopy { copied, step, .. } => vec![*copied, *step],
        Reason::Held { step, .. }
        | Reason::Overwrote { step, .. }
        | Reason::PutElsewhere { step, .. }
        | Reason::Received { step, .. }
        | Reason::Asked { step, .. }
        | Reason::MessageBetween { step, .. }
        | Reason::AnswerBetween { step, .. }
        | Reason::TooLate { step, .. }
        | Reason::AnsweredFirst { step, .. }
        | Reason::AskedAfter { step, .. }
        | Reason::WrittenApart { step, .. } => vec![*step],
        Reason::ReadUnused { read, .. } | Reason::NotThere { read, .. } => vec![*read],
        // Of those that are stuck, each has a reason of its own.
        Reason::NotReceived { .. }
        | Reason::NotAnswered { .. }
        | Reason::PipeTaken { .. }
        | Reason::PipeDropped { .. } => Vec::new(),
        Reason::OnlyThen
        | Reason::Crossed { .. }
        | Reason::Untied
        | Reason::NeverPut { .. }
        | Reason::NothingRead
        | Reason::NoneUsed
        | Reason::NoReplyLine { .. }
        | Reason::LoopStopped { .. }
        | Reason::LoopStoppedAnyway { .. }
        | Reason::TakenTwice { .. }
        | Reason::NeverFreed { .. }
        | Reason::NotFreed { .. }
        | Reason::PipeUnused { .. }
        | Reason::Circle => Vec::new(),
    }
}
