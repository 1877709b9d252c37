# The pages of `interleak verify` and `interleak verify-run`.

## Python on this machine

python-missing = there is no `python3` on this machine's PATH
python-silent = `{ $name }` did not say in { $seconds } s which Python it is
python-ended = `{ $name }` ended without an answer
python-other = `{ $name }` does not answer as Python does
python-old = `{ $name }` is Python { $version }; 3.10 or newer is needed
python-needed = `interleak verify` runs the listing as real Python; install Python 3.10 or newer so that `python3` starts it. All other commands work without
python-no-start = cannot start { $name }: { $error }
python-no-thread = cannot start a thread: { $error }
python-no-folder = cannot make a folder in { $within }: { $error }
python-no-folder-help = TMPDIR says where temporary folders are made
# $words is the last line that a program printed before it ended.
python-with-words = { $what }: { $words }

## What Python does not answer

python-no-answer = Python { $version } { $how ->
    [too-little] answered too little
    [unreadable] gave an answer that cannot be read
    [ended] ended without an answer
   *[signal] was ended by signal { $signal }
 } in order { $order } of { $file }
python-no-answer-help = does the listing end Python itself, or touch files that it has not opened? It should do neither

python-refused = Python { $version } cannot run { $file }: { $why }
python-refused-help = run it with Python once, and repair what is reported
python-refusal-raises = { $what }
python-refusal-two-marks = two marks on one Python statement: write two statements
python-refusal-no-statement = there is no Python statement on this marked line
python-refusal-starts-threads = the file starts threads itself; leave that to whoever runs it
python-refusal-yields = `{ $function }` yields, and only what a function returns is compared
python-refusal-loads-long = loading the file takes more than { $seconds } seconds

## What stopped Python

python-stopped-time = the limit of { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
 } was hit (--seconds)
python-stopped-interrupted = it was interrupted
python-stopped-processor = the limit of { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
 } of processor time was hit
python-stopped-answer = the shared places and replies of one order have more than { $mib } MiB
python-stopped-memory = { $line ->
    [none] Python needs more than { $gib } GiB of memory
   *[other] Python needs more than { $gib } GiB of memory at line { $line }
}
python-stopped-file = { $line ->
    [none] Python writes a file of more than { $mib } MiB
   *[other] Python writes a file of more than { $mib } MiB at line { $line }
}
python-stopped-files = { $line ->
    [none] Python opens more than { $files } files
   *[other] Python opens more than { $files } files at line { $line }
}

## Where marks and Python differ
# $at is one of the three first; it begins the sentence.

python-marked = line { $line } is marked `{ $mark }`
python-block-ends = the block of line { $line } ends
python-cancelled = the client cancels while it waits at line { $line }

python-begins-otherwise = { $place } does not begin as its declaration says
python-lock-otherwise = { $at }, but in Python { $place } is { $found } after it
python-place-otherwise = { $at }, but Python does something else to { $place }
python-place-unmarked = line { $line } has no mark, but Python changes { $place } there
python-no-copy = { $at }, which makes a copy, but in Python `{ $variable }` is { $place } itself
python-not-handed-back = { $at }, but in Python the lane that asked waits on
python-history-otherwise = { $at }, but Python makes something else of `{ $variable }`
python-not-read = { $at }, but in Python its variable has something else after it
python-asks = { $at }, not `infer`, but Python asks the assistant
python-asks-not = { $at }, but Python does not ask the assistant
python-asks-otherwise = { $at }, but Python asks from other messages
python-asks-often = { $at }, but Python asks the assistant { $calls } times
python-turn-ends = { $at }, not `reply`, but in Python the turn ends
python-turn-ends-unmarked = line { $line } has no mark, but in Python the turn ends there
python-turn-goes-on = { $at }, but in Python the turn goes on
python-replies-anew = { $at }, but in Python nobody can tell what the reply is made from: the text was made anew, and others have the same words
python-replies-otherwise = { $at }, but Python replies something else
python-goes-elsewhere = { $at }, but Python goes on elsewhere
python-stops = { $at } and can run here, but Python { $how ->
    [raises] stops with an error
    [blocks] waits, or never ends
   *[elsewhere] does not come to it
}
python-stops-unmarked = line { $line } has no mark, but Python { $how ->
    [raises] stops with an error there
    [blocks] waits, or never ends there
   *[elsewhere] does not come to it there
 }, where the marks say that line { $own } can run
python-waits-not = { $at }, but Python does not wait there
python-stands-still = { $at }, which lets the others go on, but in Python whoever waits stops them too: a real server stands still here
python-gives-way = { $at }, and whoever waits stops the whole server, but in Python the others go on: its lock is an `async` one

## What the marks say, and what Python does

python-free = free
python-held = held
python-empty = (empty)
python-messages = { $labels }

python-place-holds = { $place } is { $what }
python-place-elsewhere = { $place } has nothing that can be seen: it may be under another key
python-place-untouched = nothing of { $place } changes
python-history-holds = the lane's history is { $what }
python-variable-holds = `{ $variable }` is { $what }
python-reads = { $what } is read
python-reads-otherwise = something else is in the variable
python-is-asked = the assistant is given { $what }
python-is-not-asked = the assistant is not asked
python-replies = the reply is "{ CUT($text) }", made from { $from }
python-replies-not = no reply
python-is-next = line { $line } is next
python-is-over = the turn is over
python-arrives = the line runs, and then the next marked one is reached
python-arrives-elsewhere = another marked line is reached, or the turn is over
python-raised = { $what }
python-lane-waits = the lane waits
python-lane-waits-for = { $what }
python-lane-goes-on = { $lane } goes on
python-others-go-on = while a request waits, the others go on
python-nobody-goes-on = while a request waits, nobody goes on

python-at-first = before the first step
python-after = after step { $step }
python-after-line = after step { $step }, in which { $lane } runs line { $line }

python-shown = { $by }.
python-shown-later = It shows later: { $by }.
python-written = One of two lines is wrong, this one or the one that wrote it: { $at }.

## The page of `verify`

verify-label-same = SAME
verify-label-differs = DIFFERS
verify-label-marks = Marks
verify-label-python = Python
verify-label-by = By
# Goes on with verify-not-compared or verify-left-out.
verify-label-not = Not

verify-python = Python { $version }
verify-not-begun = It was interrupted: { $strategies ->
    [one] { $strategies } strategy was
   *[other] { $strategies } strategies were
 } not begun.

verify-same = in Python, { $strategy } does what its marks say.
verify-compared = { orders } of { verify-scenarios } were run at grain line, on real threads. { verify-replies }, word by word, and { verify-cells } at the end, element by element, are those of the simulation, and so is every shared place after each of { verify-moves }.
verify-scenarios = { $scenarios ->
    [one] { $scenarios } scenario
   *[other] { $scenarios } scenarios
}
verify-replies = { $replies ->
    [one] { $replies } reply
   *[other] { $replies } replies
}
verify-cells = { $cells ->
    [one] { $cells } cell
   *[other] { $cells } cells
}
verify-moves = { $moves ->
    [one] { $moves } move
   *[other] { $moves } moves
}
verify-waited = At { $moments ->
    [one] { $moments } moment
   *[other] { $moments } moments
 } a lane had to wait for another one, and did.
verify-not-compared = compared: { $places }. Python holds it under another name, or in a form that cannot be looked at.
verify-left-out = run: { $parts }.
verify-left-out-replicas = several copies of the server (in { $scenarios })

verify-unknown = whether { $strategy } does what its marks say: { $stopped }, { $during }.
verify-in-order = in order { $order } of { $orders }, one of { $scenario }
verify-after-last = after the last order
verify-before = { $orders ->
    [0] No order was run to its end before.
    [one] In { $orders } order before it, Python does what the marks say.
   *[other] In { $orders } orders before it, Python does what the marks say.
}

verify-names = { $scenario } × { $strategy } · grain line · { $when }
verify-differ = { $differ } of { $ran ->
    [one] { $ran } order
   *[other] { $ran } orders
 } that Python { $version } ran differ.
verify-not-all = Not all were run: { $stopped }.

## A report that cannot be counted again

verify-run-not-json = { $file } is not JSON: { $error }
verify-run-no-report = { $file } is not a report of interleak, format 1
verify-run-no-results = { $file } has no results, so there is nothing to count
verify-run-help = save one with `interleak run voice-assistant --format json > report.json`
verify-run-many-results = { $file } has { $results } results; at most { $most } are read
verify-run-many-results-help = name fewer strategies when you make it
verify-run-not-there = { $file } names { $name }, which is not there
verify-run-not-there-help = it is looked for from the folder of the report, then from the one that you are in

# $found and $meant are among the messages below.
verify-run-field = { $file }, result { $result }: "{ $field }" is { $found }, not { $meant }
verify-run-nothing = nothing
verify-run-a-list = a list
verify-run-an-object = an object
verify-run-a-long-text = a long text
verify-run-a-name = a name or a path
verify-run-one-strategy = one strategy
verify-run-one-strategy-help = a report has a result of its own for each strategy; `interleak run … -s all --format json` writes such a one
verify-run-a-grain = a grain
verify-run-grains = access, line, await, turn or chain
verify-run-a-word = a word
verify-run-slots = shared or per-function
verify-run-routings = sticky or round-robin
verify-run-idle = longest or latest
verify-run-an-amount = a number from 1, or null
verify-run-judged = what was judged
verify-run-shown = at most { $most } orders
verify-run-a-bool = true or false

## The page of `verify-run`

verify-run-label-ok = ok
verify-run-label-open = open
verify-run-label-differs = differs

verify-run-numbers = { $n ->
    [one] { $n } number
   *[other] { $n } numbers
}
verify-run-equal = { $name }: { verify-run-numbers } counted again, all equal
verify-run-bounds = { $name }: not complete, and { verify-run-numbers } hold as bounds
verify-run-left-out = not in the report: { $fields }
verify-run-open = { $name }: { $why }
verify-run-agree = { verify-run-numbers } agree with each other and with the orders shown
verify-run-states = it needs more than { $states } states (--max-states)
verify-run-differs = { $name }: { $wrong } of { verify-run-numbers }
# $must is one of the messages below.
verify-run-difference = { $field }: the report says { $reported }, { $must }
verify-run-results = { $results ->
    [one] { $results } result
   *[other] { $results } results
 }: { $equal } equal, { $different } different, { $open } open
verify-run-how = Counted depth first over plain states, not by the engine that wrote the report. States and bytes are what that engine needed, and are not compared.
verify-run-changed = If the scenario or the strategy was changed since, the numbers are others.

verify-run-must-counted = counted { $counted }
verify-run-must-at-most = counted only { $counted }
verify-run-must-number = no number
verify-run-must-what-stopped = what stopped it?
verify-run-must-drawn = 1 to { $most } orders are drawn, or none
verify-run-must-verdict = { $seen ->
    [true] with a witness it is { $complete ->
        [true] sometimes or always
       *[false] sometimes
    }
   *[false] without a witness it is { $complete ->
        [true] never
       *[false] unknown
    }
}
verify-run-must-orders = { $seen ->
    [true] with a witness it cannot be
   *[false] without a witness it cannot be
}
verify-run-must-zero-or-open = only 0 can be known so early
verify-run-must-open = that cannot be known so early
verify-run-must-kind = there is no such kind here
verify-run-must-fraction = a fraction from 0 to 1 is meant
verify-run-must-chance = it is from { $low } to 1
verify-run-must-hits = so many of the drawn orders cannot show it
verify-run-must-shows = run once more, it does not show it
verify-run-must-no-hits = no order shows it
