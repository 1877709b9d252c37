//! The lesson of a strategy, and its code.

use crate::commands::load::LoadedStrategy;
use crate::phrase;
use crate::report::page::{Page, Tone};
use crate::report::shell_word;
use crate::strategy::{self, Twin};
use crate::words::Phrase;

/// Which code of a strategy is shown.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Code {
    Python,
    Rust,
}

/// What of a strategy is shown.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) code: Code,
    /// Without it, nothing but code is shown: what is said about it would tell what goes wrong.
    pub(super) lesson: bool,
}

/// Its page.
pub(super) fn explain(page: &mut Page, strategy: &LoadedStrategy, wanted: Wanted) {
    let shipped = strategy::named(&strategy.name);
    let group = shipped.filter(|_| wanted.lesson);
    let group = group.map_or_else(String::new, |it| format!(" · {}", page.said(it.group.name())));
    page.line(&[(&strategy.name, Tone::Strong), (&group, Tone::Dim)]);
    if wanted.lesson && !strategy.listing.lesson.is_empty() {
        page.blank();
        for line in strategy.listing.lesson.lines() {
            let indent = line.len() - line.trim_start().len();
            let space = " ".repeat(indent);
            page.indented((&space, &space), line.trim_start(), Tone::Plain);
        }
    }
    match (wanted.code, shipped.map(|shipped| shipped.twin)) {
        (Code::Python, _) => {
            let code = python(strategy, wanted.lesson);
            section(page, &phrase!("explain-in-python"), &code);
        }
        (Code::Rust, Some(Twin::Source(source))) => {
            section(page, &phrase!("explain-in-rust"), &rust(source, wanted.lesson));
        }
        (Code::Rust, Some(Twin::None(why))) => {
            page.blank();
            page.text(phrase!("explain-no-twin", why = why.phrase()));
        }
        (Code::Rust, None) => {
            page.blank();
            page.text(phrase!("explain-only-shipped"));
        }
    }
    page.blank();
    page.command(
        phrase!("explain-try"),
        &format!("interleak run voice-assistant -s {}", shell_word(&strategy.name)),
    );
}

fn section(page: &mut Page, title: &Phrase, code: &str) {
    page.blank();
    page.line(&[(&page.said(title), Tone::Strong)]);
    page.blank();
    for line in code.trim_end().lines() {
        page.line(&[("    ", Tone::Plain), (line, Tone::Plain)]);
    }
}

/// The listing, without what the lesson already said; alone, without comments too.
fn python(strategy: &LoadedStrategy, commented: bool) -> String {
    let listing = &strategy.listing;
    if commented { listing.without_lesson() } else { listing.without_words() }
}

/// A twin; alone, without comments.
fn rust(source: &str, commented: bool) -> String {
    let lines = source.lines().filter(|line| commented || !line.trim_start().starts_with("//"));
    let kept: Vec<&str> = lines.skip_while(|line| line.is_empty()).collect();
    kept.join("\n")
}
