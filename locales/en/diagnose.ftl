# The page of `interleak diagnose`.
