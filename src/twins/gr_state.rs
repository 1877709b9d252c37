//! `gr-state`, as real Rust: a framework that hands the handler its
//! session's state, and keeps what comes back.
//!
//! The handler is a plain function of a value. What goes wrong in a double
//! click is around it: two calls were handed the same value.

use super::Twin;
use super::places::Cells;
use super::stage::{Request, Stage};
use crate::platform::Platform;
use crate::replay::record::{Message, Said};

/// What the framework keeps for a session.
type State = Vec<Message>;

/// The framework, with one state for each session.
pub struct GrState<P: Platform> {
    stage: Stage<P>,
    states: Cells<P>,
}

impl<P: Platform> GrState<P> {
    /// An app that knows no session yet.
    pub fn open(stage: Stage<P>) -> Self {
        let states = Cells::new(&stage, "STATE");
        GrState { stage, states }
    }

    /// What the app's author writes: a state goes in, a new one comes out.
    fn handle(&self, request: &Request, mut state: State) -> (Said, State) {
        state.push(request.question());
        let answer = self.stage.assistant(request, &state);
        state.push(answer.message());
        (answer, state)
    }
}

impl<P: Platform> Twin<P> for GrState<P> {
    fn respond(&self, request: &Request) -> Said {
        let state = self.states.of(request.session);
        let (answer, after) = self.handle(request, state.load(request));
        state.store(request, after);
        answer
    }
}
