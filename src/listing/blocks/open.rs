//! Where blocks open: loops, handlers, workers.

use super::{BlockKind, BlockWalker};
use crate::listing::function::Function;
use crate::problem::Problem;
use std::ops::Range;

impl BlockWalker<'_, '_> {
    pub(super) fn open_repeat(
        &self,
        opens: &mut Option<BlockKind>,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        if !opens.as_ref().is_some_and(|kind| kind.is_plain(&["while", "for"])) {
            return Err(self
                .problem("`repeat` belongs on a `while` or `for` line", at)
                .label("no loop begins here"));
        }
        if self.blocks.iter().any(|block| matches!(block.kind, BlockKind::Repeat { .. })) {
            return Err(self.problem("a `repeat` inside a `repeat`", at).label("one is enough"));
        }
        *opens = Some(BlockKind::Repeat { first: self.next_line(), swapped: false });
        Ok(())
    }

    pub(super) fn open_each(
        &self,
        opens: &mut Option<BlockKind>,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        if !opens.as_ref().is_some_and(|kind| kind.is_plain(&["for"])) {
            return Err(self
                .problem("`each` belongs on a `for` line", at)
                .label("no loop over a batch begins here"));
        }
        *opens = Some(BlockKind::Each { first: self.next_line() });
        Ok(())
    }

    pub(super) fn open_cancelled(
        &self,
        opens: &mut Option<BlockKind>,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        if !opens.as_ref().is_some_and(|kind| kind.is_plain(&["except"])) {
            return Err(self
                .problem("`cancelled` belongs on an `except` line", at)
                .label("no `except` block begins here")
                .help("for example: `except CancelledError:  #@ cancelled`"));
        }
        *opens = Some(BlockKind::Cancelled { ops: Vec::new(), tried: self.tried.clone() });
        Ok(())
    }

    /// The line that a failed swap goes back to.
    pub(super) fn swap(&mut self, at: &Range<usize>) -> Result<usize, Problem> {
        let loops = self.blocks.iter_mut().rev().find_map(|block| match &mut block.kind {
            BlockKind::Repeat { first, swapped } => Some((*first, swapped)),
            _ => None,
        });
        match loops {
            Some((_, swapped)) if *swapped => {
                Err(self.problem("a second `swap` in one loop", at).label("one is enough"))
            }
            Some((first, swapped)) => {
                *swapped = true;
                Ok(first)
            }
            None => Err(self
                .problem("`swap` outside of a `repeat` loop", at)
                .label("where would a failed swap go back to?")
                .help("mark the loop around it: `while True:  #@ repeat`")),
        }
    }

    pub(super) fn lane(
        &mut self,
        opens: &mut Option<BlockKind>,
        name: String,
        per_session: bool,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let others = self.functions.daemons.iter().filter_map(|daemon| daemon.lane.as_ref());
        if others.into_iter().any(|(other, _)| *other == name) {
            return Err(self
                .problem(format!("two daemon lanes are called {name}"), at)
                .label("the second one")
                .help("schedules are written with lane names; give each its own"));
        }
        let respond_too = self
            .problem("`respond` is what clients run; it cannot be a daemon lane too", at)
            .label("mark another function");
        let function = self.function_line(opens, at, "lane")?;
        if function.name == "respond" {
            return Err(respond_too);
        }
        function.lane = Some((name, per_session));
        Ok(())
    }

    /// The function that a `def` line defines.
    pub(super) fn function_line<'o>(
        &'o mut self,
        opens: &'o mut Option<BlockKind>,
        at: &Range<usize>,
        word: &str,
    ) -> Result<&'o mut Function, Problem> {
        let problem = self
            .problem(format!("`{word}` belongs on a `def` line"), at)
            .label("no function begins here");
        // A `def` line may go on over several physical lines.
        let open = self.blocks.last_mut().filter(|block| !block.filled);
        let open = open.map(|block| &mut block.kind);
        match opens.as_mut().or(open) {
            Some(BlockKind::Def(function)) => Ok(function),
            _ => Err(problem),
        }
    }
}
