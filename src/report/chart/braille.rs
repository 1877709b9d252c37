//! A panel for a terminal: dots for the lines, a digit at the end of each, and below them who it
//! is. It needs no colour.
//!
//! ```text
//! 100 % ┤⠁2  ⣀⠤⠒⠉1
//!   0 % ┤⣀⠤⠒⠉
//!       └┬──────┬
//!        2      3
//!         users
//! 1 global
//! 2 locked, actor (stopped after 2)
//! ```

use super::scale::{Axis, Tick, across};
use super::{Group, Panel};
use crate::screen::{cut, escape, width};
use crate::words::Words;

/// Nothing wider or higher is drawn, whatever is asked for.
const COLUMNS_MAX: usize = 500;
const ROWS_MAX: usize = 200;
/// A plot of fewer columns says nothing: then there is only the legend.
const PLOT_MIN: usize = 8;
/// The signs of the lines, in the order of the series; after the last, all have one sign.
const SIGNS: &str = "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// The dots of a braille character, as Unicode numbers them: by row, then by column.
const DOTS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Draws a panel in lines of at most `columns` display columns. The plot itself is `rows` lines
/// high; heading, axis and legend add theirs. Where there is no room for a plot, or no line, there
/// is only the heading and the legend.
pub fn braille(panel: &Panel, columns: usize, rows: usize, words: &Words) -> Vec<String> {
    let (columns, rows) = (columns.min(COLUMNS_MAX), rows.min(ROWS_MAX));
    let groups = panel.groups();
    let mut lines = vec![cut(&escape(&panel.heading()), columns)];
    if let Some(plot) = Plot::new(panel, &groups, columns, rows) {
        lines.extend(plot.lines(&panel.x_label));
    }
    for group in &groups {
        let remark = group.remark(&panel.x, words).map(|remark| format!("({remark})"));
        legend(&mut lines, group, remark.as_deref(), columns);
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

fn sign(number: usize) -> char {
    SIGNS.chars().nth(number).unwrap_or('+')
}

/// A sign, and the names that it stands for.
fn legend(lines: &mut Vec<String>, group: &Group, remark: Option<&str>, columns: usize) {
    let mut line = sign(group.number).to_string();
    let last = group.names.len().saturating_sub(1);
    let comma = |index| if index < last { "," } else { "" };
    let names = group.names.iter().enumerate();
    let names = names.map(|(index, name)| format!("{}{}", escape(name), comma(index)));
    let remark = remark.into_iter().flat_map(|remark| remark.split(' ')).map(str::to_owned);
    for piece in names.chain(remark) {
        if width(&line) + 1 + width(&piece) > columns && width(&line) > 1 {
            lines.push(cut(&line, columns));
            line = " ".into();
        }
        line.push(' ');
        line.push_str(&piece);
    }
    lines.push(cut(&line, columns));
}

/// The dot of a place on the axis, from the top of so many rows of cells.
fn down(rows: usize, at: f64) -> usize {
    ((rows * 4).saturating_sub(1) as f64 * (1.0 - at)).round() as usize
}

/// The row of cells of a place on the axis.
fn row(rows: usize, at: f64) -> usize {
    down(rows, at) / 4
}

/// How many lines end at the right in one row, at most: as many signs need room there.
fn crowd(groups: &[Group], axis: &Axis, places: &[f64], rows: usize) -> usize {
    let at_the_right = |group: &&Group| {
        group.last().and_then(|last| places.get(last)).is_some_and(|place| *place >= 1.0)
    };
    let ends = groups.iter().filter(at_the_right).filter_map(Group::end);
    let ends: Vec<usize> = ends.map(|end| row(rows, axis.at(end))).collect();
    let same = |row: &usize| ends.iter().filter(|end| *end == row).count();
    ends.iter().map(same).max().unwrap_or(0)
}

/// A grid of dots, two across and four down in each cell.
struct Plot {
    /// The cells that lines may use, without those on the right that are left for signs.
    columns: usize,
    rows: usize,
    /// All cells of a row, and rows from the top: dots, and the sign that stands instead of them.
    cells: Vec<Vec<(u32, Option<char>)>>,
    /// Columns for what is written at the axis.
    gutter: usize,
    axis: Axis,
    across: Vec<Tick>,
}

impl Plot {
    fn new(panel: &Panel, groups: &[Group], columns: usize, rows: usize) -> Option<Plot> {
        let axis = Axis::new(panel, groups);
        let (places, across) = across(panel);
        let gutter = axis.ticks.iter().map(|tick| width(&tick.text)).max()?;
        let margin = (2 * crowd(groups, &axis, &places, rows)).clamp(2, columns / 4 + 2);
        let room = columns.checked_sub(gutter + 2 + margin)?;
        if room < PLOT_MIN || rows < 2 || groups.iter().all(|group| group.end().is_none()) {
            return None;
        }
        let cells = vec![vec![(0, None); room + margin]; rows];
        let mut plot = Plot { columns: room, rows, cells, gutter, axis, across };
        let dots: Vec<Vec<Option<(usize, usize)>>> = groups
            .iter()
            .map(|group| {
                let values = places.iter().zip(&group.values);
                values.map(|(x, value)| Some(plot.dot(*x, (*value)?))).collect()
            })
            .collect();
        dots.iter().for_each(|dots| plot.line(dots));
        for (group, dots) in groups.iter().zip(&dots) {
            if let Some(end) = dots.iter().rev().find_map(|dot| *dot) {
                plot.sign(end, sign(group.number));
            }
        }
        Some(plot)
    }

    /// The dot of a value, from the left and from the top.
    fn dot(&self, x: f64, value: f64) -> (usize, usize) {
        let across = (self.columns * 2 - 1) as f64 * x;
        (across.round() as usize, down(self.rows, self.axis.at(value)))
    }

    fn set(&mut self, (x, y): (usize, usize)) {
        let dot = DOTS.get(y % 4).and_then(|row| row.get(x % 2));
        let cell = self.cells.get_mut(y / 4).and_then(|row| row.get_mut(x / 2));
        if let (Some(cell), Some(dot)) = (cell, dot) {
            cell.0 |= dot;
        }
    }

    /// A line through dots, with gaps where there is none.
    fn line(&mut self, dots: &[Option<(usize, usize)>]) {
        dots.iter().flatten().for_each(|dot| self.set(*dot));
        for pair in dots.windows(2) {
            let [Some(from), Some(to)] = pair else { continue };
            let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1));
            for step in 1..steps {
                let along = |from: usize, to: usize| {
                    let part = step as f64 / steps as f64;
                    (from as f64 * (1.0 - part) + to as f64 * part).round() as usize
                };
                self.set((along(from.0, to.0), along(from.1, to.1)));
            }
        }
    }

    /// Puts a sign beside the end of a line: where nothing is yet, or else where no sign is.
    fn sign(&mut self, (x, y): (usize, usize), sign: char) {
        let (column, row) = (x / 2, y / 4);
        let beside: Vec<(usize, usize)> = if column + 1 < self.columns {
            let near = [(1, 0), (1, -1), (1, 1), (2, 0), (3, 0), (2, -1), (2, 1)];
            let at = |(right, down): (usize, isize)| {
                Some((column + right, row.checked_add_signed(down)?))
            };
            near.into_iter().filter_map(at).collect()
        } else {
            (column + 1..column + 2 * SIGNS.len()).step_by(2).map(|column| (column, row)).collect()
        };
        let cell = |at: &&(usize, usize)| self.cells.get(at.1).and_then(|row| row.get(at.0));
        let blank = beside.iter().find(|at| cell(at) == Some(&(0, None)));
        let unsigned = || beside.iter().find(|at| cell(at).is_some_and(|cell| cell.1.is_none()));
        let Some(&(column, row)) = blank.or_else(unsigned) else { return };
        if let Some(cell) = self.cells.get_mut(row).and_then(|row| row.get_mut(column)) {
            cell.1 = Some(sign);
        }
    }

    /// The plot with its axes.
    fn lines(&self, x_label: &str) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for (index, cells) in self.cells.iter().enumerate() {
            let here = |tick: &&Tick| row(self.rows, tick.at) == index;
            // Of several in one row the ends of the axis matter most.
            let ticks = || self.axis.ticks.iter().filter(here);
            let end = ticks().find(|tick| tick.at <= 0.0 || tick.at >= 1.0);
            let text = end.or_else(|| ticks().next()).map(|tick| tick.text.as_str());
            let broken = self.axis.broken().is_some_and(|end| row(self.rows, end) < index);
            let edge = match text {
                Some(_) => '┤',
                None if broken => '┊',
                None => '│',
            };
            let text = text.unwrap_or_default();
            let space = " ".repeat(self.gutter.saturating_sub(width(text)));
            let drawn = cells.iter().map(|(dots, sign)| match (dots, sign) {
                (_, Some(sign)) => *sign,
                (0, None) => ' ',
                (dots, None) => char::from_u32(0x2800 + dots).unwrap_or(' '),
            });
            lines.push(format!("{space}{text} {edge}{}", drawn.collect::<String>()));
        }
        lines.extend(self.below(x_label));
        lines
    }

    /// The axis with as many values as have room, and what they count.
    fn below(&self, x_label: &str) -> [String; 3] {
        let whole = self.cells.first().map_or(0, Vec::len);
        let mut edge = vec!['─'; self.columns];
        let mut values = String::new();
        for tick in &self.across {
            let column = ((self.columns * 2 - 1) as f64 * tick.at).round() as usize / 2;
            if let Some(edge) = edge.get_mut(column) {
                *edge = '┬';
            }
            // Under its mark, but never beyond the end.
            let wide = width(&tick.text);
            let start = (column + 1).saturating_sub(wide.div_ceil(2));
            let start = start.min(whole.saturating_sub(wide));
            let taken = width(&values);
            if wide > whole || taken > 0 && start <= taken {
                continue;
            }
            values.push_str(&" ".repeat(start - taken));
            values.push_str(&tick.text);
        }
        let label = cut(&escape(x_label), whole);
        let before = self.columns.saturating_sub(width(&label)) / 2;
        let indent = " ".repeat(self.gutter + 2);
        [
            format!("{} └{}", " ".repeat(self.gutter), edge.into_iter().collect::<String>()),
            format!("{indent}{values}"),
            format!("{indent}{}{label}", " ".repeat(before)),
        ]
    }
}
