# The page of `interleak sweep`, and its picture.

## What grows

sweep-axis-lanes = lanes
sweep-axis-turns = turns of each lane
sweep-axis-infer-ms = milliseconds that the assistant thinks
sweep-lanes = lanes: { $names }; then the same again, as users of their own

## The table

sweep-head-orders = orders
sweep-head-states = states
sweep-head-chance = chance
sweep-head-mean = mean
sweep-head-worst = worst
sweep-stopped = stopped
sweep-stopped-at = at { $value } { $what }: { $why }. Its numbers are bounds, and nothing beyond was looked at.
sweep-ends = ends
sweep-ends-at = at { $value } { $what }: { $why }
sweep-not-begun = not begun: the exploration stopped at { $axis } { $value }

## What the numbers mean

sweep-chance = chance: how likely such an order is if each next step is drawn at random; no rate in production.
sweep-rounded = Shares are rounded to a tenth of a per cent.
sweep-times = mean, worst: reply times, from sending to reply in virtual time, where only thinking and waiting take time{ $cancels ->
    [true] , and nobody cancels
   *[false] {""}
}.
sweep-no-reply = { $sign }: in that run some requests wait for ever.

## The picture

sweep-about = { $scenario } · grain { $grain }{ $server }
sweep-chance-of = Chance of { $anomaly }
sweep-mean-reply-time = Mean reply time
sweep-note-chance = chance: if each next step is drawn at random
sweep-note-stopped = stopped: { $why }
# Why a line ends, and behind which value.
chart-after = { $why } after { $last }
chart-no-value = no value
chart-and-more = and { $n } more
# What is read aloud of a picture.
chart-panel = { $title }, by { $by }.
chart-line = { $names }: { $told }.
chart-at = at { $x } { $value }
