"""A context variable says whose request this is.

Believed: "a variable outside of the function is a global".
Actual: each request has its own value of a ContextVar.
It is read in the same way as a global, from any function, without an
argument. But what one request sets, no other request sees: neither on
another thread nor in another `async` task. So it cannot be overwritten
while the app works, and there is nothing shared in it that would need a
mark.

The price: it follows the request, and nothing else. A thread that the app
starts itself, or a worker behind a queue, does not see it.

Instead, if few functions lie between: an argument says the same in plain
sight (session-map-append).
"""

from collections import defaultdict
from contextvars import ContextVar

CURRENT = ContextVar("CURRENT")
HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]


def respond(question, session):
    CURRENT.set(session)
    # ... here the app works; then, deep inside of it:
    user = CURRENT.get()
    HISTORIES[user].append(question)        #@ append HISTORIES question
    answer = assistant(HISTORIES[user])     #@ load HISTORIES, infer
    HISTORIES[user].append(answer)          #@ append HISTORIES answer
    return answer                           #@ reply
