# The pages of `interleak run` and `interleak replay`.
