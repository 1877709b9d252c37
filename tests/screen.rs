//! Pages fit the columns that they are asked for, and the first page of a verdict fits a screen.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use interleak::anomalies::reason::Reason;
use interleak::cli::Cli;
use interleak::commands::asked::{Asking, entries};
use interleak::commands::load;
use interleak::explore::walk::Limits;
use interleak::report::page::Paper;
use interleak::report::run::{Tells, render};
use interleak::scenario::SHIPPED;
use interleak::screen::{COLUMNS, width};
use interleak::story::{Entry, Story};
use interleak::verdict::{Deep, Question, build};
use rayon::prelude::*;

/// What a page may have, narrow and wide.
const WIDTHS: [usize; 4] = [60, COLUMNS, 100, 120];

/// Explores a shipped scenario with every strategy that fits, and looks at all of it.
fn look_at(scenario: &str, mut look: impl FnMut(&[Entry], &[Story])) {
    let scenario = load::scenario(scenario).unwrap();
    let strategies = load::strategies(&["all".to_owned()]).unwrap();
    let asking = |strategy| {
        let base = Asking::new(&scenario, strategy, Limits::default());
        Asking { question: Question { deep: Deep::No, ..base.question }, ..base }
    };
    let questions = strategies.iter().map(asking);
    let questions: Vec<Asking> = questions.filter(|it| build(&it.question).is_ok()).collect();
    let entries = entries(&questions).into_iter().map(Result::unwrap).zip(&questions);
    let entries: Vec<Entry> = entries.map(|(entry, asking)| asking.contrasted(entry)).collect();
    let repairs = questions[0].repairs();
    let stories: Vec<Story> =
        entries.iter().map(|entry| Story::of(entry, Some(repairs.clone()))).collect();
    look(&entries, &stories);
}

#[track_caller]
fn fits(what: &str, page: &str, columns: usize) {
    let wide = page.lines().find(|line| width(line) > columns);
    assert_eq!(wide, None, "{what} at {columns} columns");
}

#[test]
fn no_page_of_a_run_is_wider_than_asked() {
    SHIPPED.par_iter().for_each(|scenario| {
        look_at(scenario.name, |_, stories| {
            for columns in WIDTHS {
                for tells in [Tells::Brief, Tells::Full] {
                    fits(scenario.name, &render(stories, tells, Paper::english(columns)), columns);
                }
            }
        });
    });
}

/// A screen: 22 lines for two lanes, or 14 and the steps of the order where it has more than eight;
/// eight more for each further lane of the scenario, or column of the diagram.
fn screen(entry: &Entry, page: &str) -> usize {
    let witness = entry.verdict.found().find_map(|judged| judged.witness.as_ref());
    let steps = witness.map_or(0, |witness| witness.moves.len());
    let header = page.lines().find(|line| line.contains('│'));
    let columns = header.map_or(0, |header| header.matches('│').count());
    let lanes = entry.verdict.program.clients().max(columns);
    14 + steps.max(8) + 8 * lanes.saturating_sub(2)
}

/// Of almost a thousand pages so few are longer, and by so few lines: orders with more places than
/// steps that can be told in one line each.
const PAGES_MORE_MAX: usize = 8;
const LINES_MORE_MAX: usize = 2;

#[test]
fn the_first_page_fits_a_screen() {
    let too_long = SHIPPED.par_iter().flat_map_iter(|scenario| {
        let mut too_long = Vec::new();
        look_at(scenario.name, |entries, stories| {
            for (entry, story) in entries.iter().zip(stories) {
                let story = std::slice::from_ref(story);
                let page = render(story, Tells::Brief, Paper::english(COLUMNS));
                let more = page.lines().count().saturating_sub(screen(entry, &page));
                if more > 0 {
                    too_long.push((more, format!("{more} lines too many:\n{page}")));
                }
            }
        });
        too_long
    });
    let too_long: Vec<(usize, String)> = too_long.collect();
    let pages: Vec<&str> = too_long.iter().map(|(_, page)| page.as_str()).collect();
    let few =
        pages.len() <= PAGES_MORE_MAX && too_long.iter().all(|(more, _)| *more <= LINES_MORE_MAX);
    assert!(few, "{} pages:\n{}", pages.len(), pages.join("\n"));
}

/// What the reason speaks of can be looked up in the diagram above it.
#[test]
fn every_step_that_a_reason_names_is_drawn() {
    SHIPPED.par_iter().for_each(|scenario| {
        look_at(scenario.name, |_, stories| {
            for story in stories {
                let page =
                    render(std::slice::from_ref(story), Tells::Brief, Paper::english(COLUMNS));
                let drawn: Vec<&str> = page
                    .lines()
                    .filter(|line| line.contains('│'))
                    .map(|line| line[..4].trim())
                    .collect();
                let reasons = story.found().next().map_or(&[][..], |found| &found.reasons);
                for step in reasons.iter().flat_map(Reason::steps) {
                    assert!(drawn.contains(&&*step.to_string()), "step {step}:\n{page}");
                }
            }
        });
    });
}

#[test]
fn no_other_page_is_wider_than_asked() {
    let page = |arguments: &[&str], columns| {
        let mut answer = Vec::new();
        let cli = Cli::read([&["interleak"], arguments].concat()).unwrap();
        cli.answer(Paper::english(columns), &mut answer)
            .unwrap_or_else(|_| panic!("{arguments:?}"));
        fits(&format!("{arguments:?}"), &String::from_utf8(answer).unwrap(), columns);
    };
    for columns in WIDTHS {
        for scenario in SHIPPED {
            page(&["compare", scenario.name, "--commands"], columns);
            page(&["explain", scenario.name], columns);
        }
        page(&["check"], columns);
        page(&["list"], columns);
        page(&["explain", "context-leak"], columns);
        page(&["sweep", "class", "--lanes", "1..3"], columns);
        page(&["sweep", "class", "--turns", "1..2", "--only", "wrong-recipient"], columns);
        page(&["replay", "three-students"], columns);
        page(&["diagnose", "tests/fixtures/app.ndjson"], columns);
    }
}
