"""What an attack begins with: `python3 fuzz/seeds.py FOLDER` writes FOLDER/TARGET/NAME for each target.

Everything that is shipped and documented, what once broke something (`fuzz/corpus`), and inputs
made to be hard. Large ones are made here rather than kept as files.
"""

import json
import re
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = Path(sys.argv[1])

# What drives a terminal, turns the reading direction, or is many characters and no column.
DRIVING = "\x1b]0;x\x07\x1b[2J\u009b31m\u202e\u200b\ufeff\x7f"
COMBINING = "e" + "\u0301" * 500_000
# What spreadsheets, shells and paths take for something else.
NAMES = ["=1+1", "+1", "-x", "@x", "a b", 'a"b', "a'b", "$(x)", "`x`", "*", "*2", "all", ".", "../x", "a\nb",
         "a\tb", "\u5c0f\u660e", "\U0001f469\u200d\U0001f4bb", "x" * 10_000, "", " ", "\0", DRIVING]


def seed(target, name, data):
    path = OUT / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))


def shipped(target, *patterns):
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            seed(target, path.name, path.read_bytes())


def scenario(lanes, **fields):
    return json.dumps({"format": 1, "title": "t", "lanes": lanes, **fields}, ensure_ascii=False)


def lane(user, *says, **fields):
    return {"user": user, "says": [says if isinstance(says, dict) else {"text": says} for says in says], **fields}


def scenarios():
    told = lane("a", {"text": "x", "tells": {"name": "v" * 100_000}})
    seed("scenario", "told-a-value-very-often", scenario([told], assistant={"told": "{value}" * 14_000}))
    known = lane("b", {"text": "x", "asks": "name"}, {"text": "y", "asks": "name"})
    seed("scenario", "known-a-value-very-often", scenario([told, known], assistant={"known": "{value}" * 14_000}))
    topics = {f"t{number}": "v" for number in range(70_000)}
    seed("scenario", "tells-of-very-many-topics", scenario([lane("a", {"text": "x", "tells": topics})]))
    wide = [lane(f"u{number}", *"wxyz") for number in range(16)]
    seed("scenario", "sixteen-by-four", scenario(wide))
    for lanes, turns in [(2, 32), (1, 64), (16, 4), (6, 1)]:
        long = [lane(f"u{number}", *["x"] * turns) for number in range(lanes)]
        seed("scenario", f"{lanes}-by-{turns}", scenario(long, server={"limit": 1}))
    for number, name in enumerate(NAMES):
        named = [lane(name, name), lane("b", "x", name=name + "2", session=name + "3", address=name)]
        seed("scenario", f"name-{number}", scenario(named, title=name, story=name, remarks={"global": name}))
        topic = {"text": "x", "tells": {name: name}}
        asks = lane("b", {"text": "y", "asks": name})
        seed("scenario", f"topic-{number}", scenario([lane("a", topic), asks], expect={name or "x": "clean"}))
    seed("scenario", "combining", scenario([lane("a", COMBINING)], title=COMBINING, story=COMBINING))
    numbers = {"limit": 1000, "workers": 1000, "replicas": 8, "routing": "round-robin"}
    late = lane("a", {"text": "x", "at_ms": 3_600_000})
    cancelled = [{"cancels": "a", "turn": 1}]
    seed("scenario", "largest-numbers", scenario([late], server=numbers, faults=cancelled, assistant={"infer_ms": 3_600_000}))
    for name, text in deep("{\"format\": 1, \"lanes\": ").items():
        seed("scenario", name, text)


def deep(before):
    """Brackets in brackets, and other ends of the world."""
    return {
        "brackets": before + "[" * 100_000,
        "braces": before + '{"a":' * 100_000,
        "comments": before + "/*" * 100_000,
        "digits": before + "9" * 100_000,
        "backslashes": before + '"' + "\\" * 99_999,
        "surrogate": before + '"\\ud800"}',
    }


def listings():
    respond = "def respond(question, session):\n"
    last = "    a()  #@ infer\n    return a  #@ reply\n"
    with_locks = "".join(f"{'    ' * depth}with L{depth}:  #@ hold L{depth}\n" for depth in range(1, 33))
    locks = "".join(f"L{number} = 0  #@ lock L{number}\n" for number in range(1, 33))
    seed("listing", "locks-in-locks", locks + respond + with_locks + "    " * 33 + "x()  #@ infer\n" + last)
    deeper = "".join(f"{' ' * depth}with x:\n" for depth in range(1, 1000))
    seed("listing", "blocks-in-blocks", respond + deeper + " " * 1001 + "x()  #@ infer\n" + last)
    seed("listing", "200-lines", "H = []  #@ shared H\n" + respond + "    x()  #@ append H question\n" * 198 + last)
    seed("listing", "200-local-lines", respond + "    x()  #@ note question\n" * 198 + last)
    seed("listing", "one-long-line", "x = 0  #@ shared " + "H" * 500_000 + "\n" + respond + last)
    seed("listing", "many-marks", "x = 0  #@ " + "load H, " * 60_000 + "\n" + respond + last)
    seed("listing", "many-keys", "x = 0  #@ shared H[" + "session, " * 50_000 + "]\n" + respond + last)
    seed("listing", "combining", f'"""{COMBINING}"""\n{respond}    x("{COMBINING}")  #@ infer\n{last}')
    seed("listing", "driving", f'"""{DRIVING}"""\n{respond}    x("{DRIVING}")  #@ infer\n{last}')
    for number, name in enumerate(NAMES):
        seed("listing", f"name-{number}", f"H = []  #@ shared {name}\n{respond}    x()  #@ load {name}\n{last}")
    for name, text in {"brackets": "(" * 100_000, "quotes": '"' * 100_001, "tabs": "\t" * 100_000,
                       "ends": "\r" * 100_000, "braces": 'f"{' * 50_000, "backslashes": "\\\n" * 50_000}.items():
        seed("listing", name, respond + text + "\n" + last)


def schedules():
    for number in range(16):
        first = bytes([number])
        for name, text in {
            "empty": "", "alternate": "alice bob " * 20, "clicks": "click-1 click-2*2 click-1*2",
            "actor": "alice actor:alice*4 alice", "largest": "alice*4294967295", "too-large": "alice*4294967296",
            "sum": "alice*4294967295 " * 100, "zero": "alice*0", "signs": "alice*+1 alice*-1 -alice --alice",
            "spaces": "\u3000alice\u00a0bob\u2028alice\u0085", "stars": "alice**2 *2 alice*", "driving": DRIVING,
            "combining": COMBINING, "words": "alice " * 50_000, "unknown": "x" * 100_000,
        }.items():
            # The long ones once.
            if number == 0 or len(text) < 1000:
                seed("schedule", f"{name}-{number}", first + text.encode())


def logs():
    line = '{"event":"%s","session":"%s","request":"%s","cell":"H","messages":["%s"],"basis":["%s"]}\n'
    events = ["request", "read", "write", "append", "reply"]
    mixed = [line % (events[n % 5], f"s{n % 3}", n // 5, n // 7, n // 9) for n in range(400)]
    seed("log", "mixed", "".join(mixed))
    seed("log", "many-sessions", "".join(line % (events[n % 5], f"s{n // 5}", n, n, n - 5) for n in range(5000)))
    seed("log", "blank-lines", "\n" * 1_000_000)
    seed("log", "blank-lines-then-words", " \r\n" * 100_000 + "hello\n")
    seed("log", "a-line-without-end", "x" * 3_000_000)
    seed("log", "a-line-too-long", mixed[0] + " " * 1_100_000 + mixed[1] + mixed[2])
    seed("log", "not-text", bytes(range(256)) * 20 + b"\n" + mixed[0].encode())
    seed("log", "marked", "\ufeff" + mixed[0] + "\ufeff" + mixed[1])
    seed("log", "very-many-messages", line % ("read", "a", 1, '","'.join(map(str, range(20_000))), 1))
    for number, name in enumerate(NAMES):
        word = json.dumps(name, ensure_ascii=number % 2 == 0)[1:-1]
        seed("log", f"name-{number}", "".join(line % (event, word, word, word, word + "x") for event in events) * 2)
    for name, text in deep('{"event":"read","session":"a","messages":').items():
        seed("log", name, text + "\n" + mixed[0])
    seed("log", "combining", line % ("reply", COMBINING, COMBINING, COMBINING, COMBINING))


def reports():
    report = json.loads((ROOT / "tests/fixtures/report.json").read_text())
    result = report["results"][0]

    def changed(name, **fields):
        seed("report", name, json.dumps({**report, "results": [{**result, **fields}]}, ensure_ascii=False))

    changed("schedule-without-end", shown=[{"number": "1", "schedule": "alice*4294967295", "shows": []}])
    changed("schedules-without-end", shown=[{"number": "1", "schedule": "alice*4294967295 " * 500, "shows": []}])
    changed("many-shown", shown=[{"number": "1", "schedule": "alice", "shows": []}] * 5000)
    changed("strategy-all", strategy="all")
    changed("incomplete", complete=False)
    changed("not-stopped-and-incomplete", complete=False, stopped=None, sampled=None)
    for field in ["limit", "workers", "replicas"]:
        for number in [0, 1, 9, 1001, 2**32, 2**63, 2**64 - 1, -1, 1.5, 1e300]:
            changed(f"{field}-{number}", **{field: number})
    for number, name in enumerate(NAMES):
        changed(f"name-{number}", scenario=name, strategy=name)
        changed(f"path-{number}", scenario=name + ".json", strategy=name + ".py")
        changed(f"anomaly-{number}", anomalies={name: {}})
    changed("combining", scenario=COMBINING)
    changed("devices", scenario="/dev/zero", strategy="/dev/stdin")
    seed("report", "many-results", json.dumps({**report, "results": [result] * 200}))
    seed("report", "no-results", json.dumps({**report, "results": []}))
    seed("report", "strange-results", json.dumps({**report, "results": [None, 1, [], {}, "x"]}))
    for name, text in deep('{"format": 1, "results": ').items():
        seed("report", name, text)


def arguments():
    def typed(name, *words):
        seed("arguments", name, "\0".join(words))

    documents = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("tests/cmd/*.md"))]
    for path in documents:
        for number, command in enumerate(re.findall(r"^\$ interleak (.*)$", path.read_text(), re.M)):
            try:
                words = shlex.split(command)
            except ValueError:
                words = command.split()
            typed(f"{path.stem}-{number}", *words)
    for number, name in enumerate([*NAMES, COMBINING, "\x1b]52;c;eA==\x07", "b\x1b]0;x\x07a.json"]):
        typed(f"name-{number}", name)
        typed(f"second-{number}", "run", "class", name)
        typed(f"option-{number}", "run", f"--{name}")
        typed(f"value-{number}", "run", "class", "--grain", name)
        typed(f"number-{number}", "run", "class", f"--max-states={name}")
        typed(f"list-{number}", "sweep", "class", f"--lanes={name}")
    seed("arguments", "not-text", b"run\0\xff\xfe\0--grain\0\xff\x1b[2J")
    typed("many", *["run"] * 50_000)
    for text in ["2..8", "8..2", "2..", "..", "1,2,3", "99999999999999999999..2", "1," * 10_000]:
        typed(f"lanes-{text[:20]}", "sweep", "class", "--lanes", text)


def main():
    shipped("scenario", "scenarios/*/*.json", "tests/fixtures/[ab]*.json", "src/commands/new/*.json")
    shipped("listing", "strategies/*.py", "scenarios/*/*.py", "tests/fixtures/*/*.py", "src/commands/new/*.py")
    shipped("log", "tests/fixtures/*.ndjson")
    shipped("report", "tests/fixtures/report*.json")
    # Any bytes mean a program.
    shipped("differential", "strategies/*.py")
    for make in [scenarios, listings, schedules, logs, reports, arguments]:
        make()
    for path in sorted((ROOT / "fuzz/corpus").glob("*/*")):
        seed(path.parent.name, f"corpus-{path.name}", path.read_bytes())


main()
