//! The page of `interleak diagnose`: what was found, the pair of lines that shows it, and what the
//! log does not tell.

mod case;
mod excerpt;

use super::numbers::{count, plural};
use super::page::{LABEL, Page, Paper, Tone};
use crate::log::diagnosis::{Diagnosis, Finding, Kind};
use crate::log::entry::Skip;
use crate::log::session::{LOOKS_MAX, REQUESTS_MAX};
use case::{said, why};
use excerpt::rows;

/// A log that was read.
pub struct Read<'a> {
    /// As it was typed.
    pub log: &'a str,
    /// How many messages of each session were remembered.
    pub remember: usize,
    /// What was found.
    pub diagnosis: &'a Diagnosis,
}

/// How often each kind of wrong was found.
pub fn found(diagnosis: &Diagnosis) -> [(Kind, u64); 3] {
    [(Kind::Leak, diagnosis.leaks), (Kind::Lost, diagnosis.lost), (Kind::Stale, diagnosis.stale)]
}

/// The text.
pub fn render(read: &Read, paper: Paper) -> String {
    let mut page = Page::new(paper);
    read.verdict(&mut page);
    page.blank();
    read.numbers(&mut page);
    for finding in read.firsts() {
        page.blank();
        read.pair(&mut page, finding);
    }
    page.blank();
    read.limits(&mut page);
    read.advice(&mut page);
    page.finish()
}

impl Read<'_> {
    /// The first finding of each kind.
    fn firsts(&self) -> impl Iterator<Item = &Finding> {
        let findings = &self.diagnosis.findings;
        let kinds = found(self.diagnosis).into_iter();
        kinds.filter_map(|(kind, _)| findings.iter().find(|finding| finding.kind == kind))
    }

    fn verdict(&self, page: &mut Page) {
        let diagnosis = self.diagnosis;
        for finding in self.firsts() {
            let (label, tone) = mark(finding.kind);
            page.labelled((label, tone), &said(finding));
        }
        if diagnosis.is_bad() {
            return;
        }
        let judged = plural(&diagnosis.judged.into(), "judged reply", "judged replies");
        let nothing = match diagnosis.judged {
            0 => "No reply could be judged, and no write was lost for certain".into(),
            1 => "The only judged reply was not built from another user's message".into(),
            _ => format!("None of {judged} was built from another user's message"),
        };
        match diagnosis.is_complete() {
            true => page.labelled(
                ("CLEAN", Tone::Good),
                &format!("{nothing}, and no write was lost, as far as the log tells."),
            ),
            false => {
                let but = match self.open().is_empty() {
                    true => "",
                    false => " But not everything could be told: see Open below.",
                };
                page.labelled(("UNKNOWN", Tone::Strong), &format!("{nothing}.{but}"));
            }
        }
    }

    fn numbers(&self, page: &mut Page) {
        let diagnosis = self.diagnosis;
        let [requests, ..] = diagnosis.events;
        let sizes = [
            plural(&diagnosis.lines.into(), "line", "lines"),
            plural(&diagnosis.sessions.into(), "session", "sessions"),
            plural(&requests.into(), "request", "requests"),
        ];
        let name = if self.log == "-" { "standard input" } else { self.log };
        page.labelled(("", Tone::Plain), &format!("{name} · {}", sizes.join(" · ")));
        let replies = plural(&diagnosis.judged.into(), "judged reply", "judged replies");
        let writes = plural(&diagnosis.compared.into(), "write", "writes");
        let (leaks, lost) = (count(diagnosis.leaks as usize), count(diagnosis.lost as usize));
        // Nobody knows what was written before that.
        let open = &diagnosis.open;
        let is_least = diagnosis.lost > 0 && open.too_long_ago.count + open.looks.count > 0;
        let least = if is_least { "at least " } else { "" };
        let mut numbers = vec![
            format!("context-leak: {leaks} of {replies}"),
            format!("lost-update: {least}{lost} lost, {writes} compared with what was read before"),
        ];
        if diagnosis.stale > 0 {
            let stale = plural(&diagnosis.stale.into(), "write", "writes");
            numbers.push(format!("stale-write: {stale} may have overwritten something"));
        }
        numbers.iter().for_each(|line| page.labelled(("", Tone::Plain), line));
    }

    /// The two lines to look at, and why.
    fn pair(&self, page: &mut Page, finding: &Finding) {
        let numbers = finding.pair.each_ref().map(|place| count(place.spot.line as usize));
        let digits = numbers[0].len().max(numbers[1].len());
        for (index, (place, number)) in finding.pair.iter().zip(&numbers).enumerate() {
            let label = if index == 0 { "Lines" } else { "" };
            let excerpt = match &place.excerpt {
                Some(excerpt) => excerpt,
                None => "(cannot be shown: what comes from a pipe is not kept)",
            };
            let number = format!("{number:>digits$}  ");
            let rows = rows(excerpt, page.columns() - LABEL - number.len());
            let label = format!("{label:LABEL$}");
            page.line(&[(&label, Tone::Strong), (&number, Tone::Dim), (&rows[0], Tone::Plain)]);
            let space = " ".repeat(LABEL + number.len());
            rows[1..]
                .iter()
                .for_each(|row| page.line(&[(&space, Tone::Plain), (row, Tone::Plain)]));
        }
        page.labelled(("Why", Tone::Strong), &why(finding));
    }

    /// What was not looked at, and what could not be told.
    fn limits(&self, page: &mut Page) {
        if !self.diagnosis.is_bad() && self.diagnosis.is_complete() {
            page.labelled(("Why", Tone::Strong), &self.why_clean());
        }
        for (index, open) in self.open().iter().enumerate() {
            let label = if index == 0 { "Open" } else { "" };
            page.labelled((label, Tone::Strong), open);
        }
        if let Some(skipped) = self.skipped() {
            page.labelled(("Skipped", Tone::Strong), &skipped);
        }
        page.paragraph(("", Tone::Plain), &self.order(), Tone::Dim);
    }

    fn why_clean(&self) -> String {
        let writes = match self.diagnosis.compared {
            0 => "No write could be compared with a read before it. ",
            _ => {
                "No write that came after a read of its cell dropped what others had written in \
                 between. "
            }
        };
        let public = match self.diagnosis.public {
            0 => "",
            _ => ", or stood in a place that is shared on purpose",
        };
        format!(
            "Every message that a judged reply was built from was brought in by a request of the \
             same user{public}. {writes}A log tells what the app logged: a place that it does not name was \
             not looked at."
        )
    }

    fn open(&self) -> Vec<String> {
        let mut lines = self.open_messages();
        lines.extend(self.open_replies());
        lines.extend(self.open_writes());
        if self.diagnosis.open.skipped > 0 {
            let skipped = self.diagnosis.open.skipped;
            let skipped = were(&plural(&skipped.into(), "line", "lines"), skipped);
            lines.push(format!("{skipped} skipped that may say something: see Skipped."));
        }
        lines
    }

    /// Of whom the messages are.
    fn open_messages(&self) -> Vec<String> {
        let open = &self.diagnosis.open;
        let replies = |count: u64| plural(&count.into(), "reply", "replies");
        let mut lines = Vec::new();
        if self.diagnosis.interrupted {
            let read = count(self.diagnosis.lines as usize);
            lines.push(format!("It was interrupted: only the first {read} lines were read."));
        }
        if open.unknown.count > 0 {
            lines.push(format!(
                "{} built from messages of unknown origin, {} in all (first: line {}). They were \
                 brought in before this log began, or longer ago than is remembered ({} messages \
                 of each session).",
                were(&replies(open.unknown.count), open.unknown.count),
                count(open.unknown.ids as usize),
                count(open.unknown.first as usize),
                count(self.remember),
            ));
        }
        if open.unsure.count > 0 {
            lines.push(format!(
                "{} built from messages that may be another user's (first: line {}), but ids are \
                 used twice in this log, so it cannot be told.",
                were(&replies(open.unsure.count), open.unsure.count),
                count(open.unsure.first as usize),
            ));
        }
        if open.used_twice > 0 {
            lines.push(format!(
                "{} used by a second session too. Where one of the two is the reader's, it was \
                 taken for the reader's own.",
                were(&plural(&open.used_twice.into(), "id", "ids"), open.used_twice),
            ));
        }
        lines
    }

    /// Replies that were not judged, and what was forgotten before they came.
    fn open_replies(&self) -> Vec<String> {
        let Diagnosis { open, unjudged, .. } = self.diagnosis;
        let mut lines = Vec::new();
        if *unjudged > 0 {
            lines.push(format!(
                "{} not judged: the log has neither a basis nor every read of the request.",
                were(&plural(&(*unjudged).into(), "reply", "replies"), *unjudged),
            ));
        }
        let requests = open.requests.count;
        if requests > 0 {
            lines.push(format!(
                "{} forgotten because their session had more than {REQUESTS_MAX} open (first: \
                 line {}).",
                were(&plural(&requests.into(), "request", "requests"), requests),
                count(open.requests.first as usize),
            ));
        }
        lines
    }

    /// Writes of which it cannot be told what they overwrote.
    fn open_writes(&self) -> Vec<String> {
        let open = &self.diagnosis.open;
        let mut lines = Vec::new();
        let looks = open.looks.count;
        if looks > 0 {
            lines.push(format!(
                "{} forgotten because their request had read more than {LOOKS_MAX} cells (first: \
                 line {}). What such a request wrote was not compared with them.",
                were(&plural(&looks.into(), "read", "reads"), looks),
                count(open.looks.first as usize),
            ));
        }
        if open.too_long_ago.count > 0 {
            lines.push(format!(
                "{} based on a read so long ago that it is not known what was written since \
                 (first: line {}).",
                were(
                    &plural(&open.too_long_ago.count.into(), "write", "writes"),
                    open.too_long_ago.count
                ),
                count(open.too_long_ago.first as usize),
            ));
        }
        lines
    }

    fn skipped(&self) -> Option<String> {
        let diagnosis = self.diagnosis;
        let reasons = Skip::ALL.into_iter().zip(diagnosis.skipped);
        let reasons: Vec<String> = reasons
            .filter(|(_, (skipped, _))| *skipped > 0)
            .map(|(skip, (skipped, first))| {
                let (skipped, first) = (count(skipped as usize), count(first as usize));
                format!("{skipped} {} (first: line {first})", skip.words())
            })
            .collect();
        let all = plural(&diagnosis.skipped_lines().into(), "line", "lines");
        (!reasons.is_empty()).then(|| format!("{all}: {}.", reasons.join(", ")))
    }

    /// What was not looked at, and in which order the rest was.
    fn order(&self) -> String {
        let diagnosis = self.diagnosis;
        let mut words = String::new();
        if diagnosis.other > 0 {
            let others = plural(&diagnosis.other.into(), "line", "lines");
            words += &format!("{others} of other events not looked at. ");
        }
        words += "The order of the lines was taken for the order of events.";
        words += &self.noted();
        let clock = &diagnosis.clock;
        if let Some((seconds, line)) = clock.farthest {
            let back = plural(&clock.back.into(), "line is", "lines are");
            let line = count(line as usize);
            let far = match seconds < 0.001 {
                true => "less than 0.001 s".to_owned(),
                false => format!("up to {seconds:.3} s"),
            };
            words += &format!(
                " But {back} earlier than the one before, by {far} (line {line}): \
                 the clock was set, or lines are not in order."
            );
        }
        if clock.unreadable > 0 {
            let times = plural(&clock.unreadable.into(), "time", "times");
            words += &format!(" {times} could not be read.");
        }
        words
    }

    /// What is no fault, and good to know.
    fn noted(&self) -> String {
        let Diagnosis { public, requests_alike, .. } = self.diagnosis;
        let mut words = String::new();
        if *public > 0 {
            let lines = were(&plural(&(*public).into(), "line", "lines"), *public);
            words += &format!(
                " {lines} about places that are shared on purpose: no leak was looked for in what \
                 stands there."
            );
        }
        let alike = requests_alike.count;
        if alike > 0 {
            let requests = plural(&alike.into(), "request has", "requests have");
            words += &format!(
                " {requests} an id that another session used too (first: line {}): they were taken \
                 for different requests.",
                count(requests_alike.first as usize)
            );
        }
        words
    }

    fn advice(&self, page: &mut Page) {
        let diagnosis = self.diagnosis;
        let open = &diagnosis.open;
        let more = (self.remember * 10).min(1000);
        let command = match self.firsts().next().map(|finding| finding.kind) {
            Some(Kind::Leak) => "interleak explain context-leak".into(),
            Some(Kind::Lost) => "interleak explain lost-update".into(),
            _ if open.unknown.count > 0 && open.messages > 0 && more > self.remember => {
                format!("interleak diagnose {} --remember {more}", super::shell_word(self.log))
            }
            _ => return,
        };
        page.command("Try", &command);
    }
}

fn mark(kind: Kind) -> (&'static str, Tone) {
    match kind {
        Kind::Leak => ("LEAK", Tone::Bad),
        Kind::Lost => ("LOST", Tone::Bad),
        Kind::Stale => ("PERHAPS", Tone::Strong),
    }
}

/// `12 replies were`, `1 reply was`.
fn were(counted: &str, count: u64) -> String {
    format!("{counted} {}", if count == 1 { "was" } else { "were" })
}
