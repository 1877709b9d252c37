//! What a listing may do that its marks do not say: told with the verdict, so that nobody takes what
//! was not understood for clean.

use crate::model::code::{Code, Line, LineKind, PlaceKind};
use crate::model::op::Op;
use crate::phrase;
use crate::words::Phrase;

/// Everything about a listing that its marks leave in doubt, line by line.
pub(super) fn doubts(code: &Code) -> Vec<Phrase> {
    let lines = || code.routines().flat_map(|routine| &routine.lines);
    let in_file = |line: &&Line| line.kind == LineKind::Code;
    let mut doubts: Vec<Phrase> =
        lines().filter(in_file).filter_map(|line| unmoved(code, line)).collect();
    for routine in code.routines() {
        let lines: Vec<&Line> = routine.lines.iter().filter(in_file).collect();
        doubts.extend(lines.iter().filter_map(|line| shown(code, &lines, line)));
    }
    doubts
}

/// A marked line that names a shared place and does not move it.
fn unmoved(code: &Code, line: &Line) -> Option<Phrase> {
    let holds_data =
        |kind| matches!(kind, PlaceKind::Cell(_) | PlaceKind::Pipe | PlaceKind::Mailbox);
    let moved = |place: usize| line.ops.iter().any(|op| op.place() == Some(place));
    let mut places = code.places.iter().enumerate();
    let (_, place) = places.find(|(id, place)| {
        holds_data(place.kind) && !moved(*id) && names(&line.text, &place.name)
    })?;
    Some(phrase!("doubt-unmoved", line = line.number, place = &place.name))
}

/// A reply that shows a value which was read from a shared place.
fn shown(code: &Code, lines: &[&Line], line: &Line) -> Option<Phrase> {
    if !line.ops.contains(&Op::Reply) {
        return None;
    }
    lines.iter().find_map(|taken| {
        let place = taken.ops.iter().find_map(|op| match op {
            Op::Take(place) => Some(*place),
            _ => None,
        })?;
        let (variable, _) = taken.text.split_once('=')?;
        let variable = variable.trim();
        names(&line.text, variable).then(|| {
            let place = &code.places[place].name;
            phrase!(
                "doubt-shown",
                line = line.number,
                variable = variable,
                place = place,
                taken = taken.number
            )
        })
    })
}

/// Whether code names something, outside of plain strings. What stands in an f-string may be code.
fn names(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let code = without_strings(text);
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        !before.ends_with(is_part) && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

fn without_strings(text: &str) -> String {
    let (mut code, mut open, mut before) = (String::new(), None, ' ');
    for character in text.chars() {
        match (open, character) {
            (None, '"' | '\'') if !matches!(before, 'f' | 'F') => open = Some(character),
            (Some(quote), _) if quote == character => open = None,
            (Some(_), _) => {}
            (None, _) => code.push(character),
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
        let listing = listing.unwrap_or_else(|_| unreachable!("it is a listing"));
        listing.doubts.iter().map(Phrase::english).collect()
    }

    #[test]
    fn a_place_that_a_mark_names_and_does_not_move_is_doubted() {
        let text = "messages = []  #@ shared messages\n\n\ndef respond(question, session):\n    \
                    messages.append(question)  #@ append messages question\n    \
                    answer = client.chat(messages)  #@ infer\n    return answer  #@ reply\n";
        let doubts = told(text);
        assert_eq!(doubts.len(), 1, "{doubts:?}");
        assert!(doubts[0].starts_with("Line 6 names messages"), "{doubts:?}");
        assert!(told(&text.replace("#@ infer", "#@ load messages, infer")).is_empty());
        assert!(told(&text.replace("client.chat(messages)", "client.chat('messages')")).is_empty());
    }

    #[test]
    fn a_value_that_was_taken_and_is_shown_is_doubted() {
        let text = "CURRENT = None  #@ shared CURRENT\n\n\ndef respond(question, session):\n    \
                    CURRENT = session  #@ put CURRENT\n    user = CURRENT  #@ take CURRENT\n    \
                    answer = assistant([question])  #@ infer\n    return f\"{user}: {answer}\"  #@ reply\n";
        let doubts = told(text);
        assert_eq!(doubts.len(), 1, "{doubts:?}");
        assert!(doubts[0].starts_with("Line 8 shows user"), "{doubts:?}");
        assert!(told(&text.replace("f\"{user}: {answer}\"", "answer")).is_empty());
    }
}
