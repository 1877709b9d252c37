//! What must hold on every way through a function, so that running it can never fail.

use super::function::{Function, FunctionLine};
use super::{Declared, Placed, Reader};
use crate::model::PlaceId;
use crate::model::code::Key;
use crate::model::op::{Op, Part};
use crate::phrase;
use crate::problem::Problem;
use crate::words::Phrase;

/// Checks `respond` and the daemons.
pub(super) fn check(
    reader: &Reader,
    respond: &Function,
    daemons: &[Function],
    declared: &[Declared],
) -> Result<(), Problem> {
    let checker = FlowChecker { reader, declared };
    checker.client(respond, daemons)?;
    checker.thens(respond)?;
    for daemon in daemons {
        checker.daemon(daemon)?;
    }
    checker.swaps(respond, daemons)?;
    for function in std::iter::once(respond).chain(daemons) {
        checker.ways(function)?;
    }
    Ok(())
}

struct FlowChecker<'a, 't> {
    reader: &'a Reader<'t>,
    declared: &'a [Declared],
}

/// Whether an answer is there on every way to a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Has {
    No,
    IfFound,
    Yes,
}

/// What is certain on every way to a line.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Facts {
    /// Locks that are held, one bit for each place.
    held: u64,
    answer: Has,
    looked: bool,
    sent: bool,
    took: bool,
}

impl Facts {
    fn both(self, other: Facts) -> Facts {
        Facts {
            held: self.held & other.held,
            answer: self.answer.min(other.answer),
            looked: self.looked && other.looked,
            sent: self.sent && other.sent,
            took: self.took && other.took,
        }
    }
}

impl FlowChecker<'_, '_> {
    fn problem(&self, what: Phrase, placed: &Placed) -> Problem {
        self.reader.problem(what, placed.at.clone())
    }

    fn client(&self, respond: &Function, daemons: &[Function]) -> Result<(), Problem> {
        if !ops(respond).any(|placed| placed.op == Op::Reply) {
            return Err(self
                .reader
                .problem(phrase!("listing-never-replies"), respond.at.clone())
                .label(phrase!("listing-never-replies-label"))
                .help(phrase!("listing-never-replies-help")));
        }
        let received: Vec<PlaceId> = daemons.iter().flat_map(ops).filter_map(received).collect();
        let answered = daemons.iter().flat_map(ops).any(|placed| placed.op == Op::Answer);
        for placed in ops(respond) {
            match placed.op {
                Op::Receive(_) | Op::Gather(_) | Op::Answer => {
                    return Err(self
                        .problem(phrase!("listing-respond-receives"), placed)
                        .label(phrase!("listing-respond-receives-label"))
                        .help(phrase!("listing-respond-receives-help")));
                }
                Op::Send(place) if !received.contains(&place) => {
                    let name = &self.declared[place].place.name;
                    return Err(self
                        .problem(phrase!("listing-nobody-receives", mailbox = name), placed)
                        .label(phrase!("listing-nobody-receives-label"))
                        .help(phrase!("listing-nobody-receives-help")));
                }
                Op::Read(pipe) if !writes(respond, daemons, pipe) => {
                    let name = &self.declared[pipe].place.name;
                    return Err(self
                        .problem(phrase!("listing-nobody-writes", pipe = name), placed)
                        .label(phrase!("listing-waits-for-ever"))
                        .help(phrase!("listing-nobody-writes-help", pipe = name)));
                }
                Op::Await if !answered => {
                    return Err(self
                        .problem(phrase!("listing-nobody-answers"), placed)
                        .label(phrase!("listing-waits-for-ever"))
                        .help(phrase!("listing-nobody-answers-help")));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn daemon(&self, daemon: &Function) -> Result<(), Problem> {
        let first = ops(daemon).next();
        let Some(Placed { op: Op::Receive(mailbox) | Op::Gather(mailbox), .. }) = first else {
            return Err(self
                .reader
                .problem(
                    phrase!("listing-daemon-without-receive", function = &daemon.name),
                    daemon.at.clone(),
                )
                .label(phrase!("listing-daemon-without-receive-label"))
                .help(phrase!("listing-daemon-without-receive-help")));
        };
        let per_session = daemon.lane.as_ref().is_some_and(|(_, per_session)| *per_session);
        let keyed = self.declared[*mailbox].place.keys.contains(&Key::Session);
        if keyed && !per_session {
            let name = &self.declared[*mailbox].place.name;
            let what = phrase!("listing-whose-mailbox", function = &daemon.name, mailbox = name);
            return Err(self
                .reader
                .problem(what, daemon.at.clone())
                .label(phrase!("listing-whose-mailbox-label"))
                .help(phrase!("listing-whose-mailbox-help", mailbox = name)));
        }
        let gathers = matches!(first, Some(Placed { op: Op::Gather(_), .. }));
        for placed in ops(daemon).skip(1) {
            let what = match placed.op {
                Op::Receive(_) | Op::Gather(_) => phrase!("listing-daemon-receives-again"),
                Op::Next { .. } if !gathers => phrase!("listing-each-without-batch"),
                Op::Reply | Op::Await | Op::Send(_) | Op::Then => phrase!("listing-daemon-replies"),
                _ => continue,
            };
            return Err(self.problem(what, placed).label(phrase!("listing-daemon-label")));
        }
        Ok(())
    }

    /// A failed swap must mean that somebody else succeeded, or the loop might never end.
    fn swaps(&self, respond: &Function, daemons: &[Function]) -> Result<(), Problem> {
        let mut swapped: Option<PlaceId> = None;
        for function in std::iter::once(respond).chain(daemons) {
            for (position, line) in function.lines.iter().enumerate() {
                let Some((placed, place, retry)) = swap_of(line) else { continue };
                if swapped.is_some_and(|earlier| earlier != place) {
                    return Err(self
                        .problem(phrase!("listing-two-swapped"), placed)
                        .label(phrase!("listing-second-one")));
                }
                swapped = Some(place);
                self.swap_loop(&function.lines[retry..position], placed, place)?;
            }
        }
        Ok(())
    }

    fn swap_loop(
        &self,
        body: &[FunctionLine],
        swap: &Placed,
        place: PlaceId,
    ) -> Result<(), Problem> {
        let name = &self.declared[place].place.name;
        let ops = || body.iter().flat_map(|line| &line.ops);
        if !ops().any(|placed| placed.op == Op::Load(place)) {
            return Err(self
                .problem(phrase!("listing-swap-without-load", cell = name), swap)
                .label(phrase!("listing-swap-without-load-label"))
                .help(phrase!("listing-swap-without-load-help", cell = name)));
        }
        let refused = ops().find(|placed| match placed.op {
            Op::Store(written) | Op::Append(written, _) => written == place,
            Op::Put(..)
            | Op::Take(_)
            | Op::Mint(_)
            | Op::Settle(_)
            | Op::Send(_)
            | Op::Write(_)
            | Op::Read(_)
            | Op::Drop(_)
            | Op::UnlessFound { .. }
            | Op::UnlessKnown { .. }
            | Op::Acquire(_) => true,
            _ => false,
        });
        match refused {
            Some(placed) => Err(self
                .problem(phrase!("listing-repeated-by-swap"), placed)
                .label(phrase!("listing-repeated-by-swap-label"))
                .help(phrase!("listing-repeated-by-swap-help"))),
            None => Ok(()),
        }
    }

    /// Follows every way through a function until nothing changes any more.
    fn ways(&self, function: &Function) -> Result<(), Problem> {
        let lines = &function.lines;
        let start = Facts { held: 0, answer: Has::No, looked: false, sent: false, took: false };
        let mut facts: Vec<Option<Facts>> = vec![None; lines.len() + 1];
        facts[0] = Some(start);
        let mut changed = true;
        while changed {
            changed = false;
            for (position, line) in lines.iter().enumerate() {
                let Some(before) = facts[position] else { continue };
                for (next, after) in self.after(line, position, before)? {
                    let next = next.min(lines.len());
                    let merged = facts[next].map_or(after, |known| known.both(after));
                    changed |= facts[next] != Some(merged);
                    facts[next] = Some(merged);
                }
            }
        }
        Ok(())
    }

    /// What is certain after a line, for each line that may be next.
    fn after(
        &self,
        line: &FunctionLine,
        position: usize,
        before: Facts,
    ) -> Result<Vec<(usize, Facts)>, Problem> {
        let mut facts = before;
        let mut jumps = Vec::new();
        for placed in &line.ops {
            match placed.op {
                Op::Acquire(place) => facts.held |= 1 << place,
                Op::Release(place) => {
                    if facts.held & 1 << place == 0 {
                        let name = &self.declared[place].place.name;
                        return Err(self
                            .problem(phrase!("listing-releases-unheld", lock = name), placed)
                            .label(phrase!("listing-releases-unheld-label"))
                            .help(phrase!("listing-releases-unheld-help", lock = name)));
                    }
                    facts.held &= !(1 << place);
                }
                Op::Infer | Op::Await | Op::Read(_) => {
                    if placed.op == Op::Await && !facts.sent {
                        return Err(self
                            .problem(phrase!("listing-await-without-send"), placed)
                            .label(phrase!("listing-await-without-send-label")));
                    }
                    facts.answer = Has::Yes;
                }
                Op::Send(_) => facts.sent = true,
                Op::Take(_) => facts.took = true,
                Op::UnlessKnown { skip } => {
                    if !facts.took {
                        return Err(self
                            .problem(phrase!("listing-known-without-take"), placed)
                            .label(phrase!("listing-known-without-take-label")));
                    }
                    jumps.push((skip, facts));
                }
                Op::Next { first } => jumps.push((first, facts)),
                Op::Then => facts = self.then(placed, facts)?,
                Op::Lookup(_) => {
                    facts.looked = true;
                    facts.answer = facts.answer.max(Has::IfFound);
                }
                Op::UnlessFound { skip } => {
                    if !facts.looked {
                        return Err(self
                            .problem(phrase!("listing-found-without-lookup"), placed)
                            .label(phrase!("listing-found-without-lookup-label")));
                    }
                    let conditional = facts.answer == Has::IfFound;
                    let found = if conditional { Has::Yes } else { facts.answer };
                    jumps.push((skip, Facts { answer: found, ..facts }));
                    facts.answer = if conditional { Has::No } else { facts.answer };
                }
                Op::Swap { retry, .. } => jumps.push((retry, facts)),
                Op::Reply
                | Op::Answer
                | Op::Write(_)
                | Op::Save(_)
                | Op::Note(Part::Answer)
                | Op::Append(_, Part::Answer)
                    if facts.answer != Has::Yes =>
                {
                    return Err(self
                        .problem(phrase!("listing-no-answer"), placed)
                        .label(phrase!("listing-no-answer-label"))
                        .help(phrase!("listing-no-answer-help")));
                }
                Op::Reply => return Ok(jumps),
                _ => {}
            }
        }
        jumps.push((position + 1, facts));
        Ok(jumps)
    }
}

impl FlowChecker<'_, '_> {
    /// Another function has variables of its own, and no lock can be held until it is called.
    fn then(&self, placed: &Placed, facts: Facts) -> Result<Facts, Problem> {
        if facts.held != 0 {
            return Err(self
                .problem(phrase!("listing-held-at-then"), placed)
                .label(phrase!("listing-held-at-then-label"))
                .help(phrase!("listing-held-at-then-help")));
        }
        Ok(Facts { answer: Has::No, looked: false, sent: false, took: false, ..facts })
    }

    /// `then` is `respond`'s, something follows it, and nothing goes back over it.
    fn thens(&self, respond: &Function) -> Result<(), Problem> {
        let is_then = |placed: &&Placed| placed.op == Op::Then;
        let Some(then) = ops(respond).find(is_then) else { return Ok(()) };
        if ops(respond).any(|placed| matches!(placed.op, Op::Swap { .. })) {
            return Err(self
                .problem(phrase!("listing-then-and-repeat"), then)
                .label(phrase!("listing-then-and-repeat-label")));
        }
        match ops(respond).last().filter(is_then) {
            Some(last) => Err(self
                .problem(phrase!("listing-last-then"), last)
                .label(phrase!("listing-last-then-label"))),
            None => Ok(()),
        }
    }
}

/// Whether somebody puts answers into a pipe.
fn writes(respond: &Function, daemons: &[Function], pipe: PlaceId) -> bool {
    let functions = std::iter::once(respond).chain(daemons);
    functions.flat_map(ops).any(|placed| placed.op == Op::Write(pipe))
}

fn ops(function: &Function) -> impl Iterator<Item = &Placed> {
    function.lines.iter().flat_map(|line| &line.ops)
}

fn received(placed: &Placed) -> Option<PlaceId> {
    match placed.op {
        Op::Receive(place) | Op::Gather(place) => Some(place),
        _ => None,
    }
}

fn swap_of(line: &FunctionLine) -> Option<(&Placed, PlaceId, usize)> {
    line.ops.iter().find_map(|placed| match placed.op {
        Op::Swap { place, retry } => Some((placed, place, retry)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::listing::Listing;
    use crate::words::Words;

    /// What is said of a listing with these lines in its `respond`; nothing if it is accepted.
    fn said(lines: &[&str]) -> String {
        let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
        let text = format!(
            "H = []  #@ shared H\nS = None  #@ shared S\nC = {{}}  #@ shared C[question]\n\
             L = Lock()  #@ lock L\ndef respond(question, session):\n{lines}    \
             a = assistant(h)  #@ note question, infer\n    return a  #@ reply\n"
        );
        match Listing::parse("test.py", &text) {
            Ok(_) => String::new(),
            Err(problem) => problem.render(Words::english(), false),
        }
    }

    #[test]
    fn a_lock_that_is_held_on_one_way_only_is_not_released() {
        let one_way = ["c = C.get(q)  #@ lookup C", "if c is None:  #@ unless found"];
        let acquired = [&one_way[..], &["    L.acquire()  #@ acquire L"]].concat();
        let release = "L.release()  #@ release L";
        let told = said(&[&acquired[..], &[release]].concat());
        assert!(told.contains("L is released by a lane that does not hold it"), "{told}");
        let inside = format!("    {release}");
        assert_eq!(said(&[&acquired[..], &[&inside]].concat()), "");
    }

    #[test]
    fn nothing_that_a_failed_swap_would_do_again_stands_in_its_loop() {
        let looped = |line: &str| {
            said(&[
                "S = session  #@ put S session",
                "while True:  #@ repeat",
                "    h = list(H)  #@ load H",
                line,
                "    if H.swap(h): break  #@ swap H",
            ])
        };
        assert_eq!(looped("    h.append(question)  #@ note question"), "");
        for line in ["settle S", "put S session", "take S", "mint"] {
            let told = looped(&format!("    x()  #@ {line}"));
            assert!(told.contains("this does not belong into a loop"), "{line}: {told}");
        }
    }

    #[test]
    fn behind_a_then_nothing_is_known_until_it_is_taken_again() {
        let take = "who = S  #@ take S";
        let known = ["if not who:  #@ unless known", "    S = session  #@ put S session"];
        let then = "t()  #@ then";
        assert_eq!(said(&[&[take][..], &known].concat()), "");
        assert_eq!(said(&[&[take, then, take][..], &known].concat()), "");
        let told = said(&[&[take, then][..], &known].concat());
        assert!(told.contains("`unless known` without a `take` before it"), "{told}");
    }
}
