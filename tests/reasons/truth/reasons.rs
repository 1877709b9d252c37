//! Whether a reason is true of an order.

use super::order::{Happened, Order, list};
use interleak::anomalies::reason::Reason;
use interleak::model::LaneId;
use interleak::model::op::Part;
use interleak::model::step::Blocked;
use interleak::replay::record::{self, Ending, Event, Value};

impl Order<'_> {
    /// Whether a reason is true.
    pub(crate) fn holds(&self, reason: &Reason) -> bool {
        let events = self.events();
        match reason {
            Reason::Through { place, writer, put, reader, read } => {
                let put = self.puts(*put, writer, place);
                let read = self.reads(*read, reader, place, true);
                // What was read there is what was put there last.
                in_order(&put, &read, |put, read| self.unchanged(place, put, read))
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
            Reason::Kept { place, writer, put, reader, read }
            | Reason::KeptAnyway { place, writer, put, reader, read } => {
                let anyway = matches!(reason, Reason::KeptAnyway { .. });
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
                in_order(&put, &read, |put, read| {
                    self.unwritten(place, put, read) && self.asked_in(events[read].2) == anyway
                })
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
                                copy < stored
                                    && stored < over
                                    && self.grew_from(copy, over)
                                    && self.unchanged(place, stored, over)
                                    && self.misses_it_since(place, over)
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
                        over.iter().any(|&over| {
                            copy < over
                                && self.grew_from(copy, over)
                                && self.misses_it_since(place, over)
                        })
                    })
            }
            Reason::Overwrote { about, place, writer, step } => {
                let over = self.takes_out(*step, writer, place);
                self.is_it(about) && over.iter().any(|&over| self.misses_it_since(place, over))
            }
            Reason::NeverPut { place } => self.is_stored(place) && !self.ever_put(place, &events),
            Reason::PutElsewhere { place, other, writer, step } => {
                self.is_stored(place)
                    && self.puts(*step, writer, other).iter().any(|&put| self.is_last_put(put))
                    && !self.ever_put(place, &events)
            }
            Reason::PutAside { other, writer, step } => {
                let cells = self.program.stored_cells(self.program.cast.session_of(self.it()));
                let of = self.program.code.stored.unwrap();
                let looks = |&cell: &usize| self.program.instance_name(of, cell) == *other;
                let mut puts = self.puts(*step, writer, other).into_iter();
                puts.any(|put| self.is_last_put(put)) && !cells.iter().any(looks)
            }
            Reason::NotReceived { about, writer, place, step } => {
                let sent = self.at(*step, writer, |event| match event {
                    Event::Sent { name, turn } => name == place && self.is(about, *turn),
                    _ => false,
                });
                // A lane may say the same twice: it is this message that nobody takes out.
                sent.iter().any(|&at| {
                    let received = |event: &Event| match (events[at].3, event) {
                        (Event::Sent { turn, .. }, Event::Received { name, turn: taken }) => {
                            name == place && turn == taken
                        }
                        _ => false,
                    };
                    !events[at + 1..].iter().any(|(.., event)| received(event))
                })
            }
            Reason::Received { about, lane, place, step } => {
                !self.at(*step, lane, |event| self.receives(about, place, event)).is_empty()
            }
            Reason::NotAnswered { about, lane, place, step } => {
                let at = self.at(*step, lane, |event| self.receives(about, place, event));
                let turns = self.turn_of(about);
                let answers = |(_, _, turn, event): &Happened| {
                    let is_for_it = turn.is_some_and(|turn| turns.contains(&turn));
                    is_for_it && matches!(event, Event::HandedBack { .. })
                };
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
                let held = |event: &&Event| matches!(event, Event::Read { value, .. } if self.holds_it(value));
                !reads.is_empty() && !reads.iter().any(went_in) && !reads.iter().any(held)
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
                in_order(&put, &read, |put, read| {
                    self.unchanged(other, put, read) && is_there(&read)
                })
            }
            Reason::PutLater { place, reader, read, writer, put } => {
                let put = self.puts(*put, writer, place);
                let read = self.reads(*read, reader, place, false);
                in_order(&read, &put, |read, put| {
                    self.unchanged(place, read, put) && !self.ever_put(place, &events[..read])
                })
            }
            Reason::Asked { about, place, writer, step } => {
                let brings = |event: &Event| self.brings(event, Some(place), Part::Question);
                let mut asked = self.at(*step, writer, brings).into_iter();
                self.is_it(about) && asked.any(|at| self.is_last_brought(at, place, Part::Question))
            }
            Reason::MessageBetween { about, writer, step } => {
                self.goes_behind(about, Part::Question, writer, *step)
            }
            Reason::AnswerBetween { about, writer, step } => {
                self.goes_behind(about, Part::Answer, writer, *step)
            }
            Reason::TooLate { text, writer, step } => {
                let late = self.at(*step, writer, |event| match event {
                    Event::Wrote { before, value, .. } => {
                        let asked = |it: &record::Message| self.is_part(it, Part::Question);
                        let answer = |it: &record::Message| self.is_part(it, Part::Answer);
                        let at = list(before).iter().position(asked);
                        // It stands behind its question, and something between the two.
                        let last = list(value).iter().rposition(asked);
                        let first = list(value).iter().position(answer);
                        self.brings(event, None, Part::Answer)
                            && at.is_some_and(|at| at + 1 < list(before).len())
                            && last.zip(first).is_some_and(|(last, first)| last + 1 < first)
                    }
                    _ => false,
                });
                let since = self.torn_since();
                *text == self.program.cast.turns[self.it()].text
                    && late.iter().any(|at| since.contains(at))
            }
            Reason::AnsweredFirst { about, place, writer, step } => {
                let brings = |event: &Event| self.brings(event, Some(place), Part::Answer);
                let mut answered = self.at(*step, writer, brings).into_iter();
                self.is_it(about)
                    && answered.any(|at| self.is_last_brought(at, place, Part::Answer))
            }
            Reason::AskedAfter { writer, step } => {
                let after = self.at(*step, writer, |event| match event {
                    Event::Wrote { before, .. } => {
                        self.brings(event, None, Part::Question)
                            && list(before).iter().any(|it| self.is_part(it, Part::Answer))
                    }
                    _ => false,
                });
                let since = self.torn_since();
                after.iter().any(|at| since.contains(at))
            }
            Reason::AnsweredElsewhere { place, writer, step } => {
                let brings = |event: &Event| self.brings(event, Some(place), Part::Answer);
                !self.at(*step, writer, brings).is_empty()
            }
            Reason::WrittenApart { place, writer, step } => {
                let apart = self.at(*step, writer, |event| match event {
                    Event::Wrote { name, before, value, .. } => {
                        name == place && !self.is_torn(before) && self.is_torn(value)
                    }
                    _ => false,
                });
                let since = self.torn_since();
                apart.iter().any(|at| since.contains(at))
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
                let is_inside = self.program.setting.grain.is_serial();
                self.holder(lane, place) == Some(lane)
                    && (is_inside || self.has(lane).contains(place))
            }
            Reason::NeverFreed { lane, place } => {
                let is_daemon = self.lane(lane).is_none_or(|it| self.program.is_daemon(it));
                let is_through = !self.waiting().iter().any(|(it, _)| Some(*it) == self.lane(lane));
                !is_daemon && is_through && self.has(lane).contains(place)
            }
            Reason::EndedHolding { lane, place } => {
                let is_client = self.lane(lane).is_some_and(|it| !self.program.is_daemon(it));
                let waits = self.waiting().iter().any(|(it, _)| Some(*it) == self.lane(lane));
                is_client && waits && self.has(lane).contains(place) && self.ended_with(lane, place)
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
                let waits = |lane: &LaneId| waiting.iter().any(|(other, _)| other == lane);
                waiting.len() > 1
                    && waiting.iter().all(|&(own, why)| match why {
                        Blocked::Lock { lock, place, holder } => {
                            let name = &self.program.lanes[holder].name;
                            let lock = self.program.instance_name(place, lock);
                            own != holder && waits(&holder) && !self.ended_with(name, &lock)
                        }
                        Blocked::Full { .. } => true,
                        _ => false,
                    })
            }
        }
    }
}

/// Whether some event of the one kind comes before one of the other, with something true of the two.
fn in_order(first: &[usize], second: &[usize], holds: impl Fn(usize, usize) -> bool) -> bool {
    let behind = |&first: &usize| second.iter().any(|&it| first < it && holds(first, it));
    first.iter().any(behind)
}
