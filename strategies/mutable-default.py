"""A list as a default argument: made once, and shared by all calls.

Believed: "each call begins with a new, empty list".
Actual: Python makes the default list once, for all calls.
It is made when the `def` line runs, and it lives as long as the function.
So every visitor appends to the list that all the others appended to. This
is a global, in a place where nobody looks for one.

Making the list inside of the function is no repair: then the app forgets
each turn as soon as it is over.

Instead: keep the histories outside of the function, one for each session
(session-map-append).
"""


def respond(question, session, history=[]):  #@ shared history
    history.append(question)                #@ append history question
    answer = assistant(history)             #@ load history, infer
    history.append(answer)                  #@ append history answer
    return answer                           #@ reply
