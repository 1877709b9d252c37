//! What `src/python/runner.py` gives to a listing in place of a server. It is given documents that are
//! written by hand, so no simulation has a part in what is seen.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

/// The moves of a test: a lane, its stop, its turn, and the thread on which a request begins.
type Move = (usize, usize, usize, Option<usize>);

/// A listing, and what of it is looked at. Its functions are `respond` for two clients, `alice` and
/// `bob`, with two turns each, and maybe `worker`.
struct Stage<'a> {
    text: &'a str,
    /// Cells that hold small values: names, and their keys.
    cells: Value,
    locks: Value,
    /// Whether a session is always served by the same one of two replicas.
    is_sticky: bool,
}

impl Stage<'_> {
    /// Plays these moves, with a probe of a lane behind them; gives what was seen.
    fn play(&self, moves: &[Move], probe: Option<(usize, Option<usize>)>) -> Value {
        // The replica of the same number is asked for.
        let begins = |thread: Option<usize>| thread.map(|thread| json!([thread, thread]));
        let own = self.marks("respond");
        let moves = moves.iter().map(|&(lane, stop, turn, thread)| {
            let draws = lane < 2 && own[stop]["mints"] == true;
            json!({
                "lane": lane, "stop": stop, "turn": turn, "begins": begins(thread),
                "draws": draws.then(|| format!("id-{turn}")), "pauses": false, "cancels": false,
            })
        });
        let probe = probe.map(|(lane, thread)| json!({ "lane": lane, "begins": begins(thread) }));
        let schedule = json!({ "moves": moves.collect::<Value>(), "probe": probe });
        let answer = run(&self.document(&schedule));
        assert!(answer["play"].is_object(), "{answer}");
        answer["play"].clone()
    }

    fn document(&self, schedule: &Value) -> Value {
        let turns = ["one", "two", "three", "four"]
            .map(|text| json!({ "text": text, "tells": [], "asks": null }));
        let client = |name: &str, turns: [usize; 2]| {
            json!({
                "name": name, "function": "respond", "session": name, "address": "here", "turns": turns,
            })
        };
        let mut lanes = vec![client("alice", [0, 1]), client("bob", [2, 3])];
        let mut routines = vec![json!({ "name": "respond", "lines": self.marks("respond") })];
        if self.text.contains("def worker") {
            lanes.push(json!({ "name": "worker:all", "function": "worker", "session": null, "turns": null }));
            routines.push(json!({ "name": "worker", "lines": self.marks("worker") }));
        }
        let said =
            ["told", "greeting", "known", "unknown", "other"].map(|of| (of.to_owned(), json!(of)));
        let phrases: serde_json::Map<String, Value> = said.into_iter().collect();
        json!({
            "file": "mine.py", "folder": null, "text": self.text, "patience_s": 5,
            "limits": { "cpu_s": 60, "memory_bytes": 4_u64 << 30, "file_bytes": 1 << 20, "files": 64 },
            "routines": routines,
            "jobs": [{
                "turns": turns, "phrases": phrases, "lanes": lanes,
                "is_sticky": self.is_sticky, "replicas": 2, "cells": self.cells, "locks": self.locks, "mailboxes": [], "pipes": [],
                "schedules": [schedule],
            }],
        })
    }

    /// The marked lines of a function. None of them opens a block.
    fn marks(&self, function: &str) -> Vec<Value> {
        let lines = self.text.lines().enumerate();
        let own = lines.skip_while(|(_, line)| !line.contains(&format!("def {function}(")));
        let own = own.skip(1).take_while(|(_, line)| line.is_empty() || line.starts_with(' '));
        let marked = own.filter_map(|(at, line)| Some((at + 1, line.split_once("#@")?.1)));
        let line = |(line, mark): (usize, &str)| {
            json!({
                "line": line, "replies": mark.contains("reply"), "mints": mark.contains("mint"),
                "with": null, "returns": false, "function": 0,
            })
        };
        marked.map(line).collect()
    }
}

/// What the runner says to a document.
fn run(document: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new("python3")
        .args(["-I", "-c", include_str!("../src/python/runner.py")])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{document}").unwrap();
    // The other end stays open: otherwise everything is ended.
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut said).unwrap();
    child.wait().unwrap();
    drop(input);
    serde_json::from_str(said.lines().next().unwrap()).unwrap()
}

/// What a cell holds in the end.
fn holds(play: &Value, cell: usize) -> Value {
    let steps = play["steps"].as_array().unwrap().iter().map(|step| &step["changed"]);
    let looks = std::iter::once(&play["start"]).chain(steps);
    let mut changes = looks.flat_map(|look| look.as_array().unwrap());
    changes.rfind(|change| change[0] == "cells" && change[1] == cell).unwrap()[2].clone()
}

fn cell(name: &str, keys: Value) -> Value {
    json!({ "name": name, "keys": keys, "holds": "small" })
}

#[test]
fn a_worker_has_a_thread_of_its_own() {
    let text = "\
from queue import Queue
from threading import local
LOCAL = local()
MAILBOX = Queue()

def respond(question, session):
    LOCAL.user = session  #@ put
    MAILBOX.put(question)  #@ send
    return session  #@ reply

def worker():
    MAILBOX.get()  #@ receive
    LOCAL.user = 'worker'  #@ put
    pass  #@ answer
";
    let keys = [json!([{ "thread": 0 }]), json!([{ "thread": 1 }]), json!([{ "lane": 2 }])];
    let stage = Stage {
        text,
        cells: keys.map(|keys| cell("LOCAL", keys)).into(),
        locks: json!([]),
        is_sticky: true,
    };
    let play =
        stage.play(&[(0, 0, 0, Some(0)), (0, 1, 0, None), (2, 0, 0, None), (2, 1, 0, None)], None);
    let held = [0, 1, 2].map(|cell| holds(&play, cell));
    assert_eq!(held, [json!(["alice"]), json!(["None"]), json!(["worker"])]);
}

#[test]
fn a_request_keeps_its_thread_and_the_next_one_finds_what_lies_there() {
    let text = "\
from threading import local
LOCAL = local()

def respond(question, session):
    before = getattr(LOCAL, 'user', None)  #@ take
    LOCAL.user = session  #@ put
    return before or 'nobody'  #@ reply
";
    let cells = json!([cell("LOCAL", json!([{ "thread": 0 }]))]);
    let stage = Stage { text, cells, locks: json!([]), is_sticky: true };
    let alice = [(0, 0, 0, Some(0)), (0, 1, 0, None), (0, 2, 0, None)];
    let bob = [(1, 0, 2, Some(0)), (1, 1, 2, None), (1, 2, 2, None)];
    let reply = |play: &Value| play["steps"][5]["reply"]["text"].clone();
    assert_eq!(reply(&stage.play(&[alice, bob].concat(), None)), "alice");
    // While she is on it, he cannot be.
    let both: Vec<Move> =
        alice.into_iter().zip(bob).flat_map(|(one, other)| [one, other]).collect();
    let play = stage.play(&both, None);
    assert_eq!((reply(&play), holds(&play, 0)), (json!("nobody"), json!(["alice"])));
}

#[test]
fn each_id_that_is_drawn_is_another_one_also_twice_in_a_turn() {
    let text = "\
from uuid import uuid4
FIRST = SECOND = None

def respond(question, session):
    global FIRST, SECOND
    FIRST = uuid4().int  #@ mint
    SECOND = uuid4().int  #@ mint
    return session  #@ reply
";
    let cells = json!([cell("FIRST", json!([])), cell("SECOND", json!([]))]);
    let stage = Stage { text, cells, locks: json!([]), is_sticky: true };
    let turn =
        |lane, turn| [(lane, 0, turn, Some(lane)), (lane, 1, turn, None), (lane, 2, turn, None)];
    let play = stage.play(&turn(0, 0), None);
    assert_eq!(holds(&play, 0), json!(["id-0"]));
    // A simulation that takes both for one is wrong, and no small number is meant.
    let second = holds(&play, 1)[0].as_str().unwrap().to_owned();
    assert!(second != "id-0" && second.len() > 30, "{second}");
    let play = stage.play(&[turn(0, 0), turn(1, 2)].concat(), None);
    assert_eq!(holds(&play, 0), json!(["id-2"]));
}

#[test]
fn a_router_sends_requests_as_it_is_set_up_to() {
    let text = "\
def respond(question, session, replica):
    return str(replica)  #@ reply
";
    // Alice, Alice, Bob; the schedule wants 1, 0, 0.
    let moves = [(0, 0, 0, Some(1)), (0, 0, 1, Some(0)), (1, 0, 2, Some(0))];
    let replicas = |is_sticky| {
        let stage = Stage { text, cells: json!([]), locks: json!([]), is_sticky };
        let play = stage.play(&moves, None);
        [0, 1, 2].map(|step| play["steps"][step]["reply"]["text"].clone())
    };
    assert_eq!(replicas(true), ["1", "1", "0"]);
    assert_eq!(replicas(false), ["0", "1", "0"]);
}

#[test]
fn a_context_variable_ends_with_its_request() {
    let text = "\
from contextvars import ContextVar
WHO = ContextVar('WHO', default='nobody')

def respond(question, session):
    before = WHO.get()  #@ take
    WHO.set(session)  #@ put
    return before  #@ reply
";
    let stage = Stage { text, cells: json!([]), locks: json!([]), is_sticky: true };
    let turn = |turn| [(0, 0, turn, Some(0)), (0, 1, turn, None), (0, 2, turn, None)];
    let play = stage.play(&[turn(0), turn(1)].concat(), None);
    assert_eq!(play["steps"][5]["reply"]["text"], "nobody");
}

/// Whoever waits for an ordinary lock holds up the event loop, whatever anybody says of it.
#[test]
fn a_lock_is_of_the_kind_that_it_is() {
    let kind = |module: &str, take: &str, kind: &str| {
        let text = format!(
            "from {module} import {kind}\nLOCK = {kind}()\n\n\
             async def respond(question, session):\n    {take}LOCK.acquire()  #@ acquire\n    \
             LOCK.release()  #@ release\n    return session  #@ reply\n"
        );
        let locks = json!([{ "name": "LOCK", "keys": [], "holds": "lock" }]);
        let stage = Stage { text: &text, cells: json!([]), locks, is_sticky: true };
        let play = stage.play(&[(0, 0, 0, Some(0))], Some((1, Some(1))));
        assert_eq!((&play["start"][0][2], &play["waits"]), (&json!([]), &json!(true)), "{play}");
        (play["start"][0][3].clone(), play["gives_way"].clone())
    };
    let (yes, no) = (json!(true), json!(false));
    for name in ["Lock", "Semaphore"] {
        assert_eq!(kind("threading", "", name), (no.clone(), no.clone()));
        assert_eq!(kind("asyncio", "await ", name), (yes.clone(), yes.clone()));
    }
    assert_eq!(kind("threading", "", "RLock"), (no.clone(), no));
}
