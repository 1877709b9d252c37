//! Whether the reasons for a clean run are true of its orders.

use crate::orders::drawn;
use interleak::anomalies::Anomaly;
use interleak::model::code::PlaceKind;
use interleak::model::program::Program;
use interleak::model::{LaneId, TurnId};
use interleak::replay::record::{Event, Record, Value};
use interleak::story::clean::{Apart, WhyClean, why};
use interleak::story::did::Did;
use std::collections::{BTreeMap, BTreeSet};

/// Orders that are looked at.
const DRAWN: u64 = 5;

/// An access to a place: its name, the lane and the turn, and what happened.
type Access<'r> = (String, LaneId, Option<TurnId>, &'r Event);

/// Each reason holds in every order that is drawn.
pub(crate) fn check(program: &Program, judged: &[&Anomaly]) {
    let mut most_inside = 0;
    let records = drawn(program, DRAWN, |machine| {
        let inside = (0..program.clients()).filter(|&lane| machine.is_inside(lane)).count();
        most_inside = most_inside.max(inside);
    });
    for fact in why(program, judged) {
        for record in &records {
            let order = Clean { program, record, most_inside };
            assert!(order.holds(&fact), "{fact:?}\n{:?}\n{record:?}", program.setting);
        }
    }
}

struct Clean<'r> {
    program: &'r Program,
    record: &'r Record,
    most_inside: usize,
}

impl<'r> Clean<'r> {
    fn holds(&self, fact: &WhyClean) -> bool {
        match fact {
            WhyClean::OwnReplies { .. } => self.record.replies.iter().all(|reply| {
                let lane = |turn: TurnId| self.program.cast.turns[turn].lane;
                lane(reply.turn) == lane(reply.said.turn)
            }),
            WhyClean::UsedBy { apart, cells, more } => {
                self.only_by(cells, *more) && apart.is_none_or(|apart| self.no_two_users(apart))
            }
            WhyClean::OneByOne => self.most_inside <= 1 && self.one_by_one(),
            WhyClean::Locked => self.shared_cells().values().all(|all| self.turn_by_turn(all)),
            WhyClean::Swapped => self.shared_cells().values().all(|all| is_fresh(all)),
            WhyClean::Appended => self.shared_cells().values().all(|all| only_grows(all)),
            WhyClean::LockIdle => {
                let shared = self.by_place(|_| true).into_values().filter(|all| by_several(all));
                shared.flatten().all(|(.., event)| {
                    matches!(event, Event::Acquired { .. } | Event::Released { .. })
                })
            }
        }
    }

    fn accesses(&self) -> Vec<Access<'r>> {
        let lines = self.record.steps.iter().flat_map(|step| &step.lines);
        let events = lines.flat_map(|line| line.events.iter().map(move |event| (line, event)));
        let access = |(line, event): (_, &'r Event)| {
            let line: &interleak::replay::record::LineRun = line;
            let place = Did::of(self.program, event).place()?.to_owned();
            Some((place, line.lane, line.turn, event))
        };
        events.filter_map(access).collect()
    }

    fn by_place(&self, is_so: impl Fn(&Event) -> bool) -> BTreeMap<String, Vec<Access<'r>>> {
        let mut all: BTreeMap<String, Vec<Access<'r>>> = BTreeMap::new();
        for access in self.accesses().into_iter().filter(|(.., event)| is_so(event)) {
            all.entry(access.0.clone()).or_default().push(access);
        }
        all
    }

    fn cells(&self) -> BTreeMap<String, Vec<Access<'r>>> {
        self.by_place(|event| {
            matches!(event, Event::Read { .. } | Event::Wrote { .. } | Event::SwapFailed { .. })
        })
    }

    fn shared_cells(&self) -> BTreeMap<String, Vec<Access<'r>>> {
        self.cells().into_iter().filter(|(_, all)| by_several(all)).collect()
    }

    fn only_by(&self, cells: &[(String, Vec<String>)], more: usize) -> bool {
        let lane = |lane: LaneId| &self.program.lanes[lane].name;
        self.cells().into_iter().all(|(place, all)| {
            let told = cells.iter().find(|(named, _)| *named == place);
            told.map_or(more > 0, |(_, lanes)| all.iter().all(|it| lanes.contains(lane(it.1))))
        })
    }

    fn no_two_users(&self, apart: Apart) -> bool {
        let places = match apart {
            Apart::Places => self.by_place(|_| true),
            Apart::Cells => self.cells(),
        };
        places.into_values().all(|all| {
            let users = all.iter().filter_map(|it| it.2);
            users.map(|turn| self.program.cast.user_of(turn)).collect::<BTreeSet<_>>().len() < 2
        })
    }

    /// Whether the lines of one function are not mixed with those for another turn.
    fn one_by_one(&self) -> bool {
        let mut seen = BTreeSet::new();
        let mut last = None;
        let lines = self.record.steps.iter().flat_map(|step| &step.lines);
        for line in lines {
            let Some(turn) = line.turn else { continue };
            let code = &self.program.routine(line.lane).lines;
            let function = code.iter().find(|it| it.number == line.number).map(|it| it.function);
            // Workers serve the turn that waits for them.
            let now = (turn, function.filter(|_| !self.program.is_daemon(line.lane)));
            if last.is_some_and(|(before, _)| before != turn) {
                seen.extend(last.take());
            }
            if seen.contains(&now) {
                return false;
            }
            last = Some(now);
        }
        true
    }

    fn turn_by_turn(&self, all: &[Access]) -> bool {
        let mut turns: Vec<Option<TurnId>> = all.iter().map(|it| it.2).collect();
        turns.dedup();
        let different: BTreeSet<_> = turns.iter().collect();
        let locks = self.program.code.places.iter().any(|it| it.kind == PlaceKind::Lock);
        locks && different.len() == turns.len()
    }
}

fn by_several(all: &[Access]) -> bool {
    all.iter().map(|(_, lane, ..)| lane).collect::<BTreeSet<_>>().len() > 1
}

/// Whether whoever writes a cell has read it since anybody else wrote it.
fn is_fresh(all: &[Access]) -> bool {
    all.iter().enumerate().filter(|(_, it)| matches!(it.3, Event::Wrote { .. })).all(
        |(at, (_, lane, ..))| {
            let read = all[..at]
                .iter()
                .rposition(|(_, by, _, it)| by == lane && matches!(it, Event::Read { .. }));
            let wrote = all[..at]
                .iter()
                .rposition(|(_, by, _, it)| by != lane && matches!(it, Event::Wrote { .. }));
            read.is_some() && wrote < read
        },
    )
}

/// Whether each write of a cell keeps what was there.
fn only_grows(all: &[Access]) -> bool {
    all.iter().all(|(.., event)| match event {
        Event::Wrote { before: Value::Messages(before), value: Value::Messages(value), .. } => {
            value.starts_with(before)
        }
        Event::Wrote { .. } => false,
        _ => true,
    })
}
