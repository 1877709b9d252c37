//! `interleak explain`: the lesson behind a name.

use super::Failure;
use super::load::{self, LoadedScenario, LoadedStrategy};
use crate::anomalies::{self, Anomaly, Judgement};
use crate::exit::Exit;
use crate::model::program::Setting;
use crate::model::server::{Routing, Slots};
use crate::problem::Problem;
use crate::report::page::{Page, Tone};
use crate::scenario::{Expectation, Frequency, SHIPPED, Scenario, Shipped};
use crate::strategy::{self, Twin};
use std::io::Write;

/// Explain a scenario, a strategy or an anomaly
#[derive(clap::Args, Debug)]
#[command(after_help = super::SHOWS)]
pub struct Options {
    /// A name that `interleak list` shows, or the path of a scenario or listing
    name: String,
    /// Which code of a strategy to show [default: both]
    #[arg(long, value_enum)]
    code: Option<Code>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    /// The listing: what is simulated
    Python,
    /// The twin: the same strategy on real threads, checked by loom
    Rust,
}

/// Runs the command.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<Exit, Failure> {
    let name = options.name.as_str();
    let mut page = Page::new();
    if let Some(anomaly) = anomalies::named(name) {
        explain_anomaly(&mut page, anomaly);
    } else if strategy::named(name).is_some() || name.ends_with(".py") {
        explain_strategy(&mut page, &load::strategy(name)?, options.code);
    } else if SHIPPED.iter().any(|shipped| shipped.name == name) || name.ends_with(".json") {
        explain_scenario(&mut page, &load::scenario(name)?);
    } else {
        let shipped = SHIPPED.iter().map(|shipped| shipped.name);
        let known = shipped.chain(strategy::names()).chain(anomalies::names());
        return Err(Problem::new(format!("nothing is called {name}")).known(name, known).into());
    }
    out.write_all(page.finish().as_bytes())?;
    Ok(Exit::AsExpected)
}

fn explain_strategy(page: &mut Page, strategy: &LoadedStrategy, code: Option<Code>) {
    let wanted = |kind| code.is_none_or(|code| code == kind);
    let shipped = strategy::named(&strategy.name);
    let group = shipped.map_or_else(String::new, |it| format!(" · {}", it.group.name()));
    page.line(&[(&strategy.name, Tone::Strong), (&group, Tone::Dim)]);
    page.blank();
    for line in strategy.listing.lesson.lines() {
        page.line(&[(line, Tone::Plain)]);
    }
    let text = &strategy.listing.text;
    if wanted(Code::Python) {
        section(page, "In Python, as it is simulated", text, docstring_lines(text));
    }
    match shipped {
        Some(shipped) if wanted(Code::Rust) => match shipped.twin {
            Twin::Source(source) => {
                section(page, "In Rust, on real threads, checked by loom", source, 0);
            }
            Twin::None(why) => {
                page.blank();
                page.text(&format!("There is no twin in Rust: {why}."));
            }
        },
        None if code == Some(Code::Rust) => {
            page.blank();
            page.text("Only shipped strategies have a twin in Rust.");
        }
        _ => {}
    }
    page.blank();
    let name = crate::report::shell_word(&strategy.name);
    page.command("Try", &format!("interleak run voice-assistant -s {name}"));
}

fn section(page: &mut Page, title: &str, code: &str, skip: usize) {
    page.blank();
    page.line(&[(title, Tone::Strong)]);
    page.blank();
    for line in code.trim_end().lines().skip(skip) {
        page.line(&[("    ", Tone::Plain), (line, Tone::Plain)]);
    }
}

/// Lines of the file that the lesson already showed.
fn docstring_lines(text: &str) -> usize {
    let end = text.match_indices("\"\"\"").nth(1).map_or(0, |(at, quotes)| at + quotes.len());
    let shown = text[..end].lines().count();
    let blank = text.lines().skip(shown).take_while(|line| line.trim().is_empty()).count();
    shown + blank
}

fn explain_anomaly(page: &mut Page, anomaly: &Anomaly) {
    page.line(&[(anomaly.id, Tone::Strong)]);
    page.blank();
    page.labelled(("What", Tone::Strong), anomaly.what);
    page.labelled(("How", Tone::Strong), anomaly.judged);
    let mark = match anomaly.judge {
        Judgement::Reply(_) => {
            "A verdict about it begins with, and a diagram marks the reply with:"
        }
        Judgement::End(_) | Judgement::Pairs(_) => "A verdict about it begins with:",
    };
    page.labelled(("Mark", Tone::Strong), &format!("{mark} {}", anomaly.mark));
    page.command("Try", &shown_by(anomaly));
}

/// A command that shows an anomaly: a shipped scenario with a strategy that is expected to, the
/// class first; or the class with every strategy if there is none.
fn shown_by(anomaly: &Anomaly) -> String {
    let (class, others): (Vec<&Shipped>, Vec<&Shipped>) =
        SHIPPED.iter().partition(|shipped| shipped.name == "voice-assistant");
    let shows = class.into_iter().chain(others).find_map(|shipped: &Shipped| {
        let expect = load::scenario(shipped.name).ok()?.scenario.expect;
        let shows = |(_, expected): &&(_, Expectation)| expected.of(anomaly.id) != Frequency::Never;
        let (strategy, _) = expect.iter().find(shows)?;
        Some(format!("interleak run {} -s {strategy} --only {}", shipped.name, anomaly.id))
    });
    let all = || format!("interleak run voice-assistant -s all --only {}", anomaly.id);
    shows.unwrap_or_else(all)
}

fn explain_scenario(page: &mut Page, loaded: &LoadedScenario) {
    let scenario = &loaded.scenario;
    page.line(&[
        (&loaded.name, Tone::Strong),
        (": ", Tone::Plain),
        (&scenario.title, Tone::Strong),
    ]);
    page.blank();
    if !scenario.story.is_empty() {
        page.text(&scenario.story);
        page.blank();
    }
    for sentence in server(scenario) {
        page.text(&sentence);
        page.blank();
    }
    for lane in &scenario.cast.lanes {
        let session = &scenario.cast.sessions[lane.session];
        let user = &scenario.cast.users[session.user];
        let mut who = lane.name.clone();
        if *user != lane.name {
            who.push_str(&format!(", user {user}"));
        }
        if session.name != *user && session.name != lane.name {
            who.push_str(&format!(", session {}", session.name));
        }
        page.line(&[(&who, Tone::Strong)]);
        for turn in &scenario.cast.turns[lane.turns.clone()] {
            page.text(&format!("  ▸ \"{}\"", turn.text));
        }
    }
    if !scenario.expect.is_empty() {
        page.blank();
        page.line(&[("Expected", Tone::Strong)]);
    }
    for (strategy, expected) in &scenario.expect {
        let named: Vec<String> = anomalies::names()
            .into_iter()
            .map(|anomaly| (anomaly, expected.of(anomaly)))
            .filter(|(_, frequency)| *frequency != crate::scenario::Frequency::Never)
            .map(|(anomaly, frequency)| format!("{anomaly} {}", frequency.name()))
            .collect();
        let expected = if named.is_empty() { "clean".into() } else { named.join(", ") };
        page.text(&format!("  {strategy}: {expected}"));
        for (_, remark) in scenario.remarks.iter().filter(|(name, _)| name == strategy) {
            for line in textwrap::wrap(&crate::screen::escape(remark), 72) {
                page.line(&[("      ", Tone::Plain), (&line, Tone::Dim)]);
            }
        }
    }
    page.blank();
    let name = crate::report::shell_word(&loaded.name);
    page.command("Try", &format!("interleak run {name} -s all"));
}

/// How the server of a scenario runs requests, and what may happen besides.
fn server(scenario: &Scenario) -> Vec<String> {
    let Setting { limit, slots, workers, replicas, routing, .. } = scenario.setting;
    let mut sentences = Vec::new();
    if let Some(limit) = limit {
        let of = if slots == Slots::PerFunction { " of each function" } else { "" };
        sentences.push(format!("The server works on at most {limit} requests{of} at once."));
    }
    if let Some(workers) = workers {
        sentences.push(format!("Threads that run requests: {workers}; they are used again."));
    }
    if let Some(replicas) = replicas.filter(|&replicas| replicas > 1) {
        let how = match routing {
            Routing::Sticky => "each session is always served by the same one",
            Routing::RoundRobin => "requests go to one after the other",
        };
        sentences.push(format!("{replicas} copies of the app (replicas) run: {how}."));
    }
    for &turn in &scenario.cast.cancels {
        let (lane, number) = (scenario.cast.lane_name_of(turn), scenario.cast.turns[turn].number);
        sentences
            .push(format!("The client of {lane} may cancel its request {number} while it waits."));
    }
    sentences
}
