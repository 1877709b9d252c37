//! The instances of shared places: which one a request means, and how each is called.

use super::{Asker, KeyValue, Program};
use crate::model::code::{Holds, Key, PlaceKind};
use crate::model::state::Id;
use crate::model::{LaneId, PlaceId, SessionId, TurnId};
use std::collections::BTreeSet;

impl Program {
    /// Which instance of a place a request means, counted among all instances of its kind.
    pub fn instance(&self, place: PlaceId, asker: &Asker) -> usize {
        let keys = &self.code.places[place].keys;
        let within = keys.iter().fold(0, |index, key| {
            let value = match key {
                Key::Session => asker.session,
                Key::Question => self.text_of[asker.turn],
                Key::Id => self.id_index(asker.id),
                Key::Address => self.cast.lanes[self.cast.turns[asker.turn].lane].address,
                Key::Worker => usize::from(asker.worker),
                Key::Replica => usize::from(asker.replica),
                Key::Nobody => 0,
            };
            index * self.values_of(*key) + value
        });
        self.first[place] + within
    }

    /// The instances of a place, as numbers among all instances of its kind.
    pub fn instances(&self, place: PlaceId) -> std::ops::Range<usize> {
        self.first[place]..self.first[place] + self.instances_of(place)
    }

    /// The cells that make up a session's stored context: what its next request would read.
    pub fn stored_cells(&self, session: SessionId) -> Vec<usize> {
        let Some(place) = self.code.stored else { return Vec::new() };
        let turns = 0..self.cast.turns.len();
        let own = turns.filter(|&turn| self.cast.session_of(turn) == session);
        let any_of = |turn| {
            // Any worker may have kept it in its own thread, where a mailbox is not the session's.
            let works = move |&lane: &LaneId| self.is_daemon(lane) || self.works_for(lane, session);
            let lanes = (0..self.lanes.len()).filter(works);
            lanes.flat_map(move |lane| self.any_instance(place, &self.asker_in(lane, turn)))
        };
        let cells: BTreeSet<usize> = own.flat_map(any_of).collect();
        cells.into_iter().collect()
    }

    /// Every instance of a place that a request can mean, whatever its id is and whoever runs it.
    pub fn any_instance(&self, place: PlaceId, asker: &Asker) -> Vec<usize> {
        let fixed = self.within(place, self.instance(place, asker));
        let moves = |key: Key| match key {
            Key::Id => self.code.changes_ids(),
            Key::Replica => self.takes_turns(),
            Key::Session | Key::Question | Key::Address | Key::Worker | Key::Nobody => false,
        };
        let runs_requests = |thread: usize| self.daemon_of_thread(thread).is_none();
        let same = |instance: &usize| {
            let mut pairs = self.within(place, *instance).into_iter().zip(&fixed);
            pairs.all(|((key, one), &(_, other))| match key {
                Key::Worker if runs_requests(other) => runs_requests(one),
                _ => moves(key) || one == other,
            })
        };
        self.instances(place).filter(same).collect()
    }

    /// The name of an instance, as a person would write it: `HISTORIES[alice]`.
    pub fn instance_name(&self, place: PlaceId, instance: usize) -> String {
        let name = &self.code.places[place].name;
        let values: Vec<String> = self
            .within(place, instance)
            .into_iter()
            .map(|(key, value)| self.value_name(key, value))
            .collect();
        match values.is_empty() {
            true => name.clone(),
            false => format!("{name}[{}]", values.join(", ")),
        }
    }

    /// What the keys of an instance are, in the order of their declaration.
    pub fn key_values(&self, place: PlaceId, instance: usize) -> Vec<KeyValue> {
        let values = self.within(place, instance).into_iter();
        values
            .map(|(key, value)| match key {
                Key::Session => KeyValue::Session(value),
                Key::Question => {
                    let turn = self.text_of.iter().position(|&text| text == value);
                    KeyValue::Question(turn.unwrap_or(0))
                }
                Key::Id => KeyValue::Id(self.id_at(value)),
                Key::Address => KeyValue::Address(value),
                Key::Worker => KeyValue::Worker(value),
                Key::Replica => KeyValue::Replica(value),
                Key::Nobody => KeyValue::Nobody,
            })
            .collect()
    }

    /// Each key of an instance with the number of its value.
    fn within(&self, place: PlaceId, instance: usize) -> Vec<(Key, usize)> {
        let mut within = instance - self.first[place];
        let mut values = Vec::new();
        for key in self.code.places[place].keys.iter().rev() {
            let count = self.values_of(*key);
            values.push((*key, within % count));
            within /= count;
        }
        values.reverse();
        values
    }

    /// An `id` as a person would write it.
    pub fn id_name(&self, id: Id) -> String {
        match id {
            Id::Unset => "None".into(),
            Id::Session(session) => self.cast.sessions[session as usize].name.clone(),
            Id::Number(number) => number.to_string(),
            Id::Fresh(fresh) => format!("id-{}", u32::from(fresh) + 1),
        }
    }

    fn value_name(&self, key: Key, value: usize) -> String {
        match key {
            Key::Session => self.cast.sessions[value].name.clone(),
            Key::Question => {
                let turn = self.text_of.iter().position(|&text| text == value);
                let text = turn.map_or("", |turn| &self.cast.turns[turn].text);
                format!("\"{text}\"")
            }
            Key::Id => self.id_name(self.id_at(value)),
            Key::Address => self.cast.addresses[value].clone(),
            Key::Worker => match self.daemon_of_thread(value) {
                None => format!("thread {}", value + 1),
                Some(daemon) => self.lanes[daemon].name.clone(),
            },
            Key::Replica => format!("replica {}", value + 1),
            Key::Nobody => self.id_name(Id::Unset),
        }
    }

    /// The number of an `id` among all that there can be.
    pub fn id_index(&self, id: Id) -> usize {
        match id {
            Id::Unset => 0,
            Id::Session(session) => 1 + session as usize,
            Id::Number(number) => 1 + self.cast.sessions.len() + number as usize,
            Id::Fresh(fresh) => 1 + self.cast.sessions.len() + self.numbers + fresh as usize,
        }
    }

    /// The other way round.
    pub fn id_at(&self, index: usize) -> Id {
        let sessions = self.cast.sessions.len();
        match index {
            0 => Id::Unset,
            _ if index <= sessions => Id::Session((index - 1) as u8),
            _ if index <= sessions + self.numbers => Id::Number((index - sessions - 1) as u8),
            _ => Id::Fresh((index - sessions - self.numbers - 1) as u8),
        }
    }

    /// How many different ids there can be.
    pub fn ids(&self) -> usize {
        1 + self.cast.sessions.len() + self.numbers + self.fresh
    }

    fn values_of(&self, key: Key) -> usize {
        match key {
            Key::Session => self.cast.sessions.len(),
            Key::Question => self.texts,
            Key::Id => self.ids(),
            Key::Address => self.cast.addresses.len(),
            Key::Worker => self.threads(),
            Key::Replica => self.replicas(),
            Key::Nobody => 1,
        }
    }

    pub(super) fn instances_of(&self, place: PlaceId) -> usize {
        let keys = &self.code.places[place].keys;
        keys.iter().map(|key| self.values_of(*key)).product()
    }

    fn of_kind<T: Copy>(&self, pick: impl Fn(PlaceKind) -> Option<T>) -> Vec<(PlaceId, T)> {
        let places = self.code.places.iter().enumerate();
        places
            .filter_map(|(place, declared)| Some((place, pick(declared.kind)?)))
            .flat_map(|(place, picked)| {
                std::iter::repeat_n((place, picked), self.instances_of(place))
            })
            .collect()
    }

    /// What each cell holds at first, in instance order.
    pub fn cells(&self) -> Vec<(PlaceId, Holds)> {
        self.of_kind(|kind| match kind {
            PlaceKind::Cell(holds) => Some(holds),
            PlaceKind::Lock | PlaceKind::Mailbox | PlaceKind::Pipe => None,
        })
    }

    /// The place of each lock, in instance order.
    pub fn locks(&self) -> Vec<PlaceId> {
        let locks = self.of_kind(|kind| (kind == PlaceKind::Lock).then_some(()));
        locks.into_iter().map(|(place, ())| place).collect()
    }

    /// The place of each mailbox, in instance order.
    pub fn mailboxes(&self) -> Vec<PlaceId> {
        let boxes = self.of_kind(|kind| (kind == PlaceKind::Mailbox).then_some(()));
        boxes.into_iter().map(|(place, ())| place).collect()
    }

    /// The place of each pipe, in instance order.
    pub fn pipes(&self) -> Vec<PlaceId> {
        let pipes = self.of_kind(|kind| (kind == PlaceKind::Pipe).then_some(()));
        pipes.into_iter().map(|(place, ())| place).collect()
    }

    /// The highest number that a counter can reach.
    pub fn number_max(&self) -> u8 {
        (self.numbers - 1) as u8
    }

    /// What a turn draws at a line that mints.
    pub fn drawn(&self, turn: TurnId, mint: usize) -> Id {
        Id::Fresh((turn * self.code.mints() + mint) as u8)
    }
}
