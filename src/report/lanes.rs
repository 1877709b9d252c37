//! The lane diagram: one order, one column for each lane, and what they share on the right.
//!
//! ```text
//!      alice                     │ bob                       │ HISTORY
//!   1  ▸ "My name is Alice."     │                           │
//!      history = list(HISTORY)   │                           │ ➜ (empty)
//!   ── switch: bob moves ────────┼───────────────────────────┼──────────────────
//!   2                            │ history = list(HISTO… (!) │ ➜ alice#1+a
//! ```
//!
//! `➜` is what a line read, `=` what a cell holds after a write, `┃` beside a lane that holds a
//! lock. Everything is cut by display width, so Chinese and emoji stay in their columns.

use super::page::{Page, Tone};
use super::places::Places;
use crate::anomalies::{Anomaly, Finding, Judgement, Mark};
use crate::model::program::Program;
use crate::model::{LaneId, SessionId, TurnId};
use crate::replay::record::{Ending, Event, LineRun, Record, StepRun, Value};
use crate::screen::{COLUMNS, cut, escape, fit, width};
use std::collections::BTreeSet;

/// More lanes than this share one column, each line behind its lane's name.
const LANE_COLUMNS_MAX: usize = 4;
/// Columns for the step number.
const GUTTER: usize = 5;
/// What a switch is, for whoever meets the word for the first time.
const SWITCH: &str = "the server goes on with another lane";

/// What is drawn.
pub struct Diagram<'a> {
    /// The program.
    pub program: &'a Program,
    /// What happened.
    pub record: &'a Record,
    /// What is wrong in it, to be marked.
    pub finding: Option<(&'a Anomaly, &'a Finding)>,
}

/// What is drawn, with everything that is to be marked.
struct Drawing<'a> {
    program: &'a Program,
    record: &'a Record,
    findings: &'a [Found<'a>],
}

/// A case of an anomaly.
pub type Found<'a> = (&'a Anomaly, &'a Finding);

/// One row: the step number, the text and tone of each lane column, and what is shared.
struct Row {
    step: Option<usize>,
    column: usize,
    text: String,
    tone: Tone,
    mark: String,
    shared: String,
}

struct Layout {
    /// The lanes that have a column of their own; none if all share one.
    lanes: Vec<LaneId>,
    /// The lanes that are shown at all.
    shown: Vec<LaneId>,
    column: usize,
    shared: usize,
    /// The only place that is touched, if there is just one.
    only_place: Option<String>,
    marks: Vec<Mark>,
}

/// Draws a diagram and explains its signs.
pub fn draw(page: &mut Page, diagram: &Diagram) {
    let finding: Vec<Found> = diagram.finding.into_iter().collect();
    draw_all(page, diagram.program, diagram.record, &finding);
}

/// Draws a diagram in which each of these findings is marked.
pub fn draw_all(page: &mut Page, program: &Program, record: &Record, findings: &[Found]) {
    let diagram = Drawing { program, record, findings };
    let layout = diagram.layout();
    diagram.header(page, &layout);
    let mut held: Vec<LaneId> = Vec::new();
    let mut last: Option<LaneId> = None;
    let mut explained = false;
    let mut folded: Vec<usize> = Vec::new();
    for (index, step) in diagram.record.steps.iter().enumerate() {
        let mut movers = step.lines.iter().map(|line| line.lane).chain([step.lane]);
        if !movers.any(|lane| layout.shown.contains(&lane)) {
            folded.push(index);
            continue;
        }
        diagram.fold(page, &layout, &mut folded);
        if last.is_some_and(|last| last != step.lane) {
            diagram.switch(page, &layout, step, last, !explained);
            explained = true;
        }
        last = Some(step.lane);
        let mut number = Some(index);
        for line in &step.lines {
            diagram.line(page, &layout, index, line, &mut number, &mut held);
        }
    }
    diagram.fold(page, &layout, &mut folded);
    diagram.ending(page, &layout);
    diagram.legend(page, &layout);
}

impl Drawing<'_> {
    fn name(&self, lane: LaneId) -> &str {
        &self.program.lanes[lane].name
    }

    fn places(&self, layout: &Layout) -> Places<'_> {
        let single = layout.only_place.is_some();
        Places { program: self.program, columns: layout.shared, single }
    }

    fn layout(&self) -> Layout {
        let marks = self
            .findings
            .iter()
            .filter_map(|(anomaly, finding)| (anomaly.mark_at)(self.program, self.record, finding));
        // Two findings may come from one access.
        let marks = marks.fold(Vec::new(), |mut marks: Vec<Mark>, mark| {
            if !marks.contains(&mark) {
                marks.push(mark);
            }
            marks
        });
        let shown = self.shown(&marks);
        let columns = if shown.len() > LANE_COLUMNS_MAX { 1 } else { shown.len().max(1) };
        let lanes = if shown.len() > LANE_COLUMNS_MAX { Vec::new() } else { shown.clone() };
        let shared = match columns {
            1 => 27,
            2 => 20,
            3 => 17,
            _ => 14,
        };
        let column = (COLUMNS - GUTTER - 1 - shared) / columns - 2;
        Layout { lanes, shown, column, shared, only_place: self.only_place(), marks }
    }

    /// The lanes that have something to do with a finding, and the daemons that work for them.
    fn shown(&self, marks: &[Mark]) -> Vec<LaneId> {
        let mut moved: Vec<LaneId> = self.record.steps.iter().map(|step| step.lane).collect();
        let lines = self.record.steps.iter().flat_map(|step| &step.lines);
        moved.extend(lines.map(|line| line.lane));
        moved.sort_unstable();
        moved.dedup();
        // What a cancellation does is drawn in the lane that it ends.
        moved.retain(|&lane| self.program.cancels(lane).is_none());
        let concerns_all = |(anomaly, finding): &Found| is_reply(anomaly) || finding.turn.is_none();
        if self.findings.is_empty() || self.findings.iter().any(concerns_all) {
            return moved;
        }
        let turns = self.findings.iter().flat_map(|(_, it)| it.turn.iter().chain(&it.about));
        let lane_of = |&turn: &TurnId| self.program.cast.turns[turn].lane;
        let marked = marks.iter().map(|mark| mark.lane);
        let clients: Vec<LaneId> = turns.map(lane_of).chain(marked).collect();
        moved.retain(|&lane| clients.contains(&lane) || self.program.is_daemon(lane));
        moved
    }

    fn only_place(&self) -> Option<String> {
        let mut names: Vec<&str> = self
            .record
            .events()
            .filter_map(|(_, _, event)| match event {
                Event::Read { name, .. }
                | Event::Wrote { name, .. }
                | Event::SwapFailed { name }
                | Event::Acquired { name }
                | Event::Released { name }
                | Event::Sent { name, .. }
                | Event::Received { name, .. }
                | Event::Piped { name, .. }
                | Event::Unpiped { name, .. }
                | Event::Dropped { name, .. } => Some(name.as_str()),
                Event::Began(_)
                | Event::Cancelled(_)
                | Event::Froze
                | Event::HandedBack { .. }
                | Event::Replied { .. } => None,
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        match names.as_slice() {
            [only] => Some((*only).to_owned()),
            _ => None,
        }
    }

    fn header(&self, page: &mut Page, layout: &Layout) {
        let mut spans = vec![(" ".repeat(GUTTER), Tone::Plain)];
        let names: Vec<&str> = match layout.lanes.is_empty() {
            true => vec!["lane: line"],
            false => layout.lanes.iter().map(|&lane| self.name(lane)).collect(),
        };
        for name in names {
            spans.push((format!(" {}", fit(name, layout.column - 1)), Tone::Strong));
            spans.push((" │".into(), Tone::Dim));
        }
        let shared = layout.only_place.as_deref().unwrap_or("shared");
        spans.push((format!(" {}", cut(&escape(shared), layout.shared)), Tone::Strong));
        print(page, &spans);
    }

    fn switch(
        &self,
        page: &mut Page,
        layout: &Layout,
        step: &StepRun,
        last: Option<LaneId>,
        explain: bool,
    ) {
        let inside = last.filter(|_| step.preempts);
        let inside = inside.map(|last| format!(", inside {}'s turn", self.name(last)));
        let text = format!("switch: {} moves{}", self.name(step.lane), inside.unwrap_or_default());
        let explained = format!("{text} ({SWITCH})");
        let fits = width(&explained) <= COLUMNS - 8;
        self.rule(page, layout, if explain && fits { &explained } else { &text });
        if explain && !fits {
            print(page, &[(format!("     (switch: {SWITCH})"), Tone::Dim)]);
        }
    }

    /// A line across the diagram with words in it.
    fn rule(&self, page: &mut Page, layout: &Layout, text: &str) {
        let text = cut(text, COLUMNS - 8);
        let start = format!("  ── {text} ");
        let columns = layout.lanes.len().max(1);
        let crossings: Vec<usize> =
            (1..=columns).map(|column| GUTTER + column * (layout.column + 2) - 1).collect();
        let rest = (width(&start)..COLUMNS)
            .map(|column| if crossings.contains(&column) { '┼' } else { '─' });
        let rest: String = rest.collect();
        print(page, &[(start, Tone::Plain), (rest, Tone::Dim)]);
    }

    /// Steps of lanes that are not shown, in one row.
    fn fold(&self, page: &mut Page, layout: &Layout, folded: &mut Vec<usize>) {
        let mut runs: Vec<(LaneId, usize)> = Vec::new();
        for step in folded.drain(..) {
            let lane = self.record.steps[step].lane;
            match runs.last_mut() {
                Some((last, times)) if *last == lane => *times += 1,
                _ => runs.push((lane, 1)),
            }
        }
        if runs.is_empty() {
            return;
        }
        let words = runs.iter().map(|(lane, times)| {
            format!("{} moves {times} time{}", self.name(*lane), if *times == 1 { "" } else { "s" })
        });
        let words = words.collect::<Vec<_>>().join(", ");
        self.rule(page, layout, &format!("not shown: {words}"));
    }

    fn line(
        &self,
        page: &mut Page,
        layout: &Layout,
        step: usize,
        line: &LineRun,
        number: &mut Option<usize>,
        held: &mut Vec<LaneId>,
    ) {
        let column = layout.lanes.iter().position(|&lane| lane == line.lane).unwrap_or(0);
        let prefix = match layout.lanes.is_empty() {
            true => format!("{}: ", self.name(line.lane)),
            false => String::new(),
        };
        let began = line.events.iter().find_map(|event| match event {
            Event::Began(turn) => Some(&self.program.cast.turns[*turn].text),
            _ => None,
        });
        if let Some(text) = began {
            let text = format!("{prefix}▸ \"{}\"", escape(text));
            let row = Row {
                step: number.take(),
                column,
                text,
                tone: Tone::Plain,
                mark: String::new(),
                shared: String::new(),
            };
            self.row(page, layout, &row, held);
        }
        if !line.holds.is_empty() && !held.contains(&line.lane) {
            held.push(line.lane);
        }
        let (marks, reply) = self.marks(layout, step, line);
        let tone = if marks.is_empty() { Tone::Plain } else { Tone::Bad };
        let mut texts = vec![(format!("{prefix}{}", escape(&line.text)), Tone::Plain)];
        texts.extend(reply.map(|reply| (format!("{prefix}◂ \"{}\"", escape(&reply)), tone)));
        let marks = mark_rows(&marks, layout.column - 1);
        let shared = self.places(layout).rows(line);
        for index in 0..texts.len().max(marks.len()).max(shared.len()) {
            let (text, tone) = texts.get(index).cloned().unwrap_or_default();
            let of = |rows: &[String]| rows.get(index).cloned().unwrap_or_default();
            let (mark, shared) = (of(&marks), of(&shared));
            let row = Row { step: number.take(), column, text, tone, mark, shared };
            self.row(page, layout, &row, held);
        }
        if line.holds.is_empty() {
            held.retain(|&lane| lane != line.lane);
        }
    }

    /// The marks behind a line, and the reply that it shows.
    fn marks(
        &self,
        layout: &Layout,
        step: usize,
        line: &LineRun,
    ) -> (Vec<&'static str>, Option<String>) {
        let mut marks = Vec::new();
        let at = layout.marks.iter().filter(|mark| (mark.step, mark.lane) == (step, line.lane));
        let touches = at.into_iter().any(|mark| {
            line.events.iter().any(|event| match event {
                Event::Read { .. } => !mark.writes,
                Event::Wrote { .. } => mark.writes,
                _ => false,
            })
        });
        if touches {
            marks.push("(!)");
        }
        let reply = line.events.iter().find_map(|event| match event {
            Event::Replied { turn, said } => Some((*turn, said)),
            _ => None,
        });
        if let Some((turn, _)) = reply {
            let of_turn =
                |(anomaly, finding): &&Found| finding.turn == Some(turn) && is_reply(anomaly);
            marks.extend(self.findings.iter().filter(of_turn).map(|(anomaly, _)| anomaly.mark));
        }
        (marks, reply.map(|(_, said)| said.text.to_string()))
    }

    fn row(&self, page: &mut Page, layout: &Layout, row: &Row, held: &[LaneId]) {
        let step = row.step.map_or_else(String::new, |step| (step + 1).to_string());
        let mut spans = vec![(format!("{step:>3}  "), Tone::Dim)];
        for column in 0..layout.lanes.len().max(1) {
            let holds = match layout.lanes.get(column) {
                Some(lane) => held.contains(lane),
                None => false,
            };
            spans.push((if holds { "┃" } else { " " }.into(), Tone::Strong));
            let room = layout.column - 1;
            match column == row.column {
                true if row.mark.is_empty() => spans.push((fit(&row.text, room), row.tone)),
                true => {
                    let text = fit(&row.text, room - width(&row.mark) - 1);
                    spans.push((format!("{text} "), row.tone));
                    spans.push((row.mark.clone(), Tone::Bad));
                }
                false => spans.push((" ".repeat(room), Tone::Plain)),
            }
            spans.push((" │".into(), Tone::Dim));
        }
        spans.push((format!(" {}", cut(&escape(&row.shared), layout.shared)), Tone::Plain));
        print(page, &spans);
    }

    fn ending(&self, page: &mut Page, layout: &Layout) {
        match self.record.ending {
            Ending::Stuck(_) => return self.rule(page, layout, "nobody can move any more"),
            Ending::Open => return,
            Ending::Complete => {}
        }
        let at_end = self.findings.iter().filter(|(anomaly, _)| !is_reply(anomaly));
        let sessions: BTreeSet<SessionId> = at_end
            .filter_map(|(_, finding)| Some(self.program.cast.session_of(finding.turn?)))
            .collect();
        // Several sessions may keep theirs in one place.
        let cells: BTreeSet<usize> = sessions
            .into_iter()
            .filter_map(|session| match self.program.stored_cells(session).as_slice() {
                [cell] => Some(*cell),
                _ => None,
            })
            .collect();
        for cell in cells {
            let Some(place) = self.program.code.stored else { return };
            let name = self.program.instance_name(place, cell);
            let words = self.places(layout).words(&self.record.cells[cell]).join(" ");
            self.rule(page, layout, &format!("at the end: {name} = {words}"));
        }
    }

    fn legend(&self, page: &mut Page, layout: &Layout) {
        let indent = " ".repeat(GUTTER + 1);
        let mut explain = |text: String| {
            for line in textwrap::wrap(&escape(&text), COLUMNS - GUTTER - 1) {
                page.line(&[(&indent, Tone::Plain), (&line, Tone::Dim)]);
            }
        };
        match layout.marks.as_slice() {
            [mark] => explain(format!("(!) {}", mark.says)),
            marks => marks
                .iter()
                .for_each(|it| explain(format!("(!) in step {}: {}", it.step + 1, it.says))),
        }
        let values = self.record.events().filter_map(|(_, _, event)| match event {
            Event::Read { value, .. } | Event::Wrote { value, .. } => Some(value),
            _ => None,
        });
        let first = values.flat_map(|value| match value {
            Value::Messages(messages) => messages.as_slice(),
            Value::Answer(_) | Value::Small(_) => &[],
        });
        if let Some(message) = first.into_iter().next() {
            let lane = self.program.cast.lane_name_of(message.turn);
            let number = self.program.cast.turns[message.turn].number;
            let label = self.places(layout).label(message.turn);
            explain(format!(
                "{label} is {lane}'s message {number}, +a or :a its answer; ➜ reads, = holds now"
            ));
        }
        if self.record.events().any(|(_, _, event)| matches!(event, Event::Sent { .. })) {
            explain("← put into the mailbox, → taken out of it".into());
        }
        if self.record.steps.iter().flat_map(|step| &step.lines).any(|line| !line.holds.is_empty())
        {
            explain("┃ this lane holds a lock".into());
        }
    }
}

/// Whether an anomaly is about a reply, rather than about the end of the run.
fn is_reply(anomaly: &Anomaly) -> bool {
    matches!(anomaly.judge, Judgement::Reply(_))
}

/// Marks in as few rows as leave a little of the text before them.
fn mark_rows(marks: &[&str], room: usize) -> Vec<String> {
    const TEXT: usize = 4;
    let mut rows: Vec<String> = Vec::new();
    for mark in marks {
        match rows.last_mut() {
            Some(row) if width(row) + 1 + width(mark) + 1 + TEXT <= room => {
                row.push(' ');
                row.push_str(mark);
            }
            _ => rows.push((*mark).to_owned()),
        }
    }
    rows
}

fn print(page: &mut Page, spans: &[(String, Tone)]) {
    let spans: Vec<(&str, Tone)> =
        spans.iter().map(|(text, tone)| (text.as_str(), *tone)).collect();
    page.line(&spans);
}
