//! A difference, told: the line, what its mark says, and what Python does.

use super::answer::{Play, Wrong};
use super::blame::{Blame, blame, has_mark};
use super::compare::{Difference, What, place_of};
use super::facts::{Doing, Holding, How, Mistake, Spot, Told, When, Why};
use super::orders::{Labels, Probe, Reply};
use crate::anomalies::facts::Wait;
use crate::listing::Listing;
use crate::model::LaneId;
use crate::model::code::{Line, LineKind};
use crate::model::program::Program;

/// The cells and the locks in [`super::Look`].
const CELLS: usize = 0;
const LOCKS: usize = 1;

/// Says what is different. `play` is the same order again, looked at more closely.
pub(super) fn tell(
    listing: &Listing,
    program: &Program,
    difference: &Difference,
    play: Option<&Play>,
) -> Told {
    let teller = Teller { listing, program, difference };
    teller.blame(teller.seen(), blame(listing, program, difference, play))
}

struct Teller<'a> {
    listing: &'a Listing,
    program: &'a Program,
    difference: &'a Difference,
}

impl Teller<'_> {
    /// What is seen, at the step that shows it.
    fn seen(&self) -> Told {
        let difference = self.difference;
        // Only a place can be another one before the first step.
        let at = || self.spot_of(difference.step.unwrap_or_default());
        let (what, marks, does) = match &difference.what {
            What::Place { kind, number, expected, found } => {
                let holds = |labels| {
                    let (place, what) = (self.place(*kind, *number), self.holds(*kind, labels));
                    Doing::PlaceHolds { place, what }
                };
                (self.place_differs(*kind, *number, found), holds(expected), holds(found))
            }
            What::Asked { expected, found } => self.asked(at(), expected.as_ref(), found),
            What::Reply { expected, found } => {
                self.reply(at(), expected.as_deref(), found.as_deref())
            }
            What::Next { expected, found } => {
                (Mistake::GoesElsewhere { at: at() }, self.next(*expected), self.next(*found))
            }
            What::Wrong(wrong) => return self.wrong(wrong, at()),
            What::GoesOn(probe) => return self.goes_on(probe),
            What::Waits { probe, gives_way } => return self.waits(probe, *gives_way),
            What::Lock { number, gives_way } => return self.lock(*number, *gives_way),
        };
        let line = match (difference.step, &difference.what) {
            (None, What::Place { kind, number, .. }) => self.declaration(*kind, *number),
            _ => Some(at()),
        };
        let line = line.map(|at| at.line());
        Told { line, what, marks, does, when: self.when(), why: None }
    }

    /// Puts the line first that the difference comes from.
    fn blame(&self, told: Told, blame: Blame) -> Told {
        match blame {
            Blame::Here => told,
            Blame::Unmarked { line, kind, number } => {
                let what = Mistake::PlaceUnmarked { line, place: self.place(kind, number) };
                Told { line: Some(line), what, ..told }
            }
            Blame::Ends { line } => {
                Told { line: Some(line), what: Mistake::TurnEndsUnmarked { line }, ..told }
            }
            Blame::Alias { step, variable, kind, number } => {
                let (at, place) = (self.spot_of(step), self.place(kind, number));
                let (line, why) = (Some(at.line()), Some(Why::Shown { by: told.what }));
                Told { line, what: Mistake::NoCopy { at, variable, place }, why, ..told }
            }
            Blame::Kept { step } => {
                let at = self.spot_of(step);
                let (line, why) = (Some(at.line()), Some(Why::Shown { by: told.what }));
                Told { line, what: Mistake::NotHandedBack { at }, why, ..told }
            }
            Blame::History { step, variable, holds } => {
                let (at, expected) =
                    (self.spot_of(step), &self.difference.order.steps[step].history);
                let marks = Doing::HistoryHolds { what: self.messages(expected) };
                let what = self.messages(&holds);
                let does = Doing::VariableHolds { variable: variable.clone(), what };
                self.earlier(told, Mistake::HistoryOtherwise { at, variable }, step, marks, does)
            }
            Blame::Unread { step, holds, written } => {
                let at = self.spot_of(step);
                let read = self.difference.order.steps[step].read.clone().unwrap_or_default();
                let marks = Doing::Reads { what: self.messages(&read) };
                let reads = |labels| Doing::Reads { what: self.messages(&labels) };
                let does = holds.map_or(Doing::ReadsOtherwise, reads);
                let told = self.earlier(told, Mistake::NotRead { at }, step, marks, does);
                let written = written.map(|step| Why::Written { at: self.spot_of(step) });
                Told { why: written.or(told.why), ..told }
            }
            Blame::Unwritten { step, cell, untouched } => {
                let (at, place) = (self.spot_of(step), self.place(CELLS, cell));
                let what = self.messages(&self.difference.order.steps[step].after.0[CELLS][cell]);
                let marks = Doing::PlaceHolds { place: place.clone(), what };
                let does = match untouched {
                    true => Doing::PlaceUntouched { place: place.clone() },
                    false => Doing::PlaceElsewhere { place: place.clone() },
                };
                self.earlier(told, Mistake::PlaceOtherwise { at, place }, step, marks, does)
            }
        }
    }

    /// Tells of an earlier step than the one that shows it.
    fn earlier(&self, told: Told, what: Mistake, step: usize, marks: Doing, does: Doing) -> Told {
        let line = Some(self.spot_of(step).line());
        let why = (told.line != line).then_some(Why::ShownLater { by: told.what });
        Told { line, what, marks, does, why, when: told.when }
    }

    /// Where the lane is that makes a step.
    fn spot_of(&self, step: usize) -> Spot {
        let step = &self.difference.order.steps[step];
        match (self.spot(step.runs, step.position), step.cancels()) {
            (Spot::Marked { line, .. }, true) => Spot::Cancelled { line },
            (spot, _) => spot,
        }
    }

    fn spot(&self, lane: LaneId, position: usize) -> Spot {
        let Line { number, kind, mark, .. } = &self.program.routine(lane).lines[position];
        match *kind {
            LineKind::Code | LineKind::Resumes => {
                Spot::Marked { line: *number, mark: mark.clone() }
            }
            LineKind::EndOfWith { opened, .. } => Spot::BlockEnds { line: opened },
        }
    }

    /// Where a place is declared.
    fn declaration(&self, kind: usize, number: usize) -> Option<Spot> {
        let name = &self.program.code.places[place_of(self.program, kind, number)?].name;
        // Another mark may stand before it.
        let of = |mark: &str| mark.split(',').map(str::trim).any(|part| declares(part, name));
        let (line, mark) = self.listing.marks().find(|(_, mark)| of(mark))?;
        Some(Spot::Marked { line, mark: mark.to_owned() })
    }

    fn place(&self, kind: usize, number: usize) -> String {
        place_of(self.program, kind, number)
            .map_or_else(String::new, |place| self.program.instance_name(place, number))
    }

    fn holds(&self, kind: usize, labels: &Labels) -> Holding {
        match (kind, labels.is_empty()) {
            (LOCKS, true) => Holding::Free,
            (LOCKS, false) => Holding::Held,
            _ => self.messages(labels),
        }
    }

    /// Messages by the labels that diagrams show: `alice#1` and, for its answer, `alice#1:a`;
    /// `alice#1+a` for both in a row.
    fn messages(&self, labels: &Labels) -> Holding {
        let mut words: Vec<String> = Vec::new();
        for (index, label) in labels.iter().enumerate() {
            let question = label.strip_suffix('a').map(|turn| format!("{turn}q"));
            let paired = index > 0 && question.as_ref() == Some(&labels[index - 1]);
            match words.last_mut() {
                Some(before) if paired => before.push_str("+a"),
                _ => words.push(self.message(label)),
            }
        }
        match words.is_empty() {
            true => Holding::Empty,
            false => Holding::Messages { labels: words.join(" ") },
        }
    }

    fn message(&self, label: &str) -> String {
        let cast = &self.program.cast;
        let turn = label.get(..label.len().saturating_sub(1)).and_then(|turn| turn.parse().ok());
        let known = turn.filter(|&turn: &usize| turn < cast.turns.len());
        match (known, label.chars().last()) {
            (Some(turn), Some(part)) => {
                let answer = if part == 'a' { ":a" } else { "" };
                format!("{}#{}{answer}", cast.lane_name_of(turn), cast.turns[turn].number)
            }
            _ => label.strip_prefix('?').unwrap_or(label).to_owned(),
        }
    }

    fn place_differs(&self, kind: usize, number: usize, found: &Labels) -> Mistake {
        let place = self.place(kind, number);
        let Some(step) = self.difference.step else { return Mistake::BeginsOtherwise { place } };
        let at = self.spot_of(step);
        match kind {
            LOCKS => Mistake::LockOtherwise { at, place, found: self.holds(kind, found) },
            _ => Mistake::PlaceOtherwise { at, place },
        }
    }

    fn asked(
        &self,
        at: Spot,
        expected: Option<&Labels>,
        found: &[Labels],
    ) -> (Mistake, Doing, Doing) {
        let what = match (expected, found.len()) {
            (None, _) => Mistake::Asks { at },
            (Some(_), 0) => Mistake::AsksNot { at },
            (Some(_), 1) => Mistake::AsksOtherwise { at },
            (Some(_), calls) => Mistake::AsksOften { at, calls },
        };
        let asked = |labels: Option<&Labels>| match labels {
            Some(labels) => Doing::IsAsked { what: self.messages(labels) },
            None => Doing::IsNotAsked,
        };
        (what, asked(expected), asked(found.first()))
    }

    fn reply(
        &self,
        at: Spot,
        expected: Option<&Reply>,
        found: Option<&Reply>,
    ) -> (Mistake, Doing, Doing) {
        let what = match (expected, found) {
            (None, _) => Mistake::TurnEnds { at },
            (_, None) => Mistake::TurnGoesOn { at },
            (Some(marks), Some(python))
                if marks.text == python.text && python.context.is_empty() =>
            {
                Mistake::RepliesAnew { at }
            }
            _ => Mistake::RepliesOtherwise { at },
        };
        let said = |reply: Option<&Reply>| match reply {
            Some(Reply { text, context, .. }) => {
                Doing::Replies { text: text.clone(), from: self.messages(context) }
            }
            None => Doing::RepliesNot,
        };
        (what, said(expected), said(found))
    }

    fn next(&self, position: Option<usize>) -> Doing {
        let lane = self.difference.step.map(|step| self.difference.order.steps[step].runs);
        match (position, lane) {
            (Some(position), Some(lane)) => {
                Doing::IsNext { line: self.spot(lane, position).line() }
            }
            _ => Doing::IsOver,
        }
    }

    fn wrong(&self, wrong: &Wrong, at: Spot) -> Told {
        let (line, how, does) = match wrong {
            Wrong::Raises { what, line } => {
                (*line, How::Raises, Doing::Raised { what: what.clone() })
            }
            Wrong::Blocks { line } => (*line, How::Blocks, Doing::LaneWaits),
            Wrong::Elsewhere => (None, How::Elsewhere, Doing::ArrivesElsewhere),
        };
        let own = at.line();
        let line = line.unwrap_or(own);
        let what = match has_mark(self.listing, line) {
            true => Mistake::Stops { at, how },
            false => Mistake::StopsUnmarked { line, how, own },
        };
        let (marks, when) = (Doing::Arrives, self.when());
        Told { line: Some(line), what, marks, does, when, why: None }
    }

    fn goes_on(&self, probe: &Probe) -> Told {
        let at = self.spot(probe.lane, probe.position);
        let what = Wait::of(self.program, probe.lane, probe.reason);
        Told {
            line: Some(at.line()),
            what: Mistake::WaitsNot { at },
            marks: Doing::LaneWaitsFor { what },
            does: Doing::LaneGoesOn { lane: self.program.lanes[probe.lane].name.clone() },
            when: When::After { step: self.difference.order.steps.len() },
            why: None,
        }
    }

    /// How a lane waits: whether the event loop goes on meanwhile.
    fn waits(&self, probe: &Probe, gives_way: bool) -> Told {
        let at = self.spot(probe.lane, probe.position);
        let when = When::After { step: self.difference.order.steps.len() };
        Told { when, ..how_it_waits(at, gives_way) }
    }

    /// The kind of a lock.
    fn lock(&self, number: usize, gives_way: bool) -> Told {
        let step = || self.spot_of(self.difference.step.unwrap_or_default());
        let at = self.declaration(LOCKS, number).unwrap_or_else(step);
        Told { when: self.when(), ..how_it_waits(at, gives_way) }
    }

    fn when(&self) -> When {
        let Some(index) = self.difference.step else { return When::AtFirst };
        let step = &self.difference.order.steps[index];
        if step.cancels() {
            return When::After { step: index + 1 };
        }
        let line = self.program.routine(step.lane).lines[step.position].number;
        let lane = self.program.lanes[step.lane].name.clone();
        When::AfterLine { step: index + 1, lane, line }
    }
}

/// Whether a mark declares a place of this name.
fn declares(mark: &str, name: &str) -> bool {
    let mut words = mark.split_whitespace();
    matches!(words.next(), Some("shared" | "lock" | "mailbox" | "pipe"))
        && words.next().is_some_and(|word| word.split('[').next() == Some(name))
}

fn how_it_waits(at: Spot, gives_way: bool) -> Told {
    let (what, marks, does) = match gives_way {
        false => (Mistake::StandsStill { at: at.clone() }, Doing::OthersGoOn, Doing::NobodyGoesOn),
        true => (Mistake::GivesWay { at: at.clone() }, Doing::NobodyGoesOn, Doing::OthersGoOn),
    };
    Told { line: Some(at.line()), what, marks, does, when: When::AtFirst, why: None }
}
