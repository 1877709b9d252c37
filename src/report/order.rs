//! The page of one order: `interleak replay`, and the examples of `run --show`.

use super::lanes::{Diagram, Lines, draw};
use super::page::{Page, Tone};
use crate::anomalies::words::quote;
use crate::anomalies::{Anomaly, Finding};
use crate::model::program::Program;
use crate::replay::record::Record;

/// One order and what is wrong in it.
pub struct Order<'a> {
    /// The program.
    pub program: &'a Program,
    /// What happened.
    pub record: &'a Record,
    /// What is wrong, each kind once, the first to happen of each.
    pub findings: Vec<(&'static Anomaly, Finding)>,
    /// How many steps were asked for; the rest ran in lane order.
    pub asked: usize,
    /// Scenario and strategy, as typed.
    pub names: (&'a str, &'a str),
}

/// The text of a replay.
pub fn render(order: &Order, columns: usize) -> String {
    let Order { program, record, findings, .. } = order;
    let mut page = Page::new(columns);
    for (anomaly, finding) in findings {
        let said = (anomaly.say)(program, record, finding);
        page.labelled((anomaly.mark, Tone::Bad), &said);
    }
    if findings.is_empty() {
        page.labelled(
            ("CLEAN", Tone::Good),
            "nothing that is judged goes wrong in this order. That says nothing about the others: see \
             `interleak run`.",
        );
    }
    page.blank();
    let (scenario, strategy) = order.names;
    let grain = program.setting.grain.name();
    let steps = record.steps.len();
    let rest = match order.asked {
        asked if asked == steps => String::new(),
        0 => " · no schedule was given, so every step ran in lane order".into(),
        asked => format!(
            " · the schedule ends after step {asked}; the rest ran in lane order, which is not part of it"
        ),
    };
    page.labelled(
        ("", Tone::Plain),
        &format!("{scenario} × {strategy} · grain {grain} · {steps} steps{rest}"),
    );
    page.blank();
    let finding = findings.first().map(|(anomaly, finding)| (*anomaly, finding));
    draw(&mut page, &Diagram { program, record, finding, lines: Lines::All });
    if let Some((anomaly, finding)) = findings.first() {
        page.blank();
        page.labelled(("Why", Tone::Strong), &(anomaly.why)(program, record, finding).join(" "));
    }
    page.finish()
}

/// Every reply of an order, in the order in which they were shown.
pub fn replies(page: &mut Page, program: &Program, record: &Record) {
    for reply in &record.replies {
        let question = quote(&program.cast.turns[reply.turn].text);
        let lane = program.cast.lane_name_of(reply.turn);
        let line = format!("{lane} {question} ◂ {}", quote(&reply.said.text));
        page.labelled(("", Tone::Plain), &line);
    }
}
