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
    /// Starts to wait for the work to take long.
    pub fn start() -> Progress {
        let bar = ProgressBar::new_spinner();
        let words = |state: &ProgressState, out: &mut dyn Write| {
            if state.elapsed() >= PATIENCE {
                // A progress line that cannot be formatted is no reason to stop.
                let _ = write!(out, "exploring: {} states", count(state.pos() as usize));
            }
        };
        if let Ok(style) = ProgressStyle::with_template("{words}") {
            bar.set_style(style.with_key("words", words));
        }
        bar.enable_steady_tick(PATIENCE);
        Progress { bar }
    }

    /// Tells how many states there are.
    pub fn states(&self, states: usize) {
        self.bar.set_position(states as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
