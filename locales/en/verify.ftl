# The page of `interleak verify`.
