//! Twins that drifted away from their listing, kept for ever: each must be refused, and the
//! message must name the step. They prove that the loom suite can fail.

use crate::explored::explore;
use crate::platform::{Loom, LoomLock};
use crate::{asked_again, double_click, program, users};
use interleak::model::cast::Cast;
use interleak::platform::Lock;
use interleak::replay::record::{Message, Said};
use interleak::twins::Twin;
use interleak::twins::places::{Cache, Cell, Cells, Gate, Mailbox, Name};
use interleak::twins::stage::{Request, Stage};

#[track_caller]
fn refused<T: Twin<Loom> + 'static>(
    strategy: &str,
    cast: Cast,
    open: impl Fn(Stage<Loom>) -> T + Send + Sync + 'static,
    expected: &str,
) {
    let program = program(strategy, cast);
    let found = explore(&program, move |stage| Box::new(open(stage)));
    let drift = found.drift.expect("a drifted twin must be refused").to_string();
    assert!(drift.contains(expected), "`{expected}` is missing in: {drift}");
}

struct Drifted {
    stage: Stage<Loom>,
    gate: Gate<Loom>,
    histories: Cells<Loom>,
}

impl Drifted {
    fn open(stage: Stage<Loom>) -> Drifted {
        let gate = Gate::new(&stage, Name::shared("LOCK"));
        Drifted { gate, histories: Cells::new(&stage, "HISTORIES"), stage }
    }

    fn work(&self, request: &Request, mut history: Vec<Message>) -> (Vec<Message>, Said) {
        history.push(request.question());
        let answer = self.stage.assistant(request, &history);
        history.push(answer.message());
        (history, answer)
    }
}

/// Looks again at the history to reply, after the lock was given back.
struct RepliesAfterRelease(Drifted);

impl Twin<Loom> for RepliesAfterRelease {
    fn respond(&self, request: &Request) -> Said {
        let cell = self.0.histories.of(request.session);
        let answer = {
            let _inside = self.0.gate.enter(request);
            let (history, answer) = self.0.work(request, cell.load(request));
            cell.store(request, history);
            answer
        };
        let latest = cell.load(request);
        assert!(!latest.is_empty());
        answer
    }
}

#[test]
fn replies_after_releasing_the_lock() {
    refused(
        "locked",
        users(2, 1),
        |stage| RepliesAfterRelease(Drifted::open(stage)),
        "step 5: u1 loads HISTORIES[u1], but the listing has nothing left to do",
    );
}

/// Says that it has one history for each session, and locks them all at once.
struct OneLockForAll(Drifted);

impl Twin<Loom> for OneLockForAll {
    fn respond(&self, request: &Request) -> Said {
        let _inside = self.0.gate.enter(request);
        let cell = self.0.histories.of(request.session);
        let (history, answer) = self.0.work(request, cell.load(request));
        cell.store(request, history);
        answer
    }
}

#[test]
fn per_session_built_on_one_global_lock() {
    refused(
        "session-map",
        users(2, 1),
        |stage| OneLockForAll(Drifted::open(stage)),
        "step 1: u1 takes LOCK, but line",
    );
}

/// Gives the lock back before it works.
struct GuardsOnlyTheLoad(Drifted);

impl Twin<Loom> for GuardsOnlyTheLoad {
    fn respond(&self, request: &Request) -> Said {
        let cell = self.0.histories.of(request.session);
        let history = {
            let _inside = self.0.gate.enter(request);
            cell.load(request)
        };
        let (history, answer) = self.0.work(request, history);
        cell.store(request, history);
        answer
    }
}

#[test]
fn a_lock_that_guards_only_the_load() {
    refused(
        "locked",
        double_click(),
        |stage| GuardsOnlyTheLoad(Drifted::open(stage)),
        "step 3: q gives LOCK back, but line",
    );
}

/// One worker, although the listing has one for each session.
struct SharedWorker {
    mailbox: Mailbox<Loom>,
    worker: LoomLock<Option<loom::thread::JoinHandle<()>>>,
}

impl SharedWorker {
    fn open(stage: Stage<Loom>) -> SharedWorker {
        let (mailbox, inbox) = Mailbox::new(&stage, Name::of("MAILBOXES", 0), 2);
        let worker = loom::thread::spawn(move || {
            let histories: Cells<Loom> = Cells::new(&stage, "HISTORIES");
            while let Some((request, reply)) = inbox.next() {
                let cell = histories.of(request.session);
                let mut history = cell.load(&request);
                history.push(request.question());
                let answer = stage.assistant(&request, &history);
                history.push(answer.message());
                cell.store(&request, history);
                inbox.answer(&reply, answer);
            }
        });
        SharedWorker { mailbox, worker: Lock::new(Some(worker)) }
    }
}

impl Twin<Loom> for SharedWorker {
    fn respond(&self, request: &Request) -> Said {
        self.mailbox.ask(request).unwrap()
    }

    fn stop(&self) {
        self.mailbox.stop();
        self.worker.lock().take().unwrap().join().unwrap();
    }
}

#[test]
fn an_actor_shared_by_two_sessions() {
    refused("actor", users(2, 1), SharedWorker::open, "u1 sends to MAILBOXES[u0], but line");
}

/// Stores without anybody noticing: through a lock of its own instead of a cell.
struct ForgottenProbe {
    stage: Stage<Loom>,
    history: Cell<Loom>,
    secret: LoomLock<Vec<Message>>,
}

impl Twin<Loom> for ForgottenProbe {
    fn respond(&self, request: &Request) -> Said {
        let _ = self.history.load(request);
        let mut history = self.secret.lock().clone();
        history.push(request.question());
        let answer = self.stage.assistant(request, &history);
        history.push(answer.message());
        *self.secret.lock() = history;
        answer
    }
}

#[test]
fn a_probe_that_was_forgotten() {
    let open = |stage: Stage<Loom>| ForgottenProbe {
        history: Cell::new(&stage, Name::shared("HISTORY")),
        secret: Lock::new(Vec::new()),
        stage,
    };
    refused(
        "global",
        users(2, 1),
        open,
        "step 3: u1 replied without any trace of line 22 of the listing, `HISTORY[:] = history`",
    );
}

/// Gives a cached answer, but does not put it into the history. No reply tells that.
struct ForgetsTheCached {
    histories: Cells<Loom>,
    cache: Cache<Loom>,
    stage: Stage<Loom>,
}

impl Twin<Loom> for ForgetsTheCached {
    fn respond(&self, request: &Request) -> Said {
        let cell = self.histories.of(request.session);
        let entry = self.cache.by_session(request);
        let mut history = cell.load(request);
        history.push(request.question());
        let cached = entry.lookup(request);
        let answer = cached.clone().unwrap_or_else(|| {
            let answer = self.stage.assistant(request, &history);
            entry.save(request, &answer);
            answer
        });
        if cached.is_none() {
            history.push(answer.message());
        }
        cell.store(request, history);
        answer
    }
}

#[test]
fn a_cached_answer_that_is_not_in_the_history() {
    let open = |stage: Stage<Loom>| ForgetsTheCached {
        histories: Cells::new(&stage, "HISTORIES"),
        cache: Cache::new(&stage, "CACHE"),
        stage,
    };
    refused(
        "cache-by-session",
        asked_again(),
        open,
        "a stores HISTORIES[a], but the simulated program puts something else there",
    );
}

/// Never gives its lock back: loom and the explorer must agree that this gets stuck.
struct NeverReleases(Drifted);

impl Twin<Loom> for NeverReleases {
    fn respond(&self, request: &Request) -> Said {
        std::mem::forget(self.0.gate.enter(request));
        self.0.stage.assistant(request, &[request.question()])
    }
}

#[test]
fn a_deadlock_is_one_for_both() {
    let listing = "L = Lock()  #@ lock LOCK\n\
                   def respond(question, session):\n\
                   \x20   L.acquire()                     #@ acquire LOCK\n\
                   \x20   answer = assistant([question])  #@ note question, infer\n\
                   \x20   return answer                   #@ reply\n";
    let grain = interleak::model::program::Grain::Access;
    let program = crate::common::program(users(2, 1), listing, grain);
    let found = explore(&program, |stage| Box::new(NeverReleases(Drifted::open(stage))));
    assert!(found.deadlock, "loom reports a deadlock");
    let expected = crate::explored::Expected::of(&program);
    assert!(expected.always.contains(&"deadlock"), "the explorer does too");
}
