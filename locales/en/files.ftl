# What can be wrong in a file: a scenario, a listing, a log, a report.

## Files that cannot be read

# $what is always one of these kinds of file.
input-what = { $what ->
    [report] report
    [scenario] scenario
   *[strategy] strategy
}
input-give-path-or-name = give the path of a { input-what } file, or a name that `interleak list` shows
input-give-path-of-log = give the path of a log, or - for standard input
input-give-path-of-report = give the path of a saved report
input-no-file = there is no file { $file }
input-folder = { $file } is a folder, not a { input-what } file
input-folder-no-log = { $file } is a folder, not a log
input-folder-help = give the path of one file in it
input-not-ordinary = { $file } is not an ordinary file
input-not-ordinary-help = save the { input-what } in a file and give its path
# $why is the system's.
input-cannot-read = cannot read { $file }: { $why }
input-too-large = { $file } has { $bytes } bytes; a { input-what } file has at most { $most }
input-too-large-help = is it the right file?
input-too-many-values = { $file } has more than { $most } values, too many for a report
input-too-many-values-help = is it the right file? A report of fewer strategies has fewer
input-not-utf-8 = { $file } is not UTF-8 text: line { $line }, byte { $byte } of the file
input-not-utf-8-help = save it as UTF-8 in your editor

## What a scenario and a strategy make together, if it is too much

# What is numbered here is always far more than one.
program-too-long = one order of this scenario and strategy could run { $lines } marked lines; at most { $most } can be followed: use fewer turns or fewer marks
program-too-many-messages = one order of this scenario and strategy could add { $added } messages to lists; at most { $most } can be followed: use fewer turns or fewer marks
program-counts-too-far = a counter of this strategy could reach { $number } in this scenario; at most { $most } can be told apart: use fewer turns
program-too-many-lanes = this scenario and strategy make { $lanes } lanes; at most { $most } can be explored: use fewer lanes
program-too-many-places = this scenario and strategy make { $places } shared places; at most { $most } can be explored: use fewer lanes, fewer different questions, or fewer keys
program-workers-in-replicas = a strategy with workers of its own cannot be run in several replicas here; use one replica, or key its places by `replica`

## Listings: the file as a whole

# What is in backquotes is Python or a mark; it stays as it is in every language.
listing-empty = { $file } is empty
listing-unfinished = { $file } ends inside a string or a bracket
listing-unfinished-help = Python could not read this file either; look for a quote or a bracket that is not closed
listing-nul = a NUL character in the text
listing-no-respond = { $file } has no function `respond`
listing-needs-respond = a strategy needs a function `respond(question, session)` with its steps marked by `#@`; `interleak new mine.py` writes one to start from
listing-second-respond = a second `respond`
listing-second-respond-label = defined before
listing-second-respond-help = one file is one strategy
listing-too-many-places = more than { $most } shared places
listing-too-many-daemons = more than { $most } daemon lanes
listing-too-many-lines = more than { $most } marked lines in one function

## Listings: declarations

# $word is the word that declares such a place.
listing-kind-of-place = { $word ->
    [lock] lock
    [mailbox] mailbox
    [pipe] pipe
   *[shared] cell
}
listing-one-name = `{ $word }` declares one name
listing-one-name-label = { $word ->
    [lock] lock NAME or lock NAME[session], then perhaps async
   *[other] { $word } NAME or { $word } NAME[session]
}
listing-one-name-help = behind the name may stand: external (kept outside of the server)
listing-no-name = `{ $name }` is not a name
listing-no-name-of-place-label = letters, digits and _, as in Python, and not too long
listing-no-name-of-lane-label = letters, digits and _
listing-open-bracket = the bracket is not closed
listing-open-bracket-label = a ] is missing
listing-unknown-key = unknown key `{ $key }`
listing-unknown-key-label = not a key
listing-key-twice = the key `{ $key }` is given twice
listing-key-twice-label = once is enough
# $kind is one of listing-kind-of-place.
listing-other-keys = a { $kind } is keyed by session, address or replica
listing-other-keys-label = only a shared cell can have other keys
listing-declared-twice = { $name } is declared twice
listing-declared-twice-label = declared before
listing-declared-twice-help = give each shared place one name and one declaration
# $verb and $before are moves, such as `load`.
listing-two-ways = `{ $verb }` and `{ $before }` use { $name } in two ways
listing-two-ways-help = declare a second shared name for the other use
listing-holds-messages = { $name } holds a list of messages
listing-holds-answers = { $name } holds cached answers
listing-holds-value = { $name } holds a small value

## Listings: what a mark says

listing-empty-mark = there is nothing after `#@`
listing-empty-mark-label = a move or a declaration belongs here
listing-empty-mark-help = for example `#@ load HISTORY`; an ordinary comment begins with `# `
listing-unknown-move = unknown move `{ $move }`
listing-unknown-move-label = not a move
listing-unknown-place = unknown { $kind } { $name }
listing-unknown-place-label = not declared in this file
listing-unknown-place-help = declare it on the line that makes it: `#@ { $word } { $name }`
listing-other-kind = `{ $verb }` needs a { $needed }; { $name } is a { $kind }
listing-other-kind-label = declared as a { $kind }
listing-keys-differ = { $name } was declared with other keys
listing-keys-differ-label = write just { $name }
listing-not-complete = `{ $verb }` is not complete or has too much
listing-write-alone = write: { $verb }
listing-write-place = write: { $verb } { $word ->
    [lock] LOCK
    [mailbox] MAILBOX
    [pipe] PIPE
   *[shared] CELL
}
listing-write-part = write: { $verb } question, or { $verb } answer
listing-write-cell-part = write: { $verb } CELL question, or { $verb } CELL answer
listing-write-put = write: put CELL, put CELL session, put CELL id or put CELL next
listing-write-unless = write: unless found or unless known
listing-write-lane = write: lane NAME or lane NAME per session
listing-write-route = write: route sticky or route round-robin

## Listings: marks where they do not belong

listing-outside = this move is outside of every function
listing-outside-help = moves belong into `respond`, or into a function marked `#@ lane NAME`
listing-nobody-runs = this move is in `{ $function }`, which no lane runs
listing-nobody-runs-help = move it into `respond`, or mark the function with `#@ lane NAME`
listing-not-in-respond = not in `respond`
listing-two-places = this line touches two shared places
listing-two-places-help = write them on two lines: another lane may move between them
listing-second-one = a second one
listing-one-is-enough = one is enough
listing-hold-elsewhere = `hold` belongs on a `with` line
listing-hold-elsewhere-label = no `with` block begins here
listing-hold-elsewhere-help = on any other line write `acquire` and, later, `release`
listing-unless-elsewhere = `unless` belongs on an `if` line
listing-unless-elsewhere-label = no `if` block begins here
listing-repeat-elsewhere = `repeat` belongs on a `while` or `for` line
listing-repeat-elsewhere-label = no loop begins here
listing-each-elsewhere = `each` belongs on a `for` line
listing-each-elsewhere-label = no loop over a batch begins here
listing-cancelled-elsewhere = `cancelled` belongs on an `except` line
listing-cancelled-elsewhere-label = no `except` block begins here
listing-cancelled-elsewhere-help = for example: `except CancelledError:  #@ cancelled`
# $word is `lane` or `route`.
listing-def-elsewhere = `{ $word }` belongs on a `def` line
listing-def-elsewhere-label = no function begins here
listing-after-unless = `unless` or `then` is the last move of its line
listing-after-unless-label = would this still run?
listing-after-reply = `reply` is the last move of its line
listing-never-runs = this line never runs: the reply above ends the turn
listing-never-runs-label = after a reply

## Listings: blocks

listing-empty-block = this block has no lines of its own
listing-empty-block-label = nothing is indented under it
listing-empty-block-help = write its body on lines below it
listing-empty-each = nothing is marked in this loop
listing-empty-each-label = a loop without moves
listing-block-in-each = an `each` loop has no marked blocks inside
listing-block-in-each-label = inside of another block
listing-block-in-each-help = keep the lines of the loop at one level
listing-else = an `unless` block has no `else`
listing-else-label = not simulated
listing-else-help = put what always runs behind the block, without `else`
listing-unmarked-block = this move is inside an unmarked `{ $keyword }`
listing-unmarked-block-label = does not run in every turn
listing-unmarked-block-help = take this line out of the block, so that every turn runs it
listing-unmarked-loop-help = a loop of moves is not simulated; only `#@ repeat` around a `swap` is, and in a worker `#@ each` over a batch
listing-unmarked-if-help = mark the `if` with `#@ unless found` or `#@ unless known`, or take this line out of it
listing-unmarked-except-help = mark the `except` with `#@ cancelled`, or take this line out of it
listing-reply-before-finally = a reply inside `try` is not simulated together with `finally`
listing-reply-before-finally-label = runs after the reply line, but before the reply is seen
listing-reply-before-finally-help = put the `return` behind the whole `try` block
listing-done-when-cancelled = this cannot be done after a cancellation
listing-done-when-cancelled-label = only `drop` and `put` can

## Listings: loops that a swap repeats

listing-repeat-in-repeat = a `repeat` inside a `repeat`
listing-repeat-without-swap = this `repeat` loop has no `swap`
listing-repeat-without-swap-label = a loop without end
listing-repeat-without-swap-help = `repeat` marks the loop that a failed `#@ swap CELL` goes back to
listing-swap-outside = `swap` outside of a `repeat` loop
listing-swap-outside-label = where would a failed swap go back to?
listing-swap-outside-help = mark the loop around it: `while True:  #@ repeat`
listing-second-swap = a second `swap` in one loop
listing-two-swapped = two different cells are swapped
listing-after-swap = `swap` is the last move of its loop
listing-after-swap-label = would run only after a failed swap
listing-after-swap-help = move this line behind the loop
listing-swap-without-load = the loop swaps { $cell } but does not load it
listing-swap-without-load-label = would fail for ever
listing-swap-without-load-help = load it inside the loop: `#@ load { $cell }`
listing-repeated-by-swap = this does not belong into a loop that a swap repeats
listing-repeated-by-swap-label = would be done again after a failed swap
listing-repeated-by-swap-help = keep only load, note, infer and swap in the loop

## Listings: locks

listing-held-already = this lane holds that lock already
listing-held-already-label = it would wait for itself for ever
listing-releases-unheld = { $lock } is released by a lane that does not hold it
listing-releases-unheld-label = not acquired on every way to this line
listing-releases-unheld-help = acquire it first: `#@ acquire { $lock }`
listing-reply-in-with = inside a `with` block that holds a lock, `reply` stands alone
listing-reply-in-with-label = the lock is given back after this, but before the reply
listing-reply-in-with-help = do the work on a line of its own, and return its result
listing-held-at-then = a lock is held where the function ends
listing-held-at-then-label = the next function is another request
listing-held-at-then-help = release it before `then`

## Listings: answers and functions

listing-never-replies = `respond` never replies
listing-never-replies-label = no line of it is marked `#@ reply`
listing-never-replies-help = mark the line that returns the answer: `return answer  #@ reply`
listing-no-answer = there is no answer yet
listing-no-answer-label = not on every way to this line
listing-no-answer-help = an answer comes from `infer`, `await`, `read` or a `lookup` that found one; `then` forgets it
listing-await-without-send = this waits for an answer to a question that was not sent
listing-await-without-send-label = no `send` before it
listing-known-without-take = `unless known` without a `take` before it
listing-known-without-take-label = known from where?
listing-found-without-lookup = `unless found` without a `lookup` before it
listing-found-without-lookup-label = found what?
listing-then-in-block = `then` ends a function of the app, so it stands in no block
listing-then-in-block-label = inside of a block
listing-then-in-block-help = write it at the level of the function
listing-then-and-repeat = `then` and `repeat` do not go together
listing-then-and-repeat-label = a function of several
listing-last-then = nothing comes after this `then`
listing-last-then-label = the last function replies

## Listings: workers

listing-lane-twice = two daemon lanes are called { $name }
listing-lane-twice-label = the second one
listing-lane-twice-help = schedules are written with lane names; give each its own
listing-respond-as-lane = `respond` is what clients run; it cannot be a daemon lane too
listing-respond-as-lane-label = mark another function
listing-respond-receives = only a daemon lane receives and answers
listing-respond-receives-label = this is `respond`
listing-respond-receives-help = mark the worker's function with `#@ lane NAME`
listing-waits-for-ever = would wait for ever
listing-nobody-receives = nobody receives from { $mailbox }
listing-nobody-receives-label = its questions would wait for ever
listing-nobody-receives-help = mark the worker's function with `#@ lane NAME per session`
listing-nobody-writes = nobody writes into { $pipe }
listing-nobody-writes-help = mark the line that puts an answer in: `#@ write { $pipe }`
listing-nobody-answers = nobody answers
listing-nobody-answers-help = mark the worker's line that hands the answer back: `#@ answer`
listing-daemon-label = this is a daemon lane
listing-daemon-without-receive = `{ $function }` does not begin by receiving
listing-daemon-without-receive-label = a daemon lane waits for questions
listing-daemon-without-receive-help = mark the line that takes a question: `#@ receive MAILBOX`
listing-daemon-receives-again = a daemon lane receives once, at its beginning
listing-daemon-replies = only `respond` sends, awaits and replies; a daemon lane answers
listing-each-without-batch = `each` goes through a batch, and there is no `receive MAILBOX batch`
listing-whose-mailbox = one `{ $function }` for all sessions cannot know whose { $mailbox } to empty
listing-whose-mailbox-label = `lane … per session` is meant
listing-whose-mailbox-help = or declare one mailbox for all: `#@ mailbox { $mailbox }`

## A log

log-standard-input = standard input
log-cannot-read-standard-input = cannot read standard input: { $error }
log-empty = { $log } has nothing in it
log-none = { $log } has no line that says what an app did
log-event-of-another = its "event" is none of request, read, write, append, reply
log-help = `interleak diagnose --help` shows the least that a log has to say, docs/LOGS.md all of it

# Why a line is skipped, in a few words: `3 not JSON`.
log-skip-too-long = longer than 1 MiB
log-skip-not-text = not UTF-8 text
log-skip-cut-off = cut off
log-skip-not-json = not JSON
log-skip-not-object = JSON, but no object
log-skip-wrong-field = a field of a wrong kind, or twice
log-skip-no-event = no "event"
log-skip-no-session = no "session"
log-skip-no-request = no "request"
log-skip-no-cell = no "cell"

## A scenario: its text

scenario-empty = { $file } is empty
scenario-empty-help = a scenario is a JSON object; `interleak new mine.json` writes one to start from
scenario-format = format { $format } is not known
scenario-format-read = this program reads format { $format }
scenario-format-newer = this file was written for a newer interleak; update it
scenario-format-write = write { $format }
scenario-format-help = write "format": { $format }
# $message is the JSON reader's.
scenario-not-json = { $file } is not valid JSON: { $message }
scenario-here = here
scenario-not-known = not known
scenario-not-in-here = not in here
scenario-unknown-field = unknown field { $field }
scenario-unknown-word = { $path }: unknown word { $word }
# $path leads into the file, such as `lanes[0].says`.
scenario-at = { $path }: { $what }
scenario-missing = missing field `{ $field }`
scenario-duplicate = duplicate field `{ $field }`
scenario-twice = `{ $field }` is given twice
scenario-found = found { $found }, expected { $expected }
scenario-found-array = an array
scenario-found-object = an object
scenario-found-null = null
scenario-found-string = string { $value }
scenario-found-boolean = boolean { $value }
scenario-found-integer = integer { $value }
scenario-found-number = floating point { $value }
scenario-expected-array = an array
scenario-expected-string = a string
scenario-expected-whole-number = a whole number
scenario-expected-object = an object
scenario-expected-expectation = "clean" or an object such as {"{"}"context-leak": "sometimes"{"}"}
scenario-schema-expectation = "clean", or how often each anomaly shows; whatever is not named must never show.

## A scenario: what must hold of it. Numbers that are written in the file are told as they stand there.

scenario-unknown-profile = unknown profile { $profile }
scenario-known-servers = not a server that is known here
scenario-unknown-choice = unknown { $field } { $word }
scenario-known-choices = one of { $words }
scenario-amount =
    { $field ->
        [limit] a limit of { $amount } requests
        [workers] { $amount } threads
       *[replicas] { $amount } replicas
    }
scenario-amount-range = 1 to { $most }, or leave it out
scenario-no-lane = there is no lane { $lane }
scenario-known-lanes = not a lane of this scenario
scenario-no-turn = { $lane } has no turn { $turn }
scenario-turn-range = 1 to { $most }
scenario-cancelled-already = this turn may be cancelled already
scenario-second-time = the second time
scenario-time = { $ms } milliseconds
scenario-time-range = 0 to { $most }: at most an hour
scenario-no-lanes = there are no lanes
scenario-one-is-needed = at least one is needed
scenario-lanes = { $lanes } lanes; at most { $most } can be explored
scenario-too-many = too many
scenario-turns = { $turns } turns; at most { $most } can be explored
scenario-too-many-turns = too many, over all lanes
scenario-same-name = two lanes are called { $name }
scenario-second-one = the second one
scenario-same-name-help = give each lane its own "name"; it is what schedules are written with
scenario-says-nothing = { $lane } says nothing
scenario-one-request-is-needed = at least one request is needed
scenario-empty-address = an empty address
scenario-name-an-address = name one
scenario-others-session = session { $session } belongs to user { $user }
scenario-others-session-label = a session is one user's
scenario-others-session-help = give this lane a "session" of its own
scenario-empty-request = an empty request
scenario-say-something = say something
scenario-name = "{ $name }" is not a name that can be typed in a schedule
scenario-name-empty = give it a name
scenario-name-unseen = nothing of it can be seen
scenario-name-long = too long to type
scenario-name-dash = a name does not begin with -
scenario-name-letters = letters, digits and - _ . @ + only, no spaces
scenario-open-brace = a brace that is not closed
scenario-brace-missing = a {"}"} is missing
scenario-not-filled-in = {"{"}{ $name }{"}"} is not filled in here
scenario-not-known-here = not known here
scenario-long-answer = an answer could have { $bytes } bytes, with a topic of { $topic } and a value of { $value }; at most { $most }
scenario-long-answer-help = use a shorter phrase, topic or value
scenario-unknown-strategy = unknown strategy { $strategy }
scenario-known-strategies = neither a shipped strategy nor a path that ends in .py
scenario-unknown-anomaly = unknown anomaly { $anomaly }

## What the marks of a listing leave in doubt

doubt-other-thread = If other idle threads take the requests, { $marks } can show too.
doubt-any-thread = Which idle thread takes a request was not tried in every way.
doubt-unmoved = Line { $line } names { $place }, a shared place, and no mark of the statement moves it. If it reads { $place } or writes it, a mark must say so.
doubt-pause = Line { $line } is marked `pause` in an `async def` and has no `await`. Then nobody else can go on there, and no client can cancel.
doubt-unused = { $place } is declared as a shared place, and no mark moves it. If anything reads it or writes it, a mark must say so.
doubt-taken = Line { $line } { $how ->
    [asks] asks the assistant with { $variable }
   *[shows] shows { $variable }
}, which comes from { $place } (line { $taken }). Only what the assistant was asked with marked messages is judged.
doubt-taken-here = Line { $line } { $how ->
    [asks] asks the assistant with
   *[shows] shows
} what it reads from { $place }. Only what the assistant was asked with marked messages is judged.
