"""One worker with a queue, and one global history.

Believed: "one request after the other, so nothing can mix".
Actual: one after the other, they all go into one history.
The queue is a lock with a waiting room: nothing is lost any more. But the
second request reads what the first one left behind, and that is the leak. A
web framework with `concurrency_limit=1` is this strategy.

Instead: keep one history for each session. The queue may stay, if the
assistant can do only one thing at a time (actor).
"""

from queue import Queue

HISTORY = []                                      #@ shared HISTORY
MAILBOX = Queue()                                 #@ mailbox MAILBOX


def respond(question, session):
    reply_box = Queue()
    MAILBOX.put((question, reply_box))            #@ send MAILBOX
    answer = reply_box.get()                      #@ await
    return answer                                 #@ reply


def worker():                                     #@ lane worker
    while True:
        question, reply_box = MAILBOX.get()       #@ receive MAILBOX
        history = list(HISTORY)                   #@ load HISTORY
        history.append(question)                  #@ note question
        answer = assistant(history)               #@ infer
        history.append(answer)                    #@ note answer
        HISTORY[:] = history                      #@ store HISTORY
        reply_box.put(answer)                     #@ answer
