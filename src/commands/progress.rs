//! Signs of life for work that takes longer than half a second, on a terminal only.

use crate::report::numbers::count;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::time::Duration;

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// A line on standard error, as long as this lives. Nothing at all if that is no terminal.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Starts to wait for the work to take long. `verb` and `things` say what is counted, `all`
    /// how many there will be, if that is known.
    pub fn start(verb: &'static str, things: &'static str, all: Option<u64>) -> Progress {
        let bar = all.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        let words = move |state: &ProgressState, out: &mut dyn Write| {
            if state.elapsed() >= PATIENCE {
                let done = count(state.pos() as usize);
                let of = all.map_or_else(String::new, |all| format!(" of {}", count(all as usize)));
                // A progress line that cannot be formatted is no reason to stop.
                let _ = write!(out, "{verb}: {done}{of} {things}");
            }
        };
        if let Ok(style) = ProgressStyle::with_template("{words}") {
            bar.set_style(style.with_key("words", words));
        }
        bar.enable_steady_tick(PATIENCE);
        Progress { bar }
    }

    /// Tells how many things there are.
    pub fn set(&self, done: u64) {
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
