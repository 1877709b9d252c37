# The page of `interleak stress`.
