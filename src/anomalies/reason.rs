//! How something came about, as plain values. Each speaks of steps of one order, and is true of it.

use super::facts::Message;
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;

/// A link of the chain that led to something wrong. Steps count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Reason {
    /// What was said went through a place.
    Through {
        /// The place.
        place: String,
        /// Who put it there.
        writer: String,
        /// In which step.
        put: usize,
        /// Who read it from there.
        reader: String,
        /// In which step.
        read: usize,
    },
    /// An answer went through a pipe.
    Piped {
        /// The pipe.
        place: String,
        /// Whose answer it was.
        writer: String,
        /// In which step it was left there.
        put: usize,
        /// Who took it out.
        reader: String,
        /// In which step.
        read: usize,
    },
    /// An answer was kept, and read again.
    Kept {
        /// The place.
        place: String,
        /// Who kept it.
        writer: String,
        /// In which step.
        put: usize,
        /// Who read it from there.
        reader: String,
        /// In which step.
        read: usize,
    },
    /// The same, in a request that asked the assistant all the same.
    KeptAnyway {
        /// The place.
        place: String,
        /// Who kept it.
        writer: String,
        /// In which step.
        put: usize,
        /// Who read it from there.
        reader: String,
        /// In which step.
        read: usize,
    },
    /// An answer is no better than what was known when it was computed.
    OnlyThen,
    /// An answer reached another lane than the one that it was computed for.
    Crossed {
        /// The lane that it was computed for.
        lane: String,
    },
    /// Nothing tied an answer to its request.
    Untied,
    /// A worker still held what it had been sent when it computed another answer.
    Held {
        /// The message.
        about: Message,
        /// The worker.
        lane: String,
        /// The mailbox that it took the message out of.
        place: String,
        /// In which step.
        step: usize,
    },
    /// A copy that was made before a message was stored was stored over it.
    Overtaken {
        /// The message.
        about: Message,
        /// The place.
        place: String,
        /// Who stored the copy.
        writer: String,
        /// The step in which the copy was made.
        copied: usize,
        /// The step that stored the message.
        stored: usize,
        /// The step that stored the copy over it.
        step: usize,
    },
    /// A copy of another place was stored over a message.
    OtherCopy {
        /// The message.
        about: Message,
        /// The place.
        place: String,
        /// What was copied.
        other: String,
        /// Who stored the copy.
        writer: String,
        /// The step in which the copy was made.
        copied: usize,
        /// The step that stored it over the message.
        step: usize,
    },
    /// Something that is no copy was stored over a message.
    Overwrote {
        /// The message.
        about: Message,
        /// The place.
        place: String,
        /// Who stored.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// No step put the message where it is missing.
    NeverPut {
        /// The place.
        place: String,
    },
    /// The message was put elsewhere, and never where it is missing.
    PutElsewhere {
        /// The place where it is missing.
        place: String,
        /// Where it was put.
        other: String,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// The message was put where its session does not look for it.
    PutAside {
        /// Where it was put.
        other: String,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// The message was sent to a worker, and is still on its way.
    NotReceived {
        /// The message.
        about: Message,
        /// Who sent it.
        writer: String,
        /// The mailbox.
        place: String,
        /// In which step it was put there.
        step: usize,
    },
    /// A worker took the message.
    Received {
        /// The message.
        about: Message,
        /// The worker.
        lane: String,
        /// The mailbox.
        place: String,
        /// In which step.
        step: usize,
    },
    /// A worker took the message, and has not answered it.
    NotAnswered {
        /// The message.
        about: Message,
        /// The worker.
        lane: String,
        /// The mailbox.
        place: String,
        /// In which step.
        step: usize,
    },
    /// Nothing was read in the turn.
    NothingRead,
    /// What was read in the turn was no part of what the answer was computed from.
    NoneUsed,
    /// The message was read, and not used.
    ReadUnused {
        /// The place.
        place: String,
        /// Who read it.
        reader: String,
        /// In which step.
        read: usize,
    },
    /// The message was not where it was looked for, and nowhere else.
    NotThere {
        /// The place.
        place: String,
        /// Who looked for it.
        reader: String,
        /// In which step.
        read: usize,
    },
    /// The message was looked for in one place, and stood in another.
    ElsewhereThen {
        /// Where it was looked for.
        place: String,
        /// Who looked for it.
        reader: String,
        /// In which step.
        read: usize,
        /// Where it had been put.
        other: String,
        /// By whom.
        writer: String,
        /// In which step.
        put: usize,
    },
    /// The message was put where it was looked for, and too late.
    PutLater {
        /// The place.
        place: String,
        /// Who looked for it.
        reader: String,
        /// In which step.
        read: usize,
        /// Who put it there.
        writer: String,
        /// In which step.
        put: usize,
    },
    /// A message was put into a list.
    Asked {
        /// The message.
        about: Message,
        /// The place.
        place: String,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// Another message was put behind it.
    MessageBetween {
        /// The other message.
        about: Message,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// The answer to another message was put behind it.
    AnswerBetween {
        /// The other message.
        about: Message,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// The answer came too late to stand behind its question.
    TooLate {
        /// The message that it answers.
        text: String,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// An answer was put into a list before its question.
    AnsweredFirst {
        /// The message that it answers.
        about: Message,
        /// The place.
        place: String,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// The question came after its answer.
    AskedAfter {
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// The answer was put into another list than its question.
    AnsweredElsewhere {
        /// The place.
        place: String,
        /// Who put it there.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// A message and its answer were written apart.
    WrittenApart {
        /// The place.
        place: String,
        /// Who wrote it.
        writer: String,
        /// In which step.
        step: usize,
    },
    /// There is a way through the handler that shows no reply.
    NoReplyLine {
        /// The handler.
        function: String,
    },
    /// On one event loop, an ordinary lock lets nobody go on, not even its holder, who waits for the
    /// assistant.
    LoopStopped {
        /// Who waits for the lock.
        lane: String,
        /// The lock.
        place: String,
        /// Who holds it.
        holder: String,
    },
    /// The same, while its holder waits for something else.
    LoopStoppedAnyway {
        /// Who waits for the lock.
        lane: String,
        /// The lock.
        place: String,
        /// Who holds it.
        holder: String,
    },
    /// A lane takes a lock that it holds.
    TakenTwice {
        /// The lane.
        lane: String,
        /// The lock.
        place: String,
    },
    /// A lane is through and holds a lock.
    NeverFreed {
        /// The lane.
        lane: String,
        /// The lock.
        place: String,
    },
    /// A request has ended, and its lane holds a lock that it took in it.
    EndedHolding {
        /// The lane.
        lane: String,
        /// The lock.
        place: String,
    },
    /// A worker has nothing to do and holds a lock.
    NotFreed {
        /// The worker.
        lane: String,
        /// The lock.
        place: String,
    },
    /// The last answer was taken out of a pipe.
    PipeTaken {
        /// Who took it.
        lane: String,
        /// The pipe.
        place: String,
        /// In which step.
        step: usize,
    },
    /// What was in a pipe was thrown away.
    PipeDropped {
        /// Who threw it away.
        lane: String,
        /// The pipe.
        place: String,
        /// In which step.
        step: usize,
    },
    /// Nothing was ever put into a pipe.
    PipeUnused {
        /// The pipe.
        place: String,
    },
    /// Everybody waits for somebody who waits.
    Circle,
}

/// The fields of a reason that are steps.
const STEPS: [&str; 5] = ["put", "read", "copied", "stored", "step"];

impl Reason {
    /// The steps that it names, from 1.
    pub fn steps(&self) -> Vec<usize> {
        let fields = serde_json::to_value(self).unwrap_or_default();
        let step = |name: &&str| fields.get(name)?.as_u64().map(|step| step as usize);
        STEPS.iter().filter_map(step).collect()
    }

    /// A sentence or a few of them.
    pub fn phrase(&self) -> Phrase {
        Phrase::of("why", self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemars::schema_for;
    use serde_json::Value;

    /// The names of all fields that are whole numbers, but for those of messages and what is counted.
    fn numbers(schema: &Value, all: &mut Vec<String>) {
        let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let numbers = fields.filter(|(_, field)| field["type"] == "integer");
        all.extend(numbers.map(|(name, _)| name.clone()));
        for one in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
            self::numbers(one, all);
        }
    }

    #[test]
    fn every_step_of_a_reason_is_known_as_one() {
        let mut all = Vec::new();
        numbers(schema_for!(Reason).as_value(), &mut all);
        all.sort();
        all.dedup();
        let mut steps = STEPS.to_vec();
        steps.sort_unstable();
        assert_eq!(all, steps);
    }
}
