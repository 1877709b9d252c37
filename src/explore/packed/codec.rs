//! States to keys and back.

use super::layout::{AnswerFields, CellFields, FieldId, FieldMeaning, Layout, MailboxFields};
use super::live::Answered;
use super::word::Word;
use crate::model::context::{Answer, Mask};
use crate::model::program::Program;
use crate::model::state::{Cell, Id, LaneState, State};
use crate::model::{LaneId, TurnId};
use std::collections::VecDeque;

impl Layout {
    /// The key of a state. What is dead in it is not in the key.
    pub fn encode<W: Word>(&self, program: &Program, state: &State<Mask>) -> W {
        let mut key = W::ZERO;
        for (lane, own) in state.lanes.iter().enumerate() {
            self.encode_lane(program, (lane, own), state.answered, &mut key);
        }
        for (fields, cell) in self.cells.iter().zip(&state.cells) {
            match (fields, cell) {
                (CellFields::Messages(field), Cell::Messages(mask)) => {
                    self.put_set(&mut key, *field, mask.0);
                }
                (CellFields::Answer(fields), Cell::Answer(answer)) => {
                    self.put_answer(&mut key, fields, answer.as_ref());
                }
                (CellFields::Id(field), Cell::Id(id)) => {
                    self.put(&mut key, Some(*field), program.id_index(*id) as u64);
                }
                _ => {}
            }
        }
        for (&field, holder) in self.locks.iter().zip(&state.locks) {
            self.put(&mut key, Some(field), self.position(field, *holder));
        }
        for (fields, mailbox) in self.mailboxes.iter().zip(&state.mailboxes) {
            self.put_queue(&mut key, fields, mailbox);
        }
        for (fields, pipe) in self.pipes.iter().zip(&state.pipes) {
            self.put(&mut key, Some(fields.length), pipe.len() as u64);
            for (fields, answer) in fields.answers.iter().zip(pipe) {
                self.put_answer(&mut key, fields, Some(answer));
            }
        }
        if let Some(fields) = &self.idle {
            self.put(&mut key, Some(fields.length), state.idle.len() as u64);
            for (&field, &thread) in fields.threads.iter().zip(&state.idle) {
                self.put(&mut key, Some(field), thread.into());
            }
        }
        self.put(&mut key, self.next_replica, state.next_replica.into());
        let frozen = self.frozen_by.map_or(0, |field| self.position(field, state.frozen_by));
        self.put(&mut key, self.frozen_by, frozen);
        key
    }

    fn encode_lane<W: Word>(
        &self,
        program: &Program,
        (lane, own): (LaneId, &LaneState<Mask>),
        answered: u64,
        key: &mut W,
    ) {
        let fields = &self.lanes[lane];
        if program.cancels(lane).is_some() {
            self.put(key, fields.position, own.turns_done as u64);
        } else if program.is_daemon(lane) {
            self.put(key, fields.position, own.line as u64);
            self.put(
                key,
                fields.turn,
                fields.turn.map_or(0, |field| self.position(field, own.turn)),
            );
        } else {
            let inside = own.turn.map_or(0, |_| 1 + own.line - self.line_min);
            let position = own.turns_done * self.positions_per_turn(program) + inside;
            self.put(key, fields.position, position as u64);
            let first = program.cast.lanes[lane].turns.start;
            self.put(key, fields.answered, fields.answered.map_or(0, |_| answered >> first));
        }
        if own.turn.is_none() {
            // Between turns every register is empty.
            return;
        }
        self.put(key, fields.worker, own.worker.into());
        self.put(key, fields.replica, own.replica.into());
        if let Some(batch) = &fields.batch {
            self.put_queue(key, batch, &own.batch);
        }
        let live = self.liveness[lane].live[own.line];
        self.put_set(key, fields.earlier, own.earlier);
        if live.history {
            self.put_set(key, fields.history, own.history.0);
        }
        if live.answer {
            self.put_answer(key, &fields.answer, own.answer.as_ref());
        }
        if live.inbox {
            self.put_answer(key, &fields.inbox, own.inbox.as_ref());
        }
        if live.id {
            self.put(key, fields.id, program.id_index(own.id) as u64);
        }
        if live.found {
            self.put(key, fields.found, u64::from(own.found));
        }
        if live.known {
            self.put(key, fields.known, u64::from(own.known));
        }
        if live.unchanged {
            let at = fields.unchanged.map_or(0, |field| self.position(field, own.unchanged));
            self.put(key, fields.unchanged, at);
        }
    }

    /// A state with this key; what is dead is empty in it.
    pub fn decode<W: Word>(&self, program: &Program, key: &W) -> State<Mask> {
        let mut state = State::first(program);
        for lane in 0..state.lanes.len() {
            if !program.is_daemon(lane) {
                self.decode_position(program, lane, key, &mut state);
            }
        }
        for lane in 0..state.lanes.len() {
            self.decode_lane(program, lane, key, &mut state);
        }
        for (fields, cell) in self.cells.iter().zip(&mut state.cells) {
            match fields {
                CellFields::Dead => {}
                CellFields::Messages(field) => *cell = Cell::Messages(self.set_of(key, *field)),
                CellFields::Answer(fields) => {
                    let present = self.value(key, fields.present) == 1;
                    *cell = Cell::Answer(present.then(|| self.answer_of(key, fields, 0)));
                }
                CellFields::Id(field) => {
                    *cell = Cell::Id(program.id_at(self.value(key, Some(*field)) as usize))
                }
            }
        }
        for (&field, holder) in self.locks.iter().zip(&mut state.locks) {
            *holder = self.at(key, field);
        }
        for (fields, mailbox) in self.mailboxes.iter().zip(&mut state.mailboxes) {
            mailbox.extend(self.queue_of(key, fields));
        }
        for (fields, pipe) in self.pipes.iter().zip(&mut state.pipes) {
            let length = self.value(key, Some(fields.length)) as usize;
            pipe.extend(fields.answers[..length].iter().map(|one| self.answer_of(key, one, 0)));
        }
        if let Some(fields) = &self.idle {
            let length = self.value(key, Some(fields.length)) as usize;
            let threads = fields.threads[..length].iter();
            state.idle = threads.map(|&field| self.value(key, Some(field)) as u8).collect();
        }
        state.next_replica = self.value(key, self.next_replica) as u8;
        state.frozen_by = self.frozen_by.and_then(|field| self.at(key, field));
        state
    }

    /// Where a client stands, and which of its turns are answered.
    fn decode_position<W: Word>(
        &self,
        program: &Program,
        lane: LaneId,
        key: &W,
        state: &mut State<Mask>,
    ) {
        let fields = &self.lanes[lane];
        let per_turn = self.positions_per_turn(program);
        let position = self.value(key, fields.position) as usize;
        let turns = program.cast.lanes[lane].turns.clone();
        let own = &mut state.lanes[lane];
        own.turns_done = position / per_turn;
        if !position.is_multiple_of(per_turn) {
            own.line = position % per_turn - 1 + self.line_min;
            own.turn = Some(turns.start + own.turns_done);
        }
        let answered = match fields.answered {
            Some(field) => self.value(key, Some(field)),
            None => (1_u64.checked_shl(own.turns_done as u32)).map_or(u64::MAX, |bit| bit - 1),
        };
        state.answered |= answered << turns.start;
    }

    fn decode_lane<W: Word>(
        &self,
        program: &Program,
        lane: LaneId,
        key: &W,
        state: &mut State<Mask>,
    ) {
        let fields = &self.lanes[lane];
        let own = &mut state.lanes[lane];
        if program.cancels(lane).is_some() {
            own.turns_done = self.value(key, fields.position) as usize;
            return;
        }
        if program.is_daemon(lane) {
            own.line = self.value(key, fields.position) as usize;
            own.turn = fields.turn.and_then(|field| self.at(key, field));
        }
        let Some(turn) = own.turn else { return };
        own.worker = self.value(key, fields.worker) as u8;
        own.replica = match fields.replica {
            Some(field) => self.value(key, Some(field)) as u8,
            None => program.replica_of(program.cast.session_of(turn)),
        };
        own.batch.extend(fields.batch.iter().flat_map(|batch| self.queue_of(key, batch)));
        let live = self.liveness[lane].live[own.line];
        let has = self.liveness[lane].answered[own.line];
        own.history = self.set_of(key, fields.history);
        own.found = self.value(key, fields.found) == 1;
        own.known = self.value(key, fields.known) == 1;
        own.unchanged = fields.unchanged.and_then(|field| self.at(key, field));
        own.id = match fields.id {
            Some(field) => program.id_at(self.value(key, Some(field)) as usize),
            None => Id::Session(program.cast.session_of(turn) as u8),
        };
        let present = match (live.answer, has) {
            (false, _) | (true, Answered::No) => false,
            (true, Answered::Yes) => true,
            (true, Answered::Either) => self.value(key, fields.answer.present) == 1,
        };
        own.answer = present.then(|| self.answer_of(key, &fields.answer, turn));
        let handed = self.value(key, fields.inbox.present) == 1;
        own.inbox = handed.then(|| self.answer_of(key, &fields.inbox, turn));
        if self.keeps_earlier && !program.is_daemon(lane) {
            own.earlier = self.set_of(key, fields.earlier).0;
            if self.always_replies {
                let others = self.others_of_session(program, lane);
                let before = program.cast.lanes[lane].turns.start..turn;
                let own_turns = program.bits(|asked| before.contains(&asked));
                own.earlier = own.earlier & others | own_turns;
            }
        }
    }

    fn put<W: Word>(&self, key: &mut W, field: Option<FieldId>, value: u64) {
        if let Some(field) = field {
            let span = self.fields[field].span;
            key.set(span, value & span.ones());
        }
    }

    fn put_set<W: Word>(&self, key: &mut W, field: Option<FieldId>, bits: u64) {
        if let Some(id) = field
            && let FieldMeaning::Set { low } = self.fields[id].meaning
        {
            self.put(key, field, bits >> low);
        }
    }

    fn put_answer<W: Word>(
        &self,
        key: &mut W,
        fields: &AnswerFields,
        answer: Option<&Answer<Mask>>,
    ) {
        self.put(key, fields.present, u64::from(answer.is_some()));
        if let Some(answer) = answer {
            self.put(key, fields.turn, answer.turn as u64 + 1);
            self.put_set(key, fields.basis, answer.basis.0);
        }
    }

    fn put_queue<W: Word>(&self, key: &mut W, fields: &MailboxFields, queue: &VecDeque<TurnId>) {
        self.put(key, Some(fields.length), queue.len() as u64);
        for (&field, &turn) in fields.turns.iter().zip(queue) {
            self.put(key, Some(field), self.position(field, Some(turn)));
        }
    }

    fn queue_of<W: Word>(&self, key: &W, fields: &MailboxFields) -> Vec<TurnId> {
        let length = self.value(key, Some(fields.length)) as usize;
        fields.turns[..length].iter().filter_map(|&field| self.at(key, field)).collect()
    }

    fn value<W: Word>(&self, key: &W, field: Option<FieldId>) -> u64 {
        field.map_or(0, |field| key.get(self.fields[field].span))
    }

    fn set_of<W: Word>(&self, key: &W, field: Option<FieldId>) -> Mask {
        match field.map(|field| &self.fields[field].meaning) {
            Some(FieldMeaning::Set { low }) => Mask(self.value(key, field) << low),
            _ => Mask(0),
        }
    }

    /// An answer that is there; `turn` is the lane's own.
    fn answer_of<W: Word>(&self, key: &W, fields: &AnswerFields, turn: TurnId) -> Answer<Mask> {
        let turn =
            fields.turn.map_or(turn, |field| (self.value(key, Some(field)) as usize).max(1) - 1);
        Answer { turn, basis: self.set_of(key, fields.basis) }
    }

    /// The value of a field that holds a position in a list.
    fn position(&self, field: FieldId, what: Option<usize>) -> u64 {
        let (FieldMeaning::Lane(list) | FieldMeaning::Turn(list) | FieldMeaning::Cell(list)) =
            &self.fields[field].meaning
        else {
            return 0;
        };
        let position = what.and_then(|what| list.binary_search(&what).ok());
        position.map_or(0, |position| position as u64 + 1)
    }

    /// What a field that holds a position in a list points at.
    fn at<W: Word>(&self, key: &W, field: FieldId) -> Option<usize> {
        let (FieldMeaning::Lane(list) | FieldMeaning::Turn(list) | FieldMeaning::Cell(list)) =
            &self.fields[field].meaning
        else {
            return None;
        };
        let position = (self.value(key, Some(field)) as usize).checked_sub(1)?;
        list.get(position).copied()
    }
}
