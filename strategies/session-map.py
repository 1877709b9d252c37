"""A dictionary with one history for each session.

Believed: "everybody has a history, so all is right".
Actual: users are apart, but a double click loses a turn.
No one is ever answered with somebody else's words again, and no lock was
needed for that. But one session can still send two requests at once (a
double click): both copy the same history, both store, and one turn is lost.

Instead: if a session may send twice at once, let its turns wait for each
other (session-lock), or give each session a worker of its own (actor).
"""

from collections import defaultdict

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]


def respond(question, session):
    history = list(HISTORIES[session])      #@ load HISTORIES
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    HISTORIES[session] = history            #@ store HISTORIES
    return answer                           #@ reply
