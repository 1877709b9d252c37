//! What is remembered of a cell: who wrote it lately, and what each of them added.
//!
//! ```text
//! line 5   bob    reads   HISTORY        ◄─ this is what bob knows
//! line 7   alice  writes  HISTORY  +q1   ◄─ lost …
//! line 9   bob    writes  HISTORY  +q2   ◄─ … because bob did not see it: q1 is not in it
//! ```
//!
//! A write loses what another request wrote after the writer last read the cell, and what is not
//! in it now. Whoever has read what was there before dropping it, has trimmed it, not lost it.

use super::entry::Id;
use super::request::{FEW, Few};
use super::session::Spot;
use std::collections::VecDeque;

/// Writes of one cell that are remembered.
pub const WRITES_MAX: usize = 8;

/// A cell.
#[derive(Debug)]
pub struct Cell {
    /// Every write after this line is remembered.
    since: u64,
    writes: VecDeque<Wrote>,
    /// Whose writes are not remembered though something of them may still be there.
    gone: Gone,
    /// Whether the log has told what stands in it.
    pub is_told: bool,
}

/// Whose writes are not remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gone {
    Nobodys,
    OneSessions(Id),
    Several,
}

/// A write, or an append.
#[derive(Clone, Copy, Debug)]
pub struct Wrote {
    /// Where.
    pub spot: Spot,
    /// By whom.
    pub session: Id,
    /// Whose session it was then.
    pub user: Id,
    /// For which request.
    pub request: Id,
    /// What the request had brought in, and what is still there.
    pub added: Few<Id>,
    /// Whether the log says what was written.
    pub told: bool,
    /// Whether somebody has written something since that the log does not tell.
    pub covered: bool,
    /// Whether another request has read it since.
    pub seen: bool,
}

impl Wrote {
    /// Takes in a later write of the same request, if nobody can tell the two apart. So an app that
    /// streams, and writes its answer word by word, does not use up what is remembered. `whole`: it
    /// replaced everything.
    fn takes_in(&mut self, later: &Wrote, whole: bool) -> bool {
        if self.request != later.request || self.told != later.told {
            return false;
        }
        if !self.told {
            let same = self.covered || !self.seen;
            if same {
                *self = *later;
            }
            return same;
        }
        if later.added.is_empty() {
            return true;
        }
        // Only a whole write names in its line what the earlier ones have added.
        let all = self.added.iter().chain(later.added.iter());
        if !whole || self.seen || all.clone().count() > FEW {
            return false;
        }
        let mut added = Few::default();
        all.for_each(|&id| added.push(id));
        *self = Wrote { added, ..*later };
        true
    }
}

/// What a write did to the writes before it.
#[derive(Clone, Copy, Debug)]
pub enum Harm {
    /// What that write added is gone, first of all this message.
    Lost(Wrote, Id),
    /// It may be gone; the log does not say.
    Perhaps(Wrote),
    /// Writes that are not remembered any more may be gone.
    TooLongAgo,
}

impl Cell {
    /// A cell that is not known before this line.
    pub fn new(line: u64) -> Cell {
        let since = line.saturating_sub(1);
        Cell { since, writes: VecDeque::new(), gone: Gone::Nobodys, is_told: false }
    }

    /// How many writes are remembered.
    pub fn remembered(&self) -> usize {
        self.writes.len()
    }

    /// The last write that added a message.
    pub fn added(&self, message: Id) -> Option<&Wrote> {
        let adds = |wrote: &&Wrote| wrote.added.iter().any(|&id| id == message);
        self.writes.iter().rev().find(adds)
    }

    /// The last line before this one in which a session wrote it.
    pub fn last_write(&self, session: Id, before: u64) -> Option<u64> {
        let of_session = self.writes.iter().rev().filter(|wrote| wrote.session == session);
        of_session.map(|wrote| wrote.spot.line).find(|line| *line < before)
    }

    /// Whether another session may have put something into it that is not remembered.
    pub fn forgot_another(&self, session: Id) -> bool {
        !matches!(self.gone, Gone::Nobodys) && self.gone != Gone::OneSessions(session)
    }

    /// What a write that replaces everything does to those after the writer's last look.
    pub fn harm(&self, request: Id, look: u64, messages: Option<&[Id]>) -> Vec<Harm> {
        let unseen = self
            .writes
            .iter()
            .filter(|wrote| wrote.spot.line > look && wrote.request != request && !wrote.covered);
        let mut harm: Vec<Harm> = unseen
            .filter_map(|wrote| match messages.filter(|_| wrote.told) {
                None => Some(Harm::Perhaps(*wrote)),
                Some(now) => {
                    let mut added = wrote.added.iter();
                    added.find(|id| !holds(now, **id)).map(|&id| Harm::Lost(*wrote, id))
                }
            })
            .collect();
        if look < self.since {
            harm.push(Harm::TooLongAgo);
        }
        harm
    }

    /// Takes note that everything was replaced.
    pub fn replace(&mut self, messages: Option<&[Id]>) {
        self.is_told = messages.is_some();
        for wrote in &mut self.writes {
            match messages {
                // What is gone now, nobody can lose again.
                Some(now) => wrote.added.retain(|&id| holds(now, id)),
                None => wrote.covered = true,
            }
            // A write of which nothing is told is over with the next one.
            wrote.covered |= !wrote.told;
        }
    }

    /// Takes note that a request has read it. `told`: the log says what.
    pub fn look(&mut self, request: Id, told: bool) {
        self.is_told |= told;
        if let Some(last) = self.writes.back_mut() {
            last.seen |= last.request != request;
        }
    }

    /// Takes note of a write. `whole`: it replaced everything.
    pub fn push(&mut self, mut wrote: Wrote, whole: bool) {
        // What the request has put there before, it does not add again.
        wrote.added.retain(|id| self.added(*id).is_none_or(|it| it.request != wrote.request));
        if self.writes.back_mut().is_some_and(|last| last.takes_in(&wrote, whole)) {
            return;
        }
        if self.writes.len() == WRITES_MAX
            && let Some(forgotten) = self.writes.pop_front()
        {
            self.since = forgotten.spot.line;
            self.forget(&forgotten);
        }
        self.writes.push_back(wrote);
    }

    fn forget(&mut self, wrote: &Wrote) {
        let is_over = if wrote.told { wrote.added.is_empty() } else { wrote.covered };
        self.gone = match self.gone {
            gone if is_over => gone,
            Gone::Nobodys => Gone::OneSessions(wrote.session),
            gone if gone == Gone::OneSessions(wrote.session) => gone,
            _ => Gone::Several,
        };
    }
}

/// Whether a list holds an id; what was added lately stands near its end.
fn holds(messages: &[Id], id: Id) -> bool {
    messages.iter().rev().any(|&message| message == id)
}
