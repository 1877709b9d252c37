//! One question to the engine: it chooses how to pack states, walks, and runs every pass.

use super::fate::fates;
use super::graph::{Graph, Stopped};
use super::packed::{Packed, Packing, Symmetric};
use super::plain::Plain;
use super::rank::Ranked;
use super::space::Space;
use super::tally::{self, Asked, Open, Ratio, With, tally};
use super::walk::{Limits, Progress, Wanted, walk};
use super::witness::{Search, Witness};
use super::{Findings, Judge, Judging, apart};
use crate::model::context::Mask;
use crate::model::pairs::Pairs;
use crate::model::program::{Detail, Program};
use crate::model::{LaneId, TurnId, UserId};
use num_bigint::BigUint;
use num_traits::Zero;
use std::collections::BTreeMap;

/// The most states for which orders are looked up by their rank.
pub const RANKED_STATES_MAX: usize = 2_000_000;
/// The most numbers that are added up to tell who heard whom.
const HEARD_NUMBERS_MAX: usize = 50_000_000;

/// What is asked of the engine.
#[derive(Clone)]
pub struct Ask<'a> {
    /// Tells what is wrong.
    pub judge: &'a dyn Judging,
    /// How far to go: of states each walk for itself, of memory all together.
    pub limits: Limits,
    /// Which states become one.
    pub merging: Merging,
    /// Up to how many states traces are counted.
    pub traces_states_max: usize,
    /// Which orders are wanted.
    pub orders: WantedOrders,
    /// Told after each layer.
    pub watch: &'a (dyn Fn(Progress) + Sync),
}

impl<'a> Ask<'a> {
    /// Asks what goes wrong, and nothing else.
    pub fn new(judge: &'a dyn Judging, limits: Limits) -> Ask<'a> {
        Ask {
            judge,
            limits,
            merging: Merging::Symmetric,
            traces_states_max: 0,
            orders: WantedOrders::None,
            watch: &|_| {},
        }
    }
}

/// Orders that are wanted by their rank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WantedOrders {
    /// None.
    #[default]
    None,
    /// The one with this number, from 1.
    Number(BigUint),
    /// Every one, if there are no more than this.
    All {
        /// The most.
        max: usize,
    },
    /// So many, drawn uniformly.
    Drawn {
        /// How many.
        count: usize,
        /// The seed.
        seed: u64,
    },
}

/// Which states become one. All numbers are the same for each; the tests hold them to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merging {
    /// Those that are equal in every register.
    Plain,
    /// Those that differ only in what is dead.
    Packed,
    /// And those that differ only in the names of interchangeable lanes.
    Symmetric,
}

impl Merging {
    fn packing<'a>(self, program: &'a Program, judge: &'a dyn Judge<Mask>) -> Option<Packing<'a>> {
        match self {
            Merging::Plain => None,
            Merging::Packed => Packing::new(program, judge, Symmetric::Never),
            Merging::Symmetric => Packing::new(program, judge, Symmetric::Verified),
        }
    }
}

/// What the engine found.
#[derive(Clone, Debug)]
pub struct Explored {
    /// The limit that was hit. Then numbers are lower bounds.
    pub stopped: Option<Stopped>,
    /// States that were looked at. Those of the walk with [`apart`]'s contexts are not among them.
    pub states: usize,
    /// Steps of the longest order that was followed.
    pub steps: usize,
    /// Bytes that the graph takes.
    pub bytes: usize,
    /// All orders.
    pub orders: BigUint,
    /// Orders that differ by more than swapping independent neighbours; `None` if not counted.
    pub traces: Option<u128>,
    /// What was found, by bit.
    pub found: Vec<Found>,
    /// Which replies are based on whose questions; `None` if that is not known.
    pub heard: Option<Vec<Heard>>,
    /// The orders that were wanted, with their numbers from 1; `None` if there were too many
    /// states, or a limit was hit.
    pub drawn: Option<Vec<(BigUint, Vec<LaneId>)>>,
}

impl Explored {
    /// Takes in what another walk over the same orders found.
    fn and(mut self, other: Explored) -> Explored {
        let both = self.stopped.is_none() && other.stopped.is_none();
        // A context changes no order.
        debug_assert!(!both || self.orders == other.orders);
        self.stopped = self.stopped.or(other.stopped);
        // A walk that was stopped has counted fewer.
        self.orders = self.orders.max(other.orders);
        self.found.extend(other.found);
        self.found.sort_by_key(|found| found.finding);
        self
    }
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its bit.
    pub finding: Findings,
    /// Orders that show it.
    pub with: With,
    /// The chance is at most this; the chance itself if everything was looked at.
    pub chance_max: Ratio,
    /// The fewest preemptions of an order that shows it.
    pub preemptions: u64,
    /// The simplest order that shows it.
    pub witness: Witness,
}

/// A reply and another user, whose questions it is based on in some orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The turn that got the reply.
    pub turn: TurnId,
    /// The other user.
    pub user: UserId,
    /// In how many orders, and how likely.
    pub with: With,
}

/// Something that is done with the states of a program, however they are packed.
trait Visit {
    type Output;
    fn visit<S: Space>(self, space: &S) -> Self::Output;
}

/// Explores a program.
pub fn explore(program: &Program, ask: &Ask) -> Explored {
    let apart_is_idle = Judge::<Pairs>::is_idle(ask.judge, program);
    let limits = if apart_is_idle { ask.limits } else { ask.limits.eighths(5) };
    let (explored, apart) = rayon::join(
        || {
            let ask = &Ask { limits, ..ask.clone() };
            let packing = ask.merging.packing(program, ask.judge);
            let classes = packing.as_ref().map_or_else(Vec::new, Packing::interchangeable);
            visit(program, ask.judge, packing, Everything { program, ask, classes: &classes })
        },
        || (!apart_is_idle).then(|| explore_apart(program, ask, ask.limits.eighths(3))),
    );
    let explored = match apart {
        Some(apart) => explored.and(apart),
        None => explored,
    };
    Explored { stopped: explored.stopped.map(|stopped| stopped.told_of(ask.limits)), ..explored }
}

/// What goes wrong that sets cannot tell.
fn explore_apart(program: &Program, ask: &Ask, limits: Limits) -> Explored {
    let program = &apart::program(program);
    let space = apart::space(program, ask.judge);
    let ask = &Ask::new(ask.judge, limits);
    Everything { program, ask, classes: &[] }.visit(&space)
}

/// What goes wrong in some order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What was found.
    pub findings: Findings,
    /// Whether a limit left something unseen.
    pub stopped: Option<Stopped>,
}

impl Seen {
    /// What either of two looks has seen.
    pub fn and(self, other: Seen) -> Seen {
        let stopped = self.stopped.or(other.stopped);
        Seen { findings: self.findings | other.findings, stopped }
    }

    /// Whether a finding needs more than what was looked at; `None` if a limit left that open.
    pub fn needs_more(self, finding: Findings) -> Option<bool> {
        match (self.findings & finding != 0, self.stopped) {
            (true, _) => Some(false),
            (false, None) => Some(true),
            (false, Some(_)) => None,
        }
    }
}

/// Everything that goes wrong in some order, within limits; or, if asked to stop at the first,
/// something that does.
pub fn seen(program: &Program, judge: &dyn Judging, limits: Limits, at_first: AtFirst) -> Seen {
    let packing = Packing::new(program, judge, Symmetric::Verified);
    let one = visit(program, judge, packing, Look { limits, at_first });
    let judge: &dyn Judge<Pairs> = judge;
    if judge.is_idle(program) || one.findings != 0 && at_first == AtFirst::Stop {
        return one;
    }
    let program = &apart::program(program);
    let other = Look { limits, at_first }.visit(&apart::space(program, judge));
    one.and(other)
}

/// Everything that goes wrong in some order, within limits, if any idle thread can take a request.
pub fn seen_on_any_thread(program: &Program, judge: &dyn Judging, limits: Limits) -> Seen {
    let look = || Look { limits, at_first: AtFirst::GoOn };
    let one = look().visit(&Plain::<Mask>::new(program, judge).on_any_thread());
    let judge: &dyn Judge<Pairs> = judge;
    if judge.is_idle(program) {
        return one;
    }
    let program = &apart::program(program);
    let other = look().visit(&apart::space(program, judge).on_any_thread());
    one.and(other)
}

/// Whether a walk goes on once something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtFirst {
    /// It does.
    GoOn,
    /// It ends.
    Stop,
}

/// Packs states as tightly as their keys allow; those that fit no width stay plain.
fn visit<V: Visit>(
    program: &Program,
    judge: &dyn Judge<Mask>,
    packing: Option<Packing>,
    visit: V,
) -> V::Output {
    match packing {
        Some(packing) if packing.bits() <= 64 => visit.visit(&Packed::<u64>::new(packing)),
        Some(packing) if packing.bits() <= 128 => visit.visit(&Packed::<[u64; 2]>::new(packing)),
        Some(packing) if packing.bits() <= 256 => visit.visit(&Packed::<[u64; 4]>::new(packing)),
        Some(packing) if packing.bits() <= 512 => visit.visit(&Packed::<[u64; 8]>::new(packing)),
        _ => visit.visit(&Plain::<Mask>::new(program, judge)),
    }
}

struct Look {
    limits: Limits,
    at_first: AtFirst,
}

impl Visit for Look {
    type Output = Seen;

    fn visit<S: Space>(self, space: &S) -> Seen {
        let nothing_yet = |progress: Progress| {
            let last = progress.graph.layers.last();
            self.at_first == AtFirst::GoOn || last.is_none_or(|layer| layer.findings() == 0)
        };
        let wanted = Wanted { limits: self.limits, traces_states_max: 0, watch: &nothing_yet };
        let graph = walk(space, &wanted).graph;
        Seen { findings: graph.findings(), stopped: graph.stopped }
    }
}

struct Everything<'a> {
    program: &'a Program,
    ask: &'a Ask<'a>,
    classes: &'a [Vec<LaneId>],
}

impl Visit for Everything<'_> {
    type Output = Explored;

    fn visit<S: Space>(self, space: &S) -> Explored {
        let Ask { limits, traces_states_max, watch, .. } = *self.ask;
        let watched = |progress: Progress| {
            watch(progress);
            true
        };
        let wanted = Wanted { limits, traces_states_max, watch: &watched };
        let walked = walk(space, &wanted);
        let graph = &walked.graph;
        // What follows takes its time, too.
        let (states, bytes) = (graph.states(), graph.bytes());
        watch(Progress { graph, states, ahead: 0, bytes });
        let seen = graph.findings();
        let findings: Vec<Findings> =
            (0..Findings::BITS).map(|bit| 1 << bit).filter(|bit| seen & bit != 0).collect();
        let groups = self.groups(graph);
        let asked = Asked {
            findings: findings.clone(),
            groups_count: groups.as_ref().map_or(0, |groups| groups.pairs.len()),
            groups: groups.as_ref().map_or_else(Vec::new, |groups| groups.of.clone()),
            bytes_max: limits.bytes_max,
        };
        let (tallied, witnesses) = rayon::join(
            || tally(graph, &asked, Open::Nothing),
            || witnesses(space, graph, &findings, limits),
        );
        let most = graph.stopped.map(|_| {
            let bytes_max = limits.bytes_max;
            let asked = Asked { findings: findings.clone(), bytes_max, ..Asked::default() };
            tally(graph, &asked, Open::Everything).with
        });
        let most = most.unwrap_or_else(|| tallied.with.clone());
        let found = findings.iter().zip(witnesses).zip(tallied.with.into_iter().zip(most));
        let found = found.filter_map(|((&finding, simplest), (with, most))| {
            let (witness, preemptions) = simplest?;
            Some(Found { finding, with, chance_max: most.chance, preemptions, witness })
        });
        Explored {
            stopped: graph.stopped,
            states: graph.states(),
            steps: graph.layers.len() - 1,
            bytes: graph.bytes(),
            orders: tallied.orders,
            traces: walked.traces,
            found: found.collect(),
            heard: groups.map(|groups| groups.shared_out(&tallied.heard)),
            drawn: self.drawn(space, graph),
        }
    }
}

impl Everything<'_> {
    fn drawn<S: Space>(&self, space: &S, graph: &Graph) -> Option<Vec<(BigUint, Vec<LaneId>)>> {
        if self.ask.orders == WantedOrders::None {
            return Some(Vec::new());
        }
        let bytes = graph.bytes() + tally::orders_bytes(graph);
        let too_many = graph.states() > RANKED_STATES_MAX || bytes > self.ask.limits.bytes_max;
        if graph.stopped.is_some() || too_many {
            return None;
        }
        let ranked = Ranked::new(space, graph);
        let drawn = match &self.ask.orders {
            WantedOrders::None => Vec::new(),
            WantedOrders::Number(number) if number.is_zero() => Vec::new(),
            WantedOrders::Number(number) => {
                let rank = number - 1_u32;
                ranked.order(&rank).map(|order| (rank, order)).into_iter().collect()
            }
            WantedOrders::All { max } if ranked.count() > BigUint::from(*max) => Vec::new(),
            WantedOrders::All { max } => ranked.drawn(*max, 0),
            WantedOrders::Drawn { count, seed } => ranked.drawn(*count, *seed),
        };
        Some(drawn.into_iter().map(|(rank, order)| (rank + 1_u32, order)).collect())
    }

    /// The pairs (reply, other user) whose numbers must be equal, because lanes may change places.
    fn groups(&self, graph: &Graph) -> Option<Groups> {
        let program = self.program;
        if graph.stopped.is_some() || program.detail == Detail::Nothing {
            return None;
        }
        let class_of = |lane: LaneId| self.classes.iter().position(|class| class.contains(&lane));
        let alone = |user: UserId| {
            let mut lanes = (0..program.clients()).filter(|&lane| {
                program.cast.sessions[program.cast.lanes[lane].session].user == user
            });
            match (lanes.next(), lanes.next()) {
                (Some(lane), None) => Some(lane),
                _ => None,
            }
        };
        let mut known: BTreeMap<_, usize> = BTreeMap::new();
        let mut groups = Groups { of: Vec::new(), pairs: Vec::new() };
        for (turn, asked) in program.cast.turns.iter().enumerate() {
            let victim = class_of(asked.lane).ok_or(asked.lane);
            let group = |user: UserId| {
                // Nobody hears himself.
                if program.cast.user_of(turn) == user {
                    return None;
                }
                let source = alone(user).and_then(class_of).ok_or(user);
                let count = known.len();
                let group = *known.entry((victim, asked.number, source)).or_insert(count);
                groups.pairs.resize(groups.pairs.len().max(group + 1), Vec::new());
                groups.pairs[group].push((turn, user));
                Some(group)
            };
            groups.of.push((0..program.cast.users.len()).map(group).collect());
        }
        let numbers = graph.states().saturating_mul(groups.pairs.len());
        (numbers <= HEARD_NUMBERS_MAX).then_some(groups)
    }
}

/// Pairs (reply, user), in groups whose members all have the same numbers.
struct Groups {
    /// For each turn and user, its group; none for the turn's own user.
    of: Vec<Vec<Option<usize>>>,
    /// For each group, its pairs.
    pairs: Vec<Vec<(TurnId, UserId)>>,
}

impl Groups {
    /// Shares what was counted for a group out among its pairs; pairs that never occur are left
    /// out.
    fn shared_out(&self, counted: &[With]) -> Vec<Heard> {
        let groups = self.pairs.iter().zip(counted).filter(|(_, sum)| !sum.orders.is_zero());
        let mut heard: Vec<Heard> = groups
            .flat_map(|(pairs, sum)| {
                let share = pairs.len() as u64;
                let with = With {
                    orders: &sum.orders / share,
                    chance: Ratio::new(
                        sum.chance.numerator.clone(),
                        &sum.chance.denominator * share,
                    ),
                };
                pairs.iter().map(move |&(turn, user)| Heard { turn, user, with: with.clone() })
            })
            .collect();
        heard.sort_by_key(|heard| (heard.turn, heard.user));
        heard
    }
}

/// For each finding, the simplest order that shows it, and the fewest preemptions that one needs.
fn witnesses<S: Space>(
    space: &S,
    graph: &Graph,
    findings: &[Findings],
    limits: Limits,
) -> Vec<Option<(Witness, u64)>> {
    if findings.is_empty() {
        return Vec::new();
    }
    let fates = fates(graph);
    let search = Search { space, graph, fates: &fates, bytes_max: limits.bytes_max };
    let both = |&finding: &Findings| Some((search.witness(finding)?, search.preemptions(finding)?));
    findings.iter().map(both).collect()
}
