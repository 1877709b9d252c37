//! One order as it was run: what each step did, to which place, and what is wrong there.

use super::did::{self, Did, Held};
use crate::anomalies::reason::Reason;
use crate::anomalies::{Anomaly, Finding, Judgement};
use crate::model::code::{self, LineKind};
use crate::model::op::Op;
use crate::model::program::Program;
use crate::model::{LaneId, SessionId, TurnId};
use crate::phrase;
use crate::replay::record::{self, Event, LineRun, Message, Record, StepRun, Value};
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// An order of so many steps is short: no step of it is left out.
const SHORT: usize = 8;

/// What happened in one order, and which parts of it a finding is about.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Order {
    /// The steps.
    pub steps: Vec<Step>,
    /// The lanes that moved, in the order of the program.
    #[serde(skip)]
    pub moved: Vec<Lane>,
    /// For each step whether it belongs to a turn that a finding is about. All do in a short order, and
    /// where nothing is found.
    #[serde(skip)]
    pub concerned: Vec<bool>,
    /// The accesses that made what is wrong, and the replies and ends that show it.
    #[serde(skip)]
    pub marks: Vec<Mark>,
    /// How it ended.
    #[serde(skip)]
    pub ending: Ending,
    /// What the places held at the end that a finding at the end is about.
    #[serde(skip)]
    pub at_end: Vec<AtEnd>,
    /// The only place that was touched, if there is just one.
    #[serde(skip)]
    pub only_place: Option<String>,
    /// A message of the order, to explain labels by.
    #[serde(skip)]
    pub example: Option<Label>,
}

/// A lane that moved.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// Whether it has something to do with a finding, or works for one that has.
    pub concerned: bool,
}

/// One step of a schedule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "StepDocument")]
pub struct Step {
    /// The lane that moves.
    pub lane: String,
    /// Whether the lane before it was inside a turn and could have moved on.
    pub preempts: bool,
    /// The lines that run.
    pub lines: Vec<Line>,
}

/// One line of a listing, as it ran.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "LineDocument")]
pub struct Line {
    /// The lane that ran it: the step's own, or at grain turn a daemon that works for it.
    pub lane: String,
    /// Its number in the listing.
    pub line: usize,
    /// Its code.
    pub code: String,
    /// What happens there, where the listing has no line for it.
    #[serde(skip)]
    pub says: Option<Phrase>,
    /// What was read: the cell and what it held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<Access>,
    /// What was written: the cell and what it holds now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrote: Option<Access>,
    /// Everything that it did, in order.
    pub did: Vec<Did>,
    /// The locks that the lane holds afterwards.
    pub holds: Vec<String>,
    /// The reply that it showed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
}

/// A cell and what is in it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AccessDocument")]
pub struct Access {
    /// The cell's name.
    pub cell: String,
    /// The messages in it, oldest first: `alice#1` is alice's first question, `alice#1:a` the
    /// answer to it. For a small value, the value.
    pub value: Vec<String>,
}

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The step, from 1.
    pub step: usize,
    /// The lane.
    pub lane: String,
    /// What of the lane's lines it is.
    pub at: At,
    /// The mark of the anomaly that a reply shows; none at an access.
    pub shows: Option<&'static str>,
    /// What happens there; nothing at a reply, which speaks for itself.
    pub says: Phrase,
}

/// What a mark stands at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// What the lane read.
    Read,
    /// What it wrote.
    Write,
    /// The reply to this request.
    Reply(String),
}

/// How an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Not yet: the schedule was shorter than the run.
    Open,
    /// Every client lane is through.
    Complete,
    /// Somebody is unfinished and nobody can move.
    Stuck,
}

/// What a place held at the end.
#[derive(Clone, Debug)]
pub struct AtEnd {
    /// The place.
    pub place: String,
    /// What it held.
    pub held: Held,
}

/// What a message is called for short.
#[derive(Clone, Debug)]
pub struct Label {
    /// `alice#1`
    pub label: String,
    /// The lane that sent it.
    pub lane: String,
    /// Which of its messages it is, from 1.
    pub number: usize,
}

/// A case of an anomaly.
pub type Found<'a> = (&'a Anomaly, &'a Finding);

impl Order {
    /// What happened in an order, and where these findings are.
    pub fn of(program: &Program, record: &Record, findings: &[Found]) -> Order {
        let told = Telling { program, record, findings };
        let marks = told.marks();
        let steps = steps(program, record);
        Order {
            moved: told.lanes(&marks),
            concerned: told.concerned(&marks),
            at_end: told.at_end(),
            only_place: only_place(&steps),
            example: told.example(),
            ending: match record.ending {
                record::Ending::Open => Ending::Open,
                record::Ending::Complete => Ending::Complete,
                record::Ending::Stuck(_) => Ending::Stuck,
            },
            marks,
            steps,
        }
    }

    /// The lanes that are concerned, and so are shown.
    pub fn shown(&self) -> impl Iterator<Item = &str> {
        self.moved.iter().filter(|lane| lane.concerned).map(|lane| lane.name.as_str())
    }
}

struct Telling<'a> {
    program: &'a Program,
    record: &'a Record,
    findings: &'a [Found<'a>],
}

impl Telling<'_> {
    fn name(&self, lane: LaneId) -> String {
        self.program.lanes[lane].name.clone()
    }

    fn marks(&self) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for (anomaly, finding) in self.findings {
            let access = (anomaly.mark_at)(self.program, self.record, finding);
            let access = access.map(|mark| Mark {
                step: mark.step + 1,
                lane: self.name(mark.lane),
                at: if mark.writes { At::Write } else { At::Read },
                shows: None,
                says: mark.says.phrase(),
            });
            let turn = finding.turn.filter(|_| is_reply(anomaly));
            let reply = turn.map(|turn| Mark {
                step: finding.step + 1,
                lane: self.program.cast.lane_name_of(turn).to_owned(),
                at: At::Reply(self.program.cast.label(turn)),
                shows: Some(anomaly.mark),
                says: Phrase::nothing(),
            });
            for mark in access.into_iter().chain(reply) {
                // Two findings may come from one access.
                if !marks.contains(&mark) {
                    marks.push(mark);
                }
            }
        }
        marks
    }

    /// The lanes that moved. Those are concerned that have something to do with a finding, and the
    /// daemons that work for them. What a cancellation does is told in the lane that it ends.
    fn lanes(&self, marks: &[Mark]) -> Vec<Lane> {
        let steps = self.record.steps.iter();
        let moved: BTreeSet<LaneId> = steps
            .flat_map(|step| step.lines.iter().map(|line| line.lane).chain([step.lane]))
            .filter(|&lane| self.program.cancels(lane).is_none())
            .collect();
        let concerns_all = |(anomaly, finding): &Found| is_reply(anomaly) || finding.turn.is_none();
        let all = self.findings.is_empty() || self.findings.iter().any(concerns_all);
        let turns = self.findings.iter().flat_map(|(_, it)| it.turn.iter().chain(&it.about));
        let clients: Vec<LaneId> = turns.map(|&turn| self.program.cast.turns[turn].lane).collect();
        let accesses = marks.iter().filter(|mark| mark.shows.is_none());
        let marked: Vec<&str> = accesses.map(|mark| mark.lane.as_str()).collect();
        let lane = |lane: LaneId| {
            let name = self.name(lane);
            let concerned = all
                || clients.contains(&lane)
                || marked.contains(&name.as_str())
                || self.program.is_daemon(lane);
            Lane { name, concerned }
        };
        moved.into_iter().map(lane).collect()
    }

    fn concerned(&self, marks: &[Mark]) -> Vec<bool> {
        let concerns_all = self.findings.iter().any(|(_, finding)| finding.turn.is_none());
        let all = concerns_all || self.record.steps.len() <= SHORT;
        let named: BTreeSet<usize> =
            self.findings.iter().flat_map(|found| self.named(found)).collect();
        let told = |turn: TurnId| {
            let mut findings = self.findings.iter();
            findings.any(|(_, it)| it.turn == Some(turn) || it.about.contains(&turn))
        };
        let concerned = |(index, step): (usize, &StepRun)| {
            let marked = marks.iter().any(|mark| mark.step == index + 1);
            all || marked
                || named.contains(&(index + 1))
                || step.lines.iter().filter_map(|line| line.turn).any(told)
        };
        self.record.steps.iter().enumerate().map(concerned).collect()
    }

    /// The steps that the reasons of a finding name, from 1.
    fn named(&self, (anomaly, finding): &Found) -> Vec<usize> {
        let reasons = (anomaly.why)(self.program, self.record, finding);
        reasons.iter().flat_map(Reason::steps).collect()
    }

    fn at_end(&self) -> Vec<AtEnd> {
        let at_end = self.findings.iter().filter(|(anomaly, _)| !is_reply(anomaly));
        let sessions: BTreeSet<SessionId> = at_end
            .filter_map(|(_, finding)| Some(self.program.cast.session_of(finding.turn?)))
            .collect();
        // Several sessions may keep theirs in one place.
        let cells: BTreeSet<usize> = sessions
            .into_iter()
            .filter_map(|session| match self.program.stored_cells(session).as_slice() {
                [cell] => Some(*cell),
                _ => None,
            })
            .collect();
        let Some(place) = self.program.code.stored else { return Vec::new() };
        let at_end = |cell: usize| AtEnd {
            place: self.program.instance_name(place, cell),
            held: did::held(self.program, &self.record.cells[cell]),
        };
        cells.into_iter().map(at_end).collect()
    }

    fn example(&self) -> Option<Label> {
        let mut values = self.record.events().filter_map(|(_, _, event)| match event {
            Event::Read { value: Value::Messages(messages), .. }
            | Event::Wrote { value: Value::Messages(messages), .. } => messages.first(),
            _ => None,
        });
        let cast = &self.program.cast;
        let label = |message: &Message| Label {
            label: cast.label(message.turn),
            lane: cast.lane_name_of(message.turn).to_owned(),
            number: cast.turns[message.turn].number,
        };
        values.next().map(label)
    }
}

/// What each step of an order did.
pub fn steps(program: &Program, record: &Record) -> Vec<Step> {
    let steps = record.steps.iter().map(|step| Step {
        lane: program.lanes[step.lane].name.clone(),
        preempts: step.preempts,
        lines: lines(program, &step.lines),
    });
    steps.collect()
}

/// The lines of a step. What a line does behind a wait belongs to it, where nothing came in between.
fn lines(program: &Program, runs: &[LineRun]) -> Vec<Line> {
    let goes_on = |before: &LineRun, run: &LineRun| {
        let is_rest = |own: &code::Line| own.kind == LineKind::Resumes && own.text == run.text;
        (before.lane, before.number) == (run.lane, run.number)
            && program.routine(run.lane).lines.iter().any(is_rest)
    };
    let whole = runs.chunk_by(goes_on).filter_map(|runs| {
        let (first, last) = (runs.first()?, runs.last()?);
        let events = runs.iter().flat_map(|run| run.events.clone()).collect();
        Some(LineRun { events, holds: last.holds.clone(), ..first.clone() })
    });
    whole.map(|run| line(program, &run)).collect()
}

fn line(program: &Program, run: &LineRun) -> Line {
    let did: Vec<Did> = run.events.iter().map(|event| Did::of(program, event)).collect();
    let access = |place: &str, held: &Held| Access { cell: place.to_owned(), value: held.labels() };
    let read = did.iter().find_map(|did| match did {
        Did::Read { place, value } => Some(access(place, value)),
        _ => None,
    });
    let wrote = did.iter().find_map(|did| match did {
        Did::Wrote { place, value, .. } => Some(access(place, value)),
        _ => None,
    });
    let reply = did.iter().find_map(|did| match did {
        Did::Replied { text, .. } => Some(text.clone()),
        _ => None,
    });
    Line {
        lane: program.lanes[run.lane].name.clone(),
        line: run.number,
        code: run.text.clone(),
        says: says(program, run, &did),
        read,
        wrote,
        did,
        holds: run.holds.clone(),
        reply,
    }
}

/// What a line that is not in the listing stands for: the end of a `with` block, or a client that
/// cancels its request.
fn says(program: &Program, run: &LineRun, did: &[Did]) -> Option<Phrase> {
    if let [Did::Cancelled { .. }, ..] = did {
        return Some(phrase!("line-cancels"));
    }
    let mut lines = program.routine(run.lane).lines.iter();
    let line = lines.find(|line| line.number == run.number && line.text == run.text)?;
    let ends = matches!(line.kind, LineKind::EndOfWith { .. });
    let lock = line.ops.iter().find_map(Op::place).filter(|_| ends)?;
    Some(phrase!("line-with-ends", lock = &program.code.places[lock].name))
}

fn only_place(steps: &[Step]) -> Option<String> {
    let lines = steps.iter().flat_map(|step| &step.lines);
    let mut places = lines.flat_map(|line| &line.did).filter_map(Did::place);
    let first = places.next()?;
    places.all(|place| place == first).then(|| first.to_owned())
}

/// Whether an anomaly is about a reply, rather than about the end of the run.
pub fn is_reply(anomaly: &Anomaly) -> bool {
    matches!(anomaly.judge, Judgement::Reply(_))
}
