//! How many lines of a lane are one step, in the plain machine.

use super::Machine;
use crate::model::LaneId;
use crate::model::code::{Line, LineKind};
use crate::model::program::Grain;
use crate::model::step::Blocked;

impl Machine<'_> {
    /// Moves a lane by one step, as long as the program's grain says.
    pub(super) fn run_step(&mut self, lane: LaneId) -> Result<(), Blocked> {
        let grain = self.program.setting.grain;
        if let (Some(by), false) = (self.frozen_by, grain.is_serial()) {
            return Err(Blocked::Frozen { by });
        }
        if let (Some(turn), false) = (self.program.cancels(lane), grain.is_serial()) {
            return self.cancel(lane, turn);
        }
        match grain {
            Grain::Line => self.run_one(lane),
            Grain::Access => self.run_access(lane),
            Grain::Await => self.run_until_wait(lane),
            Grain::Turn | Grain::Chain if self.program.is_daemon(lane) => Err(Blocked::PartOfTurns),
            Grain::Turn => self.run_function(lane),
            Grain::Chain => self.run_chain(lane),
        }
    }

    /// One line, in one step even if it waits in the middle, as long as nobody can cancel that.
    fn run_one(&mut self, lane: LaneId) -> Result<(), Blocked> {
        let is_nothing = |line: &Line| line.kind == LineKind::Resumes && line.ops.is_empty();
        let mut goes_on = self.next_line(lane).is_some_and(is_nothing);
        loop {
            let waits = self.waits_visibly(lane);
            self.run_line(lane)?;
            let resumes = self.next_line(lane).is_some_and(|line| line.kind == LineKind::Resumes);
            if !self.is_inside(lane) || !(goes_on || resumes && !waits) {
                return Ok(());
            }
            goes_on = false;
        }
    }

    /// Whether the next line of a lane ends in a wait in which its client can cancel.
    fn waits_visibly(&self, lane: LaneId) -> bool {
        let turn = self.next_turn(lane);
        self.next_line(lane).is_some_and(Line::lets_go) && self.program.cancels_turn(lane, turn)
    }

    /// Whether a lane has come to a line in which it waits for others, and can be cancelled.
    fn stands_for_others(&self, lane: LaneId) -> bool {
        self.next_line(lane).is_some_and(Line::asks_others)
            && self.program.cancels_turn(lane, self.lanes[lane].turn)
    }

    /// Local lines, one access, and the local lines behind it.
    fn run_access(&mut self, lane: LaneId) -> Result<(), Blocked> {
        let mut accessed = false;
        loop {
            accessed |= self.next_line(lane).is_some_and(Line::is_access);
            let waits = self.waits_visibly(lane);
            self.run_line(lane)?;
            if waits || !self.is_inside(lane) {
                return Ok(());
            }
            if accessed && self.next_line(lane).is_some_and(Line::is_access) {
                return Ok(());
            }
        }
    }

    fn run_until_wait(&mut self, lane: LaneId) -> Result<(), Blocked> {
        let mut moved = false;
        loop {
            let waits = self.next_line(lane).is_some_and(Line::lets_go);
            match self.run_line(lane) {
                Err(Blocked::Lock { place, .. }) if !self.program.code.places[place].is_async => {
                    self.freeze(lane);
                    return Ok(());
                }
                Err(_) if moved => return Ok(()),
                Err(reason) => return Err(reason),
                Ok(()) if waits || !self.is_inside(lane) || self.stands_for_others(lane) => {
                    return Ok(());
                }
                Ok(()) => moved = true,
            }
        }
    }

    /// All functions of a turn, one after the other.
    fn run_chain(&mut self, lane: LaneId) -> Result<(), Blocked> {
        let turns_done = self.lanes[lane].turns_done;
        self.run_function(lane)?;
        while self.lanes[lane].turns_done == turns_done {
            self.run_function(lane)?;
        }
        Ok(())
    }

    fn run_function(&mut self, lane: LaneId) -> Result<(), Blocked> {
        loop {
            match self.run_line(lane) {
                Ok(()) if !self.is_inside(lane) => {
                    self.run_daemons();
                    return Ok(());
                }
                Ok(()) => {}
                Err(Blocked::NoAnswer) if self.run_daemons() => {}
                Err(reason) => return Err(reason),
            }
        }
    }

    fn run_daemons(&mut self) -> bool {
        let mut any = false;
        while (self.program.clients()..self.lanes.len()).any(|lane| self.run_line(lane).is_ok()) {
            any = true;
        }
        any
    }
}
