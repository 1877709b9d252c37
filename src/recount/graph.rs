//! The states and moves of a program, found depth first.

use crate::explore::graph::Stopped;
use crate::explore::space::Users;
use crate::explore::{Findings, Judge};
use crate::model::LaneId;
use crate::model::context::Context;
use crate::model::program::Program;
use crate::model::state::State;
use crate::model::step::step;
use crate::model::touch::Touch;
use crate::platform::is_interrupted;
use std::collections::HashMap;
use std::hash::Hash;

/// Position of a node in [`StateGraph::nodes`].
pub type NodeId = usize;

/// The states that can be reached; a state comes after all that follow it.
pub struct StateGraph<C> {
    /// The states. The last one is the first of every run.
    pub nodes: Vec<StateNode<C>>,
}

/// One state, without what only its moves need.
pub struct StateNode<C> {
    /// The moves out of it, by lane.
    pub edges: Vec<StateEdge>,
    /// What is wrong with a run that ends here.
    pub ends_with: Findings,
    /// What each turn's reply was computed from, if contexts keep that.
    pub replies: Vec<Option<C>>,
}

/// One move.
pub struct StateEdge {
    /// Where it leads.
    pub to: NodeId,
    /// The lane.
    pub lane: LaneId,
    /// What is wrong with the reply that it shows.
    pub wrong: Findings,
    /// The turn of that reply, and the other users whose questions it is based on.
    pub heard: Option<(usize, Users)>,
    /// What it touches.
    pub touched: Vec<Touch>,
    /// Whether the lane is inside a turn afterwards.
    pub inside: bool,
    /// Whether it is a client's first move.
    pub first: bool,
}

/// A state whose moves are being followed.
struct OpenNode<C> {
    state: State<C>,
    node: StateNode<C>,
    /// Moves that were not followed yet, the last one next.
    left: Vec<(State<C>, StateEdge)>,
    /// The move that is being followed.
    now: Option<StateEdge>,
}

impl<C: Context + Hash> StateGraph<C> {
    /// Finds every state, unless there are more than so many or somebody does not want to wait.
    pub fn new(
        program: &Program,
        judge: &dyn Judge<C>,
        states_max: usize,
    ) -> Result<StateGraph<C>, Stopped> {
        let mut known: HashMap<State<C>, NodeId> = HashMap::new();
        let mut nodes = Vec::new();
        let mut open = vec![opened(program, judge, State::first(program))];
        while let Some(top) = open.last_mut() {
            go_on()?;
            let Some((state, edge)) = top.left.pop() else {
                let Some(done) = open.pop() else { break };
                let id = nodes.len();
                if id >= states_max {
                    return Err(Stopped::States { states_max });
                }
                nodes.push(done.node);
                known.insert(done.state, id);
                if let Some(parent) = open.last_mut() {
                    parent.close(id);
                }
                continue;
            };
            top.now = Some(edge);
            match known.get(&state) {
                Some(&id) => top.close(id),
                None => open.push(opened(program, judge, state)),
            }
        }
        nodes.iter_mut().for_each(|node| node.edges.reverse());
        Ok(StateGraph { nodes })
    }
}

impl<C> StateGraph<C> {
    /// The states with their numbers, each after all that follow it, until somebody does not want
    /// to wait any longer.
    pub fn each(
        &self,
    ) -> impl DoubleEndedIterator<Item = Result<(NodeId, &StateNode<C>), Stopped>> + '_ {
        self.nodes.iter().enumerate().map(|one| go_on().map(|()| one))
    }
}

fn go_on() -> Result<(), Stopped> {
    match is_interrupted() {
        true => Err(Stopped::Interrupted),
        false => Ok(()),
    }
}

impl<C> OpenNode<C> {
    fn close(&mut self, to: NodeId) {
        self.node.edges.extend(self.now.take().map(|edge| StateEdge { to, ..edge }));
    }
}

fn opened<C: Context>(program: &Program, judge: &dyn Judge<C>, state: State<C>) -> OpenNode<C> {
    let complete = state.is_complete(program);
    let lanes = 0..if complete { 0 } else { program.lanes.len() };
    let left: Vec<(State<C>, StateEdge)> = lanes
        .filter_map(|lane| {
            let moved = step(program, &state, lane).ok()?;
            let before = &state.lanes[lane];
            let reply = moved.reply.as_ref();
            let edge = StateEdge {
                to: 0,
                lane,
                wrong: reply.map_or(0, |reply| judge.reply(program, reply)),
                heard: reply.map(|reply| (reply.turn, judge.heard(program, reply))),
                touched: moved.touched,
                inside: moved.state.is_inside(program, lane),
                first: !program.is_daemon(lane) && before.turn.is_none() && before.turns_done == 0,
            };
            Some((moved.state, edge))
        })
        .collect();
    let over = left.is_empty();
    let ends_with = if over { judge.end(program, &state, !complete) } else { 0 };
    let replies = if over { state.replies.clone() } else { Vec::new() };
    OpenNode { node: StateNode { edges: Vec::new(), ends_with, replies }, state, left, now: None }
}
