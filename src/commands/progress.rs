//! Signs of life for work that takes longer than half a second, on a terminal only.

use crate::explore::estimate::Estimate;
use crate::explore::walk;
use crate::phrase;
use crate::platform::{Arc, Kept, can_start_threads};
use crate::screen::{cut, escape, is_dumb};
use crate::verdict::Doing;
use crate::words::{Phrase, Words};
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
        self.say(phrase!("progress-runs", done = done, all = all));
    }

    /// Tells how many orders of a strategy real Python has run; nothing before it is started.
    pub fn python(&self, strategy: &str, ran: Option<(usize, usize)>) {
        let strategy = cut(&escape(strategy), NAME_COLUMNS);
        self.say(match ran {
            None => phrase!("progress-drawing-up", strategy = strategy),
            Some((done, all)) => {
                phrase!("progress-python", done = done, all = all, strategy = strategy)
            }
        });
    }

    /// Tells how much of a log was read; how much there is of it is not always known.
    pub fn read(&self, bytes: u64, all: Option<u64>, lines: u64) {
        let done = bytes >> 20;
        self.say(match all {
            None => phrase!("progress-read", mebibytes = done, lines = lines),
            Some(all) => {
                phrase!("progress-read-of", mebibytes = done, all = all >> 20, lines = lines)
            }
        });
    }

    /// Tells what is done for a verdict.
    pub fn doing(&self, estimate: &Estimate, doing: &Doing) {
        match doing {
            Doing::Walking(progress) => self.say(self.walked(estimate, progress)),
            Doing::Drawing { done, all } => {
                self.say(phrase!("progress-drawing", done = *done, all = *all));
            }
        }
    }

    fn walked(&self, estimate: &Estimate, progress: &walk::Progress) -> Phrase {
        let steps = progress.graph.layers.len();
        let (states, mebibytes) = (progress.states, progress.bytes >> 20);
        if steps > estimate.depth() || progress.graph.stopped.is_some() {
            // The walk is over; what follows goes back over what it left.
            return phrase!("progress-counting", states = states, mebibytes = mebibytes);
        }
        let share = estimate.share(steps.saturating_sub(1));
        let left = self.bar.elapsed().as_secs_f64() * (1.0 - share) / share;
        // Steps are few, and stand one below the other: their digits are not grouped.
        let [step, depth] = [steps, estimate.depth()].map(|it| it.to_string());
        match share >= SHARE_MIN && left >= 1.0 {
            false => phrase!(
                "progress-exploring",
                step = step,
                depth = depth,
                states = states,
                mebibytes = mebibytes
            ),
            true => phrase!(
                "progress-exploring-left",
                step = step,
                depth = depth,
                states = states,
                mebibytes = mebibytes,
                seconds = format!("{left:.0}")
            ),
        }
    }

    fn say(&self, phrase: Phrase) {
        let words = Words::english().say(&phrase);
        self.words.with(|said| *said = words);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
