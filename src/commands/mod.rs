//! One file for each subcommand: what may be typed, and what is done.

pub mod asked;
pub mod bounds;
pub mod check;
pub mod compare;
pub mod completions;
pub mod diagnose;
pub mod explain;
pub mod list;
pub mod load;
pub mod new;
pub mod options;
pub mod progress;
pub mod replay;
pub mod run;
pub mod save;
pub mod schema;
pub mod stress;
pub mod sweep;
pub mod values;
pub mod verify;
pub mod verify_run;

use crate::problem::Problem;
use crate::report::page::{Page, Paper};
use std::io::{self, Write};

/// Where an answer goes.
pub struct Out<'a> {
    /// What pages are drawn on.
    pub paper: Paper,
    /// What takes it.
    pub sink: &'a mut dyn Write,
}

impl Out<'_> {
    /// Prints a page.
    pub fn page(&mut self, page: &Page) -> io::Result<()> {
        self.text(&page.finish())
    }

    /// Prints a document, or a page that was finished already.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.sink.write_all(text.as_bytes())
    }
}

/// How a command ends that holds what it finds against what is expected.
const JUDGES: &str = "\
Exit: 0 as expected, 1 not as expected, 2 bad input, 3 a limit was hit.
Of several, the worst counts: 2, then 3, then 1";

/// How a command ends that holds nothing against anything.
const SHOWS: &str = "It only shows. Exit: 0 done, whatever it shows, 2 bad input";

/// How a command ends that writes files.
const WRITES: &str = "Exit: 0 written, 2 bad input, and nothing was written";

/// How a command ends that counts again.
const RECOUNTS: &str =
    "Exit: 0 the same, 1 a difference, 2 bad input, 3 not everything was counted";

/// The same, of a command that may come to a limit.
const SHOWS_PART: &str =
    "It only shows. Exit: 0 done, whatever it shows, 2 bad input, 3 a limit was hit";

/// Why a command gave no answer.
#[derive(Debug)]
pub enum Failure {
    /// The input or the command line is wrong.
    Input(Problem),
    /// The answer could not be written.
    Output(io::Error),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure::Input(problem)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}
