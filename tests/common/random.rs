//! Random listings, with locks, mailboxes, pipes, caches, counters, retries, batches, several
//! functions and appends in place, and the servers that run them.

use interleak::model::program::{Grain, Program, Setting};
use interleak::model::server::{Idle, Routing, Slots};
use interleak::replay::machine::Machine;
use interleak::replay::record::Record;
use proptest::prelude::*;

/// Lanes of a cast, in JSON.
pub const LANES: [&str; 10] = [
    r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y"}]}"#,
    r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"x"}]}"#,
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"z"}]}"#,
    r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y"}]},{"user":"c","says":[{"text":"z"}]}"#,
    r#"{"user":"a","name":"p","says":[{"text":"x"}]},{"user":"a","name":"q","says":[{"text":"y"}]}"#,
    r#"{"user":"a","session":"s","says":[{"text":"x"}]},{"user":"a","session":"t","says":[{"text":"x"},{"text":"x"}]}"#,
    r#"{"user":"a","name":"p","says":[{"text":"x"}]},{"user":"a","name":"q","says":[{"text":"y"}]},{"user":"b","says":[{"text":"x"}]}"#,
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"},{"text":"x"}]},{"user":"b","says":[{"text":"x"}]}"#,
    r#"{"user":"a","address":"n","says":[{"text":"x"}]},{"user":"b","address":"n","says":[{"text":"y"}]}"#,
    r#"{"user":"a","address":"n","says":[{"text":"x"}]},{"user":"b","says":[{"text":"x"}]},{"user":"c","address":"n","says":[{"text":"y"}]}"#,
];

/// Places of every kind.
pub const DECLARED: &str = "\
H = []  #@ shared H
S = {}  #@ shared S[session]
I = {}  #@ shared I[id]
U = 0   #@ shared U
N = 0   #@ shared N
C = {}  #@ shared C[question]
D = {}  #@ shared D[session, question]
L = 0   #@ lock L
M = 0   #@ lock M
K = {}  #@ lock K[session]
B = {}  #@ mailbox B[session]
Q = 0   #@ mailbox Q
A = {}  #@ shared A[address]
W = {}  #@ shared W[worker]
R = {}  #@ shared R[replica]
E = {}  #@ shared E[session] external
Z = {}  #@ shared Z[none]
Y = {}  #@ shared Y[session]
P = 0   #@ pipe P
T = 0   #@ lock T async
";

/// Without the key `replica`, several replicas have each their own of everything.
fn declared(by_replica: bool) -> String {
    match by_replica {
        true => DECLARED.into(),
        false => DECLARED.replace("R[replica]", "R"),
    }
}

/// Moves that a random body is made of; those that do not fit together are refused when read.
const MOVES: [&str; 40] = [
    "load H",
    "load H",
    "load S",
    "load I",
    "store H",
    "store H",
    "store S",
    "store I",
    "append H question",
    "append H question",
    "append H answer",
    "append S question",
    "append S answer",
    "note question",
    "note answer",
    "infer",
    "infer",
    "put U",
    "take U",
    "take N",
    "put N next",
    "put U id",
    "acquire L",
    "release L",
    "acquire M",
    "release M",
    "acquire K",
    "release K",
    "load H, infer",
    "load A",
    "store A",
    "load W",
    "store W",
    "load R",
    "store R",
    "append Z question",
    "store E",
    "mint",
    "pause",
    "settle U",
];

fn body(lines: &[&str], indent: usize) -> String {
    let space = " ".repeat(indent);
    lines.iter().map(|line| format!("{space}x()  #@ {line}\n")).collect()
}

/// A random listing that can be read.
pub fn listing() -> impl Strategy<Value = String> {
    let moves = |count| prop::collection::vec(prop::sample::select(&MOVES[..]), count);
    // Most random contexts are empty, and show nothing.
    let infer = prop::sample::select(&["infer", "note question, infer", "load H, infer"][..]);
    let moves = |count| {
        (moves(count), prop::bool::weighted(0.3)).prop_map(|(mut moves, tells)| {
            moves.extend(tells.then_some("append H question"));
            moves
        })
    };
    let flags = (any::<bool>(), prop::bool::weighted(0.3));
    let parts = (0..17_u8, moves(0..4), moves(0..3), flags, infer);
    parts.prop_filter_map("a listing that can be read", |(shape, first, second, flags, infer)| {
        let (keyed, waits) = flags;
        let (first, second) = (body(&first, 4), body(&second, 4));
        let deep = |text: &str| text.replace("    x()", "        x()");
        let reply = "    return a  #@ reply\n";
        let is_async = if waits { "async " } else { "" };
        let respond = format!("{is_async}def respond(question, session):\n");
        let functions = match shape {
            0 | 1 => format!("{respond}{first}    a()  #@ {infer}\n{second}{reply}"),
            2 => format!(
                "{respond}    with L:  #@ hold L\n        a()  #@ {infer}\n{}{}{second}{reply}",
                deep(&first),
                if keyed { "        return a  #@ reply\n" } else { "" }
            ),
            3 | 4 => {
                let cache = if keyed { "C" } else { "D" };
                format!(
                    "{respond}{first}    a()  #@ lookup {cache}\n    if not a:  #@ unless found\n\
                     \x20       a()  #@ {infer}\n{}        s()  #@ save {cache}\n{second}{reply}",
                    deep(&second)
                )
            }
            // A request whose answer is known ends without a reply.
            5 => format!(
                "{respond}{first}    a()  #@ lookup C\n    if not a:  #@ unless found\n\
                 \x20       a()  #@ {infer}\n        s()  #@ save C\n        return a  #@ reply\n\
                 {second}    x()  #@ note question\n"
            ),
            6 => {
                let cell = if keyed { "H" } else { "S" };
                format!(
                    "{respond}{first}    while True:  #@ repeat\n        l()  #@ load {cell}\n\
                     \x20       n()  #@ note question\n        a()  #@ {infer}\n\
                     \x20       s()  #@ swap {cell}\n{second}{reply}"
                )
            }
            7 => {
                let cell = if keyed { "H" } else { "S" };
                format!(
                    "{respond}    q()  #@ append {cell} question\n{first}    \
                     a()  #@ load {cell}, infer\n{second}    b()  #@ append {cell} answer\n{reply}"
                )
            }
            8 | 9 => {
                format!("{respond}{first}    t()  #@ then\n{second}    a()  #@ {infer}\n{reply}")
            }
            10 => format!(
                "{respond}    a()  #@ take Y\n    if not a:  #@ unless known\n{}\
                 \x20       p()  #@ put Y id\n    l()  #@ load I\n    a()  #@ infer\n\
                 \x20   s()  #@ store I\n{reply}",
                match keyed {
                    true => "        m()  #@ mint\n",
                    false => "        m()  #@ take N\n        m()  #@ put N next\n",
                }
            ),
            11..=13 => {
                let lock = if keyed { "T" } else { "L" };
                let read = match shape {
                    11 => "        r()  #@ read P\n",
                    _ => {
                        "        try:\n            r()  #@ read P\n\
                         \x20       except E:  #@ cancelled\n            d()  #@ drop P\n"
                    }
                };
                format!(
                    "async {}{first}    with {lock}:  #@ hold {lock}\n\
                     \x20       w()  #@ note question, infer, write P\n{read}{second}{reply}",
                    respond.trim_start_matches("async ")
                )
            }
            14 => {
                let (mailbox, per) = if keyed { ("B", " per session") } else { ("Q", "") };
                format!(
                    "{respond}    s()  #@ send {mailbox}\n{second}    w()  #@ await\n{reply}\
                     def work():  #@ lane worker{per}\n    while True:\n\
                     \x20       r()  #@ receive {mailbox} batch\n{}        for e in r:  #@ each\n\
                     \x20           n()  #@ note question\n            a()  #@ infer\n\
                     \x20           a()  #@ answer\n",
                    deep(&first)
                )
            }
            _ => {
                let (mailbox, per) = if keyed { ("B", " per session") } else { ("Q", "") };
                format!(
                    "{respond}    s()  #@ send {mailbox}\n{second}    w()  #@ await\n{reply}\
                     def work():  #@ lane worker{per}\n    while True:\n\
                     \x20       r()  #@ receive {mailbox}\n{}        a()  #@ {infer}\n\
                     \x20       a()  #@ answer\n",
                    deep(&first)
                )
            }
        };
        let text = format!("{}\n{functions}", declared(keyed));
        interleak::listing::Listing::parse("random.py", &text).is_ok().then_some(text)
    })
}

/// How requests are run.
pub fn server() -> impl Strategy<Value = Setting> {
    (
        prop::option::weighted(0.3, 1..3_usize),
        prop::sample::select(&Slots::ALL[..]),
        prop::option::weighted(0.2, 1..3_usize),
        prop::option::weighted(0.2, 1..3_usize),
        prop::sample::select(&Routing::ALL[..]),
        prop::sample::select(&Idle::ALL[..]),
    )
        .prop_map(|(limit, slots, workers, replicas, routing, idle)| Setting {
            grain: Grain::default(),
            limit,
            slots,
            workers,
            replicas,
            routing,
            idle: Some(idle),
        })
}

/// An order in which each next lane is drawn; now and then it goes on for a while. It is looked at
/// after each step.
pub fn draw(program: &Program, seed: u64, look: &mut dyn FnMut(&Machine)) -> Record {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut machine = Machine::new(program);
    let mut last = None;
    loop {
        let movable = machine.movable();
        if movable.is_empty() {
            return machine.record();
        }
        let stays = last.filter(|lane| movable.contains(lane) && next(3) > 0);
        let lane = stays.unwrap_or_else(|| movable[next(movable.len())]);
        machine.step(lane).unwrap();
        look(&machine);
        last = Some(lane);
    }
}
