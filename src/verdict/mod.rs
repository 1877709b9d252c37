//! One scenario, one strategy: what can go wrong, how often, and what its author expected.

mod kind;
mod question;

pub use kind::Kind;
use kind::{Serial, without_overlap};
pub use question::{Deep, OUTCOME_STATES_MAX, Question, TRACE_STATES_MAX};

use crate::anomalies::{Anomaly, Finding, Judgement, Judges};
use crate::exit::Exit;
use crate::explore::engine::{Ask, AtFirst, Heard, Seen, explore, seen, seen_on_any_thread};
use crate::explore::graph::Stopped;
use crate::explore::plain::Plain;
use crate::explore::sample::{Sampled, Sampling, draw, sample};
use crate::explore::tally::Ratio;
use crate::explore::walk::{Limits, Progress, Wanted, walk};
use crate::explore::witness::Cost;
use crate::explore::{Findings, Judge, NoJudge, apart};
use crate::model::LaneId;
use crate::model::context::{Mask, Messages};
use crate::model::pairs::Pairs;
use crate::model::program::{Detail, Grain, Program, Setting};
use crate::model::server::Idle;
use crate::phrase;
use crate::problem::Problem;
use crate::replay::machine::Machine;
use crate::replay::record::Record;
use crate::scenario::{Expectation, Frequency};
use crate::words::Phrase;
use num_bigint::BigUint;
use std::collections::BTreeSet;

/// The most states in which it is looked, after a limit was hit, whether what was found also shows
/// when whole turns run one after the other.
const STOPPED_STATES_MAX: usize = 200_000;
/// The most states that are walked to see that another strategy goes wrong.
const CONTRAST_STATES_MAX: usize = 50_000;

/// The most states in which every choice of idle threads is tried.
const ANY_THREAD_STATES_MAX: usize = 200_000;
/// The most moves that a state may have there.
const MOVES_MAX: usize = 200;

/// What was found.
pub struct Verdict {
    /// The program that was explored.
    pub program: Program,
    /// The limit that was hit. Then every number is a lower bound.
    pub stopped: Option<Stopped>,
    /// States that were looked at.
    pub states: usize,
    /// Bytes that the graph of them takes.
    pub bytes: usize,
    /// Steps of the longest order that was followed.
    pub steps: usize,
    /// All orders.
    pub orders: BigUint,
    /// Orders that differ by more than swapping independent neighbours; `None` if not counted.
    pub traces: Option<u128>,
    /// Different sets of replies; `None` if there were too many states to count them.
    pub outcomes: Option<usize>,
    /// Which replies are based on whose questions; `None` if not counted.
    pub heard: Option<Vec<Heard>>,
    /// The orders that were drawn because a limit was hit.
    pub sampled: Option<Sampled>,
    /// One entry for each judged anomaly, in the order of the registry.
    pub anomalies: Vec<Judged>,
    /// The orders that were wanted; `None` if there were too many states.
    pub examples: Option<Vec<Example>>,
    /// Why it is not certain that nothing goes wrong, though every order was looked at.
    pub doubts: Vec<Phrase>,
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
    /// It is at most this likely: the same number, unless a limit was hit.
    pub chance_max: Ratio,
    /// How many of the drawn orders show it, if any were drawn.
    pub hits: Option<u64>,
    /// The fewest preemptions that it needs, where that is certain.
    pub preemptions: Option<u64>,
    /// Why it goes wrong, for what is about data; `None` if that is not known.
    pub kind: Option<Kind>,
    /// Whether it needs two requests that overlap, as long as nobody cancels one; `None` if that is
    /// not known.
    pub needs_overlap: Option<bool>,
    /// After this many steps of the witness, every order shows it.
    pub lost_from: Option<usize>,
    /// The simplest order that shows it.
    pub witness: Option<WitnessRun>,
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
    /// Its moves. What happens in it is replayed when it is shown: a thousand records at once would
    /// be too many.
    pub moves: Vec<LaneId>,
    /// The judged anomalies that it shows.
    pub shows: Vec<&'static Anomaly>,
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

impl Verdict {
    /// What was found in some order.
    pub fn found(&self) -> impl Iterator<Item = &Judged> {
        self.anomalies.iter().filter(|judged| judged.witness.is_some())
    }

    /// Whether all was looked at, and another choice of threads could make a difference.
    fn rests_on_threads(&self) -> bool {
        self.stopped.is_none() && self.program.tracks_workers()
    }

    /// The same, and what of it is clean held against every choice of threads.
    fn on_any_thread(mut self, question: &Question) -> Verdict {
        if !self.rests_on_threads() || self.anomalies.iter().all(|it| it.witness.is_some()) {
            return self;
        }
        let judges = Judges { anomalies: question.anomalies.to_vec() };
        let states_max = question.limits.states_max.min(ANY_THREAD_STATES_MAX);
        let limits = Limits { states_max, ..question.limits.counted() };
        let few = self.program.clients() * self.program.workers() <= MOVES_MAX;
        let seen = few.then(|| seen_on_any_thread(&self.program, &judges, limits));
        let bits = seen.as_ref().map_or(0, |seen| seen.findings);
        let unseen = self.anomalies.iter().enumerate().filter(|(_, it)| it.witness.is_none());
        let shown = unseen.filter(|(bit, _)| bits & 1 << bit != 0);
        let marks: Vec<&str> = shown.map(|(_, it)| it.anomaly.mark).collect();
        self.doubts.extend(match (marks.is_empty(), seen.map(|seen| seen.stopped)) {
            (false, _) => Some(phrase!("doubt-other-thread", marks = Phrase::list(marks))),
            (true, Some(None)) => None,
            (true, _) => Some(phrase!("doubt-any-thread")),
        });
        self
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

/// What is being done for a question.
pub enum Doing<'a> {
    /// The walk has come this far.
    Walking(Progress<'a>),
    /// So many orders were drawn.
    Drawing {
        /// Until now.
        done: u64,
        /// In the end.
        all: u64,
    },
}

/// Explores every order. `watch` is told how far it is.
///
/// Which of several idle threads takes a request is the server's choice. If none is named, and nothing
/// goes wrong with the one that has been idle longest, the verdict is that of the other one, should
/// that go wrong.
pub fn judge(question: &Question, watch: &(dyn Fn(Doing) + Sync)) -> Result<Verdict, Problem> {
    let verdict = explored(question, watch)?;
    let is_clean = verdict.found().next().is_none();
    if !(verdict.rests_on_threads() && is_clean && question.setting.idle.is_none()) {
        return Ok(verdict.on_any_thread(question));
    }
    let setting = Setting { idle: Some(Idle::Latest), ..question.setting };
    let latest = explored(&Question { setting, ..question.clone() }, watch)?;
    match latest.found().count() {
        0 => Ok(verdict.on_any_thread(question)),
        _ => Ok(latest.on_any_thread(question)),
    }
}

/// The same at exactly the question's setting, for numbers that are to be compared.
pub fn judge_as_set(
    question: &Question,
    watch: &(dyn Fn(Doing) + Sync),
) -> Result<Verdict, Problem> {
    Ok(explored(question, watch)?.on_any_thread(question))
}

fn explored(question: &Question, watch: &(dyn Fn(Doing) + Sync)) -> Result<Verdict, Problem> {
    let judges = Judges { anomalies: question.anomalies.to_vec() };
    let program = build(question)?.with_detail(judges.detail());
    let limits = question.limits.counted();
    let eighths = question.deep.outcome_eighths();
    let ask = Ask {
        traces_states_max: question.deep.traces_states_max(),
        orders: question.orders.clone(),
        watch: &|progress| watch(Doing::Walking(progress)),
        ..Ask::new(&judges, limits.eighths(8 - eighths))
    };
    let (explored, outcomes) =
        rayon::join(|| explore(&program, &ask), || outcomes(&program, question));
    let stopped = explored.stopped.map(|stopped| stopped.told_of(question.limits));
    let serial = (!explored.found.is_empty()).then(|| {
        // After a limit nobody wants to wait for another one.
        let most = if stopped.is_some() { STOPPED_STATES_MAX } else { usize::MAX };
        let states_max = question.limits.states_max.min(most);
        Serial::new(&program, &judges, Limits { states_max, ..limits })
    });
    // Whoever did not want to wait for this is told of it; all numbers are bounds then, if tight ones.
    let cut = serial.and_then(|serial| serial.chains.stopped.or(serial.functions.stopped));
    let stopped = stopped.or(cut.map(|cut| cut.told_of(question.limits)));
    let data = judges.findings(|anomaly| anomaly.about_data);
    let found = explored.found.iter().fold(0, |all, found| all | found.finding) & data;
    let races =
        serial.filter(|serial| stopped.is_none() && found & !serial.functions.findings != 0);
    let without_overlap = races.map(|_| without_overlap(&program, &judges, limits));
    let bits: Vec<Findings> = (0..judges.anomalies.len()).map(|bit| 1 << bit).collect();
    let sampling = question.sampling.filter(|_| stopped.is_some());
    let sampled = sampling.map(|sampling| {
        let watch = |done| watch(Doing::Drawing { done, all: sampling.samples });
        sampled(&program, &judges, (&bits, &watch), sampling)
    });
    let sampled = sampled.filter(|sampled| sampled.samples > 0);
    let mut anomalies = Vec::new();
    for (index, &anomaly) in judges.anomalies.iter().enumerate() {
        let found = explored.found.iter().find(|found| found.finding == bits[index]);
        let hits = sampled.as_ref().map(|sampled| sampled.hits[index]);
        let drawn = sampled.as_ref().and_then(|sampled| sampled.first[index].as_deref());
        anomalies.push(match found {
            None => unseen(&program, anomaly, stopped, (hits, drawn))?,
            Some(found) => {
                // What was not looked at may need fewer; it cannot need fewer than none.
                let preemptions =
                    Some(found.preemptions).filter(|&fewest| fewest == 0 || stopped.is_none());
                let kind = serial.and_then(|serial| serial.kind(bits[index], preemptions));
                Judged {
                    anomaly,
                    frequency: Some(
                        match found.with.orders == explored.orders && stopped.is_none() {
                            true => Frequency::Always,
                            false => Frequency::Sometimes,
                        },
                    ),
                    orders: found.with.orders.clone(),
                    chance: found.with.chance.clone(),
                    chance_max: found.chance_max.clone(),
                    hits,
                    preemptions,
                    kind: kind.filter(|_| anomaly.about_data),
                    needs_overlap: without_overlap.and_then(|apart| apart.needs_more(bits[index])),
                    lost_from: stopped.is_none().then_some(found.witness.lost_from),
                    witness: Some(WitnessRun {
                        cost: found.witness.cost,
                        ..replayed(&program, anomaly, &found.witness.moves)?
                    }),
                }
            }
        });
    }
    Ok(Verdict {
        stopped,
        states: explored.states,
        bytes: explored.bytes,
        steps: explored.steps,
        orders: explored.orders,
        traces: explored.traces,
        outcomes: outcomes.filter(|_| stopped.is_none()),
        heard: explored.heard,
        sampled,
        anomalies,
        examples: explored.drawn.map(|drawn| examples(&program, &judges, drawn)).transpose()?,
        doubts: Vec::new(),
        program,
    })
}

/// The program that a question is about.
pub fn build(question: &Question) -> Result<Program, Problem> {
    let cast = question.scenario.cast.clone();
    Program::new(cast, question.code.clone(), question.setting).map_err(Problem::new)
}

/// What another strategy shows in a quick look.
#[derive(Clone, Copy)]
pub enum Glance {
    /// At least this.
    Shows(&'static Anomaly),
    /// Nothing that is judged, in any order.
    Clean,
    /// Nothing so far.
    Undecided,
    /// The strategy does not fit.
    Unfit,
}

/// Looks at another strategy until something goes wrong: to prove that a check can fail, or that
/// there is a repair.
pub fn glance(question: &Question) -> Glance {
    let judges = Judges { anomalies: question.anomalies.to_vec() };
    let Ok(program) = build(question) else { return Glance::Unfit };
    let program = program.with_detail(judges.detail());
    let states_max = question.limits.states_max.min(CONTRAST_STATES_MAX);
    let limits = Limits { states_max, ..question.limits.counted() };
    // Orders in which no requests overlap are orders too, and there are few of them. How one of them
    // ends says nothing: whoever waits there for a slot could go on here.
    let replies = judges.findings(|anomaly| matches!(anomaly.judge, Judgement::Reply(_)));
    let seen = match without_overlap(&program, &judges, limits).findings & replies {
        0 => seen(&program, &judges, limits, AtFirst::Stop),
        findings => Seen { findings, stopped: None },
    };
    let mut anomalies = judges.anomalies.iter().enumerate();
    match (anomalies.find(|(bit, _)| seen.findings & 1 << bit != 0), seen.stopped) {
        (Some((_, anomaly)), _) => Glance::Shows(anomaly),
        (None, None) => Glance::Clean,
        (None, Some(_)) => Glance::Undecided,
    }
}

/// What is said of an anomaly that the walk did not meet. If an order that was drawn shows it, that
/// order is the witness, though hardly the simplest one.
fn unseen(
    program: &Program,
    anomaly: &'static Anomaly,
    stopped: Option<Stopped>,
    (hits, drawn): (Option<u64>, Option<&[LaneId]>),
) -> Result<Judged, Problem> {
    let certain = |number: u32| Ratio { numerator: number.into(), denominator: 1_u32.into() };
    Ok(Judged {
        anomaly,
        frequency: match (stopped, drawn) {
            (None, _) => Some(Frequency::Never),
            (Some(_), Some(_)) => Some(Frequency::Sometimes),
            (Some(_), None) => None,
        },
        orders: BigUint::from(u32::from(drawn.is_some())),
        chance: certain(0),
        chance_max: certain(u32::from(stopped.is_some())),
        hits,
        preemptions: None,
        kind: None,
        needs_overlap: None,
        lost_from: None,
        witness: drawn.map(|moves| drawn_witness(program, anomaly, moves)).transpose()?,
    })
}

/// An order that was drawn, as a witness.
fn drawn_witness(
    program: &Program,
    anomaly: &'static Anomaly,
    moves: &[LaneId],
) -> Result<WitnessRun, Problem> {
    let moves = moves.to_vec();
    let mut witness = replayed(program, anomaly, &moves)?;
    let clients: BTreeSet<LaneId> =
        moves.iter().copied().filter(|&lane| !program.is_daemon(lane)).collect();
    let preempts = witness.record.steps.iter().filter(|step| step.preempts);
    witness.cost = Cost {
        lanes: clients.len() as u64,
        preemptions: preempts.count() as u64,
        switches: moves.windows(2).filter(|pair| pair[0] != pair[1]).count() as u64,
        steps: moves.len() as u64,
    };
    Ok(witness)
}

/// What goes wrong in orders drawn at random: the same ones for every kind of context.
fn sampled(
    program: &Program,
    judges: &Judges,
    (bits, watch): (&[Findings], &dyn Fn(u64)),
    sampling: Sampling,
) -> Sampled {
    let sets = |draws| draw::<Mask>(program, judges, draws);
    if Judge::<Pairs>::is_idle(judges, program) {
        return sample(&|draws| sets(draws()), (bits, watch), sampling);
    }
    // What a lane may do depends on no context, so the same draws make the same order.
    let apart = apart::program(program);
    let pairs = |draws| draw::<Pairs>(&apart, judges, draws);
    sample(&|draws| sets(draws()).and(pairs(draws())), (bits, watch), sampling)
}

/// An order that shows a finding, run through the plain machine, which must find it too. What it
/// costs is not told here.
fn replayed(
    program: &Program,
    anomaly: &'static Anomaly,
    moves: &[LaneId],
) -> Result<WitnessRun, Problem> {
    let (moves, cost) = (moves.to_vec(), Cost::default());
    let shown = Machine::run(program, &moves).ok().and_then(|record| {
        // Nobody can move at all if the very first state is stuck.
        let last = moves.len().saturating_sub(1);
        let finding = (anomaly.find)(program, &record).into_iter().find(|it| it.step == last)?;
        Some((record, finding))
    });
    match shown {
        Some((record, finding)) => Ok(WitnessRun { moves, cost, record, finding }),
        None => Err(bug(phrase!("bug-shows-not", anomaly = anomaly.id))),
    }
}

fn bug(what: Phrase) -> Problem {
    Problem::new(phrase!("bug", what = what)).help(phrase!("bug-report"))
}

/// Counts the different sets of replies.
///
/// Local lines touch nothing that other lanes see, so any order at grain `line` can be changed,
/// without changing a reply, into one in which each local line directly follows the access before
/// it: an order at grain `access`. Both grains have the same outcomes, and the coarser one has
/// far fewer states. Where others do see a local line (it takes a slot, or can be cancelled) the
/// grain stays.
fn outcomes(program: &Program, question: &Question) -> Option<usize> {
    let grain = match program.setting.grain {
        Grain::Line if !program.shows_local_lines() => Grain::Access,
        grain => grain,
    };
    let program = program.clone().with_grain(grain).with_detail(Detail::Nothing);
    let states_max = question.limits.states_max.min(question.deep.outcome_states_max());
    let limits = question.limits.counted().eighths(question.deep.outcome_eighths());
    let limits = Limits { states_max, ..limits };
    let walk = walk(&Plain::<Messages>::new(&program, &NoJudge), &Wanted::within(limits));
    walk.graph.stopped.is_none().then_some(walk.outcomes.len())
}

fn examples(
    program: &Program,
    judges: &Judges,
    drawn: Vec<(BigUint, Vec<LaneId>)>,
) -> Result<Vec<Example>, Problem> {
    let example = |(number, moves): (BigUint, Vec<LaneId>)| {
        let record = Machine::run(program, &moves).map_err(|_| bug(phrase!("bug-no-replay")))?;
        let shows = |anomaly: &&Anomaly| !(anomaly.find)(program, &record).is_empty();
        Ok(Example {
            number,
            moves,
            shows: judges.anomalies.iter().copied().filter(shows).collect(),
        })
    };
    drawn.into_iter().map(example).collect()
}
