# What several rooms say.

list-comma = { $first }, { $last }
list-semicolon = { $first }; { $last }
list-or = { $first } or { $last }
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

semicolons = { $first }; { $last }
# A name or a sign, and what is said of it.
named = { $name }: { $what }
# Parts of a line that stand beside each other.
dots = { $first } · { $last }
# How often something shows.
often = { $often ->
    [never] never
    [sometimes] sometimes
    [always] always
   *[unknown] unknown
}
# What stands in place of a reply time that never comes to an end.
no-reply = no reply

## What strategies and tables have in common

thinks = the assistant thinks { $time }
left-out = left out
percent-between = { $low } to { $high } %
group-sharing = sharing
group-false-repair = false repair
group-race-only = race only
group-isolated = isolated
group-right = right
group-title-sharing = Sharing: what is one user's is given to all
group-title-false-repair = False repairs: they look like one, and it still goes wrong
group-title-race-only = Races only: clean until requests overlap, or one is cancelled
group-title-isolated = Isolated, but a double click loses a turn
group-title-right = Right: nothing leaks, and nothing is lost
group-mostly-sharing = Sharing, as a rule; not all of it shows here
group-mostly-false-repair = False repairs, as a rule; not all of it shows here
group-mostly-race-only = Races only, as a rule; not all of it shows here
group-mostly-isolated = Isolated, as a rule; not all of it shows here
group-mostly-right = Right, as a rule; not all of it shows here
# The label of bad input among input that is good.
trouble-broken = BROKEN
