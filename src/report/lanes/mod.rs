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

mod layout;
mod legend;
mod places;

use super::page::{Page, Tone};
use crate::phrase;
use crate::screen::{cut, escape, fit, width};
use crate::story::did::Did;
use crate::story::order::{At, Ending, Line, Mark, Order, Step};
use crate::words::Phrase;
use layout::{GUTTER, Layout};
use places::Places;

/// Which lines are drawn, from all of them to the fewest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lines {
    /// Each, and every sign is explained in a line of its own.
    All,
    /// Requests, accesses and replies.
    ThatMatter,
    /// Of the replies, only those that are wrong.
    WrongReplies,
    /// And no line for a switch: the numbers of the steps tell it.
    NoSwitches,
    /// And a request and its first access in one line.
    Fewest,
}

impl Lines {
    /// What a small page may draw, the most first.
    pub const SMALL: [Lines; 4] =
        [Lines::ThatMatter, Lines::WrongReplies, Lines::NoSwitches, Lines::Fewest];
}

/// One row: the step number, the text and tone of each lane column, and what is shared.
struct Row {
    step: Option<usize>,
    column: usize,
    text: String,
    tone: Tone,
    mark: String,
    shared: String,
}

/// Draws an order and explains its signs.
pub fn draw(page: &mut Page, order: &Order, lines: Lines) {
    let layout = Layout::of(order, page);
    let held = Vec::new();
    let mut diagram = Diagram { page, order, lines, layout, held };
    diagram.header();
    diagram.steps();
    diagram.ending();
    diagram.legend();
}

struct Diagram<'a> {
    page: &'a mut Page,
    order: &'a Order,
    lines: Lines,
    layout: Layout<'a>,
    /// The lanes that hold a lock.
    held: Vec<&'a str>,
}

impl<'a> Diagram<'a> {
    fn draws_all(&self) -> bool {
        self.lines == Lines::All
    }

    fn places(&self) -> Places {
        let single = self.order.only_place.is_some();
        let words = self.page.paper().words;
        Places { words, columns: self.layout.shared, single, one_row: !self.draws_all() }
    }

    fn header(&mut self) {
        let mut spans = vec![(" ".repeat(GUTTER), Tone::Plain)];
        let together = self.page.said(phrase!("lanes-together"));
        let names: Vec<&str> = match self.layout.lanes.is_empty() {
            true => vec![&together],
            false => self.layout.lanes.clone(),
        };
        for name in names {
            spans.push((format!(" {}", fit(name, self.layout.column - 1)), Tone::Strong));
            spans.push((" │".into(), Tone::Dim));
        }
        let shared = self.page.said(phrase!("lanes-shared"));
        let shared = self.order.only_place.as_deref().unwrap_or(&shared);
        spans.push((format!(" {}", cut(&escape(shared), self.layout.shared)), Tone::Strong));
        self.print(&spans);
    }

    fn steps(&mut self) {
        let mut last: Option<&str> = None;
        let mut explained = false;
        let mut folded: Vec<&str> = Vec::new();
        for (index, step) in self.order.steps.iter().enumerate() {
            let mut movers = step.lines.iter().map(|line| line.lane.as_str()).chain([&*step.lane]);
            let is_shown = movers.any(|lane| self.layout.shown.contains(&lane));
            if !is_shown || !(self.draws_all() || self.order.concerned[index]) {
                folded.push(&step.lane);
                step.lines.iter().for_each(|line| self.holds(line));
                continue;
            }
            self.fold(&mut folded);
            let moved_on = last.is_some_and(|last| last != step.lane);
            if moved_on && self.tells_switch(step) {
                self.switch(step, last, !explained && self.draws_all());
                explained = true;
            }
            last = Some(&step.lane);
            let mut number = Some(index + 1);
            for line in &step.lines {
                match self.layout.shown.contains(&&*line.lane) {
                    true => self.line(index + 1, line, &mut number),
                    // A worker that is shown runs within the step of a lane that is not.
                    false => self.holds(line),
                }
            }
        }
        self.fold(&mut folded);
    }

    /// A switch inside a turn matters.
    fn tells_switch(&self, step: &Step) -> bool {
        self.draws_all() || (step.preempts && self.lines < Lines::NoSwitches)
    }

    fn switch(&mut self, step: &Step, last: Option<&str>, explain: bool) {
        let switch = match last.filter(|_| step.preempts) {
            Some(last) => phrase!("lanes-switch-inside", lane = &step.lane, inside = last),
            None => phrase!("lanes-switch", lane = &step.lane),
        };
        let means = phrase!("lanes-switch-means");
        let both = self.page.said(phrase!("lanes-explained", text = &switch, means = &means));
        let fits = width(&both) <= self.page.columns() - 8;
        match explain && fits {
            true => self.rule(&both),
            false => self.rule(&self.page.said(switch)),
        }
        if explain && !fits {
            let means = self.page.said(phrase!("lanes-switch-is", means = means));
            self.print(&[(format!("     {means}"), Tone::Dim)]);
        }
    }

    /// A line across the diagram with words in it.
    fn rule(&mut self, text: &str) {
        let text = cut(text, self.page.columns() - 8);
        let start = format!("  ── {text} ");
        let crossings = self.layout.crossings();
        let rest = (width(&start)..self.page.columns())
            .map(|column| if crossings.contains(&column) { '┼' } else { '─' });
        let rest: String = rest.collect();
        self.print(&[(start, Tone::Plain), (rest, Tone::Dim)]);
    }

    /// Steps that are not shown, in one row.
    fn fold(&mut self, folded: &mut Vec<&str>) {
        let runs = folded.chunk_by(|left, right| left == right);
        let moves: Vec<Phrase> =
            runs.map(|run| phrase!("lanes-moves", lane = run[0], times = run.len())).collect();
        folded.clear();
        if !moves.is_empty() {
            let moves = Phrase::list(moves);
            self.rule(&self.page.said(phrase!("lanes-not-shown", moves = moves)));
        }
    }

    fn line(&mut self, step: usize, line: &'a Line, number: &mut Option<usize>) {
        let takes = !line.holds.is_empty() && !self.held.contains(&&*line.lane);
        let marks = self.marks(step, line);
        let shared = self.places().rows(line);
        let texts = self.texts(line, (&marks, &shared));
        // What is shared stands beside the code, not beside the request before it.
        let ahead = usize::from(texts.len() > 1 && began(line).is_some());
        let marks = mark_rows(&marks, self.layout.column - 1);
        let column = self.layout.column_of(&line.lane);
        for index in 0..texts.len().max(ahead + marks.len()).max(ahead + shared.len()) {
            let (text, tone) = texts.get(index).cloned().unwrap_or_default();
            let of = |rows: &[String]| {
                index.checked_sub(ahead).and_then(|row| rows.get(row)).cloned().unwrap_or_default()
            };
            let (mark, shared) = (of(&marks), of(&shared));
            if takes && index == ahead {
                self.held.push(&line.lane);
            }
            self.row(&Row { step: number.take(), column, text, tone, mark, shared });
        }
        self.holds(line);
    }

    /// Notes whether a lane holds a lock behind a line.
    fn holds(&mut self, line: &'a Line) {
        self.held.retain(|&lane| lane != line.lane);
        if !line.holds.is_empty() {
            self.held.push(&line.lane);
        }
    }

    /// What stands in a lane's column for a line: the request that begins there, the code, the reply.
    fn texts(&self, line: &Line, (marks, shared): (&[&str], &[String])) -> Vec<(String, Tone)> {
        let prefix = match self.layout.lanes.is_empty() {
            true => format!("{}: ", line.lane),
            false => String::new(),
        };
        let tone = if marks.is_empty() { Tone::Plain } else { Tone::Bad };
        let fewer = self.lines >= Lines::WrongReplies && marks.is_empty();
        let reply = line.reply.as_ref().filter(|_| !fewer);
        let began = began(line);
        // A reply says more than its `return`, and what touches nothing is no news.
        let is_news = reply.is_none() && !(marks.is_empty() && shared.is_empty());
        let in_request = self.lines == Lines::Fewest && marks.is_empty() && began.is_some();
        let is_told = self.draws_all() || (is_news && !in_request);
        let began = began.map(|text| (format!("{prefix}▸ \"{}\"", escape(text)), Tone::Plain));
        let code = is_told.then(|| (format!("{prefix}{}", escape(&self.code(line))), Tone::Plain));
        let reply = reply.map(|reply| (format!("{prefix}◂ \"{}\"", escape(reply)), tone));
        [began, code, reply].into_iter().flatten().collect()
    }

    /// A line's code, or what happens where the listing has none.
    fn code(&self, line: &Line) -> String {
        match &line.says {
            Some(says) => format!("# {}", self.page.said(says)),
            None => line.code.clone(),
        }
    }

    /// The marks behind a line: at an access first, then those of the anomalies that its reply shows.
    fn marks(&self, step: usize, line: &Line) -> Vec<&'static str> {
        let here = self.order.marks.iter().filter(|it| it.step == step && it.lane == line.lane);
        let here: Vec<&Mark> =
            here.filter(|mark| line.did.iter().any(|did| is_at(did, &mark.at))).collect();
        let access = here.iter().any(|mark| mark.shows.is_none()).then_some("(!)");
        access.into_iter().chain(here.iter().filter_map(|mark| mark.shows)).collect()
    }

    fn row(&mut self, row: &Row) {
        let step = row.step.map_or_else(String::new, |step| step.to_string());
        let mut spans = vec![(format!("{step:>3}  "), Tone::Dim)];
        for column in 0..self.layout.lanes.len().max(1) {
            let lane = self.layout.lanes.get(column);
            let holds = lane.is_some_and(|lane| self.held.contains(lane));
            spans.push((if holds { "┃" } else { " " }.into(), Tone::Strong));
            let room = self.layout.column - 1;
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
        spans.push((format!(" {}", cut(&escape(&row.shared), self.layout.shared)), Tone::Plain));
        self.print(&spans);
    }

    fn ending(&mut self) {
        match self.order.ending {
            Ending::Stuck => self.rule(&self.page.said(phrase!("lanes-stuck"))),
            Ending::Open => {}
            // The last write shows it too.
            Ending::Complete if self.lines >= Lines::WrongReplies => {}
            Ending::Complete => {
                for at_end in &self.order.at_end {
                    let held = self.places().words(&at_end.held).join(" ");
                    let end = phrase!("lanes-at-end", place = &at_end.place, held = held);
                    self.rule(&self.page.said(end));
                }
            }
        }
    }

    fn print(&mut self, spans: &[(String, Tone)]) {
        let spans: Vec<(&str, Tone)> =
            spans.iter().map(|(text, tone)| (text.as_str(), *tone)).collect();
        self.page.line(&spans);
    }
}

/// The question of the request that begins in a line.
fn began(line: &Line) -> Option<&str> {
    line.did.iter().find_map(|did| match did {
        Did::Began { text, .. } => Some(text.as_str()),
        _ => None,
    })
}

/// Whether it is what a mark stands at.
fn is_at(did: &Did, at: &At) -> bool {
    match (did, at) {
        (Did::Read { .. }, At::Read) | (Did::Wrote { .. }, At::Write) => true,
        (Did::Replied { request, .. }, At::Reply(marked)) => request == marked,
        _ => false,
    }
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
