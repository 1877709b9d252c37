//! The page of `interleak diagnose`: what was found, the pair of lines that shows it, and what the
//! log does not tell. It says facts of [`crate::log`] and decides nothing.

mod case;
mod excerpt;

use super::numbers::count;
use super::page::{LABEL, Page, Paper, Tone};
use super::typed;
use crate::log::diagnosis::{Diagnosis, Finding, Kind};
use crate::log::entry::Skip;
use crate::log::facts::Verdict;
use crate::phrase;
use crate::screen::width;
use crate::story::diagnosis::next;
use crate::words::Phrase;
use case::{said, why};
use excerpt::rows;

/// A log that was read.
pub struct Read<'a> {
    /// As it was typed.
    pub log: &'a str,
    /// What was found.
    pub diagnosis: &'a Diagnosis,
}

/// What people call a log.
pub fn log_name(log: &str) -> Phrase {
    match log {
        "-" => phrase!("log-standard-input"),
        log => log.into(),
    }
}

/// The text.
pub fn render(read: &Read, paper: Paper) -> String {
    let mut page = Page::new(paper);
    read.verdict(&mut page);
    page.blank();
    read.numbers(&mut page);
    for finding in read.diagnosis.firsts() {
        page.blank();
        pair(&mut page, finding);
    }
    page.blank();
    read.limits(&mut page);
    if let Some(next) = next(read.log, read.diagnosis) {
        page.command(phrase!("label-try"), &typed(&next));
    }
    page.finish()
}

impl Read<'_> {
    fn verdict(&self, page: &mut Page) {
        for finding in self.diagnosis.firsts() {
            page.labelled(mark(finding.kind), said(finding));
        }
        let Some(verdict) = self.diagnosis.verdict() else { return };
        let told = Phrase::of("diagnose-verdict", &verdict);
        match verdict {
            Verdict::Clean { .. } => {
                page.labelled((phrase!("label-clean"), Tone::Good), told);
            }
            Verdict::Unknown { .. } => {
                let is_open = !self.diagnosis.limits().is_empty();
                let open = is_open.then(|| phrase!("diagnose-see-open"));
                let told = Phrase::sentences([told].into_iter().chain(open));
                page.labelled((phrase!("label-unknown"), Tone::Strong), told);
            }
        }
    }

    fn numbers(&self, page: &mut Page) {
        let Diagnosis { lines, sessions, judged, leaks, lost, compared, stale, .. } =
            *self.diagnosis;
        let [requests, ..] = self.diagnosis.events;
        let lost = match self.diagnosis.lost_is_least() {
            true => phrase!("diagnose-count-lost-at-least", lost = lost, writes = compared),
            false => phrase!("diagnose-count-lost", lost = lost, writes = compared),
        };
        let mut numbers = vec![
            phrase!(
                "diagnose-size",
                log = log_name(self.log),
                lines = lines,
                sessions = sessions,
                requests = requests
            ),
            phrase!("diagnose-count-leaks", leaks = leaks, judged = judged),
            lost,
        ];
        if stale > 0 {
            numbers.push(phrase!("diagnose-count-stale", writes = stale));
        }
        numbers.iter().for_each(|line| page.labelled(("", Tone::Plain), line));
    }

    /// Why it is clean, what could not be told, and what was not looked at.
    fn limits(&self, page: &mut Page) {
        let grounds = self.diagnosis.grounds();
        if !grounds.is_empty() {
            let grounds = grounds.iter().map(|ground| Phrase::of("diagnose-ground", ground));
            page.labelled((phrase!("label-why"), Tone::Strong), Phrase::sentences(grounds));
        }
        let mut label = phrase!("diagnose-label-open");
        for limit in self.diagnosis.limits() {
            page.labelled((&label, Tone::Strong), Phrase::of("diagnose-limit", &limit));
            label = Phrase::nothing();
        }
        if let Some(skipped) = self.skipped() {
            page.labelled((phrase!("diagnose-label-skipped"), Tone::Strong), skipped);
        }
        let notes = self.diagnosis.notes();
        let notes = notes.iter().map(|note| Phrase::of("diagnose-note", note));
        page.paragraph(("", Tone::Plain), Phrase::sentences(notes), Tone::Dim);
    }

    fn skipped(&self) -> Option<Phrase> {
        let reasons = Skip::ALL.into_iter().zip(self.diagnosis.skipped);
        let reasons = reasons.filter(|(_, (lines, _))| *lines > 0).map(|(skip, (lines, first))| {
            let reason = skip.phrase();
            phrase!("diagnose-skipped-reason", lines = lines, reason = reason, first_line = first)
        });
        let (lines, reasons) = (self.diagnosis.skipped_lines(), Phrase::list(reasons));
        (lines > 0).then(|| phrase!("diagnose-skipped", lines = lines, reasons = reasons))
    }
}

/// The two lines to look at, and why.
fn pair(page: &mut Page, finding: &Finding) {
    let numbers = finding.pair.each_ref().map(|place| count(place.spot.line as usize));
    let digits = numbers[0].len().max(numbers[1].len());
    let label = page.said(phrase!("diagnose-label-lines"));
    let indent = LABEL.max(width(&label) + 1);
    let room = indent + digits + 2;
    for (index, (place, number)) in finding.pair.iter().zip(&numbers).enumerate() {
        let label = if index == 0 { &label } else { "" };
        let excerpt = match &place.excerpt {
            Some(excerpt) => excerpt.clone(),
            None => page.said(phrase!("diagnose-not-kept")),
        };
        let rows = rows(&excerpt, page.columns() - room);
        let space = " ".repeat(indent - width(label));
        let number = format!("{number:>digits$}  ");
        page.line(&[
            (label, Tone::Strong),
            (&space, Tone::Plain),
            (&number, Tone::Dim),
            (&rows[0], Tone::Plain),
        ]);
        let space = " ".repeat(room);
        rows[1..].iter().for_each(|row| page.line(&[(&space, Tone::Plain), (row, Tone::Plain)]));
    }
    page.labelled((phrase!("label-why"), Tone::Strong), why(finding));
}

fn mark(kind: Kind) -> (Phrase, Tone) {
    match kind {
        Kind::Leak => (phrase!("diagnose-mark-leak"), Tone::Bad),
        Kind::Lost => (phrase!("diagnose-mark-lost"), Tone::Bad),
        Kind::Stale => (phrase!("diagnose-mark-stale"), Tone::Strong),
    }
}
