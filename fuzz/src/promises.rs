//! What holds of everything that interleak prints.

use interleak::problem::Problem;
use interleak::screen::drives;

/// Nothing in it gives orders to a terminal.
pub fn harmless(text: &str) {
    let driving = text.chars().position(|character| character != '\n' && drives(character));
    if let Some(at) = driving {
        let around: String = text.chars().skip(at.saturating_sub(60)).take(80).collect();
        panic!("this drives a terminal: {around:?}");
    }
    assert!(!text.contains("a bug in interleak"), "{text}");
}

/// Bad input is told in a few clear lines.
pub fn refused(problem: &Problem) {
    let said = problem.render(interleak::words::Words::english(), false);
    harmless(&said);
    assert!(said.starts_with("error: "), "{said}");
    assert!(said.len() < 8_000, "an error of {} bytes", said.len());
}
