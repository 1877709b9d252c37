# The diagram of one order, in lanes.

lanes-together = lane: line
lanes-shared = shared
lanes-switch = switch: { $lane } moves
lanes-switch-inside = switch: { $lane } moves, inside { $inside }'s turn
lanes-switch-means = the server goes on with another lane
lanes-explained = { $text } ({ $means })
lanes-switch-is = (switch: { $means })
lanes-moves = { $lane } moves { $times ->
    [one] 1 time
   *[other] { $times } times
}
lanes-not-shown = not shown: { $moves }
lanes-stuck = nobody can move any more
lanes-at-end = at the end: { $place } = { $held }

## What happens where the listing has no line

line-with-ends = `with { $lock }` ends
line-cancels = the client cancels

## What a line did, in a narrow column

did-swap-failed = { $place } has changed
did-acquired = takes { $lock }
did-released = frees { $lock }
did-dropped = { $pipe } is dropped
did-cancelled = { $request } is cancelled
did-froze = stops the event loop
answer-to = answer to { $to }
held-empty = (empty)
held-nothing = (nothing)

## What the signs mean

lanes-signs = { $first }; { $last }
sign-access = (!) { $says }
sign-access-step = (!) in step { $step }: { $says }
sign-label = { $label }: { $lane }'s message { $number }, +a its answer; ➜ reads, = holds
sign-access-brief = (!) see Why
sign-label-full = { $label } is { $lane }'s message { $number }, +a or :a its answer; ➜ reads, = holds now
sign-mailbox = ← put into the mailbox, → taken out of it
sign-lock = ┃ lock
sign-lock-full = ┃ this lane holds a lock
