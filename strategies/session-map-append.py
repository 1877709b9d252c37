"""A dictionary with one history for each session, appended to in place.

Believed: "to change a shared list in place is dangerous".
Actual: nobody else has this list, and an append loses nothing.
The same three lines are wrong with one list for everybody (global-append).
What makes them right is whose list it is.

The price: in a double click the two turns mix. The list may then read
question, question, answer, answer, and the second answer was made without
the first one.

Instead, if turns must stay whole: let the turns of a session wait for each
other (session-lock).
"""

from collections import defaultdict

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]


def respond(question, session):
    HISTORIES[session].append(question)     #@ append HISTORIES question
    answer = assistant(HISTORIES[session])  #@ load HISTORIES, infer
    HISTORIES[session].append(answer)       #@ append HISTORIES answer
    return answer                           #@ reply
