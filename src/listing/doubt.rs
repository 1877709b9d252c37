//! What a listing may do that its marks do not say: told with the verdict, so that nobody takes what
//! was not understood for clean.

use super::source::{Source, SourceLine};
use crate::model::code::{Code, Line, LineKind, Place, PlaceKind};
use crate::model::op::Op;
use crate::phrase;
use crate::words::Phrase;
use std::collections::BTreeMap;

/// Everything about a listing that its marks leave in doubt, statement by statement.
pub(super) fn doubts(code: &Code, source: &Source, text: &str) -> Vec<Phrase> {
    let holds_data = |place: &&Place| holds_data(place);
    let moved = |place: &&Place| code.ops().any(|op| touches(code, op, place));
    let unused = code.places.iter().filter(holds_data).filter(|place| !moved(place));
    let mut doubts: Vec<Phrase> =
        unused.map(|place| phrase!("doubt-unused", place = &place.name)).collect();
    let mut taken = Taken::new();
    let mut in_coroutine = false;
    for statement in statements(code, source, text) {
        // A function has variables of its own.
        if ["def", "async"].contains(&first_word(&statement.text)) {
            taken.clear();
            in_coroutine = first_word(&statement.text) == "async";
        }
        doubts.extend(statement.holds_up().filter(|_| in_coroutine));
        doubts.extend(statement.unmoved(code));
        doubts.extend(statement.shown(code, &taken));
        statement.take(code, &mut taken);
    }
    doubts
}

fn holds_data(place: &Place) -> bool {
    matches!(place.kind, PlaceKind::Cell(_) | PlaceKind::Pipe | PlaceKind::Mailbox)
}

fn touches(code: &Code, op: Op, place: &Place) -> bool {
    op.place().is_some_and(|moved| code.places[moved].name == place.name)
}

/// For each variable that holds a value out of a shared place, the place and the line.
type Taken = BTreeMap<String, (String, usize)>;

/// A statement, over all of its lines, and what is marked on them.
struct Statement {
    line: usize,
    text: String,
    ops: Vec<Op>,
}

fn statements(code: &Code, source: &Source, text: &str) -> Vec<Statement> {
    let marked: Vec<&Line> = code.routines().flat_map(|routine| &routine.lines).collect();
    let groups = source.lines.chunk_by(|_, next: &SourceLine| next.continues);
    let statement = |lines: &[SourceLine]| {
        let numbers = lines.first()?.number..=lines.last()?.number;
        let words: Vec<&str> = lines.iter().map(|line| &text[line.code.clone()]).collect();
        let on = |line: &&&Line| line.kind == LineKind::Code && numbers.contains(&line.number);
        let ops = marked.iter().filter(on).flat_map(|line| line.ops.iter().copied()).collect();
        Some(Statement { line: *numbers.start(), text: words.join(" "), ops })
    };
    groups.filter_map(statement).collect()
}

impl Statement {
    /// A marked statement that names a shared place and does not move it.
    fn unmoved(&self, code: &Code) -> Option<Phrase> {
        // A condition on what was looked up before names its place again.
        let asks_again = ["if ", "elif ", "while "].iter().any(|word| self.text.starts_with(word));
        if self.ops.is_empty() || asks_again {
            return None;
        }
        let names = names(&self.text);
        let is_named = |place: &&Place| {
            let inside = format!("{}.", place.name);
            names.iter().any(|name| *name == place.name || name.starts_with(&inside))
        };
        let mut places = code.places.iter().filter(|place| holds_data(place)).filter(is_named);
        let unmoved = |place: &&Place| !self.ops.iter().any(|op| touches(code, *op, place));
        let place = places.find(unmoved)?;
        Some(phrase!("doubt-unmoved", line = self.line, place = &place.name))
    }

    /// A wait of a coroutine that lets nobody else go on.
    fn holds_up(&self) -> Option<Phrase> {
        // `await`, `async with`, `async for`.
        let awaits =
            names(&self.text).iter().any(|name| ["await", "async"].contains(&name.as_str()));
        let is_pause = self.ops.contains(&Op::Pause);
        (is_pause && !awaits).then(|| phrase!("doubt-pause", line = self.line))
    }

    /// A reply that shows a value out of a shared place, or an answer that is asked for with one.
    fn shown(&self, code: &Code, taken: &Taken) -> Option<Phrase> {
        let asks = self.ops.contains(&Op::Infer);
        if !asks && !self.ops.contains(&Op::Reply) {
            return None;
        }
        let how = if asks { "asks" } else { "shows" };
        if let Some(place) = self.taken_here(code) {
            return Some(phrase!("doubt-taken-here", line = self.line, how = how, place = place));
        }
        // Beside a place that is read, a variable may be its key.
        if asks && self.ops.iter().any(|op| op.place().is_some()) {
            return None;
        }
        let names = names(&self.text);
        let (variable, (place, line)) = names.iter().find_map(|name| taken_by(taken, name))?;
        Some(phrase!(
            "doubt-taken",
            line = self.line,
            how = how,
            variable = variable,
            place = place,
            taken = *line
        ))
    }

    fn taken_here(&self, code: &Code) -> Option<String> {
        self.ops.iter().find_map(|op| match op {
            Op::Take(place) => Some(code.places[*place].name.clone()),
            _ => None,
        })
    }

    /// Notes which variables hold a taken value behind this statement. What another mark says of a
    /// statement is where its value comes from; without one it comes from what it names.
    fn take(&self, code: &Code, taken: &mut Taken) {
        let from = match self.taken_here(code) {
            Some(place) if !self.ops.contains(&Op::Infer) => Some((place, self.line)),
            Some(_) => None,
            None if self.ops.is_empty() => {
                let names = names(right_side(&self.text));
                names.iter().find_map(|name| Some(taken_by(taken, name)?.1.clone()))
            }
            None => None,
        };
        for target in targets(&self.text) {
            match &from {
                Some(from) => {
                    taken.insert(target, from.clone());
                }
                None => {
                    taken.remove(&target);
                }
            }
        }
    }
}

/// The variable that a name begins with, and where its value was taken from.
fn taken_by<'a>(taken: &'a Taken, name: &str) -> Option<(&'a String, &'a (String, usize))> {
    taken.get_key_value(name.split('.').next()?)
}

/// The variables that a statement assigns: `a`, `a = b =`, `a, b =`, `a: T =`, `a +=`, `a :=`, `as a`.
fn targets(text: &str) -> Vec<String> {
    let code = code_of(text);
    let mut targets: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, character) in code.char_indices() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '=' if is_assignment(&code, at) && (depth == 0 || code[..at].ends_with(':')) => {
                let left = &code[start..at];
                let left = left.trim_end_matches(['+', '-', '*', '/', '|', '&', ':']);
                let left = if depth == 0 { left } else { last_word(left) };
                let left = left.split(':').next().unwrap_or_default();
                targets.extend(left.split(',').map(|name| last_word(name).to_owned()));
                start = at + 1;
            }
            _ => {}
        }
    }
    targets.extend(code.split(" as ").skip(1).map(|rest| first_word(rest).to_owned()));
    targets.retain(|name| !name.is_empty());
    targets
}

/// What a statement assigns, or all of it where it assigns nothing, or adds to what there is.
fn right_side(text: &str) -> &str {
    let mut depth = 0_usize;
    let mut right = text;
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '=' if depth == 0 && is_assignment(text, at) => {
                let adds = text[..at].ends_with(['+', '-', '*', '/', '|', '&']);
                right = if adds { text } else { &text[at + 1..] };
            }
            _ => {}
        }
    }
    right
}

fn is_assignment(code: &str, at: usize) -> bool {
    !code[at + 1..].starts_with('=') && !code[..at].ends_with(['=', '<', '>', '!'])
}

fn is_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches([' ', '(', ')']);
    text.rsplit(|c| !is_part(c)).next().unwrap_or_default()
}

fn first_word(text: &str) -> &str {
    text.trim_start().split(|c| !is_part(c)).next().unwrap_or_default()
}

/// What a statement names, with dots: `bot.memory`. The name of an argument, before its `=`, is none.
fn names(text: &str) -> Vec<String> {
    let code = code_of(text);
    let (mut names, mut depth, mut rest) = (Vec::new(), 0_usize, code.as_str());
    while let Some(character) = rest.chars().next() {
        if !is_part(character) {
            match character {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            rest = &rest[character.len_utf8()..];
            continue;
        }
        let end = rest.find(|c| !is_part(c) && c != '.').unwrap_or(rest.len());
        let behind = rest[end..].trim_start();
        let is_argument = depth > 0 && behind.starts_with('=') && !behind.starts_with("==");
        if !is_argument {
            names.push(rest[..end].to_owned());
        }
        rest = &rest[end..];
    }
    names
}

/// The code of a statement without its strings, but for what an f-string puts into braces.
fn code_of(text: &str) -> String {
    let (mut code, mut open, mut before) = (String::new(), None, ' ');
    let mut braces = 0_usize;
    for character in text.chars() {
        match (open, character) {
            (None, '"' | '\'') => {
                let formats = matches!(before, 'f' | 'F');
                // The letter before it is no name.
                code.truncate(code.len() - usize::from(formats));
                code.push(' ');
                open = Some((character, formats));
            }
            (None, _) => code.push(character),
            (Some((quote, _)), _) if quote == character && braces == 0 => open = None,
            (Some((_, true)), '{') => braces = if before == '{' { 0 } else { braces + 1 },
            (Some((_, true)), '}') if braces > 0 => {
                braces -= 1;
                code.push(' ');
            }
            (Some((_, true)), _) if braces > 0 => code.push(character),
            (Some(_), _) => {}
        }
        before = character;
    }
    code
}

#[cfg(test)]
mod tests {
    use super::super::Listing;
    use crate::words::Phrase;

    #[track_caller]
    fn told(text: &str) -> Vec<String> {
        let listing = Listing::parse("test.py", text);
        let listing = listing.unwrap_or_else(|_| unreachable!("it is a listing:\n{text}"));
        listing.doubts.iter().map(Phrase::english).collect()
    }

    const APPENDS: &str = "messages = []  #@ shared messages\n\n\ndef respond(question, session):\n    \
                           messages.append(question)  #@ append messages question\n    \
                           answer = client.chat(messages)  #@ infer\n    return answer  #@ reply\n";

    #[test]
    fn a_place_that_a_mark_names_and_does_not_move_is_doubted() {
        let doubts = told(APPENDS);
        assert_eq!(doubts.len(), 1, "{doubts:?}");
        assert!(doubts[0].starts_with("Line 6 names messages"), "{doubts:?}");
        let change = |to: &str| told(&APPENDS.replace("client.chat(messages)  #@ infer", to));
        assert_eq!(change("chat(messages)  #@ load messages, infer"), [""; 0]);
        for right in ["chat('messages')", "chat(messages=1)", "chat(f'messages {question}')"] {
            assert_eq!(change(&format!("{right}  #@ infer")), [""; 0], "{right}");
        }
        assert_eq!(change("chat(  #@ infer\n        messages)").len(), 1);
    }

    #[test]
    fn a_place_that_nothing_moves_is_doubted() {
        let doubts = told(&format!("STATE = {{}}  #@ shared STATE\n{APPENDS}"));
        assert!(doubts[0].starts_with("STATE is declared"), "{doubts:?}");
    }

    fn takes(middle: &str, reply: &str) -> Vec<String> {
        told(&format!(
            "CURRENT = None  #@ shared CURRENT\n\n\ndef respond(question, session):\n    CURRENT = \
             session  #@ put CURRENT\n    {middle}\n    {reply}\n"
        ))
    }

    #[test]
    fn a_value_that_was_taken_and_is_shown_is_doubted() {
        let answer = "answer = assistant([question])  #@ infer";
        for taking in [
            "user = CURRENT  #@ take CURRENT",
            "user: str = CURRENT  #@ take CURRENT",
            "a = user = CURRENT  #@ take CURRENT",
            "user, x = CURRENT, 1  #@ take CURRENT",
            "name = CURRENT  #@ take CURRENT\n    user = name.upper()",
        ] {
            let middle = format!("{taking}\n    {answer}");
            let doubts = takes(&middle, "return f\"{user}: {answer}\"  #@ reply");
            assert_eq!(doubts.len(), 1, "{taking}: {doubts:?}");
            assert!(doubts[0].contains("shows user"), "{taking}: {doubts:?}");
            assert_eq!(takes(&middle, "return answer  #@ reply"), [""; 0], "{taking}");
            let literal = "return f\"user: {answer}\"  #@ reply";
            assert_eq!(takes(&middle, literal), [""; 0], "{taking}");
            let again = format!("{middle}\n    user = session");
            let shown = takes(&again, "return f\"{user}: {answer}\"  #@ reply");
            assert_eq!(shown, [""; 0], "{taking}");
        }
        let here = takes(answer, "return CURRENT + answer  #@ take CURRENT, reply");
        assert_eq!(here.len(), 1, "{here:?}");
        let asked = takes(
            "user = CURRENT  #@ take CURRENT\n    answer = assistant([question, user])  #@ infer",
            "return answer  #@ reply",
        );
        assert!(asked[0].contains("asks the assistant with user"), "{asked:?}");
    }
}
