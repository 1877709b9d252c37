# The diagram of one order, in lanes.
