# The pages of `interleak run` and `interleak replay`.

## Labels at the beginning of a line

label-clean = CLEAN
label-unknown = UNKNOWN
label-why = Why
label-also = Also
label-again = Again
label-repair = Repair
label-try = Try
label-more = More
label-heard = Heard
label-given = Assumed
label-doubt = Doubt
label-remark = Remark
label-but = But

## Scenario, strategy, server

run-what = { $scenario } × { $strategy } · grain { $grain }{ $server }
run-what-and-size = { $ran } · { $sizes }
server-limit = { " " }· at most { $limit } at once
server-limit-function = { " " }· at most { $limit } at once for each function
server-workers = { " " }· { $workers ->
    [one] 1 thread
   *[other] { $workers } threads
}
server-replicas = { " " }· { $replicas } replicas, { $routing }

## How often

orders = { $orders ->
    [one] 1 order
   *[other] { $orders } orders
}
orders-only = the only order
orders-all = all { $orders } orders
orders-some = { $some } of { orders }
orders-at-least = at least { orders }
run-how-often = { $ran }: { $orders }.
run-how-likely = { $ran }: { $orders }; chance { $chance }{ $lot ->
    [said] { " " }(each step drawn by lot)
   *[other] { "" }
}.
about = { $percent } %
about-under = under 1 %
about-over = over 99 %
run-also = { $mark } in { $in ->
    [only] the only order
    [many] all { $orders }
   *[some] { $some } of { $orders }
}{ $kind ->
    [none] { "" }
   *[other] { " " }({ $kind })
}
run-number = { $anomaly }: { $orders }{ $kind } · chance { $chance }
run-number-sharing = { " " }· sharing
run-number-chain = { " " }· chain
run-number-race = { " " }· race
run-number-race-many = { " " }· race, { $preemptions } preemptions
run-chance-means = chance: how likely such an order is if each next step is drawn at random. Neither number is a rate in production.
traces = { $traces } essentially different
traces-undefined = essentially different ones not defined (a worker lags behind)
traces-not-counted = essentially different ones not counted (--deep)
outcomes = { $outcomes ->
    [one] 1 outcome
   *[other] { $outcomes } outcomes
}
outcomes-not-counted = outcomes not counted (--deep)

## Sharing, chain and race, for the one who repairs it

kind-sharing = Sharing: requests need not overlap, so a lock alone repairs nothing.
kind-alone = Requests need not overlap, and no place is shared here: a lock alone repairs nothing.
kind-chain = Chain: it needs another request between two functions of a turn, where no lock can be held.
kind-race = Race: it happens only when requests overlap.
kind-race-cancel = Race: it happens only when requests overlap, or one is cancelled.
kind-race-whole = Race: it never happens when whole requests run one after the other.
kind-race-switches = Race: it needs { $switches } switches inside a turn.
kind-sharing-no-switch = sharing: needs no preemption (no switch inside a turn). It happens even when requests never overlap, and no lock can repair it.
kind-sharing-full = sharing: it happens even when requests never overlap, and no lock can repair it.
kind-alone-full = sharing: it happens even when requests never overlap. No place is shared here, so no lock can repair it.
kind-chain-full = chain: it needs no overlap, but another request between two functions of one turn, where no lock can be held. Do both in one function, or hand on what the second one needs in the state of the session.
kind-race-switch = race: needs a switch inside a turn (a preemption, if that lane could go on). It happens only when requests overlap.
kind-race-full = race: it happens only when requests overlap.
kind-race-whole-switch = race: needs a switch inside a turn (a preemption, if that lane could go on). It never happens when whole requests run one after the other.
kind-race-whole-full = race: it never happens when whole requests run one after the other.
kind-race-cancel-switch = race: needs a switch inside a turn (a preemption, if that lane could go on). It happens only when requests overlap, or when one is cancelled while it waits.
kind-race-cancel-full = race: it happens only when requests overlap, or when one is cancelled while it waits.

## A run in which nothing goes wrong

run-clean = { $only ->
    [none] nothing goes wrong
   *[other] no { $only }
}: { $orders ->
    [one] the only order was looked at
   *[other] all { $orders } orders were looked at
}, no search limit hit{ $contrast }.
run-contrast = ; the same check does { $does } with { $strategy }
run-doubtful = nothing was found in { $orders ->
    [one] the only order
   *[other] all { $orders } orders
}, and not everything is certain: see Doubt.
clean-pipe = No reply that came out of { $pipe } was computed for another lane.
clean-no-two-users = No two users share a place: { $cells }.
clean-no-two-users-keep = No two users share what is kept: { $cells }.
clean-cells = { $cells }.
clean-used-by = { $place } is used only by { $lanes }
clean-and-more = and so on for { $more } more
clean-one-by-one = Here one request is worked on after the other.
clean-locked = The lock lets one turn after the other at it.
clean-swap = Whoever finds it changed loads it again before storing.
clean-append = Each message is added in place, so no older copy is stored over it.
clean-lock-idle = The lock has nothing to keep apart here.

## What the result rests on

assume-sticky = Sticky routing: the first session goes to replica 1, the second to replica 2, and so on, then from the first again. Another placement can show other things.
assume-one-replica = There is one replica, so routing makes no difference.
assume-idle-threads = Of several idle threads, { $idle ->
    [longest] the one that has been idle longest takes the next request. A server may take another one: see `--idle latest`
   *[latest] the one that became idle last takes the next request. A server may take another one: see `--idle longest`
  }. What is told as CLEAN holds whichever thread is taken.
assume-one-loop = At grain await one thread runs everything, however many there are.
assume-whole-requests = At grain { $grain } no request is cancelled while it runs.
assume-half-turn = A request that is cancelled while it waits can leave its question in { $place } without an answer. That is told here and is not judged.
assume-runs-on = This strategy is not an `async def`: a request runs on in its thread when its client is gone, so nothing is cancelled.

# In a few words, behind the label "Given" and in one sentence.
parts = { $first }; { $last }
assume-sticky-short = sessions are spread over the replicas in turn
assume-one-replica-short = one replica, so routing makes no difference
assume-idle-threads-short = of idle threads, the one that { $idle ->
    [longest] has been idle longest
   *[latest] became idle last
  } is taken
assume-one-loop-short = one thread runs everything
assume-whole-requests-short = no request is cancelled at grain { $grain }
assume-half-turn-short = a cancelled request may leave half a turn in { $place }
assume-runs-on-short = not an `async def`, so nothing is cancelled

## When an order could no longer be saved

run-lost-from-the-start = No order avoids { $mark }.
run-lost-at-the-end = Up to the last step { $mark } could still be avoided.
run-lost-after = After step { $step } no order can avoid { $mark } any more.

## What repairs it, and what to do next

repairs-one = { $strategy } is clean here
repairs = { $strategies } are clean here
repairs-more = { $strategies } and { $more ->
    [one] 1 other
   *[other] { $more } others
} are clean here
repairs-and-undecided = { $clean } ({ $undecided } undecided).
repairs-undecided = { $undecided } undecided, none known to be clean here.
run-nothing-expected = the scenario does not name { $strategy }: any fault counts (exit 1).
run-surprise = { $scenario } expects { $anomaly } { $expected }, and it shows { $found }.
advice-more-states = a higher --max-states
advice-more-memory = a higher --max-memory
advice-again = again
advice-coarser = --grain access
advice-less = --only context-leak
advice-or-fewer-lanes = { $parts }, or fewer lanes.

## After a limit

stopped-states = the limit of { $states ->
    [one] 1 state
   *[other] { $states } states
} was hit (--max-states)
stopped-memory = the limit of { $mebibytes } MiB was hit (--max-memory)
stopped-time = the time was up (--seconds)
stopped-interrupted = it was interrupted
incomplete = Not complete: { $stopped }. { $steps ->
    [1] The first step of every order was looked at.
   *[other] The first { $steps } steps of every order were looked at.
} { $found ->
    [some] The numbers below are lower bounds.
   *[none] Nothing wrong was found so far, which proves nothing.
}
incomplete-orders = If no lane ever had to wait, there would be { $orders } orders.
bounds-drawn = { $anomaly }: at least 1 order, one of those that were drawn
bounds-unseen = { $anomaly }: not seen in what was looked at; chance from 0 to 1
bounds-unseen-at-most = { $anomaly }: not seen so far; chance at most { $most }
bounds = { $anomaly }: at least { orders } · chance at least { $least }, at most { $most }
drawn-none = in none of { drawn-orders }: at most { $high } at 95 %
drawn-all = in all { drawn-orders }: at least { $low } at 95 %
drawn-some = in { $hits } of { drawn-orders }: from { $low } to { $high } at 95 %
drawn-orders = { $all ->
    [one] 1 drawn order
   *[other] { $all } drawn orders
}
drawn-means = drawn orders: each next step was drawn at random. What they show can happen. How often is likely, not proved; what they do not show may still happen.
drawn-interrupted = Only { $samples ->
    [one] 1 order was
   *[other] { $samples } orders were
} drawn, because it was interrupted.
drawn-fewer = Only { $samples ->
    [one] 1 order was
   *[other] { $samples } orders were
} drawn, because one takes long here. --samples N draws N of them.

## Who heard whom

heard = { $reply } hears { $from } in { $orders } · chance { $chance }
heard-in-all = all orders
heard-in-some = { $some } of { $orders } orders
heard-more = and { $more ->
    [one] 1 more pair
   *[other] { $more } more pairs
}: --format json lists all
heard-twice = One order can count in several of these lines.

## Orders that were asked for

shown = Order { $number } of { orders }{ $shows }
shown-list = Every order, one letter for each step
shown-reply = { $lane } "{ CUT($question) }" ◂ "{ CUT($reply) }"
shown-stopped = No order can be shown by its number: { $stopped }, so the orders were not counted.
shown-too-many = Orders are only looked up by their number for at most { $states } states.

## One order

replay-clean = nothing that is judged goes wrong in this order. That says nothing about the other orders: see `interleak run`.
replay-clean-so-far = nothing that is judged goes wrong in these steps. That says nothing about the other orders: see `interleak run`.
replay-what = { $scenario } × { $strategy } · grain { $grain } · { $steps ->
    [one] 1 step
   *[other] { $steps } steps
}{ $ends }
replay-ends = , then the schedule ends; --to-end goes on
replay-no-schedule = { " " }· no schedule was given, so every step ran in lane order
replay-went-on = { " " }· the schedule ends after step { $asked }; the rest ran in lane order, which is not part of it
half-turn = { $lane }'s message "{ $text }" stays in { $place } without an answer: its client cancelled. That is told, and not judged.
replay-doubt = In doubt: { $doubt }
replay-judged-only = Judged here: only { $only } (--only).
replay-judged-later = Not judged yet, because only the end of a run shows it: { $later }.
