//! One screen: what goes wrong, how often, one order of lines that matter, why, what repairs it, and
//! what to type next.

use super::{
    clean, clean_label, doubts, full, kinds, of_all, shown, surprises, what_ran, why, why_label,
};
use crate::phrase;
use crate::report::lanes::{self, Lines};
use crate::report::numbers::about;
use crate::report::page::{Page, Tone};
use crate::report::typed;
use crate::story::found::Witness;
use crate::story::{Found, Repairs, Story};
use crate::words::Phrase;
use num_traits::One;

/// Repairs that are named; more of them are only counted.
const NAMED_MAX: usize = 2;

/// Lines of a page, besides those for the order.
const LINES: usize = 14;
/// Steps that an order may have within a screen.
const STEPS: usize = 8;
/// Lines for each lane beyond the second, of the scenario or of the diagram.
const LANE_LINES: usize = 8;

/// Tells what fits a screen. After a limit there is no shorter way to say what is known.
pub(super) fn draw(page: &mut Page, story: &Story) {
    if !story.complete {
        return full::draw(page, story);
    }
    let mut told = Page::new(page.paper());
    for lines in Lines::SMALL {
        told = Page::new(page.paper());
        tell(&mut told, story, lines);
        if told.len() <= lines_max(story) {
            break;
        }
    }
    page.append(told);
}

/// Lines of a screen: more for an order of many steps, and for many lanes.
pub(super) fn lines_max(story: &Story) -> usize {
    let witness = story.found().find_map(|found| found.witness.as_ref());
    let steps = witness.map_or(0, |witness| witness.order.steps.len());
    let columns = witness.map_or(0, |witness| witness.order.shown().count());
    LINES + steps.max(STEPS) + LANE_LINES * columns.max(story.clients).saturating_sub(2)
}

fn tell(page: &mut Page, story: &Story, lines: Lines) {
    let mut found = story.found();
    match found.next().and_then(|found| Some((found, found.witness.as_ref()?))) {
        Some((first, witness)) => {
            goes_wrong(page, story, (first, witness), lines);
            also(page, story, &found.collect::<Vec<_>>());
            repairs(page, story);
        }
        None => {
            page.labelled(clean_label(story), clean(story));
            page.labelled(("", Tone::Plain), phrase!("sentence", text = what_ran(story)));
            why_label(page, &Phrase::sentences(story.why_clean.iter().flatten()));
        }
    }
    doubts(page, story);
    if !story.assumptions.is_empty() {
        let short = story.assumptions.iter().map(|assumption| assumption.short.clone());
        let assumed = phrase!("sentence", text = Phrase::joined("parts", short));
        page.paragraph((phrase!("label-given"), Tone::Dim), assumed, Tone::Dim);
    }
    shown::draw(page, story);
    if let Some(next) = &story.next {
        page.command(phrase!("label-try"), &typed(next));
    }
    page.command(phrase!("label-more"), &typed(&story.more));
    surprises(page, story);
}

fn goes_wrong(page: &mut Page, story: &Story, (found, witness): (&Found, &Witness), lines: Lines) {
    if let Some(sentence) = &found.sentence {
        page.labelled((found.mark, Tone::Bad), sentence);
    }
    page.labelled(("", Tone::Plain), how_often(story, found, lines));
    lanes::draw(page, &witness.order, lines);
    why_label(
        page,
        &match lines {
            Lines::Fewest => Phrase::sentences(&found.why),
            _ => why(found, witness),
        },
    );
}

/// In how many orders, how likely, and what that means for the one who repairs it.
fn how_often(story: &Story, found: &Found, lines: Lines) -> Phrase {
    let orders = of_all(story, found);
    let often = match found.in_all(&story.interleavings) {
        true => phrase!("run-how-often", ran = what_ran(story), orders = orders),
        false => {
            let chance = about(&found.chance.ratio);
            let lot = if lines < Lines::NoSwitches { "said" } else { "left-out" };
            phrase!(
                "run-how-likely",
                ran = what_ran(story),
                orders = orders,
                chance = chance,
                lot = lot
            )
        }
    };
    Phrase::sentences([Some(often), kinds::in_brief(story, found)].into_iter().flatten())
}

fn also(page: &mut Page, story: &Story, others: &[&Found]) {
    if others.is_empty() {
        return;
    }
    let told = others.iter().map(|found| {
        let (all, kind) = (&story.interleavings, found.kind.unwrap_or("none"));
        let some = if found.in_all(all) {
            Phrase::nothing()
        } else {
            phrase!("grouped", number = &found.interleavings)
        };
        let only = if all.is_one() { "only" } else { "many" };
        let in_all = if found.in_all(all) { only } else { "some" };
        phrase!("run-also", mark = found.mark, some = some, orders = all, in = in_all, kind = kind)
    });
    let told = phrase!("sentence", text = Phrase::list(told));
    page.labelled((&phrase!("label-also"), Tone::Strong), told);
}

/// Which shipped strategies are clean here, and of how many that is not known.
fn repairs(page: &mut Page, story: &Story) {
    if let Some(told) = story.repairs.as_ref().and_then(clean_here) {
        page.labelled((&phrase!("label-repair"), Tone::Good), told);
    }
}

fn clean_here(repairs: &Repairs) -> Option<Phrase> {
    let Repairs { clean, undecided } = repairs;
    let named = &clean[..clean.len().min(NAMED_MAX)];
    let names = named.iter().copied().map(Phrase::from);
    let clean = match clean.len() - named.len() {
        _ if clean.is_empty() && *undecided == 0 => return None,
        _ if clean.is_empty() => return Some(phrase!("repairs-undecided", undecided = *undecided)),
        0 if clean.len() == 1 => phrase!("repairs-one", strategy = clean[0]),
        0 => phrase!("repairs", strategies = Phrase::joined("list-and", names)),
        more => phrase!("repairs-more", strategies = Phrase::list(names), more = more),
    };
    Some(match undecided {
        0 => phrase!("sentence", text = clean),
        some => phrase!("repairs-and-undecided", clean = clean, undecided = *some),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_that_were_not_decided_are_counted() {
        let told = |clean: &[&'static str], undecided| {
            let told = clean_here(&Repairs { clean: clean.to_vec(), undecided });
            told.map_or_else(String::new, |told| told.english())
        };
        assert_eq!(told(&[], 0), "");
        assert_eq!(told(&["a"], 0), "a is clean here.");
        assert_eq!(told(&["a", "b"], 0), "a and b are clean here.");
        assert_eq!(told(&["a", "b", "c"], 0), "a, b and 1 other are clean here.");
        assert_eq!(told(&["a", "b", "c", "d"], 0), "a, b and 2 others are clean here.");
        assert_eq!(told(&["a"], 3), "a is clean here (3 undecided).");
        assert_eq!(told(&[], 3), "3 undecided, none known to be clean here.");
    }
}
