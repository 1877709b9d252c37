# What several rooms say.

list-comma = { $first }, { $last }
sentences = { $first } { $last }

error = error
help = help
did-you-mean = did you mean { $near }? Known here: { $known }
known-here = known here: { $known }
list-and = { $first } and { $last }
together = { $first }{ $last }
sentence = { $text }.
grouped = { $number }
behind-dot = { " " }· { $text }
