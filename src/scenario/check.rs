//! What must hold of a scenario beyond its format, and the defaults of what it leaves out.

use super::file::{
    AssistantFile, ExpectFile, FaultFile, LaneFile, Object, ScenarioFile, ServerFile,
};
use super::locate::{self, Step};
use super::{Expectation, Frequency, Scenario, Vocabulary};
use crate::model::TurnId;
use crate::model::cast::{
    Cast, ClientLane, INFER_MS, LANES_MAX, MS_MAX, Phrases, Session, TURNS_MAX, Turn,
};
use crate::model::program::Setting;
use crate::model::server::{Idle, PROFILES, REPLICAS_MAX, REQUESTS_MAX, Routing};
use crate::phrase;
use crate::problem::Problem;
use crate::words::Phrase;

/// The most bytes of an answer; every record of an order holds one for each turn.
const ANSWER_BYTES_MAX: usize = 1 << 14;
/// Columns that a name may take at most.
const NAME_COLUMNS_MAX: usize = 40;

/// Resolves what is written into a scenario.
pub(super) fn resolve(
    file: &str,
    text: &str,
    written: ScenarioFile,
    known: Vocabulary,
) -> Result<Scenario, Problem> {
    let checker = Checker { file, text, known };
    let setting = checker.server(&written.server.0)?;
    let path = ["assistant".into(), "infer_ms".into()];
    let infer_ms = checker.time(written.assistant.0.infer_ms, &path)?.unwrap_or(INFER_MS);
    let phrases = checker.phrases(written.assistant.0)?;
    let mut cast = checker.cast(written.lanes, (phrases, infer_ms))?;
    checker.answers(&cast)?;
    for (index, Object(fault)) in written.faults.into_iter().enumerate() {
        let turn = checker.fault(&cast, index, &fault)?;
        cast.cancels.push(turn);
    }
    let mut expect = Vec::new();
    // All at once: a file may have thousands.
    let lines = locate::lines_of_keys(text, "expect");
    for (strategy, expected) in written.expect.0 {
        checker.strategy("expect", &strategy)?;
        let named = checker.expectation(&strategy, expected)?;
        let line = lines.get(&strategy).copied().unwrap_or(1);
        expect.push((strategy, Expectation { named, line }));
    }
    for (strategy, _) in &written.remarks.0 {
        checker.strategy("remarks", strategy)?;
    }
    let (title, story) = (written.title, written.story);
    Ok(Scenario { title, story, cast, setting, expect, remarks: written.remarks.0 })
}

struct Checker<'a> {
    file: &'a str,
    text: &'a str,
    known: Vocabulary<'a>,
}

impl Checker<'_> {
    fn value(&self, what: impl Into<Phrase>, path: &[Step]) -> Problem {
        Problem::new(what).at(self.file, self.text, locate::value(self.text, path))
    }

    fn key(&self, what: impl Into<Phrase>, path: &[Step]) -> Problem {
        Problem::new(what).at(self.file, self.text, locate::key(self.text, path))
    }

    fn server(&self, written: &ServerFile) -> Result<Setting, Problem> {
        let mut setting = match &written.profile {
            None => Setting::default(),
            Some(name) => profile(name).ok_or_else(|| {
                let what = phrase!("scenario-unknown-profile", profile = name);
                self.value(what, &["server".into(), "profile".into()])
                    .label(phrase!("scenario-known-servers"))
                    .known(name, PROFILES.iter().map(|profile| profile.name))
            })?,
        };
        let limit = self.amount("limit", written.limit, REQUESTS_MAX)?;
        setting.limit = limit.or(setting.limit);
        setting.workers = self.amount("workers", written.workers, REQUESTS_MAX)?;
        setting.replicas = self.amount("replicas", written.replicas, REPLICAS_MAX)?;
        let routing =
            self.word("routing", written.routing.as_deref(), &Routing::ALL, Routing::name)?;
        setting.routing = routing.unwrap_or_default();
        let idle = self.word("idle", written.idle.as_deref(), &Idle::ALL, Idle::name)?;
        setting.idle = idle;
        Ok(setting)
    }

    /// One of the words that a field knows.
    fn word<T: Copy>(
        &self,
        field: &str,
        written: Option<&str>,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Result<Option<T>, Problem> {
        let Some(word) = written else { return Ok(None) };
        let known = all.iter().copied().find(|it| name(*it) == word);
        known.map(Some).ok_or_else(|| {
            let names = || all.iter().map(|it| name(*it));
            let what = phrase!("scenario-unknown-choice", field = field, word = word);
            self.value(what, &["server".into(), field.into()])
                .label(phrase!("scenario-known-choices", words = Phrase::list(names())))
                .known(word, names())
        })
    }

    fn amount(
        &self,
        field: &str,
        amount: Option<u64>,
        most: usize,
    ) -> Result<Option<usize>, Problem> {
        match amount {
            Some(amount) if amount == 0 || amount > most as u64 => {
                // Numbers that are written in a file are told as they are written there.
                let what = phrase!("scenario-amount", field = field, amount = amount.to_string());
                Err(self
                    .value(what, &["server".into(), field.into()])
                    .label(phrase!("scenario-amount-range", most = most.to_string())))
            }
            amount => Ok(amount.map(|amount| amount as usize)),
        }
    }

    fn fault(&self, cast: &Cast, index: usize, fault: &FaultFile) -> Result<TurnId, Problem> {
        let path = |field: &str| ["faults".into(), index.into(), field.into()];
        let names = cast.lanes.iter().map(|lane| lane.name.as_str());
        let Some(lane) = cast.lanes.iter().find(|lane| lane.name == fault.cancels) else {
            return Err(self
                .value(phrase!("scenario-no-lane", lane = &fault.cancels), &path("cancels"))
                .label(phrase!("scenario-known-lanes"))
                .known(&fault.cancels, names));
        };
        let turn = usize::try_from(fault.turn).ok().and_then(|turn| turn.checked_sub(1));
        let turn = turn.and_then(|turn| lane.turns.clone().nth(turn));
        let turn = turn.ok_or_else(|| {
            let turn = fault.turn.to_string();
            self.value(phrase!("scenario-no-turn", lane = &lane.name, turn = turn), &path("turn"))
                .label(phrase!("scenario-turn-range", most = lane.turns.len()))
        })?;
        match cast.cancels.contains(&turn) {
            true => Err(self
                .value(phrase!("scenario-cancelled-already"), &path("turn"))
                .label(phrase!("scenario-second-time"))),
            false => Ok(turn),
        }
    }

    fn time(&self, written: Option<u64>, path: &[Step]) -> Result<Option<u64>, Problem> {
        match written {
            Some(ms) if ms > MS_MAX => Err(self
                .value(phrase!("scenario-time", ms = ms.to_string()), path)
                .label(phrase!("scenario-time-range", most = MS_MAX.to_string()))),
            written => Ok(written),
        }
    }

    fn cast(
        &self,
        lanes: Vec<Object<LaneFile>>,
        (phrases, infer_ms): (Phrases, u64),
    ) -> Result<Cast, Problem> {
        let at: &[Step] = &["lanes".into()];
        if lanes.is_empty() {
            let none = phrase!("scenario-no-lanes");
            return Err(self.key(none, at).label(phrase!("scenario-one-is-needed")));
        }
        if lanes.len() > LANES_MAX {
            let what = phrase!("scenario-lanes", lanes = lanes.len(), most = LANES_MAX);
            return Err(self.key(what, at).label(phrase!("scenario-too-many")));
        }
        let turns: usize = lanes.iter().map(|Object(lane)| lane.says.len()).sum();
        if turns > TURNS_MAX {
            let what = phrase!("scenario-turns", turns = turns, most = TURNS_MAX);
            return Err(self.key(what, at).label(phrase!("scenario-too-many-turns")));
        }
        let cast = Cast {
            users: Vec::new(),
            addresses: Vec::new(),
            cancels: Vec::new(),
            sessions: Vec::new(),
            lanes: Vec::new(),
            turns: Vec::new(),
            phrases,
            infer_ms,
        };
        let lanes = lanes.into_iter().map(|Object(lane)| lane).enumerate();
        lanes.into_iter().try_fold(cast, |cast, (index, lane)| self.lane(cast, index, lane))
    }

    fn lane(&self, mut cast: Cast, index: usize, lane: LaneFile) -> Result<Cast, Problem> {
        let path = |field: &str| ["lanes".into(), index.into(), field.into()];
        let session_name = lane.session.as_ref().unwrap_or(&lane.user).clone();
        let name = lane.name.as_ref().unwrap_or(&session_name).clone();
        for (field, name) in [
            ("user", Some(&lane.user)),
            ("session", lane.session.as_ref()),
            ("name", lane.name.as_ref()),
        ] {
            name.map_or(Ok(()), |name| self.name(name, &path(field)))?;
        }
        if cast.lanes.iter().any(|earlier| earlier.name == name) {
            let given = [("name", lane.name.is_some()), ("session", lane.session.is_some())];
            let field = given.iter().find(|(_, given)| *given).map_or("user", |(field, _)| field);
            return Err(self
                .value(phrase!("scenario-same-name", name = name), &path(field))
                .label(phrase!("scenario-second-one"))
                .help(phrase!("scenario-same-name-help")));
        }
        if lane.says.is_empty() {
            return Err(self
                .value(phrase!("scenario-says-nothing", lane = name), &path("says"))
                .label(phrase!("scenario-one-request-is-needed")));
        }
        let blank = |address: &&String| crate::screen::width(address.trim()) == 0;
        if lane.address.as_ref().filter(blank).is_some() {
            let empty = phrase!("scenario-empty-address");
            let problem = self.value(empty, &path("address"));
            return Err(problem.label(phrase!("scenario-name-an-address")));
        }
        let address = lane.address.unwrap_or_else(|| lane.user.clone());
        let address = position_or_add(&mut cast.addresses, address);
        let user = position_or_add(&mut cast.users, lane.user);
        let session = match cast.sessions.iter().position(|known| known.name == session_name) {
            Some(session) if cast.sessions[session].user != user => {
                let owner = &cast.users[cast.sessions[session].user];
                let field = if lane.session.is_some() { "session" } else { "user" };
                return Err(self
                    .value(
                        phrase!("scenario-others-session", session = session_name, user = owner),
                        &path(field),
                    )
                    .label(phrase!("scenario-others-session-label"))
                    .help(phrase!("scenario-others-session-help")));
            }
            Some(session) => session,
            None => {
                cast.sessions.push(Session { name: session_name, user });
                cast.sessions.len() - 1
            }
        };
        let first = cast.turns.len();
        for (number, Object(said)) in lane.says.into_iter().enumerate() {
            if crate::screen::width(said.text.trim()) == 0 {
                let path =
                    ["lanes".into(), index.into(), "says".into(), number.into(), "text".into()];
                let empty = phrase!("scenario-empty-request");
                return Err(self.value(empty, &path).label(phrase!("scenario-say-something")));
            }
            let says = |field: &str| {
                ["lanes".into(), index.into(), "says".into(), number.into(), field.into()]
            };
            let at_ms = self.time(said.at_ms, &says("at_ms"))?.unwrap_or(0);
            cast.turns.push(Turn {
                at_ms,
                lane: index,
                number: number + 1,
                text: said.text,
                tells: said.tells.0,
                asks: said.asks,
            });
        }
        let turns = first..cast.turns.len();
        cast.lanes.push(ClientLane { name, session, address, turns });
        Ok(cast)
    }

    /// Names are typed in schedules, between quotes of a shell.
    fn name(&self, name: &str, path: &[Step]) -> Result<(), Problem> {
        let typable = |c: char| {
            c.is_alphanumeric()
                || "-_.@+".contains(c)
                || (c > '\u{7f}' && !c.is_whitespace() && !crate::screen::drives(c))
        };
        let label = match name {
            "" => phrase!("scenario-name-empty"),
            _ if crate::screen::width(name) == 0 => phrase!("scenario-name-unseen"),
            _ if crate::screen::width(name) > NAME_COLUMNS_MAX => phrase!("scenario-name-long"),
            _ if name.starts_with('-') => phrase!("scenario-name-dash"),
            _ if !name.chars().all(typable) => phrase!("scenario-name-letters"),
            _ => return Ok(()),
        };
        Err(self.value(phrase!("scenario-name", name = name), path).label(label))
    }

    fn phrases(&self, written: AssistantFile) -> Result<Phrases, Problem> {
        let defaults = Phrases::default();
        let AssistantFile { told, greeting, known, unknown, other, infer_ms: _ } = written;
        // Whoever words one of the two in another language wants no English in the other.
        let (greeting_field, greeting) = match (greeting, &told) {
            (None, Some(told)) => ("told", Some(told.clone())),
            (greeting, _) => ("greeting", greeting),
        };
        let both = &["topic", "value"];
        Ok(Phrases {
            told: self.phrase("told", told, defaults.told, both)?,
            greeting: self.phrase(greeting_field, greeting, defaults.greeting, both)?,
            known: self.phrase("known", known, defaults.known, &["topic", "value"])?,
            unknown: self.phrase("unknown", unknown, defaults.unknown, &["topic"])?,
            other: self.phrase("other", other, defaults.other, &["count"])?,
        })
    }

    fn phrase(
        &self,
        field: &str,
        written: Option<String>,
        default: String,
        fields: &[&str],
    ) -> Result<String, Problem> {
        let Some(phrase) = written else { return Ok(default) };
        let mut rest = phrase.as_str();
        while let Some((_, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                return Err(self
                    .value(phrase!("scenario-open-brace"), &["assistant".into(), field.into()])
                    .label(phrase!("scenario-brace-missing")));
            };
            if !fields.contains(&name) {
                return Err(self
                    .value(
                        phrase!("scenario-not-filled-in", name = name),
                        &["assistant".into(), field.into()],
                    )
                    .label(phrase!("scenario-not-known-here"))
                    .known(name, fields.iter().copied()));
            }
            rest = after;
        }
        Ok(phrase)
    }

    /// Refuses answers that nobody would read to their end.
    fn answers(&self, cast: &Cast) -> Result<(), Problem> {
        let told = cast.turns.iter().flat_map(|turn| &turn.tells);
        let longest = |texts: &mut dyn Iterator<Item = &String>| texts.map(String::len).max();
        let topics = told.clone().map(|(topic, _)| topic);
        let asked = cast.turns.iter().filter_map(|turn| turn.asks.as_ref());
        let topic = longest(&mut topics.chain(asked)).unwrap_or(0);
        let value = longest(&mut told.map(|(_, value)| value)).unwrap_or(0);
        let Phrases { told, greeting, known, unknown, other } = &cast.phrases;
        let phrases = [
            ("told", told),
            ("greeting", greeting),
            ("known", known),
            ("unknown", unknown),
            ("other", other),
        ];
        for (field, phrase) in phrases {
            let times = |name: &str| phrase.matches(name).count();
            let filled = times("{topic}").saturating_mul(topic);
            let filled = filled.saturating_add(times("{value}").saturating_mul(value));
            let bytes = filled.saturating_add(phrase.len());
            if bytes > ANSWER_BYTES_MAX {
                let [bytes, topic, value, most] =
                    [bytes, topic, value, ANSWER_BYTES_MAX].map(|number| number.to_string());
                let what = phrase!(
                    "scenario-long-answer",
                    bytes = bytes,
                    topic = topic,
                    value = value,
                    most = most
                );
                let help = phrase!("scenario-long-answer-help");
                return Err(self.value(what, &["assistant".into(), field.into()]).help(help));
            }
        }
        Ok(())
    }

    /// A shipped name, or the path of a listing.
    fn strategy(&self, field: &str, name: &str) -> Result<(), Problem> {
        match self.known.strategies.contains(&name) || name.ends_with(".py") {
            true => Ok(()),
            false => Err(self
                .key(
                    phrase!("scenario-unknown-strategy", strategy = name),
                    &[field.into(), name.into()],
                )
                .label(phrase!("scenario-known-strategies"))
                .known(name, self.known.strategies.iter().copied())),
        }
    }

    fn expectation(
        &self,
        strategy: &str,
        written: ExpectFile,
    ) -> Result<Vec<(String, Frequency)>, Problem> {
        let named = match written {
            ExpectFile::Clean => Vec::new(),
            ExpectFile::Named(named) => named.0,
        };
        for (anomaly, _) in &named {
            if !self.known.anomalies.contains(&anomaly.as_str()) {
                let path = ["expect".into(), strategy.into(), anomaly.as_str().into()];
                return Err(self
                    .key(phrase!("scenario-unknown-anomaly", anomaly = anomaly), &path)
                    .label(phrase!("scenario-not-known"))
                    .known(anomaly, self.known.anomalies.iter().copied()));
            }
        }
        Ok(named)
    }
}

fn profile(name: &str) -> Option<Setting> {
    let profile = PROFILES.iter().find(|profile| profile.name == name)?;
    Some(Setting { limit: profile.limit, slots: profile.slots, ..Setting::default() })
}

fn position_or_add(names: &mut Vec<String>, name: String) -> usize {
    names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    })
}
