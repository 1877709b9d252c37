# The pages of `interleak explain` and `interleak list`.

explain-try = Try

## A word

explain-example = Example
explain-field = Field
explain-word = Word
explain-what = What
explain-how = How
explain-mark = Mark
explain-mark-reply = A verdict about it begins with, and a diagram marks the reply with: { $mark }
explain-mark-end = A verdict about it begins with: { $mark }
explain-unknown = nothing is called { $name }
explain-near = did you mean { $near }? what can be explained: interleak list
explain-known = what can be explained: interleak list

## A scenario

# Behind the name of a lane, where they differ.
explain-user = user { $user }
explain-session = session { $session }
explain-expected = Expected
explain-anomaly-often = { $anomaly } { $often }
explain-clean = clean
explain-limit = The server works on at most { $n } requests at once.
explain-limit-each = The server works on at most { $n } requests of each function at once.
explain-workers = Threads that run requests: { $n }; they are used again, { $idle ->
    [longest] the one that has been idle longest first
   *[latest] the one that became idle last first
  }.
explain-replicas-sticky = { $n } copies of the app (replicas) run: each session is always served by the same one.
explain-replicas-round-robin = { $n } copies of the app (replicas) run: requests go to one after the other.
explain-cancel = The client of { $lane } may cancel its request { $number } while it waits.

## A strategy

explain-in-python = In Python, as it is simulated
explain-in-rust = In Rust, on real threads, checked by loom
explain-no-twin = There is no twin in Rust: { $why }.
explain-only-shipped = Only shipped strategies have a twin in Rust.
no-twin-same = { $other ->
    [global] with its one key it is the twin of global
   *[other] but for its key it is the twin of { $other }
}
no-twin-server = what it is about happens in the server, which a twin does not have: threads that are used again, copies of the app, or two requests of one turn
no-twin-cancel = a thread cannot be cancelled where it waits; that takes async code
no-twin-first-contact = what a twin does may not depend on what it reads; here the first request of a session does more than the later ones
no-twin-batches = a batch is taken by looking whether more questions wait, and loom does not try all ways for that

## What is there to try

list-scenarios = Scenarios
list-strategies = Strategies, in lesson order
list-anomalies = Anomalies: what can go wrong
list-terms = Terms: words that stand on pages
list-more = More about one of them: { $command }
list-long = What each of them is:{"    "}{ $command }
