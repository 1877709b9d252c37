"""One connection to the store, lent to one request after the other.

Believed: "only one request has the connection at a time".
Actual: a cancelled request leaves its reply in the connection.
The lock is given back, the next user sends a question and reads the first
reply that comes: the one of the user before. From then on everybody is one
reply behind.

This is what happened to ChatGPT on 20 March 2023: titles of other people's
chats were shown, and for some also payment data (redis-py, issue 2624).

Nothing is wrong until somebody closes the tab at the wrong moment.

Instead: throw the connection away when a request is cancelled
(pooled-connection-dropped), or check whose reply it is.
"""

from asyncio import Lock, Queue
from collections import defaultdict

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]
POOL = Lock()                               #@ lock POOL async
CONNECTION = Queue()                        #@ pipe CONNECTION


async def respond(question, session):
    HISTORIES[session].append(question)     #@ append HISTORIES question
    history = list(HISTORIES[session])      #@ load HISTORIES
    async with POOL:                        #@ hold POOL
        # The store answers at once; the reply waits in the connection.
        CONNECTION.put_nowait(assistant(history)) #@ infer, write CONNECTION
        answer = await CONNECTION.get()     #@ read CONNECTION
    HISTORIES[session].append(answer)       #@ append HISTORIES answer
    return answer                           #@ reply
