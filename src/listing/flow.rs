//! What must hold on every way through a function, so that running it can never fail.

use super::function::{Function, FunctionLine};
use super::{Declared, Placed, Reader};
use crate::model::PlaceId;
use crate::model::code::Key;
use crate::model::op::{Op, Part};
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
    fn problem(&self, what: impl Into<Phrase>, placed: &Placed) -> Problem {
        self.reader.problem(what, placed.at.clone())
    }

    fn client(&self, respond: &Function, daemons: &[Function]) -> Result<(), Problem> {
        if !ops(respond).any(|placed| placed.op == Op::Reply) {
            return Err(self
                .reader
                .problem("`respond` never replies", respond.at.clone())
                .label("no line of it is marked `#@ reply`")
                .help("mark the line that returns the answer: `return answer  #@ reply`"));
        }
        let received: Vec<PlaceId> = daemons.iter().flat_map(ops).filter_map(received).collect();
        let answered = daemons.iter().flat_map(ops).any(|placed| placed.op == Op::Answer);
        for placed in ops(respond) {
            match placed.op {
                Op::Receive(_) | Op::Gather(_) | Op::Answer => {
                    return Err(self
                        .problem("only a daemon lane receives and answers", placed)
                        .label("this is `respond`")
                        .help("mark the worker's function with `#@ lane NAME`"));
                }
                Op::Send(place) if !received.contains(&place) => {
                    let name = &self.declared[place].place.name;
                    return Err(self
                        .problem(format!("nobody receives from {name}"), placed)
                        .label("its questions would wait for ever")
                        .help("mark the worker's function with `#@ lane NAME per session`"));
                }
                Op::Read(pipe) if !writes(respond, daemons, pipe) => {
                    let name = &self.declared[pipe].place.name;
                    return Err(self
                        .problem(format!("nobody writes into {name}"), placed)
                        .label("would wait for ever")
                        .help(format!("mark the line that puts an answer in: `#@ write {name}`")));
                }
                Op::Await if !answered => {
                    return Err(self
                        .problem("nobody answers", placed)
                        .label("would wait for ever")
                        .help("mark the worker's line that hands the answer back: `#@ answer`"));
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
                    format!("`{}` does not begin by receiving", daemon.name),
                    daemon.at.clone(),
                )
                .label("a daemon lane waits for questions")
                .help("mark the line that takes a question: `#@ receive MAILBOX`"));
        };
        let per_session = daemon.lane.as_ref().is_some_and(|(_, per_session)| *per_session);
        let keyed = self.declared[*mailbox].place.keys.contains(&Key::Session);
        if keyed && !per_session {
            let name = &self.declared[*mailbox].place.name;
            return Err(self
                .reader
                .problem(
                    format!(
                        "one `{}` for all sessions cannot know whose {name} to empty",
                        daemon.name
                    ),
                    daemon.at.clone(),
                )
                .label("`lane … per session` is meant")
                .help(format!("or declare one mailbox for all: `#@ mailbox {name}`")));
        }
        let gathers = matches!(first, Some(Placed { op: Op::Gather(_), .. }));
        for placed in ops(daemon).skip(1) {
            let what = match placed.op {
                Op::Receive(_) | Op::Gather(_) => "a daemon lane receives once, at its beginning",
                Op::Next { .. } if !gathers => {
                    "`each` goes through a batch, and there is no `receive MAILBOX batch`"
                }
                Op::Reply | Op::Await | Op::Send(_) | Op::Then => {
                    "only `respond` sends, awaits and replies; a daemon lane answers"
                }
                _ => continue,
            };
            return Err(self.problem(what, placed).label("this is a daemon lane"));
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
                        .problem("two different cells are swapped", placed)
                        .label("a second one"));
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
                .problem(format!("the loop swaps {name} but does not load it"), swap)
                .label("would fail for ever")
                .help(format!("load it inside the loop: `#@ load {name}`")));
        }
        let refused = ops().find(|placed| match placed.op {
            Op::Store(written) | Op::Append(written, _) => written == place,
            Op::Put(..)
            | Op::Take(_)
            | Op::Mint
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
                .problem("this does not belong into a loop that a swap repeats", placed)
                .label("would be done again after a failed swap")
                .help("keep only load, note, infer and swap in the loop")),
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
                            .problem(
                                format!("{name} is released by a lane that does not hold it"),
                                placed,
                            )
                            .label("not acquired on every way to this line")
                            .help(format!("acquire it first: `#@ acquire {name}`")));
                    }
                    facts.held &= !(1 << place);
                }
                Op::Infer | Op::Await | Op::Read(_) => {
                    if placed.op == Op::Await && !facts.sent {
                        return Err(self
                            .problem(
                                "this waits for an answer to a question that was not sent",
                                placed,
                            )
                            .label("no `send` before it"));
                    }
                    facts.answer = Has::Yes;
                }
                Op::Send(_) => facts.sent = true,
                Op::Take(_) => facts.took = true,
                Op::UnlessKnown { skip } => {
                    if !facts.took {
                        return Err(self
                            .problem("`unless known` without a `take` before it", placed)
                            .label("known from where?"));
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
                            .problem("`unless found` without a `lookup` before it", placed)
                            .label("found what?"));
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
                        .problem("there is no answer yet", placed)
                        .label("not on every way to this line")
                        .help(
                            "an answer comes from `infer`, `await`, `read` or a `lookup` that found \
                             one; `then` forgets it",
                        ));
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
                .problem("a lock is held where the function ends", placed)
                .label("the next function is another request")
                .help("release it before `then`"));
        }
        Ok(Facts { answer: Has::No, looked: false, sent: false, took: false, ..facts })
    }

    /// `then` is `respond`'s, something follows it, and nothing goes back over it.
    fn thens(&self, respond: &Function) -> Result<(), Problem> {
        let is_then = |placed: &&Placed| placed.op == Op::Then;
        let Some(then) = ops(respond).find(is_then) else { return Ok(()) };
        if ops(respond).any(|placed| matches!(placed.op, Op::Swap { .. })) {
            return Err(self
                .problem("`then` and `repeat` do not go together", then)
                .label("a function of several"));
        }
        match ops(respond).last().filter(is_then) {
            Some(last) => Err(self
                .problem("nothing comes after this `then`", last)
                .label("the last function replies")),
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
