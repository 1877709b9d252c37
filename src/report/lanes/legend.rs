//! What the signs of a diagram mean that occur in it.

use super::layout::GUTTER;
use super::{Diagram, Lines};
use crate::phrase;
use crate::report::page::Tone;
use crate::story::did::Did;
use crate::story::order::{Mark, Step};
use crate::words::Phrase;

impl Diagram<'_> {
    /// One line for each sign, or all in one where there is little room.
    pub(super) fn legend(&mut self) {
        let indent = " ".repeat(GUTTER + 1);
        let signs = match self.draws_all() {
            true => self.signs(),
            false => vec![Phrase::joined("lanes-signs", self.signs())],
        };
        for sign in signs.iter().filter(|sign| !sign.is_empty()) {
            self.page.indented((&indent, &indent), sign, Tone::Dim);
        }
    }

    fn signs(&self) -> Vec<Phrase> {
        let mut signs = self.marks_explained();
        if let Some(example) = &self.order.example {
            let (label, lane, number) = (&example.label, &example.lane, example.number);
            signs.push(match self.draws_all() {
                true => phrase!("sign-label-full", label = label, lane = lane, number = number),
                false => phrase!("sign-label", label = label, lane = lane, number = number),
            });
        }
        let marked = self.order.marks.iter().any(|mark| mark.shows.is_none());
        signs.extend(
            (marked && !self.draws_all() && self.lines < Lines::NoSwitches)
                .then(|| phrase!("sign-access-brief")),
        );
        let mut lines = self.order.steps.iter().flat_map(|step: &Step| &step.lines);
        if lines.clone().flat_map(|line| &line.did).any(|did| matches!(did, Did::Sent { .. })) {
            signs.push(phrase!("sign-mailbox"));
        }
        if lines.any(|line| !line.holds.is_empty()) {
            signs.push(match self.draws_all() {
                true => phrase!("sign-lock-full"),
                false => phrase!("sign-lock"),
            });
        }
        signs
    }

    /// What `(!)` stands at; on a small page the sentence below says who reads or writes there.
    fn marks_explained(&self) -> Vec<Phrase> {
        let accesses = self.order.marks.iter().filter(|mark| mark.shows.is_none());
        let accesses: Vec<&Mark> = accesses.collect();
        match accesses.as_slice() {
            _ if !self.draws_all() => Vec::new(),
            [mark] => vec![phrase!("sign-access", says = &mark.says)],
            marks => {
                let sign =
                    |mark: &&Mark| phrase!("sign-access-step", step = mark.step, says = &mark.says);
                marks.iter().map(sign).collect()
            }
        }
    }
}
