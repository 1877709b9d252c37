# What the anomalies are called, what is found, and why.

## What an anomaly is: in one sentence; how it is judged; and what an order does that shows it, as in
## "12 of 70 orders leak".

anomaly-what-context-leak = A reply that is shown to a session is based on a question of another user.
anomaly-judged-context-leak = Judged when the reply is shown: the context that it was computed from, answers with everything they are based on included, holds a question of another user. Two sessions of one user do not leak to each other.
anomaly-verb-context-leak = leak

anomaly-what-wrong-recipient = The reply that a lane gets was computed for a turn of another lane.
anomaly-judged-wrong-recipient = Judged when the reply is shown: the answer was computed in a turn of another lane. A cached answer keeps the turn that it was computed for.
anomaly-verb-wrong-recipient = answer the wrong lane

anomaly-what-stale-reply = A reply was computed for another turn of the same session, and it is not based on a question of that session that was already answered.
anomaly-judged-stale-reply = Judged when the reply is shown: its answer was computed in another turn of this session (a cache had kept it), and a question of the session that had been answered when this turn began is missing from what the answer was computed from.
anomaly-verb-stale-reply = give a stale reply

anomaly-what-amnesia = A reply is not based on an earlier, already answered question of the same session.
anomaly-judged-amnesia = Judged when the reply is shown: a question of the session that had been answered when this turn began is missing from the context that the reply was computed from.
anomaly-verb-amnesia = forget

anomaly-what-lost-update = At the end, the session's stored context lacks a question of that session that was answered.
anomaly-judged-lost-update = Judged when the run is over, also when it is over because it is stuck. The stored context of a session is the cell that a request of that session reads first; several lists of it count together. A question is in it if it is there itself, or an answer that is based on it.
anomaly-verb-lost-update = lose a message

anomaly-what-torn-history = At the end, a question and its answer are both in a session's stored context, and the answer does not stand directly behind the question.
anomaly-judged-torn-history = Judged when the run is over, also when it is over because it is stuck. The stored context of a session is the cell that a request of that session reads first. Of several lists of it, a question may not be in one and its answer in another. If a message is in it twice, one answer directly behind one question is enough.
anomaly-verb-torn-history = tear a turn apart

anomaly-what-unanswered = A turn never gets a reply, though the run is over.
anomaly-judged-unanswered = Judged when every client lane is through: some turn ended without a reply, and not because its client cancelled it. A run that is stuck is a deadlock instead.
anomaly-verb-unanswered = leave a message unanswered

anomaly-what-deadlock = Somebody is unfinished and nobody can move.
anomaly-judged-deadlock = Judged in every state that nothing leads out of: some client lane is unfinished.
anomaly-verb-deadlock = get stuck

## What is found, without a full stop

a-reply = { $reply-lane }'s { NUMBER($reply-number, type: "ordinal") ->
    [one] { $reply-number }st
    [two] { $reply-number }nd
    [few] { $reply-number }rd
   *[other] { $reply-number }th
} reply
a-message = { $about-lane }'s message "{ CUT($about-text) }"
# The first of several messages, and how many more there are.
some-messages = { $more ->
    [0] { a-message }
   *[other] { a-message } and { $more } more
}

say-built-from = { a-reply } was built from { some-messages }
say-computed-for = { a-reply } was computed for { a-message }
say-kept-answer = { a-reply } is the kept answer to { $kept-lane }'s message "{ CUT($kept-text) }". It does not know of { some-messages }, answered before
say-forgets = { a-reply } does not know of { some-messages }, answered before
say-lost = { a-message } was answered, but is missing from { $place } at the end
say-torn = { a-message } and its answer do not stand together in { $place } at the end
say-split = { a-message } is in { $place } at the end, and its answer is in { $other }
say-no-reply = { a-message } never got a reply
say-stuck = nobody can move: { $waits }
# Here a move is a whole turn, and a turn that cannot end does not begin.
say-turn-stuck = no turn can be brought to its end: inside of it, { $waits }

## Why a lane cannot move

wait-and = { $first }; { $last }
wait-finished = { $lane } has no turn left
wait-full = { $lane } waits for the server, which works on { $limit ->
    [one] 1 request
   *[other] { $limit } requests
} at once
wait-lock = { $lane } waits for { $place }, held by { $holder }
wait-own-lock = { $lane } waits for { $place }, held by itself
wait-empty = { $lane } waits for a message in { $place }
wait-no-answer = { $lane } waits for an answer
wait-nothing-to-read = { $lane } waits for an answer in { $place }
wait-frozen = { $lane } cannot move while { $by } stops the event loop
wait-nothing-to-cancel = { $lane } has nothing to cancel now
wait-part-of-turns = { $lane } moves only as part of the requests that it serves, at this grain

## Why it came about

why-through = { $writer } put it into { $place } in step { $put }. { $reader } read it from there in step { $read }.
why-piped = { $writer } left its answer in { $place } in step { $put }. { $reader } took it out in step { $read }.
why-kept = { $writer } kept this answer in { $place } in step { $put }. { $reader } took it from { $place } in step { $read }, so the assistant was not asked.
why-kept-anyway = { $writer } kept this answer in { $place } in step { $put }. { $reader } took it from { $place } in step { $read }, though the assistant was asked too.
why-only-then = An answer holds only for what had been said when it was computed.
why-crossed = The answer was computed in a turn of { $lane } and reached another lane.
why-untied = Nothing tied the answer to the request that it was for.
why-held = { $lane } took { a-message } out of { $place } in step { $step } and still held it when it computed this answer.
why-overtaken = { $writer } copied { $place } in step { $copied }. { a-message } was stored after that, in step { $stored }. In step { $step } { $writer } stored its own older copy over it.
why-other-copy = { $writer } copied { $other } in step { $copied }. In step { $step } it stored that over { $place }, where { a-message } was.
why-overwrote = { $writer } overwrote { $place } in step { $step } without { a-message }.
# From here on, "it" is the message that the verdict names.
why-never-put = No step put it into { $place }.
why-put-elsewhere = { $writer } put it into { $other } in step { $step }, and no step put it into { $place }.
why-put-aside = { $writer } put it into { $other } in step { $step }, where its session does not look for it.
why-not-received = { $writer } put { a-message } into { $place } in step { $step }, and nobody has taken it out.
why-received = { $lane } took { a-message } out of { $place } in step { $step }.
why-not-answered = { $lane } took { a-message } out of { $place } in step { $step }, and has not answered it.
why-nothing-read = Nothing was read in this turn, so the answer could not know it.
why-none-used = Nothing that was read in this turn went into the answer.
why-read-unused = { $reader } read it from { $place } in step { $read }, but the answer was not computed from it.
why-not-there = What { $reader } read from { $place } in step { $read } did not hold it: nothing had put it there.
why-elsewhere-then = { $reader } read { $place } in step { $read }, but it was in { $other }, where { $writer } had put it in step { $put }.
why-put-later = What { $reader } read from { $place } in step { $read } did not hold it: { $writer } put it there only later, in step { $put }.
why-asked = { $writer } put { a-message } into { $place } in step { $step }.
why-message-between = In step { $step } { $writer } put { a-message } behind it.
why-answer-between = In step { $step } { $writer } put the answer to { a-message } behind it.
why-too-late = In step { $step } { $writer } put the answer to "{ CUT($text) }" there, too late to stand behind its question.
why-answered-first = { $writer } put the answer to { a-message } into { $place } in step { $step }.
why-asked-after = In step { $step } { $writer } put the question there, after its answer.
why-answered-elsewhere = In step { $step } { $writer } put the answer to it into { $place }.
why-written-apart = Since step { $step }, in which { $writer } wrote { $place }, the two do not stand together there.
why-no-reply-line = There is a way through `{ $function }` that ends without a line marked `reply`.
why-loop-stopped = All requests share one event loop. { $holder } held { $place } while it waited for the assistant. { $lane } then waited for { $place }, and an ordinary lock waits without giving the event loop back. So { $holder } can never go on and free it. A lock made for the event loop (asyncio.Lock) would let it go on.
why-loop-stopped-anyway = All requests share one event loop. { $holder } was not through with { $place } when { $lane } came to wait for it, and an ordinary lock waits without giving the event loop back. So { $holder } can never go on and free it. A lock made for the event loop (asyncio.Lock) would let it go on.
why-taken-twice = { $lane } took { $place } and did not give it back before taking it again.
why-never-freed = { $lane } is through and never gave { $place } back.
why-ended-holding = { $lane } ended a request and did not give { $place } back.
why-not-freed = { $lane } took { $place } and has not given it back.
why-pipe-taken = { $lane } took the last answer out of { $place } in step { $step }.
why-pipe-dropped = { $lane } threw away what was in { $place } in step { $step }.
why-pipe-unused = No step put an answer into { $place }.
why-circle = Each of them waits for what only another one, who waits too, could give.

## The access that a diagram marks

mark-reads-what-said = { $lane } reads what { $said } said
mark-stores-without = { $lane } stores a copy without { $said }'s message
mark-reads-kept = { $lane } reads an answer from before
mark-puts-behind = { $lane } puts a message behind { $said }'s question
mark-overwrites = { $lane } overwrites { $said }'s message
mark-writes-apart = { $lane } writes { $said }'s question and answer apart
mark-answers-elsewhere = { $lane } puts the answer to { $said }'s question elsewhere
