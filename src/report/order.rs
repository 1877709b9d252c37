//! The page of one order: `interleak replay`, and the examples of `run --show`.

use super::lanes::{Diagram, Found, Lines, draw};
use super::numbers::plural;
use super::page::{Page, Paper, Tone};
use crate::anomalies::reason::Reason;
use crate::anomalies::words::quote;
use crate::anomalies::{ANOMALIES, Anomaly, Finding, Judgement};
use crate::model::program::Program;
use crate::replay::record::{Ending, Record};
use crate::words::Phrase;

/// One order and what is wrong in it.
pub struct Order<'a> {
    /// The program.
    pub program: &'a Program,
    /// What happened.
    pub record: &'a Record,
    /// What was judged.
    pub judged: &'a [&'static Anomaly],
    /// Every case of it, kind by kind.
    pub findings: Vec<(&'static Anomaly, Finding)>,
    /// How many steps were asked for; if there are more, they ran in lane order.
    pub asked: usize,
    /// Scenario and strategy, as typed.
    pub names: (&'a str, &'a str),
}

/// The text of a replay.
pub fn render(order: &Order, paper: Paper) -> String {
    let Order { program, record, findings, .. } = order;
    let mut page = Page::new(paper);
    for (anomaly, finding) in findings {
        let said = (anomaly.say)(program, record, finding);
        page.labelled((anomaly.mark, Tone::Bad), said.phrase());
    }
    if findings.is_empty() {
        page.labelled(("CLEAN", Tone::Good), &order.clean());
    }
    page.blank();
    let (scenario, strategy) = order.names;
    let grain = program.setting.grain.name();
    let steps = plural(&record.steps.len().into(), "step", "steps");
    let ends = order.ends();
    page.labelled(
        ("", Tone::Plain),
        &format!("{scenario} × {strategy} · grain {grain} · {steps}{ends}"),
    );
    for note in order.not_judged() {
        page.paragraph(("", Tone::Plain), &note, Tone::Dim);
    }
    page.blank();
    let findings: Vec<Found> = findings.iter().map(|(anomaly, it)| (*anomaly, it)).collect();
    draw(&mut page, &Diagram { program, record, findings: &findings, lines: Lines::All });
    if let Some((anomaly, finding)) = findings.first() {
        page.blank();
        let why = (anomaly.why)(program, record, finding);
        let why = Phrase::sentences(why.iter().map(Reason::phrase));
        page.labelled(("Why", Tone::Strong), why);
    }
    page.finish()
}

impl Order<'_> {
    /// Whether there are steps behind the last one that is shown.
    fn is_open(&self) -> bool {
        self.record.ending == Ending::Open
    }

    fn clean(&self) -> String {
        let what = if self.is_open() { "in these steps" } else { "in this order" };
        format!(
            "nothing that is judged goes wrong {what}. That says nothing about the other orders: \
             see `interleak run`."
        )
    }

    /// Where the schedule ends, if that is not where the run does.
    fn ends(&self) -> String {
        match self.asked {
            asked if asked == self.record.steps.len() => match self.is_open() {
                true => ", then the schedule ends; --to-end goes on".into(),
                false => String::new(),
            },
            0 => " · no schedule was given, so every step ran in lane order".into(),
            asked => format!(
                " · the schedule ends after step {asked}; the rest ran in lane order, which is not \
                 part of it"
            ),
        }
    }

    /// What else could be wrong here, and was not looked at.
    fn not_judged(&self) -> Vec<String> {
        let ids = |all: Vec<&Anomaly>| -> String {
            all.iter().map(|anomaly| anomaly.id).collect::<Vec<_>>().join(", ")
        };
        let mut notes = Vec::new();
        if self.judged.len() < ANOMALIES.len() {
            let only = ids(self.judged.iter().map(|anomaly| &**anomaly).collect());
            notes.push(format!("Judged here: only {only} (--only)."));
        }
        let at_end = |anomaly: &&&'static Anomaly| !matches!(anomaly.judge, Judgement::Reply(_));
        let later: Vec<&Anomaly> = self.judged.iter().filter(at_end).map(|it| &**it).collect();
        if self.is_open() && !later.is_empty() {
            let later = ids(later);
            notes.push(format!("Not judged yet, because only the end of a run shows it: {later}."));
        }
        notes
    }
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
