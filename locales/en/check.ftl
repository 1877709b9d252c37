# The page of `interleak check`.
