# What `--help` explains.

## What is one step at each grain

help-grain-access = One shared access and the local lines after it
help-grain-line = Every annotated line
help-grain-await = Up to the next wait for the assistant, as in async code
help-grain-turn = A whole request
