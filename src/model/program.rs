//! A listing played by a cast: the lanes, the instances of the shared places, and the grain.

use super::cast::Cast;
use super::code::{Code, Holds, Key, Place, PlaceKind, Routine};
use super::op::{Op, Small};
use super::server::{Routing, Slots};
use super::state::Id;
use super::{LaneId, PlaceId, SessionId, TurnId};
use std::collections::BTreeSet;

/// The most instances of shared places that a program may have, over all places.
pub const INSTANCES_MAX: usize = 1024;

/// The most lanes that a program may have, daemons included.
pub const LANES_MAX: usize = 64;

/// How much of a lane is one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grain {
    /// One shared access and the local lines after it.
    #[default]
    Access,
    /// Every annotated line.
    Line,
    /// Up to the next wait for the assistant, or to a lock or mailbox that blocks.
    Await,
    /// A whole request, with the work that daemons do for it.
    Turn,
}

impl Grain {
    /// All grains, coarsest last.
    pub const ALL: [Grain; 4] = [Grain::Line, Grain::Access, Grain::Await, Grain::Turn];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Grain::Access => "access",
            Grain::Line => "line",
            Grain::Await => "await",
            Grain::Turn => "turn",
        }
    }
}

/// What sets in a context are made of. See [`super::context`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Nothing: contexts stay empty.
    Nothing,
    /// Users whose questions are in it.
    Users,
    /// The questions themselves.
    Questions,
}

/// How a program is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// How much of a lane is one step.
    pub grain: Grain,
    /// At most so many requests inside handlers at once; `None` for no limit.
    pub limit: Option<usize>,
    /// What the limit counts.
    pub slots: Slots,
    /// How many threads run requests; `None` for as many as there are requests at once.
    pub workers: Option<usize>,
    /// How many processes serve requests; `None` for one, or two if the strategy routes.
    pub replicas: Option<usize>,
    /// Which of them serves a request, unless the strategy decides that itself.
    pub routing: Routing,
}

/// One lane of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its name, as typed in schedules. A daemon's has a colon in it, a client's never.
    pub name: String,
    /// What it does.
    pub role: Role,
}

/// What a lane does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Sends the requests of a lane of the cast.
    Client,
    /// Runs a daemon of the code, for one session or for all.
    Daemon {
        /// Position in [`Code::daemons`].
        daemon: usize,
        /// The session that it serves; `None` if it serves all.
        session: Option<SessionId>,
    },
    /// Cancels a turn of a client, once, while that turn waits.
    Fault {
        /// The turn.
        turn: TurnId,
    },
}

/// What selects an instance of a keyed place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    /// The session of the request.
    pub session: SessionId,
    /// The request.
    pub turn: TurnId,
    /// What `[id]` means.
    pub id: Id,
    /// The thread that runs it.
    pub worker: u8,
    /// The replica that serves it.
    pub replica: u8,
}

/// One value that selects an instance of a keyed place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyValue {
    /// A session.
    Session(SessionId),
    /// The text of this turn's question.
    Question(TurnId),
    /// An `id`.
    Id(Id),
    /// An address.
    Address(usize),
    /// A thread.
    Worker(usize),
    /// A replica.
    Replica(usize),
    /// `None`.
    Nobody,
}

/// Everything that a step needs to know and that never changes.
#[derive(Clone, Debug)]
pub struct Program {
    /// Who talks.
    pub cast: Cast,
    /// What each request runs.
    pub code: Code,
    /// How it is run.
    pub setting: Setting,
    /// What sets in contexts are made of.
    pub detail: Detail,
    /// The client lanes, in the order of the cast, then the daemons.
    pub lanes: Vec<Lane>,
    /// For each place, the number of its first instance among those of its kind.
    first: Vec<usize>,
    /// For each turn, the number of its question's text among the different texts.
    text_of: Vec<usize>,
    texts: usize,
    numbers: usize,
}

impl Program {
    /// Builds a program. Fails, in words, if it would have too many lanes or instances of places,
    /// or if its daemons would have to be in several processes.
    pub fn new(cast: Cast, code: Code, setting: Setting) -> Result<Program, String> {
        let (text_of, texts) = number_texts(&cast);
        let lanes = lanes(&cast, &code);
        let code = in_processes(code, setting)?;
        let mut program = Program {
            numbers: numbers(&cast, &code) + 1,
            first: vec![0; code.places.len()],
            detail: Detail::Questions,
            cast,
            code,
            setting,
            lanes,
            text_of,
            texts,
        };
        let lanes = program.lanes.len();
        if lanes > LANES_MAX {
            return Err(format!(
                "this scenario and strategy make {lanes} lanes; at most {LANES_MAX} can be explored"
            ));
        }
        let mut counts = [0; 4];
        for place in 0..program.code.places.len() {
            let kind = kind_index(&program.code.places[place]);
            program.first[place] = counts[kind];
            counts[kind] += program.instances_of(place);
        }
        let instances: usize = counts.iter().sum();
        if instances > INSTANCES_MAX {
            return Err(format!(
                "this scenario and strategy make {instances} shared places; \
                 at most {INSTANCES_MAX} can be explored"
            ));
        }
        Ok(program)
    }

    /// The same program with other sets in its contexts.
    pub fn with_detail(mut self, detail: Detail) -> Program {
        self.detail = detail;
        self
    }

    /// The same program at another grain.
    pub fn with_grain(mut self, grain: Grain) -> Program {
        self.setting.grain = grain;
        self
    }

    /// How many lanes send requests; they come first in [`Program::lanes`].
    pub fn clients(&self) -> usize {
        self.cast.lanes.len()
    }

    /// Whether a limit can make a lane wait: it is below the number of client lanes.
    pub fn limit_can_block(&self) -> bool {
        self.setting.limit.is_some_and(|limit| limit < self.clients())
            || self.setting.grain != Grain::Await && self.workers() < self.clients()
    }

    /// Whether a lane is a daemon or a fault: it sends no requests.
    pub fn is_daemon(&self, lane: LaneId) -> bool {
        lane >= self.clients()
    }

    /// The turn that a lane cancels, if it is a fault.
    pub fn cancels(&self, lane: LaneId) -> Option<TurnId> {
        match self.lanes[lane].role {
            Role::Fault { turn } => Some(turn),
            Role::Client | Role::Daemon { .. } => None,
        }
    }

    /// Whether a turn of a lane may be cancelled.
    pub fn can_be_cancelled(&self, lane: LaneId) -> bool {
        let mut turns = (self.clients()..self.lanes.len()).filter_map(|fault| self.cancels(fault));
        turns.any(|turn| self.cast.turns[turn].lane == lane)
    }

    /// The session that a daemon serves, if it serves just one.
    pub fn session_of_daemon(&self, lane: LaneId) -> Option<SessionId> {
        match self.lanes[lane].role {
            Role::Client | Role::Fault { .. } => None,
            Role::Daemon { session, .. } => session,
        }
    }

    /// How many processes serve requests.
    pub fn replicas(&self) -> usize {
        replicas(&self.code, self.setting)
    }

    /// Which of them serves a request.
    pub fn routing(&self) -> Routing {
        self.code.routing.unwrap_or(self.setting.routing)
    }

    /// Whether the order in which requests begin decides which replica serves them.
    pub fn takes_turns(&self) -> bool {
        self.routing() == Routing::RoundRobin
            && self.replicas() > 1
            && self.code.is_keyed_by(Key::Replica)
    }

    /// Whether it matters which thread runs a request: at grain `await` there is only one.
    pub fn tracks_workers(&self) -> bool {
        self.setting.grain != Grain::Await
            && self.workers() > 1
            && self.code.is_keyed_by(Key::Worker)
    }

    /// How many threads can run requests at once.
    pub fn workers(&self) -> usize {
        self.clients().min(self.setting.workers.unwrap_or(usize::MAX)).max(1)
    }

    /// Whether others can notice how far a request is through its local lines: one that begins
    /// takes a slot, a thread or its place in a row, and one that waits can be cancelled.
    pub fn shows_local_lines(&self) -> bool {
        self.setting.limit.is_some()
            || self.setting.workers.is_some()
            || self.tracks_workers()
            || self.takes_turns()
            || (0..self.clients()).any(|lane| self.can_be_cancelled(lane))
    }

    /// Whether a lane can stop the event loop: by waiting for a lock that is held.
    pub fn can_freeze(&self) -> bool {
        let mut places = self.code.places.iter();
        self.setting.grain == Grain::Await
            && places.any(|place| place.kind == PlaceKind::Lock && !place.is_async)
    }

    /// What a lane runs.
    pub fn routine(&self, lane: LaneId) -> &Routine {
        match self.lanes[lane].role {
            Role::Client => &self.code.respond,
            Role::Daemon { daemon, .. } => &self.code.daemons[daemon].routine,
            Role::Fault { .. } => &NO_ROUTINE,
        }
    }

    /// The bit of a question in a mask; no bit at all if nothing is kept.
    pub fn bit(&self, turn: TurnId) -> u64 {
        match self.detail {
            Detail::Nothing => 0,
            Detail::Users => 1 << self.cast.user_of(turn),
            Detail::Questions => 1 << turn,
        }
    }

    /// The bits of all questions for which `chosen` holds.
    pub fn bits(&self, chosen: impl Fn(TurnId) -> bool) -> u64 {
        (0..self.cast.turns.len())
            .filter(|&turn| chosen(turn))
            .fold(0, |bits, turn| bits | self.bit(turn))
    }

    /// How many bytes a mask needs.
    pub fn mask_bytes(&self) -> usize {
        match self.detail {
            Detail::Nothing => 0,
            Detail::Users => self.cast.users.len().div_ceil(8),
            Detail::Questions => self.cast.turns.len().div_ceil(8),
        }
    }

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
        let any_of = |turn| self.any_instance(place, &self.asker_of(turn));
        let cells: BTreeSet<usize> = own.flat_map(any_of).collect();
        cells.into_iter().collect()
    }

    /// Every instance of a place that a request can mean, whatever its id is and whoever runs it.
    pub fn any_instance(&self, place: PlaceId, asker: &Asker) -> Vec<usize> {
        let fixed = self.within(place, self.instance(place, asker));
        let moves = |key: Key| match key {
            Key::Id => self.code.changes_ids(),
            Key::Worker => self.tracks_workers(),
            Key::Replica => self.takes_turns(),
            Key::Session | Key::Question | Key::Address | Key::Nobody => false,
        };
        let same = |instance: &usize| {
            let mut pairs = self.within(place, *instance).into_iter().zip(&fixed);
            pairs.all(|(one, other)| moves(one.0) || one.1 == other.1)
        };
        self.instances(place).filter(same).collect()
    }

    /// What a request means by the keys of a place, as long as nothing of it changes.
    pub fn asker_of(&self, turn: TurnId) -> Asker {
        let session = self.cast.session_of(turn);
        let id = Id::Session(session as u8);
        Asker { session, turn, id, worker: 0, replica: self.replica_of(session) }
    }

    /// Which replica serves a session, where that is always the same one; nought where no place
    /// is keyed by that.
    pub fn replica_of(&self, session: SessionId) -> u8 {
        match self.code.is_keyed_by(Key::Replica) {
            true => (session % self.replicas()) as u8,
            false => 0,
        }
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

    /// The highest number that an `id` can be.
    pub fn number_max(&self) -> u8 {
        (self.numbers - 1) as u8
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
            Key::Worker => format!("thread {}", value + 1),
            Key::Replica => format!("replica {}", value + 1),
            Key::Nobody => self.id_name(Id::Unset),
        }
    }

    fn id_index(&self, id: Id) -> usize {
        match id {
            Id::Unset => 0,
            Id::Session(session) => 1 + session as usize,
            Id::Number(number) => 1 + self.cast.sessions.len() + number as usize,
        }
    }

    /// The other way round.
    fn id_at(&self, index: usize) -> Id {
        let sessions = self.cast.sessions.len();
        match index {
            0 => Id::Unset,
            _ if index <= sessions => Id::Session((index - 1) as u8),
            _ => Id::Number((index - sessions - 1) as u8),
        }
    }

    fn values_of(&self, key: Key) -> usize {
        match key {
            Key::Session => self.cast.sessions.len(),
            Key::Question => self.texts,
            Key::Id => 1 + self.cast.sessions.len() + self.numbers,
            Key::Address => self.cast.addresses.len(),
            Key::Worker => self.workers(),
            Key::Replica => self.replicas(),
            Key::Nobody => 1,
        }
    }

    fn instances_of(&self, place: PlaceId) -> usize {
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
}

fn kind_index(place: &Place) -> usize {
    match place.kind {
        PlaceKind::Cell(_) => 0,
        PlaceKind::Lock => 1,
        PlaceKind::Mailbox => 2,
        PlaceKind::Pipe => 3,
    }
}

/// What a fault runs: nothing of the app.
static NO_ROUTINE: Routine = Routine { name: String::new(), lines: Vec::new() };

/// How many processes serve requests.
pub fn replicas(code: &Code, setting: Setting) -> usize {
    let default = if code.routing.is_some() { 2 } else { 1 };
    setting.replicas.unwrap_or(default).max(1)
}

/// With several processes, each has its own of every place, but for what is kept outside of them.
/// A listing with the key `replica` says itself which places those are.
fn in_processes(mut code: Code, setting: Setting) -> Result<Code, String> {
    if replicas(&code, setting) < 2 || code.is_keyed_by(Key::Replica) {
        return Ok(code);
    }
    if !code.daemons.is_empty() {
        return Err("a strategy with workers of its own cannot be run in several replicas here; \
                    leave out --replicas, or key its places by `replica`"
            .into());
    }
    for place in code.places.iter_mut().filter(|place| !place.is_external) {
        place.keys.push(Key::Replica);
    }
    Ok(code)
}

/// How many numbers counters and fresh ids can reach.
fn numbers(cast: &Cast, code: &Code) -> usize {
    let puts = code.ops().filter(|op| matches!(op, Op::Put(_, Small::Next))).count();
    let minted = if code.ops().any(|op| op == Op::Mint) { 1 } else { 0 };
    ((puts + minted) * cast.turns.len()).min(200)
}

fn number_texts(cast: &Cast) -> (Vec<usize>, usize) {
    let mut texts: Vec<&str> = Vec::new();
    let numbers = cast.turns.iter().map(|turn| {
        let known = texts.iter().position(|&text| text == turn.text);
        known.unwrap_or_else(|| {
            texts.push(&turn.text);
            texts.len() - 1
        })
    });
    (numbers.collect(), texts.len())
}

fn lanes(cast: &Cast, code: &Code) -> Vec<Lane> {
    let client = |name: &String| Lane { name: name.clone(), role: Role::Client };
    let mut lanes: Vec<Lane> = cast.lanes.iter().map(|lane| client(&lane.name)).collect();
    for (daemon, declared) in code.daemons.iter().enumerate() {
        let served: Vec<Option<SessionId>> = match declared.per_session {
            true => (0..cast.sessions.len()).map(Some).collect(),
            false => vec![None],
        };
        lanes.extend(served.into_iter().map(|session| {
            let whom = session.map_or("all", |session| &cast.sessions[session].name);
            Lane {
                name: format!("{}:{whom}", declared.lane),
                role: Role::Daemon { daemon, session },
            }
        }));
    }
    // What is not an `async def` runs on in its thread when its client is gone.
    let cancels = cast.cancels.iter().filter(|_| code.is_async);
    lanes.extend(cancels.map(|&turn| {
        let name = format!("cancel:{}", fault_name(cast, turn));
        Lane { name, role: Role::Fault { turn } }
    }));
    lanes
}

/// Whose turn is cancelled, and where that is not clear which one.
fn fault_name(cast: &Cast, turn: TurnId) -> String {
    let lane = cast.turns[turn].lane;
    let same = cast.cancels.iter().filter(|&&other| cast.turns[other].lane == lane);
    match same.count() {
        1 => cast.lane_name_of(turn).to_owned(),
        _ => format!("{}:{}", cast.lane_name_of(turn), cast.turns[turn].number),
    }
}
