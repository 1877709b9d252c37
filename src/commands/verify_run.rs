//! `interleak verify-run`: counts every number of a saved report once more, by another way.

use super::bounds::parse_states;
use super::{Failure, asked, load};
use crate::anomalies::{self, Anomaly, Judgement, Judges};
use crate::exit::Exit;
use crate::explore::estimate::Estimate;
use crate::explore::{Findings, Judge, tally};
use crate::input;
use crate::model::context::{Context, Mask};
use crate::model::pairs::Pairs;
use crate::model::program::{Detail, Grain, Program, Setting};
use crate::model::schedule;
use crate::model::server::{Routing, Slots};
use crate::problem::Problem;
use crate::recount::graph::Graph;
use crate::recount::least::{First, least};
use crate::recount::{self, numbers};
use crate::replay::machine::Machine;
use crate::report::json;
use crate::report::numbers::{float, fraction};
use crate::report::verify_run::{Checked, Difference, render};
use num_bigint::BigUint;
use num_rational::Ratio;
use num_traits::Zero;
use serde_json::{Value, json};
use std::hash::Hash;
use std::io::Write;
use std::path::Path;

/// Count every number of a saved report once more, by another way
#[derive(clap::Args, Debug)]
pub struct Options {
    /// What `interleak run … --format json` wrote
    report: String,
    /// Give a result up after so many states, and say so
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = parse_states, allow_negative_numbers = true)]
    max_states: usize,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Exit, Failure> {
    let text = input::read_report(Path::new(&options.report))?;
    let document: Value = serde_json::from_str(&text).map_err(|error| {
        // serde_json says line and column itself.
        help(Problem::new(format!("{} is not JSON: {error}", options.report)))
    })?;
    let results = document["results"].as_array().filter(|_| document["format"] == 1);
    let Some(results) = results else {
        let what = format!("{} is not a report of interleak, format 1", options.report);
        return Err(help(Problem::new(what)).into());
    };
    if results.is_empty() {
        let what = format!("{} has no results, so there is nothing to count", options.report);
        return Err(help(Problem::new(what)).into());
    }
    let checked = results
        .iter()
        .enumerate()
        .map(|(index, result)| Reported { file: &options.report, index, result }.check(options))
        .collect::<Result<Vec<Checked>, Problem>>()?;
    out.write_all(render(&checked).as_bytes())?;
    let exits =
        checked.iter().map(|checked| match (&checked.open, checked.differences.is_empty()) {
            (_, false) => Exit::Unexpected,
            (Some(_), true) => Exit::Inconclusive,
            (None, true) => Exit::AsExpected,
        });
    Ok(exits.fold(Exit::AsExpected, Exit::and))
}

fn help(problem: Problem) -> Problem {
    problem.help("save one with `interleak run voice-assistant --format json > report.json`")
}

/// One result of a report.
struct Reported<'a> {
    file: &'a str,
    index: usize,
    result: &'a Value,
}

impl Reported<'_> {
    fn bad(&self, field: &str, meant: &str) -> Problem {
        let found = match &self.result[field] {
            Value::Null => "nothing".to_owned(),
            found => found.to_string(),
        };
        let place = format!("{}, result {}", self.file, self.index + 1);
        help(Problem::new(format!("{place}: \"{field}\" is {found}, not {meant}")))
    }

    fn text(&self, field: &str, meant: &str) -> Result<&str, Problem> {
        self.result[field].as_str().ok_or_else(|| self.bad(field, meant))
    }

    /// The scenario or strategy, by its name or by its path from the folder of the report.
    fn named(&self, field: &str) -> Result<String, Problem> {
        let name = self.text(field, "a name or a path")?;
        let beside = Path::new(self.file).parent().map(|folder| folder.join(name));
        let is_path = name.ends_with(".json") || name.ends_with(".py");
        match beside.filter(|path| is_path && path.is_file()) {
            Some(path) => Ok(path.to_string_lossy().into_owned()),
            None if is_path && !Path::new(name).is_file() => Err(Problem::new(format!(
                "{} names {name}, which is not there",
                self.file
            ))
            .help(
                "it is looked for from the folder of the report, then from the one that you are in",
            )),
            None => Ok(name.to_owned()),
        }
    }

    /// What a report can have and this one does not.
    fn left_out(&self) -> Vec<String> {
        let views = ["traces", "outcomes", "heard"];
        let views = views.into_iter().filter(|view| self.result[*view].is_null());
        let judged = anomalies::names().into_iter();
        let judged = judged.filter(|name| self.result["anomalies"].get(name).is_none());
        views.chain(judged).map(str::to_owned).collect()
    }

    fn setting(&self) -> Result<Setting, Problem> {
        let name = self.text("grain", "a grain")?;
        let grain = Grain::ALL.into_iter().find(|grain| grain.name() == name);
        let grain = grain.ok_or_else(|| self.bad("grain", "access, line, await or turn"))?;
        // Reports of older versions do not have these.
        let word = |field: &str| match &self.result[field] {
            Value::Null => Ok(None),
            _ => self.text(field, "a word").map(Some),
        };
        let slots = word("slots")?.map_or(Some(Slots::default()), |name| {
            Slots::ALL.into_iter().find(|it| it.name() == name)
        });
        let routing = word("routing")?.map_or(Some(Routing::default()), |name| {
            Routing::ALL.into_iter().find(|it| it.name() == name)
        });
        Ok(Setting {
            grain,
            limit: self.amount("limit")?,
            slots: slots.ok_or_else(|| self.bad("slots", "shared or per-function"))?,
            workers: self.amount("workers")?,
            replicas: self.amount("replicas")?,
            routing: routing.ok_or_else(|| self.bad("routing", "sticky or round-robin"))?,
        })
    }

    /// A number from 1, or null.
    fn amount(&self, field: &str) -> Result<Option<usize>, Problem> {
        let amount = match &self.result[field] {
            Value::Null => return Ok(None),
            amount => amount.as_u64().and_then(|amount| usize::try_from(amount).ok()),
        };
        let amount = amount.filter(|&amount| amount > 0);
        amount.map(Some).ok_or_else(|| self.bad(field, "a number from 1, or null"))
    }

    fn check(&self, options: &Options) -> Result<Checked, Problem> {
        let scenario = load::scenario(&self.named("scenario")?)?;
        let strategy = load::strategy(&self.named("strategy")?)?;
        let judged = self.result["anomalies"].as_object();
        let judged = judged.ok_or_else(|| self.bad("anomalies", "what was judged"))?;
        let names: Vec<String> = judged.keys().cloned().collect();
        let anomalies = asked::judged(&names)?;
        let judges = Judges { anomalies: anomalies.clone() };
        let code = strategy.listing.code.clone();
        let program = Program::new(scenario.scenario.cast.clone(), code, self.setting()?)
            .map_err(Problem::new)?
            .with_detail(judges.detail());
        let mut checked = Checked::new(format!("{} × {}", scenario.name, strategy.name));
        let complete = self.result["complete"].as_bool();
        if !complete.ok_or_else(|| self.bad("complete", "true or false"))? {
            checked.open = Some("the report is not complete, so its numbers are bounds".into());
            return Ok(checked);
        }
        checked.left_out = self.left_out();
        let recount = Recount::new(&program, &judges, options.max_states);
        let Some(recount) = recount else {
            checked.open = Some(format!(
                "it needs more than {} states (--max-states)",
                crate::report::numbers::count(options.max_states)
            ));
            return Ok(checked);
        };
        for (pointer, expected) in recount.sizes(self.result, options.max_states)? {
            self.compare(&mut checked, &pointer, &expected);
        }
        for (bit, anomaly) in anomalies.iter().enumerate() {
            for (pointer, expected) in recount.anomaly(anomaly, 1 << bit) {
                self.compare(
                    &mut checked,
                    &format!("/anomalies/{}{pointer}", anomaly.id),
                    &expected,
                );
            }
        }
        Ok(checked)
    }

    fn compare(&self, checked: &mut Checked, pointer: &str, expected: &Value) {
        let reported = self.result.pointer(pointer).unwrap_or(&Value::Null);
        checked.numbers += 1;
        let field = pointer.trim_start_matches('/').replace('/', ".");
        differences(field, reported, expected, &mut checked.differences);
    }
}

/// A field of the document, and what it must be.
type Expected = (String, Value);

/// One program, recounted.
struct Recount<'a> {
    program: &'a Program,
    judges: &'a Judges,
    sets: Counted<'a, Mask>,
    /// The same once more, where something is judged that sets cannot tell.
    pairs: Option<Counted<'a, Pairs>>,
}

impl<'a> Recount<'a> {
    fn new(program: &'a Program, judges: &'a Judges, states_max: usize) -> Option<Recount<'a>> {
        // Whatever the code is: that it could not tear a turn apart is counted here, not trusted.
        let by_pairs = |anomaly: &&Anomaly| matches!(anomaly.judge, Judgement::Pairs(_));
        let pairs = match judges.anomalies.iter().any(by_pairs) {
            false => None,
            true => {
                let walked = program.clone().with_detail(Detail::Nothing);
                Some(Counted::new(program, &walked, judges, states_max)?)
            }
        };
        let sets = Counted::new(program, program, judges, states_max)?;
        Some(Recount { program, judges, sets, pairs })
    }

    fn all(&self) -> BigUint {
        self.sets.orders.last().cloned().unwrap_or_default()
    }

    /// What is said of the program as a whole; what the report leaves out is left out here too.
    fn sizes(&self, reported: &Value, states_max: usize) -> Result<Vec<Expected>, Problem> {
        let given = |field: &str| !reported[field].is_null();
        let multinomial = Estimate::new(self.program).orders.to_string();
        let mut sizes = vec![
            // What only an incomplete report has.
            ("/stopped".into(), Value::Null),
            ("/sampled".into(), Value::Null),
            ("/interleavings".into(), json!(self.all().to_string())),
            ("/multinomial".into(), json!(multinomial)),
        ];
        if given("traces") {
            let traces = numbers::traces(&self.sets.graph).map(|traces| traces.to_string());
            sizes.push(("/traces".into(), json!(traces)));
        }
        if given("outcomes") {
            sizes.push(("/outcomes".into(), json!(recount::outcomes(self.program, states_max))));
        }
        if given("heard") {
            sizes.push(("/heard".into(), self.heard()));
        }
        let shown = reported["shown"].as_array().map_or(&[][..], Vec::as_slice);
        for (index, order) in shown.iter().enumerate() {
            let schedule = order["schedule"].as_str().unwrap_or_default();
            let number = self.number_of(schedule).map(|number| number.to_string());
            sizes.push((format!("/shown/{index}/number"), json!(number)));
            sizes.push((format!("/shown/{index}/shows"), json!(self.shows(schedule))));
        }
        Ok(sizes)
    }

    /// The number of an order among all, from 1, counted by the orders that come before it.
    fn number_of(&self, typed: &str) -> Option<BigUint> {
        let runs = schedule::parse(self.program, typed).ok()?;
        let moves = runs.iter().flat_map(|run| std::iter::repeat_n(run.lane, run.times as usize));
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
        let Ok(runs) = schedule::parse(self.program, typed) else { return Vec::new() };
        let moves = runs.iter().flat_map(|run| std::iter::repeat_n(run.lane, run.times as usize));
        let record = Machine::run(self.program, &moves.collect::<Vec<_>>());
        let Ok(record) = record else { return Vec::new() };
        let judged = self.judges.anomalies.iter();
        judged
            .filter(|anomaly| !(anomaly.find)(self.program, &record).is_empty())
            .map(|anomaly| anomaly.id)
            .collect()
    }

    fn heard(&self) -> Value {
        let cast = &self.program.cast;
        let heard = numbers::heard(&self.sets.graph, &self.sets.orders).into_iter();
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
        pairs.collect()
    }

    fn anomaly(&self, anomaly: &Anomaly, finding: Findings) -> Vec<Expected> {
        match (&self.pairs, &anomaly.judge) {
            (Some(pairs), Judgement::Pairs(_)) => pairs.anomaly(anomaly, finding),
            _ => self.sets.anomaly(anomaly, finding),
        }
    }
}

/// A program, counted with contexts of one kind.
struct Counted<'a, C> {
    program: &'a Program,
    graph: Graph<C>,
    orders: Vec<BigUint>,
    avoidable: Vec<Findings>,
    serial: Graph<C>,
}

impl<'a, C: Context + Hash> Counted<'a, C> {
    /// Counts a program; `walked` is the same with the sets that these contexts need.
    fn new(
        program: &'a Program,
        walked: &Program,
        judge: &dyn Judge<C>,
        states_max: usize,
    ) -> Option<Counted<'a, C>> {
        let graph = Graph::new(walked, judge, states_max)?;
        let turns = walked.clone().with_grain(Grain::Turn);
        Some(Counted {
            program,
            orders: numbers::orders(&graph),
            avoidable: numbers::avoidable(&graph),
            serial: Graph::new(&turns, judge, states_max)?,
            graph,
        })
    }

    fn anomaly(&self, anomaly: &Anomaly, finding: Findings) -> Vec<Expected> {
        let (orders, chance) = numbers::with(&self.graph, finding, &self.orders);
        let chance = exact(&chance);
        let found = !orders.is_zero();
        let verdict = match (found, self.orders.last() == Some(&orders)) {
            (false, _) => "never",
            (true, true) => "always",
            (true, false) => "sometimes",
        };
        let serial = self.serial.nodes.iter().any(|node| {
            node.ends_with & finding != 0 || node.edges.iter().any(|edge| edge.wrong & finding != 0)
        });
        let kind = match (found && anomaly.about_data, serial) {
            (false, _) => None,
            (true, true) => Some("sharing"),
            (true, false) => Some("race"),
        };
        let fewest = least(&self.graph, finding, First::Preemptions).map(|(price, _)| price[0]);
        let mut expected: Vec<Expected> = vec![
            ("/verdict".into(), json!(verdict)),
            ("/interleavings".into(), json!(orders.to_string())),
            ("/probability".into(), json!(float(&chance))),
            ("/probability_exact".into(), json!(fraction(&chance))),
            ("/probability_at_most".into(), Value::Null),
            ("/sampled".into(), Value::Null),
            ("/kind".into(), json!(kind)),
            ("/preemptions".into(), json!(fewest)),
        ];
        match least(&self.graph, finding, First::Lanes) {
            None => {
                expected.push(("/witness".into(), Value::Null));
                expected.push(("/sentence".into(), Value::Null));
            }
            Some((price, moves)) => {
                let schedule = schedule::print(self.program, &moves);
                let record = Machine::run(self.program, &moves).ok();
                let steps = record.as_ref().map(|record| json::steps(self.program, record));
                expected.extend([
                    ("/witness/lanes".into(), json!(json::lanes(self.program, &moves))),
                    ("/witness/steps".into(), json!(steps)),
                    ("/witness/schedule".into(), json!(schedule)),
                    ("/witness/preemptions".into(), json!(price[1])),
                    ("/witness/switches".into(), json!(price[2])),
                    ("/witness/lost_from".into(), json!(self.lost_from(&moves, finding))),
                    ("/sentence".into(), json!(self.sentence(anomaly, &moves))),
                ]);
            }
        }
        expected
    }

    /// The least number of moves after which every order shows the finding.
    fn lost_from(&self, moves: &[usize], finding: Findings) -> usize {
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

    /// What the plain machine finds in an order.
    fn sentence(&self, anomaly: &Anomaly, moves: &[usize]) -> Option<String> {
        let record = Machine::run(self.program, moves).ok()?;
        let last = moves.len().saturating_sub(1);
        let finding =
            (anomaly.find)(self.program, &record).into_iter().find(|it| it.step == last)?;
        Some((anomaly.say)(self.program, &record, &finding))
    }
}

/// What differs between two values, as deep inside as they have the same form.
fn differences(field: String, reported: &Value, recounted: &Value, all: &mut Vec<Difference>) {
    match (reported, recounted) {
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                differences(format!("{field}.{index}"), one, other, all);
            }
        }
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            for ((key, one), other) in one.iter().zip(other.values()) {
                differences(format!("{field}.{key}"), one, other, all);
            }
        }
        // Programs that rewrite a report may write 0.0 as 0.
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        _ if reported == recounted => {}
        _ => all.push(Difference {
            field,
            reported: reported.to_string(),
            recounted: recounted.to_string(),
        }),
    }
}

fn exact(chance: &Ratio<BigUint>) -> tally::Ratio {
    tally::Ratio::new(chance.numer().clone(), chance.denom().clone())
}
