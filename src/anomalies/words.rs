//! Words that several anomalies share.

use crate::model::TurnId;
use crate::model::op::Op;
use crate::model::program::Program;
use crate::screen::{cut, escape};

/// Columns of a quoted message.
const QUOTE_COLUMNS: usize = 44;

/// A text in quotes, on one line, cut if it is long.
pub fn quote(text: &str) -> String {
    format!("\"{}\"", cut(&escape(text), QUOTE_COLUMNS))
}

/// `HISTORY` or `HISTORIES[alice]`: what a session's next request would read.
pub fn stored_name(program: &Program, turn: TurnId) -> String {
    let cells = program.stored_cells(program.cast.session_of(turn));
    match (program.code.stored, cells.as_slice()) {
        (Some(place), [cell]) => program.instance_name(place, *cell),
        (Some(place), _) => program.code.places[place].name.clone(),
        (None, _) => String::new(),
    }
}

/// Whether the listing holds a lock anywhere.
pub fn has_lock(program: &Program) -> bool {
    program.code.ops().any(|op| matches!(op, Op::Acquire(_)))
}
