//! What a twin is given: the cast, the assistant, and somebody who may write down what it does.

use super::places::{Access, AccessKind};
use crate::model::cast::Cast;
use crate::model::op::Part;
use crate::model::{LaneId, SessionId, TurnId};
use crate::platform::{Arc, Log, Platform};
use crate::replay::assistant;
use crate::replay::record::{Message, Said};
use std::marker::PhantomData;

/// One request: who asks what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The lane that works on it: the client's, or the daemon's that serves it.
    pub lane: LaneId,
    /// The session that it belongs to.
    pub session: SessionId,
    /// The turn.
    pub turn: TurnId,
}

impl Request {
    /// What the user says in it.
    pub fn question(&self) -> Message {
        Message { turn: self.turn, part: Part::Question, basis: [self.turn].into() }
    }

    /// The same request, worked on by another lane.
    pub fn served_by(self, lane: LaneId) -> Request {
        Request { lane, ..self }
    }
}

/// Something that happens while the assistant thinks about a request.
pub type Thinks = Arc<dyn Fn(&Request) + Send + Sync>;

/// What a twin runs on.
pub struct Stage<P: Platform> {
    /// Who talks.
    pub cast: Arc<Cast>,
    /// What happens while the assistant thinks; nothing, or a real wait.
    thinks: Thinks,
    /// Where accesses are written down, if anybody wants to know.
    trace: Option<Arc<Log<Access>>>,
    platform: PhantomData<fn() -> P>,
}

impl<P: Platform> Clone for Stage<P> {
    fn clone(&self) -> Self {
        Stage {
            cast: Arc::clone(&self.cast),
            thinks: Arc::clone(&self.thinks),
            trace: self.trace.clone(),
            platform: PhantomData,
        }
    }
}

impl<P: Platform> Stage<P> {
    /// A stage on which nobody writes anything down.
    pub fn new(cast: Arc<Cast>) -> Stage<P> {
        Stage { cast, thinks: Arc::new(|_| ()), trace: None, platform: PhantomData }
    }

    /// The same stage, with every access written down.
    pub fn traced(mut self, trace: Arc<Log<Access>>) -> Stage<P> {
        self.trace = Some(trace);
        self
    }

    /// The same stage, with something that happens while the assistant thinks.
    pub fn thinking(mut self, thinks: Thinks) -> Stage<P> {
        self.thinks = thinks;
        self
    }

    /// Asks the assistant.
    pub fn assistant(&self, request: &Request, history: &[Message]) -> Said {
        (self.thinks)(request);
        let text = assistant::answer(&self.cast, history);
        Said { turn: request.turn, context: history.to_vec().into(), text: text.into() }
    }

    /// Writes an access down. Called by the primitives, inside their critical section.
    pub fn note(&self, lane: LaneId, touch: AccessKind) {
        if let Some(trace) = &self.trace {
            trace.push(Access { lane, touch });
        }
    }
}
