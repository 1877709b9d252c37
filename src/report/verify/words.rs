//! What stopped Python, in words.

use crate::python::limits::{self, Stopped};
use crate::report::numbers::plural;

/// What stopped Python, in words.
pub(super) fn stopped(stopped: Stopped) -> String {
    let at = |line: Option<usize>| line.map_or_else(String::new, |line| format!(" at line {line}"));
    let seconds = |seconds: u64| plural(&seconds.into(), "second", "seconds");
    match stopped {
        Stopped::Time(time) => {
            format!("the limit of {} was hit (--seconds)", seconds(time.as_secs()))
        }
        Stopped::Interrupted => "it was interrupted".into(),
        Stopped::Processor(time) => {
            format!("the limit of {} of processor time was hit", seconds(time))
        }
        Stopped::Answer => {
            let most = limits::ANSWER_BYTES_MAX >> 20;
            format!("the shared places and replies of one order have more than {most} MiB")
        }
        Stopped::Memory { line } => {
            let most = limits::MEMORY_BYTES_MAX >> 30;
            format!("Python needs more than {most} GiB of memory{}", at(line))
        }
        Stopped::File { line } => {
            let most = limits::FILE_BYTES_MAX >> 20;
            format!("Python writes a file of more than {most} MiB{}", at(line))
        }
        Stopped::Files { line } => {
            let most = limits::FILES_MAX;
            format!("Python opens more than {most} files{}", at(line))
        }
    }
}
