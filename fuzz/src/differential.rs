//! A small program, counted in every way that there is: each must tell the same.

use crate::commands::{Folder, interleak, recounted, vocabulary};
use crate::small::{Small, small};
use crate::threads::{EIGHT, ONE};
use interleak::anomalies::{ANOMALIES, Judges};
use interleak::explore::engine::{Ask, Explored, Merging, explore};
use interleak::explore::walk::Limits;
use interleak::listing::Listing;
use interleak::model::program::{Grain, Program};
use interleak::replay::machine::Machine;
use interleak::scenario::Scenario;
use libfuzzer_sys::arbitrary::Unstructured;

/// Programs with more states are left out.
const FEW: Limits = Limits::new(400, 64 << 20);
/// Programs with more orders are not enumerated.
const ORDERS_MAX: u32 = 200;

/// One thread against eight, every merging against none, the engine against plain enumeration, and
/// the report against the recount.
pub fn differential(data: &[u8]) {
    let Ok(small) = small(&mut Unstructured::new(data)) else { return };
    let Some(program) = program(&small) else { return };
    let plain = explored(&program, Merging::Plain);
    if plain.stopped.is_some() {
        return;
    }
    for merging in [Merging::Packed, Merging::Symmetric] {
        let [one, eight] =
            [&*ONE, &*EIGHT].map(|pool| pool.install(|| explored(&program, merging)));
        let told = numbers(&plain);
        assert_eq!(numbers(&one), told, "{merging:?} is plain\n{small}");
        assert_eq!(format!("{one:?}"), format!("{eight:?}"), "one thread is eight\n{small}");
        assert!(one.states <= plain.states, "{merging:?} merges\n{small}");
    }
    if plain.orders <= ORDERS_MAX.into() {
        let mut counted = (0, vec![0; ANOMALIES.len()]);
        enumerate(&Machine::new(&program), &mut counted);
        let with = |anomaly: usize| {
            let found = plain.found.iter().find(|found| found.finding == 1 << anomaly);
            found.map_or("0".into(), |found| found.with.orders.to_string())
        };
        let with: Vec<String> = (0..ANOMALIES.len()).map(with).collect();
        let (orders, each) = counted;
        assert_eq!(plain.orders.to_string(), orders.to_string(), "every order\n{small}");
        let each: Vec<String> = each.iter().map(u32::to_string).collect();
        assert_eq!(with, each, "what each order shows\n{small}");
    }
    let [scenario, strategy] =
        [("scenario.json", &small.scenario), ("strategy.py", &small.listing)]
            .map(|(name, text)| Folder::file(name, text.as_bytes()));
    let run = ["run", &scenario, "-s", &strategy, "--grain", small.grain, "--show", "2"];
    let run = [&run[..], &["--format", "json"]].concat();
    let [one, eight] = [&*ONE, &*EIGHT].map(|pool| pool.install(|| interleak(&run)));
    assert_eq!(one, eight, "the same bytes\n{small}");
    let (_, report) = one.expect("what the engine takes, the command takes");
    recounted(&report);
}

fn program(small: &Small) -> Option<Program> {
    let code = Listing::parse("strategy.py", &small.listing).ok()?.code;
    let scenario = Scenario::parse("scenario.json", &small.scenario, vocabulary()).ok()?;
    let grain = Grain::ALL.into_iter().find(|grain| grain.name() == small.grain)?;
    let setting = interleak::model::program::Setting { grain, ..scenario.setting };
    Program::new(scenario.cast, code, setting).ok()
}

fn explored(program: &Program, merging: Merging) -> Explored {
    let judges = Judges { anomalies: ANOMALIES.to_vec() };
    explore(program, &Ask { merging, traces_states_max: usize::MAX, ..Ask::new(&judges, FEW) })
}

/// Everything but the sizes that depend on how states are merged.
fn numbers(explored: &Explored) -> String {
    let Explored { orders, traces, found, heard, .. } = explored;
    format!("{orders} {traces:?} {found:?} {heard:?}")
}

/// Every order, one by one, through the plain machine: how many there are, and how many show each
/// anomaly.
fn enumerate(machine: &Machine, counted: &mut (u32, Vec<u32>)) {
    let movable = machine.movable();
    if movable.is_empty() {
        let record = machine.record();
        let shown = ANOMALIES.iter().map(|it| !(it.find)(machine.program(), &record).is_empty());
        counted.0 += 1;
        counted.1.iter_mut().zip(shown).for_each(|(count, shown)| *count += u32::from(shown));
    }
    for lane in movable {
        let mut moved = machine.clone();
        moved.step(lane).expect("it can move");
        enumerate(&moved, counted);
    }
}
