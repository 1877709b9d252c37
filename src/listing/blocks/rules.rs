//! What may not be written where.

use super::{BlockKind, BlockWalker};
use crate::listing::Placed;
use crate::listing::source::SourceLine;
use crate::model::op::Op;
use crate::phrase;
use crate::problem::Problem;
use std::ops::Range;

impl BlockWalker<'_, '_> {
    /// A lock that this lane holds already would make it wait for itself, and a second lock on
    /// one line is a second shared place.
    pub(super) fn refuse_held(
        &self,
        opens: &Option<BlockKind>,
        placed: &Placed,
    ) -> Result<(), Problem> {
        if let Some(BlockKind::Hold { .. }) = opens {
            return Err(self.second_place(&placed.at));
        }
        let held = self.blocks.iter().any(|block| match block.kind {
            BlockKind::Hold { place, .. } => Some(place) == placed.op.place(),
            _ => false,
        });
        match held {
            true => Err(self
                .problem(phrase!("listing-held-already"), &placed.at)
                .label(phrase!("listing-held-already-label"))),
            false => Ok(()),
        }
    }

    pub(super) fn second_place(&self, at: &Range<usize>) -> Problem {
        self.problem(phrase!("listing-two-places"), at)
            .label(phrase!("listing-second-one"))
            .help(phrase!("listing-two-places-help"))
    }

    pub(super) fn check_reachable(&self, at: &Range<usize>) -> Result<(), Problem> {
        if !self.dead {
            return Ok(());
        }
        let finally =
            self.blocks.iter().any(|block| matches!(block.kind, BlockKind::Finally { .. }));
        Err(match finally {
            true => self
                .problem(phrase!("listing-reply-before-finally"), at)
                .label(phrase!("listing-reply-before-finally-label"))
                .help(phrase!("listing-reply-before-finally-help")),
            false => self
                .problem(phrase!("listing-never-runs"), at)
                .label(phrase!("listing-never-runs-label")),
        })
    }

    /// Refuses steps inside Python blocks whose meaning the annotations do not tell.
    pub(super) fn check_blocks(&self, def: usize, at: &Range<usize>) -> Result<(), Problem> {
        for (index, block) in self.blocks.iter().enumerate().skip(def + 1) {
            let BlockKind::Plain(keyword, _) = block.kind else { continue };
            let serves = index == def + 1 && self.function().is_some_and(|f| f.lane.is_some());
            let advice = match keyword {
                "with" | "try" => continue,
                "while" | "for" if serves => continue,
                "while" | "for" => phrase!("listing-unmarked-loop-help"),
                "if" => phrase!("listing-unmarked-if-help"),
                "except" => phrase!("listing-unmarked-except-help"),
                _ => phrase!("listing-unmarked-block-help"),
            };
            return Err(self
                .problem(phrase!("listing-unmarked-block", keyword = keyword), at)
                .label(phrase!("listing-unmarked-block-label"))
                .help(advice));
        }
        Ok(())
    }

    /// A `then` ends a function, so it is inside of nothing; a block inside an `each` would not
    /// lead to the next question.
    pub(super) fn check_nesting(
        &self,
        def: usize,
        ops: &[Placed],
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let inside = &self.blocks[def + 1..];
        if ops.iter().any(|placed| placed.op == Op::Then) && !inside.is_empty() {
            return Err(self
                .problem(phrase!("listing-then-in-block"), at)
                .label(phrase!("listing-then-in-block-label"))
                .help(phrase!("listing-then-in-block-help")));
        }
        let each = inside.iter().position(|block| matches!(block.kind, BlockKind::Each { .. }));
        let deeper = each.is_some_and(|each| each + 1 < inside.len())
            || each.is_some()
                && ops.iter().any(|placed| {
                    matches!(
                        placed.op,
                        Op::UnlessFound { .. } | Op::UnlessKnown { .. } | Op::Acquire(_)
                    )
                });
        match deeper {
            true => Err(self
                .problem(phrase!("listing-block-in-each"), at)
                .label(phrase!("listing-block-in-each-label"))
                .help(phrase!("listing-block-in-each-help"))),
            false => Ok(()),
        }
    }

    pub(super) fn refuse_else(&self, line: &SourceLine) -> Result<(), Problem> {
        let closes = self.blocks.iter().any(|block| {
            block.indent == line.indent && matches!(block.kind, BlockKind::Unless { .. })
        });
        match closes {
            true => Err(self
                .problem(phrase!("listing-else"), &line.code)
                .label(phrase!("listing-else-label"))
                .help(phrase!("listing-else-help"))),
            false => Ok(()),
        }
    }
}
