//! What a scenario is about: who says what, where, and what is expected.

use crate::anomalies;
use crate::commands::load::LoadedScenario;
use crate::model::program::Setting;
use crate::model::server::{Routing, Slots};
use crate::phrase;
use crate::report::page::{Page, Tone};
use crate::scenario::{Frequency, Scenario};
use crate::words::Phrase;

/// Its page.
pub(super) fn explain(page: &mut Page, loaded: &LoadedScenario) {
    let scenario = &loaded.scenario;
    page.wrapped(phrase!("named", name = &loaded.name, what = &scenario.title), Tone::Strong);
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
        let mut who = vec![lane.name.as_str().into()];
        if *user != lane.name {
            who.push(phrase!("explain-user", user = user));
        }
        if session.name != *user && session.name != lane.name {
            who.push(phrase!("explain-session", session = &session.name));
        }
        page.line(&[(&page.said(Phrase::list(who)), Tone::Strong)]);
        for turn in &scenario.cast.turns[lane.turns.clone()] {
            page.indented(("  ▸ ", "    "), format!("\"{}\"", turn.text), Tone::Plain);
        }
    }
    if !scenario.expect.is_empty() {
        page.blank();
        page.line(&[(&page.said(phrase!("explain-expected")), Tone::Strong)]);
    }
    for (strategy, expected) in &scenario.expect {
        let named: Vec<Phrase> = anomalies::names()
            .into_iter()
            .map(|anomaly| (anomaly, expected.of(anomaly)))
            .filter(|(_, frequency)| *frequency != Frequency::Never)
            .map(|(anomaly, frequency)| {
                let often = phrase!("often", often = frequency.name());
                phrase!("explain-anomaly-often", anomaly = anomaly, often = often)
            })
            .collect();
        let expected =
            if named.is_empty() { phrase!("explain-clean") } else { Phrase::list(named) };
        let text = phrase!("named", name = strategy, what = expected);
        page.indented(("  ", "    "), &text, Tone::Plain);
        for (_, remark) in scenario.remarks.iter().filter(|(name, _)| name == strategy) {
            page.indented(("      ", "      "), remark, Tone::Dim);
        }
    }
    page.blank();
    let name = crate::report::shell_word(&loaded.name);
    page.command(phrase!("explain-try"), &format!("interleak run {name} -s all"));
}

/// How the server of a scenario runs requests, and what may happen besides.
fn server(scenario: &Scenario) -> Vec<Phrase> {
    let Setting { limit, slots, workers, replicas, routing, idle, .. } = scenario.setting;
    let mut sentences = Vec::new();
    if let Some(limit) = limit {
        sentences.push(match slots {
            Slots::Shared => phrase!("explain-limit", n = limit),
            Slots::PerFunction => phrase!("explain-limit-each", n = limit),
        });
    }
    if let Some(workers) = workers {
        sentences.push(phrase!(
            "explain-workers",
            n = workers,
            idle = idle.unwrap_or_default().name()
        ));
    }
    if let Some(replicas) = replicas.filter(|&replicas| replicas > 1) {
        sentences.push(match routing {
            Routing::Sticky => phrase!("explain-replicas-sticky", n = replicas),
            Routing::RoundRobin => phrase!("explain-replicas-round-robin", n = replicas),
        });
    }
    for &turn in &scenario.cast.cancels {
        let (lane, number) = (scenario.cast.lane_name_of(turn), scenario.cast.turns[turn].number);
        sentences.push(phrase!("explain-cancel", lane = lane, number = number));
    }
    sentences
}
