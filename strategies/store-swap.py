"""Store only if nobody else stored in between; otherwise do it again.

Believed: "without a lock, one click wipes out the other".
Actual: the later click notices it, and does its turn again.
`replace` stores the new history only if the old one is still there. If it
is not, another request of this session was faster: load again, ask again,
try again. Each failed attempt means that somebody else succeeded, so this
always ends. Nobody waits, and nothing is lost.

Databases and key-value stores have `replace` under names such as
compare-and-set. Here a small lock plays the store.

The price: the assistant is asked again, and that is paid again. Whatever
else the turn does (send a mail, charge a card) would be done again, too.

Instead, if a turn may be done only once: let it wait (session-lock).
"""

from threading import Lock

HISTORIES = {}                                 #@ shared HISTORIES[session]
STORE = Lock()


def replace(session, before, history):
    with STORE:
        same = HISTORIES.get(session, ()) is before
        if same:
            HISTORIES[session] = tuple(history)
        return same


def respond(question, session):
    while True:                                #@ repeat
        before = HISTORIES.get(session, ())    #@ load HISTORIES
        history = list(before)
        history.append(question)               #@ note question
        answer = assistant(history)            #@ infer
        history.append(answer)                 #@ note answer
        if replace(session, before, history):  #@ swap HISTORIES
            break
    return answer                              #@ reply
