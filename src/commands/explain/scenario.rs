//! What a scenario is about: who says what, where, and what is expected.

use crate::anomalies;
use crate::commands::load::LoadedScenario;
use crate::model::program::Setting;
use crate::model::server::{Routing, Slots};
use crate::report::page::{Page, Tone};
use crate::scenario::{Frequency, Scenario};

/// Its page.
pub(super) fn explain(page: &mut Page, loaded: &LoadedScenario) {
    let scenario = &loaded.scenario;
    page.wrapped(&format!("{}: {}", loaded.name, scenario.title), Tone::Strong);
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
            page.indented(("  ▸ ", "    "), &format!("\"{}\"", turn.text), Tone::Plain);
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
            .filter(|(_, frequency)| *frequency != Frequency::Never)
            .map(|(anomaly, frequency)| format!("{anomaly} {}", frequency.name()))
            .collect();
        let expected = if named.is_empty() { "clean".into() } else { named.join(", ") };
        page.indented(("  ", "    "), &format!("{strategy}: {expected}"), Tone::Plain);
        for (_, remark) in scenario.remarks.iter().filter(|(name, _)| name == strategy) {
            page.indented(("      ", "      "), remark, Tone::Dim);
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
