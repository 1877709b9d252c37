//! What is outside of the program and not of its making: names of files, shells, disks, signals and
//! terminals.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]
#![cfg(unix)]

mod disk;
mod pager;
mod paste;
mod terminal;

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_interleak");

/// The program in a folder, with nothing in its environment that asks for colour.
fn inside<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Command {
    let mut command = Command::new(PROGRAM);
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "TERM"] {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command
}

fn run<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Output {
    inside(folder, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Whether some other program is there; says so if not, because then less is tested.
fn is_there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        eprintln!("there is no {program} here, so what needs it was not tested");
    }
    found
}
