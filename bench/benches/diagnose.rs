//! Reads a log of five million lines in which one reply leaks and one write is lost.
//! `cargo bench -p bench --bench diagnose`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use interleak::log::diagnosis::{Finding, Kind};
use interleak::log::judge::Limits;
use interleak::log::scan::scan;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

const LINES: u64 = 5_000_000;
const SESSIONS: usize = 10_000;
/// Messages that the app keeps of a conversation.
const HISTORY: usize = 8;
/// One line of so many is none of the format.
const JUNK: u64 = 5_000;
/// Where the two faults are planted.
const LOST_AT: u64 = 4_000_000;
const LEAK_AT: u64 = 4_990_000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.ndjson");
    let mut app = App::new(BufWriter::with_capacity(1 << 20, File::create(&path).unwrap()));
    let planted = app.run();
    let junk = app.junk;
    drop(app);
    let bytes = std::fs::metadata(&path).unwrap().len();
    println!("{}", bench::machine());
    let before = bench::high_mark("/proc/self/status").unwrap_or(0);
    for _ in 0..3 {
        let start = Instant::now();
        let found = scan(File::open(&path).unwrap(), Limits::default(), &|_| {}).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(found.lines, LINES);
        assert_eq!(found.skipped_lines() + found.other + found.blank, junk, "junk is counted");
        assert_eq!((found.leaks, found.lost, found.stale), (1, 1, 0), "{:#?}", found.findings);
        assert_eq!(found.open.unknown.count, 0, "{:?}", found.open);
        let pair = |kind: Kind| {
            let of_kind = |finding: &&Finding| finding.kind == kind;
            let finding = found.findings.iter().find(of_kind).unwrap();
            finding.pair.each_ref().map(|place| place.spot.line)
        };
        assert_eq!([pair(Kind::Lost), pair(Kind::Leak)], planted, "exactly the planted lines");
        println!(
            "{:.2} s   {:.2} million lines/s   {:.0} MB/s   {} messages of {} sessions remembered",
            seconds,
            LINES as f64 / seconds / 1e6,
            bytes as f64 / seconds / 1e6,
            found.remembered.messages,
            found.remembered.sessions,
        );
    }
    let after = bench::high_mark("/proc/self/status").unwrap_or(0);
    let (before, after) = (before / 1024, after / 1024);
    println!("{} MB, {LINES} lines, {SESSIONS} sessions, {junk} lines of junk", bytes / 1_000_000);
    println!("peak memory {after} MiB, before it {before} MiB");
}

/// An app that keeps a history for each session, and logs what it does.
struct App<W> {
    out: W,
    lines: u64,
    requests: u64,
    junk: u64,
    random: u64,
    sessions: Vec<Session>,
}

#[derive(Clone, Default)]
struct Session {
    /// How far its request is: 0 is none.
    phase: u8,
    request: u64,
    history: VecDeque<String>,
}

impl<W: Write> App<W> {
    fn new(out: W) -> App<W> {
        let sessions = vec![Session::default(); SESSIONS];
        App { out, lines: 0, requests: 0, junk: 0, random: 1, sessions }
    }

    /// Writes the log: the pair of lines of the lost update, then of the leak.
    fn run(&mut self) -> [[u64; 2]; 2] {
        let (mut lost, mut leak) = ([0; 2], [0; 2]);
        while self.lines < LINES {
            match self.lines {
                LOST_AT => lost = self.lose(),
                LEAK_AT => leak = self.leak(),
                lines if lines % JUNK == JUNK - 1 => self.junk(),
                _ => {
                    let session = self.draw(SESSIONS);
                    self.step(session);
                }
            }
        }
        self.out.flush().unwrap();
        [lost, leak]
    }

    /// Knuth's MMIX generator, its high bits.
    fn draw(&mut self, below: usize) -> usize {
        let next = self.random.wrapping_mul(6_364_136_223_846_793_005);
        self.random = next.wrapping_add(1_442_695_040_888_963_407);
        ((self.random >> 33) as usize) % below
    }

    /// The next thing that happens in a session.
    fn step(&mut self, session: usize) {
        let of = &mut self.sessions[session];
        of.phase = of.phase % 4 + 1;
        match of.phase {
            1 => {
                self.requests += 1;
                self.sessions[session].request = self.requests;
                self.line(session, "request", String::new());
            }
            2 => {
                let holds = cell(session, &of.history);
                self.line(session, "read", holds);
            }
            3 => {
                let request = of.request;
                of.history.extend([format!("r{request}"), format!("r{request}:a")]);
                while of.history.len() > HISTORY {
                    of.history.pop_front();
                }
                let holds = cell(session, &of.history);
                self.line(session, "write", holds);
            }
            _ => self.line(session, "reply", format!(",\"ms\":{}", self.lines % 900)),
        }
    }

    fn line(&mut self, session: usize, event: &str, more: String) {
        let request = self.sessions[session].request;
        // The clock is set back now and then.
        let seconds = 1_772_000_000.0 + (self.lines % 1_300_000) as f64 / 1000.0;
        writeln!(
            self.out,
            "{{\"time\":{seconds:.3},\"level\":\"info\",\"session\":\"s{session:05}\",\"user\":\"u{}\",\
             \"request\":\"r{request}\",\"event\":\"{event}\"{more}}}",
            session / 2,
        )
        .unwrap();
        self.lines += 1;
    }

    fn junk(&mut self) {
        let junk: &[u8] = match self.junk % 6 {
            0 => b"{\"time\":1772000000.0,\"session\":\"s00001\",\"requ\n",
            1 => b"\x00\x01\xff\xfe{}\n",
            2 => b"{\"event\":\"http\",\"session\":[],\"status\":200}\n",
            3 => b"INFO:     127.0.0.1:50000 - \"POST /queue/join HTTP/1.1\" 200 OK\n",
            4 => b"\n",
            _ => b"{\"event\":\"read\",\"session\":\"s00001\",\"request\":1.5,\"cell\":\"c\"}\n",
        };
        self.out.write_all(junk).unwrap();
        self.junk += 1;
        self.lines += 1;
    }

    /// Lets a session come to the end of its request.
    fn end(&mut self, session: usize) {
        while !self.sessions[session].phase.is_multiple_of(4) {
            self.step(session);
        }
    }

    /// A double click: both requests read the history, and the second to write has not seen what
    /// the first one added.
    fn lose(&mut self) -> [u64; 2] {
        let session = 1234;
        self.end(session);
        let history = self.sessions[session].history.clone();
        let requests = [self.requests + 1, self.requests + 2];
        self.requests += 2;
        let mut lines = [0; 2];
        for (event, first) in [("request", true), ("read", true), ("write", false)] {
            for (index, request) in requests.into_iter().enumerate() {
                self.sessions[session].request = request;
                let mut holds = history.clone();
                if event == "write" {
                    holds.extend([format!("r{request}"), format!("r{request}:a")]);
                    self.sessions[session].history = holds.clone();
                }
                let more = if event == "request" { String::new() } else { cell(session, &holds) };
                self.line(session, event, more);
                if !first {
                    lines[index] = self.lines;
                }
            }
        }
        for request in requests {
            self.sessions[session].request = request;
            self.line(session, "reply", String::new());
        }
        lines
    }

    /// One session reads the history of another.
    fn leak(&mut self) -> [u64; 2] {
        let (victim, source) = (4321, 8765);
        self.end(victim);
        self.end(source);
        self.step(source);
        self.step(source);
        self.step(source);
        let written = self.lines;
        self.step(source);
        self.step(victim);
        let history = &self.sessions[source].history;
        let foreign: VecDeque<String> = history.iter().skip(HISTORY - 2).cloned().collect();
        self.line(victim, "read", cell(source, &foreign));
        let read = self.lines;
        self.sessions[victim].phase = 2;
        self.end(victim);
        [written, read]
    }
}

fn cell(session: usize, messages: &VecDeque<String>) -> String {
    let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
    format!(",\"cell\":\"history:{session:05}\",\"messages\":{messages:?}")
}
