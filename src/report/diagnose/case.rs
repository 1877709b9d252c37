//! What a case says: who did what to whom, in which request, and how it came about.

use crate::log::diagnosis::{Finding, How, Kind, Who};
use crate::phrase;
use crate::words::Phrase;

/// A case in one sentence.
pub(super) fn said(finding: &Finding) -> Phrase {
    let Finding { line, message, .. } = finding;
    let (request, other) = (request_of(finding), named(&finding.other));
    let (by, cell) = (other_request_of(finding), cell_of(finding));
    match (finding.kind, message) {
        (Kind::Leak, Some(id)) => {
            phrase!("diagnose-leak", request = request, line = *line, other = other, message = id)
        }
        (Kind::Leak, None) => {
            phrase!("diagnose-leak-unnamed", request = request, line = *line, other = other)
        }
        (Kind::Lost, Some(id)) => phrase!(
            "diagnose-lost",
            request = request,
            line = *line,
            message = id,
            by = by,
            cell = cell
        ),
        (Kind::Lost, None) => {
            phrase!("diagnose-lost-unnamed", request = request, line = *line, by = by, cell = cell)
        }
        (Kind::Stale, _) => {
            phrase!("diagnose-stale", request = request, line = *line, by = by, cell = cell)
        }
    }
}

/// How it came about.
pub(super) fn why(finding: &Finding) -> Phrase {
    let (who, other) = (named(&finding.who), named(&finding.other));
    let (request, by) = (request_of(finding), other_request_of(finding));
    let [first, second] = finding.pair.each_ref().map(|place| place.spot.line);
    let quoted = finding.message.as_ref().map(|id| phrase!("diagnose-quoted", text = id));
    let or = |other: Phrase| quoted.clone().unwrap_or(other);
    match (finding.kind, finding.how) {
        (Kind::Leak, How::Asked) => phrase!(
            "diagnose-why-leak-asked",
            message = or(phrase!("diagnose-the-message")),
            other = other,
            first = first,
            who = who,
            second = second
        ),
        (Kind::Leak, How::Named) => phrase!(
            "diagnose-why-leak-basis",
            message = or(phrase!("diagnose-the-message")),
            other = other,
            first = first,
            request = request,
            second = second,
            who = who
        ),
        (Kind::Leak, _) => phrase!(
            "diagnose-why-leak",
            message = or(phrase!("diagnose-the-message")),
            other = other,
            first = first,
            request = request,
            cell = cell_of(finding),
            second = second,
            who = who
        ),
        (Kind::Lost, How::NotRead) => phrase!(
            "diagnose-why-lost-not-read",
            by = by,
            cell = cell_of(finding),
            first = first,
            request = request,
            second = second,
            message = or(phrase!("diagnose-what-was-new"))
        ),
        (Kind::Stale, How::NotRead) => phrase!(
            "diagnose-why-stale-not-read",
            by = by,
            cell = cell_of(finding),
            first = first,
            request = request,
            second = second
        ),
        (Kind::Lost, _) => phrase!(
            "diagnose-why-lost",
            by = by,
            cell = cell_of(finding),
            first = first,
            request = request,
            second = second,
            message = or(phrase!("diagnose-what-was-new"))
        ),
        (Kind::Stale, _) => phrase!(
            "diagnose-why-stale",
            by = by,
            cell = cell_of(finding),
            first = first,
            request = request,
            second = second
        ),
    }
}

/// A name that can be seen.
fn visible(name: &str) -> Phrase {
    match name.trim().is_empty() {
        true => phrase!("diagnose-quoted", text = name),
        false => name.into(),
    }
}

fn named(who: &Who) -> Phrase {
    who.name().map_or_else(|| phrase!("diagnose-somebody"), visible)
}

fn cell_of(finding: &Finding) -> Phrase {
    finding.cell.as_deref().map_or_else(|| phrase!("diagnose-the-cell"), visible)
}

/// `bob's request r2`, of the one who is wronged by a leak, or wrote last.
fn request_of(finding: &Finding) -> Phrase {
    let (who, request) = (named(&finding.who), visible(&finding.request));
    phrase!("diagnose-request", who = who, request = request)
}

/// The same of the other one, whose request may not be known.
fn other_request_of(finding: &Finding) -> Phrase {
    let who = named(&finding.other);
    match &finding.other_request {
        Some(request) => phrase!("diagnose-request", who = who, request = visible(request)),
        None => who,
    }
}
