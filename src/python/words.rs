//! A difference in words: the line, what its mark says, and what Python does.

use super::answer::{Play, Wrong};
use super::blame::{Blame, blame, has_mark};
use super::compare::{Difference, What, place_of};
use super::orders::{Labels, Probe, Reply};
use crate::anomalies::facts::Wait;
use crate::anomalies::words::quote;
use crate::listing::Listing;
use crate::model::LaneId;
use crate::model::code::{Line, LineKind};
use crate::model::program::Program;

/// A difference, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The line of the listing that is wrong.
    pub line: Option<usize>,
    /// What is wrong, without a full stop.
    pub head: String,
    /// What the marks say.
    pub marks: String,
    /// What Python does.
    pub python: String,
    /// When that is seen.
    pub when: String,
    /// How it came about, in sentences.
    pub why: Vec<String>,
}

/// Says what is different. `play` is the same order again, looked at more closely.
pub(super) fn tell(
    listing: &Listing,
    program: &Program,
    difference: &Difference,
    play: Option<&Play>,
) -> Told {
    let teller = Teller { listing, program, difference };
    let mut told = teller.what();
    teller.blame(&mut told, blame(listing, program, difference, play));
    told
}

struct Teller<'a> {
    listing: &'a Listing,
    program: &'a Program,
    difference: &'a Difference,
}

impl Teller<'_> {
    fn what(&self) -> Told {
        let at = self.at();
        let (line, marked) = match at {
            Some((lane, position)) => self.line(lane, position),
            None => (None, String::new()),
        };
        let (head, marks, python) = match &self.difference.what {
            What::Place { kind, number, expected, found } => {
                let name = self.place(*kind, *number);
                let head = match (at, kind) {
                    (Some(_), 1) => {
                        let is = self.holds(*kind, found);
                        format!("{marked}, but in Python {name} is {is} after it")
                    }
                    (Some(_), _) => format!("{marked}, but Python does something else to {name}"),
                    (None, _) => format!("{name} does not begin as its declaration says"),
                };
                let is = |labels| format!("{name} is {}", self.holds(*kind, labels));
                (head, is(expected), is(found))
            }
            What::Asked { expected, found } => self.asked(&marked, expected.as_ref(), found),
            What::Reply { expected, found } => {
                self.reply(&marked, expected.as_deref(), found.as_deref())
            }
            What::Next { expected, found } => {
                let head = format!("{marked}, but Python goes on elsewhere");
                (head, self.next(*expected), self.next(*found))
            }
            What::Wrong(wrong) => return self.wrong(wrong, line, &marked),
            What::GoesOn(probe) => return self.goes_on(probe),
        };
        let line = line.or_else(|| self.declaration());
        Told { line, head, marks, python, when: self.when(), why: Vec::new() }
    }

    /// Puts the line first that the difference comes from.
    fn blame(&self, told: &mut Told, blame: Blame) {
        let shown = std::mem::take(&mut told.head);
        match blame {
            Blame::Here => told.head = shown,
            Blame::Unmarked { line } => {
                told.line = Some(line);
                let What::Place { kind, number, .. } = self.difference.what else { return };
                let name = self.place(kind, number);
                told.head = format!("line {line} has no mark, but Python changes {name} there");
            }
            Blame::Ends { line } => {
                told.line = Some(line);
                told.head = format!("line {line} has no mark, but in Python the turn ends there");
            }
            Blame::Alias { step, variable } => {
                let What::Place { kind, number, .. } = self.difference.what else { return };
                let name = self.place(kind, number);
                let (line, marked) = self.step_line(step);
                told.line = line;
                told.head = format!(
                    "{marked}, which makes a copy, but in Python `{variable}` is {name} itself"
                );
                told.why = vec![format!("{shown}.")];
            }
            Blame::Kept { step } => {
                let (line, marked) = self.step_line(step);
                told.line = line;
                told.head = format!("{marked}, but in Python the lane that asked waits on");
                told.why = vec![format!("{shown}.")];
            }
            Blame::History { step, variable, holds } => {
                let marked = self.shows_later(told, step, &shown);
                told.head = format!("{marked}, but Python makes something else of `{variable}`");
                let expected = &self.difference.order.steps[step].history;
                told.marks = format!("the lane's history is {}", self.messages(expected));
                told.python = format!("`{variable}` is {}", self.messages(&holds));
            }
            Blame::Unread { step } => {
                let marked = self.shows_later(told, step, &shown);
                told.head =
                    format!("{marked}, but in Python its variable has something else after it");
                let read = self.difference.order.steps[step].read.clone().unwrap_or_default();
                told.marks = format!("{} is read", self.messages(&read));
                told.python = "something else is in the variable".into();
            }
        }
    }

    /// Tells of an earlier step than the one that shows it; gives what that step is marked.
    fn shows_later(&self, told: &mut Told, step: usize, shown: &str) -> String {
        let (line, marked) = self.step_line(step);
        if told.line != line {
            told.why = vec![format!("It shows later: {shown}.")];
        }
        told.line = line;
        marked
    }

    /// The lane and position that the difference is about.
    fn at(&self) -> Option<(LaneId, usize)> {
        let step = &self.difference.order.steps[self.difference.step?];
        Some((step.lane, step.position))
    }

    fn step_line(&self, step: usize) -> (Option<usize>, String) {
        let step = &self.difference.order.steps[step];
        self.line(step.lane, step.position)
    }

    /// A line's number, and ``line 6 is marked `load HISTORY` ``.
    fn line(&self, lane: LaneId, position: usize) -> (Option<usize>, String) {
        let Line { number, kind, mark, .. } = &self.program.routine(lane).lines[position];
        match kind {
            LineKind::Code => (Some(*number), format!("line {number} is marked `{mark}`")),
            LineKind::EndOfWith { opened, .. } => {
                (Some(*opened), format!("the block of line {opened} ends"))
            }
        }
    }

    /// Where the place of a difference is declared.
    fn declaration(&self) -> Option<usize> {
        let What::Place { kind, number, .. } = self.difference.what else { return None };
        let name = &self.program.code.places[place_of(self.program, kind, number)?].name;
        let declares = |(_, mark): &(usize, &str)| {
            let mut words = mark.split_whitespace();
            matches!(words.next(), Some("shared" | "lock" | "mailbox" | "pipe"))
                && words.next().is_some_and(|word| word.split('[').next() == Some(name))
        };
        self.listing.marks().find(declares).map(|(number, _)| number)
    }

    fn place(&self, kind: usize, number: usize) -> String {
        place_of(self.program, kind, number)
            .map_or_else(String::new, |place| self.program.instance_name(place, number))
    }

    fn holds(&self, kind: usize, labels: &Labels) -> String {
        match (kind, labels.is_empty()) {
            (1, true) => "free".into(),
            (1, false) => "held".into(),
            _ => self.messages(labels),
        }
    }

    /// Messages by the labels that diagrams show: `alice#1` and, for its answer, `alice#1:a`;
    /// `alice#1+a` for both in a row.
    fn messages(&self, labels: &Labels) -> String {
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
            true => "(empty)".into(),
            false => words.join(" "),
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

    fn asked(
        &self,
        marked: &str,
        expected: Option<&Labels>,
        found: &[Labels],
    ) -> (String, String, String) {
        let head = match (expected, found.len()) {
            (None, _) => format!("{marked}, not `infer`, but Python asks the assistant"),
            (Some(_), 0) => format!("{marked}, but Python does not ask the assistant"),
            (Some(_), 1) => format!("{marked}, but Python asks from other messages"),
            (Some(_), calls) => format!("{marked}, but Python asks the assistant {calls} times"),
        };
        let asked = |labels: &Labels| format!("the assistant is given {}", self.messages(labels));
        let nothing = || "the assistant is not asked".to_owned();
        (head, expected.map_or_else(nothing, asked), found.first().map_or_else(nothing, asked))
    }

    fn reply(
        &self,
        marked: &str,
        expected: Option<&Reply>,
        found: Option<&Reply>,
    ) -> (String, String, String) {
        let head = match (expected, found) {
            (None, _) => format!("{marked}, not `reply`, but in Python the turn ends"),
            (_, None) => format!("{marked}, but in Python the turn goes on"),
            (Some(marks), Some(python))
                if marks.text == python.text && python.context.is_empty() =>
            {
                format!(
                    "{marked}, but in Python nobody can tell what the reply is made from: the text \
                     was made anew, and others have the same words"
                )
            }
            _ => format!("{marked}, but Python replies something else"),
        };
        let said = |reply: &Reply| {
            let from = self.messages(&reply.context);
            format!("the reply is {}, made from {from}", quote(&reply.text))
        };
        let nothing = || "no reply".to_owned();
        (head, expected.map_or_else(nothing, said), found.map_or_else(nothing, said))
    }

    fn next(&self, position: Option<usize>) -> String {
        match (position, self.at()) {
            (Some(position), Some((lane, _))) => {
                let (line, _) = self.line(lane, position);
                line.map_or_else(String::new, |line| format!("line {line} is next"))
            }
            _ => "the turn is over".into(),
        }
    }

    fn wrong(&self, wrong: &Wrong, own: Option<usize>, marked: &str) -> Told {
        let (line, does, python) = match wrong {
            Wrong::Raises { what, line } => (*line, "stops with an error", what.clone()),
            Wrong::Blocks { line } => (*line, "waits, or never ends", "the lane waits".into()),
            Wrong::Elsewhere => (
                None,
                "does not come to it",
                "another marked line is reached, or the turn is over".into(),
            ),
        };
        let line = line.or(own);
        let head = match line {
            Some(line) if !has_mark(self.listing, line) => {
                let runs = own.map_or_else(String::new, |own| format!("line {own} can run"));
                format!("line {line} has no mark, but Python {does} there")
                    + &format!(", where the marks say that {runs}")
            }
            _ => format!("{marked} and can run here, but Python {does}"),
        };
        let marks = "the line runs, and then the next marked one is reached".into();
        Told { line, head, marks, python, when: self.when(), why: Vec::new() }
    }

    fn goes_on(&self, probe: &Probe) -> Told {
        let (line, marked) = self.line(probe.lane, probe.position);
        let name = &self.program.lanes[probe.lane].name;
        let steps = self.difference.order.steps.len();
        Told {
            line,
            head: format!("{marked}, but Python does not wait there"),
            marks: Wait::of(self.program, probe.lane, probe.reason).phrase().english(),
            python: format!("{name} goes on"),
            when: format!("after step {steps}"),
            why: Vec::new(),
        }
    }

    fn when(&self) -> String {
        match (self.difference.step, self.at()) {
            (Some(step), Some((lane, position))) => {
                let name = &self.program.lanes[lane].name;
                let number = self.program.routine(lane).lines[position].number;
                format!("after step {}, in which {name} runs line {number}", step + 1)
            }
            _ => "before the first step".into(),
        }
    }
}
