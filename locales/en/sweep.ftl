# The page of `interleak sweep`.
