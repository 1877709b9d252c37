"""One worker for all, and a shared variable that says who is asking.

Believed: "one worker, one letter at a time: nothing overlaps".
Actual: the letters wait in the queue; the variable does not.
While a question waits for the worker, the next visitor writes their name
over the variable. The worker then works on the first question with the
second visitor's history. The worker never does two things at once; the two
writers do.

It is clean as long as requests do not overlap, so a test by one person
passes.

Instead: put everything that belongs to a question into the letter, also who
asks, or give each session a worker of its own (actor).
"""

from collections import defaultdict
from queue import Queue

CURRENT = None                                    #@ shared CURRENT
HISTORIES = defaultdict(list)                     #@ shared HISTORIES[id]
MAILBOX = Queue()                                 #@ mailbox MAILBOX


def respond(question, session):
    global CURRENT
    reply_box = Queue()
    CURRENT = session                             #@ put CURRENT
    MAILBOX.put((question, reply_box))            #@ send MAILBOX
    answer = reply_box.get()                      #@ await
    return answer                                 #@ reply


def worker():                                     #@ lane worker
    while True:
        question, reply_box = MAILBOX.get()       #@ receive MAILBOX
        user = CURRENT                            #@ take CURRENT
        history = list(HISTORIES[user])           #@ load HISTORIES
        history.append(question)                  #@ note question
        answer = assistant(history)               #@ infer
        history.append(answer)                    #@ note answer
        HISTORIES[user] = history                 #@ store HISTORIES
        reply_box.put(answer)                     #@ answer
