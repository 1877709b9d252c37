# What several rooms say.

list-comma = { $first }, { $last }
list-or = { $first } or { $last }
sentences = { $first } { $last }

error = error
help = help
did-you-mean = did you mean { $near }? Known here: { $known }
known-here = known here: { $known }

## Labels before a paragraph: at most seven columns, if the language lets it

label-why = Why
label-try = Try
