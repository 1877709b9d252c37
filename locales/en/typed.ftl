# What can be wrong on a command line, and in what a command meets on its way.
