//! Whether reasons are told in the order of time.

use interleak::anomalies::reason::Reason;

/// Whether the steps of a chain of reasons are told in the order of time.
pub(crate) fn in_time(reasons: &[Reason]) -> bool {
    let times: Vec<Vec<usize>> = reasons.iter().map(steps).collect();
    let rises = |steps: &[usize]| steps.windows(2).all(|two| two[0] <= two[1]);
    let firsts: Vec<usize> = times.iter().filter_map(|steps| steps.first().copied()).collect();
    times.iter().all(|steps| rises(steps)) && rises(&firsts)
}

/// The steps of a reason, in the order in which they have to be.
fn steps(reason: &Reason) -> Vec<usize> {
    match reason {
        Reason::Through { put, read, .. }
        | Reason::Piped { put, read, .. }
        | Reason::Kept { put, read, .. }
        | Reason::KeptAnyway { put, read, .. }
        | Reason::ElsewhereThen { put, read, .. } => vec![*put, *read],
        Reason::PutLater { read, put, .. } => vec![*read, *put],
        Reason::Overtaken { copied, stored, step, .. } => vec![*copied, *stored, *step],
        Reason::OtherCopy { copied, step, .. } => vec![*copied, *step],
        Reason::Held { step, .. }
        | Reason::Overwrote { step, .. }
        | Reason::PutElsewhere { step, .. }
        | Reason::PutAside { step, .. }
        | Reason::Received { step, .. }
        | Reason::Asked { step, .. }
        | Reason::MessageBetween { step, .. }
        | Reason::AnswerBetween { step, .. }
        | Reason::TooLate { step, .. }
        | Reason::AnsweredFirst { step, .. }
        | Reason::AskedAfter { step, .. }
        | Reason::AnsweredElsewhere { step, .. }
        | Reason::WrittenApart { step, .. } => vec![*step],
        Reason::ReadUnused { read, .. } | Reason::NotThere { read, .. } => vec![*read],
        // Of those that are stuck, each has a reason of its own.
        Reason::NotReceived { .. }
        | Reason::NotAnswered { .. }
        | Reason::PipeTaken { .. }
        | Reason::PipeDropped { .. } => Vec::new(),
        Reason::OnlyThen
        | Reason::Crossed { .. }
        | Reason::Untied
        | Reason::NeverPut { .. }
        | Reason::NothingRead
        | Reason::NoneUsed
        | Reason::NoReplyLine { .. }
        | Reason::LoopStopped { .. }
        | Reason::LoopStoppedAnyway { .. }
        | Reason::TakenTwice { .. }
        | Reason::NeverFreed { .. }
        | Reason::EndedHolding { .. }
        | Reason::NotFreed { .. }
        | Reason::PipeUnused { .. }
        | Reason::Circle => Vec::new(),
    }
}
