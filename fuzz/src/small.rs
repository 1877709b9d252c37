//! Small programs from bytes: lanes, a server, and a listing whose blocks stand in one another in
//! any way. What makes no sense is refused when it is read, and costs next to nothing.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use std::fmt::{self, Write};

/// Places of every kind, each under every key that is worth a try.
const DECLARED: &str = "\
H = []  #@ shared H
S = {}  #@ shared S[session]
I = {}  #@ shared I[id]
E = {}  #@ shared E[session] external
A = {}  #@ shared A[address]
W = {}  #@ shared W[worker]
C = {}  #@ shared C[question]
D = {}  #@ shared D[session, question]
U = 0   #@ shared U
Y = {}  #@ shared Y[session]
N = 0   #@ shared N
L = 0   #@ lock L
K = {}  #@ lock K[session]
T = 0   #@ lock T async
B = {}  #@ mailbox B[session]
Q = 0   #@ mailbox Q
P = 0   #@ pipe P
";

const LISTS: [&str; 6] = ["H", "S", "I", "E", "A", "W"];
const CACHES: [&str; 2] = ["C", "D"];
const VALUES: [&str; 3] = ["U", "Y", "N"];
const LOCKS: [&str; 3] = ["L", "K", "T"];

/// Moves on a list of messages, and on a small value; the place stands between the two.
const ON_LISTS: [(&str, &str); 5] = [
    ("load", ""),
    ("load", ", infer"),
    ("store", ""),
    ("append", " question"),
    ("append", " answer"),
];
const ON_VALUES: [(&str, &str); 5] =
    [("take", ""), ("put", ""), ("put", " id"), ("put", " next"), ("settle", "")];
const LOCAL: [&str; 8] = [
    "infer",
    "infer",
    "note question, infer",
    "note question",
    "note answer",
    "mint",
    "pause",
    "then",
];

/// A program as it would be typed: two files and the options of `run`.
pub struct Small {
    /// `scenario.json`.
    pub scenario: String,
    /// `strategy.py`.
    pub listing: String,
    /// The grain.
    pub grain: &'static str,
}

/// The program that some bytes mean.
pub fn small(bytes: &mut Unstructured) -> Result<Small> {
    let grain = *bytes.choose(&["access", "line", "await", "turn", "chain"])?;
    let listing = listing(bytes)?;
    Ok(Small { scenario: scenario(bytes)?, listing, grain })
}

fn scenario(bytes: &mut Unstructured) -> Result<String> {
    let mut lanes = Vec::new();
    for name in &["p", "q", "r"][..bytes.int_in_range(1..=3)?] {
        let user = bytes.choose(&["a", "b", "c"])?;
        let session = bytes.choose(&["", "s", "t"])?;
        let mut lane = format!(r#"{{"user": "{user}", "name": "{name}""#);
        if !session.is_empty() {
            // Users have sessions of their own.
            write!(lane, r#", "session": "{user}{session}""#).expect("a string takes everything");
        }
        if bytes.ratio(1, 4)? {
            lane += r#", "address": "n""#;
        }
        let says = (0..bytes.int_in_range(1..=2)?)
            .map(|_| Ok(format!(r#"{{"text": "{}"}}"#, bytes.choose(&["x", "y"])?)))
            .collect::<Result<Vec<_>>>()?;
        lanes.push(format!(r#"{lane}, "says": [{}]}}"#, says.join(", ")));
    }
    let mut server = Vec::new();
    for (field, max) in [("limit", 2), ("workers", 2), ("replicas", 2)] {
        if bytes.ratio(1, 4)? {
            server.push(format!(r#""{field}": {}"#, bytes.int_in_range(1..=max)?));
        }
    }
    if bytes.ratio(1, 4)? {
        server.push(r#""routing": "round-robin""#.into());
    }
    if server.is_empty() && bytes.ratio(1, 4)? {
        server.push(r#""profile": "gradio-4""#.into());
    }
    let faults = if bytes.ratio(1, 4)? { r#"{"cancels": "p", "turn": 1}"# } else { "" };
    Ok(format!(
        r#"{{"format": 1, "title": "t", "lanes": [{}], "server": {{{}}}, "faults": [{faults}]}}"#,
        lanes.join(", "),
        server.join(", ")
    ))
}

fn listing(bytes: &mut Unstructured) -> Result<String> {
    let mut text = DECLARED.to_owned();
    let worker = *bytes.choose(&[None, None, Some(("Q", "")), Some(("B", " per session"))])?;
    text += if bytes.ratio(1, 2)? { "async " } else { "" };
    text += "def respond(question, session):\n";
    let Some((mailbox, per)) = worker else {
        block(bytes, &mut text, 1)?;
        line(&mut text, 1, bytes.choose(&["infer", "note question, infer", "load S, infer"])?);
        block(bytes, &mut text, 1)?;
        line(&mut text, 1, "reply");
        return Ok(text);
    };
    block(bytes, &mut text, 1)?;
    line(&mut text, 1, &format!("send {mailbox}"));
    block(bytes, &mut text, 1)?;
    line(&mut text, 1, "await");
    block(bytes, &mut text, 1)?;
    line(&mut text, 1, "reply");
    writeln!(text, "def work():  #@ lane worker{per}\n    while True:").expect("it fits");
    let deep = match bytes.ratio(1, 3)? {
        true => {
            line(&mut text, 2, &format!("receive {mailbox} batch"));
            opens(&mut text, 2, "for e in r:", "each");
            3
        }
        false => {
            line(&mut text, 2, &format!("receive {mailbox}"));
            2
        }
    };
    block(bytes, &mut text, deep)?;
    line(&mut text, deep, bytes.choose(&["infer", "note question, infer", "load S, infer"])?);
    line(&mut text, deep, "answer");
    block(bytes, &mut text, deep)?;
    Ok(text)
}

/// A few lines, some of which have lines under them.
fn block(bytes: &mut Unstructured, text: &mut String, indent: usize) -> Result<()> {
    for _ in 0..bytes.int_in_range(0..=3)? {
        // A block that is opened holds at least one line.
        match bytes.int_in_range(0..=if indent < 4 { 15 } else { 10 })? {
            0..=4 => {
                let list = bytes.choose(&LISTS)?;
                let (word, what) = *bytes.choose(&ON_LISTS)?;
                let on = format!("{word} {list}{what}");
                line(text, indent, &on);
            }
            5 | 6 => {
                let value = bytes.choose(&VALUES)?;
                let (word, what) = *bytes.choose(&ON_VALUES)?;
                let on = format!("{word} {value}{what}");
                line(text, indent, &on);
            }
            7..=9 => line(text, indent, bytes.choose(&LOCAL)?),
            10 => line(text, indent, bytes.choose(&["write P", "read P", "drop P", "reply"])?),
            11 | 12 => {
                let lock = bytes.choose(&LOCKS)?;
                opens(text, indent, "with x:", &format!("hold {lock}"));
                inside(bytes, text, indent + 1, "note question, infer")?;
            }
            13 => {
                let cache = bytes.choose(&CACHES)?;
                line(text, indent, &format!("lookup {cache}"));
                opens(text, indent, "if not a:", "unless found");
                inside(bytes, text, indent + 1, "infer")?;
                line(text, indent + 1, &format!("save {cache}"));
            }
            14 => {
                let value = bytes.choose(&VALUES)?;
                line(text, indent, &format!("take {value}"));
                opens(text, indent, "if not a:", "unless known");
                inside(bytes, text, indent + 1, "mint")?;
                line(text, indent + 1, &format!("put {value} id"));
            }
            _ => {
                let list = bytes.choose(&LISTS)?;
                opens(text, indent, "while True:", "repeat");
                line(text, indent + 1, &format!("load {list}"));
                inside(bytes, text, indent + 1, "note question, infer")?;
                line(text, indent + 1, &format!("swap {list}"));
            }
        }
    }
    Ok(())
}

fn inside(bytes: &mut Unstructured, text: &mut String, indent: usize, first: &str) -> Result<()> {
    line(text, indent, first);
    block(bytes, text, indent)
}

fn line(text: &mut String, indent: usize, mark: &str) {
    opens(text, indent, "x()", mark);
}

fn opens(text: &mut String, indent: usize, code: &str, mark: &str) {
    let space = 4 * indent;
    writeln!(text, "{:space$}{code}  #@ {mark}", "").expect("a string takes everything");
}

impl fmt::Display for Small {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        writeln!(formatter, "at grain {}\n{}\n{}", self.grain, self.scenario, self.listing)
    }
}
