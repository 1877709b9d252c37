//! Reasons that are wrong in one thing that they name.

use interleak::anomalies::facts::Message;
use interleak::anomalies::reason::Reason;

/// Other values of a field.
trait Wrong: Sized {
    fn wrong(&self, steps: usize) -> Vec<Self>;
}

impl Wrong for String {
    fn wrong(&self, _: usize) -> Vec<String> {
        vec!["elsewhere".into(), format!("{self}2")]
    }
}

impl Wrong for usize {
    /// The steps around it, and one that does not exist.
    fn wrong(&self, steps: usize) -> Vec<usize> {
        vec![self - 1, self + 1, steps + 1]
    }
}

impl Wrong for Message {
    fn wrong(&self, steps: usize) -> Vec<Message> {
        let (lanes, texts) = (self.lane.wrong(steps), self.text.wrong(steps));
        let lanes = lanes.into_iter().map(|lane| Message { lane, ..self.clone() });
        lanes.chain(texts.into_iter().map(|text| Message { text, ..self.clone() })).collect()
    }
}

/// For each field of each of these facts, the same reason with something else in it.
macro_rules! versions {
    ($reason:expr, $steps:expr, $($fact:ident { $($field:ident),* })*) => {
        match $reason {
            $(Reason::$fact { $($field),* } => {
                let mut all = Vec::new();
                $(for other in $field.wrong($steps) {
                    let mut wrong = $reason.clone();
                    if let Reason::$fact { $field, .. } = &mut wrong {
                        *$field = other;
                    }
                    all.push(wrong);
                })*
                all
            })*
            // Those name no step.
            _ => Vec::new(),
        }
    };
}

/// The same reason with one step, lane, place or message that is wrong.
pub(crate) fn versions(steps: usize, reason: &Reason) -> Vec<Reason> {
    versions! { reason, steps,
        Through { place, writer, put, reader, read }
        Piped { place, writer, put, reader, read }
        Kept { place, writer, put, reader, read }
        KeptAnyway { place, writer, put, reader, read }
        Held { about, lane, place, step }
        Overtaken { about, place, writer, copied, stored, step }
        OtherCopy { about, place, other, writer, copied, step }
        Overwrote { about, place, writer, step }
        PutElsewhere { place, other, writer, step }
        PutAside { other, writer, step }
        NotReceived { about, writer, place, step }
        Received { about, lane, place, step }
        NotAnswered { about, lane, place, step }
        ReadUnused { place, reader, read }
        NotThere { place, reader, read }
        ElsewhereThen { place, reader, read, other, writer, put }
        PutLater { place, reader, read, writer, put }
        Asked { about, place, writer, step }
        MessageBetween { about, writer, step }
        AnswerBetween { about, writer, step }
        TooLate { text, writer, step }
        AnsweredFirst { about, place, writer, step }
        AskedAfter { writer, step }
        AnsweredElsewhere { place, writer, step }
        WrittenApart { place, writer, step }
    }
}
