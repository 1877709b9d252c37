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
use crate::anomalies::facts::Mark;
use crate::anomalies::{Anomaly, Finding, Judgement};
use crate::model::program::Program;
use crate::model::{LaneId, SessionId, TurnId};
use crate::replay::record::{Ending, Event, LineRun, Record, StepRun, Value};
use crate::screen::{COLUMNS, cut, escape, fit, width};
use std::collections::BTreeSet;

/// Where a lane would have fewer columns than these, all lanes share one, each line behind its
/// lane's name.
const LANE_COLUMNS_MIN: usize = 13;
/// An order of so many steps is short: all of them fit a screen.
const SHORT: usize = 8;
/// Columns for the step number.
const GUTTER: usize = 5;
/// What a switch is, for whoever meets the word for the first time.
const SWITCH: &str = "the server goes on with another lane";

/// Which lines are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Each, and every sign is explained in a line of its own.
    All,
    /// Requests, accesses and replies.
    ThatMatter,
}

/// What is drawn.
pub struct Diagram<'a> {
    /// The program.
    pub program: &'a Program,
    /// What happened.
    pub record: &'a Record,
    /// What is wrong in it, to be marked.
    pub findings: &'a [Found<'a>],
    /// Which lines are drawn.
    pub lines: Lines,
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
    /// Columns of the page, of each lane, and of what is shared.
    page: usize,
    column: usize,
    shared: usize,
    /// The only place that is touched, if there is just one.
    only_place: Option<String>,
    marks: Vec<Mark>,
}

/// Draws a diagram and explains its signs.
pub fn draw(page: &mut Page, diagram: &Diagram) {
    let layout = diagram.layout(page.columns());
    diagram.header(page, &layout);
    let mut held: Vec<LaneId> = Vec::new();
    let mut last: Option<LaneId> = None;
    let mut explained = false;
    let mut folded: Vec<usize> = Vec::new();
    for (index, step) in diagram.record.steps.iter().enumerate() {
        let mut movers = step.lines.iter().map(|line| line.lane).chain([step.lane]);
        let is_shown = movers.any(|lane| layout.shown.contains(&lane));
        if !is_shown || !diagram.is_told(&layout, index, step) {
            folded.push(index);
            continue;
        }
        diagram.fold(page, &layout, &mut folded);
        if last.is_some_and(|last| last != step.lane) && (diagram.draws_all() || step.preempts) {
            diagram.switch(page, &layout, step, last, !explained && diagram.draws_all());
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

impl Diagram<'_> {
    fn draws_all(&self) -> bool {
        self.lines == Lines::All
    }

    /// Whether a step belongs to a turn that a finding is about. In a short order every step is told.
    fn is_told(&self, layout: &Layout, index: usize, step: &StepRun) -> bool {
        let concerns_all = self.findings.iter().any(|(_, finding)| finding.turn.is_none());
        if self.draws_all() || self.record.steps.len() <= SHORT || concerns_all {
            return true;
        }
        let told = |turn: TurnId| {
            let mut findings = self.findings.iter();
            findings.any(|(_, it)| it.turn == Some(turn) || it.about.contains(&turn))
        };
        let marked = layout.marks.iter().any(|mark| mark.step == index);
        marked || step.lines.iter().filter_map(|line| line.turn).any(told)
    }

    fn name(&self, lane: LaneId) -> &str {
        &self.program.lanes[lane].name
    }

    fn places(&self, layout: &Layout) -> Places<'_> {
        let single = layout.only_place.is_some();
        Places { program: self.program, columns: layout.shared, single, one_row: !self.draws_all() }
    }

    fn layout(&self, page: usize) -> Layout {
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
        let (column, shared) = widths(page, shown.len().max(1));
        let (lanes, (column, shared)) = match column < LANE_COLUMNS_MIN {
            true => (Vec::new(), widths(page, 1)),
            false => (shown.clone(), (column, shared)),
        };
        Layout { lanes, shown, page, column, shared, only_place: self.only_place(), marks }
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
        let fits = width(&explained) <= layout.page - 8;
        self.rule(page, layout, if explain && fits { &explained } else { &text });
        if explain && !fits {
            print(page, &[(format!("     (switch: {SWITCH})"), Tone::Dim)]);
        }
    }

    /// A line across the diagram with words in it.
    fn rule(&self, page: &mut Page, layout: &Layout, text: &str) {
        let text = cut(text, layout.page - 8);
        let start = format!("  ── {text} ");
        let columns = layout.lanes.len().max(1);
        let crossings: Vec<usize> =
            (1..=columns).map(|column| GUTTER + column * (layout.column + 2) - 1).collect();
        let rest = (width(&start)..layout.page)
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
        let shared = self.places(layout).rows(line);
        // A reply says more than its `return`, and what touches nothing is no news.
        let is_told = match self.lines {
            Lines::All => true,
            Lines::ThatMatter => reply.is_none() && !(marks.is_empty() && shared.is_empty()),
        };
        let mut texts = Vec::new();
        if is_told {
            texts.push((format!("{prefix}{}", escape(&line.text)), Tone::Plain));
        }
        texts.extend(reply.map(|reply| (format!("{prefix}◂ \"{}\"", escape(&reply)), tone)));
        let marks = mark_rows(&marks, layout.column - 1);
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
        let mut signs = self.signs(layout);
        if !self.draws_all() {
            signs = vec![signs.join("; ")];
        }
        for sign in signs.iter().filter(|sign| !sign.is_empty()) {
            page.indented((&indent, &indent), sign, Tone::Dim);
        }
    }

    /// What the signs mean that occur.
    fn signs(&self, layout: &Layout) -> Vec<String> {
        let mut signs = Vec::new();
        let mut explain = |text: String| signs.push(text);
        match layout.marks.as_slice() {
            // The sentence below says who reads or writes there.
            _ if !self.draws_all() => {}
            [mark] => explain(format!("(!) {}", mark.says.phrase().english())),
            marks => marks.iter().for_each(|it| {
                let says = it.says.phrase().english();
                explain(format!("(!) in step {}: {says}", it.step + 1));
            }),
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
            let (answer, now) = if self.draws_all() { ("+a or :a", " now") } else { ("+a", "") };
            explain(format!(
                "{label} is {lane}'s message {number}, {answer} its answer; ➜ reads, = holds{now}"
            ));
        }
        if self.record.events().any(|(_, _, event)| matches!(event, Event::Sent { .. })) {
            explain("← put into the mailbox, → taken out of it".into());
        }
        if self.record.steps.iter().flat_map(|step| &step.lines).any(|line| !line.holds.is_empty())
        {
            explain(if self.draws_all() { "┃ this lane holds a lock" } else { "┃ lock" }.into());
        }
        signs
    }
}

/// Columns of each lane, and of what is shared: beside many lanes less is left for it. A page that is
/// wider than usual has more of both.
fn widths(page: usize, lanes: usize) -> (usize, usize) {
    let usual = match lanes {
        1 => 27,
        2 => 20,
        3 => 17,
        _ => 14,
    };
    let shared = usual + page.saturating_sub(COLUMNS) / (lanes + 1);
    let column = (page - GUTTER - 1 - shared) / lanes;
    (column.saturating_sub(2), shared)
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
