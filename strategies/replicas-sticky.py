"""Several copies of the app, and each session always gets the same one.

Believed: "then every copy must know everything".
Actual: it is enough that a session's own copy knows it.
The router in front of the copies remembers, or computes, which copy a
session belongs to. Inside of the copy each session's turns wait for each
other, as on one server.

The price: when a copy stops, its sessions lose their history, and a busy
session cannot be moved.

In this file all copies stand in one dictionary, by the number of the copy.

Instead, if that price is too high: keep the histories in a store that all
copies share, and store only if nobody else did (store-swap).
"""

from collections import defaultdict
from threading import Lock

HISTORIES = defaultdict(list)   #@ shared HISTORIES[replica, session]
LOCKS = defaultdict(Lock)       #@ lock LOCKS[replica, session]


def respond(question, session, replica):    #@ route sticky
    key = (replica, session)
    with LOCKS[key]:                        #@ hold LOCKS
        history = list(HISTORIES[key])      #@ load HISTORIES
        history.append(question)            #@ note question
        answer = assistant(history)         #@ infer
        history.append(answer)              #@ note answer
        HISTORIES[key] = history            #@ store HISTORIES
    return answer                           #@ reply
