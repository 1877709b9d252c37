//! What the text of a page claims.

use crate::Others;
use crate::orders::{all, keeps_apart, shown};
use interleak::model::code::Key;
use interleak::model::program::{Grain, Program, Setting};
use interleak::report::page::Paper;
use interleak::report::run::{Tells, render};
use interleak::screen::COLUMNS;
use interleak::story::{Entry, Repairs, Story};
use interleak::strategy::{Group, LESSON, named};
use interleak::verdict::{Judged, Kind};
use std::collections::BTreeSet;

/// Words of a page, and of which findings they say something.
pub(crate) struct Claim {
    pub(crate) words: &'static str,
    /// Whether they are said of the first finding alone.
    of_first: bool,
    kind: Kind,
    /// Whether some shipped pair says it.
    pub(crate) is_shipped: bool,
    /// Whether what they say is so, as far as that can be told.
    holds: fn(&Entry, &Judged) -> bool,
}

/// What a page says of what its findings need.
pub(crate) const CLAIMS: [Claim; 9] = [
    Claim {
        words: "Sharing: requests need not overlap",
        of_first: true,
        kind: Kind::Sharing,
        is_shipped: true,
        holds: in_whole_turns,
    },
    Claim {
        words: "It happens even when requests never overlap",
        of_first: false,
        kind: Kind::Sharing,
        is_shipped: true,
        holds: in_whole_turns,
    },
    Claim {
        words: "sharing: it happens even when requests never overlap",
        of_first: false,
        kind: Kind::Sharing,
        is_shipped: true,
        holds: in_whole_turns,
    },
    Claim {
        words: "needs no preemption (no switch inside a turn)",
        of_first: false,
        kind: Kind::Sharing,
        is_shipped: true,
        holds: |_, judged| judged.preemptions == Some(0),
    },
    Claim {
        words: "Race: it happens only when requests overlap",
        of_first: true,
        kind: Kind::Race,
        is_shipped: true,
        holds: not_apart,
    },
    Claim {
        words: "It happens only when requests overlap",
        of_first: false,
        kind: Kind::Race,
        is_shipped: true,
        holds: not_apart,
    },
    Claim {
        words: "race: it happens only when requests overlap",
        of_first: false,
        kind: Kind::Race,
        is_shipped: true,
        holds: not_apart,
    },
    Claim {
        words: "needs a switch inside a turn",
        of_first: false,
        kind: Kind::Race,
        is_shipped: true,
        holds: |_, judged| judged.preemptions.is_some_and(|fewest| fewest > 0),
    },
    Claim {
        words: "never happens when whole requests run one after the other",
        of_first: false,
        kind: Kind::Race,
        is_shipped: false,
        holds: |entry, judged| !in_whole_turns_for_certain(entry, judged),
    },
];

/// What a page says of other strategies.
pub(crate) const OTHERS: [&str; 3] = ["the same check does", "clean here", "Try"];

/// Each claim about the run itself that its pages make holds; those that were made.
pub(crate) fn check(entry: &Entry, repairs: Option<Repairs>) -> BTreeSet<&'static str> {
    let story = [Story::of(entry, repairs)];
    let said = |tells| {
        let page = render(&story, tells, Paper::english(COLUMNS));
        page.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let pages = [Tells::Brief, Tells::Full].map(said);
    let mut made = BTreeSet::new();
    for claim in &CLAIMS {
        if !pages.iter().any(|page| page.contains(claim.words)) {
            continue;
        }
        made.insert(claim.words);
        let of_kind = entry.verdict.found().filter(|judged| judged.kind == Some(claim.kind));
        let of_it = of_kind.take(if claim.of_first { 1 } else { usize::MAX });
        for judged in of_it {
            let (id, setting) = (judged.anomaly.id, entry.verdict.program.setting);
            let pair = (entry.scenario_name, entry.strategy_name);
            assert!(
                (claim.holds)(entry, judged),
                "`{}` of {id}: {pair:?} {setting:?}\n{}",
                claim.words,
                pages.join("\n")
            );
        }
    }
    made
}

/// Whether it shows with every chain kept whole.
fn in_whole_turns(entry: &Entry, judged: &Judged) -> bool {
    shows_one_by_one(entry, judged, Grain::Chain).unwrap_or(true)
}

/// Whether it shows in whole requests.
fn in_whole_turns_for_certain(entry: &Entry, judged: &Judged) -> bool {
    shows_one_by_one(entry, judged, Grain::Turn).unwrap_or(false)
}

fn shows_one_by_one(entry: &Entry, judged: &Judged, grain: Grain) -> Option<bool> {
    let program = &entry.verdict.program;
    let setting = Setting { grain, ..program.setting };
    let on_loop = program.setting.grain == Grain::Await && program.code.is_keyed_by(Key::Worker);
    // All requests of one event loop run on one thread.
    let workers = if on_loop { Some(1) } else { setting.workers };
    let setting = Setting { workers, ..setting };
    let turns = Program::new(program.cast.clone(), program.code.clone(), setting).unwrap();
    let orders = all(&turns, &|_, _| true)?;
    Some(shown(&turns, &orders).contains(judged.anomaly.id))
}

/// Whether it shows in no order in which requests are kept apart.
fn not_apart(entry: &Entry, judged: &Judged) -> bool {
    let program = &entry.verdict.program;
    let orders = all(program, &keeps_apart);
    orders.is_none_or(|orders| !shown(program, &orders).contains(judged.anomaly.id))
}

/// What is claimed of other strategies is what a run of them shows, of what was judged.
pub(crate) fn check_others(
    entry: &Entry,
    repairs: Option<&Repairs>,
    others: &mut Others,
) -> BTreeSet<&'static str> {
    let pair = (entry.scenario_name, entry.strategy_name, entry.setting);
    let judged: Vec<&str> = entry.verdict.anomalies.iter().map(|it| it.anomaly.id).collect();
    let mut found = |name: &str| {
        let shows = others.show(name);
        judged.iter().copied().filter(|id| shows.contains(id)).collect::<Vec<_>>()
    };
    let mut made = BTreeSet::new();
    if let Some(contrast) = &entry.contrast {
        let verbs = found(contrast.strategy).into_iter();
        let mut verbs = verbs.map(|id| interleak::anomalies::named(id).unwrap().verb());
        assert!(verbs.any(|verb| verb == contrast.verb), "{contrast:?}: {pair:?} {judged:?}");
        made.insert(OTHERS[0]);
    }
    for clean in repairs.iter().flat_map(|repairs| &repairs.clean) {
        assert!(found(clean).is_empty(), "{clean} repairs nothing: {pair:?} {judged:?}");
        made.insert(OTHERS[1]);
    }
    if let Some(next) = entry.next {
        let is_false_repair = named(next).unwrap().group == Group::FalseRepair;
        let is_lesson = is_false_repair && entry.strategy_name == LESSON[0];
        let is_clean = entry.verdict.found().next().is_none() || found(next).is_empty();
        assert!(is_lesson || is_clean, "{next} repairs nothing: {pair:?} {judged:?}");
        assert!(!others.show(next).contains("deadlock"), "{next} is stuck: {pair:?} {judged:?}");
        made.insert(OTHERS[2]);
    }
    made
}
