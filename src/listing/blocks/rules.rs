//! What may not be written where.

use super::{BlockKind, BlockWalker};
use crate::listing::Placed;
use crate::listing::source::SourceLine;
use crate::model::op::Op;
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
                .problem("this lane holds that lock already", &placed.at)
                .label("it would wait for itself for ever")),
            false => Ok(()),
        }
    }

    pub(super) fn second_place(&self, at: &Range<usize>) -> Problem {
        self.problem("this line touches two shared places", at)
            .label("a second one")
            .help("write them on two lines: another lane may move between them")
    }

    pub(super) fn check_reachable(&self, at: &Range<usize>) -> Result<(), Problem> {
        if !self.dead {
            return Ok(());
        }
        let problem = self.problem("this line never runs: the reply above ends the turn", at);
        let finally =
            self.blocks.iter().any(|block| matches!(block.kind, BlockKind::Finally { .. }));
        Err(match finally {
            true => self
                .problem("a reply inside `try` is not simulated together with `finally`", at)
                .label("runs after the reply line, but before the reply is seen")
                .help("put the `return` behind the whole `try` block"),
            false => problem.label("after a reply"),
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
                "while" | "for" => {
                    "a loop of moves is not simulated; only `#@ repeat` around a `swap` is, and \
                     in a worker `#@ each` over a batch"
                }
                "if" => {
                    "mark the `if` with `#@ unless found` or `#@ unless known`, or take this \
                     line out of it"
                }
                "except" => "mark the `except` with `#@ cancelled`, or take this line out of it",
                _ => "take this line out of the block, so that every turn runs it",
            };
            return Err(self
                .problem(format!("this move is inside an unmarked `{keyword}`"), at)
                .label("does not run in every turn")
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
                .problem("`then` ends a function of the app, so it stands in no block", at)
                .label("inside of a block")
                .help("write it at the level of the function"));
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
                .problem("an `each` loop has no marked blocks inside", at)
                .label("inside of another block")
                .help("keep the lines of the loop at one level")),
            false => Ok(()),
        }
    }

    pub(super) fn refuse_else(&self, line: &SourceLine) -> Result<(), Problem> {
        let closes = self.blocks.iter().any(|block| {
            block.indent == line.indent && matches!(block.kind, BlockKind::Unless { .. })
        });
        match closes {
            true => Err(self
                .problem("an `unless` block has no `else`", &line.code)
                .label("not simulated")
                .help("put what always runs behind the block, without `else`")),
            false => Ok(()),
        }
    }
}
