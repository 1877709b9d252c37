//! What sharing, chain and race mean for the one who repairs it.

use crate::phrase;
use crate::story::{Found, Story};
use crate::verdict::Kind;
use crate::words::Phrase;

/// In half a sentence, of one finding.
pub(super) fn in_brief(story: &Story, found: &Found) -> Option<Phrase> {
    Some(match (found.is?, found.preemptions) {
        (Kind::Sharing, _) if story.shares_nothing => phrase!("kind-alone"),
        (Kind::Sharing, _) => phrase!("kind-sharing"),
        (Kind::Chain, _) => phrase!("kind-chain"),
        (Kind::Race, _) if found.needs_overlap != Some(true) => phrase!("kind-race-whole"),
        (Kind::Race, _) if story.cancels => phrase!("kind-race-cancel"),
        (Kind::Race, Some(switches @ 2..)) => phrase!("kind-race-switches", switches = switches),
        (Kind::Race, _) => phrase!("kind-race"),
    })
}

/// In a sentence or two for each kind that was found, true of all that was found.
pub(super) fn in_full(story: &Story) -> Vec<Phrase> {
    let of = |kind| story.found().filter(move |found| found.is == Some(kind));
    let all =
        |kind, holds: fn(u64) -> bool| of(kind).all(|found| found.preemptions.is_some_and(holds));
    let sharing = match all(Kind::Sharing, |fewest| fewest == 0) {
        _ if story.shares_nothing => phrase!("kind-alone-full"),
        true => phrase!("kind-sharing-no-switch"),
        false => phrase!("kind-sharing-full"),
    };
    let overlap = of(Kind::Race).all(|found| found.needs_overlap == Some(true));
    let race = match all(Kind::Race, |fewest| fewest > 0) {
        true if !overlap => phrase!("kind-race-whole-switch"),
        false if !overlap => phrase!("kind-race-whole-full"),
        true if story.cancels => phrase!("kind-race-cancel-switch"),
        true => phrase!("kind-race-switch"),
        false if story.cancels => phrase!("kind-race-cancel-full"),
        false => phrase!("kind-race-full"),
    };
    let chain = phrase!("kind-chain-full");
    let told = [(Kind::Sharing, sharing), (Kind::Chain, chain), (Kind::Race, race)];
    told.into_iter().filter(|(kind, _)| of(*kind).next().is_some()).map(|(_, told)| told).collect()
}
