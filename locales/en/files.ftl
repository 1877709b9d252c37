# What can be wrong in a file: a scenario, a listing, a log, a report.
