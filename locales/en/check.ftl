# The answers of `interleak check`: its page, and what its other formats say.

check-ok = ok
check-label-fails = fails
check-open = open
check-broken = broken

## What came of an expectation

check-clean = clean in { $n ->
    [one] 1 order
   *[other] { $n } orders
}
check-shows = { $anomaly } in { $orders }
check-fails = { $anomaly } was expected { $expected }, but shows { $found }: { $orders }
check-all-orders = all { $n ->
    [one] 1 order
   *[other] { $n } orders
}
check-some-orders = { $some } of { $n ->
    [one] 1 order
   *[other] { $n } orders
}

## All of them

check-counted = { $all ->
    [one] 1 expectation
   *[other] { $all } expectations
}: { $hold } hold, { $fail } fail
check-counted-open = { $n } open
check-counted-broken = { $n } broken
check-more-errors = { $n ->
    [one] 1 more error
   *[other] { $n } more errors
}, which GitHub would not show; `interleak check` lists them
check-more-warnings = { $n ->
    [one] 1 more warning
   *[other] { $n } more warnings
}, which GitHub would not show; `interleak check` lists them
