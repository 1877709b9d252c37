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
use std::io;

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
