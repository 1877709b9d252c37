# The page of `interleak compare`.
