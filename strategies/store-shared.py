"""Several copies of the app, and one store outside that they all use.

Believed: "a database makes it safe".
Actual: it makes it shared between the copies, no more.
No copy forgets, and nobody hears another user. But load and store are two
visits to the database. Two requests of one session can both load, and the
one that stores later wipes out the other's turn.

Which copy serves whom does not matter any more: requests may go round.

Instead, if a session may send twice at once: let the store refuse what is
no longer current, and try again (store-swap).
"""

from collections import defaultdict

STORE = defaultdict(list)                  #@ shared STORE[session] external


def respond(question, session):             #@ route round-robin
    history = list(STORE[session])          #@ load STORE
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    STORE[session] = history                #@ store STORE
    return answer                           #@ reply
