# What `--help` explains.
