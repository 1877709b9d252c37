//! One scenario, one strategy: what can go wrong, how often, and what its author expected.

use crate::anomalies::{Anomaly, Finding, Judges};
use crate::exit::Exit;
use crate::explore::rank::Ranked;
use crate::explore::tally::{Ratio, tally};
use crate::explore::walk::{Graph, Limits, Stopped, walk};
use crate::explore::witness::{Cost, Least, witness};
use crate::explore::{Findings, NoJudge};
use crate::model::LaneId;
use crate::model::code::Code;
use crate::model::context::{Mask, Messages};
use crate::model::program::{Detail, Grain, Program, Setting};
use crate::problem::Problem;
use crate::replay::machine::Machine;
use crate::replay::record::Record;
use crate::scenario::{Expectation, Frequency, Scenario};
use num_bigint::BigUint;
use num_traits::Zero;

/// The most states that are walked to count outcomes, which is extra.
pub const OUTCOME_STATES_MAX: usize = 300_000;
/// The most states that are walked to see that another strategy goes wrong.
const CONTRAST_STATES_MAX: usize = 50_000;
/// The most states for which examples are drawn.
pub const EXAMPLE_STATES_MAX: usize = 2_000_000;

/// What is asked.
#[derive(Clone)]
pub struct Question<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The strategy's code.
    pub code: &'a Code,
    /// How it is run.
    pub setting: Setting,
    /// What is judged.
    pub anomalies: &'a [&'static Anomaly],
    /// How far to go.
    pub limits: Limits,
    /// How many example orders to draw.
    pub examples: usize,
}

/// What was found.
pub struct Verdict {
    /// The program that was explored.
    pub program: Program,
    /// The limit that was hit. Then every number is a lower bound.
    pub stopped: Option<Stopped>,
    /// States that were kept.
    pub states: usize,
    /// Steps of the longest order that was followed.
    pub steps: usize,
    /// All orders.
    pub orders: BigUint,
    /// Different sets of replies; `None` if there were too many states to count them.
    pub outcomes: Option<usize>,
    /// One entry for each judged anomaly, in the order of the registry.
    pub anomalies: Vec<Judged>,
    /// Example orders, spread evenly over all of them; `None` if there were too many states.
    pub examples: Option<Vec<Example>>,
}

/// What was found about one anomaly.
pub struct Judged {
    /// The anomaly.
    pub anomaly: &'static Anomaly,
    /// How often it shows; `None` if nothing was seen and not everything was looked at.
    pub frequency: Option<Frequency>,
    /// The orders that show it.
    pub orders: BigUint,
    /// How likely such an order is when each next lane is drawn uniformly.
    pub chance: Ratio,
    /// The fewest preemptions that it needs, where that is certain.
    pub preemptions: Option<u64>,
    /// Whether it also shows when whole turns run one after the other.
    pub serial: bool,
    /// The simplest order that shows it.
    pub witness: Option<WitnessRun>,
}

/// Why something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It happens when whole turns run one after another: no lock can repair it.
    Sharing,
    /// It needs requests that overlap: a switch inside a turn.
    Race,
}

/// A witness, replayed.
pub struct WitnessRun {
    /// Its moves, up to the one that shows the finding.
    pub moves: Vec<LaneId>,
    /// What it costs.
    pub cost: Cost,
    /// What happens in it.
    pub record: Record,
    /// What is wrong in it.
    pub finding: Finding,
}

/// One order among all.
pub struct Example {
    /// Its place among all orders, from 1.
    pub number: BigUint,
    /// Its moves.
    pub moves: Vec<LaneId>,
    /// What happens in it.
    pub record: Record,
}

/// Something that is not as the scenario's author expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surprise {
    /// The anomaly.
    pub anomaly: &'static str,
    /// How often it was expected.
    pub expected: Frequency,
    /// How often it was found.
    pub found: Frequency,
}

impl Judged {
    /// Why it goes wrong, for what is about data.
    pub fn kind(&self) -> Option<Kind> {
        match (self.anomaly.about_data, self.serial, self.preemptions) {
            (false, ..) => None,
            (true, true, _) => Some(Kind::Sharing),
            (true, false, Some(_)) => Some(Kind::Race),
            (true, false, None) => None,
        }
    }
}

impl Verdict {
    /// What was found in some order.
    pub fn found(&self) -> impl Iterator<Item = &Judged> {
        self.anomalies.iter().filter(|judged| judged.witness.is_some())
    }

    /// What is not as expected. Numbers that a limit cut short surprise nobody.
    ///
    /// At the scenario's own setting every word of the expectation must hold. At another grain or
    /// limit it only says what may happen: an anomaly that it names is no surprise.
    pub fn surprises(&self, expected: Option<&Expectation>, own_setting: bool) -> Vec<Surprise> {
        let surprises = self.anomalies.iter().filter_map(|judged| {
            let anomaly = judged.anomaly.id;
            let expected = expected.map_or(Frequency::Never, |expected| expected.of(anomaly));
            let found = judged.frequency?;
            let as_expected = match own_setting {
                true => found == expected,
                false => found == Frequency::Never || expected != Frequency::Never,
            };
            (!as_expected).then_some(Surprise { anomaly, expected, found })
        });
        match self.stopped {
            Some(_) => Vec::new(),
            None => surprises.collect(),
        }
    }

    /// How a command that shows this ends.
    pub fn exit(&self, surprises: &[Surprise]) -> Exit {
        match (self.stopped, surprises) {
            (Some(_), _) => Exit::Inconclusive,
            (None, []) => Exit::AsExpected,
            (None, _) => Exit::Unexpected,
        }
    }
}

/// Explores every order. `watch` is told the number of states after each layer.
pub fn judge(question: &Question, watch: &(dyn Fn(usize) + Sync)) -> Result<Verdict, Problem> {
    let judges = Judges { anomalies: question.anomalies.to_vec() };
    let program = build(question)?.with_detail(judges.detail());
    let watched = |graph: &Graph| {
        watch(graph.states());
        true
    };
    let graph = walk::<Mask>(&program, &judges, question.limits, &watched).graph;
    let seen = graph.findings();
    let bits: Vec<Findings> =
        (0..judges.anomalies.len()).map(|bit| 1 << bit).filter(|bit| bit & seen != 0).collect();
    let tally = tally(&graph, &bits);
    let serial = serial(&program, &judges, question.limits);
    let mut counted = bits.iter().zip(&tally.with);
    let mut anomalies = Vec::new();
    for (bit, anomaly) in judges.anomalies.iter().enumerate() {
        anomalies.push(match seen & 1 << bit {
            0 => unseen(anomaly, graph.stopped),
            _ => {
                let (orders, chance) = match counted.next() {
                    Some((_, with)) => (with.orders.clone(), with.chance.clone()),
                    None => (BigUint::ZERO, none()),
                };
                let always = orders == tally.orders && graph.stopped.is_none();
                let frequency = if always { Frequency::Always } else { Frequency::Sometimes };
                let fewest = witness(&graph, 1 << bit, Least::Preemptions);
                Judged {
                    anomaly,
                    frequency: Some(frequency),
                    orders,
                    chance,
                    // What was not looked at may need fewer; it cannot need fewer than none.
                    preemptions: fewest
                        .map(|fewest| fewest.cost.preemptions)
                        .filter(|&fewest| fewest == 0 || graph.stopped.is_none()),
                    serial: serial & 1 << bit != 0,
                    witness: Some(replayed(&program, anomaly, &graph, 1 << bit)?),
                }
            }
        });
    }
    Ok(Verdict {
        stopped: graph.stopped,
        states: graph.states(),
        steps: graph.layers.len() - 1,
        orders: tally.orders,
        outcomes: match graph.stopped {
            None => outcomes(&program, question.limits),
            Some(_) => None,
        },
        anomalies,
        examples: examples(&program, &graph, question.examples)?,
        program,
    })
}

/// The program that a question is about.
pub fn build(question: &Question) -> Result<Program, Problem> {
    let cast = question.scenario.cast.clone();
    Program::new(cast, question.code.clone(), question.setting).map_err(|what| {
        Problem::new(what).help("use fewer lanes, fewer different questions, or fewer keys")
    })
}

/// The first judged anomaly that another strategy shows, to prove that the check can fail.
pub fn contrast(question: &Question) -> Option<&'static Anomaly> {
    let judges = Judges { anomalies: question.anomalies.to_vec() };
    let program = build(question).ok()?.with_detail(judges.detail());
    let states_max = question.limits.states_max.min(CONTRAST_STATES_MAX);
    let nothing_yet = |graph: &Graph| graph.layers.last().is_none_or(|layer| layer.findings() == 0);
    let graph = walk::<Mask>(&program, &judges, Limits { states_max }, &nothing_yet).graph;
    let seen = graph.findings();
    let anomalies = judges.anomalies.iter().enumerate();
    anomalies.into_iter().find(|(bit, _)| seen & 1 << bit != 0).map(|(_, anomaly)| *anomaly)
}

fn none() -> Ratio {
    Ratio { numerator: BigUint::ZERO, denominator: BigUint::from(1_u32) }
}

fn unseen(anomaly: &'static Anomaly, stopped: Option<Stopped>) -> Judged {
    Judged {
        anomaly,
        frequency: stopped.is_none().then_some(Frequency::Never),
        orders: BigUint::zero(),
        chance: none(),
        preemptions: None,
        serial: false,
        witness: None,
    }
}

/// What goes wrong when whole turns run one after the other.
///
/// For clients alone this is what needs no preemption. With a daemon it is less: a lane that waits
/// for its answer is not preempted by a switch to another client, but their turns do overlap.
fn serial(program: &Program, judges: &Judges, limits: Limits) -> Findings {
    let turns = program.clone().with_grain(Grain::Turn);
    walk::<Mask>(&turns, judges, limits, &|_| true).graph.findings()
}

/// The simplest order that shows a finding, run through the plain machine, which must find it too.
fn replayed(
    program: &Program,
    anomaly: &'static Anomaly,
    graph: &Graph,
    bit: Findings,
) -> Result<WitnessRun, Problem> {
    let simplest = witness(graph, bit, Least::Lanes);
    let shown = simplest.and_then(|simplest| {
        let record = Machine::run(program, &simplest.moves).ok()?;
        // Nobody can move at all if the very first state is stuck.
        let last = simplest.moves.len().saturating_sub(1);
        let finding = (anomaly.find)(program, &record).into_iter().find(|it| it.step == last)?;
        Some(WitnessRun { moves: simplest.moves, cost: simplest.cost, record, finding })
    });
    shown.ok_or_else(|| {
        bug(format!("the engine found {} in an order that does not show it", anomaly.id))
    })
}

fn bug(what: String) -> Problem {
    Problem::new(format!("a bug in interleak: {what}"))
        .help("please report it, with the scenario and the strategy")
}

/// Counts the different sets of replies.
///
/// Local lines touch nothing that other lanes see, so any order at grain `line` can be changed,
/// without changing a reply, into one in which each local line directly follows the access before
/// it: an order at grain `access`. Both grains have the same outcomes, and the coarser one has
/// far fewer states. With a limit a turn's first local line takes a slot, which others do see, so
/// then the grain stays.
fn outcomes(program: &Program, limits: Limits) -> Option<usize> {
    let grain = match (program.setting.grain, program.setting.limit) {
        (Grain::Line, None) => Grain::Access,
        (grain, _) => grain,
    };
    let program = program.clone().with_grain(grain).with_detail(Detail::Nothing);
    let states_max = limits.states_max.min(OUTCOME_STATES_MAX);
    let walk = walk::<Messages>(&program, &NoJudge, Limits { states_max }, &|_| true);
    walk.graph.stopped.is_none().then_some(walk.outcomes.len())
}

fn examples(
    program: &Program,
    graph: &Graph,
    wanted: usize,
) -> Result<Option<Vec<Example>>, Problem> {
    if wanted == 0 {
        return Ok(Some(Vec::new()));
    }
    if graph.stopped.is_some() || graph.states() > EXAMPLE_STATES_MAX {
        return Ok(None);
    }
    let orders = Ranked::new(graph).spread(wanted);
    let examples = orders.into_iter().map(|(rank, moves)| {
        let record = Machine::run(program, &moves)
            .map_err(|_| bug("an order of the engine cannot be replayed".into()))?;
        Ok(Example { number: rank + 1_u32, moves, record })
    });
    examples.collect::<Result<_, _>>().map(Some)
}
