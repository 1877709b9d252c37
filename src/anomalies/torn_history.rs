//! Two turns were written into one history at once, and their messages are mixed.
//!
//! "My name is Alice." "I live in Rome." "Nice to meet you, Alice.": nothing is lost, and yet the
//! history is wrong. Whoever reads it next takes the message behind a question for its answer.

use super::facts::{self, Mark, MarkFact, Said};
use super::reason::Reason;
use super::words::stored_name;
use super::{Anomaly, Finding, Judgement};
use crate::explore::packed::live::targets;
use crate::model::code::{Code, Routine};
use crate::model::op::{Op, Part};
use crate::model::pairs::Pairs;
use crate::model::program::{Detail, Program};
use crate::model::state::{Cell, State};
use crate::model::{LaneId, TurnId};
use crate::replay::record::{Ending, Event, Message, Record, Value};
use std::collections::BTreeSet;

/// See [`super::ANOMALIES`].
pub(super) const ANOMALY: Anomaly = Anomaly {
    id: "torn-history",
    mark: "TORN",
    detail: Detail::Nothing,
    about_data: true,
    judge: Judgement::Pairs(judge),
    find,
    say,
    why,
    mark_at,
};

fn judge(program: &Program, state: &State<Pairs>) -> bool {
    stored_cells(program).into_iter().any(|cell| match &state.cells[cell] {
        Cell::Messages(pairs) => pairs.is_torn(),
        Cell::Answer(_) | Cell::Id(_) => false,
    })
}

/// The cells that are the stored context of some session.
fn stored_cells(program: &Program) -> BTreeSet<usize> {
    (0..program.cast.sessions.len()).flat_map(|session| program.stored_cells(session)).collect()
}

/// Whether some order of this code could tear a turn apart. `false` is certain, `true` is not.
///
/// `false` if no line appends in place and if, on every way to a `note answer`, the message that
/// the lane noted last is the question of its turn, with no `load` since, and the answer that it
/// has was computed in that turn.
///
/// *Proof.* In every list, every answer then stands directly behind the question of its turn, and
/// a turn with such a pair is not torn. By induction over the moves of a run: no list has a
/// message at first. A store, a swap and a load copy a whole list. A `note question` adds a
/// question at the end, so each answer keeps what it stands behind. A `note answer` adds the
/// answer of the lane's turn to a list that ends with the question of that turn. No other move
/// makes or changes a list. An answer that was computed in the turn: `infer` makes one; `await`
/// takes one that was handed to this lane in this turn; before either of them, the lane has none,
/// and notes nothing. A `lookup` may bring one of another turn, and a daemon that receives is in
/// another turn from there on, with its answer from before. A move that is not known here could
/// do anything.
pub(super) fn could_tear(code: &Code) -> bool {
    code.stored.is_some() && code.routines().any(|routine| Ends::of(routine).is_none())
}

/// What is known of a lane on every way to a line.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ends {
    /// Its history ends with the question of its turn.
    asked: bool,
    /// Its answer, if it has one, was computed in its turn.
    own: bool,
}

impl Ends {
    /// Follows every way through a routine; `None` where an answer could be noted elsewhere.
    fn of(routine: &Routine) -> Option<()> {
        let end = routine.lines.len();
        let mut known: Vec<Option<Ends>> = vec![None; end + 1];
        known[0] = Some(Ends { asked: false, own: true });
        loop {
            let before = known.clone();
            for (line, here) in routine.lines.iter().enumerate() {
                let Some(ends) = known[line] else { continue };
                let ends = here.ops.iter().try_fold(ends, |ends, op| ends.after(*op))?;
                for to in targets(&here.ops, line) {
                    let there = known[to].unwrap_or(ends);
                    known[to] =
                        Some(Ends { asked: there.asked && ends.asked, own: there.own && ends.own });
                }
            }
            if known == before {
                return Some(());
            }
        }
    }

    fn after(self, op: Op) -> Option<Ends> {
        match op {
            Op::Note(Part::Question) => Some(Ends { asked: true, ..self }),
            Op::Note(Part::Answer) => {
                (self.asked && self.own).then_some(Ends { asked: false, ..self })
            }
            Op::Load(_) => Some(Ends { asked: false, ..self }),
            Op::Infer | Op::Await => Some(Ends { own: true, ..self }),
            Op::Lookup(_) | Op::Read(_) => Some(Ends { own: false, ..self }),
            Op::Receive(_) | Op::Gather(_) | Op::Next { .. } => {
                Some(Ends { asked: false, own: false })
            }
            Op::Then => Some(Ends { asked: false, own: true }),
            Op::Store(_)
            | Op::Swap { .. }
            | Op::Acquire(_)
            | Op::Release(_)
            | Op::Send(_)
            | Op::Answer
            | Op::Save(_)
            | Op::Put(..)
            | Op::Take(_)
            | Op::Write(_)
            | Op::Drop(_)
            | Op::Mint
            | Op::Settle(_)
            | Op::UnlessKnown { .. }
            | Op::UnlessFound { .. }
            | Op::Reply => Some(self),
            _ => None,
        }
    }
}

fn find(program: &Program, record: &Record) -> Vec<Finding> {
    if record.ending == Ending::Open {
        return Vec::new();
    }
    let cells = stored_cells(program);
    let torn = cells.iter().flat_map(|&cell| torn(&record.cells[cell])).collect::<BTreeSet<_>>();
    let step = record.steps.len().saturating_sub(1);
    torn.into_iter().map(|turn| Finding { step, turn: Some(turn), about: vec![turn] }).collect()
}

/// The turns whose question and answer are both there, and nowhere stand together.
fn torn(value: &Value) -> Vec<TurnId> {
    let Value::Messages(messages) = value else { return Vec::new() };
    let is = |message: &Message, turn, part| (message.turn, message.part) == (turn, part);
    let asked = messages.iter().filter(|message| message.part == Part::Question);
    let mut turns: Vec<TurnId> = asked.map(|question| question.turn).collect();
    turns.retain(|&turn| {
        let together = messages
            .windows(2)
            .any(|two| is(&two[0], turn, Part::Question) && is(&two[1], turn, Part::Answer));
        !together && messages.iter().any(|message| is(message, turn, Part::Answer))
    });
    turns
}

fn say(program: &Program, record: &Record, finding: &Finding) -> Said {
    let turn = finding.turn();
    let place = Tear::of(program, record, finding).map(|tear| tear.cell);
    Said::Torn {
        about: facts::Message::of(program, turn),
        place: place.unwrap_or_else(|| stored_name(program, turn)),
    }
}

fn why(program: &Program, record: &Record, finding: &Finding) -> Vec<Reason> {
    let Some(tear) = Tear::of(program, record, finding) else { return Vec::new() };
    let name = |lane: LaneId| program.lanes[lane].name.clone();
    let message = |turn| facts::Message::of(program, turn);
    let about = message(finding.turn());
    let asked = tear.asked.map(|(step, writer)| Reason::Asked {
        about: about.clone(),
        place: tear.cell.clone(),
        writer: name(writer),
        step: step + 1,
    });
    let between = tear.between.map(|(step, writer, between)| {
        let (about, writer, step) = (message(between.turn), name(writer), step + 1);
        match between.part {
            Part::Question => Reason::MessageBetween { about, writer, step },
            Part::Answer => Reason::AnswerBetween { about, writer, step },
        }
    });
    let (step, writer) = tear.answered;
    let late = Reason::TooLate { text: about.text, writer: name(writer), step: step + 1 };
    asked.into_iter().chain(between).chain([late]).collect()
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let tear = Tear::of(program, record, finding)?;
    let said = program.cast.lane_name_of(finding.turn?).to_owned();
    let name = |lane: LaneId| program.lanes[lane].name.clone();
    let (step, lane, says) = match tear.between {
        Some((step, lane, _)) => (step, lane, MarkFact::PutsBehind { lane: name(lane), said }),
        None => {
            let (step, lane) = tear.answered;
            (step, lane, MarkFact::PutsElsewhere { lane: name(lane), said })
        }
    };
    Some(Mark { step, lane, writes: true, place: tear.cell, says })
}

/// How a turn was torn apart in a cell.
struct Tear {
    /// The cell's name.
    cell: String,
    /// The write that brought the question: when and by whom.
    asked: Option<(usize, LaneId)>,
    /// The write after that which brought the message that stands behind it.
    between: Option<(usize, LaneId, Message)>,
    /// The write that brought the answer.
    answered: (usize, LaneId),
}

impl Tear {
    /// Follows the writes to the first cell that is torn at the end.
    fn of(program: &Program, record: &Record, finding: &Finding) -> Option<Tear> {
        let turn = finding.turn?;
        let is_torn = |cell: &usize| torn(&record.cells[*cell]).contains(&turn);
        let cell = stored_cells(program).into_iter().find(is_torn)?;
        let writes = || {
            record.events().filter_map(move |(step, lane, event)| match event {
                Event::Wrote { cell: to, name, before, value } if *to == cell => {
                    Some((step, lane, name, before, value))
                }
                _ => None,
            })
        };
        // The last write that made something true which then stayed true to the end.
        let since = |holds: &dyn Fn(&[Message]) -> bool| {
            let made =
                writes().filter(|(.., before, value)| !holds(list(before)) && holds(list(value)));
            made.last().map(|(step, lane, name, ..)| (step, lane, name.clone()))
        };
        let is = |message: &Message, part| message.turn == turn && message.part == part;
        let has = |part| move |list: &[Message]| list.iter().any(|message| is(message, part));
        let (asked, answered) = (since(&has(Part::Question)), since(&has(Part::Answer))?);
        let end = list(&record.cells[cell]);
        let question = end.iter().position(|message| is(message, Part::Question))?;
        let between = end.get(question + 1).and_then(|next| {
            let (step, lane, _) = since(&|list: &[Message]| follows(list, &end[question], next))?;
            Some((step, lane, next.clone()))
        });
        let when = |(step, lane, _): (usize, LaneId, String)| (step, lane);
        Some(Tear {
            between: between.filter(|(step, ..)| *step < answered.0),
            asked: asked.map(when),
            cell: answered.2.clone(),
            answered: when(answered),
        })
    }
}

/// Whether one message stands directly behind another.
fn follows(list: &[Message], first: &Message, next: &Message) -> bool {
    let same = |left: &Message, right: &Message| (left.turn, left.part) == (right.turn, right.part);
    list.windows(2).any(|two| same(&two[0], first) && same(&two[1], next))
}

/// The messages of a cell; none if it holds something else.
fn list(value: &Value) -> &[Message] {
    match value {
        Value::Messages(messages) => messages,
        Value::Answer(_) | Value::Small(_) => &[],
    }
}
