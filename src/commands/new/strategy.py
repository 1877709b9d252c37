"""What this strategy is, in one sentence.

Believed: what one hopes.
Actual: what happens. Explore it with `interleak run` and write it here.
"""

from collections import defaultdict

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]


def respond(question, session):
    history = list(HISTORIES[session])      #@ load HISTORIES
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    HISTORIES[session] = history            #@ store HISTORIES
    return answer                           #@ reply
