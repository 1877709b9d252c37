//! Lines over a number: how something grows with the number of users, for several strategies.
//!
//! ```text
//! Chart ─► Panel ─► values ─► groups (equal series) ─► scale (0..=1) ─┬─► svg, for a slide
//!                                                                     └─► braille, for a terminal
//! ```
//!
//! Plain values in, text out: the same chart gives the same bytes, and every chart can be drawn.
//! What a number cannot show is decided here once, for both pictures:
//!
//! - Strategies often do exactly as well as each other. Equal series are one line with all names.
//! - A value that has no place (not finite, below zero on [`Scale::Log`]) is a gap in its line.
//! - Zero has no logarithm. It gets a tick of its own, below a break in the axis.
//!
//! A chart is said already, title, names and all; what the pictures add is said in the same words.

mod scale;

mod braille;

mod curve;
mod ink;
mod label;
mod letters;
mod panel;
mod svg;

pub use braille::braille;
pub use svg::svg;

use crate::phrase;
use crate::words::Words;

/// A picture of one or more panels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// What the picture says; a line holds about 60 letters, and two are shown.
    pub title: String,
    /// What has to be known to read it, and why a series stopped; four lines of about 90 letters are shown.
    pub note: String,
    /// What was measured: two stand side by side, further ones below them.
    pub panels: Vec<Panel>,
}

/// One measure of several strategies.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// What is measured, without its unit.
    pub title: String,
    /// What the values of `x` count, as in `users`.
    pub x_label: String,
    /// Where the points stand, usually ascending; a place is proportional to its value.
    pub x: Vec<f64>,
    /// How the values are placed.
    pub scale: Scale,
    /// The lines. Order matters: it numbers them in the terminal and styles them on the slide.
    pub series: Vec<Series>,
}

/// How values are placed, from the bottom to the top.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    /// A part of a whole, 0 to 1, told in percent. What lies outside is drawn at the nearer end.
    Share,
    /// Proportional to the value; zero is always shown, so that twice as high is twice as much.
    Linear {
        /// What the values count, as in `ms`; may be empty.
        unit: String,
    },
    /// Proportional to the logarithm, for what grows beyond measure. Zeros stand below a break.
    Log {
        /// What the values count, as in `orders`; may be empty.
        unit: String,
    },
}

/// One line of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Who it is. The same name looks the same in every panel of a chart.
    pub name: String,
    /// One value for each `x`, in the unit of the scale; `None` where there is none.
    pub points: Vec<Option<f64>>,
    /// Why it could not go on after its last point, in a word or two: `stopped`.
    pub stopped: Option<String>,
}

/// Larger values are drawn at this one, and smaller ones than its inverse as zero: beyond them the
/// arithmetic of an axis could overflow.
const VALUE_MAX: f64 = 1e300;

impl Panel {
    /// The title with the unit.
    fn heading(&self) -> String {
        match &self.scale {
            Scale::Linear { unit } | Scale::Log { unit } if !unit.is_empty() => {
                format!("{} · {unit}", self.title)
            }
            _ => self.title.clone(),
        }
    }

    /// The values of a series that have a place, one for each `x`.
    fn values(&self, series: &Series) -> Vec<Option<f64>> {
        let points = series.points.iter().copied().chain(std::iter::repeat(None));
        self.x.iter().zip(points).map(|(x, point)| self.value(*x, point?)).collect()
    }

    fn value(&self, x: f64, value: f64) -> Option<f64> {
        let (_, value) = (tame(x)?, tame(value)?);
        match self.scale {
            Scale::Share => Some(value.clamp(0.0, 1.0)),
            Scale::Linear { .. } => Some(value),
            Scale::Log { .. } => (value >= 0.0).then_some(value),
        }
    }

    /// The series that are drawn as one line, in the order of their first members.
    fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group> = Vec::new();
        for (number, series) in self.series.iter().enumerate() {
            let values = self.values(series);
            let equal = |group: &&mut Group| {
                group.values == values && group.stopped == series.stopped.as_deref()
            };
            match groups.iter_mut().find(equal) {
                Some(group) => group.names.push(&series.name),
                None => groups.push(Group {
                    number,
                    names: vec![&series.name],
                    values,
                    stopped: series.stopped.as_deref(),
                }),
            }
        }
        groups
    }
}

/// Series that are equal in every point, and so one line.
struct Group<'a> {
    /// The index of the first of them in the panel.
    number: usize,
    /// Their names; at least one.
    names: Vec<&'a str>,
    /// One value for each `x` of the panel.
    values: Vec<Option<f64>>,
    /// Why they could not go on.
    stopped: Option<&'a str>,
}

impl Group<'_> {
    /// The index of the last value.
    fn last(&self) -> Option<usize> {
        self.values.iter().rposition(Option::is_some)
    }

    /// The value that the line ends with.
    fn end(&self) -> Option<f64> {
        self.values.iter().rev().find_map(|value| *value)
    }

    /// How high the line lies on the whole; breaks ties between lines that end in one point.
    fn mean(&self) -> f64 {
        let values: Vec<f64> = self.values.iter().flatten().copied().collect();
        let count = values.len().max(1) as f64;
        values.iter().map(|value| value / count).sum()
    }

    /// What a reader has to know of the end of the line: `stopped after 5`.
    fn remark(&self, x: &[f64], words: &Words) -> Option<String> {
        let remark = match (self.last().and_then(|last| x.get(last)), self.stopped) {
            (Some(last), Some(why)) => {
                phrase!("chart-after", why = why, last = scale::number(*last))
            }
            (Some(_), None) => return None,
            (None, Some(why)) => return Some(why.to_owned()),
            (None, None) => phrase!("chart-no-value"),
        };
        Some(words.say(&remark))
    }
}

/// A value that an axis can be computed with, if it is one.
fn tame(value: f64) -> Option<f64> {
    let small = value.abs() < VALUE_MAX.recip();
    value.is_finite().then(|| if small { 0.0 } else { value.clamp(-VALUE_MAX, VALUE_MAX) })
}

#[cfg(test)]
mod tests;
