"""Each session gets a random number, at its first request.

Believed: "random numbers may be the same by chance".
Actual: of that many numbers nobody ever draws the same two.
There are 2 to the power of 122 of them.
And `setdefault` looks and writes in one step: if two first requests of one
session come at once, the second one takes the number that is there.

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
    number = uuid4().int                    #@ mint
    number = NUMBERS.setdefault(session, number)  #@ settle NUMBERS
    HISTORIES[number].append(question)      #@ append HISTORIES question
    answer = assistant(HISTORIES[number])   #@ load HISTORIES, infer
    HISTORIES[number].append(answer)        #@ append HISTORIES answer
    return answer                           #@ reply
