"""The global with a lock for each session around the whole turn.

Believed: "one lock for each session is the finer lock".
Actual: users take different locks, so none of them ever waits.
A lock protects a list only if everybody who touches the list takes the same
lock. Here two clicks of one session wait for each other, and two users do
not: they read each other's words, and wipe out each other's turns.

Instead: change the list, not the lock. With one history for each session,
this very lock is right (session-lock).
"""

from collections import defaultdict
from threading import Lock

HISTORY = []                                #@ shared HISTORY
LOCKS = defaultdict(Lock)                   #@ lock LOCKS[session]


def respond(question, session):
    with LOCKS[session]:                    #@ hold LOCKS
        history = list(HISTORY)             #@ load HISTORY
        history.append(question)            #@ note question
        answer = assistant(history)         #@ infer
        history.append(answer)              #@ note answer
        HISTORY[:] = history                #@ store HISTORY
    return answer                           #@ reply
