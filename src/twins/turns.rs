//! One turn on a history, for the strategies that differ only in whose history it is, and in who
//! may be inside at the same time.

use super::places::{CacheEntry, Cell};
use super::stage::{Request, Stage};
use crate::platform::Platform;
use crate::replay::record::Said;

/// A turn on a copy, which is stored back at the end.
pub fn copied<P: Platform>(stage: &Stage<P>, request: &Request, cell: &Cell<P>) -> Said {
    let mut history = cell.load(request);
    history.push(request.question());
    let answer = stage.assistant(request, &history);
    history.push(answer.message());
    cell.store(request, history);
    answer
}

/// The same, but an answer that was given before is given again.
pub fn cached<P: Platform>(
    stage: &Stage<P>,
    request: &Request,
    cell: &Cell<P>,
    entry: &CacheEntry<P>,
) -> Said {
    let mut history = cell.load(request);
    history.push(request.question());
    let answer = entry.lookup(request).unwrap_or_else(|| {
        let answer = stage.assistant(request, &history);
        entry.save(request, &answer);
        answer
    });
    history.push(answer.message());
    cell.store(request, history);
    answer
}

/// A turn in place: nothing is copied, and nothing is stored back.
pub fn in_place<P: Platform>(stage: &Stage<P>, request: &Request, cell: &Cell<P>) -> Said {
    cell.append(request, request.question());
    let answer = stage.assistant(request, &cell.load(request));
    cell.append(request, answer.message());
    answer
}
