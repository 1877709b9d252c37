//! Signs of life for work that takes longer than half a second, on a terminal only.

use crate::explore::estimate::Estimate;
use crate::explore::walk;
use crate::platform::{Arc, Kept, can_start_threads};
use crate::report::numbers::count;
use crate::screen::{cut, escape, is_dumb};
use crate::verdict::Doing;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::time::Duration;

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);
/// Less of the work than this says nothing about the rest.
const SHARE_MIN: f64 = 0.01;

/// Columns of a name.
const NAME_COLUMNS: usize = 40;

/// A line on standard error, as long as this lives. Nothing at all if that is no terminal.
pub struct Progress {
    bar: ProgressBar,
    /// What is done, in words.
    words: Arc<Kept<String>>,
}

impl Progress {
    /// Starts to wait for the work to take long.
    pub fn start() -> Progress {
        let bar = ProgressBar::new_spinner();
        if is_dumb() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let words = Arc::new(Kept::<String>::default());
        let said = Arc::clone(&words);
        let line = move |state: &ProgressState, out: &mut dyn Write| {
            if state.elapsed() >= PATIENCE {
                // A progress line that cannot be formatted is no reason to stop.
                let _ = said.with(|words| write!(out, "{words}"));
            }
        };
        if let Ok(style) = ProgressStyle::with_template("{words}") {
            bar.set_style(style.with_key("words", line));
        }
        if !bar.is_hidden() && can_start_threads() {
            bar.enable_steady_tick(PATIENCE);
        }
        Progress { bar, words }
    }

    /// Tells how many of all runs are done.
    pub fn runs(&self, done: u64, all: u64) {
        let (done, all) = (count(done as usize), count(all as usize));
        self.say(format!("running: {done} of {all} runs"));
    }

    /// Tells how many orders of a strategy real Python has run; nothing before it is started.
    pub fn python(&self, strategy: &str, ran: Option<(usize, usize)>) {
        let strategy = cut(&escape(strategy), NAME_COLUMNS);
        self.say(match ran {
            None => format!("drawing up orders of {strategy}"),
            Some((ran, all)) => {
                format!("in Python: {} of {} orders of {strategy}", count(ran), count(all))
            }
        });
    }

    /// Tells how much of a log was read; how much there is of it is not always known.
    pub fn read(&self, bytes: u64, all: Option<u64>, lines: u64) {
        let of = all.map_or_else(String::new, |all| format!(" of {}", count((all >> 20) as usize)));
        let (mebibytes, lines) = (count((bytes >> 20) as usize), count(lines as usize));
        self.say(format!("reading: {mebibytes}{of} MiB · {lines} lines"));
    }

    /// Tells what is done for a verdict.
    pub fn doing(&self, estimate: &Estimate, doing: &Doing) {
        match doing {
            Doing::Walking(progress) => self.walked(estimate, progress),
            Doing::Drawing { done, all } => {
                let (done, all) = (count(*done as usize), count(*all as usize));
                self.say(format!("drawing: {done} of {all} orders"));
            }
        }
    }

    fn walked(&self, estimate: &Estimate, progress: &walk::Progress) {
        let steps = progress.graph.layers.len();
        let (states, bytes) = (count(progress.states), count(progress.bytes >> 20));
        if steps > estimate.depth() || progress.graph.stopped.is_some() {
            // The walk is over; what follows goes back over what it left.
            self.say(format!("counting: {states} states · {bytes} MiB"));
            return;
        }
        let share = estimate.share(steps.saturating_sub(1));
        let left = self.bar.elapsed().as_secs_f64() * (1.0 - share) / share;
        let left = match share >= SHARE_MIN && left >= 1.0 {
            true => format!(" · about {left:.0} s left, then counting"),
            false => String::new(),
        };
        let depth = estimate.depth();
        self.say(format!(
            "exploring: step {steps} of {depth} · {states} states · {bytes} MiB{left}"
        ));
    }

    fn say(&self, words: String) {
        self.words.with(|said| *said = words);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
