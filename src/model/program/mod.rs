//! A listing played by a cast: the lanes, the instances of the shared places, and the grain.

pub mod build;
pub mod extent;
pub mod finer;
mod instances;
mod serving;

use build::{fresh, in_processes, kind_index, lanes, number_texts, numbers};

use super::cast::Cast;
use super::code::{Code, Routine};
use super::server::{Idle, Routing, Slots};
use super::state::Id;
use super::{LaneId, SessionId, TurnId};
use crate::phrase;
use crate::words::Phrase;

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
    /// A whole turn: the functions of its chain one after the other.
    Chain,
}

impl Grain {
    /// All grains, coarsest last.
    pub const ALL: [Grain; 5] =
        [Grain::Line, Grain::Access, Grain::Await, Grain::Turn, Grain::Chain];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Grain::Access => "access",
            Grain::Line => "line",
            Grain::Await => "await",
            Grain::Turn => "turn",
            Grain::Chain => "chain",
        }
    }

    /// Whether requests run one after the other, and daemons as part of them.
    pub fn is_serial(self) -> bool {
        matches!(self, Grain::Turn | Grain::Chain)
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
    /// At most so many requests, or batches of them, worked on at once; `None` for no limit.
    pub limit: Option<usize>,
    /// What the limit counts.
    pub slots: Slots,
    /// How many threads run requests; `None` for as many as there are requests at once.
    pub workers: Option<usize>,
    /// How many processes serve requests; `None` for one, or two if the strategy routes.
    pub replicas: Option<usize>,
    /// Which of them serves a request, unless the strategy decides that itself.
    pub routing: Routing,
    /// Which of several idle threads takes a request; `None` for the one that has been idle longest, as
    /// long as something goes wrong with it.
    pub idle: Option<Idle>,
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
    /// Whether requests run on one event loop, and so on one thread: at grain `await`, and wherever
    /// they are coroutines.
    pub on_loop: bool,
    /// Which of the idle threads takes a request: their first, unless every choice is tried.
    pub idle_picked: usize,
    /// The client lanes, in the order of the cast, then the daemons.
    pub lanes: Vec<Lane>,
    /// For each place, the number of its first instance among those of its kind.
    first: Vec<usize>,
    /// For each turn, the number of its question's text among the different texts.
    text_of: Vec<usize>,
    texts: usize,
    /// How many values a counter can have.
    numbers: usize,
    /// How many ids can be drawn.
    fresh: usize,
}

impl Program {
    /// Builds a program. Fails, in words, if it would have too many lanes or instances of places,
    /// if one order of it would be too long, or if its daemons would have to be in several
    /// processes.
    pub fn new(cast: Cast, code: Code, setting: Setting) -> Result<Program, Phrase> {
        extent::check(&cast, &code)?;
        let (text_of, texts) = number_texts(&cast);
        let lanes = lanes(&cast, &code);
        let code = finer::at_waits(in_processes(code, setting)?, &cast, setting);
        let mut program = Program {
            numbers: numbers(&cast, &code) + 1,
            fresh: fresh(&cast, &code),
            first: vec![0; code.places.len()],
            detail: Detail::Questions,
            on_loop: code.is_async || setting.grain == Grain::Await,
            idle_picked: 0,
            cast,
            code,
            setting,
            lanes,
            text_of,
            texts,
        };
        let lanes = program.lanes.len();
        if lanes > LANES_MAX {
            return Err(phrase!("program-too-many-lanes", lanes = lanes, most = LANES_MAX));
        }
        let mut counts = [0; 4];
        for place in 0..program.code.places.len() {
            let kind = kind_index(&program.code.places[place]);
            program.first[place] = counts[kind];
            counts[kind] += program.instances_of(place);
        }
        let instances: usize = counts.iter().sum();
        if instances > INSTANCES_MAX {
            let [places, most] = [instances, INSTANCES_MAX].map(|places| places.to_string());
            return Err(phrase!("program-too-many-places", places = places, most = most));
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

    /// The same program, but of the idle threads another one takes a request.
    pub fn with_idle_picked(mut self, picked: usize) -> Program {
        self.idle_picked = picked;
        self
    }

    /// How many lanes send requests; they come first in [`Program::lanes`].
    pub fn clients(&self) -> usize {
        self.cast.lanes.len()
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

    /// Whether a turn that a client lane is in may be cancelled.
    pub fn cancels_turn(&self, lane: LaneId, turn: Option<TurnId>) -> bool {
        self.code.is_async
            && !self.is_daemon(lane)
            && turn.is_some_and(|turn| self.cast.cancels.contains(&turn))
    }

    /// The session that a daemon serves, if it serves just one.
    pub fn session_of_daemon(&self, lane: LaneId) -> Option<SessionId> {
        match self.lanes[lane].role {
            Role::Client | Role::Fault { .. } => None,
            Role::Daemon { session, .. } => session,
        }
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
}

/// What a fault runs: nothing of the app.
static NO_ROUTINE: Routine = Routine { name: String::new(), lines: Vec::new() };
