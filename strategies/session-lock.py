"""One history and one lock for each session, around the whole turn.

Believed: "a lock makes everybody wait".
Actual: only turns of the same session wait for each other.
The map keeps users apart, and the lock keeps the two turns of a double
click apart. Each of them does what the other one cannot do. Alice never
waits for Bob, because they share neither a history nor a lock.

The price: two dictionaries that grow with every visitor. Somebody must
clear them when a session ends.

Instead, if even that is too much to look after: a worker for each session
(actor).
"""

from collections import defaultdict
from threading import Lock

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]
LOCKS = defaultdict(Lock)                   #@ lock LOCKS[session]


def respond(question, session):
    with LOCKS[session]:                    #@ hold LOCKS
        history = list(HISTORIES[session])  #@ load HISTORIES
        history.append(question)            #@ note question
        answer = assistant(history)         #@ infer
        history.append(answer)              #@ note answer
        HISTORIES[session] = history        #@ store HISTORIES
    return answer                           #@ reply
