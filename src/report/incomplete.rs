//! What can be said after a limit was hit: exact bounds, then what was seen in drawn orders.

use super::Entry;
use super::numbers::{count, grouped, outward, plural, probability, roughly};
use super::page::{Page, Tone};
use crate::explore::sample::interval;
use crate::verdict::Judged;
use num_traits::{One, Zero};

/// The size, and a line or two for each judged anomaly.
pub fn numbers(page: &mut Page, entry: &Entry) {
    let orders = roughly(&entry.estimate.orders);
    page.labelled(
        ("", Tone::Plain),
        &format!("If no lane ever had to wait, there would be {orders} orders."),
    );
    for judged in &entry.verdict.anomalies {
        page.labelled(("", Tone::Plain), &bounds(judged));
        if let Some(hits) = judged.hits {
            page.labelled(("", Tone::Plain), &format!("  {}", drawn(entry, hits)));
        }
    }
    if let Some(sampled) = &entry.verdict.sampled {
        page.paragraph(("", Tone::Plain), DRAWN, Tone::Dim);
        if sampled.samples < sampled.samples_wanted {
            let drawn = plural(&sampled.samples.into(), "order was", "orders were");
            let why = match sampled.interrupted {
                true => "because it was interrupted.",
                false => "because one takes long here. --samples N draws N of them.",
            };
            let why = format!("Only {drawn} drawn, {why}");
            page.paragraph(("", Tone::Plain), &why, Tone::Dim);
        }
    }
}

const DRAWN: &str = "drawn orders: each next step was drawn at random. What they show can happen. \
                     How often is likely, not proved; what they do not show may still happen.";

/// What holds for certain.
fn bounds(judged: &Judged) -> String {
    let id = judged.anomaly.id;
    let (low, high) = (&judged.chance, &judged.chance_max);
    let certain = high.numerator == high.denominator;
    if low.numerator.is_zero() && judged.witness.is_some() {
        return format!("{id}: at least 1 order, one of those that were drawn");
    }
    match (low.numerator.is_zero(), certain) {
        (true, true) => format!("{id}: not seen in what was looked at; chance from 0 to 1"),
        (true, false) => format!("{id}: not seen so far; chance at most {}", probability(high)),
        (false, _) => {
            let orders = match judged.orders.is_one() {
                true => "1 order".into(),
                false => format!("{} orders", grouped(&judged.orders)),
            };
            let most = if certain { "1".into() } else { probability(high) };
            format!(
                "{id}: at least {orders} · chance at least {}, at most {most}",
                probability(low)
            )
        }
    }
}

/// What was seen in drawn orders.
fn drawn(entry: &Entry, hits: u64) -> String {
    let samples = entry.verdict.sampled.as_ref().map_or(0, |sampled| sampled.samples);
    let (low, high) = outward(interval(hits, samples));
    let all = plural(&samples.into(), "drawn order", "drawn orders");
    match hits {
        0 => format!("in none of {all}: at most {high} at 95 %"),
        hits if hits == samples => format!("in all {all}: at least {low} at 95 %"),
        hits => format!("in {} of {all}: from {low} to {high} at 95 %", count(hits as usize)),
    }
}
