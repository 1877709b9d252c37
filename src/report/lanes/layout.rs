//! Which lanes have a column, and how wide it is.

use crate::report::page::Page;
use crate::screen::COLUMNS;
use crate::story::order::Order;

/// Where a lane would have fewer columns than these, all lanes share one, each line behind its
/// lane's name.
const LANE_COLUMNS_MIN: usize = 13;
/// Columns for the step number.
pub(super) const GUTTER: usize = 5;

/// The columns of a diagram.
pub(super) struct Layout<'a> {
    /// The lanes that have a column of their own; none if all share one.
    pub(super) lanes: Vec<&'a str>,
    /// The lanes that are shown at all.
    pub(super) shown: Vec<&'a str>,
    /// Columns of each lane.
    pub(super) column: usize,
    /// Columns of what is shared.
    pub(super) shared: usize,
}

impl<'a> Layout<'a> {
    /// The columns of an order on a page.
    pub(super) fn of(order: &'a Order, page: &Page) -> Layout<'a> {
        let shown: Vec<&str> = order.shown().collect();
        let (column, shared) = widths(page.columns(), shown.len().max(1));
        let (lanes, (column, shared)) = match column < LANE_COLUMNS_MIN {
            true => (Vec::new(), widths(page.columns(), 1)),
            false => (shown.clone(), (column, shared)),
        };
        Layout { lanes, shown, column, shared }
    }

    /// The column of a lane's lines.
    pub(super) fn column_of(&self, lane: &str) -> usize {
        self.lanes.iter().position(|&own| own == lane).unwrap_or(0)
    }

    /// Where a line across the diagram meets those between its columns.
    pub(super) fn crossings(&self) -> Vec<usize> {
        let columns = self.lanes.len().max(1);
        (1..=columns).map(|column| GUTTER + column * (self.column + 2) - 1).collect()
    }
}

/// Columns of each lane, and of what is shared: beside many lanes less is left for it. A page that is
/// wider than usual has more of both.
fn widths(page: usize, lanes: usize) -> (usize, usize) {
    let usual = match lanes {
        1 => 27,
        2 => 20,
        3 => 17,
        _ => 14,
    };
    let shared = usual + page.saturating_sub(COLUMNS) / (lanes + 1);
    let column = (page - GUTTER - 1 - shared) / lanes;
    (column.saturating_sub(2), shared)
}
