//! What the runner is given: one JSON document.

use super::Subject;
use super::limits::{self, Limits};
use super::orders::{Order, RunsOn, stop};
use crate::model::PlaceId;
use crate::model::code::{Holds, LineKind, PlaceKind, Routine};
use crate::model::op::Op;
use crate::model::program::{KeyValue, Program};
use crate::model::server::Routing;
use crate::model::state::Id;
use serde_json::{Value, json};
use std::path::Path;

/// Seconds after which a lane that does not arrive is said to be blocked.
const PATIENCE_S: u32 = 5;

/// The document for some orders of some programs of one listing. `explain`s looks closer.
pub(super) fn document(
    subject: &Subject,
    asked: &[(&Program, Vec<&Order>)],
    explain: bool,
    limits: &Limits,
) -> Value {
    let code = &subject.listing.code;
    let jobs = asked.iter().map(|(program, orders)| {
        let mut job = scenario(program);
        let schedules = orders.iter().map(|order| schedule(program, order, explain));
        job["schedules"] = schedules.collect();
        job
    });
    json!({
        "file": subject.name,
        "folder": subject.folder.map(absolute),
        "text": subject.listing.text,
        "patience_s": PATIENCE_S,
        "limits": {
            "cpu_s": limits.cpu_s(),
            "memory_bytes": limits::MEMORY_BYTES_MAX,
            "file_bytes": limits::FILE_BYTES_MAX,
            "files": limits::FILES_MAX,
        },
        "routines": code.routines().map(routine).collect::<Value>(),
        "jobs": jobs.collect::<Value>(),
    })
}

/// Python does not run in this folder.
fn absolute(folder: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    here.join(folder).display().to_string()
}

fn schedule(program: &Program, order: &Order, explain: bool) -> Value {
    let moves = order.steps.iter().map(|step| {
        json!({
            "lane": step.runs,
            "stop": stop(program.routine(step.runs), step.position),
            "turn": step.turn,
            "begins": begins(step.begins),
            "pauses": step.pauses,
            "draws": step.draws,
            "cancels": step.cancels(),
        })
    });
    let probe =
        order.probe.map(|probe| json!({ "lane": probe.lane, "begins": begins(probe.begins) }));
    json!({
        "moves": moves.collect::<Value>(),
        "probe": probe,
        "explain": explain,
    })
}

fn begins(on: Option<RunsOn>) -> Value {
    on.map_or(Value::Null, |on| json!([on.worker, on.replica]))
}

fn routine(routine: &Routine) -> Value {
    let lines = routine.lines.iter().map(|line| {
        let (with, returns) = match line.kind {
            LineKind::Code | LineKind::Resumes => (None, false),
            LineKind::EndOfWith { opened, returns } => (Some(opened), returns),
        };
        json!({
            "line": line.number,
            "replies": line.ops.contains(&Op::Reply),
            "with": with,
            "returns": returns,
            "function": line.function,
        })
    });
    json!({ "name": routine.name, "lines": lines.collect::<Value>() })
}

fn scenario(program: &Program) -> Value {
    let cast = &program.cast;
    let turns = cast
        .turns
        .iter()
        .map(|turn| json!({ "text": turn.text, "tells": turn.tells, "asks": turn.asks }));
    let phrases = &cast.phrases;
    // Faults come last, and run no lines.
    let lanes = (0..program.lanes.len()).filter(|&lane| program.cancels(lane).is_none());
    let lanes = lanes.map(|lane| {
        let named = &program.lanes[lane];
        let session = match cast.lanes.get(lane) {
            Some(lane) => Some(lane.session),
            None => program.session_of_daemon(lane),
        };
        let turns = cast.lanes.get(lane).map(|lane| lane.turns.clone().collect::<Vec<_>>());
        json!({
            "name": named.name,
            "function": program.routine(lane).name,
            "session": session.map(|session| &cast.sessions[session].name),
            "address": cast.lanes.get(lane).map(|lane| &cast.addresses[lane.address]),
            "turns": turns,
        })
    });
    json!({
        "turns": turns.collect::<Value>(),
        "phrases": {
            "told": phrases.told,
            "greeting": phrases.greeting,
            "known": phrases.known,
            "unknown": phrases.unknown,
            "other": phrases.other,
        },
        "is_sticky": program.routing() == Routing::Sticky,
        "replicas": program.replicas(),
        "lanes": lanes.collect::<Value>(),
        "cells": places(program, |kind| matches!(kind, PlaceKind::Cell(_))),
        "locks": places(program, |kind| kind == PlaceKind::Lock),
        "mailboxes": places(program, |kind| kind == PlaceKind::Mailbox),
        "pipes": places(program, |kind| kind == PlaceKind::Pipe),
    })
}

/// The instances of the places of one kind, by number.
fn places(program: &Program, wanted: impl Fn(PlaceKind) -> bool) -> Value {
    let places = program.code.places.iter().enumerate();
    places
        .filter(|(_, declared)| wanted(declared.kind))
        .flat_map(|(place, _)| program.instances(place).map(move |at| (place, at)))
        .map(|(place, at)| instance(program, place, at))
        .collect()
}

/// A thread of the server, or behind those the own one of a lane that no request runs in.
fn thread(program: &Program, worker: usize) -> Value {
    match program.daemon_of_thread(worker) {
        None => json!({ "thread": worker }),
        Some(daemon) => json!({ "lane": daemon }),
    }
}

fn instance(program: &Program, place: PlaceId, at: usize) -> Value {
    let cast = &program.cast;
    let keys = program.key_values(place, at).into_iter().map(|key| match key {
        KeyValue::Session(session) => json!(cast.sessions[session].name),
        KeyValue::Question(turn) => json!(cast.turns[turn].text),
        KeyValue::Id(Id::Unset) => Value::Null,
        KeyValue::Id(Id::Session(session)) => json!(cast.sessions[session as usize].name),
        KeyValue::Id(Id::Number(number)) => json!(number),
        // It is compared by renaming.
        KeyValue::Id(id @ Id::Fresh(_)) => json!({ "fresh": program.id_name(id) }),
        KeyValue::Address(address) => json!(cast.addresses[address]),
        KeyValue::Worker(worker) => thread(program, worker),
        KeyValue::Replica(replica) => json!(replica),
        KeyValue::Nobody => Value::Null,
    });
    let declared = &program.code.places[place];
    let holds = match declared.kind {
        PlaceKind::Cell(Holds::Messages) => "messages",
        PlaceKind::Cell(Holds::Answer) => "answer",
        PlaceKind::Cell(Holds::Id) => "small",
        PlaceKind::Lock => "lock",
        PlaceKind::Mailbox => "mailbox",
        PlaceKind::Pipe => "pipe",
    };
    json!({ "name": declared.name, "keys": keys.collect::<Value>(), "holds": holds })
}
