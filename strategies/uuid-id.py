"""Each session gets a random number, at its first request.

Believed: "random numbers may be the same by chance".
Actual: of 2 to the power of 122 numbers nobody ever draws the same two.
No request has to look at what another one wrote to find its own number, so
there is nothing between two steps that could go wrong.

The number is also a secret: whoever knows it is that session. Do not show
it in a link.

Instead of a number for each session at its first request, the framework's
own session id does the same (session-map-append).
"""

from collections import defaultdict
from uuid import uuid4

NUMBERS = {}                                #@ shared NUMBERS[session]
HISTORIES = defaultdict(list)               #@ shared HISTORIES[id]


def respond(question, session):
    number = NUMBERS.get(session)           #@ take NUMBERS
    if number is None:                      #@ unless known
        number = uuid4().int                #@ mint
        NUMBERS[session] = number           #@ put NUMBERS id
    HISTORIES[number].append(question)      #@ append HISTORIES question
    answer = assistant(HISTORIES[number])   #@ load HISTORIES, infer
    HISTORIES[number].append(answer)        #@ append HISTORIES answer
    return answer                           #@ reply
