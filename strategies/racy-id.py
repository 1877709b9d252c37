"""Each session gets a number from a counter, at its first request.

Believed: "a counter never gives the same number twice".
Actual: reading it and writing it back are two steps. If two sessions come
for the first time at the same moment, both read the same number. From then
on they are one session, for good.

It needs bad luck just once. With no work between the two steps it was never
seen in 120 test runs, and it is possible all the same: only looking at
every order shows it.

Instead: draw a number that nobody else can have (uuid-id).
"""

from collections import defaultdict

NUMBERS = {}                                #@ shared NUMBERS[session]
COUNTER = [0]                               #@ shared COUNTER
HISTORIES = defaultdict(list)               #@ shared HISTORIES[id]


def respond(question, session):
    number = NUMBERS.get(session)           #@ take NUMBERS
    if number is None:                      #@ unless known
        number = COUNTER[0]                 #@ take COUNTER
        COUNTER[0] = number + 1             #@ put COUNTER next
        NUMBERS[session] = number           #@ put NUMBERS id
    history = list(HISTORIES[number])       #@ load HISTORIES
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    HISTORIES[number] = history             #@ store HISTORIES
    return answer                           #@ reply
