# The page of `interleak compare`.

## The heading

compare-setting = { $users } · { $lanes } · grain { $grain }{ $server } · { $thinks }
compare-users = { $n ->
    [one] 1 user
   *[other] { $n } users
}
compare-lanes = { $n ->
    [one] 1 lane
   *[other] { $n } lanes
}

## The matrix

compare-strategy = strategy
compare-believed = believed
compare-actual = actual
compare-mean-reply = mean reply
compare-worst = worst
# Strategies that are not shipped.
compare-own = Of your own
# How often, such as 54/90, and why.
compare-cell = { $often } { $kind }
compare-kind = { $kind ->
    [sharing] sharing
    [chain] chain
   *[race] race
}

## What the words and signs mean

compare-believed-actual = what one believes of it → what is actual
compare-never = in every row: { $names }
compare-what-share = in { $some } of all { $all } orders of steps{ $rounded ->
    [true] ; shares (%) are rounded
   *[false] {""}
}
compare-what-rounded = of all orders of steps, rounded
compare-seen = seen
compare-what-seen = in some order; in how many is not known
compare-what-unknown = not seen so far, and not everything was looked at
compare-what-sharing = also when whole requests run one after the other: no lock repairs it
compare-what-chain = only when another request runs between two functions of a turn: no lock can be held there
compare-what-race = only when requests overlap
compare-what-race-whole = never when whole requests run one after the other
compare-what-race-or-cancel = only when requests overlap, or when one is cancelled
compare-reply = reply
compare-what-reply = from sending to reply, in virtual time: only thinking and waiting take time{ $cancels ->
    [true] , and nobody cancels
   *[false] {""}
}{ $later ->
    [true] . Requests are sent at their at_ms there; every order is tried all the same
   *[false] {""}
}
compare-what-no-reply = in this run some requests wait for ever
compare-partial = partial

## What is not as expected

compare-but = But
compare-surprise = { $strategy } is expected to show { $anomaly } { $expected }, and shows it { $found }.
