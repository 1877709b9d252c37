//! Where blocks open: loops, handlers, workers.

use super::{BlockKind, BlockWalker};
use crate::listing::function::Function;
use crate::phrase;
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
                .problem(phrase!("listing-repeat-elsewhere"), at)
                .label(phrase!("listing-repeat-elsewhere-label")));
        }
        if self.blocks.iter().any(|block| matches!(block.kind, BlockKind::Repeat { .. })) {
            return Err(self
                .problem(phrase!("listing-repeat-in-repeat"), at)
                .label(phrase!("listing-one-is-enough")));
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
                .problem(phrase!("listing-each-elsewhere"), at)
                .label(phrase!("listing-each-elsewhere-label")));
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
                .problem(phrase!("listing-cancelled-elsewhere"), at)
                .label(phrase!("listing-cancelled-elsewhere-label"))
                .help(phrase!("listing-cancelled-elsewhere-help")));
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
                let problem = self.problem(phrase!("listing-second-swap"), at);
                Err(problem.label(phrase!("listing-one-is-enough")))
            }
            Some((first, swapped)) => {
                *swapped = true;
                Ok(first)
            }
            None => Err(self
                .problem(phrase!("listing-swap-outside"), at)
                .label(phrase!("listing-swap-outside-label"))
                .help(phrase!("listing-swap-outside-help"))),
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
                .problem(phrase!("listing-lane-twice", name = name), at)
                .label(phrase!("listing-lane-twice-label"))
                .help(phrase!("listing-lane-twice-help")));
        }
        let respond_too = self
            .problem(phrase!("listing-respond-as-lane"), at)
            .label(phrase!("listing-respond-as-lane-label"));
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
            .problem(phrase!("listing-def-elsewhere", word = word), at)
            .label(phrase!("listing-def-elsewhere-label"));
        // A `def` line may go on over several physical lines.
        let open = self.blocks.last_mut().filter(|block| !block.filled);
        let open = open.map(|block| &mut block.kind);
        match opens.as_mut().or(open) {
            Some(BlockKind::Def(function)) => Ok(function),
            _ => Err(problem),
        }
    }
}
