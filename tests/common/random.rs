//! Random listings, with locks, mailboxes, caches, counters, retries and appends in place.

use proptest::prelude::*;

/// Lanes of a cast, in JSON.
pub const LANES: [&str; 8] = [
    r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y"}]}"#,
    r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"x"}]}"#,
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"}]},{"user":"b","says":[{"text":"z"}]}"#,
    r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y"}]},{"user":"c","says":[{"text":"z"}]}"#,
    r#"{"user":"a","name":"p","says":[{"text":"x"}]},{"user":"a","name":"q","says":[{"text":"y"}]}"#,
    r#"{"user":"a","session":"s","says":[{"text":"x"}]},{"user":"a","session":"t","says":[{"text":"x"},{"text":"x"}]}"#,
    r#"{"user":"a","name":"p","says":[{"text":"x"}]},{"user":"a","name":"q","says":[{"text":"y"}]},{"user":"b","says":[{"text":"x"}]}"#,
    r#"{"user":"a","says":[{"text":"x"},{"text":"y"},{"text":"x"}]},{"user":"b","says":[{"text":"x"}]}"#,
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
";

/// Moves that a random body is made of; those that do not fit together are refused when read.
const MOVES: [&str; 29] = [
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
    let parts = (0..10_u8, moves(0..4), moves(0..3), any::<bool>(), infer);
    parts.prop_filter_map("a listing that can be read", |(shape, first, second, keyed, infer)| {
        let (first, second) = (body(&first, 4), body(&second, 4));
        let deep = |text: &str| text.replace("    x()", "        x()");
        let reply = "    return a  #@ reply\n";
        let respond = "def respond(question, session):\n";
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
        let text = format!("{DECLARED}\n{functions}");
        interleak::listing::Listing::parse("random.py", &text).is_ok().then_some(text)
    })
}
