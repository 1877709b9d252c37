//! What can be said after a limit was hit: exact bounds, then what was seen in drawn orders.

use crate::phrase;
use crate::report::numbers::{probability, roughly};
use crate::report::page::{Page, Tone};
use crate::story::found::Hits;
use crate::story::{Found, Sampled, Story};
use crate::words::Phrase;
use num_traits::Zero;

/// What an exploration that was cut short says.
pub(super) fn words(story: &Story, stopped: &Phrase) -> Phrase {
    let found = if story.found().next().is_some() { "some" } else { "none" };
    phrase!("incomplete", stopped = stopped, steps = story.steps, found = found)
}

/// The size, and a line or two for each judged anomaly.
pub(super) fn numbers(page: &mut Page, story: &Story) {
    let orders = phrase!("incomplete-orders", orders = roughly(&story.multinomial));
    page.labelled(("", Tone::Plain), orders);
    for found in &story.anomalies {
        page.labelled(("", Tone::Plain), bounds(found));
        if let (Some(hits), Some(sampled)) = (&found.sampled, &story.sampled) {
            let drawn = page.said(drawn(sampled, hits));
            page.labelled(("", Tone::Plain), format!("  {drawn}"));
        }
    }
    let Some(sampled) = &story.sampled else { return };
    page.paragraph(("", Tone::Plain), phrase!("drawn-means"), Tone::Dim);
    if sampled.samples < sampled.samples_wanted {
        let fewer = match sampled.interrupted {
            true => phrase!("drawn-interrupted", samples = sampled.samples),
            false => phrase!("drawn-fewer", samples = sampled.samples),
        };
        page.paragraph(("", Tone::Plain), fewer, Tone::Dim);
    }
}

/// What holds for certain.
fn bounds(found: &Found) -> Phrase {
    let anomaly = found.id;
    let (low, high) = (&found.chance.ratio, &found.chance_max.ratio);
    let certain = high.numerator == high.denominator;
    match (low.numerator.is_zero(), certain) {
        (true, _) if found.witness.is_some() => phrase!("bounds-drawn", anomaly = anomaly),
        (true, true) => phrase!("bounds-unseen", anomaly = anomaly),
        (true, false) => {
            phrase!("bounds-unseen-at-most", anomaly = anomaly, most = probability(high))
        }
        (false, _) => {
            let most = if certain { "1".into() } else { probability(high) };
            let (orders, least) = (&found.interleavings, probability(low));
            phrase!("bounds", anomaly = anomaly, orders = orders, least = least, most = most)
        }
    }
}

/// What was seen in drawn orders.
fn drawn(sampled: &Sampled, hits: &Hits) -> Phrase {
    let (low, high) = (hits.at_least.to_string(), hits.at_most.to_string());
    let all = sampled.samples;
    match hits.hits {
        0 => phrase!("drawn-none", all = all, high = high),
        hits if hits == all => phrase!("drawn-all", all = all, low = low),
        hits => phrase!("drawn-some", hits = hits, all = all, low = low, high = high),
    }
}
