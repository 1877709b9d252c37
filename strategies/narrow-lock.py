"""The global with a lock around the load and around the store.

Believed: "the list is only touched under the lock".
Actual: each touch is protected, but the turn around it is not.
Another request can load between this one's load and its store. Then both
have the same old copy, and the later store wipes out the other turn, as if
there were no lock. And the list is still everybody's, so it leaks as well.

People make the lock small because the assistant is slow. But what must not
be interrupted is the whole way from the load to the store.

Instead: first give each session its own history, then lock the whole turn
of that session (session-lock).
"""

from threading import Lock

HISTORY = []                                #@ shared HISTORY
LOCK = Lock()                               #@ lock LOCK


def respond(question, session):
    with LOCK:                              #@ hold LOCK
        history = list(HISTORY)             #@ load HISTORY
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    with LOCK:                              #@ hold LOCK
        HISTORY[:] = history                #@ store HISTORY
    return answer                           #@ reply
