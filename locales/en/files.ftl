# What can be wrong in a file: a scenario, a listing, a log, a report.

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
scenario-unknown-routing = unknown routing { $routing }
scenario-known-routings = sticky or round-robin
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
