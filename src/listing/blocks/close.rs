//! Where blocks end: locks are given back, loops go back, functions are complete.

use super::{BlockKind, BlockWalker, OpenBlock};
use crate::listing::function::{Function, FunctionLine};
use crate::listing::source::SourceLine;
use crate::listing::{DAEMONS_MAX, Placed};
use crate::model::PlaceId;
use crate::model::code::LineKind;
use crate::model::op::Op;
use crate::phrase;
use crate::problem::Problem;
use std::ops::Range;

/// A lock that a `with` block holds, and the line of that `with`.
pub(super) struct Held {
    place: PlaceId,
    opened: usize,
}

impl BlockWalker<'_, '_> {
    /// A `return` leaves its `with` blocks before anybody sees the reply, but after it has done
    /// its own work.
    pub(super) fn release_before_reply(
        &mut self,
        line: &SourceLine,
        ops: &[Placed],
    ) -> Result<(), Problem> {
        let held: Vec<(Held, Range<usize>)> = self
            .blocks
            .iter()
            .rev()
            .take_while(|block| !matches!(block.kind, BlockKind::Def(_)))
            .filter_map(|block| match block.kind {
                BlockKind::Hold { place, opened } => {
                    Some((Held { place, opened }, block.at.clone()))
                }
                _ => None,
            })
            .collect();
        if !held.is_empty() && ops.len() > 1 {
            return Err(self
                .problem(phrase!("listing-reply-in-with"), &ops[0].at)
                .label(phrase!("listing-reply-in-with-label"))
                .help(phrase!("listing-reply-in-with-help")));
        }
        for (held, at) in held {
            self.emit_release(held, at, (line.number, true))?;
        }
        Ok(())
    }

    pub(super) fn emit_release(
        &mut self,
        Held { place, opened }: Held,
        at: Range<usize>,
        (number, returns): (usize, bool),
    ) -> Result<(), Problem> {
        let name = &self.declared[place].place.name;
        let text = format!("# `with {name}` ends");
        let ops = vec![Placed { op: Op::Release(place), at }];
        let kind = LineKind::EndOfWith { opened, returns };
        let mark = String::new();
        self.emit(FunctionLine { number, kind, mark, text, ops, unwinds: Vec::new() })
    }

    /// Closes every block that a line at this indentation is not part of.
    pub(super) fn close(&mut self, indent: usize) -> Result<(), Problem> {
        while let Some(block) = self.blocks.pop_if(|block| block.indent >= indent) {
            self.close_block(block)?;
        }
        Ok(())
    }

    pub(super) fn close_block(&mut self, block: OpenBlock) -> Result<(), Problem> {
        let marked = !matches!(
            block.kind,
            BlockKind::Def(_) | BlockKind::Plain(..) | BlockKind::Finally { .. }
        );
        if marked && !block.filled {
            return Err(self
                .problem(phrase!("listing-empty-block"), &block.at)
                .label(phrase!("listing-empty-block-label"))
                .help(phrase!("listing-empty-block-help")));
        }
        match block.kind {
            BlockKind::Def(function) => self.close_function(function),
            BlockKind::Hold { place, opened } => match self.dead {
                true => Ok(()),
                false => {
                    let line = self.function().and_then(|function| function.lines.last());
                    let number = line.map_or(0, |line| line.number);
                    self.emit_release(Held { place, opened }, block.at, (number, false))
                }
            },
            BlockKind::Unless { decides } => {
                let end = self.next_line();
                self.dead = false;
                // It is the last move of its line.
                let line = self.lines_mut().get_mut(decides);
                if let Some(placed) = line.and_then(|line| line.ops.last_mut())
                    && let Op::UnlessFound { skip } | Op::UnlessKnown { skip } = &mut placed.op
                {
                    *skip = end;
                }
                Ok(())
            }
            BlockKind::Each { first } => {
                let at = block.at.clone();
                match self.lines_mut().get_mut(first..).and_then(<[FunctionLine]>::last_mut) {
                    Some(last) => {
                        last.ops.push(Placed { op: Op::Next { first }, at });
                        Ok(())
                    }
                    None => Err(self
                        .problem(phrase!("listing-empty-each"), &block.at)
                        .label(phrase!("listing-empty-each-label"))),
                }
            }
            BlockKind::Cancelled { ops, tried } => {
                self.unwind(&tried, &ops);
                Ok(())
            }
            BlockKind::Finally { first, tried } => {
                let ops: Vec<Op> = self.lines_mut()[first..]
                    .iter()
                    .flat_map(|line| line.ops.iter().map(|placed| placed.op))
                    .collect();
                self.unwind(&tried, &ops);
                Ok(())
            }
            BlockKind::Repeat { swapped: false, .. } => Err(self
                .problem(phrase!("listing-repeat-without-swap"), &block.at)
                .label(phrase!("listing-repeat-without-swap-label"))
                .help(phrase!("listing-repeat-without-swap-help"))),
            BlockKind::Plain("try", first) => {
                self.tried = first..self.next_line();
                Ok(())
            }
            BlockKind::Repeat { .. } | BlockKind::Plain(..) => Ok(()),
        }
    }

    /// What is done besides if the client cancels at one of these lines.
    pub(super) fn unwind(&mut self, tried: &Range<usize>, ops: &[Op]) {
        let declared = self.declared;
        let lines = self.lines_mut().get_mut(tried.clone()).unwrap_or_default();
        for line in lines.iter_mut().filter(|line| line.waits(declared)) {
            line.unwinds.extend(ops);
        }
    }

    /// The lines of the innermost function so far.
    pub(super) fn lines_mut(&mut self) -> &mut [FunctionLine] {
        let function = self.blocks.iter_mut().rev().find_map(|block| match &mut block.kind {
            BlockKind::Def(function) => Some(function),
            _ => None,
        });
        function.map_or(&mut [], |function| &mut function.lines)
    }

    pub(super) fn close_function(&mut self, function: Function) -> Result<(), Problem> {
        self.dead = false;
        if function.lane.is_some() {
            if self.functions.daemons.len() == DAEMONS_MAX {
                let what = phrase!("listing-too-many-daemons", most = DAEMONS_MAX);
                return Err(self.problem(what, &function.at));
            }
            self.functions.daemons.push(function);
        } else if function.name == "respond" {
            if self.functions.respond.is_some() {
                return Err(self
                    .problem(phrase!("listing-second-respond"), &function.at)
                    .label(phrase!("listing-second-respond-label"))
                    .help(phrase!("listing-second-respond-help")));
            }
            self.functions.respond = Some(function);
        }
        Ok(())
    }
}
