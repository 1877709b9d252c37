"""Several copies of the app, and each has its own dictionary.

Believed: "two copies of the server can serve twice as many users".
Actual: a user's next request goes to the other copy.
That one has never heard of the user, for each process has its own memory.
Here requests are handed out one after the other (round-robin), so half of
what a session said is always somewhere else.

Nobody hears another user. But the app forgets, and on one server, where it
was tested, it never did.

In this file all copies stand in one dictionary, by the number of the copy,
so that they can be seen side by side.

Instead: always send a session to the same copy (replicas-sticky), or keep
the histories outside of the copies (store-shared).
"""

from collections import defaultdict

HISTORIES = defaultdict(list)   #@ shared HISTORIES[replica, session]


def respond(question, session, replica):    #@ route round-robin
    key = (replica, session)
    history = list(HISTORIES[key])          #@ load HISTORIES
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    HISTORIES[key] = history                #@ store HISTORIES
    return answer                           #@ reply
