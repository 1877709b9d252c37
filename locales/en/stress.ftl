# The page of `interleak stress`.

## Where a real run leaves the simulated program

twin-in-step = step { $step }: { $what }
twin-at-end = at the end: { $what }

# $did is one of the messages below; it begins the sentence.
twin-nothing-left = { $did }, but the listing has nothing left to do
twin-another-line = { $did }, but line { $line } of the listing is `{ $code }`
twin-cannot-move = { $did }, but in the simulated program { $why }
twin-puts-else = { $did }, but the simulated program puts something else there
twin-replied-without = { $lane } replied without any trace of line { $line } of the listing, `{ $code }`
twin-no-reply = { $lane }'s reply { $number } is not given in the simulated program
twin-another-reply = { $lane }'s reply { $number } is "{ $text }", but the simulated one is "{ $simulated }"
twin-not-at-end = the simulated program is not at its end
twin-stuck = the simulated program is stuck
twin-panicked = a thread panicked

twin-loads = { $lane } loads { $place }
twin-stores = { $lane } stores { $place }
twin-appends-question = { $lane } appends a question to { $place }
twin-appends-answer = { $lane } appends an answer to { $place }
twin-acquires = { $lane } takes { $place }
twin-releases = { $lane } gives { $place } back
twin-sends = { $lane } sends to { $place }
twin-receives = { $lane } receives from { $place }
twin-answers = { $lane } hands an answer back
twin-awaits = { $lane } picks an answer up
twin-looks-up = { $lane } looks { $place } up
twin-saves = { $lane } saves { $place }
twin-swaps = { $lane } swaps { $place }
twin-puts-session = { $lane } puts its session into { $place }
twin-takes = { $lane } reads { $place }

## What was typed

stress-no-twin = { $strategy } has no implementation on real threads
stress-no-twin-help = `interleak explain` says of a strategy why it has none

## The page

stress-label-bug = BUG

stress-runs = { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
}

stress-drift = a real run is not what the listing says: { $drift }
# $do says what a run does, such as "leak"; $possible is one of the three below.
stress-seen = { $seen } of { $runs } runs { $do }; { $possible }.
# $counted says whether all orders were looked at, or only some.
stress-possible = { $counted ->
    [all] { $showing } of { orders } do
   *[some] at least { $showing } of at least { orders } do
}
stress-not-seen = in the orders that were explored this was not seen
stress-ruled-out = no order does: real threads did what the explorer rules out. This is a bug in interleak; please report it
# Said where no run showed what some orders do.
stress-moral = A test that passes proves little.
stress-clean = nothing went wrong in { stress-runs }, and none of all { orders } allows it.
stress-unknown = nothing went wrong in { stress-runs }.
stress-not-complete = Not complete: { $stopped }. The other orders may do what was not seen in these.

stress-names = { $scenario } × { $strategy } · real threads · { $cut ->
    [time] { stress-runs }, stopped by --seconds
    [interrupted] { stress-runs }, interrupted
   *[none] { stress-runs }
 } · thinking up to { $thinking } µs · seed { $seed }
stress-numbers = { $anomaly }: { $share } % of runs ({ $low } to { $high } %) · { $counted ->
    [all] { $showing } of { $orders } orders · chance { $chance }
   *[some] at least { $showing } of at least { $orders } orders · chance at least { $chance }
}
stress-limit = The scenario's limit is not kept here.
stress-gloss = runs: what happened on this machine, now, with this load. In brackets: how far chance alone may have moved the share in runs under exactly these conditions (95 %, Wilson). Another load, machine or day can give quite another share. orders: what can happen. chance: if each next step is drawn at random.
