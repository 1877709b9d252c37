# The pages of `interleak explain` and `interleak list`.
