"""One history for each session, and one lock around the whole turn.

Believed: "with a lock and a map nothing can go wrong".
Actual: that is true, but everybody waits for everybody.
Nobody hears another user, and a double click loses nothing, because the
second click waits until the first one has stored its turn.

The price: there is one lock for the whole app. While the assistant thinks
for alice, bob waits too, although they share nothing.

Instead, if the wait hurts: one lock for each session (session-lock), or a
worker for each session (actor).
"""

from collections import defaultdict
from threading import Lock

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]
LOCK = Lock()                               #@ lock LOCK


def respond(question, session):
    with LOCK:                              #@ hold LOCK
        history = list(HISTORIES[session])  #@ load HISTORIES
        history.append(question)            #@ note question
        answer = assistant(history)         #@ infer
        history.append(answer)              #@ note answer
        HISTORIES[session] = history        #@ store HISTORIES
    return answer                           #@ reply
