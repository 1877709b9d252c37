//! Options that several commands share: how a scenario is run, and how far to go.

use super::help::one_of;
use super::load::{LoadedScenario, LoadedStrategy, Named};
use crate::explore::walk::Limits;
use crate::model::program::{Grain, Setting};
use crate::model::server::{Idle, PROFILES, Profile, REPLICAS_MAX, REQUESTS_MAX, Routing};
use crate::phrase;
use crate::problem::Problem;
use crate::words::{Phrase, Words};
use clap::builder::{PossibleValue, TypedValueParser, ValueParser};

/// The most states, unless told otherwise: memory ends a run sooner.
const STATES_MAX: usize = 100_000_000;
/// The most states that may be asked for.
const STATES_TYPED_MAX: usize = 1_000_000_000;
/// The most memory, unless told otherwise.
const BYTES_MAX: u64 = 8 << 30;
/// The least memory that a limit may be.
const BYTES_MIN: u64 = 1 << 20;

/// How a scenario is run
#[derive(clap::Args, Debug)]
pub struct SettingOptions {
    #[arg(long, default_value = Grain::default().name(), value_parser = named(&Grain::ALL, |it| it.name().into()))]
    grain: Grain,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=REQUESTS_MAX as i64), allow_negative_numbers = true)]
    limit: Option<u16>,
    #[arg(long, value_name = "SERVER", value_parser = named(&PROFILES, |it| it.name.into()))]
    profile: Option<Profile>,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=REQUESTS_MAX as i64))]
    workers: Option<u16>,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=REPLICAS_MAX as i64))]
    replicas: Option<u16>,
    #[arg(long, value_name = "HOW", value_parser = named(&Routing::ALL, |it| it.name().into()))]
    routing: Option<Routing>,
    #[arg(long, value_name = "WHICH", value_parser = named(&Idle::ALL, |it| it.name().into()))]
    idle: Option<Idle>,
}

/// Reads one of what the model knows, by its name.
fn named<T: Clone + Send + Sync + 'static>(
    all: &'static [T],
    value: fn(&T) -> PossibleValue,
) -> impl TypedValueParser<Value = T> {
    one_of(all, value, |_| None)
}

/// Reads a grain, with what each is.
pub(super) fn grain(words: &Words, key: &str) -> ValueParser {
    one_of(&Grain::ALL, |it| it.name().into(), |name| words.attribute(key, name)).into()
}

/// How far an exploration may go
#[derive(clap::Args, Debug)]
pub struct BoundOptions {
    #[arg(long, value_name = "N", value_parser = parse_states, allow_negative_numbers = true)]
    max_states: Option<usize>,
    #[arg(long, value_name = "SIZE", value_parser = parse_size, allow_negative_numbers = true)]
    max_memory: Option<u64>,
}

impl SettingOptions {
    /// The strategies that can be run as it was typed, and of the others why not.
    pub fn fitting(&self, named: Vec<Named>) -> Vec<Named> {
        let fits = |strategy: LoadedStrategy| self.fits(&strategy).map(|()| strategy);
        named.into_iter().map(|(name, loaded)| (name, loaded.and_then(fits))).collect()
    }

    /// Refuses a routing that would change nothing, because the strategy itself decides that.
    pub fn fits(&self, strategy: &LoadedStrategy) -> Result<(), Problem> {
        let (Some(typed), Some(own)) = (self.routing, strategy.listing.code.routing) else {
            return Ok(());
        };
        let problem = Problem::new(phrase!(
            "typed-routing-twice",
            strategy = &strategy.name,
            own = own.name(),
            typed = typed.name()
        ));
        Err(problem.help(phrase!("typed-routing-twice-help")))
    }

    /// What was typed, with what the scenario says.
    pub fn setting(&self, scenario: &LoadedScenario) -> Setting {
        let own = scenario.scenario.setting;
        let (limit, slots) =
            self.profile.map_or((own.limit, own.slots), |profile| (profile.limit, profile.slots));
        Setting {
            grain: self.grain,
            limit: self.limit.map(usize::from).or(limit),
            slots,
            workers: self.workers.map(usize::from).or(own.workers),
            replicas: self.replicas.map(usize::from).or(own.replicas),
            routing: self.routing.unwrap_or(own.routing),
            idle: self.idle.or(own.idle),
        }
    }
}

impl BoundOptions {
    /// What was typed, or what the machine has.
    pub fn limits(&self) -> Limits {
        self.limits_or(STATES_MAX)
    }

    /// What was typed of it, word by word, to be typed again.
    pub fn typed(&self) -> Vec<String> {
        let states = self.max_states.map(|states| ["--max-states".to_owned(), states.to_string()]);
        let memory = self.max_memory.map(|bytes| ["--max-memory".to_owned(), size(bytes)]);
        [states, memory].into_iter().flatten().flatten().collect()
    }

    /// The same, with so many states unless others were typed.
    pub fn limits_or(&self, states_max: usize) -> Limits {
        let bytes_max = self.max_memory.unwrap_or_else(half_of_free_memory);
        Limits::new(self.max_states.unwrap_or(states_max), bytes_max as usize)
    }
}

fn half_of_free_memory() -> u64 {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    // A container may be allowed less than the machine has.
    let free = match system.cgroup_limits() {
        Some(limits) => limits.free_memory.min(system.available_memory()),
        None => system.available_memory(),
    };
    match free {
        0 => BYTES_MAX,
        free => (free / 2).clamp(BYTES_MIN, BYTES_MAX),
    }
}

/// A number of states, as it is typed.
pub fn parse_states(text: &str) -> Result<usize, Phrase> {
    match ungrouped(text).parse() {
        Ok(states @ 1..=STATES_TYPED_MAX) => Ok(states),
        _ => Err(phrase!("typed-states", most = STATES_TYPED_MAX)),
    }
}

/// A number without the commas between its thousands; as it is if they stand anywhere else.
pub fn ungrouped(text: &str) -> String {
    let mut groups = text.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if grouped { text.replace(',', "") } else { text.to_owned() }
}

/// A size in bytes: a number and K, M or G, each 1,024 times the one before.
fn parse_size(text: &str) -> Result<u64, Phrase> {
    let what = || phrase!("typed-size");
    let upper = text.to_ascii_uppercase();
    let number = upper.trim_end_matches("IB").trim_end_matches('B');
    let suffixes = [("K", 10), ("M", 20), ("G", 30), ("T", 40)];
    let (digits, shift) = suffixes
        .into_iter()
        .find_map(|(suffix, shift)| Some((number.strip_suffix(suffix)?, shift)))
        .unwrap_or((number, 0));
    let number: u64 = digits.parse().map_err(|_| what())?;
    let bytes = number.checked_mul(1 << shift).ok_or_else(what)?;
    match (BYTES_MIN..=1 << 40).contains(&bytes) {
        true => Ok(bytes),
        false => Err(what()),
    }
}

/// A size as it is typed, in the largest unit that it is a whole number of.
fn size(bytes: u64) -> String {
    let units = [("T", 40), ("G", 30), ("M", 20), ("K", 10)];
    let whole = units.into_iter().find(|(_, shift)| bytes.trailing_zeros() >= *shift);
    whole.map_or_else(|| bytes.to_string(), |(unit, shift)| format!("{}{unit}", bytes >> shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_stand_between_thousands() {
        assert_eq!(ungrouped("1,234,567"), "1234567");
        for as_it_is in ["1,5", "1234,567", ",123", "12", ""] {
            assert_eq!(ungrouped(as_it_is), as_it_is);
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(parse_size("512M"), Ok(512 << 20));
        assert_eq!(parse_size("2GiB"), Ok(2 << 30));
        assert_eq!(parse_size("2g"), Ok(2 << 30));
        assert_eq!(parse_size("1048576"), Ok(1 << 20));
        assert_eq!(parse_size("2048K"), Ok(2 << 20));
        assert_eq!(parse_size("1T"), Ok(1 << 40));
        for typed in ["512M", "2G", "1536M", "1T", "1048577", "2049K"] {
            assert_eq!(parse_size(typed).map(size), Ok(typed.to_owned()));
        }
        for wrong in ["", "2", "G", "1.5G", "-1G", "99999999999G", "2T", "M2"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }
}
