//! Two turns were written into one history at once, and their messages are mixed.
//!
//! "My name is Alice." "I live in Rome." "Nice to meet you, Alice.": nothing is lost, and yet the
//! history is wrong. Whoever reads it next takes the message behind a question for its answer.

use super::facts::{self, Mark, MarkFact, Said};
use super::reason::Reason;
use super::tear::{How, Tear, Write, list, torn};
use super::words::stored_name;
use super::{Anomaly, Finding, Judgement};
use crate::explore::packed::live::targets;
use crate::model::code::{Code, Routine};
use crate::model::op::{Op, Part};
use crate::model::pairs::Pairs;
use crate::model::program::{Detail, Program};
use crate::model::state::{Cell, State};
use crate::replay::record::{Ending, Record};
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
pub(super) fn stored_cells(program: &Program) -> BTreeSet<usize> {
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
            | Op::Mint(_)
            | Op::Pause
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
    let torn =
        cells.iter().flat_map(|&cell| torn(list(&record.cells[cell]))).collect::<BTreeSet<_>>();
    let step = record.steps.len().saturating_sub(1);
    torn.into_iter().map(|turn| Finding { step, turn: Some(turn), about: vec![turn] }).collect()
}

fn say(program: &Program, record: &Record, finding: &Finding) -> Said {
    let turn = finding.turn();
    let place = Tear::of(program, record, turn).map(|tear| tear.since.place.to_owned());
    Said::Torn {
        about: facts::Message::of(program, turn),
        place: place.unwrap_or_else(|| stored_name(program, turn)),
    }
}

fn why(program: &Program, record: &Record, finding: &Finding) -> Vec<Reason> {
    let Some(tear) = Tear::of(program, record, finding.turn()) else { return Vec::new() };
    let about = facts::Message::of(program, finding.turn());
    let (place, writer, step) = tear.since.told(program);
    let asked = |write: &Write| {
        let (place, writer, step) = write.told(program);
        Reason::Asked { about: about.clone(), place, writer, step }
    };
    match &tear.how {
        How::TooLate { asked: first, between } => {
            let (_, between_by, at) = between.0.told(program);
            let behind = facts::Message::of(program, between.1.turn);
            let between = match between.1.part {
                Part::Question => {
                    Reason::MessageBetween { about: behind, writer: between_by, step: at }
                }
                Part::Answer => {
                    Reason::AnswerBetween { about: behind, writer: between_by, step: at }
                }
            };
            let late = Reason::TooLate { text: about.text.clone(), writer, step };
            vec![asked(first), between, late]
        }
        How::AnsweredFirst { answered } => {
            let after = Reason::AskedAfter { writer, step };
            let (place, writer, step) = answered.told(program);
            vec![Reason::AnsweredFirst { about, place, writer, step }, after]
        }
        How::Apart { asked: first } => {
            let apart = Reason::WrittenApart { place, writer, step };
            first.iter().map(asked).chain([apart]).collect()
        }
    }
}

fn mark_at(program: &Program, record: &Record, finding: &Finding) -> Option<Mark> {
    let tear = Tear::of(program, record, finding.turn())?;
    let said = program.cast.lane_name_of(finding.turn()).to_owned();
    let at = match &tear.how {
        How::TooLate { between, .. } => between.0,
        How::AnsweredFirst { .. } | How::Apart { .. } => tear.since,
    };
    let (place, lane, _) = at.told(program);
    let says = match &tear.how {
        How::TooLate { .. } => MarkFact::PutsBehind { lane, said },
        How::AnsweredFirst { .. } | How::Apart { .. } => MarkFact::WritesApart { lane, said },
    };
    Some(Mark { step: at.step, lane: at.lane, writes: true, place, says })
}
