"""One connection, and it is thrown away when a request is cancelled.

Believed: "a new connection each time is slow".
Actual: only a cancelled request costs one. Whatever is still in the old
connection goes with it, so the next user reads the reply to their own
question.

This is how the incident of 20 March 2023 was repaired (redis-py, issues
2641 and 2665).

Instead of throwing it away, one can also check that the reply belongs to
whoever asked: then every message needs an id.
"""

from asyncio import CancelledError, Lock, Queue
from collections import defaultdict

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]
POOL = Lock()                               #@ lock POOL async
CONNECTION = Queue()                        #@ pipe CONNECTION


def reconnect():
    """The old connection is thrown away, and what is in it."""
    global CONNECTION
    CONNECTION = Queue()


async def respond(question, session):
    HISTORIES[session].append(question)     #@ append HISTORIES question
    history = list(HISTORIES[session])      #@ load HISTORIES
    async with POOL:                        #@ hold POOL
        CONNECTION.put_nowait(assistant(history)) #@ infer, write CONNECTION
        try:
            answer = await CONNECTION.get()  #@ read CONNECTION
        except CancelledError:              #@ cancelled
            reconnect()                     #@ drop CONNECTION
            raise
    HISTORIES[session].append(answer)       #@ append HISTORIES answer
    return answer                           #@ reply
