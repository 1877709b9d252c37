"""Two locks, taken in opposite order.

Believed: "every shared thing has its lock, so everything is safe".
Actual: whoever needs both must take them in the same order as everybody
else. Here a request takes the log first and the worker takes the history
first. If each has one of them, both wait for the other for ever.

Instead: agree on one order for all, or use one lock for both.
"""

from collections import defaultdict
from queue import Queue
from threading import Lock

LOG = []                                    #@ shared LOG
LOG_LOCK = Lock()                           #@ lock LOG_LOCK
HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]
HISTORY_LOCK = Lock()                       #@ lock HISTORY_LOCK
MAILBOX = Queue()                           #@ mailbox MAILBOX


def respond(question, session):
    reply_box = Queue()
    MAILBOX.put((question, session, reply_box))         #@ send MAILBOX
    with LOG_LOCK:                                      #@ hold LOG_LOCK
        with HISTORY_LOCK:                              #@ hold HISTORY_LOCK
            LOG.append(question)                        #@ append LOG question
    answer = reply_box.get()                            #@ await
    return answer                                       #@ reply


def worker():                                           #@ lane worker
    while True:
        question, session, reply_box = MAILBOX.get()    #@ receive MAILBOX
        with HISTORY_LOCK:                              #@ hold HISTORY_LOCK
            history = list(HISTORIES[session])          #@ load HISTORIES
            history.append(question)                    #@ note question
            answer = assistant(history)                 #@ infer
            history.append(answer)                      #@ note answer
            HISTORIES[session] = history                #@ store HISTORIES
            with LOG_LOCK:                              #@ hold LOG_LOCK
                LOG.append(answer)                      #@ append LOG answer
        reply_box.put(answer)                           #@ answer
