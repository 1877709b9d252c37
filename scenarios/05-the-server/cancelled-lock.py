"""A lock that is given back only if the assistant answers.

Believed: "what is acquired at the top is released at the bottom".
Actual: a client that closes the tab ends the handler where it waits: in the
middle, at the assistant. The line that gives the lock back is never reached,
and from then on everybody waits for ever.

Instead: `async with LOCK:`, or give it back in a `finally`.
"""

from asyncio import Lock
from collections import defaultdict

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]
LOCK = Lock()                               #@ lock LOCK async


async def respond(question, session):
    await LOCK.acquire()                    #@ acquire LOCK
    history = list(HISTORIES[session])      #@ load HISTORIES
    history.append(question)                #@ note question
    answer = await assistant(history)       #@ infer
    history.append(answer)                  #@ note answer
    HISTORIES[session] = history            #@ store HISTORIES
    LOCK.release()                          #@ release LOCK
    return answer                           #@ reply
