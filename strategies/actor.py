"""One worker and one mailbox for each session.

Believed: "messages are slower than locks".
Actual: only a session's own worker ever touches its history.
It answers one question after the other. So nothing is shared between users,
and a double click is two letters in one mailbox. There is no lock that
could be forgotten.

The price: somebody must start the worker when a session opens, and stop it
when the session ends.

Whoever runs this file starts `worker(session)` in a thread of its own for
each session; in a Gradio app that is `demo.load`.
"""

from collections import defaultdict
from queue import Queue

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]
MAILBOXES = defaultdict(Queue)              #@ mailbox MAILBOXES[session]


def respond(question, session):
    reply_box = Queue()
    MAILBOXES[session].put((question, reply_box))       #@ send MAILBOXES
    answer = reply_box.get()                            #@ await
    return answer                                       #@ reply


def worker(session):  #@ lane actor per session
    while True:
        question, reply_box = MAILBOXES[session].get()  #@ receive MAILBOXES
        history = list(HISTORIES[session])              #@ load HISTORIES
        history.append(question)                        #@ note question
        answer = assistant(history)                     #@ infer
        history.append(answer)                          #@ note answer
        HISTORIES[session] = history                    #@ store HISTORIES
        reply_box.put(answer)                           #@ answer
