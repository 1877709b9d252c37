//! One file for each subcommand: what may be typed, and what is done.

pub mod asked;
pub mod bounds;
pub mod check;
pub mod compare;
pub mod completions;
pub mod diagnose;
pub mod explain;
pub mod help;
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
