//! One panel of a slide: a few light lines to read heights from, the curves, and their names.

use super::curve::{Curve, draw_points};
use super::ink::{Ink, tenth};
use super::label::{Block, Kind, LEADING, Labels, SHAPE, Wish};
use super::letters::{BOLD, superscript, width, wrap};
use super::scale::{Axis, Tick, across};
use super::svg::{DARK, GREY, Type, lines, text};
use super::{Group, Panel};
use crate::words::Words;
use std::fmt::Write;

/// From the ends of the lines to their names, in sizes of the font.
const LEADER: f64 = 2.3;
/// The part of the width that names may take.
const LABELS_MAX: f64 = 0.42;
/// From the side of the plot to its first point, and to its last.
const INSET: f64 = 16.0;
const GRID: &str = "#dcdcdc";
const BASE: &str = "#7a7a7a";
const LEADER_COLOUR: &str = "#8c8c8c";

/// Where a panel stands in the picture, in its pixels.
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// The size of its font.
    pub(super) size: f64,
    /// The headings of its row: they take the same room, so that the plots are level.
    pub(super) headings: Vec<String>,
    /// Which of them is its own.
    pub(super) column: usize,
}

/// The part of a panel in which its lines are.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Plot {
    fn x(&self, at: f64) -> f64 {
        self.left + INSET + (self.right - self.left - 2.0 * INSET) * at
    }

    fn y(&self, at: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * at
    }
}

/// The ink of each name: its place among all names of the chart.
pub(super) struct Inks<'a>(pub(super) Vec<&'a str>);

impl Inks<'_> {
    fn of(&self, name: &str) -> Ink {
        Ink(self.0.iter().position(|known| *known == name).unwrap_or(0))
    }
}

/// Draws a panel.
pub(super) fn draw(svg: &mut String, panel: &Panel, frame: &Frame, inks: &Inks, words: &Words) {
    let groups = panel.groups();
    let axis = Axis::new(panel, &groups);
    let order = from_the_top(&groups);
    let (places, ticks) = across(panel);
    let mut plot = level(frame);
    let labels = {
        let wishes = order.iter().map(|group| Wish {
            names: group.names.iter().map(|name| (*name, inks.of(name))).collect(),
            remark: group.remark(&panel.x, words),
            y: group.end().map(|value| plot.y(axis.at(value))),
        });
        let heights = (plot.top - frame.size, frame.top + frame.height);
        let wishes: Vec<Wish> = wishes.collect();
        Labels::new(&wishes, heights, frame.size, frame.width * LABELS_MAX, words)
    };
    plot.left += axis_width(&axis, frame.size);
    if labels.width > 0.0 {
        plot.right -= labels.width + LEADER * frame.size;
    }
    let curves =
        curves(&order, &places, inks, frame.size, |x, value| (plot.x(x), plot.y(axis.at(value))));

    heading(svg, frame);
    grid(svg, &axis, &plot, frame);
    below(svg, &ticks, &plot, frame, &panel.x_label);
    label_all(svg, &labels, &curves, plot.right + LEADER * frame.size);
    curves.iter().for_each(|curve| curve.draw_line(svg));
    let crowd = ticks.len() as f64 * frame.size / (plot.right - plot.left).max(1.0);
    draw_points(svg, &curves, crowd.ceil() as usize);
}

/// The lines in pixels; `at` tells where a value of a horizontal place is.
fn curves(
    order: &[&Group],
    places: &[f64],
    inks: &Inks,
    size: f64,
    at: impl Fn(f64, f64) -> (f64, f64),
) -> Vec<Curve> {
    let curve = |(index, group): (usize, &&Group)| {
        let early = 1.0 - index as f64 / order.len().max(2).saturating_sub(1) as f64;
        let points = places.iter().zip(&group.values);
        Curve {
            inks: group.names.iter().map(|name| inks.of(name)).collect(),
            points: points.map(|(x, value)| value.map(|value| at(*x, value))).collect(),
            stopped: group.stopped.is_some(),
            width: size * (0.18 + 0.12 * early),
            radius: size * 0.4,
        }
    };
    order.iter().enumerate().map(curve).collect()
}

/// The heights of a plot, and the whole width of its frame.
fn level(frame: &Frame) -> Plot {
    let heading_lines = frame.headings.iter().map(|text| fitted(frame, text).len()).max();
    Plot {
        left: frame.left,
        right: frame.left + frame.width,
        top: frame.top + frame.size * (1.2 + 1.5 * heading_lines.unwrap_or(0) as f64),
        bottom: frame.top + frame.height - frame.size * 3.1,
    }
}

fn fitted(frame: &Frame, text: &str) -> Vec<String> {
    wrap(text, frame.width / (frame.size * 1.15) / BOLD, 2)
}

fn heading(svg: &mut String, frame: &Frame) {
    let own = frame.headings.get(frame.column).map(|text| fitted(frame, text));
    let set = Type { size: frame.size * 1.15, anchor: "start", fill: DARK, bold: true };
    lines(svg, (frame.left, frame.top), &own.unwrap_or_default(), set);
}

/// The lines by where they end, the highest first; of those that end in one point, the one that is
/// higher on the whole.
fn from_the_top<'a, 'b>(groups: &'b [Group<'a>]) -> Vec<&'b Group<'a>> {
    let key = |group: &Group| (group.end().unwrap_or(f64::NEG_INFINITY), group.mean());
    let mut order: Vec<&Group> = groups.iter().collect();
    order.sort_by(|one, other| {
        let ((end, mean), (other_end, other_mean)) = (key(one), key(other));
        other_end.total_cmp(&end).then(other_mean.total_cmp(&mean))
    });
    order
}

fn axis_width(axis: &Axis, size: f64) -> f64 {
    let widths = axis.ticks.iter().map(|tick| width(&superscript(&tick.text)));
    size * (widths.fold(0.0, f64::max) + 0.5)
}

/// The ticks of the axis, each with a light line; the lowest is the base.
fn grid(svg: &mut String, axis: &Axis, plot: &Plot, frame: &Frame) {
    let size = frame.size;
    if let Some(end) = axis.broken() {
        let (left, top, width) = (tenth(plot.left), plot.y(end), plot.right - plot.left);
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#f3f3f3\"/>",
            tenth(top),
            tenth(width),
            tenth(plot.bottom - top)
        );
    }
    let set = Type { size, anchor: "end", fill: GREY, bold: false };
    for (index, tick) in axis.ticks.iter().enumerate() {
        let y = plot.y(tick.at);
        let (colour, stroke) = if index == 0 { (BASE, 2.0) } else { (GRID, 1.5) };
        let ends = ((plot.left, y), (plot.right, y));
        stroke_line(svg, ends, colour, stroke);
        let at = (plot.left - size * 0.4, y + size * 0.35);
        text(svg, at, &superscript(&tick.text), set);
    }
}

/// The values below the plot, as many as have room, and what they count.
fn below(svg: &mut String, ticks: &[Tick], plot: &Plot, frame: &Frame, label: &str) {
    let size = frame.size;
    let set = Type { size, anchor: "middle", fill: GREY, bold: false };
    let widest = ticks.iter().map(|tick| width(&superscript(&tick.text))).fold(0.0, f64::max);
    let mut free = frame.left;
    for tick in ticks {
        let x = plot.x(tick.at);
        if x - widest * size / 2.0 < free || x + widest * size / 2.0 > frame.left + frame.width {
            continue;
        }
        free = x + (widest / 2.0 + 0.4) * size;
        stroke_line(svg, ((x, plot.bottom), (x, plot.bottom + size * 0.3)), BASE, 2.0);
        text(svg, (x, plot.bottom + size * 1.4), &superscript(&tick.text), set);
    }
    let label = wrap(label, (plot.right - plot.left) / size, 1);
    let middle = (plot.left + plot.right) / 2.0;
    for line in label {
        text(svg, (middle, plot.bottom + size * 2.65), &line, set);
    }
}

/// The names, each joined to the end of its line. A bar holds together what is one label.
fn label_all(svg: &mut String, labels: &Labels, curves: &[Curve], x: f64) {
    let size = labels.size;
    let joined = labels.blocks.len() - usize::from(labels.left_out > 0).min(labels.blocks.len());
    for (index, block) in labels.blocks.iter().enumerate() {
        let curve = curves.get(index).filter(|_| index < joined);
        let end = curve.and_then(|curve| curve.points.iter().rev().find_map(|point| *point));
        if let (Some(end), Some(curve)) = (end, curve) {
            let middle = (x - size * 0.35, block.top + block.height / 2.0);
            let start = (end.0 + curve.radius * 1.5, end.1);
            stroke_line(svg, (start, middle), LEADER_COLOUR, 1.5);
            let half = block.height / 2.0 - size * 0.2;
            if block.rows.len() > 1 {
                let bar = ((middle.0, middle.1 - half), (middle.0, middle.1 + half));
                stroke_line(svg, bar, LEADER_COLOUR, 1.5);
            }
        }
        let open = curve.is_some_and(|curve| curve.stopped || end.is_none());
        draw_label(svg, block, x, size, open);
    }
}

fn draw_label(svg: &mut String, block: &Block, x: f64, size: f64, open: bool) {
    for (index, row) in block.rows.iter().enumerate() {
        let middle = block.top + (index as f64 + 0.5) * LEADING * size;
        if let Kind::Name(ink) = row.kind {
            let _ = writeln!(svg, "{}", ink.point((x + size * 0.45, middle), size * 0.34, open));
        }
        let fill = if row.kind == Kind::Remark { GREY } else { DARK };
        let set = Type { size, anchor: "start", fill, bold: false };
        text(svg, (x + SHAPE * size, middle + size * 0.35), &row.text, set);
    }
}

fn stroke_line(svg: &mut String, (from, to): ((f64, f64), (f64, f64)), colour: &str, width: f64) {
    let _ = writeln!(
        svg,
        "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{colour}\" stroke-width=\"{}\"/>",
        tenth(from.0),
        tenth(from.1),
        tenth(to.0),
        tenth(to.1),
        tenth(width)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::{Scale, Series};

    /// The end of the line, from which the name is joined: at the value of the last point.
    #[test]
    fn a_name_is_joined_to_the_end_of_its_line() {
        let series = |name: &str, y: f64| Series {
            name: name.into(),
            points: vec![Some(0.0), Some(y), None],
            stopped: Some("stopped".into()),
        };
        let panel = Panel {
            title: String::new(),
            x_label: String::new(),
            x: vec![2.0, 3.0, 4.0],
            scale: Scale::Share,
            series: vec![series("a", 0.5), series("b", 1.0)],
        };
        let headings = vec![String::new()];
        let (width, height) = (600.0, 400.0);
        let frame = Frame { left: 0.0, top: 0.0, width, height, size: 20.0, headings, column: 0 };
        let mut svg = String::new();
        draw(&mut svg, &panel, &frame, &Inks(vec!["a", "b"]), Words::english());
        let plot = level(&frame);
        for value in [0.5, 1.0] {
            let y = tenth(plot.y(value));
            let joins =
                |line: &&str| line.contains(LEADER_COLOUR) && line.contains(&format!("y1=\"{y}\""));
            assert_eq!(svg.lines().filter(joins).count(), 1, "{svg}");
        }
    }
}
