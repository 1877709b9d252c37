//! Whether a headline and a mark are true of an order.

use super::order::{Order, list};
use interleak::anomalies::facts::{Mark, MarkFact, Message, Said, Wait};
use interleak::model::LaneId;
use interleak::model::op::Part;
use interleak::model::step::Blocked;
use interleak::replay::record::{Event, Value};

impl Order<'_> {
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
            Said::Split { about, place, other } => {
                let at = |place: &String, part| {
                    self.is_stored(place)
                        && self.held_at_end(place).iter().any(|it| self.is_part(it, part))
                };
                self.is_it(about)
                    && place != other
                    && at(place, Part::Question)
                    && at(other, Part::Answer)
                    && !self.stands_together_in_stored()
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

    /// Whether the answer stands directly behind the question in some list of the session.
    fn stands_together_in_stored(&self) -> bool {
        let cells = self.program.stored_cells(self.program.cast.session_of(self.it()));
        cells.iter().any(|&cell| {
            list(&self.record.cells[cell]).windows(2).any(|two| {
                self.is_part(&two[0], Part::Question) && self.is_part(&two[1], Part::Answer)
            })
        })
    }

    /// The messages in a place at the end.
    fn held_at_end(&self, place: &str) -> &[interleak::replay::record::Message] {
        let cells = self.program.cells();
        let named = |cell: &usize| self.program.instance_name(cells[*cell].0, *cell) == place;
        (0..cells.len()).find(named).map_or(&[], |cell| list(&self.record.cells[cell]))
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
            MarkFact::AnswersElsewhere { lane: by, said: of } => {
                let brings = |event: &Event| self.brings(event, Some(&mark.place), Part::Answer);
                (!self.at(step, lane, brings).is_empty(), true, by == lane && of == said)
            }
        };
        does && names && writes == mark.writes
    }
}
