//! What a case says: who did what to whom, in which request, and how it came about.

use super::super::numbers::count;
use crate::log::diagnosis::{Finding, Kind};
use std::borrow::Cow;

/// A name that can be seen.
fn visible(name: &str) -> Cow<'_, str> {
    match name.trim().is_empty() {
        true => format!("\"{name}\"").into(),
        false => name.into(),
    }
}

/// `bob's request r2`, of the one who is wronged by a leak, or wrote last.
fn request_of(finding: &Finding) -> String {
    format!("{}'s request {}", visible(finding.who.name()), visible(&finding.request))
}

/// The same of the other one, whose request may not be known.
fn other_request_of(finding: &Finding) -> String {
    let other = visible(finding.other.name());
    match &finding.other_request {
        Some(request) => format!("{other}'s request {}", visible(request)),
        None => other.into_owned(),
    }
}

/// A case in one sentence.
pub(super) fn said(finding: &Finding) -> String {
    let (request, other) = (request_of(finding), visible(finding.other.name()));
    let line = count(finding.line as usize);
    let cell = visible(finding.cell.as_deref().unwrap_or_default());
    let message = finding.message.as_ref().map(|id| format!("\"{id}\""));
    let by = other_request_of(finding);
    match finding.kind {
        Kind::Leak => {
            let message = message.map_or_else(String::new, |id| format!(" {id}"));
            format!(
                "the reply to {request} (line {line}) was built from {other}'s message{message}."
            )
        }
        Kind::Lost => {
            let what = message.map_or_else(|| "what".into(), |id| format!("{id}, which"));
            format!("{request} (line {line}) wiped out {what} {by} had put into {cell}.")
        }
        Kind::Stale => {
            format!("{request} (line {line}) may have overwritten what {by} had put into {cell}.")
        }
    }
}

/// How it came about.
pub(super) fn why(finding: &Finding) -> String {
    let (who, other) = (visible(finding.who.name()), visible(finding.other.name()));
    let (request, by) = (request_of(finding), other_request_of(finding));
    let [first, second] = finding.pair.each_ref().map(|place| count(place.spot.line as usize));
    let quoted = finding.message.as_ref().map(|message| format!("\"{message}\""));
    let message = quoted.as_deref().unwrap_or("the message");
    let by_cell = finding.cell.as_deref().map(visible);
    let cell = by_cell.as_deref().unwrap_or("the cell");
    match finding.kind {
        Kind::Leak => {
            let read = match &by_cell {
                Some(cell) => format!("{request} read it from {cell} (line {second})"),
                None => format!(
                    "the reply to {request} names it as what it was built from (line {second})"
                ),
            };
            let whose = format!("A reply to {who} may use only what {who} said");
            format!("{message} belongs to {other} (line {first}), and {read}. {whose}.")
        }
        Kind::Lost => format!(
            "{by} wrote {cell} (line {first}) after {request} had read it. So {request} put back an \
             old copy (line {second}), without {}.",
            quoted.as_deref().unwrap_or("what was new"),
        ),
        Kind::Stale => format!(
            "{by} wrote {cell} (line {first}) after {request} had read it, and then {request} wrote \
             it (line {second}). The log does not name the messages of both writes, so what was lost \
             cannot be told."
        ),
    }
}
