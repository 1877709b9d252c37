"""The same global with a lock around the whole turn. It leaks in every
order.

Believed: "it is a race, so a lock repairs it".
Actual: the turns wait for each other, and share as before.
The lock lets one request in after the other. The second one then reads what
the first one stored, which is exactly the leak. What the lock does repair
is the other fault of the global: no turn is lost any more.

A lock decides *when* somebody may look. It does not decide *whose* data is
there.

Instead: first give each session its own history (session-map), then ask
whether a lock is still needed (session-lock).
"""

from threading import Lock

HISTORY = []                                #@ shared HISTORY
LOCK = Lock()                               #@ lock LOCK


def respond(question, session):
    with LOCK:                              #@ hold LOCK
        history = list(HISTORY)             #@ load HISTORY
        history.append(question)            #@ note question
        answer = assistant(history)         #@ infer
        history.append(answer)              #@ note answer
        HISTORY[:] = history                #@ store HISTORY
    return answer                           #@ reply
