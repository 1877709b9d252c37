"""Questions that wait together are answered in one batch.

Believed: "batching only makes it faster".
Actual: it reads the first question's state, for all of them.
Questions that wait together are answered from one history, and it is then
stored as everybody's.

While questions come one by one, every batch has one question and nothing is
wrong. It begins when the app becomes popular.

Instead: batch what the model computes, never whose data it is: give each
question in the batch its own history (actor).
"""

from collections import defaultdict
from queue import Empty, Queue

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]
QUEUE = Queue()                             #@ mailbox QUEUE


def take_all(queue):
    batch = [queue.get()]
    try:
        while True:
            batch.append(queue.get_nowait())
    except Empty:
        return batch


def respond(question, session):
    reply_box = Queue()
    QUEUE.put((question, session, reply_box))        #@ send QUEUE
    answer = reply_box.get()                         #@ await
    return answer                                    #@ reply


def worker():                                        #@ lane batch
    while True:
        batch = take_all(QUEUE)                      #@ receive QUEUE batch
        history = list(HISTORIES[batch[0][1]])       #@ load HISTORIES
        for question, session, reply_box in batch:   #@ each
            history.append(question)                 #@ note question
            answer = assistant(history)              #@ infer
            history.append(answer)                   #@ note answer
            HISTORIES[session] = list(history)       #@ store HISTORIES
            reply_box.put(answer)                    #@ answer
