//! What a page claims is so: why a run is clean, what a finding needs, and what it says of other
//! strategies. Each claim is looked up in plain orders, or in a run of that other strategy at the same
//! setting and with the same judges.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod clean;
#[path = "../common/mod.rs"]
mod common;
mod named;
mod orders;
mod page;

use common::LIMITS;
use common::random::{LANES, listing, server};
use interleak::anomalies::{ANOMALIES, Anomaly};
use interleak::commands::asked::{Asking, entries};
use interleak::commands::load;
use interleak::commands::load::{LoadedScenario, LoadedStrategy};
use interleak::explore::walk::Limits;
use interleak::listing::Listing;
use interleak::model::program::{Grain, Setting};
use interleak::scenario::{SHIPPED, Scenario};
use interleak::story::{Entry, Repairs};
use interleak::strategy::{Strategy, names};
use interleak::verdict::{Deep, Question, build, judge};
use proptest::prelude::{ProptestConfig, prop, prop_assume, proptest};
use proptest::test_runner::RngSeed;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Of a pair with more states nothing is asked.
const FEW: Limits = Limits { states_max: 1_000, ..LIMITS };
/// What is called clean within few states is looked at whole; of what is said to show something, as
/// much as shows it.
const MORE: Limits = Limits { states_max: 4_000, ..LIMITS };

/// What other strategies show at a setting; each is run once, when something is said of it.
pub(crate) struct Others<'a> {
    scenario: &'a LoadedScenario,
    setting: Setting,
    known: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Others<'_> {
    /// What a strategy shows.
    pub(crate) fn show(&mut self, strategy: &str) -> &BTreeSet<&'static str> {
        let Strategy { name, listing, .. } = interleak::strategy::named(strategy).unwrap();
        let (scenario, setting) = (self.scenario, self.setting);
        self.known.entry(name).or_insert_with(|| {
            let code = Listing::parse(name, listing).unwrap().code;
            let base = Question::new(&scenario.scenario, &code, MORE);
            let verdict = judge(&Question { setting, ..base }, &|_| ()).unwrap();
            verdict.found().map(|judged| judged.anomaly.id).collect()
        })
    }
}

/// Every server that a scenario is run on: at each grain its own, and three others.
fn settings(own: Setting) -> Vec<Setting> {
    let servers = [
        own,
        Setting { limit: Some(1), ..own },
        Setting { workers: Some(2), ..own },
        Setting { replicas: Some(2), ..own },
    ];
    let at = |grain| servers.iter().map(move |server| Setting { grain, ..*server });
    Grain::ALL.into_iter().flat_map(|grain| at(grain).collect::<Vec<_>>()).collect()
}

/// Of so many pairs, one is judged for one anomaly alone, the others for everything.
const ALONE: usize = 6;

/// Everything, or one anomaly alone: another one for each pair and setting.
fn judged(turn: usize) -> Vec<&'static Anomaly> {
    match turn % ALONE {
        0 => vec![ANOMALIES[turn / ALONE % ANOMALIES.len()]],
        _ => ANOMALIES.to_vec(),
    }
}

/// The pages of every shipped pair: at each setting that few states lead to, each pair is judged for
/// everything or for one anomaly.
#[test]
fn what_a_page_claims_of_a_shipped_pair_is_so() {
    let claims = SHIPPED.par_iter().enumerate().map(|(place, shipped)| {
        let scenario = load::scenario(shipped.name).unwrap();
        let mut claims = BTreeSet::new();
        for (turn, setting) in settings(scenario.scenario.setting).into_iter().enumerate() {
            // One server of four at each grain: all of them over the scenarios.
            if turn % 4 == (place + turn / 4) % 4 {
                claims.extend(at_setting(&scenario, setting, place + turn));
            }
        }
        claims
    });
    let claims = claims.reduce(BTreeSet::new, |all, some| &all | &some);
    let shipped = page::CLAIMS.iter().filter(|claim| claim.is_shipped).map(|claim| claim.words);
    for claim in shipped.chain(page::OTHERS) {
        assert!(claims.contains(claim), "nothing claims `{claim}`: {claims:?}");
    }
}

fn at_setting(scenario: &LoadedScenario, setting: Setting, turn: usize) -> BTreeSet<&'static str> {
    let strategies: Vec<LoadedStrategy> =
        names().iter().map(|name| load::strategy(name).unwrap()).collect();
    let mut others = Others { scenario, setting, known: BTreeMap::new() };
    // They are the same for every strategy.
    let mut repairs: BTreeMap<Vec<&str>, Repairs> = BTreeMap::new();
    let mut claims = BTreeSet::new();
    for (place, strategy) in strategies.iter().enumerate() {
        let anomalies = judged(5 * turn + place);
        let base = Asking::new(scenario, strategy, FEW);
        let question =
            Question { setting, anomalies: &anomalies, deep: Deep::Skip, ..base.question };
        let asking = Asking { question, ..base };
        if build(&asking.question).is_err() {
            continue;
        }
        let entry = entries(std::slice::from_ref(&asking)).remove(0).unwrap();
        if entry.verdict.stopped.is_some() {
            continue;
        }
        let entry = asking.contrasted(entry);
        let repairs = entry.verdict.found().next().map(|_| {
            let known = repairs.entry(anomalies.iter().map(|it| it.id).collect());
            known.or_insert_with(|| asking.repairs()).clone()
        });
        claims.extend(page::check_others(&entry, repairs.as_ref(), &mut others));
        claims.extend(check(&entry, repairs));
    }
    claims
}

/// Checks what is claimed of the run itself.
fn check(entry: &Entry, repairs: Option<Repairs>) -> BTreeSet<&'static str> {
    let anomalies: Vec<&Anomaly> = entry.verdict.anomalies.iter().map(|it| it.anomaly).collect();
    if entry.verdict.found().next().is_none() {
        clean::check(&entry.verdict.program, &anomalies);
    }
    page::check(entry, repairs)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_a_page_claims_of_a_random_program_is_so(
        listing in listing(),
        lanes in prop::sample::select(&LANES[..]),
        grain in prop::sample::select(&Grain::ALL[..]),
        server in server(),
        cancels in prop::option::weighted(0.3, 0..2_usize),
        only in 0..ALONE * ANOMALIES.len(),
    ) {
        let mut cast = common::cast(lanes);
        cast.cancels = cancels.into_iter().collect();
        let scenario = Scenario {
            title: String::new(),
            story: String::new(),
            cast,
            setting: Setting { grain, ..server },
            expect: Vec::new(),
            remarks: Vec::new(),
        };
        let listing = Listing::parse("random.py", &listing).unwrap();
        let anomalies = judged(only);
        let scenario = LoadedScenario { name: "random".into(), scenario, file: None };
        let strategy = LoadedStrategy { name: "random.py".into(), listing, file: None };
        let base = Asking::new(&scenario, &strategy, FEW);
        let question = Question { anomalies: &anomalies, deep: Deep::Skip, ..base.question };
        prop_assume!(build(&question).is_ok());
        let entry = entries(&[Asking { question, ..base }]).remove(0).unwrap();
        if entry.verdict.stopped.is_none() {
            check(&entry, None);
        }
    }
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let cases = cases.unwrap_or(200);
    // The same programs in every run; PROPTEST_CASES looks at more of them.
    let rng_seed = RngSeed::Fixed(14);
    ProptestConfig { cases, rng_seed, max_global_rejects: 50_000, ..ProptestConfig::default() }
}
