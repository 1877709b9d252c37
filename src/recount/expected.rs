//! Everything of a result that can be counted again, as it must be if all orders were looked at.

use super::graph::StateGraph;
use super::least::{LeastFirst, least};
use super::numbers;
use crate::anomalies::reason::Reason;
use crate::anomalies::{Anomaly, Judgement, Judges};
use crate::explore::graph::Stopped;
use crate::explore::{Findings, Judge, tally};
use crate::model::LaneId;
use crate::model::context::{Context, Mask};
use crate::model::pairs::Pairs;
use crate::model::program::{Detail, Grain, Program};
use crate::model::schedule;
use crate::replay::machine::Machine;
use crate::report::numbers::{float, fraction};
use crate::story::found::lanes;
use crate::story::order::steps;
use crate::story::{Answered, replies};
use crate::words::Phrase;
use num_bigint::BigUint;
use num_rational::Ratio;
use num_traits::Zero;
use serde_json::{Value, json};
use std::hash::Hash;

/// A field of the document, and what it must be.
pub(super) type ExpectedField = (String, Value);

/// One program, recounted.
pub(super) struct Recount<'a> {
    program: &'a Program,
    judges: &'a Judges,
    sets: CountedBy<'a, Mask>,
    /// The same once more, where something is judged that sets cannot tell.
    pairs: Option<CountedBy<'a, Pairs>>,
}

impl<'a> Recount<'a> {
    /// Counts a program; what stopped it, if something did.
    pub(super) fn new(
        program: &'a Program,
        judges: &'a Judges,
        states_max: usize,
    ) -> Result<Recount<'a>, Stopped> {
        // Whatever the code is: that it could not tear a turn apart is counted here, not trusted.
        let by_pairs = |anomaly: &&Anomaly| matches!(anomaly.judge, Judgement::Pairs(_));
        let pairs = match judges.anomalies.iter().any(by_pairs) {
            false => None,
            true => {
                let walked = program.clone().with_detail(Detail::Nothing);
                Some(CountedBy::new(program, &walked, judges, states_max)?)
            }
        };
        let sets = CountedBy::new(program, program, judges, states_max)?;
        Ok(Recount { program, judges, sets, pairs })
    }

    /// All orders.
    pub(super) fn all(&self) -> BigUint {
        self.sets.orders.last().cloned().unwrap_or_default()
    }

    /// What is said of the program as a whole, as far as the report says it.
    pub(super) fn views(
        &self,
        reported: &Value,
        states_max: usize,
    ) -> Result<Vec<ExpectedField>, Stopped> {
        let given = |field: &str| !reported[field].is_null();
        let mut views = Vec::new();
        if given("traces") {
            let traces = numbers::traces(&self.sets.graph)?.map(|traces| traces.to_string());
            views.push(("/traces".into(), json!(traces)));
        }
        if given("outcomes") {
            let outcomes = super::outcomes(self.program, states_max)?;
            views.push(("/outcomes".into(), json!(outcomes)));
        }
        if given("heard") {
            views.push(("/heard".into(), self.heard()?));
        }
        let shown = reported["shown"].as_array().map_or(&[][..], Vec::as_slice);
        for (index, order) in shown.iter().enumerate() {
            let schedule = order["schedule"].as_str().unwrap_or_default();
            let number = self.number_of(schedule).map(|number| number.to_string());
            views.push((format!("/shown/{index}/number"), json!(number)));
            views.push((format!("/shown/{index}/shows"), json!(self.shows(schedule))));
            // Only where a single order is asked for.
            if !order["replies"].is_null() {
                views.push((format!("/shown/{index}/replies"), json!(self.replies(schedule))));
            }
        }
        Ok(views)
    }

    /// The number of an order among all, from 1, counted by the orders that come before it.
    fn number_of(&self, typed: &str) -> Option<BigUint> {
        let moves = schedule::moves(self.program, typed).ok()?;
        let mut number = BigUint::from(1_u32);
        let graph = &self.sets.graph;
        let mut node = graph.nodes.last()?;
        for lane in moves {
            let before = node.edges.iter().filter(|edge| edge.lane < lane);
            number += before.map(|edge| &self.sets.orders[edge.to]).sum::<BigUint>();
            let edge = node.edges.iter().find(|edge| edge.lane == lane)?;
            node = &graph.nodes[edge.to];
        }
        node.edges.is_empty().then_some(number)
    }

    /// What the plain machine finds wrong in an order, of what is judged.
    fn shows(&self, typed: &str) -> Vec<&'static str> {
        let Ok(moves) = schedule::moves(self.program, typed) else { return Vec::new() };
        let record = Machine::run(self.program, &moves);
        let Ok(record) = record else { return Vec::new() };
        let judged = self.judges.anomalies.iter();
        judged
            .filter(|anomaly| !(anomaly.find)(self.program, &record).is_empty())
            .map(|anomaly| anomaly.id)
            .collect()
    }

    /// How requests are answered in an order.
    fn replies(&self, typed: &str) -> Option<Vec<Answered>> {
        let moves = schedule::moves(self.program, typed).ok()?;
        let record = Machine::run(self.program, &moves).ok()?;
        Some(replies(self.program, &record))
    }

    fn heard(&self) -> Result<Value, Stopped> {
        let cast = &self.program.cast;
        let heard = numbers::heard(&self.sets.graph, &self.sets.orders)?.into_iter();
        let pairs = heard.map(|((turn, user), (orders, chance))| {
            let chance = exact(&chance);
            json!({
                "reply": format!("{}#{}", cast.lane_name_of(turn), cast.turns[turn].number),
                "from": cast.users[user],
                "interleavings": orders.to_string(),
                "probability": float(&chance),
                "probability_exact": fraction(&chance),
            })
        });
        Ok(pairs.collect())
    }

    /// What is said of an anomaly.
    pub(super) fn anomaly(
        &self,
        anomaly: &Anomaly,
        finding: Findings,
    ) -> Result<Vec<ExpectedField>, Stopped> {
        match (&self.pairs, &anomaly.judge) {
            (Some(pairs), Judgement::Pairs(_)) => pairs.anomaly(anomaly, finding),
            _ => self.sets.anomaly(anomaly, finding),
        }
    }
}

/// A program, counted with contexts of one kind.
struct CountedBy<'a, C> {
    program: &'a Program,
    graph: StateGraph<C>,
    orders: Vec<BigUint>,
    avoidable: Vec<Findings>,
    /// Requests one after the other: with every chain kept whole, and function by function.
    chains: StateGraph<C>,
    functions: StateGraph<C>,
}

impl<'a, C: Context + Hash> CountedBy<'a, C> {
    /// Counts a program; `walked` is the same with the sets that these contexts need.
    fn new(
        program: &'a Program,
        walked: &Program,
        judge: &dyn Judge<C>,
        states_max: usize,
    ) -> Result<CountedBy<'a, C>, Stopped> {
        let graph = StateGraph::new(walked, judge, states_max)?;
        let at = |grain| StateGraph::new(&walked.clone().with_grain(grain), judge, states_max);
        Ok(CountedBy {
            program,
            orders: numbers::orders(&graph)?,
            avoidable: numbers::avoidable(&graph)?,
            chains: at(Grain::Chain)?,
            functions: at(Grain::Turn)?,
            graph,
        })
    }

    fn anomaly(&self, anomaly: &Anomaly, finding: Findings) -> Result<Vec<ExpectedField>, Stopped> {
        let (orders, chance) = numbers::with(&self.graph, finding, &self.orders)?;
        let chance = exact(&chance);
        let found = !orders.is_zero();
        let verdict = match (found, self.orders.last() == Some(&orders)) {
            (false, _) => "never",
            (true, true) => "always",
            (true, false) => "sometimes",
        };
        let shows = |graph: &StateGraph<C>| {
            graph.nodes.iter().any(|node| {
                let shown = node.edges.iter().any(|edge| edge.wrong & finding != 0);
                shown || node.ends_with & finding != 0
            })
        };
        let kind = match found && anomaly.about_data {
            false => None,
            true if shows(&self.chains) => Some("sharing"),
            true if shows(&self.functions) => Some("chain"),
            true => Some("race"),
        };
        let fewest =
            least(&self.graph, finding, LeastFirst::Preemptions)?.map(|(price, _)| price[0]);
        let mut expected: Vec<ExpectedField> = vec![
            ("/verdict".into(), json!(verdict)),
            ("/interleavings".into(), json!(orders.to_string())),
            ("/probability".into(), json!(float(&chance))),
            ("/probability_exact".into(), json!(fraction(&chance))),
            ("/probability_at_most".into(), Value::Null),
            ("/sampled".into(), Value::Null),
            ("/kind".into(), json!(kind)),
            ("/preemptions".into(), json!(fewest)),
        ];
        match least(&self.graph, finding, LeastFirst::Lanes)? {
            None => {
                expected.push(("/witness".into(), Value::Null));
                expected.push(("/sentence".into(), Value::Null));
                expected.push(("/why".into(), json!([])));
                expected.push(("/reasons".into(), json!([])));
            }
            Some((price, moves)) => {
                let schedule = schedule::print(self.program, &moves);
                let record = Machine::run(self.program, &moves).ok();
                let told = told(self.program, anomaly, &moves);
                let steps = record.as_ref().map(|record| json!(steps(self.program, record)));
                expected.extend([
                    ("/witness/lanes".into(), json!(lanes(self.program, &moves))),
                    ("/witness/steps".into(), json!(steps)),
                    ("/witness/schedule".into(), json!(schedule)),
                    ("/witness/preemptions".into(), json!(price[1])),
                    ("/witness/switches".into(), json!(price[2])),
                    ("/witness/lost_from".into(), json!(self.lost_from(&moves, finding))),
                    ("/sentence".into(), json!(told.as_ref().map(|told| &told.sentence))),
                    ("/why".into(), json!(told.as_ref().map(|told| &told.why))),
                    ("/reasons".into(), json!(told.map(|told| told.reasons))),
                ]);
            }
        }
        Ok(expected)
    }

    /// The least number of moves after which every order shows the finding.
    fn lost_from(&self, moves: &[LaneId], finding: Findings) -> usize {
        let mut id = self.graph.nodes.len() - 1;
        for (steps, &lane) in moves.iter().enumerate() {
            let edge = self.graph.nodes[id].edges.iter().find(|edge| edge.lane == lane);
            match edge {
                Some(edge) if self.avoidable[id] & finding != 0 => id = edge.to,
                _ => return steps,
            }
        }
        moves.len()
    }
}

/// What the plain machine finds at the end of an order.
pub(super) struct Told {
    /// What it is.
    pub(super) sentence: Phrase,
    /// How it came about.
    pub(super) why: Vec<Phrase>,
    /// The same, as facts.
    pub(super) reasons: Vec<Reason>,
}

/// What the plain machine finds at the end of an order, in words.
pub(super) fn told(program: &Program, anomaly: &Anomaly, moves: &[LaneId]) -> Option<Told> {
    let record = Machine::run(program, moves).ok()?;
    let last = moves.len().saturating_sub(1);
    let finding = (anomaly.find)(program, &record).into_iter().find(|it| it.step == last)?;
    let reasons = (anomaly.why)(program, &record, &finding);
    Some(Told {
        sentence: (anomaly.say)(program, &record, &finding).phrase(),
        why: reasons.iter().map(Reason::phrase).collect(),
        reasons,
    })
}

fn exact(chance: &Ratio<BigUint>) -> tally::Ratio {
    tally::Ratio::new(chance.numer().clone(), chance.denom().clone())
}
